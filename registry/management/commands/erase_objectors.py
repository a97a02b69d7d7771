"""`manage.py erase_objectors`: erases who made the objections that ended long ago, as the daily job does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from registry import clock
from registry.batches.erasure import erase, to_erase


class Command(BaseCommand):
    help = "Erases who objected, what they wrote and their files, OBJECTION_RETENTION_DAYS after the end."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="says how many, and erases nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = clock.now()
        found = to_erase(at)
        if options["dry_run"]:
            self.stdout.write(f"Objections to erase: {len(found)}.")
            return
        erased = sum(erase(objection_id, at=at) for objection_id in found)
        self.stdout.write(f"Objections erased: {erased}.")
