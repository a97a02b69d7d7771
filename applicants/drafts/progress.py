"""The progress of a draft: what each step still lacks, with a link to each point.

The points come from the same list of gaps that the reviewer uses.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from applicants import words
from applicants.drafts import statement
from applicants.drafts.derived import is_taken_from_account
from applicants.drafts.matter import Matter, matter_of
from applicants.drafts.parts import Part, part_of, parts_of
from applicants.drafts.prepared import Prepared
from applicants.drafts.steps import Point, gap_point, part_url, step_of, step_url
from applicants.models import Draft
from registry import clock
from registry.labels import particulars as particular_words
from registry.labels.date_format import day
from registry.models import Attachment
from registry.rules.days.deadlines import Deadline
from registry.rules.days.working_days import Calendar
from registry.rules.particulars import particulars_of, sections, slots
from registry.rules.particulars.completeness import Lists
from registry.rules.particulars.consistency.catalogue import Question
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import files_of, is_given
from registry.rules.workflow.date_rules import DateFinding


@dataclass(frozen=True, slots=True)
class WizardPart:
    """One page of a step that stands on several; `is_open` says that something is missing or wrong on it."""

    label: Any
    url: str
    is_current: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class WizardStep:
    """A step of the wizard as `includes/step_list.html` takes it."""

    key: str
    label: Any
    url: str
    state: str
    current: bool = False
    detail: Any = ""
    parts: tuple[WizardPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """A draft examined on one day: its materials made ready, all points, and how late it is.

    `open_keys` are the particulars and slots that may be changed; None stands for all of them. `others` are the
    examinations of the other services of the joint submission.
    """

    matter: Matter
    prepared: Prepared
    points: tuple[Point, ...]
    filing: DateFinding
    due: Deadline | None
    statement: statement.StatementState
    open_keys: frozenset[str] | None
    others: tuple[Examination, ...] = ()

    @property
    def draft(self) -> Draft:
        return self.matter.draft

    @property
    def materials(self) -> dict[str, Any]:
        return self.prepared.materials

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return self.prepared.gaps

    @property
    def open_questions(self) -> tuple[Question, ...]:
        return self.prepared.open_questions

    @property
    def step_names(self) -> tuple[str, ...]:
        return self.matter.steps(self.gaps)

    def step_after(self, step: str) -> str:
        """The next step with something to do; the first step if this draft does not have the given one.

        The last step, the check, always has.
        """
        names = self.step_names
        if step not in names:
            return names[0]
        further = names[names.index(step) + 1 :]
        return next((each for each in further if self._has_something_open(each)), further[-1])

    def _has_something_open(self, step: str) -> bool:
        """Whether an answer or file that the step asks for may be changed, or something is wrong in it."""
        is_form = step in sections() and step != self.matter.own_step
        if step == "person_in_charge" and self.matter.base is None and not self.points_of(step):
            return not is_taken_from_account(self.materials, self.draft.account)
        if self.open_keys is None or not is_form or self.points_of(step):
            return True
        asked = [each.key for each in particulars_of(step) if each.applies(self.materials)]
        asked += [
            slot.key
            for slot in slots()
            if slot.section == step and slot.key != statement.SLOT and slot.applies(self.materials)
        ]
        return not self.open_keys.isdisjoint(asked)

    def is_locked(self, key: str) -> bool:
        """Whether a particular or slot may not be changed."""
        return self.open_keys is not None and key not in self.open_keys

    @property
    def is_complete(self) -> bool:
        examined = (self, *self.others)
        is_answered = not any(each.open_questions for each in examined)
        return is_answered and not self.points and not any(other.service_points for other in self.others)

    @property
    def service_points(self) -> tuple[Point, ...]:
        """The points of this service alone, without those about the shared part."""
        return tuple(point for point in self.points if not point.is_shared)

    @property
    def is_late(self) -> bool:
        return self.filing.late_by_working_days > 0

    def points_of(self, step: str) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.step == step)

    def steps(self, current: str = "", *, part: Part | None = None) -> list[WizardStep]:
        """The steps with their progress; the current one with its pages, if it stands on several."""
        return [self._step(step, current=step == current, part=part) for step in self.step_names]

    def first_open_step(self) -> str:
        """The step to continue at: the first one with a point."""
        return next((step for step in self.step_names if self.points_of(step)), "check")

    def first_open_url(self) -> str:
        """The address of the page to continue at."""
        step = self.first_open_step()
        pages = (each.url for each in self._parts(step, None) if each.is_open)
        return next(pages, step_url(self.draft.pk, step))

    def _parts(self, step: str, current: Part | None) -> tuple[WizardPart, ...]:
        open_parts = {part_of(point.key) for point in self.points_of(step)}
        return tuple(
            WizardPart(each.label, part_url(self.draft.pk, each), each == current, each in open_parts)
            for each in (parts_of(step) if self.matter.in_parts else ())
        )

    def _step(self, step: str, *, current: bool, part: Part | None) -> WizardStep:
        points = self.points_of(step)
        detail: Any = ""
        if step == "check":
            state = "complete" if self.is_complete else "not_started"
            detail = words.CHECK_READY if self.is_complete else words.CHECK_NOT_READY
        else:
            if self.open_keys is not None and step != self.matter.own_step:
                detail = self.matter.step_note(step, self.prepared, open_keys=self.open_keys)
            if not points:
                state = "complete"
            elif not self._is_started(step):
                state = "not_started"
            elif all(point.is_missing for point in points):
                state, detail = "in_progress", words.open_points(len(points))
            else:
                state = "incomplete"
                detail = detail or self.matter.texts.points_left(len(points))
        url = step_url(self.draft.pk, step)
        parts = self._parts(step, part) if current else ()
        return WizardStep(step, words.STEP_LABELS[step], url, state, current, detail, parts)

    def _is_started(self, step: str) -> bool:
        if step == self.matter.own_step:
            return self.matter.is_begun()
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
    others: Sequence[Draft] = (),
) -> Examination:
    """Examines a draft: everything that stands between it and its submission.

    `others` are the other drafts of the joint submission. `file_states` (see `states_of_files`) saves a query
    for each draft.
    """
    today = clock.china_date(at)
    matters = [matter_of(each) for each in (draft, *others)]
    ready = [each.prepare(at=at, lists=lists) for each in matters]
    if file_states is None:
        file_states = states_of_files([each.materials for each in ready])
    further = list(zip(others, ready[1:], strict=True))
    state = statement.state_of(draft, ready[0], others=further)
    own, *rest = [
        _examine(matter, prepared, state, file_states, today=today, calendar=calendar)
        for matter, prepared in zip(matters, ready, strict=True)
    ]
    return replace(own, others=tuple(rest))


def _examine(
    matter: Matter,
    prepared: Prepared,
    state: statement.StatementState,
    file_states: Mapping[str, tuple[str, str]],
    *,
    today: date,
    calendar: Calendar,
) -> Examination:
    draft_id, materials = matter.draft.pk, prepared.materials
    filing, due = matter.lateness(materials, today=today, calendar=calendar)
    points = [_gap_point(matter, gap) for gap in prepared.gaps]
    points += matter.points(materials, filing, today=today)
    if state.is_outdated:
        url = step_url(draft_id, "statement")
        points.append(Point("statement", statement.SLOT, str(words.STATEMENT_OUTDATED), url))
    points += _file_points(draft_id, materials, file_states)
    points.sort(key=lambda point: point.place)
    return Examination(matter, prepared, tuple(points), filing, due, state, matter.open_keys(prepared))


def _gap_point(matter: Matter, gap: Gap) -> Point:
    """The point of a gap; a letter on file that has ended is renewed at the membership, not in the form."""
    draft = matter.draft
    point = gap_point(draft.pk, gap, in_parts=matter.in_parts)
    if draft.letter_on_file is None or gap.code != "authority_expired":
        return point
    on = day(draft.letter_on_file.valid_until)
    return replace(
        point,
        message=str(words.LETTER_ENDED) % {"day": on},
        url=reverse("applicants:member", args=[draft.letter_on_file.membership_id]),
    )


def states_of_files(many: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    """The state and refusal code of every file that these materials list, by id; deleted files are absent."""
    ids = {
        entry["id"] for materials in many for files in materials["attachments"].values() for entry in files
    }
    rows = Attachment.objects.filter(pk__in=ids).values_list("pk", "state", "refusal_code") if ids else ()
    return {str(pk): (state, code) for pk, state, code in rows}


def waiting_message(slot: str) -> str:
    """What is said of a slot with a file that is being read."""
    return str(words.FILE_WAITING) % {"label": particular_words.label_of(slot)}


def _file_points(
    draft_id: uuid.UUID, materials: Mapping[str, Any], states: Mapping[str, tuple[str, str]]
) -> list[Point]:
    found = []
    for slot in slots():
        for entry in files_of(materials, slot.key):
            state, _code = states.get(entry["id"], (Attachment.State.REFUSED.value, ""))
            if state == Attachment.State.CLEAN:
                continue
            label = particular_words.label_of(slot.key)
            is_waiting = state == Attachment.State.WAITING
            message = waiting_message(slot.key) if is_waiting else str(words.FILE_REFUSED) % {"label": label}
            url = f"{step_url(draft_id, step_of(slot.key))}#slot-{slot.name}"
            found.append(Point(step_of(slot.key), slot.key, message, url))
            break
    return found
