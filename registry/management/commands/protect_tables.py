"""`manage.py protect_tables`: takes from the running portal the right to change what is only ever added to.

A trigger refuses such changes too, but a session can tell the trigger to look away; no session can give itself a
privilege. Run as the owner of the tables after each migration: new tables come with every right.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from registry.models import RevisionFile

WEB_ROLE = "filing_portal_web"


def forbidden_privileges() -> dict[str, list[str]]:
    """By table, which privileges on it nobody but its owner keeps."""
    forbidden = {
        model._meta.db_table: str(trigger.operation).split(" OR ")
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pgtrigger.Protect)
    }
    # A file may leave a revision only with it, but never become another file's.
    return {**forbidden, RevisionFile._meta.db_table: ["UPDATE"]}


class Command(BaseCommand):
    """Revokes UPDATE and DELETE on append-only tables; may run any number of times."""

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
