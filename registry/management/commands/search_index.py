"""`manage.py search_index`: what the searches stand on: former names, the form of the text, the marks, the cases."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from registry.integrity.search_columns import mend_all_case_search, mend_all_search_columns


class Command(BaseCommand):
    """Mends what is missing while the portal goes on; a second run changes nothing."""

    help = "Mends what finds filings and cases in the searches, where a version before left it out."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(
            f"Filings that the search could not find as it should, mended: {mend_all_search_columns()}."
        )
        self.stdout.write(
            f"Cases that the offices' search could not find as it should, mended: {mend_all_case_search()}."
        )
