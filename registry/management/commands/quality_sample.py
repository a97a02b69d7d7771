"""`manage.py quality_sample`: repeats a draw of quality sampling from the events, for whoever wants to prove it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.models import QualityRound
from registry.quality.population import cases_decided
from registry.quality.rounds import drawn_numbers, repeated
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.quality.draw import LEAST_PERCENT, MOST_PERCENT, digest_of_cases, draw


class Command(BaseCommand):
    """Draws again and prints the receipt numbers in the order of the draw; changes nothing."""

    help = (
        "Repeats the draw of a round of quality sampling from the events; exit status 1 where it gives other cases. "
        "Without a round it draws from the given days of an office by the given seed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("round", nargs="?", type=uuid.UUID, help="id of the round, as its page has it")
        parser.add_argument(
            "--office", default=NATIONAL_OFFICE_CODE, help="code of the office, such as 110000"
        )
        parser.add_argument("--first", type=date.fromisoformat, help="first day of decision, inclusive")
        parser.add_argument("--last", type=date.fromisoformat, help="last day of decision, inclusive")
        parser.add_argument("--percent", type=int, help=f"share, {LEAST_PERCENT} to {MOST_PERCENT}")
        parser.add_argument("--seed", help="the seed that is published with the round")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["round"] is not None:
            self._repeat(options["round"])
            return
        missing = [name for name in ("first", "last", "percent", "seed") if options[name] is None]
        if missing:
            raise CommandError(
                f"Give the id of a round, or --first, --last, --percent and --seed. Missing: {', '.join(missing)}."
            )
        if not LEAST_PERCENT <= options["percent"] <= MOST_PERCENT:
            raise CommandError(f"--percent lies between {LEAST_PERCENT} and {MOST_PERCENT}.")
        cases = cases_decided(options["office"], first_on=options["first"], last_on=options["last"])
        numbers = [case.receipt_number for case in cases]
        self._print(numbers, list(draw(numbers, percent=options["percent"], seed=options["seed"])))

    def _repeat(self, round_id: uuid.UUID) -> None:
        found = QualityRound.objects.filter(pk=round_id).first()
        if found is None:
            raise CommandError(f"There is no round {round_id}.")
        numbers, drawn = repeated(found)
        self._print(numbers, drawn)
        if digest_of_cases(numbers) != found.population_sha256:
            raise CommandError("The round was drawn from other cases than the events show now.")
        if drawn != drawn_numbers(found):
            raise CommandError("The round has other cases than its seed draws.")
        self.stdout.write("the same cases as the round has")

    def _print(self, numbers: list[str], drawn: list[str]) -> None:
        for number in drawn:
            self.stdout.write(number)
        self.stdout.write(
            f"{len(drawn)} of {len(numbers)} decided cases, SHA-256 of their receipt numbers {digest_of_cases(numbers)}"
        )
