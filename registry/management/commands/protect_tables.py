"""`manage.py protect_tables`: revokes the portal's privileges to change append-only tables.

Triggers refuse such changes too, but a session can switch the triggers off; it cannot grant itself a privilege. Run
it as the owner of the tables after each migration, because new tables come with all privileges.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from registry.models import Event, RevisionFile

WEB_ROLE = "filing_portal_web"
# The view under which the version before finds the events of filings.
_VIEW_OF_EVENTS = "registry_filingevent"


def forbidden_privileges() -> dict[str, list[str]]:
    """The privileges that only a table's owner may have, by table."""
    forbidden = {
        model._meta.db_table: str(trigger.operation).split(" OR ")
        for model, trigger in pgtrigger.registered()
        # One that keeps single columns as they are leaves the others to the portal.
        if isinstance(trigger, pgtrigger.Protect) and not isinstance(trigger, pgtrigger.ReadOnly)
    }
    forbidden[_VIEW_OF_EVENTS] = forbidden[Event._meta.db_table]
    # A revision's link to a file may be deleted together with the revision, but never changed.
    return {**forbidden, RevisionFile._meta.db_table: ["UPDATE"]}


class Command(BaseCommand):
    """Revokes UPDATE and DELETE on append-only tables; it may run any number of times."""

    help = "Takes from the web role the privileges to change append-only tables. Run after each migration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default=WEB_ROLE, help=f"The portal's database role ({WEB_ROLE}).")

    def handle(self, *_args: Any, role: str, **_options: Any) -> None:
        if connection.vendor != "postgresql" or not self._exists(role):
            self.stdout.write(f"There is no role {role} here; nothing to take from it.")
            return
        quote = connection.ops.quote_name
        with transaction.atomic(), connection.cursor() as cursor:
            for table, privileges in forbidden_privileges().items():
                cursor.execute(f"REVOKE {', '.join(privileges)} ON {quote(table)} FROM {quote(role)}")
                self.stdout.write(f"{role} may not {' or '.join(privileges)} {table}.")

    @staticmethod
    def _exists(role: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            return cursor.fetchone() is not None
