"""`manage.py import_list`: takes over a batch list that was published before the register began."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from registry.batches.importing.checking import Finding
from registry.batches.importing.importing import ImportRefused, Outcome, import_file
from registry.batches.importing.reading import ListUnreadable
from registry.errors import TransitionNotAllowed
from registry.management.arguments import day
from registry.management.commands.filing_number import REASONS

_NAMES = {"applicant_name": "the applicant's name", "service_name": "the service's name"}
_FINDINGS = {
    **{f"number_{code}": f"the filing number: {reason}" for code, reason in REASONS.items()},
    **{f"{key}_empty": f"{name} is missing" for key, name in _NAMES.items()},
    **{
        f"{key}_too_long": f"{name} has {{found}} characters, {{maximum}} are the most"
        for key, name in _NAMES.items()
    },
    "applicant_name_unprintable": "the applicant's name has characters that cannot be printed: {characters}",
    **{
        f"{key}_broken": f"{name} is broken between lines, where a space may have stood or not: “{{found}}”"
        for key, name in _NAMES.items()
    },
    "position_not_a_number": "the position “{found}” is not a number",
    "position_unexpected": "the position is {found}, where {expected} is expected",
    "number_of_a_later_year": "the filing number is of {found}, the list of {latest}",
    "province_differs": "the province is given as {found}, and the number is of {expected}",
    "number_twice": "{number} stands in {first} already",
    "number_in_list": "{number} stands in batch list {list} already",
    "number_in_register": "{number} is in the register already",
    "serial_of_another_head": "the serial {serial} belongs to the numbers that begin with {head}",
    "head_issued_here": "the numbers that begin with {head} are issued by this register, and this is none of them",
    "head_under_two_names": "the numbers that begin with {head} are of “{name}” in {first}",
}
_REFUSALS = {
    "file_missing": "there is no file {file}",
    "file_too_large": "{file} has more than {maximum} bytes",
    "format_unknown": "a {format} file cannot be read: save the table as CSV, XLSX, DOCX or PDF",
    "file_damaged": "the file is damaged, or is no table",
    "header_missing": (
        "no row of a table names the columns 主体名称, 服务名称 and 备案编号; "
        "in a PDF, lines must be drawn around the cells"
    ),
    "page_without_text": "page {page} is a picture: nothing can be read from it",
    "table_differs": "on {place} there is a filing number outside the columns of the list",
    "no_rows": "nothing stands below the header",
    "too_many_rows": "{found} rows are too many, {maximum} are the most",
    "published_in_future": "{day} lies in the future",
    "another_list_there": "the register has another batch list {number}",
    "list_has_entries": "the list has no entry",
    "list_number_next": "lists are imported in the order of their numbers, and {number} is not the next",
    "list_before_own_lists": "the register has published a list of its own: earlier ones come before that",
}


class Command(BaseCommand):
    """Prints one line per fault and question with the row's number; exit status 1 when there is a fault."""

    help = (
        "Takes over a batch list published before the register began, from CSV, XLSX, DOCX or PDF: "
        "all of it or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--batch", type=_number, required=True, metavar="N", help="the number of the list"
        )
        parser.add_argument(
            "--published-on", type=day, required=True, metavar="DAY", help="as in 2019-03-30, in China"
        )
        parser.add_argument("--dry-run", action="store_true", help="check every row, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        number = options["batch"]
        try:
            outcome = import_file(
                options["file"],
                number=number,
                published_on=options["published_on"],
                writes=not options["dry_run"],
            )
        except (ListUnreadable, ImportRefused, TransitionNotAllowed) as refusal:
            reason = _REFUSALS[refusal.code].format(**{"number": number, **refusal.facts})
            self.stderr.write(f"Nothing was imported: {reason}.")
            sys.exit(1)
        for finding in outcome.faults:
            self.stdout.write(_line("fault", finding))
        for finding in outcome.questions:
            self.stdout.write(_line("question", finding))
        counts = f"{outcome.count} rows, {len(outcome.faults)} faults, {len(outcome.questions)} questions"
        self.stdout.write(f"{counts}: {_what_was_done(outcome, number)}")
        if outcome.faults:
            sys.exit(1)


def _line(what: str, finding: Finding) -> str:
    return f"{finding.place}: {what}: {_FINDINGS[finding.code].format(**finding.facts)}"


def _what_was_done(outcome: Outcome, number: int) -> str:
    if outcome.is_written:
        return f"imported as batch list {number}."
    if outcome.is_there:
        return f"batch list {number} is in the register already, with the same rows; nothing was changed."
    if outcome.faults:
        return "nothing was imported."
    return "nothing is at fault; without --dry-run the list is imported."


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < len(text) < 5 or int(text) == 0:
        raise ArgumentTypeError(f"{text} is not the number of a list")
    return int(text)
