"""Whether materials are complete: every gap with its field, and the checklist from the same tables.

The applicant's check before submission, the guard of the submission and the reviewer's desk all use this,
so that the applicant learns of every gap before submitting (Art. 12).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from registry.rules.particulars.attachments import is_of_applicant
from registry.rules.particulars.catalogue import particulars, slots
from registry.rules.particulars.consistency.catalogue import find_contradictions
from registry.rules.particulars.consistency.definitions import Register, Severity
from registry.rules.particulars.contradictions import CONTRADICTIONS
from registry.rules.particulars.definitions import AnswerKind, Particular, Slot
from registry.rules.particulars.evidence import former_proofs
from registry.rules.particulars.gaps import FILE_MISSING, GAP_CODES, MISSING, Gap, InvalidAnswer
from registry.rules.particulars.later_rules import without_what_is_filed
from registry.rules.particulars.materials import Materials, files_of, is_given, value_of
from registry.rules.particulars.values import Lists, canonical_materials, canonical_value, document_type_of

__all__ = [
    "GAP_CODES",
    "Gap",
    "InvalidAnswer",
    "Lists",
    "canonical_materials",
    "canonical_value",
    "checklist_items",
    "find_gaps",
    "is_looked_for",
]

# Particulars whose absence has a gap code of its own, because the general message would not say enough.
_MISSING_CODES = {"service.nodes_abroad_explanation": "foreign_nodes_unexplained"}


def checklist_items(materials: Materials) -> tuple[str, ...]:
    """The keys the reviewer answers one by one: every particular and slot that these answers ask for."""
    asked = [particular.key for particular in particulars() if is_looked_for(particular, materials)]
    return tuple(asked + [slot.key for slot in slots() if is_looked_for(slot, materials)])


def is_looked_for(asked: Particular | Slot, materials: Materials) -> bool:
    """Whether these answers call for a particular or slot; one that came later stands where it was answered."""
    is_there = not asked.came_later or is_given(value_of(materials, asked.key))
    return is_there and asked.applies(materials)


def find_gaps(
    materials: Materials,
    *,
    lists: Lists,
    today: date,
    before: Materials | None = None,
    filed: Callable[[], Materials] | None = None,
    register: Register | None = None,
) -> tuple[Gap, ...]:
    """Every gap of the materials in the order of the forms; none means they may be submitted.

    `lists` holds the codes of the administrator-kept lists by name ("application_fields",
    "prior_approval_matters", "main_chains"). What the answers make irrelevant is not looked at;
    `clear_irrelevant` drops it. Whether a late filing needs a reason is the question of `date_rules`. A change of
    the applicant gives the materials `before` it: what it changes needs a document that says so. `filed` gives what
    stands in the book: a rule that came later asks nothing of it. `register` looks filing numbers up.
    """
    gaps: list[Gap] = []
    for particular in particulars():
        if particular.applies(materials):
            gaps += _particular_gaps(particular, materials, lists=lists, today=today)
    for slot in slots():
        if slot.applies(materials):
            gaps += _slot_gaps(slot, materials)
    for contradiction in CONTRADICTIONS:
        gaps += contradiction(materials, today)
    gaps += (
        Gap(each.found.key, each.rule.name, each.found.facts, each.found.row)
        for each in find_contradictions(materials, today=today, severity=Severity.ERROR, register=register)
    )
    if before is not None:
        gaps += (gap for gap in former_proofs(before, materials) if is_of_applicant(gap.key))
    if filed is not None:
        gaps = without_what_is_filed(gaps, materials, filed)
    return tuple(sorted(_first_per_place(gaps), key=_place_in_forms))


def _particular_gaps(
    particular: Particular, materials: Materials, *, lists: Lists, today: date
) -> Iterator[Gap]:
    value = value_of(materials, particular.key)
    if not is_given(value):
        if particular.required(materials):
            yield Gap(particular.key, _MISSING_CODES.get(particular.key, MISSING))
        return
    document_type = document_type_of(particular, materials)
    try:
        canonical_value(particular, value, today=today, lists=lists, document_type=document_type)
    except InvalidAnswer as fault:
        yield Gap(particular.key, fault.code, fault.facts)
        return
    if particular.kind is AnswerKind.GROUP:
        fields = particular.fields_for(materials)
        yield from _group_gaps(particular, fields, value, lists=lists, today=today)


def _group_gaps(
    group: Particular, fields: Iterable[Particular], rows: list[Any], *, lists: Lists, today: date
) -> Iterator[Gap]:
    if len(rows) > group.max_rows:
        yield Gap(group.key, "too_many_rows", {"maximum": group.max_rows})
    for index, row in enumerate(rows[: group.max_rows]):
        if not isinstance(row, Mapping):
            yield Gap(group.key, "not_understood", {}, index)
            continue
        for field in fields:
            if not field.applies(row):
                continue
            value = row.get(field.name)
            if not is_given(value):
                if field.required(row):
                    yield Gap(field.key, MISSING, {}, index)
                continue
            try:
                canonical_value(field, value, today=today, lists=lists)
            except InvalidAnswer as fault:
                yield Gap(field.key, fault.code, fault.facts, index)


def _slot_gaps(slot: Slot, materials: Materials) -> Iterator[Gap]:
    files = files_of(materials, slot.key)
    if not files:
        if slot.required(materials):
            yield Gap(slot.key, FILE_MISSING)
        return
    if len(files) > slot.max_files:
        yield Gap(slot.key, "too_many_files", {"maximum": slot.max_files})
    for index, file in enumerate(files):
        if file.get("content_type") not in slot.file_types:
            yield Gap(slot.key, "file_type_not_allowed", {}, index)


def _first_per_place(gaps: list[Gap]) -> list[Gap]:
    """The first gap of each place: a missing answer is not reported as contradictory as well."""
    return list({(gap.key, gap.row): gap for gap in reversed(gaps)}.values())


_ORDER: Mapping[str, int] = {
    key: index
    for index, key in enumerate(
        [entry.key for top in particulars() for entry in (top, *top.fields)] + [slot.key for slot in slots()]
    )
}


def _place_in_forms(gap: Gap) -> tuple[int, int, int]:
    row = -1 if gap.row is None else gap.row
    return (_ORDER[gap.particular_key], row, _ORDER[gap.key])
