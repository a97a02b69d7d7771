"""`manage.py carry_over`: brings what the version before left to the form that this version reads.

A release that fails is taken back by starting the version before, which goes on working on the new tables without
knowing all of them. When this version is started again, what was added meanwhile is brought up to date. Run it after
`migrate`; it may run any number of times, and mostly finds nothing.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.integrity.search_columns import (
    mend_former_names,
    mend_unfilled_case_search,
    mend_unfilled_search_columns,
)
from registry.streams.backfill import carry_members_over, fill_effects


class Command(BaseCommand):
    """Fills in what is missing; a second run changes nothing."""

    help = "Brings what the version before left to the form of this one. Run after each migration."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"Acts about members carried over: {carry_members_over()}.")
        self.stdout.write(f"Effects of events carried over: {fill_effects()}.")
        self.stdout.write(f"Filings made findable by the public search: {mend_unfilled_search_columns()}.")
        self.stdout.write(f"Filings made findable by former names: {mend_former_names()}.")
        self.stdout.write(f"Cases made findable by the offices' search: {mend_unfilled_case_search()}.")
