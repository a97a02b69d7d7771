"""Amendments as they are read: what a draft mends, what of it is open, and what stays as it was.

After a rejection only what the reasons name reopens; a supplement opens the sections that were chosen. Beside
that stands open what the changes themselves ask for, so that no amendment ends in a field that is locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from applicants.drafts.statement import statement
from applicants.models import Draft
from registry import clock
from registry.book import examination as findings
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.lists import current_lists
from registry.models import Application
from registry.rules.days.deadlines import Deadline, resubmission_due
from registry.rules.particulars import Particular, Slot, changed_keys, clear_irrelevant, particulars, slots
from registry.rules.particulars.completeness import Gap, Lists, find_gaps
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.lifecycle import transitions_from
from registry.rules.workflow.states import Act, State

SECTION = "amendment"
SECTIONS_TO_OPEN = ("applicant", "person_in_charge", "service", "content", "attachments")
LONGEST_TEXT = 2000

_STARTED_ON, _LATE_REASON = "service.service_started_on", "service.late_reason"


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a draft amends: the application, the act it would be sent with, and where it began.

    `act` is None while the application takes neither a resubmission nor a supplement. `reasons` are those
    that wait for an answer; `ends_on` is the last day for sending it again.
    """

    application: Application
    act: Act | None
    base: dict[str, Any]
    reasons: tuple[dict[str, Any], ...]
    opened: tuple[str, ...]
    answers: dict[str, str]
    explanation: str
    ends_on: date | None

    @property
    def is_resubmission(self) -> bool:
        return self.act is Act.RESUBMIT

    @property
    def named_keys(self) -> frozenset[str]:
        """The rows that the reasons name: for a field of a group that of the group."""
        return frozenset(row_key(str(reason.get("key", WHOLE))) for reason in self.reasons)

    def unanswered(self) -> list[dict[str, Any]]:
        """The reasons that have no answer yet."""
        return [reason for reason in self.reasons if not self.answers.get(str(reason["id"]), "").strip()]

    @property
    def is_provisional(self) -> bool:
        """Whether the last day for sending it again may still move."""
        due = _resubmission_due(self.application)
        return due is not None and due.provisional

    def is_over(self, today: date) -> bool:
        """Whether the period for submitting again has passed."""
        return self.ends_on is not None and today > self.ends_on


def row_key(key: str) -> str:
    """The key of the row a reason belongs to: that of the group for a field in its rows."""
    return ".".join(key.split(".")[:2])


def act_for(state: str) -> Act | None:
    """The act that brings new materials to an application in this state."""
    acts = (Act.RESUBMIT, Act.SUPPLEMENT)
    return next((act for act in acts if transitions_from(State(state), act=act)), None)


def ends_on(application: Application) -> date | None:
    """The last day on which a rejected application can be submitted again."""
    due = _resubmission_due(application)
    return due.due_on if due is not None else None


def _resubmission_due(application: Application) -> Deadline | None:
    if application.state != State.REJECTED or application.decided_at is None:
        return None
    return resubmission_due(clock.china_date(application.decided_at), current_calendar())


def amendment_of(draft: Draft) -> Amendment | None:
    """What the draft amends; None for the draft of a first submission."""
    if draft.amends_application_id is None:
        return None
    application = Application.objects.select_related("filing").get(pk=draft.amends_application_id)
    act = act_for(application.state)
    notes = draft.notes
    return Amendment(
        application=application,
        act=act,
        base=materials_of(get_revision(application.pk, draft.base_revision_number or 0)),
        reasons=tuple(findings.latest_reasons(application)) if act is Act.RESUBMIT else (),
        opened=tuple(notes["opened"]),
        answers=dict(notes["answers"]),
        explanation=str(notes["explanation"]),
        ends_on=ends_on(application),
    )


def open_draft(application: Application) -> Draft | None:
    """The amendment of an application that is begun and not sent."""
    return Draft.objects.filter(amends_application_id=application.pk, application_id__isnull=True).first()


def open_keys(
    draft: Draft,
    amendment: Amendment,
    *,
    at: datetime,
    gaps: tuple[Gap, ...] | None = None,
    lists: Lists | None = None,
) -> frozenset[str]:
    """The particulars and slots that may be changed; all others show what the office has.

    Open is what a reason names, what lies in an opened section, what was not asked before, what is
    missing or wrong now, and what was changed already. `gaps` and `lists` spare finding them again.
    """
    lists = current_lists() if lists is None else lists
    materials = draft.materials
    if gaps is None:
        gaps = find_gaps(clear_irrelevant(materials), lists=lists, today=clock.china_date(at))
    named = amendment.named_keys
    found = {*named, *(row_key(gap.key) for gap in gaps), *changed_keys(amendment.base, materials)}
    everything: tuple[Particular | Slot, ...] = (*particulars(), *slots())
    for each in everything:
        if WHOLE in named or each.section in amendment.opened or not each.applies(amendment.base):
            found.add(each.key)
    if _STARTED_ON in found:
        found.add(_LATE_REASON)
    if draft.printed_on_statement != statement.values_to_print(materials, at=at, lists=lists):
        found.add(statement.SLOT)
    return frozenset(found - {WHOLE})


class BegunFrom(Protocol):
    """What began from materials that the office has."""

    @property
    def base(self) -> dict[str, Any]: ...


def materials_to_send(
    begun: BegunFrom, typed: Mapping[str, Any], canonical: dict[str, Any]
) -> dict[str, Any]:
    """The canonical materials of an amendment or a change, what was left alone exactly as the office has it.

    `typed` are the answers as they were typed, without what is irrelevant.
    """
    changed = set(changed_keys(begun.base, typed))
    for particular in particulars():
        kept = begun.base[particular.section].get(particular.name)
        if particular.key not in changed and particular.name in canonical[particular.section]:
            canonical[particular.section][particular.name] = kept
    return canonical
