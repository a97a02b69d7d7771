"""How many filings meet the criteria of a search, and how many of them have each code of each facet."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from redis.exceptions import RedisError

from registry.models import Filing
from registry.publication.search import Criteria, matching
from registry.rules import facets

# Beyond this, what a text or days find is not counted, so that a search does not scan the whole register.
COUNTED_UP_TO = 5_000
_KEPT_SECONDS = 300
_TOTAL = ""
# One row for each mark; the first has the number of filings.
_SUMMED = """
WITH found AS MATERIALIZED (SELECT facets, count(*) AS filings FROM ({inner}) AS each GROUP BY facets)
SELECT '', coalesce(sum(filings), 0)::bigint FROM found
UNION ALL
SELECT mark, sum(filings)::bigint
FROM found CROSS JOIN unnest(string_to_array(btrim(facets, E'\\n'), E'\\n')) AS mark GROUP BY mark
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """The filings counted, and by facet and code how many have it.

    When there are COUNTED_UP_TO or more and not all were counted, `is_whole` is False and the counts are those of the
    latest COUNTED_UP_TO.
    """

    filings: int
    by_facet: Mapping[str, Mapping[str, int]]
    is_whole: bool = True


def tally(filings: QuerySet[Filing], criteria: Criteria) -> Tally:
    """Counts the filings that meet the criteria; what is chosen by facets alone is counted whole, in one index.

    A large count that is whole is kept for five minutes.
    """
    if not criteria.is_of_facets_only:
        latest = matching(filings, criteria).order_by("-numbered_at", "-id")[:COUNTED_UP_TO]
        counted = _count(latest)
        return _tally(counted, is_whole=counted[_TOTAL] < COUNTED_UP_TO)
    key = f"publication.tally.{hashlib.sha256(repr(sorted(criteria.marks)).encode()).hexdigest()}"
    # An unreachable cache costs a count at each request, and nothing else.
    with suppress(OSError, RedisError):
        if isinstance(kept := cache.get(key), dict):
            return _tally(kept)
    counted = _count(matching(filings, criteria, uses_parts=False).order_by())
    if counted[_TOTAL] >= COUNTED_UP_TO:
        with suppress(OSError, RedisError):
            cache.set(key, counted, _KEPT_SECONDS)
    return _tally(counted)


def _tally(counted: Mapping[str, int], *, is_whole: bool = True) -> Tally:
    by_facet: dict[str, dict[str, int]] = {facet.name: {} for facet in facets.FACETS}
    for mark, filings in counted.items():
        name, code = facets.read_mark(mark)
        if name in by_facet:
            by_facet[name][code] = filings
    return Tally(counted[_TOTAL], by_facet, is_whole)


def _count(found: QuerySet[Filing]) -> dict[str, int]:
    """The number of filings by mark, and that of all."""
    marks = found.values("facets")
    if connection.vendor == "postgresql":
        return _count_in_database(marks)
    counted: Counter[str] = Counter()
    for row in marks.iterator():
        counted[_TOTAL] += 1
        counted.update(mark for mark in row["facets"].split(facets.SEPARATOR) if mark)
    return {_TOTAL: 0, **counted}


def _count_in_database(marks: QuerySet[Filing, Any]) -> dict[str, int]:
    try:
        inner, parameters = marks.query.sql_with_params()
    except EmptyResultSet:
        return {_TOTAL: 0}
    with connection.cursor() as cursor:
        cursor.execute(_SUMMED.format(inner=inner), parameters)
        return dict(cursor.fetchall())
