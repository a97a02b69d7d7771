"""The reviewers' checklist: one mark per item and office, valid until the item changes.

What has to be marked, and what software or an earlier examination answers for, is the rule of
`registry.rules.workflow.examined`. An office may mark any item.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.book.application_details import latest_details
from registry.book.held_facts import facts_at, held_facts, materials_as_of
from registry.book.in_force import facts_edition, materials_replaced
from registry.book.locks import lock_row
from registry.errors import FilingError
from registry.lists import current_catalogue
from registry.models import Account, Application
from registry.rules.particulars import changed_keys
from registry.rules.particulars.cancellation import stated_keys
from registry.rules.particulars.reasons import place_of
from registry.rules.visible_text import clean
from registry.rules.workflow.examined import Examined, Way, counted, examined_keys, ways_of_examination
from registry.rules.workflow.states import Kind
from review.access import Office, is_at_desk, office_of
from review.desk.claims import is_own_proposal, note_activity
from review.models import ChecklistMark, MarkVersion

REMARK_LENGTH = 500
# The columns that a second mark on an item replaces.
_REPLACED_FIELDS = ("revision_number", "verdict", "code", "remark", "officer", "marked_at")


class MarkRefused(FilingError):
    """The mark was not made; the code says why."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """An office's items with how each is examined, their valid marks, and the items that changed after their mark."""

    ways: Mapping[str, Way]
    marks: Mapping[str, ChecklistMark]
    fallen: frozenset[str]

    @property
    def items(self) -> tuple[str, ...]:
        """What the office may mark, in the order of the forms."""
        return tuple(self.ways)

    @property
    def wanted(self) -> tuple[str, ...]:
        """What an officer has to mark before the office decides."""
        return tuple(item for item, way in self.ways.items() if way is Way.OFFICER)

    @property
    def total(self) -> int:
        return len(self.wanted)

    @property
    def answered(self) -> int:
        return sum(item in self.marks for item in self.wanted)

    @property
    def is_answered(self) -> bool:
        return self.answered == self.total

    @property
    def examined(self) -> Examined:
        """Who examined what: officers' marks and what software has proven are counted apart."""
        return counted(self.ways, frozenset(self.marks))

    @property
    def first_unmarked(self) -> str:
        """The first item that waits for a mark, in the order of the forms; empty when none does."""
        return next((item for item in self.wanted if item not in self.marks), "")

    @property
    def deficient(self) -> tuple[ChecklistMark, ...]:
        """The marks of deficient items, in the order of the forms."""
        return tuple(
            self.marks[item]
            for item in self.items
            if item in self.marks and self.marks[item].verdict == ChecklistMark.Verdict.DEFICIENT
        )

    def unanswered_in(self, section: str) -> tuple[str, ...]:
        """The items of a section that wait for a mark."""
        return tuple(
            item for item in self.wanted if item.startswith(f"{section}.") and item not in self.marks
        )


def checklist_of(
    application: Application,
    office: Office,
    materials: Mapping[str, Any] | None = None,
    *,
    ways: Mapping[str, Way] | None = None,
) -> Checklist:
    """The office's checklist on the application's current revision; `materials` and `ways` may be passed if known."""
    if materials is None:
        materials = materials_as_of(application)
    if ways is None:
        ways = ways_of(application, materials, before=materials_replaced(application, by=materials))
    marks = ChecklistMark.objects.filter(application=application, office=office.value)
    return _checklist(application, marks.select_related("officer"), materials, ways)


def checklists_of(
    application: Application, materials: Mapping[str, Any], *, ways: Mapping[str, Way]
) -> dict[Office, Checklist]:
    """The checklists of both offices on the application's current revision; the marks of both in one query."""
    marks = list(ChecklistMark.objects.filter(application=application).select_related("officer"))
    return {
        office: _checklist(application, [each for each in marks if each.office == office], materials, ways)
        for office in Office
    }


def _checklist(
    application: Application,
    marks: Iterable[ChecklistMark],
    materials: Mapping[str, Any],
    ways: Mapping[str, Way],
) -> Checklist:
    holding, fallen = _split_marks(application, list(marks), materials)
    return Checklist(ways, holding, fallen)


def ways_of(
    application: Application, materials: Mapping[str, Any], *, before: Mapping[str, Any] | None
) -> dict[str, Way]:
    """How each item of the application is examined; `before` is what a change would replace, None for other kinds."""
    return ways_of_examination(
        Kind(application.kind),
        materials,
        is_late=application.late_by_working_days > 0,
        on=application.received_on,
        before=before,
    )


def history_of(application: Application, office: Office) -> dict[str, tuple[MarkVersion, ...]]:
    """All that the office did with its marks on the application, by item, oldest first."""
    made: dict[str, tuple[MarkVersion, ...]] = {}
    found = MarkVersion.objects.filter(application=application, office=office.value)
    for each in found.select_related("officer").order_by("version"):
        made[each.key] = (*made.get(each.key, ()), each)
    return made


def items_of(application: Application, materials: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that each office may mark on an application with these materials, in the order of the forms."""
    is_late = application.late_by_working_days > 0
    return examined_keys(Kind(application.kind), materials, is_late=is_late)


def mark(
    application: Application,
    keys: Iterable[str],
    *,
    verdict: ChecklistMark.Verdict | MarkVersion.Verdict,
    remark: str = "",
    code: str = "",
    revision_number: int,
    officer: Account,
    at: datetime,
    facts_seen: str | None = None,
    versions_seen: Mapping[str, int] | None = None,
) -> None:
    """Marks items as the officer's office found them on a revision; MarkVersion.Verdict.REMOVED takes marks back.

    Who proposed a decision marks nothing while it awaits a colleague, who reads what it rested on. `code` may name a
    fault of the catalogue; `facts_seen` is the edition of the applicant's facts on the page, and `versions_seen` has
    for each item the version of its mark there, 0 before the first. Raises MarkRefused when the case is not at this
    desk or awaits that colleague, its materials or those facts have changed since the page was rendered, an item was
    marked otherwise since then, an item is not on its checklist, or the catalogue does not offer the fault for it.
    All items are marked or none; to say again what stands there adds nothing.
    """
    with transaction.atomic():
        locked = lock_row(Application, application.pk)
        if not is_at_desk(locked, officer):
            raise MarkRefused("not_at_this_desk")
        if is_own_proposal(locked, officer):
            raise MarkRefused("marks_of_own_proposal")
        is_as_seen = facts_seen is None or facts_seen == facts_edition(locked.applicant)
        if locked.revision_number != revision_number or not is_as_seen:
            raise MarkRefused("materials_changed_since")
        materials = materials_as_of(locked)
        wanted = list(keys)
        if not set(wanted) <= set(items_of(locked, materials)):
            raise MarkRefused("not_on_the_checklist")
        if code:
            fault = current_catalogue().get(code)
            if fault is None or any(place_of(key) not in fault.places for key in wanted):
                raise MarkRefused("fault_not_offered_there")
        told = _Told(verdict.value, code, clean(remark, line_breaks=True)[:REMARK_LENGTH], revision_number)
        _keep(locked, dict.fromkeys(wanted), told, officer=officer, at=at, versions_seen=versions_seen)
        note_activity(locked, officer=officer, at=at)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of an item."""

    verdict: str
    code: str
    remark: str
    revision_number: int

    @classmethod
    def by(cls, made: MarkVersion) -> _Told:
        return cls(made.verdict, made.code, made.remark, made.revision_number)


def _keep(
    application: Application,
    keys: Iterable[str],
    told: _Told,
    *,
    officer: Account,
    at: datetime,
    versions_seen: Mapping[str, int] | None,
) -> None:
    """Adds a version of each item's mark, and has it stand. Called under the lock of the application's row."""
    office = office_of(officer)
    newest = {key: made[-1] for key, made in history_of(application, office).items()}
    held = held_facts(application.applicant) if newest else ()
    versions = []
    for key in keys:
        before = newest.get(key)
        # Said of the same materials with the same facts of the applicant.
        if before is not None and _Told.by(before) == told and facts_at(held, before.marked_at) == held:
            continue
        version = before.version if before is not None else 0
        if versions_seen is not None and versions_seen.get(key, 0) != version:
            raise MarkRefused(
                "marked_meanwhile",
                name=before.officer.name if before is not None else "",
                verdict=before.get_verdict_display() if before is not None else "",
            )
        versions.append(
            MarkVersion(
                application=application,
                office=office.value,
                key=key,
                version=version + 1,
                applicant_id=application.applicant_id,
                province_code=application.province_code,
                revision_number=told.revision_number,
                verdict=told.verdict,
                code=told.code,
                remark=told.remark,
                officer=officer,
                marked_at=at,
            )
        )
    MarkVersion.objects.bulk_create(versions)
    if told.verdict == MarkVersion.Verdict.REMOVED:
        removed = [each.key for each in versions]
        ChecklistMark.objects.filter(application=application, office=office.value, key__in=removed).delete()
        return
    names = [field.attname for field in ChecklistMark._meta.concrete_fields if not field.primary_key]
    ChecklistMark.objects.bulk_create(
        [ChecklistMark(**{name: getattr(each, name) for name in names}) for each in versions],
        update_conflicts=True,
        unique_fields=("application", "office", "key"),
        update_fields=_REPLACED_FIELDS,
    )


def undo(
    application: Application,
    key: str,
    *,
    revision_number: int,
    officer: Account,
    at: datetime,
    facts_seen: str | None = None,
    versions_seen: Mapping[str, int] | None = None,
) -> None:
    """Marks an item as it was before its newest mark; takes the first one back. Raises MarkRefused."""
    made = history_of(application, office_of(officer)).get(key, ())
    before = made[-2] if len(made) > 1 else None
    mark(
        application,
        [key],
        verdict=MarkVersion.Verdict(before.verdict) if before is not None else MarkVersion.Verdict.REMOVED,
        code=before.code if before is not None else "",
        remark=before.remark if before is not None else "",
        revision_number=revision_number,
        officer=officer,
        at=at,
        facts_seen=facts_seen,
        versions_seen=versions_seen,
    )


@transaction.atomic
def mark_rest_of_section(
    application: Application,
    section: str,
    *,
    revision_number: int,
    officer: Account,
    at: datetime,
    facts_seen: str | None = None,
) -> int:
    """Marks the items of a section that wait for a mark as fine; returns their number. Raises MarkRefused.

    The case is locked before the unmarked items are looked for: what a colleague marks at that moment is marked.
    """
    lock_row(Application, application.pk)
    rest = checklist_of(application, office_of(officer)).unanswered_in(section)
    mark(
        application,
        rest,
        verdict=ChecklistMark.Verdict.FINE,
        revision_number=revision_number,
        officer=officer,
        at=at,
        facts_seen=facts_seen,
    )
    return len(rest)


def _split_marks(
    application: Application, marks: list[ChecklistMark], materials: Mapping[str, Any]
) -> tuple[dict[str, ChecklistMark], frozenset[str]]:
    """The marks still valid on the current materials, and the keys of items changed since their mark.

    A mark was set on a revision with the applicant's facts as they were held at that moment.
    """
    held = held_facts(application.applicant) if marks else ()
    views = {each.pk: (each.revision_number, len(facts_at(held, each.marked_at))) for each in marks}
    # What sees the latest revision with the latest facts sees what stands here.
    changed_since = {(application.revision_number, len(held)): frozenset[str]()}
    for each in marks:
        if (view := views[each.pk]) not in changed_since:
            seen = materials_as_of(application, number=each.revision_number, at=each.marked_at)
            restated = _restated_since(application, each.revision_number)
            changed_since[view] = frozenset(changed_keys(seen, materials)) | restated
    holding = {each.key: each for each in marks if each.key not in changed_since[views[each.pk]]}
    return holding, frozenset(each.key for each in marks if each.key not in holding)


def _restated_since(application: Application, revision_number: int) -> frozenset[str]:
    """What a cancellation states otherwise than it did with an earlier revision."""
    before = latest_details(application, revision_number=revision_number)
    now = latest_details(application)
    keys = stated_keys(is_late=True) if application.kind == Kind.CANCELLATION else ()
    return frozenset(key for key in keys if _detail(before, key) != _detail(now, key))


def _detail(details: Mapping[str, Any], key: str) -> Any:
    return details.get(key.partition(".")[2])
