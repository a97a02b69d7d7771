"""What the database holds, as one value that changes with every row."""

from __future__ import annotations

from django.db import connection

# Every request may touch them: the visitor's own session, and counters of what may be done only so often.
_UNSTEADY = {"django_migrations", "registry_accountsession"}


def fingerprint(*, leave_out: frozenset[str] = frozenset()) -> dict[str, str]:
    """Table by table, the number of rows and a digest of their content."""
    tables = sorted(set(connection.introspection.table_names()) - _UNSTEADY - leave_out)
    parts = [
        f"SELECT '{table}', count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '')"
        f' FROM "{table}" t'
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """The tables whose rows differ."""
    return sorted(table for table in before if before[table] != after[table])
