"""The reviewers' checklist: one mark per item and office, valid until the item changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.book.application_details import latest_details
from registry.book.held_facts import facts_at, held_facts, materials_as_of
from registry.book.in_force import facts_edition
from registry.book.locks import lock_row
from registry.errors import FilingError
from registry.lists import current_catalogue
from registry.models import Account, Application
from registry.rules.particulars import changed_keys
from registry.rules.particulars.cancellation import stated_keys
from registry.rules.particulars.reasons import place_of
from registry.rules.visible_text import clean
from registry.rules.workflow.examined import examined_keys
from registry.rules.workflow.states import Kind
from review.access import Office, is_at_desk, office_of
from review.desk.claims import note_activity
from review.models import ChecklistMark

REMARK_LENGTH = 500
# The columns that a second mark on an item replaces.
_REPLACED_FIELDS = ("revision_number", "verdict", "code", "remark", "officer", "marked_at")


class MarkRefused(FilingError):
    """The mark was not made; the code says why."""


@dataclass(frozen=True, slots=True)
class Checklist:
    """An office's items, their valid marks, and the items whose marks lapsed because they changed."""

    items: tuple[str, ...]
    marks: Mapping[str, ChecklistMark]
    fallen: frozenset[str]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def answered(self) -> int:
        return sum(item in self.marks for item in self.items)

    @property
    def is_answered(self) -> bool:
        return self.answered == self.total

    @property
    def deficient(self) -> tuple[ChecklistMark, ...]:
        """The marks of deficient items, in the order of the forms."""
        return tuple(
            self.marks[item]
            for item in self.items
            if item in self.marks and self.marks[item].verdict == ChecklistMark.Verdict.DEFICIENT
        )

    def unanswered_in(self, section: str) -> tuple[str, ...]:
        """The items of a section without a mark."""
        return tuple(item for item in self.items if item.startswith(f"{section}.") and item not in self.marks)


def checklist_of(
    application: Application, office: Office, materials: Mapping[str, Any] | None = None
) -> Checklist:
    """The office's checklist on the application's current revision; `materials` may be passed if known."""
    if materials is None:
        materials = materials_as_of(application)
    marks = ChecklistMark.objects.filter(application=application, office=office.value).select_related(
        "officer"
    )
    holding, fallen = _split_marks(application, list(marks), materials)
    return Checklist(items_of(application, materials), holding, fallen)


def items_of(application: Application, materials: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that each office marks on an application with these materials, in the order of the forms."""
    is_late = application.late_by_working_days > 0
    return examined_keys(Kind(application.kind), materials, is_late=is_late)


def mark(
    application: Application,
    keys: Iterable[str],
    *,
    verdict: ChecklistMark.Verdict,
    remark: str = "",
    code: str = "",
    revision_number: int,
    officer: Account,
    at: datetime,
    facts_seen: str | None = None,
) -> None:
    """Marks items as the officer's office found them on a revision.

    `code` may name a fault of the catalogue; `facts_seen` is the edition of the applicant's facts on the page. Raises
    MarkRefused when the case is not at this desk, its materials or those facts have changed since the page was
    rendered, an item is not on its checklist, or the catalogue does not offer the fault for it. All items are marked
    or none.
    """
    with transaction.atomic():
        locked = lock_row(Application, application.pk)
        if not is_at_desk(locked, officer):
            raise MarkRefused("not_at_this_desk")
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
        ChecklistMark.objects.bulk_create(
            [
                ChecklistMark(
                    application=locked,
                    office=office_of(officer).value,
                    key=key,
                    applicant_id=locked.applicant_id,
                    province_code=locked.province_code,
                    revision_number=revision_number,
                    verdict=verdict.value,
                    code=code,
                    remark=clean(remark, line_breaks=True)[:REMARK_LENGTH],
                    officer=officer,
                    marked_at=at,
                )
                for key in dict.fromkeys(wanted)
            ],
            update_conflicts=True,
            unique_fields=("application", "office", "key"),
            update_fields=_REPLACED_FIELDS,
        )
        note_activity(locked, officer=officer, at=at)


def mark_rest_of_section(
    application: Application,
    section: str,
    *,
    revision_number: int,
    officer: Account,
    at: datetime,
    facts_seen: str | None = None,
) -> int:
    """Marks the unmarked items of a section as fine; returns their number. Raises MarkRefused."""
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
