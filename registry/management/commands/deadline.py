"""`manage.py deadline`: due days by the shipped calendar, for dates given as arguments or as CSV on stdin."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.rules.days.deadlines import Period, deadline, find_period
from registry.rules.days.official_days import shipped_calendar
from registry.rules.errors import CalendarOutOfRange, PeriodUnknown

HEADER = "period,event_date"
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)
# Where the question stands (for the error message), and its cells: period and date.
Question = tuple[str, list[str]]


class _Unanswerable(Exception):
    """One question cannot be answered; the command goes on with the others."""


class Command(BaseCommand):
    """Prints a line `period,event_date,due_date,provisional` for each question, without a header.

    Exit status 1 if any question failed. For a cancellation the event date is the end of the service, and the due
    date the last lawful day to submit.
    """

    help = "Compute due days: PERIOD and one or more dates, or --csv with lines period,event_date."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", nargs="?", metavar="PERIOD", help=", ".join(Period))
        parser.add_argument("dates", nargs="*", metavar="DATE", help="YYYY-MM-DD")
        parser.add_argument("--csv", action="store_true", help="read lines period,event_date")

    def handle(self, *_args: Any, **options: Any) -> None:
        asked = options["period"] is not None
        if options["csv"] == asked:
            raise CommandError("Give either PERIOD and DATE, or --csv.")
        if asked and not options["dates"]:
            raise CommandError("Give at least one DATE.")
        failed = 0
        questions = (
            _from_standard_input() if options["csv"] else _from_arguments(options["period"], options["dates"])
        )
        for where, cells in questions:
            try:
                self.stdout.write(_answer(cells))
            except _Unanswerable as reason:
                failed += 1
                self.stderr.write(f"{where}: {reason}")
        if failed:
            raise CommandError(f"{failed} could not be answered")


def _answer(cells: list[str]) -> str:
    if len(cells) != 2:
        raise _Unanswerable("a period and a date are expected, with one comma between them")
    period_name, event_date = cells
    try:
        period = find_period(period_name)
    except PeriodUnknown as refusal:
        known = ", ".join(refusal.facts["known"])
        raise _Unanswerable(f"{period_name!r} is not a period; known are {known}") from None
    event_on = _date(event_date)
    try:
        found = deadline(period, event_on, shipped_calendar())
    except CalendarOutOfRange as refusal:
        first, last = refusal.facts["first_day"], refusal.facts["last_day"]
        raise _Unanswerable(
            f"the period from {event_on} leaves the calendar, which runs from {first} to {last}"
        ) from None
    provisional = "true" if found.provisional else "false"
    return f"{period},{event_on},{found.due_on},{provisional}"


def _date(text: str) -> date:
    try:
        if _ISO_DATE.match(text):
            return date.fromisoformat(text)
    except ValueError:
        raise _Unanswerable(f"there is no day {text}") from None
    raise _Unanswerable(f"{text!r} is not a date like 2026-11-22")


def _from_arguments(period: str, dates: Iterable[str]) -> Iterator[Question]:
    for text in dates:
        yield text, [period, text]


def _from_standard_input() -> Iterator[Question]:
    """The questions on standard input, without the header line and empty lines."""
    for number, line in enumerate(_lines(), start=1):
        cells = [cell.strip() for cell in line.split(",")]
        if cells == [""] or (number == 1 and ",".join(cells).lower() == HEADER):
            continue
        yield f"line {number}", cells


def _lines() -> Iterator[str]:
    buffer = getattr(sys.stdin, "buffer", None)
    lines: Iterable[bytes | str] = sys.stdin if buffer is None else buffer
    for line in lines:
        yield line.decode("utf-8-sig", errors="replace") if isinstance(line, bytes) else line
