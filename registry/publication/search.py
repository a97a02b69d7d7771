"""The search of the public register: its criteria, and how text matches names and numbers.

The text may have several words in any order, half-width or full-width characters, and parts of a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from registry.clock import CHINA
from registry.rules.codes import filing_number
from registry.rules.codes.jurisdictions import PROVINCES

if TYPE_CHECKING:
    from registry.models import Filing

MAXIMUM_QUERY_LENGTH = 100
_MAXIMUM_TERMS = 5

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
    text = criteria.text[:MAXIMUM_QUERY_LENGTH]
    terms = "".join(each if each.isprintable() else " " for each in text).split()
    if terms:
        in_names = Q()
        for term in terms[:_MAXIMUM_TERMS]:
            in_names &= _has_name_part(term) | _has_number_part(term)
        found = found.filter(in_names | _has_number_part(" ".join(terms)))
    elif text.strip():
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


def _has_name_part(term: str) -> Q:
    found = Q()
    for spelling in _spellings(term):
        found |= Q(applicant_name__icontains=spelling) | Q(service_name__icontains=spelling)
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
