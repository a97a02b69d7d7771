"""The words of an office's own acts in the auditor's trail: what was done, about what, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from registry.labels.offices import office_name
from registry.labels.province_words import full_name
from registry.labels.states import label_of
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.office.proposals import ProposalState
from registry.rules.workflow.states import Role

OFFICE_ACTS: Mapping[OfficeAct, Promise] = {
    OfficeAct.ACCOUNT_OPENED: pgettext_lazy("act of an office", "Office account opened"),
    OfficeAct.ACCOUNT_MOVED: pgettext_lazy("act of an office", "Officer's role or province changed"),
    OfficeAct.ACCOUNT_CLOSED: pgettext_lazy("act of an office", "Office account closed"),
    OfficeAct.ACCOUNT_REOPENED: pgettext_lazy("act of an office", "Office account opened again"),
    OfficeAct.ACCOUNT_INVITED: pgettext_lazy("act of an office", "New link to the first password made"),
    OfficeAct.CASE_REASSIGNED: pgettext_lazy("act of an office", "Case reassigned"),
    OfficeAct.CLAIM_RELEASED: pgettext_lazy("act of an office", "Claim of a case released"),
    OfficeAct.CLAIM_EXPIRED: pgettext_lazy("act of an office", "Idle claim of a case ended"),
    OfficeAct.CLAIM_HANDED_OVER: pgettext_lazy("act of an office", "Case handed over"),
    OfficeAct.WORK_HANDED_OVER: pgettext_lazy("act of an office", "All cases of an officer handed over"),
    OfficeAct.CASE_ASSIGNED: pgettext_lazy("act of an office", "Case assigned with others"),
    OfficeAct.CASES_ASSIGNED: pgettext_lazy("act of an office", "Several cases assigned at once"),
    OfficeAct.LEAVE_ENTERED: pgettext_lazy("act of an office", "Leave of an officer entered"),
    OfficeAct.LEAVE_ENDED: pgettext_lazy("act of an office", "Leave of an officer ended"),
    OfficeAct.SIGNED_FORM_FILED: pgettext_lazy("act of an office", "Signed review form filed"),
    OfficeAct.ENTRY_ADDED: pgettext_lazy("act of an office", "Entry added to a list"),
    OfficeAct.ENTRY_REWORDED: pgettext_lazy("act of an office", "Entry of a list reworded"),
    OfficeAct.ENTRY_MOVED: pgettext_lazy("act of an office", "Entry of a list moved"),
    OfficeAct.ENTRY_RETIRED: pgettext_lazy("act of an office", "Entry of a list retired"),
    OfficeAct.ENTRY_RESTORED: pgettext_lazy("act of an office", "Entry of a list offered again"),
    OfficeAct.CHAIN_NAME_DECIDED: pgettext_lazy("act of an office", "Decided on a typed chain name"),
    OfficeAct.ANNOUNCEMENT_SAVED: pgettext_lazy("act of an office", "Standing text of announcements saved"),
    OfficeAct.ARTICLE_DRAFTED: pgettext_lazy("act of an office", "Article drafted"),
    OfficeAct.ARTICLE_PUBLISHED: pgettext_lazy("act of an office", "Article published"),
    OfficeAct.ARTICLE_WITHDRAWN: pgettext_lazy("act of an office", "Article withdrawn"),
    OfficeAct.CHANGE_PROPOSED: pgettext_lazy("act of an office", "Change proposed"),
    OfficeAct.CHANGE_CONFIRMED: pgettext_lazy("act of an office", "Proposed change confirmed"),
    OfficeAct.CHANGE_DECLINED: pgettext_lazy("act of an office", "Proposed change declined"),
    OfficeAct.CHANGE_WITHDRAWN: pgettext_lazy("act of an office", "Proposed change withdrawn"),
    OfficeAct.TAKEOVER_CONFIRMED: pgettext_lazy("act of an office", "Takeover confirmed, owners told"),
    OfficeAct.TAKEOVER_URGED: pgettext_lazy("act of an office", "Takeover put in effect as urgent"),
    OfficeAct.TAKEOVER_OBJECTED: pgettext_lazy("act of an office", "Owner objected to a takeover"),
    OfficeAct.TAKEOVER_UPHELD: pgettext_lazy(
        "act of an office", "Takeover carried through over an objection"
    ),
    OfficeAct.TAKEOVER_EFFECTED: pgettext_lazy("act of an office", "Takeover in effect"),
    OfficeAct.TAKEOVER_LAPSED: pgettext_lazy("act of an office", "Takeover lapsed, its claim was closed"),
}

OFFICE_SUBJECTS: Mapping[OfficeSubject, Promise] = {
    OfficeSubject.ACCOUNT: pgettext_lazy("subject of an act", "account"),
    OfficeSubject.CASE: pgettext_lazy("subject of an act", "case"),
    OfficeSubject.LIST_ENTRY: pgettext_lazy("subject of an act", "entry of a list"),
    OfficeSubject.CHAIN_NAME: pgettext_lazy("subject of an act", "typed chain name"),
    OfficeSubject.ANNOUNCEMENT_TEXT: pgettext_lazy("subject of an act", "text of announcements"),
    OfficeSubject.ARTICLE: pgettext_lazy("subject of an act", "article"),
    OfficeSubject.NOTICE_TEXT: pgettext_lazy("subject of an act", "text of a notice"),
    OfficeSubject.CALENDAR: pgettext_lazy("subject of an act", "working-day calendar"),
    OfficeSubject.TAKEOVER: pgettext_lazy("subject of an act", "claim to an applicant"),
    OfficeSubject.PAPER_SETTINGS: pgettext_lazy("subject of an act", "papers of an office"),
}

# What an act changed, by the name that its event has for it.
CHANGED: Mapping[str, Promise] = {
    "role": pgettext_lazy("what an act changed", "role"),
    "province_code": pgettext_lazy("what an act changed", "province"),
    "is_active": pgettext_lazy("what an act changed", "in use"),
    "officer": pgettext_lazy("what an act changed", "officer"),
    "substitute": pgettext_lazy("what an act changed", "who stands in"),
    "first_on": pgettext_lazy("what an act changed", "first day of leave"),
    "last_on": pgettext_lazy("what an act changed", "last day of leave"),
    "assigned": pgettext_lazy("what an act changed", "assigned cases"),
    "handed_over": pgettext_lazy("what an act changed", "handed over"),
    "not_handed_over": pgettext_lazy("what an act changed", "not handed over"),
    "name_zh": pgettext_lazy("what an act changed", "name in Chinese"),
    "name_en": pgettext_lazy("what an act changed", "name in English"),
    "kind": pgettext_lazy("what an act changed", "kind"),
    "article": pgettext_lazy("what an act changed", "article"),
    "places": pgettext_lazy("what an act changed", "where it may be pinned"),
    "remedy_zh": pgettext_lazy("what an act changed", "what to do, in Chinese"),
    "remedy_en": pgettext_lazy("what an act changed", "what to do, in English"),
    "position": pgettext_lazy("what an act changed", "place in the list"),
    "decision": pgettext_lazy("what an act changed", "decision"),
    "code": pgettext_lazy("what an act changed", "code"),
    "version": pgettext_lazy("what an act changed", "version"),
    "is_shipped": pgettext_lazy("what an act changed", "the shipped text"),
    "title": pgettext_lazy("what an act changed", "title"),
    "public_from": pgettext_lazy("what an act changed", "public from"),
    "subject": pgettext_lazy("what an act changed", "subject line"),
    "body": pgettext_lazy("what an act changed", "text"),
    "sms": pgettext_lazy("what an act changed", "text message"),
    "calendar_version": pgettext_lazy("what an act changed", "calendar"),
    "members": pgettext_lazy("what an act changed", "members of the applicant"),
    "outcome": pgettext_lazy("what an act changed", "how the claim is granted"),
    "office_name": pgettext_lazy("what an act changed", "full name of the office"),
    "mark_receipt": pgettext_lazy("what an act changed", "characters of receipts"),
    "mark_request": pgettext_lazy("what an act changed", "characters of requests to correct"),
    "mark_decision": pgettext_lazy("what an act changed", "characters of decisions"),
    "mark_striking_off": pgettext_lazy("what an act changed", "characters of strikings off"),
    "mark_consultation": pgettext_lazy("what an act changed", "characters of letters to other bodies"),
    "reconsideration_body": pgettext_lazy("what an act changed", "body for reconsideration"),
    "court": pgettext_lazy("what an act changed", "court"),
    "needs_signed_form": pgettext_lazy("what an act changed", "signed review form required"),
    "office_code": pgettext_lazy("what an act changed", "office"),
    "signer_title": pgettext_lazy("what an act changed", "office title of who signed"),
    "signer_name": pgettext_lazy("what an act changed", "name of who signed"),
    "signed_on": pgettext_lazy("what an act changed", "signed on"),
    "revision_number": pgettext_lazy("what an act changed", "version of the materials"),
    "scan_sha256": pgettext_lazy("what an act changed", "SHA-256 of the scan as sent"),
    "moved_count": pgettext_lazy("what an act changed", "deadlines that move"),
}
PROPOSAL_STATES: Mapping[ProposalState, Promise] = {
    ProposalState.PROPOSED: pgettext_lazy("state of a proposal", "Proposed"),
    ProposalState.WAITING: pgettext_lazy("state of a proposal", "Confirmed; the owners may object"),
    ProposalState.OBJECTED: pgettext_lazy("state of a proposal", "An owner has objected"),
    ProposalState.CONFIRMED: pgettext_lazy("state of a proposal", "Confirmed"),
    ProposalState.DECLINED: pgettext_lazy("state of a proposal", "Declined"),
    ProposalState.WITHDRAWN: pgettext_lazy("state of a proposal", "Withdrawn"),
}
PROPOSAL_REFUSALS: Mapping[str, Promise] = {
    "not_in_this_state": gettext_lazy(
        "Somebody has decided on this proposal meanwhile. Nothing was changed."
    ),
    "may_propose_this": gettext_lazy("Your role does not propose this."),
    "may_confirm_this": gettext_lazy("Your role does not decide on this."),
    "only_proposal": gettext_lazy(
        "A change of this is proposed already. It has to be confirmed, declined or withdrawn first."
    ),
    "second_officer": gettext_lazy("You made this proposal. Another person has to look at it."),
    "own_proposal": gettext_lazy("Only the officer who made a proposal can withdraw it."),
    "effect_as_seen": gettext_lazy(
        "Something has changed since the page was shown. Nothing was put in force; this is the effect now."
    ),
    "not_this_role": gettext_lazy("Your role does not decide on this."),
    "takeover_proof_seen": gettext_lazy("Tick each scan of the proof once you have looked at it."),
    "takeover_owners_to_hear": gettext_lazy("There is no owner to hear: confirm it without waiting."),
    "takeover_without_hearing": gettext_lazy("The applicant has owners by now: they have to be heard first."),
    "takeover_days_over": gettext_lazy("The owners may still object."),
    "takeover_claim_closed": gettext_lazy("The claim is not closed."),
    "proposal_reason_given": gettext_lazy("Say why in at least a sentence. The reason stays with the act."),
}
_NOTHING = "—"
_TAKEOVERS: Mapping[str, Promise] = {
    "joined": gettext_lazy("an owner beside the members"),
    "replaced": gettext_lazy("in place of the members"),
}
_DECISIONS: Mapping[str, Promise] = {
    "adopt": gettext_lazy("taken into the list"),
    "join": gettext_lazy("counted under an entry"),
    "refuse": gettext_lazy("not taken into the list"),
}
_WORDS: Mapping[str, Callable[[Any], str]] = {
    "role": lambda value: str(label_of(Role(value))),
    "province_code": full_name,
    "office_code": office_name,
    "outcome": lambda value: str(_TAKEOVERS.get(value, value)),
    "decision": lambda value: str(_DECISIONS.get(value, value)),
    # Counted from nought where it is kept.
    "position": lambda value: str(int(value) + 1),
}


def value_words(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value that an act changed, in words; `names` are those of officers by the id of their account."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return _NOTHING
    if isinstance(value, list):
        return pgettext("between the items of a list", ", ").join(str(each) for each in value)
    if name in ("officer", "substitute"):
        return names.get(str(value), str(value))
    return _WORDS.get(name, str)(value)
