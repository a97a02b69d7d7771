"""Changes of a filing in force, or of the applicant in all its filings.

The draft starts from the materials in force. A change of the service cannot alter the applicant's part, nor a
change of the applicant a service. Each changed item has its own day, and the oldest decides whether the change
is late (Art. 11).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise

from applicants import words
from applicants.drafts import statement
from applicants.drafts.first_filing import START_OUT_OF_RANGE
from applicants.drafts.matter import Matter
from applicants.drafts.prepared import Prepared
from applicants.drafts.register_facts import state_who_acts
from applicants.drafts.steps import FORM_SECTIONS, Point, row_key, step_url
from applicants.models import Draft
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.applicants import is_established
from registry.book.in_force import (
    applicant_materials_in_force,
    base_of_applicant,
    base_of_filing,
    known_materials,
    materials_in_force,
    with_applicant_part,
)
from registry.book.letters import with_agent_of
from registry.documents.statement import StatedChange, concerned_filings
from registry.errors import TransitionNotAllowed
from registry.labels import particulars as particular_words
from registry.models import Account, Applicant, Application, Filing
from registry.notices.subject import live_filings
from registry.rules.days.deadlines import Deadline, change_due
from registry.rules.days.working_days import Calendar
from registry.rules.errors import CalendarOutOfRange
from registry.rules.particulars import (
    APPLICANT_SECTIONS,
    APPLICANT_SLOTS,
    changed_keys,
    find_particular,
    is_of_applicant,
    is_particular,
    particulars,
    slots,
)
from registry.rules.particulars.applicant import ABOUT_THE_AGENT
from registry.rules.particulars.completeness import Lists
from registry.rules.particulars.consistency.changes import change_follows_the_start_of_the_service
from registry.rules.particulars.consistency.definitions import Contradiction, Stated
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import Materials, date_of, files_of
from registry.rules.workflow.date_rules import DateFinding, check_event_date
from registry.rules.workflow.events import Base
from registry.rules.workflow.states import OPEN_STATES, Act, Kind, Standing

LONGEST_REASON = 1000
REASON_TOO_LONG = "text_too_long"

_SECTIONS: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {Kind.CHANGE: ("service", "content"), Kind.APPLICANT_CHANGE: APPLICANT_SECTIONS}
)
_LETTER = "letter_of_authority"
# Answers that belong to the first filing, or follow from the applicant's document.
_NEVER_OPEN = frozenset({"service.service_started_on", "service.late_reason", "applicant.nature"})
# Submitted with a change, but not counted as changed items.
_ACCOMPANYING = frozenset({statement.SLOT, f"attachments.{_LETTER}", *ABOUT_THE_AGENT})


@dataclass(frozen=True, slots=True)
class DayFault:
    """A fault in the day of one changed item."""

    key: str
    is_missing: bool
    is_future: bool = False


class FilingChange(Matter):
    """The change of one filing, or of the applicant in all its filings."""

    own_step = "changes"
    texts = words.CHANGE
    top = "applicants/changes/includes/change_top.html"
    has_top_on_forms = True
    locked_note = "applicants/changes/includes/locked_note.html"

    @classmethod
    def holds(cls, draft: Draft) -> bool:
        return draft.amends_application_id is None and draft.kind in _SECTIONS and not is_supply(draft)

    @property
    def kind(self) -> Kind:
        return Kind(self.draft.kind)

    @property
    def is_of_applicant(self) -> bool:
        return self.kind is Kind.APPLICANT_CHANGE

    @property
    def applicant(self) -> Applicant:
        applicant: Applicant = self.draft.applicant  # type: ignore[assignment]  # A change is always of one.
        return applicant

    @cached_property
    def filing(self) -> Filing | None:
        """The filing to be changed; None for a change of the applicant."""
        return Filing.objects.get(pk=self.draft.filing_id) if self.draft.filing_id is not None else None

    @cached_property
    def base(self) -> dict[str, Any]:
        """The materials in force now, whenever the draft was begun; filed by whoever files the change."""
        if self.filing is not None:
            in_force = materials_in_force(self.filing)
        else:
            in_force = applicant_materials_in_force(self.applicant)
        return with_agent_of(in_force, self.draft.materials)

    @property
    def versions(self) -> tuple[Materials, ...]:
        """What is in force; a change of the service cannot alter the applicant, whose part is taken as it is."""
        if self.is_of_applicant:
            return (self.base,)
        return (with_applicant_part(self.base, self.draft.materials),)

    @property
    def is_superseded(self) -> bool:
        """Whether the draft began from materials that are no longer in force."""
        now = base_of_filing(self.filing) if self.filing is not None else base_of_applicant(self.applicant)
        return Base.of(self.draft.notes) != now

    @property
    def changed_on(self) -> dict[str, str]:
        """The day of each changed item as typed, by key."""
        return dict(self.draft.notes["changed_on"])

    @property
    def late_reason(self) -> str:
        return str(self.draft.notes["late_reason"])

    @property
    def title(self) -> str:
        return self.applicant.name if self.is_of_applicant else super().title

    @property
    def filing_count(self) -> int:
        """The number of filings that the approval of a change of the applicant will touch, pending ones included."""
        return live_filings(self.applicant.pk).count()

    @property
    def unnumbered_count(self) -> int:
        """How many of them have no number yet."""
        return live_filings(self.applicant.pk).filter(number__isnull=True).count()

    def steps(self, gaps: tuple[Gap, ...]) -> tuple[str, ...]:
        """Sections outside the change only if something is missing in them."""
        wanted = {*_SECTIONS[self.kind], "attachments", *(gap.key.split(".")[0] for gap in gaps)}
        forms = (step for step in (*FORM_SECTIONS, "attachments") if step in wanted)
        return (*forms, self.own_step, "statement", "check")

    def open_keys(self, prepared: Prepared) -> frozenset[str]:
        """The part that is changed, and what is missing or wrong now."""
        found = {each.key for each in particulars() if each.section in _SECTIONS[self.kind]}
        found |= {slot.key for slot in slots() if self._has_slot(slot.name)}
        found -= _NEVER_OPEN
        found |= {row_key(gap.key) for gap in prepared.gaps}
        if self.draft.printed_on_statement != prepared.printed:
            found.add(statement.SLOT)
        return frozenset(found)

    def changed(self, materials: Mapping[str, Any]) -> tuple[str, ...]:
        """The keys of the items that differ from those in force, in the order of the forms."""
        found = changed_keys(self.base, materials)
        if not self.is_of_applicant:
            # The applicant may have changed since the draft was begun: no matter of this change.
            found = tuple(key for key in found if not is_of_applicant(key))
        return tuple(key for key in found if key not in _ACCOMPANYING)

    def prepare(self, *, at: datetime, lists: Lists | None = None) -> Prepared:
        """As of any draft; the statement prints the days of what it names as changed as well."""
        ready = super().prepare(at=at, lists=lists)
        days = self.changed_on
        printed = {
            f"{statement.DAY_OF}{key}": days[key]
            for key in self.changed(ready.materials)
            if days.get(key) and is_particular(key) and find_particular(key).printed
        }
        return replace(ready, printed={**ready.printed, **printed})

    def stated_change(self, materials: Mapping[str, Any]) -> StatedChange:
        """What is in force, the days as typed, and the filings that the approval will change."""
        filings = concerned_filings(self.applicant.pk, self.filing)
        return StatedChange(self.kind, self.base, self.changed_on, filings)

    def details(self, materials: Mapping[str, Any]) -> dict[str, Any]:
        """The event's details: the day of each change, and the reason for lateness."""
        days = self.changed_on
        changes = [{"key": key, "changed_on": days.get(key, "")} for key in self.changed(materials)]
        reason = {"late_reason": self.late_reason.strip()} if self.late_reason.strip() else {}
        return {"changes": changes, **reason}

    def lateness(
        self, materials: Mapping[str, Any], *, today: date, calendar: Calendar
    ) -> tuple[DateFinding, Deadline | None]:
        """Measured from the oldest day of a changed item; without a deadline while a day is missing."""
        finding = check_event_date(self.kind, materials, self.details(materials), today, calendar)
        if finding.event_on is None:
            return finding, None
        try:
            return finding, change_due(finding.event_on, calendar)
        except CalendarOutOfRange:
            return finding, None

    def points(self, materials: Mapping[str, Any], found: DateFinding, *, today: date) -> list[Point]:
        """Nothing changed, missing days, or a missing reason for lateness."""
        url = step_url(self.draft.pk, self.own_step)
        if not self.changed(materials):
            return [Point(self.own_step, "", str(words.NOTHING_CHANGED), url, is_missing=True)]
        points = []
        for fault in self.day_faults(materials, today=today):
            text = words.CHANGED_ON_IN_FUTURE if fault.is_future else words.CHANGED_ON_MISSING
            message = str(text) % {"label": particular_words.label_of(fault.key)}
            name = f"on-{fault.key}"
            points.append(Point(self.own_step, name, message, f"{url}?gaps=1#{name}", fault.is_missing))
        for each in self._contradicted_days(materials, today=today):
            name, message = f"on-{each.found.key}", particular_words.contradiction_message(each)
            points.append(Point(self.own_step, name, message, f"{url}?gaps=1#{name}"))
        target = f"{url}?gaps=1#late_reason"
        if not points and found.refusal == "late_reason_required":
            points.append(Point(self.own_step, "late_reason", str(words.CHANGE_LATE_REASON), target, True))
        elif not points and found.refusal == START_OUT_OF_RANGE:
            points.append(Point(self.own_step, "", str(words.START_TOO_EARLY), url))
        if len(self.late_reason) > LONGEST_REASON:
            points.append(Point(self.own_step, "late_reason", str(words.LATE_REASON_TOO_LONG), target))
        return points

    def day_faults(self, materials: Mapping[str, Any], *, today: date) -> list[DayFault]:
        """The changed items whose day is missing, no date, or still to come."""
        found, days = [], self.changed_on
        for key in self.changed(materials):
            day = date_of(days.get(key, ""))
            if day is None:
                found.append(DayFault(key, is_missing=not days.get(key)))
            elif day > today:
                found.append(DayFault(key, is_missing=False, is_future=True))
        return found

    def _contradicted_days(self, materials: Mapping[str, Any], *, today: date) -> list[Contradiction]:
        """The changed items whose day contradicts what is in force."""
        days = self.changed_on
        if self.is_of_applicant:
            return []
        rule = change_follows_the_start_of_the_service
        stated = {key: days[key] for key in self.changed(materials) if key in days}
        return [Contradiction(rule, found) for found in rule.find(Stated(materials, today, stated))]

    def refuse(self, materials: Mapping[str, Any]) -> None:
        if not self.changed(materials):
            raise self.refusal("materials_changed")
        if len(self.late_reason) > LONGEST_REASON:
            raise self.refusal(REASON_TOO_LONG)

    def submit(
        self, materials: dict[str, Any], *, account: Account, is_joint: bool, at: datetime
    ) -> Application:
        if not self.is_of_applicant:
            # As the applicant is now, whenever the draft was begun.
            facts = with_agent_of(applicant_materials_in_force(self.applicant), materials)
            materials = with_applicant_part(materials, facts)
        event = ledger.submit(
            self.kind,
            applicant_id=self.applicant.pk,
            filing_id=self.draft.filing_id,
            actor=Actor.of(account),
            request=Request(
                materials=materials,
                details=self.details(materials),
                declaration_accepted=True,
                idempotency_key=self.draft.submission_key,
            ),
            at=at,
        )
        return Application.objects.get(events=event)

    def with_notes(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **self.draft.notes,
            "changed_on": {**self.changed_on, **given["changed_on"]},
            "late_reason": given["late_reason"],
        }

    def is_begun(self) -> bool:
        return bool(self.changed_on)

    def step_note(self, step: str, prepared: Prepared, *, open_keys: frozenset[str]) -> Promise | str:
        return "" if step == "statement" else words.STEP_AS_IN_FORCE

    def context(self, materials: Mapping[str, Any], *, today: date) -> dict[str, Any]:
        """The change itself, and the day of each changed item."""
        days = self.changed_on
        return {
            "changed": self,
            "days": [
                {"label": particular_words.label_of(key), "on": days.get(key, "")}
                for key in self.changed(materials)
            ],
        }

    def _has_slot(self, slot_name: str) -> bool:
        """Whether a slot belongs to the part being changed; the agent's letter belongs to both."""
        if slot_name == _LETTER:
            return True
        if f"attachments.{slot_name}" == statement.SLOT:
            return False
        return (slot_name in APPLICANT_SLOTS) == self.is_of_applicant


def is_supply(draft: Draft) -> bool:
    """Whether the draft is the first change of an imported filing, which starts from no materials."""
    is_change = draft.amends_application_id is None and draft.kind == Kind.CHANGE
    return is_change and Base.of(draft.notes) is None


@transaction.atomic
def start_change(filing: Filing, *, account: Account, at: datetime) -> Draft:
    """The unsent change of this filing; creates one from the materials in force if there is none.

    Of an imported filing without materials it begins with what the register knows, and asks for the rest. Raises
    TransitionNotAllowed when the filing takes no change now.
    """
    filing = Filing.objects.select_for_update(no_key=True).select_related("applicant").get(pk=filing.pk)
    refuse_unless_in_force(filing)
    if _open_applications(filing.applicant_id, filing.pk).exists():
        raise TransitionNotAllowed("no_other_open_application", act=Act.SUBMIT.value)
    existing = draft_of_change(applicant_id=filing.applicant_id, filing_id=filing.pk)
    if existing is not None:
        return existing
    materials, base = known_materials(filing), base_of_filing(filing)
    return _begin(Kind.CHANGE, filing.applicant, filing, base, materials, account=account, at=at)


@transaction.atomic
def start_applicant_change(applicant: Applicant, *, account: Account, at: datetime) -> Draft:
    """The unsent change of the applicant; creates one from the materials in force if there is none.

    Raises TransitionNotAllowed before the first approval of a filing: until then a first filing states the
    applicant's present particulars.
    """
    applicant = Applicant.objects.select_for_update(no_key=True).get(pk=applicant.pk)
    if not is_established(applicant):
        raise TransitionNotAllowed("filing_open_to_applications", act=Act.SUBMIT.value)
    if _open_applications(applicant.pk, None).exists():
        raise TransitionNotAllowed("no_other_open_application", act=Act.SUBMIT.value)
    existing = draft_of_change(applicant_id=applicant.pk, filing_id=None)
    if existing is not None:
        return existing
    materials, base = applicant_materials_in_force(applicant), base_of_applicant(applicant)
    return _begin(Kind.APPLICANT_CHANGE, applicant, None, base, materials, account=account, at=at)


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


def may_change_applicant(applicant: Applicant) -> bool:
    """Whether a change of the applicant can be begun: after its first approval, whether or not a filing is in force."""
    return is_established(applicant) and open_change_of(applicant) is None


def open_change_of(applicant: Applicant) -> Application | None:
    """The change of the applicant that is under review; None when there is none."""
    return _open_applications(applicant.pk, None).first()


def refuse_unless_in_force(filing: Filing) -> None:
    """Raises TransitionNotAllowed for a filing that cannot be changed or cancelled now."""
    if filing.standing != Standing.IN_FORCE or filing.ends_on is not None:
        raise TransitionNotAllowed("filing_open_to_applications", act=Act.SUBMIT.value)


def _begin(
    kind: Kind,
    applicant: Applicant,
    filing: Filing | None,
    base: Base | None,
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
    draft.notes = {**draft.notes, "base": base.as_payload() if base is not None else None}
    if files_of(materials, statement.SLOT):
        draft.printed_on_statement = statement.values_to_print(materials, at=at)
    state_who_acts(draft)
    draft.save(force_insert=True)
    return draft


def _open_applications(applicant_id: uuid.UUID, filing_id: uuid.UUID | None) -> QuerySet[Application]:
    open_states = [state.value for state in OPEN_STATES]
    return Application.objects.filter(applicant=applicant_id, filing=filing_id, state__in=open_states)
