"""The words about members: what each act was, and what each refusal means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.labels.date_format import day
from registry.labels.masking import mask_email, mask_phone
from registry.labels.refusal_words import REFUSAL_MESSAGES, UNNAMED_REFUSAL
from registry.members.history import HistoryEntry
from registry.models import Invitation, Membership, MembershipClaim
from registry.models.applicant import AuthorityScope
from registry.rules.errors import FilingError
from registry.rules.members.events import MembershipAct
from registry.rules.workflow.states import Role

MEMBER_REFUSALS: Mapping[str, Promise] = {
    "not_this_role": gettext_lazy("Only an owner of the applicant may do this."),
    "owner_remains": gettext_lazy(
        "This is the last owner. Make another member an owner first, so that somebody can manage the members."
    ),
    "concerns_agent": gettext_lazy("Only agents have a letter of authority."),
    "concerns_no_agent": gettext_lazy(
        "An agent stays an editor. To make this account an owner, revoke the membership and invite it anew."
    ),
    "without_owner": gettext_lazy("The applicant has an owner by now. Ask the owner."),
    "offered_to_the_agent": gettext_lazy(
        "This mobile is your own. Ownership goes to the person in charge: an agent cannot take it. Give the mobile of "
        "the person in charge in the application."
    ),
    "already_member": gettext_lazy("This account acts for the applicant already."),
    "already_invited": gettext_lazy(
        "An invitation to this mobile or address waits for its answer. Withdraw it before you send another."
    ),
    "invitation_closed": gettext_lazy(
        "This invitation has been answered or withdrawn, or its 14 days have passed. Ask for a new one."
    ),
    "letter_already_expired": gettext_lazy(
        "The last day of the letter of authority has passed. Ask for a letter that is still valid."
    ),
    "already_claimed": gettext_lazy("You have asked already; the answer is still to come."),
    "head_claimed": gettext_lazy(
        "The filings under this number have been claimed. If you act for the same applicant, begin a filing with its "
        "document: its check page asks the owners or the office to take you in."
    ),
    "document_is_of_own_applicant": gettext_lazy(
        "Your account acts for an applicant with this document already. One document is one applicant, and filings "
        "of an earlier list cannot be joined to it yet. They stay in force as published; ask the provincial office "
        "about them."
    ),
    "document_registered": gettext_lazy(
        "The register has another applicant with the stated document, and one document is one applicant. "
        "The claim cannot be granted; decline it and say so."
    ),
    "head_of_another_document": gettext_lazy(
        "Another claim over these filings was granted, with another document. Decline this one and say so."
    ),
    "proof_missing": gettext_lazy("Upload every scan: they are what the office checks."),
    "second_side_missing": gettext_lazy(
        "The scan of the identity card shows one side. Choose a scan of the other side as well, "
        "or one file with both."
    ),
    "proof_unread": gettext_lazy(
        "A scan of the proof is still being read, which takes seconds. Look at it, then decide."
    ),
    "proof_lacking": gettext_lazy(
        "A scan of the proof could not be read; the claimant is asked for another. Until it is there the claim can be "
        "declined, and not granted."
    ),
    "takeover_by_two": gettext_lazy("A claim is granted by two officers: propose it."),
    "claim_decided": gettext_lazy("This request has been answered or withdrawn meanwhile."),
    "reason_missing": gettext_lazy("Give a reason; both sides read it."),
}


_OFFICE = gettext_lazy("The provincial office")
_ANOTHER_ACCOUNT = gettext_lazy("Another account")
# Acts of the office that owners may see in full: a revoked membership, and a granted claim.
_KNOWN_TO_OWNERS = frozenset({MembershipAct.REVOKED, MembershipAct.CLAIM_GRANTED})


def refusal_text(error: FilingError) -> str:
    """Why an act about members was refused, and what to do, in the active language."""
    known = MEMBER_REFUSALS.get(error.code) or REFUSAL_MESSAGES.get(error.code, UNNAMED_REFUSAL)
    return str(known)


def role_text(row: Membership | Invitation) -> str:
    """The role of a membership or invitation in words: owner, editor, or agent."""
    return _("Agent") if row.is_agent else str(row.get_role_display())


def recipient_text(invitation: Invitation) -> str:
    """The recipient of an invitation, masked."""
    if invitation.channel == Invitation.Channel.SMS:
        return mask_phone(invitation.recipient.removeprefix("+86"))
    return mask_email(invitation.recipient)


def history_line(entry: HistoryEntry) -> str:
    """An act's object and terms in one line: the member or recipient, role, letter, claim and reason."""
    facts = entry.facts
    parts: list[str] = []
    if entry.account is not None and entry.account != entry.actor:
        parts.append(entry.account.name)
    elif entry.account is None and entry.invitation is not None:
        parts.append(recipient_text(entry.invitation))
    if facts.scope:
        parts.append(_("Agent"))
        parts.append(str(AuthorityScope(facts.scope).label))
    elif facts.role:
        parts.append(str(Membership.MemberRole(facts.role).label))
    if facts.valid_until:
        parts.append(_("valid until %(day)s") % {"day": day(date.fromisoformat(facts.valid_until))})
    if facts.way:
        parts.append(str(MembershipClaim.Way(facts.way).label))
    if facts.outcome == MembershipClaim.Outcome.REPLACED:
        parts.append(str(MembershipClaim.Outcome.REPLACED.label))
    if facts.reason:
        parts.append(facts.reason)
    return " · ".join(parts)


def owners_view(entry: HistoryEntry) -> dict[str, str]:
    """Who acted, and on what, as owners may see it.

    Officers appear as the office. A claimant at the office stays unnamed unless the claim was granted.
    """
    claim = entry.claim
    by = entry.actor.name if entry.actor.acts_as is Role.APPLICANT else str(_OFFICE)
    if claim is None or claim.way != MembershipClaim.Way.OFFICE or entry.act in _KNOWN_TO_OWNERS:
        return {"by": by, "text": history_line(entry)}
    is_claimant = entry.actor.pk == claim.account_id
    return {"by": str(_ANOTHER_ACCOUNT) if is_claimant else by, "text": str(claim.get_way_display())}
