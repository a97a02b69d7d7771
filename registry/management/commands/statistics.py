"""`manage.py statistics`: the figures of a list or of the register as of a day, as the statistics pages give them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry import clock
from registry.statistics import public
from registry.statistics.public import Counted


class Command(BaseCommand):
    """Prints the figures as JSON, or with one figure a line."""

    help = "The public statistics: --batch NUMBER for one list, --as-of DAY for the whole register (default today)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        asked = parser.add_mutually_exclusive_group()
        asked.add_argument("--batch", type=int, metavar="NUMBER", help="the number of a published list")
        asked.add_argument("--as-of", metavar="DAY", help="a day in China, YYYY-MM-DD; not after today")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        number = options["batch"]
        found = _of_register(_day(options["as_of"])) if number is None else _of_list(number)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            for name, value in _lines(found):
                self.stdout.write(f"{name}: {value}")


def _of_list(number: int) -> dict[str, Any]:
    found = public.list_figures(number)
    if found is None:
        raise CommandError(f"There is no published list with the number {number}.")
    return {
        "batch": found.number,
        "published_on": found.published_on.isoformat(),
        "services": found.services,
        "applicants": found.applicants,
        "cumulative_services": found.cumulative_services,
        "growth_percent": _number(found.growth.percent if found.growth else None),
        "provinces": _by_code(found.provinces),
    }


def _of_register(as_of: date) -> dict[str, Any]:
    found = public.register_figures(as_of)
    return {
        "as_of": found.as_of.isoformat(),
        "services": found.services,
        "applicants": found.applicants,
        "recorded": found.recorded,
        "ended": {standing.value: count for standing, count in found.ended.items()},
        "lists": found.lists,
        "listed": found.listed,
        "applicants_by_services": {str(each.services): each.applicants for each in found.several},
        "provinces": _by_code(found.provinces),
        "jurisdictions": _by_code(found.jurisdictions),
        **{name: _by_code(rows) for name, rows in found.breakdowns.items()},
    }


def _by_code(rows: Iterable[Counted]) -> dict[str, dict[str, Any]]:
    return {
        row.code: {"services": row.share.count, "share_percent": _number(row.share.percent)} for row in rows
    }


def _number(percent: Decimal | None) -> float | None:
    """The percentage as JSON writes numbers; two decimals are exact in print."""
    return None if percent is None else float(percent)


def _day(text: str | None) -> date:
    if text is None:
        return clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a date like 2026-11-22.") from None
    if not public.FIRST_DAY <= day <= clock.today():
        raise CommandError(f"Give a day from {public.FIRST_DAY} to {clock.today()}.")
    return day


def _lines(found: dict[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _lines(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
