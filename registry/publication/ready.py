"""Public records as they were written ahead, read only while they are what the register would say now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple
from weakref import WeakSet

from django.db import InterfaceError, OperationalError, connection

from registry.rules.batches.lifecycle import PUBLIC_STATES

# Words of this file and of the table of acts; what is asked comes as parameters.
_STATES = ", ".join(f"'{state.value}'" for state in sorted(PUBLIC_STATES))
# Everything that the bytes were made from stands beside them and is compared with what it is at this moment.
_IS_CURRENT = f"""
    kept.filing_id = filing.id
    AND kept.edition = %s
    AND kept.sequence = filing.last_event_sequence
    AND kept.names = (SELECT digest FROM registry_namesversion)
    AND kept.listings = (
        SELECT count(*) FROM registry_batchentry AS entry
        JOIN registry_batchlist AS list ON list.id = entry.batch_list_id
        WHERE entry.filing_id = filing.id AND list.state IN ({_STATES})
    )
"""  # noqa: S608  # nosec B608
_ONE = f"""
SELECT kept.body, kept.sha256 FROM registry_filing AS filing
JOIN registry_publishedrecord AS kept ON {_IS_CURRENT}
WHERE filing.number = %s
"""  # noqa: S608  # nosec B608
_SOME = f"""
SELECT filing.number, kept.body FROM registry_filing AS filing
JOIN registry_publishedrecord AS kept ON {_IS_CURRENT}
WHERE filing.number IN (%s)
"""  # noqa: S608  # nosec B608
_MANY = f"""
SELECT filing.id, filing.number, kept.body FROM registry_filing AS filing
LEFT JOIN registry_publishedrecord AS kept ON {_IS_CURRENT}
WHERE filing.number > %s ORDER BY filing.number LIMIT %s
"""  # noqa: S608  # nosec B608


class ReadyRecord(NamedTuple):
    """The bytes of a public record, and their SHA-256."""

    body: bytes
    sha256: str


class NumberedFiling(NamedTuple):
    """A filing with a number; `body` is its public record where one is ready."""

    filing_id: uuid.UUID
    number: str
    body: bytes | None


def ready_record(number: str, *, edition: str) -> ReadyRecord | None:
    """The record of this number if it was written ahead and nothing has changed since, in one query; else None."""
    row = _one(edition, number)
    return None if row is None else ReadyRecord(bytes(row[0]), row[1])


def ready_records(numbers: Sequence[str], *, edition: str) -> dict[str, bytes]:
    """The bytes of those of these numbers that are ready, in one query."""
    if not numbers:
        return {}
    statement = _SOME % ("%s", ", ".join(["%s"] * len(numbers)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [edition, *numbers])
        return {number: bytes(body) for number, body in cursor.fetchall()}


def numbered_filings(*, edition: str, after: str, most: int) -> list[NumberedFiling]:
    """At most `most` filings with numbers after one, in order of the numbers, all of which are public."""
    with connection.cursor() as cursor:
        cursor.execute(_MANY, [edition, after, most])
        rows = cursor.fetchall()
    return [
        NumberedFiling(uuid.UUID(str(filing)), number, None if body is None else bytes(body))
        for filing, number, body in rows
    ]


def _one(edition: str, number: str) -> tuple[Any, ...] | None:
    """The row of a record that is ready.

    The read is itself the test of a connection that is kept between requests: it is asked again on a new one where the
    old one is lost, instead of asking each time first.
    """
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _fetch_one(edition, number)
    except (InterfaceError, OperationalError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _fetch_one(edition, number)


# The connections to PostgreSQL on which the statement is prepared: to plan it takes longer than to do it.
_prepared: WeakSet[Any] = WeakSet()


def _fetch_one(edition: str, number: str) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(_ONE, [edition, number])
        else:
            if connection.connection not in _prepared:
                cursor.execute(f"PREPARE ready_record (text, text) AS {_ONE % ('$1', '$2')}")
                _prepared.add(connection.connection)
            cursor.execute("EXECUTE ready_record (%s, %s)", [edition, number])
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
