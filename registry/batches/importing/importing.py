"""Takes a list over that was published before the register began: all of it in one step, or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from registry import clock
from registry.batches import lists
from registry.batches.importing.checking import CheckedList, Finding, check
from registry.batches.importing.reading import ReadRow, read_list
from registry.errors import FilingError
from registry.models import BatchList
from registry.rules.batches.events import PublishedRow, rows_sha256
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes.jurisdictions import province_code_of


class ImportRefused(FilingError):
    """The list cannot be imported; the code says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import found and did: `is_written` when the list was taken over by this run.

    `is_there` says that the register has exactly this list already.
    """

    count: int
    faults: tuple[Finding, ...] = ()
    questions: tuple[Finding, ...] = ()
    is_written: bool = False
    is_there: bool = False


def import_file(path: Path, *, number: int, published_on: date, writes: bool) -> Outcome:
    """Reads a file, checks every row, and, if it `writes` and nothing is at fault, takes the list over.

    Running again with the same file changes nothing. Raises ListUnreadable, ImportRefused ("published_in_future",
    "another_list_there"), TransitionNotAllowed for a number that is not the next.
    """
    rows = read_list(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return import_rows(
        rows, number=number, published_on=published_on, source=(path.name, digest), writes=writes
    )


@transaction.atomic
def import_rows(
    rows: list[ReadRow], *, number: int, published_on: date, source: tuple[str, str], writes: bool
) -> Outcome:
    """The same for rows that were read; `source` is the file's name and SHA-256."""
    if published_on > clock.today():
        raise ImportRefused("published_in_future", day=published_on.isoformat())
    if writes:
        lists.lock_for_import()
    there = BatchList.objects.filter(kind=ListKind.FILINGS.value, number=number).first()
    if there is not None:
        return _compared(there, rows, published_on)
    lists.refuse_import(number)
    checked = check(rows, published_on=published_on)
    if writes and not checked.faults:
        lists.import_list(
            checked.rows,
            number=number,
            published_on=published_on,
            source_name=source[0],
            source_sha256=source[1],
        )
    return Outcome(
        count=len(rows),
        faults=checked.faults,
        questions=checked.questions,
        is_written=writes and not checked.faults,
    )


def _compared(there: BatchList, rows: list[ReadRow], published_on: date) -> Outcome:
    """What is to be said of a list whose number is in the register. Raises ImportRefused for another one."""
    checked = check(rows, published_on=published_on)
    is_same = (
        len(checked.rows) == len(rows)
        and there.dated_on == published_on
        and rows_sha256(_published(checked)) == there.rows_sha256
    )
    if not there.is_imported or not is_same:
        raise ImportRefused("another_list_there", number=there.number)
    return Outcome(count=len(rows), questions=checked.questions, is_there=True)


def _published(checked: CheckedList) -> list[PublishedRow]:
    return [
        PublishedRow(position, applicant, service, str(number), province_code_of(number.division_code))
        for position, (applicant, service, number) in enumerate(checked.rows, start=1)
    ]
