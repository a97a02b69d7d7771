"""The search of the public register: its criteria, and how text matches names, former ones too, and numbers.

The text may have several words in any order, half-width or full-width characters, and parts of a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from registry.clock import CHINA
from registry.rules.codes import filing_number
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.particulars.public import published_columns

if TYPE_CHECKING:
    from registry.models import Filing

MAXIMUM_QUERY_LENGTH = 100
_MAXIMUM_TERMS = 5
# Every name that is found, and the column that keeps those before it, one a line.
FORMER_NAMES: Mapping[str, str] = {
    column.name: f"former_{column.name}s" for column in published_columns() if column.is_name
}

_ABBREVIATIONS = "".join(province.abbreviation for province in PROVINCES)
_PART_OF_NUMBER = re.compile(rf"[{_ABBREVIATIONS}]?(?:网信备?|备)?[0-9]*X?\Z")
_BODY = re.compile(r"[0-9]{19}[0-9X]\Z", re.ASCII)
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-Z]+\Z", re.ASCII)
_HALF_TO_FULL = str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of a search; an empty one is ignored.

    `numbered_from` and `numbered_to` are days in China on which the number was issued, both inclusive.
    """

    text: str = ""
    province_code: str = ""
    category: str = ""
    chain_kind: str = ""
    main_chain: str = ""
    application_field: str = ""
    standing: str = ""
    numbered_from: date | None = None
    numbered_to: date | None = None


def is_meant_as_number(text: str) -> bool:
    """Whether the text is meant as one whole filing number, well formed or not."""
    written = filing_number.normalise(text)
    if not written or len(text) > MAXIMUM_QUERY_LENGTH:
        return False
    if filing_number.is_valid(text):
        return True
    before, mark, after = written.removesuffix("号").rpartition(filing_number.MARK)
    if mark:
        is_whole = len(after) == filing_number.LENGTH or text.rstrip().endswith("号")
        return is_whole and len(before) <= 1 and bool(_LETTERS_AND_DIGITS.match(after))
    return bool(_BODY.match(after))


def matching(filings: QuerySet[Filing], criteria: Criteria) -> QuerySet[Filing]:
    """The filings that meet all criteria."""
    found = filings
    terms = _terms_of(criteria.text)
    if terms:
        in_names = Q()
        for term in terms[:_MAXIMUM_TERMS]:
            in_names &= _has_name_part(term) | _has_number_part(term)
        found = found.filter(in_names | _has_number_part(" ".join(terms)))
    elif criteria.text[:MAXIMUM_QUERY_LENGTH].strip():
        return filings.none()
    exact = {
        "province_code": criteria.province_code,
        "standing": criteria.standing,
        "columns__chain_kind": criteria.chain_kind,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    # A code within a JSON list, found on both databases: codes are plain words between quotation marks.
    for name, code in (
        ("categories", criteria.category),
        ("main_chains", criteria.main_chain),
        ("application_fields", criteria.application_field),
    ):
        if code:
            found = found.filter(**{f"columns__{name}__icontains": f'"{code}"'})
    if criteria.numbered_from is not None:
        found = found.filter(numbered_at__gte=_start_of(criteria.numbered_from))
    if criteria.numbered_to is not None:
        found = found.filter(numbered_at__lt=_start_of(criteria.numbered_to) + timedelta(days=1))
    return found


def former_names_meant(text: str, row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The former names by which the text finds the filing of this row, by their columns.

    A word that the number or a name of today contains means no former name.
    """
    today = [row["number"], *(row["columns"].get(column) or "" for column in FORMER_NAMES)]
    terms = [term for term in _terms_of(text)[:_MAXIMUM_TERMS] if not _has_any(term, today)]
    found: dict[str, tuple[str, ...]] = {}
    for column, kept in FORMER_NAMES.items():
        former = [name for name in row[kept].split("\n") if name not in ("", row["columns"].get(column))]
        meant = tuple(name for name in former if any(_has_any(term, [name]) for term in terms))
        if meant:
            found[column] = meant
    return found


def _has_any(term: str, texts: Iterable[str]) -> bool:
    spellings = [spelling.upper() for spelling in _spellings(term)]
    return any(spelling in text.upper() for text in texts for spelling in spellings)


def _terms_of(text: str) -> list[str]:
    printable = (each if each.isprintable() else " " for each in text[:MAXIMUM_QUERY_LENGTH])
    return "".join(printable).split()


def _has_name_part(term: str) -> Q:
    found = Q()
    for spelling in _spellings(term):
        for column in (*FORMER_NAMES, *FORMER_NAMES.values()):
            found |= Q(**{f"{column}__icontains": spelling})
    return found


def _has_number_part(text: str) -> Q:
    """The condition that the number contains the text; never true for a text that no number can contain."""
    part = filing_number.normalise(text).removesuffix("号")
    return Q(number__icontains=part) if part and _PART_OF_NUMBER.match(part) else Q(pk__in=[])


def _spellings(term: str) -> Iterable[str]:
    """The term as typed, in half-width characters, and with full-width brackets."""
    narrow = unicodedata.normalize("NFKC", term)
    return dict.fromkeys((term, narrow, narrow.translate(_HALF_TO_FULL)))


def _start_of(day: date) -> datetime:
    """Midnight in China."""
    return datetime.combine(day, time.min, tzinfo=CHINA).astimezone(UTC)
