"""Facets of the public register: what filings are counted and filtered by. A new facet is one line in `FACETS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

# Between the marks of a filing, before the first and after the last, so that each is found whole.
SEPARATOR = "\n"
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}\Z")
# More than any service has: an index entry has to hold all marks of a filing.
_MOST_VALUES = 20
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """What a filing's facets are taken from; `numbered_at` is ISO 8601."""

    province_code: str
    standing: str
    end_ground: str
    numbered_at: str | None
    list_number: int | None
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet; `values` gives a filing's codes in it."""

    name: str
    values: Callable[[Classified], Iterable[str]]

    def mark(self, code: str) -> str:
        """How a code of this facet stands among the marks of a filing."""
        return f"{self.name}={code}"


def _column(name: str) -> Callable[[Classified], Iterable[str]]:
    def values(filing: Classified) -> Iterable[str]:
        stated = filing.columns.get(name) or ()
        return (stated,) if isinstance(stated, str) else stated

    return values


def _year(filing: Classified) -> Iterable[str]:
    """China's year in which the number was issued."""
    if filing.numbered_at is None:
        return ()
    return (str(datetime.fromisoformat(filing.numbered_at).astimezone(_CHINA).year),)


def _batch(filing: Classified) -> Iterable[str]:
    return () if filing.list_number is None else (str(filing.list_number),)


FACETS: tuple[Facet, ...] = (
    Facet("province", lambda filing: (filing.province_code,)),
    Facet("batch", _batch),
    Facet("category", _column("categories")),
    Facet("type", _column("service_types")),
    Facet("field", _column("application_fields")),
    Facet("chain_kind", _column("chain_kind")),
    Facet("chain", _column("main_chains")),
    Facet("standing", lambda filing: (filing.standing,)),
    Facet("ground", lambda filing: (filing.end_ground,)),
    Facet("year", _year),
)


def marks_of(filing: Classified) -> str:
    """The filing's marks, one a line between separators; a name that an applicant typed is no code and has none."""
    marks = [
        facet.mark(code)
        for facet in FACETS
        for code in [code for code in facet.values(filing) if _CODE.match(code)][:_MOST_VALUES]
    ]
    return f"{SEPARATOR}{SEPARATOR.join(marks)}{SEPARATOR}"


def read_mark(mark: str) -> tuple[str, str]:
    """The name of the facet and the code that a mark is made of."""
    name, _equals, code = mark.partition("=")
    return name, code
