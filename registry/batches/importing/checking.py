"""Checks every row of a list that is to be imported: against itself, the other rows and the register.

A fault forbids the import; a question does not, but somebody should look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.batches.importing.reading import NAMES, ReadRow
from registry.batches.importing.tables import Place
from registry.book.imported_heads import head_text, heads_with_serials
from registry.models import BatchEntry, Filing
from registry.rules.codes import filing_number
from registry.rules.codes.filing_number import FilingNumber
from registry.rules.codes.jurisdictions import province_of
from registry.rules.errors import NotAFilingNumber
from registry.rules.printable import code_point, unprintable

MAXIMUM_NAME_LENGTH = 200
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a row, or a question about it."""

    place: Place
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> int:
        return self.place.line


@dataclass(frozen=True, slots=True)
class CheckedList:
    """The rows that are well formed as they would be imported, and all that was found; findings in the file's order."""

    rows: tuple[tuple[str, str, FilingNumber], ...]
    faults: tuple[Finding, ...]
    questions: tuple[Finding, ...]


def check(rows: Sequence[ReadRow], *, published_on: date) -> CheckedList:
    """Checks the rows of a list published on a day in China."""
    faults: list[Finding] = [*_positions(rows)]
    numbers: dict[Place, FilingNumber] = {}
    for row in rows:
        for name in NAMES:
            faults += _name_faults(row, name)
        try:
            numbers[row.place] = number = filing_number.parse(row.number)
        except NotAFilingNumber as refusal:
            faults.append(Finding(row.place, f"number_{refusal.code}", refusal.facts))
            continue
        faults += _number_faults(row, number, published_on)
    well_formed = [(row, numbers[row.place]) for row in rows if row.place in numbers]
    faults += _twice(well_formed)
    faults += _in_register(well_formed)
    faults += _serials(well_formed)
    return CheckedList(
        rows=tuple((row.applicant_name, row.service_name, number) for row, number in well_formed),
        faults=tuple(sorted(faults, key=lambda each: each.place)),
        questions=tuple(
            sorted([*_broken_names(rows), *_names_of_heads(well_formed)], key=lambda each: each.place)
        ),
    )


# ---------------------------------------------------------------- one row


def _positions(rows: Sequence[ReadRow]) -> Iterator[Finding]:
    """Positions run from 1 without a gap; a list without the column is in the order of its rows."""
    if not any(row.position for row in rows):
        return
    expected = 1
    for row in rows:
        if not (row.position.isdecimal() and len(row.position) < 10):
            yield Finding(row.place, "position_not_a_number", {"found": row.position})
            expected += 1
            continue
        found = int(row.position)
        if found != expected:
            yield Finding(row.place, "position_unexpected", {"found": found, "expected": expected})
        expected = found + 1


def _name_faults(row: ReadRow, name: str) -> Iterator[Finding]:
    text = getattr(row, name)
    if not text:
        yield Finding(row.place, f"{name}_empty")
    if len(text) > MAXIMUM_NAME_LENGTH:
        yield Finding(row.place, f"{name}_too_long", {"found": len(text), "maximum": MAXIMUM_NAME_LENGTH})
    # The name of a service prints its code points; that of an applicant says who it is.
    if name == "applicant_name" and (missing := unprintable(text)):
        yield Finding(
            row.place, "applicant_name_unprintable", {"characters": " ".join(map(code_point, missing))}
        )


def _broken_names(rows: Iterable[ReadRow]) -> Iterator[Finding]:
    for row in rows:
        for name in row.doubtful:
            yield Finding(row.place, f"{name}_broken", {"found": getattr(row, name)})


def _number_faults(row: ReadRow, number: FilingNumber, published_on: date) -> Iterator[Finding]:
    if number.year > published_on.year:
        yield Finding(
            row.place, "number_of_a_later_year", {"found": number.year, "latest": published_on.year}
        )
    province = province_of(number.division_code)
    stated = row.province
    if (
        stated
        and stated not in (province.name, province.abbreviation)
        and not province.name.startswith(stated)
    ):
        yield Finding(row.place, "province_differs", {"found": stated, "expected": province.name})


# ---------------------------------------------------------------- rows among each other


def _twice(rows: Iterable[tuple[ReadRow, FilingNumber]]) -> Iterator[Finding]:
    first: dict[FilingNumber, Place] = {}
    for row, number in rows:
        if number in first:
            yield Finding(row.place, "number_twice", {"number": str(number), "first": first[number]})
        first.setdefault(number, row.place)


def _serials(rows: Sequence[tuple[ReadRow, FilingNumber]]) -> Iterator[Finding]:
    """A serial belongs to one applicant: to one head, and one that was issued here has no numbers elsewhere."""
    heads = {
        head.serial: (head_text(head), head.is_imported)
        for head in heads_with_serials([number for _row, number in rows])
    }
    for row, number in rows:
        head, is_imported = heads.setdefault(number.serial, (number.head, True))
        if head != number.head:
            yield Finding(row.place, "serial_of_another_head", {"serial": number.serial, "head": head})
        elif not is_imported:
            yield Finding(row.place, "head_issued_here", {"head": head})


def _names_of_heads(rows: Iterable[tuple[ReadRow, FilingNumber]]) -> Iterator[Finding]:
    first: dict[str, ReadRow] = {}
    for row, number in rows:
        before = first.setdefault(number.head, row)
        if before.applicant_name != row.applicant_name:
            facts = {"head": number.head, "name": before.applicant_name, "first": before.place}
            yield Finding(row.place, "head_under_two_names", facts)


def _in_register(rows: Sequence[tuple[ReadRow, FilingNumber]]) -> Iterator[Finding]:
    texts = [str(number) for _row, number in rows]
    known: set[str | None] = set()
    lists: dict[str, int | None] = {}
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        known.update(Filing.objects.filter(number__in=part).values_list("number", flat=True))
        lists |= dict(BatchEntry.objects.filter(number__in=part).values_list("number", "batch_list__number"))
    for row, number in rows:
        text = str(number)
        if lists.get(text) is not None:
            yield Finding(row.place, "number_in_list", {"number": text, "list": lists[text]})
        elif text in known:
            yield Finding(row.place, "number_in_register", {"number": text})
