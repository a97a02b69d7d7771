"""Changes of a filing in force, or of the applicant in all its filings.

The draft starts from the materials in force. A change of the service cannot alter the applicant's part, nor a
change of the applicant a service. Each changed item has its own day, and the oldest decides whether the change
is late (Art. 11).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db import transaction

from applicants.amendments import amendment as amendments
from applicants.drafts import statement
from applicants.drafts.joint import lock_draft
from applicants.drafts.saves import count_save, is_stale, saved_meanwhile
from applicants.drafts.submission import STATEMENT_OUTDATED
from applicants.models import Draft
from registry import clock
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.applicants import is_established
from registry.book.in_force import (
    applicant_materials_in_force,
    base_of_applicant,
    base_of_filing,
    is_of_applicant,
    materials_in_force,
    with_applicant_part,
)
from registry.errors import MaterialsIncomplete, NotFound, OutOfDate, TransitionNotAllowed
from registry.lists import current_lists
from registry.models import Account, Applicant, Application, Filing
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
from registry.rules.particulars.completeness import Gap, Lists, canonical_materials, find_gaps
from registry.rules.particulars.materials import date_of, files_of
from registry.rules.workflow.date_rules import DateFinding, check_event_date
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Standing

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
# Answers that belong to the first filing, or follow from the applicant's document.
_NEVER_OPEN = frozenset({"service.service_started_on", "service.late_reason", "applicant.nature"})
# Submitted with a change, but not counted as changed items.
_ACCOMPANYING = frozenset({statement.SLOT, f"attachments.{_LETTER}", "applicant.filed_by_agent"})


@dataclass(frozen=True, slots=True)
class FilingChange:
    """The change that a draft holds: of one filing, or of the applicant when `filing` is None.

    `base` are the materials in force now; `is_superseded` is true when the draft began from older ones.
    `changed_on` holds the day of each changed item as typed, by key.
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
        """The number of filings in force that the approval will change."""
        if not self.is_of_applicant:
            return 1
        return Filing.objects.filter(applicant=self.applicant, standing=Standing.IN_FORCE.value).count()

    def steps(self, gaps: tuple[Gap, ...] = ()) -> tuple[str, ...]:
        """The steps of the wizard; sections outside the change only if something is missing in them."""
        wanted = {*_STEPS[self.kind], *(gap.key.split(".")[0] for gap in gaps)}
        forms = ("applicant", "person_in_charge", "service", "content", "attachments")
        return (*(step for step in forms if step in wanted), *_LAST_STEPS)

    def changed(self, materials: Mapping[str, Any]) -> tuple[str, ...]:
        """The keys of the items that differ from those in force, in the order of the forms."""
        found = changed_keys(self.base, materials)
        if not self.is_of_applicant:
            # The applicant may have changed since the draft was begun: no matter of this change.
            found = tuple(key for key in found if not is_of_applicant(key))
        return tuple(key for key in found if key not in _ACCOMPANYING)

    def details(self, materials: Mapping[str, Any]) -> dict[str, Any]:
        """The event's details: the day of each change, and the reason for lateness."""
        days = [{"key": key, "changed_on": self.changed_on.get(key, "")} for key in self.changed(materials)]
        reason = {"late_reason": self.late_reason.strip()} if self.late_reason.strip() else {}
        return {"changes": days, **reason}


@dataclass(frozen=True, slots=True)
class DayFault:
    """A fault in the day of one changed item."""

    key: str
    is_missing: bool
    is_future: bool = False


def change_of(draft: Draft) -> FilingChange | None:
    """The change that the draft holds; None for any other draft."""
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
        is_superseded=notes["base"]
        != (base_of_filing(filing) if filing else base_of_applicant(draft.applicant)),
        changed_on=dict(notes["changed_on"]),
        late_reason=str(notes["late_reason"]),
    )


def open_keys(
    draft: Draft,
    change: FilingChange,
    *,
    at: datetime,
    gaps: tuple[Gap, ...] | None = None,
    lists: Lists | None = None,
) -> frozenset[str]:
    """The keys of the particulars and slots that the change may alter, including any missing or wrong now."""
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
    """The finding of the date rule on the oldest day, and the filing deadline; None while a day is missing."""
    finding = check_event_date(change.kind, materials, change.details(materials), today, calendar)
    if finding.event_on is None:
        return finding, None
    try:
        return finding, change_due(finding.event_on, calendar)
    except CalendarOutOfRange:
        return finding, None


def _is_of(change: FilingChange, slot_name: str) -> bool:
    """Whether a slot belongs to the part being changed; the agent's letter belongs to both."""
    if slot_name == _LETTER:
        return True
    if f"attachments.{slot_name}" == statement.SLOT:
        return False
    return (slot_name in APPLICANT_SLOTS) == change.is_of_applicant


REASON_TOO_LONG = "text_too_long"


@dataclass(frozen=True, slots=True)
class DaysSave:
    """A submitted form of the changes page: the day of each changed item by key, and the reason for lateness."""

    changed_on: Mapping[str, str] = field(default_factory=dict)
    late_reason: str = ""
    version: int = 0
    window: str = ""
    is_autosave: bool = False


@transaction.atomic
def start_change(filing: Filing, *, account: Account, at: datetime) -> Draft:
    """The unsent change of this filing; creates one from the materials in force if there is none.

    Raises TransitionNotAllowed when the filing takes no change now.
    """
    filing = Filing.objects.select_for_update(no_key=True).select_related("applicant").get(pk=filing.pk)
    refuse_unless_in_force(filing)
    if _open_application(applicant_id=filing.applicant_id, filing_id=filing.pk) is not None:
        raise TransitionNotAllowed("no_other_open_application", act=Act.SUBMIT.value)
    existing = draft_of_change(applicant_id=filing.applicant_id, filing_id=filing.pk)
    if existing is not None:
        return existing
    materials = materials_in_force(filing)
    return _begin(
        Kind.CHANGE, filing.applicant, filing, base_of_filing(filing), materials, account=account, at=at
    )


@transaction.atomic
def start_applicant_change(applicant: Applicant, *, account: Account, at: datetime) -> Draft:
    """The unsent change of the applicant; creates one from the materials in force if there is none.

    Raises TransitionNotAllowed while no filing of the applicant is in force: a first filing then states the
    applicant's present particulars.
    """
    applicant = Applicant.objects.select_for_update(no_key=True).get(pk=applicant.pk)
    if not is_established(applicant):
        raise TransitionNotAllowed("filing_open_to_applications", act=Act.SUBMIT.value)
    if _open_application(applicant_id=applicant.pk, filing_id=None) is not None:
        raise TransitionNotAllowed("no_other_open_application", act=Act.SUBMIT.value)
    existing = draft_of_change(applicant_id=applicant.pk, filing_id=None)
    if existing is not None:
        return existing
    materials, base = applicant_materials_in_force(applicant), base_of_applicant(applicant)
    return _begin(Kind.APPLICANT_CHANGE, applicant, None, base, materials, account=account, at=at)


@transaction.atomic
def save_days(draft_id: uuid.UUID, save: DaysSave, *, at: datetime) -> Draft:
    """Saves the days of the changes and the reason for lateness.

    Raises OutOfDate("draft_saved_meanwhile") with `saved`, the stored notes, when another page has saved other
    notes since; NotFound for a draft that is no change.
    """
    draft = lock_draft(draft_id)
    _change(draft)
    notes = draft.notes
    candidate = {
        **notes,
        "changed_on": {**notes["changed_on"], **save.changed_on},
        "late_reason": save.late_reason,
    }
    stale = is_stale(draft, SECTION, version=save.version, window=save.window, is_autosave=save.is_autosave)
    if stale and (save.is_autosave or candidate != notes):
        raise saved_meanwhile(draft, SECTION, notes)
    draft.notes = candidate
    count_save(draft, SECTION, at=at, window=save.window)
    draft.save()
    return draft


@transaction.atomic
def submit_change(
    draft_id: uuid.UUID, *, account: Account, seen_version: int, declaration_accepted: bool, at: datetime
) -> Application:
    """Submits a change once; a repeated request gives the same application.

    Raises OutOfDate("draft_changed_since_check"), MaterialsIncomplete with the gaps, and TransitionNotAllowed
    when the lifecycle refuses or the statement has to be signed anew.
    """
    draft = lock_draft(draft_id, submitted_too=True)
    if draft.application_id is not None:
        return Application.objects.get(pk=draft.application_id)
    change = _change(draft)
    if draft.version != seen_version:
        raise OutOfDate("draft_changed_since_check", version=draft.version)
    today, lists = clock.china_date(at), current_lists()
    typed = clear_irrelevant(draft.materials)
    materials = amendments.keep_unchanged_answers(
        change, typed, canonical_materials(typed, today=today, lists=lists)
    )
    if not change.changed(materials):
        raise TransitionNotAllowed("materials_changed", act=Act.SUBMIT.value)
    if len(change.late_reason) > LONGEST_REASON:
        raise TransitionNotAllowed(REASON_TOO_LONG, act=Act.SUBMIT.value)
    gaps = find_gaps(materials, lists=lists, today=today)
    if gaps:
        raise MaterialsIncomplete("materials_incomplete", gaps=gaps)
    if statement.state_of(draft, at=at, gaps=gaps, lists=lists).is_outdated:
        raise TransitionNotAllowed(STATEMENT_OUTDATED, act=Act.SUBMIT.value)
    if not change.is_of_applicant:
        # As the applicant is now, whenever the draft was begun.
        materials = with_applicant_part(materials, applicant_materials_in_force(change.applicant))
    event = ledger.submit(
        change.kind,
        applicant_id=change.applicant.pk,
        filing_id=draft.filing_id,
        actor=Actor.of(account),
        request=Request(
            materials=materials,
            details=change.details(materials),
            declaration_accepted=declaration_accepted,
            idempotency_key=draft.submission_key,
        ),
        at=at,
    )
    application = Application.objects.get(events=event)
    draft.application_id = application.pk
    draft.save(update_fields=["application_id"])
    return application


def draft_of_change(*, applicant_id: uuid.UUID, filing_id: uuid.UUID | None) -> Draft | None:
    """The unsent change of a filing, or of the applicant when `filing_id` is None."""
    kind = Kind.CHANGE if filing_id is not None else Kind.APPLICANT_CHANGE
    return Draft.objects.filter(
        kind=kind.value,
        applicant=applicant_id,
        filing_id=filing_id,
        application_id__isnull=True,
        amends_application_id__isnull=True,
    ).first()


def refuse_unless_in_force(filing: Filing) -> None:
    """Raises TransitionNotAllowed for a filing that cannot be changed or cancelled now."""
    if filing.standing != Standing.IN_FORCE or filing.ends_on is not None:
        raise TransitionNotAllowed("filing_open_to_applications", act=Act.SUBMIT.value)


def _begin(
    kind: Kind,
    applicant: Applicant,
    filing: Filing | None,
    base: dict[str, Any] | None,
    materials: dict[str, Any],
    *,
    account: Account,
    at: datetime,
) -> Draft:
    draft = Draft(
        kind=kind.value,
        account=account,
        applicant=applicant,
        province_code=applicant.province_code,
        filing_id=filing.pk if filing is not None else None,
        created_at=at,
        saved_at=at,
    )
    draft.materials = materials
    draft.notes = {**draft.notes, "base": base}
    if files_of(materials, statement.SLOT):
        draft.printed_on_statement = statement.values_to_print(materials, at=at)
    draft.save(force_insert=True)
    return draft


def _open_application(*, applicant_id: uuid.UUID, filing_id: uuid.UUID | None) -> Application | None:
    found = Application.objects.filter(
        applicant=applicant_id, filing=filing_id, state__in=[state.value for state in OPEN_STATES]
    )
    return found.first()


def _change(draft: Draft) -> FilingChange:
    change = change_of(draft)
    if change is None:
        raise NotFound("draft_unknown", draft=str(draft.pk))
    return change
