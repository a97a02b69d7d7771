"""The progress of a draft: what each step still lacks, with a link to each point.

The points come from the same list of gaps that the reviewer uses.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from applicants import words
from applicants.amendments import amendment as amendments
from applicants.amendments.amendment import Amendment
from applicants.changes import change as changes
from applicants.changes.change import FilingChange
from applicants.drafts import statement
from applicants.drafts.forms.section import is_missing
from applicants.drafts.joint import SHARED_SECTIONS, SHARED_SLOTS
from applicants.models import Draft
from registry import clock
from registry.labels import particulars as particular_words
from registry.models import Attachment
from registry.rules.days.deadlines import Deadline, filing_due
from registry.rules.days.working_days import Calendar
from registry.rules.particulars import (
    AnswerKind,
    clear_irrelevant,
    find_particular,
    find_slot,
    is_slot,
    slots,
)
from registry.rules.particulars.completeness import Lists, canonical_materials, find_gaps
from registry.rules.particulars.gaps import MISSING, Gap
from registry.rules.particulars.materials import date_of, files_of, is_given, value_of
from registry.rules.workflow.date_rules import DateFinding, check_event_date
from registry.rules.workflow.states import Kind

START_OUT_OF_RANGE = "event_date_out_of_range"
STEPS = ("applicant", "person_in_charge", "service", "content", "attachments", "statement", "check")
AMENDMENT_STEPS = (amendments.SECTION, *STEPS)
# All steps that drafts of any kind have, in order.
_ALL_STEPS = (amendments.SECTION, *STEPS[:-2], changes.SECTION, *STEPS[-2:])


@dataclass(frozen=True, slots=True)
class Point:
    """One point to complete or correct: its step, the message, and its address."""

    step: str
    key: str
    message: str
    url: str
    is_missing: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether it concerns the part that all services of a joint submission share."""
        return self.step in (*SHARED_SECTIONS, "statement") or self.key.split(".")[-1] in SHARED_SLOTS


@dataclass(frozen=True, slots=True)
class WizardStep:
    """A step of the wizard as `includes/step_list.html` takes it."""

    key: str
    label: Any
    url: str
    state: str
    gaps: int
    current: bool = False
    detail: Any = ""


@dataclass(frozen=True, slots=True)
class Examination:
    """A draft examined on one day: its materials in canonical form, all points, and how late it is.

    An amendment or a change sets `amendment` or `change`, and `open_keys`, the particulars and slots that may be
    changed; for a first filing all three are None. `others` are the examinations of the other services of the
    joint submission, in which this one has the position `place`. `version` is the draft's.
    """

    draft_id: uuid.UUID
    materials: dict[str, Any]
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...]
    filing: DateFinding
    due: Deadline | None
    statement: statement.StatementState
    amendment: Amendment | None = None
    open_keys: frozenset[str] | None = None
    change: FilingChange | None = None
    others: tuple[Examination, ...] = ()
    place: int = 1
    version: int = 0

    @property
    def step_names(self) -> tuple[str, ...]:
        if self.change is not None:
            return self.change.steps(self.gaps)
        return STEPS if self.amendment is None else AMENDMENT_STEPS

    def step_after(self, step: str) -> str:
        """The step that follows; the first step if this draft does not have the given one."""
        names = self.step_names
        return names[names.index(step) + 1] if step in names else names[0]

    def is_locked(self, key: str) -> bool:
        """Whether a particular or slot may not be changed."""
        return self.open_keys is not None and key not in self.open_keys

    @property
    def is_complete(self) -> bool:
        return not self.points and not any(other.service_points for other in self.others)

    @property
    def service_points(self) -> tuple[Point, ...]:
        """The points of this service alone, without those about the shared part."""
        return tuple(point for point in self.points if not point.is_shared)

    @property
    def is_late(self) -> bool:
        return self.filing.late_by_working_days > 0

    def points_of(self, step: str) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.step == step)

    def steps(self, current: str = "") -> list[WizardStep]:
        """The steps with their progress."""
        return [self._step(step, current=step == current) for step in self.step_names]

    def first_open_step(self) -> str:
        """The step to continue at: the first one with a point."""
        return next((step for step in self.step_names if self.points_of(step)), "check")

    def _step(self, step: str, *, current: bool) -> WizardStep:
        points = self.points_of(step)
        if step == "check":
            state = "complete" if self.is_complete else "not_started"
            detail: Any = words.CHECK_READY if self.is_complete else words.CHECK_NOT_READY
            return WizardStep(
                step, words.STEP_LABELS[step], step_url(self.draft_id, step), state, 0, current, detail
            )
        started = self._is_started(step)
        detail = self._lock_detail(step)
        if not points:
            state = "complete"
        elif not started:
            state = "not_started"
        elif all(point.is_missing for point in points):
            state, detail = "in_progress", words.open_points(len(points))
        else:
            state = "incomplete"
        return WizardStep(
            step, words.STEP_LABELS[step], step_url(self.draft_id, step), state, len(points), current, detail
        )

    def _lock_detail(self, step: str) -> Any:
        """The note on a step of an amendment or a change: locked, open, or as in force; empty for a first filing."""
        if self.open_keys is None or step in (amendments.SECTION, changes.SECTION):
            return ""
        if self.change is not None:
            return words.STEP_AS_IN_FORCE if step not in ("statement",) else ""
        keys = [key for key in self.open_keys if step_of(key) == step]
        asked = (find_slot(key) if is_slot(key) else find_particular(key) for key in keys)
        is_open = any(each.applies(self.materials) for each in asked)
        return words.STEP_OPEN if is_open else words.STEP_LOCKED

    def _is_started(self, step: str) -> bool:
        if step == amendments.SECTION:
            return False
        if step == changes.SECTION and self.change is not None:
            return bool(self.change.changed_on)
        if step == "statement":
            return self.statement.is_uploaded
        if step == "attachments":
            return any(files_of(self.materials, slot.key) for slot in slots() if slot.key != statement.SLOT)
        return any(is_given(answer) for answer in self.materials.get(step, {}).values())


def examine(
    draft: Draft,
    *,
    at: datetime,
    lists: Lists,
    calendar: Calendar,
    file_states: Mapping[str, tuple[str, str]] | None = None,
    amendment: Amendment | None = None,
    change: FilingChange | None = None,
    others: Sequence[Draft] = (),
) -> Examination:
    """Examines a draft: everything that stands between it and its submission.

    `others` are the other drafts of the joint submission. `file_states` (see `states_of_files`) saves a query
    for each draft.
    """
    today = clock.china_date(at)
    cleared = clear_irrelevant(draft.materials)
    materials = canonical_materials(cleared, today=today, lists=lists)
    gaps = find_gaps(materials, lists=lists, today=today)
    state = statement.state_of(draft, others=others, at=at, gaps=gaps, lists=lists)
    filing, due = _start_of_service(materials, today=today, calendar=calendar)
    open_keys = None
    points = [_point(draft.pk, gap) for gap in gaps]
    if amendment is not None:
        materials = amendments.keep_unchanged_answers(amendment, cleared, materials)
        filing, due = _start_as_first_received(materials, amendment, calendar=calendar), None
        open_keys = amendments.open_keys(draft, amendment, at=at, gaps=gaps, lists=lists)
        points += _amendment_points(draft.pk, amendment)
    if change is not None:
        materials = amendments.keep_unchanged_answers(change, cleared, materials)
        filing, due = changes.lateness(change, materials, today=today, calendar=calendar)
        open_keys = changes.open_keys(draft, change, at=at, gaps=gaps, lists=lists)
        points += _change_points(draft.pk, change, materials, filing, today=today)
    elif filing.refusal == "late_reason_required":
        points.append(_own_point(draft.pk, "service.late_reason", words.LATE_REASON_MISSING))
    elif filing.refusal == START_OUT_OF_RANGE:
        points.append(_own_point(draft.pk, "service.service_started_on", words.START_TOO_EARLY))
    if state.is_outdated:
        url = step_url(draft.pk, "statement")
        points.append(Point("statement", statement.SLOT, str(words.STATEMENT_OUTDATED), url))
    if file_states is None:
        file_states = states_of_files([materials, *(other.materials for other in others)])
    points += _file_points(draft.pk, materials, file_states)
    points_in_order = sorted(points, key=lambda point: _ALL_STEPS.index(point.step))
    other_examinations = tuple(
        examine(other, at=at, lists=lists, calendar=calendar, file_states=file_states) for other in others
    )
    return Examination(
        draft.pk,
        materials,
        gaps,
        tuple(points_in_order),
        filing,
        due,
        state,
        amendment,
        open_keys,
        change,
        other_examinations,
        draft.place,
        draft.version,
    )


def states_of_files(many: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """The state and refusal code of every file that these materials list, by id; deleted files are absent."""
    ids = {
        entry["id"] for materials in many for files in materials["attachments"].values() for entry in files
    }
    rows = Attachment.objects.filter(pk__in=ids).values_list("pk", "state", "refusal_code") if ids else ()
    return {str(pk): (state, code) for pk, state, code in rows}


def step_of(key: str) -> str:
    """The step where a particular or slot is answered."""
    return "statement" if key == statement.SLOT else key.split(".")[0]


def step_url(draft_id: uuid.UUID, step: str) -> str:
    """The address of a step."""
    if step in (amendments.SECTION, changes.SECTION, "attachments", "statement", "check"):
        return reverse(f"applicants:{step}", args=[draft_id])
    return reverse("applicants:section", args=[draft_id, step])


def point_url(draft_id: uuid.UUID, gap: Gap) -> str:
    """The address of the field a gap is about, with missing answers marked on its page."""
    return f"{step_url(draft_id, step_of(gap.key))}?gaps=1#{anchor_of(gap)}"


def anchor_of(gap: Gap) -> str:
    """The id that the field, group or slot of a gap has on its page."""
    if is_slot(gap.key):
        return f"slot-{gap.key.split('.')[1]}"
    parts = gap.key.split(".")
    if gap.row is not None and len(parts) == 3:
        return f"id_{parts[1]}-{gap.row}-{parts[2]}"
    is_group = find_particular(gap.particular_key).kind is AnswerKind.GROUP
    return f"{'group-' if is_group else 'id_'}{parts[1]}"


def _point(draft_id: uuid.UUID, gap: Gap) -> Point:
    return Point(
        step_of(gap.key),
        gap.key,
        particular_words.gap_message(gap),
        point_url(draft_id, gap),
        is_missing(gap),
    )


def _file_points(
    draft_id: uuid.UUID, materials: Mapping[str, Any], states: Mapping[str, tuple[str, str]]
) -> list[Point]:
    found = []
    for slot in slots():
        for entry in files_of(materials, slot.key):
            state, _code = states.get(entry["id"], (Attachment.State.REFUSED.value, ""))
            if state == Attachment.State.CLEAN:
                continue
            text = words.FILE_WAITING if state == Attachment.State.WAITING else words.FILE_REFUSED
            message = str(text) % {"label": particular_words.label_of(slot.key)}
            url = f"{step_url(draft_id, step_of(slot.key))}#slot-{slot.name}"
            found.append(Point(step_of(slot.key), slot.key, message, url))
            break
    return found


def _start_of_service(
    materials: Mapping[str, Any], *, today: date, calendar: Calendar
) -> tuple[DateFinding, Deadline | None]:
    """The finding of the date rule on the start of the service, and the filing deadline.

    A day before the first calendar is out of range and has no deadline.
    """
    started_on = date_of(value_of(materials, "service.service_started_on"))
    if started_on is not None and started_on < calendar.first_day:
        return DateFinding(None, 0, START_OUT_OF_RANGE), None
    finding = check_event_date(Kind.INITIAL, materials, {}, today, calendar)
    if started_on is None or started_on > today:
        return finding, None
    return finding, filing_due(started_on, calendar)


def _start_as_first_received(
    materials: Mapping[str, Any], amendment: Amendment, *, calendar: Calendar
) -> DateFinding:
    """The date rule, measured from the first submission; an unchanged date keeps its earlier finding."""
    application = amendment.application
    kept = DateFinding(application.event_on, application.late_by_working_days, None)
    if application.kind != Kind.INITIAL:
        return kept
    found, _due = _start_of_service(materials, today=application.first_received_on, calendar=calendar)
    return kept if found.event_on == application.event_on else found


def _amendment_points(draft_id: uuid.UUID, amendment: Amendment) -> list[Point]:
    """The points of the reasons page: unanswered reasons, or a missing explanation of a supplement."""
    url = step_url(draft_id, amendments.SECTION)
    points = []
    texts = {
        f"answer-{reason['id']}": amendment.answers.get(str(reason["id"]), "") for reason in amendment.reasons
    }
    if not amendment.is_resubmission:
        texts = {"explanation": amendment.explanation}
    for number, (name, text) in enumerate(texts.items(), start=1):
        message: Promise | str = ""
        if not text.strip():
            message = words.answer_missing(number) if amendment.is_resubmission else words.EXPLANATION_MISSING
        elif len(text) > amendments.LONGEST_TEXT:
            message = words.TEXT_TOO_LONG
        if message:
            is_missing_text = not text.strip()
            points.append(
                Point(amendments.SECTION, name, str(message), f"{url}?gaps=1#{name}", is_missing_text)
            )
    return points


def _change_points(
    draft_id: uuid.UUID,
    change: FilingChange,
    materials: Mapping[str, Any],
    filing: DateFinding,
    *,
    today: date,
) -> list[Point]:
    """The points of a change: nothing changed, missing days, or a missing reason for lateness."""
    url = step_url(draft_id, changes.SECTION)
    if not change.changed(materials):
        return [Point(changes.SECTION, "", str(words.NOTHING_CHANGED), url, is_missing=True)]
    points = []
    for fault in changes.day_faults(change, materials, today=today):
        text = words.CHANGED_ON_IN_FUTURE if fault.is_future else words.CHANGED_ON_MISSING
        message = str(text) % {"label": particular_words.label_of(fault.key)}
        target = f"{url}?gaps=1#on-{fault.key}"
        points.append(Point(changes.SECTION, f"on-{fault.key}", message, target, fault.is_missing))
    target = f"{url}?gaps=1#late_reason"
    if not points and filing.refusal == "late_reason_required":
        points.append(Point(changes.SECTION, "late_reason", str(words.CHANGE_LATE_REASON), target, True))
    elif not points and filing.refusal == START_OUT_OF_RANGE:
        points.append(Point(changes.SECTION, "", str(words.START_TOO_EARLY), url))
    if len(change.late_reason) > changes.LONGEST_REASON:
        points.append(Point(changes.SECTION, "late_reason", str(words.LATE_REASON_TOO_LONG), target))
    return points


def _own_point(draft_id: uuid.UUID, key: str, message: Any) -> Point:
    """A point outside the catalogue's list of gaps."""
    return Point(step_of(key), key, str(message), point_url(draft_id, Gap(key, MISSING)), is_missing=True)
