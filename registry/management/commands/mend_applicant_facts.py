"""`manage.py mend_applicant_facts`: brings the decided facts of applicants into filings that name them differently.

A register that is older than the one home of an applicant's facts may hold filings under its former name;
`check_register` reports them as `filing_names_applicant_differently` and `applicant_facts_without_decision`.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from registry.book import ledger
from registry.errors import FilingError
from registry.integrity.applicants import applicants_at_fault


class Command(BaseCommand):
    """Mends one applicant in one transaction; without --apply it rolls each of them back. No name is printed."""

    help = "Brings approved changes of applicants into filings that missed them; without --apply it only lists them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--apply", action="store_true", help="Write the events; otherwise only list them."
        )

    def handle(self, *_args: Any, apply: bool, **_options: Any) -> None:
        refused = filings = applicants = 0
        for applicant_id in applicants_at_fault():
            try:
                with transaction.atomic():
                    events = ledger.mend_facts(applicant_id)
                    transaction.set_rollback(not apply)
            except FilingError as refusal:
                refused += 1
                self.stderr.write(f"{applicant_id}: {refusal.code}")
                continue
            applicants, filings = applicants + 1, filings + len(events)
            self.stdout.write(f"{applicant_id}: {len(events)} filings")
            for event in events:
                self.stdout.write(f"  {event.stream_id}")
        done = "mended" if apply else "to mend"
        self.stdout.write(f"{done}: {applicants} applicants, {filings} filings; {refused} refused")
        if refused:
            sys.exit(1)
