"""Changes as they are read: what a draft changes of a filing in force, or of the applicant in all its filings.

The form opens with what is in force. A change of the service leaves the applicant alone, a change of the
applicant its services; each changed item carries its own day, and the oldest decides about lateness (Art. 11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from applicants.drafts.statement import statement
from applicants.models import Draft
from registry import clock
from registry.book.in_force import applicant_materials_in_force, filing_to_begin_from, materials_in_force
from registry.lists import current_lists
from registry.models import Applicant, Filing
from registry.rules.days.date_rules import DateFinding, find_date
from registry.rules.days.deadlines import Deadline, change_due
from registry.rules.days.working_days import Calendar
from registry.rules.errors import CalendarOutOfRange
from registry.rules.particulars import (
    APPLICANT_SECTIONS,
    APPLICANT_SLOTS,
    changed_keys,
    clear_irrelevant,
    particulars,
    slots,
)
from registry.rules.particulars.completeness import Gap, Lists, find_gaps
from registry.rules.particulars.materials import date_of
from registry.rules.workflow.states import Kind, Standing

SECTION = "changes"
LONGEST_REASON = 1000

_STEPS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.CHANGE: ("service", "content", "attachments"),
        Kind.APPLICANT_CHANGE: (*APPLICANT_SECTIONS, "attachments"),
    }
)
_LAST_STEPS = (SECTION, "statement", "check")
_LETTER = "letter_of_authority"
# What belongs to the first filing, and what follows from the applicant's document.
_NEVER_OPEN = frozenset({"service.service_started_on", "service.late_reason", "applicant.nature"})
# They accompany a change and are none themselves.
_ACCOMPANYING = frozenset({statement.SLOT, f"attachments.{_LETTER}", "applicant.filed_by_agent"})


@dataclass(frozen=True, slots=True)
class FilingChange:
    """What a draft changes: one filing, or with `filing` None the applicant in all of them.

    `base` is what is in force now, `is_superseded` whether the draft began from something older.
    `changed_on` holds the day of each changed item as it was typed, by its key.
    """

    kind: Kind
    applicant: Applicant
    filing: Filing | None
    base: dict[str, Any]
    is_superseded: bool
    changed_on: Mapping[str, str]
    late_reason: str

    @property
    def is_of_applicant(self) -> bool:
        return self.kind is Kind.APPLICANT_CHANGE

    @property
    def filing_count(self) -> int:
        """In how many filings in force the approval is recorded."""
        if not self.is_of_applicant:
            return 1
        return Filing.objects.filter(applicant=self.applicant, standing=Standing.IN_FORCE.value).count()

    def steps(self, gaps: tuple[Gap, ...] = ()) -> tuple[str, ...]:
        """The steps of the wizard; a section beside them only where something is missing in it."""
        wanted = {*_STEPS[self.kind], *(gap.key.split(".")[0] for gap in gaps)}
        forms = ("applicant", "person_in_charge", "service", "content", "attachments")
        return (*(step for step in forms if step in wanted), *_LAST_STEPS)

    def changed(self, materials: Mapping[str, Any]) -> tuple[str, ...]:
        """The keys of what differs from what is in force, in the order of the forms."""
        return tuple(key for key in changed_keys(self.base, materials) if key not in _ACCOMPANYING)

    def details(self, materials: Mapping[str, Any]) -> dict[str, Any]:
        """What the event keeps beside the materials: the day of each change, and why it comes late."""
        days = [{"key": key, "changed_on": self.changed_on.get(key, "")} for key in self.changed(materials)]
        reason = {"late_reason": self.late_reason.strip()} if self.late_reason.strip() else {}
        return {"changes": days, **reason}


@dataclass(frozen=True, slots=True)
class DayFault:
    """What is wrong with the day of one changed item."""

    key: str
    is_missing: bool
    is_future: bool = False


def change_of(draft: Draft) -> FilingChange | None:
    """What the draft changes; None for any other draft."""
    kind = Kind(draft.kind)
    if kind not in _STEPS or draft.is_amendment or draft.applicant is None:
        return None
    notes = draft.notes
    filing = Filing.objects.get(pk=draft.filing_id) if draft.filing_id is not None else None
    base = materials_in_force(filing) if filing else applicant_materials_in_force(draft.applicant)
    return FilingChange(
        kind=kind,
        applicant=draft.applicant,
        filing=filing,
        base=base,
        is_superseded=notes["base"] != base_of(filing or filing_to_begin_from(draft.applicant)),
        changed_on=dict(notes["changed_on"]),
        late_reason=str(notes["late_reason"]),
    )


def base_of(filing: Filing | None) -> dict[str, Any] | None:
    """Which revision is in force, as a draft remembers where it began."""
    if filing is None:
        return None
    return {
        "application_id": str(filing.in_force_application_id),
        "revision_number": filing.in_force_revision_number,
    }


def open_keys(
    draft: Draft,
    change: FilingChange,
    *,
    at: datetime,
    gaps: tuple[Gap, ...] | None = None,
    lists: Lists | None = None,
) -> frozenset[str]:
    """The particulars and slots that may be changed; beside them what is missing or wrong by now."""
    lists = current_lists() if lists is None else lists
    materials = draft.materials
    if gaps is None:
        gaps = find_gaps(clear_irrelevant(materials), lists=lists, today=clock.china_date(at))
    sections = APPLICANT_SECTIONS if change.is_of_applicant else ("service", "content")
    found = {each.key for each in particulars() if each.section in sections}
    found |= {slot.key for slot in slots() if _is_of(change, slot.name)}
    found -= _NEVER_OPEN
    found |= {".".join(gap.key.split(".")[:2]) for gap in gaps}
    if draft.printed_on_statement != statement.values_to_print(materials, at=at, lists=lists):
        found.add(statement.SLOT)
    return frozenset(found)


def day_faults(change: FilingChange, materials: Mapping[str, Any], *, today: date) -> list[DayFault]:
    """The changed items whose day is missing, no date, or still to come."""
    found = []
    for key in change.changed(materials):
        day = date_of(change.changed_on.get(key, ""))
        if day is None:
            found.append(DayFault(key, is_missing=not change.changed_on.get(key)))
        elif day > today:
            found.append(DayFault(key, is_missing=False, is_future=True))
    return found


def lateness(
    change: FilingChange, materials: Mapping[str, Any], *, today: date, calendar: Calendar
) -> tuple[DateFinding, Deadline | None]:
    """What the date rule says of the oldest day, and by when it was to be filed; None while days lack."""
    finding = find_date(change.kind, materials, change.details(materials), today, calendar)
    if finding.event_on is None:
        return finding, None
    try:
        return finding, change_due(finding.event_on, calendar)
    except CalendarOutOfRange:
        return finding, None


def _is_of(change: FilingChange, slot_name: str) -> bool:
    """Whether a slot speaks of what is being changed; the agent's letter goes with either."""
    if slot_name == _LETTER:
        return True
    if f"attachments.{slot_name}" == statement.SLOT:
        return False
    return (slot_name in APPLICANT_SLOTS) == change.is_of_applicant
