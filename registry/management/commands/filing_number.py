"""`manage.py filing_number check`: says for each text whether it is a well-formed filing number."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.rules.codes.filing_number import parse
from registry.rules.errors import NotAFilingNumber

REASONS = {
    "empty": "nothing was given",
    "prefix_unknown": "the prefix {found} is not a province's abbreviation followed by 网信备",
    "prefix_mismatch": "the prefix {found} does not fit division {division_code}, which is in {expected}",
    "length": "{expected} characters are expected between prefix and 号, {found} found",
    "characters": "character {position} is {found}, where a digit is expected",
    "check_character": "the check character is wrong",
    "division_unknown_province": "no province has a division code like {division_code}",
    "year": "the year {found} lies before the first filings in {earliest}",
    "sequence": "the sequence {found} is not a number from 001 to 999",
}


class Command(BaseCommand):
    """Prints `OK <normalised number>` or `BAD <text as given> <reason>` per text; exit status 1 if any is bad."""

    help = "Check filing numbers given as arguments, or one per line on standard input."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check"])
        parser.add_argument("numbers", nargs="*", metavar="NUMBER")

    def handle(self, *_args: Any, **options: Any) -> None:
        texts: Iterable[str] = options["numbers"] or _standard_input()
        checked = bad = 0
        for text in texts:
            checked += 1
            try:
                line = f"OK {parse(text)}"
            except NotAFilingNumber as refusal:
                bad += 1
                line = f"BAD {_on_one_line(text)} {REASONS[refusal.code].format(**refusal.facts)}"
            self.stdout.write(_printable(line))
        if bad:
            raise CommandError(f"{bad} of {checked} not well formed")


def _standard_input() -> Iterator[str]:
    """The non-empty lines of standard input."""
    buffer = getattr(sys.stdin, "buffer", None)
    lines: Iterable[bytes | str] = sys.stdin if buffer is None else buffer
    for line in lines:
        text = line.decode("utf-8-sig", errors="replace") if isinstance(line, bytes) else line
        text = text.rstrip("\r\n")
        if text.strip():
            yield text


def _on_one_line(text: str) -> str:
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def _printable(line: str) -> str:
    """The line with lone surrogates escaped; arguments in a broken encoding contain them."""
    return line.encode("utf-8", errors="backslashreplace").decode("utf-8")
