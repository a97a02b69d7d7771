"""The automatic checks of a case with their results: the rules of the forms, applied again today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.documents import statement_code
from registry.labels.particulars import gap_message
from registry.lists import current_lists
from registry.models import Application
from registry.presentation.contradictions import PresentedContradiction
from registry.rules.codes.jurisdictions import is_registrable
from registry.rules.particulars import cancellation
from registry.rules.particulars.applicant import DEVIATING_CREDIT_CODE
from registry.rules.particulars.completeness import find_gaps
from registry.rules.particulars.consistency.signatures import has_unreadable_signature, printed_codes
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import digest_of, files_of, is_given, value_of
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Kind
from review.case.likeness import Likeness

GOOD, WARNING, BAD = "good", "warning", "bad"
CONTRADICTIONS = "contradictions"


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its result: good, warning or bad, and a text.

    `key` is the row it is about, `place` another part of the page.
    """

    label: Promise | str
    tone: str
    text: str = ""
    key: str = ""
    place: str = ""

    @property
    def anchor(self) -> str:
        """The id of the element the check is about; empty if there is none."""
        return f"row-{self.key}" if self.key else self.place


# Each check: its label, and the particulars whose gaps it covers. Shown if one of them was given.
_BY_GAPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (
        gettext_lazy("Document number of the applicant is well formed"),
        ("applicant.document_type", "applicant.document_number"),
    ),
    (
        gettext_lazy("Document number of the person in charge is well formed"),
        ("person_in_charge.document_type", "person_in_charge.document_number"),
    ),
    (
        gettext_lazy("Mobile, office phone and e-mail address are well formed"),
        ("person_in_charge.mobile", "person_in_charge.office_phone", "person_in_charge.email"),
    ),
    (gettext_lazy("Web addresses and ICP numbers are well formed"), ("service.websites",)),
    (gettext_lazy("Address of the published rules is well formed"), ("service.published_rules_url",)),
    (gettext_lazy("Server addresses are well formed"), ("service.server_addresses",)),
    (
        gettext_lazy("Start of the service lies on or before the day of filing"),
        ("service.service_started_on",),
    ),
    (gettext_lazy("Letter of authority is still in force"), ("applicant.authority_expires_on",)),
    (gettext_lazy("Nodes agree with their places"), ("service.node_count", "service.node_places")),
    (gettext_lazy("Chain kind agrees with the main chains"), ("service.chain_kind",)),
    (gettext_lazy("Logs are kept at least six months (Art. 17)"), ("service.log_retention_months",)),
)


def checks_of(
    application: Application,
    materials: Mapping[str, Any],
    *,
    today: date,
    before: Mapping[str, Any] | None = None,
    in_force: Mapping[str, Any] | None = None,
    likenesses: Sequence[Likeness] = (),
    submitted: Mapping[str, Any] | None = None,
    contradictions: Sequence[PresentedContradiction] = (),
    decision_late_by: int = 0,
) -> list[Check]:
    """All automatic checks of the case as of today, failed ones first.

    `before` are the materials of an earlier revision: a statement signed for them may not cover the present ones.
    `submitted` is the latest revision, for which its statement was signed, where the applicant has changed since.
    `in_force` are those that a change would replace: of the applicant, their scans do not prove what it changes.
    `decision_late_by` counts the working days by which the office is late, 0 in time.
    `contradictions` are what the page shows as not going together: none of it has passed a check.
    """
    replaced = in_force if application.kind == Kind.APPLICANT_CHANGE else None
    kind = Kind(application.kind)
    gaps = [
        gap
        for gap in find_gaps(
            materials, lists=current_lists(), today=today, before=replaced, filed=lambda: materials
        )
        # A cancellation repeats the materials in force, which are not checked again.
        if kind is not Kind.CANCELLATION and is_about(kind, gap.key)
    ]
    checks = [
        _lateness(application),
        *_decision(decision_late_by),
        _statement(application, submitted or materials, before),
        _division(materials, today),
        *_deviation(materials),
    ]
    answered_for: set[str] = set()
    for label, keys in _BY_GAPS:
        answered_for.update(keys)
        given = [key for key in keys if is_about(kind, key) and is_given(value_of(materials, key))]
        if given:
            found = [gap for gap in gaps if gap.particular_key in keys]
            checks.append(_from_gaps(label, found, given[-1]))
    rest = [gap for gap in gaps if gap.particular_key not in answered_for | _STATED_BY_NAME]
    checks.append(_from_gaps(_("Nothing else is missing by today's rules"), rest, ""))
    checks.append(_no_likeness(likenesses))
    if kind is not Kind.CANCELLATION:
        checks.append(_no_contradiction(contradictions))
    order = {BAD: 0, WARNING: 1, GOOD: 2}
    return sorted(checks, key=lambda check: order[check.tone])


# Where an application gives its reason, among the rows of its page.
_LATE_REASONS = {Kind.INITIAL: "service.late_reason", Kind.CANCELLATION: cancellation.LATE_REASON}
_STATEMENT = "attachments.authenticity_statement"
_DIVISION = "applicant.division_code"
_STATED_BY_NAME = frozenset({_STATEMENT, _DIVISION})


def _from_gaps(label: Promise | str, gaps: Iterable[Gap], key: str) -> Check:
    found = list(gaps)
    if not found:
        return Check(label, GOOD, key=key)
    return Check(label, BAD, " ".join(gap_message(gap) for gap in found), found[0].particular_key)


def _lateness(application: Application) -> Check:
    """The applicant's own period, as the submission closed it (Art. 11, 22)."""
    label = _("Filed within the applicant's period")
    if not application.late_by_working_days:
        return Check(label, GOOD)
    text = ngettext(
        "Late by %(count)s working day; the reason is in the materials.",
        "Late by %(count)s working days; the reason is in the materials.",
        application.late_by_working_days,
    ) % {"count": application.late_by_working_days}
    return Check(label, WARNING, text, _LATE_REASONS.get(Kind(application.kind), ""))


def _decision(late_by: int) -> Iterator[Check]:
    """That the office itself is late (Art. 12): nothing stands as if all were well beside it."""
    if late_by:
        text = ngettext(
            "The decision is late by %(count)s working day.",
            "The decision is late by %(count)s working days.",
            late_by,
        ) % {"count": late_by}
        yield Check(_("Decided within 20 working days"), WARNING, text, place="deadline")


def _statement(
    application: Application, materials: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Check:
    """Checks that the statement is attached and was signed for the present particulars."""
    label = _("Signed authenticity statement is attached and fits these particulars")
    files = _digests(materials)
    if not files:
        return Check(label, BAD, _("No statement is attached."), _STATEMENT)
    if application.together_id is not None:
        # A joint statement prints the values of all services: it cannot be compared with one of them.
        return _unreadable(label, materials) or Check(label, GOOD, key=_STATEMENT)
    code = statement_code(materials)
    if before is not None and files == _digests(before) and statement_code(before) != code:
        text = _("The scan is that of an earlier version, whose printed particulars were others.")
        return Check(label, WARNING, text, _STATEMENT)
    printed = printed_codes(materials)
    if printed and code not in printed:
        # One that was signed for several services, of which this is one, has a code of its own.
        text = _(
            "The signed PDF bears the check code %(found)s, these particulars %(code)s: compare what it prints."
        )
        return Check(label, WARNING, text % {"found": ", ".join(sorted(printed)), "code": code}, _STATEMENT)
    if unreadable := _unreadable(label, materials):
        return unreadable
    if printed:
        text = _("The signed PDF bears the check code %(code)s of these particulars.")
        return Check(label, GOOD, text % {"code": code}, _STATEMENT)
    text = _("The check code printed on the scan has to be %(code)s.") % {"code": code}
    return Check(label, GOOD, text, _STATEMENT)


def _unreadable(label: str, materials: Mapping[str, Any]) -> Check | None:
    """The question that a signature puts to the reviewer which the portal cannot read."""
    if not has_unreadable_signature(materials):
        return None
    text = _("Its electronic signature is not readable here: is it the applicant's, and is nothing changed?")
    return Check(label, WARNING, text, _STATEMENT)


def _digests(materials: Mapping[str, Any]) -> list[str]:
    return [digest_of(file) for file in files_of(materials, _STATEMENT)]


def _deviation(materials: Mapping[str, Any]) -> Iterator[Check]:
    """The deviation that an organisation declares in its credit code: only the licence can show that it is so."""
    if value_of(materials, "applicant.document_type") == DEVIATING_CREDIT_CODE:
        label = _("The check character of the credit code deviates, as the applicant declares")
        text = _("Compare the code with the licence, character by character.")
        yield Check(label, WARNING, text, "applicant.document_number")


def _division(materials: Mapping[str, Any], today: date) -> Check:
    label = _("Place of registration is in force")
    code = str(value_of(materials, _DIVISION) or "")
    if is_registrable(code, today):
        return Check(label, GOOD, key=_DIVISION)
    text = _("%(code)s is not in force today: no number could be issued with it.") % {"code": code}
    return Check(label, BAD, text, _DIVISION)


def _no_contradiction(contradictions: Sequence[PresentedContradiction]) -> Check:
    """Errors have failed; a question is for the officer to weigh, whether or not it is answered."""
    label = _("What is stated goes together")
    if not contradictions:
        return Check(label, GOOD, _("No contradiction found."))
    errors = sum(each.is_error for each in contradictions)
    if errors:
        text = ngettext("%(count)s contradiction.", "%(count)s contradictions.", errors)
        return Check(label, BAD, text % {"count": errors}, place=CONTRADICTIONS)
    answered = sum(bool(each.answer) for each in contradictions)
    text = ngettext(
        "%(count)s question was asked, %(answered)s answered: weigh the answer.",
        "%(count)s questions were asked, %(answered)s answered: weigh the answers.",
        len(contradictions),
    )
    return Check(
        label, WARNING, text % {"count": len(contradictions), "answered": answered}, place=CONTRADICTIONS
    )


def _no_likeness(likenesses: Sequence[Likeness]) -> Check:
    label = _("Likely duplicates under other applicants")
    if not likenesses:
        return Check(label, GOOD, _("None found."))
    text = ngettext(
        "%(count)s filing of another applicant is like this one.",
        "%(count)s filings of other applicants are like this one.",
        len(likenesses),
    ) % {"count": len(likenesses)}
    return Check(label, WARNING, text, place="likenesses")
