"""`manage.py search_index`: what the public search stands on: former names, and indexes for parts of names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

from registry.integrity.former_names import mend_all_former_names

# As the search compares: case-insensitively, which Django writes as UPPER(column::text).
INDEXES: Mapping[str, tuple[str, ...]] = {
    "filing_by_part": ("applicant_name", "service_name", "number"),
    "filing_by_part_of_former_name": ("former_applicant_names", "former_service_names"),
}
# Only what the public may see is ever searched.
CONDITION = "standing IN ('in_force', 'cancelled', 'struck_off')"


class Command(BaseCommand):
    """Makes what is missing while the portal goes on; needs the owner of the database, and pg_trgm for the indexes."""

    help = "Mends former names, and makes the trigram indexes of the search, after pg_trgm was installed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        mended = mend_all_former_names()
        if mended:
            self.stdout.write(f"The former names of {mended} filings were missing and are there.")
        if connection.vendor != "postgresql":
            self.stdout.write("Only PostgreSQL has these indexes; none was made.")
            return
        with connection.cursor() as cursor:
            try:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                for index, columns in INDEXES.items():
                    parts = ", ".join(f"UPPER({column}::text) gin_trgm_ops" for column in columns)
                    # Outside a transaction, so that nobody waits who writes to the table meanwhile.
                    cursor.execute(
                        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON registry_filing"
                        f" USING gin ({parts}) WHERE {CONDITION}"
                    )
                    self.stdout.write(f"The index {index} is there.")
            except ProgrammingError as error:
                raise CommandError(
                    "The owner of the database must run this, and pg_trgm must be installed."
                ) from error
