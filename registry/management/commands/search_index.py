"""`manage.py search_index`: makes the index for parts of names and numbers; PostgreSQL must have the extension."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection

INDEX = "filing_by_part"
# As the search compares: case-insensitively, which Django writes as UPPER(column::text).
COLUMNS = ("applicant_name", "service_name", "number")
# Only what the public may see is ever searched.
CONDITION = "standing IN ('in_force', 'cancelled', 'struck_off')"


class Command(BaseCommand):
    """Makes the index while the portal goes on; does nothing when it is there. Needs the owner of the database."""

    help = "Makes the trigram index of the public search, after pg_trgm was installed on a running system."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if connection.vendor != "postgresql":
            self.stdout.write("Only PostgreSQL has this index; nothing was done.")
            return
        parts = ", ".join(f"UPPER({column}::text) gin_trgm_ops" for column in COLUMNS)
        with connection.cursor() as cursor:
            try:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                # Outside a transaction, so that nobody waits who writes to the table meanwhile.
                cursor.execute(
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {INDEX} ON registry_filing"
                    f" USING gin ({parts}) WHERE {CONDITION}"
                )
            except ProgrammingError as error:
                raise CommandError(
                    "The owner of the database must run this, and pg_trgm must be installed."
                ) from error
        self.stdout.write(f"The index {INDEX} is there.")
