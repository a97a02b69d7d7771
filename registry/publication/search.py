"""The search of the public register: its criteria, and how text finds names, former ones too, addresses and numbers.

The text may have several words in any order, each written in any of the ways that `rules/search_form.py` levels, and
parts of a number; or be what stands at the foot of a site, or an organisation's credit code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet

from registry.clock import start_of
from registry.models import Applicant, Filing
from registry.rules.codes import filing_number
from registry.rules.codes.identifiers import unified_social_credit_code
from registry.rules.codes.jurisdictions import abbreviation_of
from registry.rules.codes.other_numbers import NUMBER_PATTERNS
from registry.rules.errors import DivisionUnknown, RuleError
from registry.rules.facets import FACETS
from registry.rules.facets import SEPARATOR as BETWEEN_MARKS
from registry.rules.particulars.public import published_columns
from registry.rules.search_form import SEPARATOR, form_of, host_of

Row = TypeVar("Row")

# Long enough for what stands at the foot of a site.
MAXIMUM_QUERY_LENGTH = 300
_MAXIMUM_TERMS = 5
# Every name that is found, and the column that keeps those before it, one a line.
FORMER_NAMES: Mapping[str, str] = {
    column.name: f"former_{column.name}s" for column in published_columns() if column.is_name
}
# What the search stands on, in the row of a filing.
SEARCH_COLUMNS = frozenset({*FORMER_NAMES.values(), "list_number", "search_form", "facets"})

_BODY = re.compile(r"[0-9]{19}[0-9X]\Z", re.ASCII)
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-Z]+\Z", re.ASCII)
_BETWEEN_WORDS = re.compile(r"[\s,，、;；|]+")
_ADDRESS = re.compile(r"https?://\S|www\.|[\w-]+(?:\.[\w-]+)+(?:[/:?#]|\Z)", re.IGNORECASE)
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_RECEIPT_NUMBER = re.compile(r"(?<![0-9])20[0-9]{2}-[0-9]{2}-[0-9]{6}(?![0-9])", re.ASCII)
_FOUR_DIGITS = re.compile(r"(?=([0-9]{4}))")
# What stands at the foot of a site beside the name of its holder.
_FOOT = re.compile(r"©|copyright|版权所有|ICP[备证]|公网安备", re.IGNORECASE)
_FOOT_WORDS = re.compile(
    r"©|\(c\)|copyright|all rights reserved\.?|版权所有|保留所有权利"
    rf"|{'|'.join(NUMBER_PATTERNS.values())}"
    r"|(?:ICP|网站|公安)?备案编?号码?(?=[:\s])|(?:(?:增值)?电信业务)?经营许可证(?:编?号)?(?=[:\s])"
    r"|(?<![0-9])(?:19|20)[0-9]{2}(?:\s*[-–—~]\s*(?:19|20)[0-9]{2})?(?![0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Criteria:
    """The criteria of a search; an empty one is ignored.

    `chosen` has a code for each facet that is filtered by, by the facet's name. `numbered_from` and `numbered_to` are
    days in China on which the number was issued, both inclusive. `applicant_head` is what all numbers of one applicant
    share, sixteen digits.
    """

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    numbered_from: date | None = None
    numbered_to: date | None = None
    applicant_head: str = ""

    @property
    def marks(self) -> list[str]:
        """The marks that a filing must have in the facets that are chosen."""
        return [facet.mark(code) for facet in FACETS if (code := self.chosen.get(facet.name))]

    @property
    def is_of_facets_only(self) -> bool:
        """Whether the marks say everything that is asked."""
        others = (self.text.strip(), self.numbered_from, self.numbered_to, self.applicant_head)
        return not any(others)


class _HasParts(Func):
    """The condition that the parts which PostgreSQL keeps of a filing contain all of these."""

    output_field = BooleanField()

    def __init__(self, parts: Sequence[str]) -> None:
        super().__init__(F("search_form"))
        self._parts = list(parts)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        form: Any = self.source_expressions[0]
        table = compiler.quote_name_unless_alias(form.alias)
        return f"{table}.{connection.ops.quote_name('search_parts')} @> %s::text[]", [self._parts]


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


def number_meant(text: str) -> str:
    """The filing number, well formed or not, that the text is or contains whole; empty where there is none."""
    if len(text) > MAXIMUM_QUERY_LENGTH:
        return ""
    return text if is_meant_as_number(text) else filing_number.find_in(text)


def receipt_number_meant(text: str) -> str:
    """The receipt number (收件编号) in the text; empty where there is none. Whether it was given is not asked."""
    plain = unicodedata.normalize("NFKC", text[:MAXIMUM_QUERY_LENGTH])
    hyphened = "".join("-" if unicodedata.category(each) == "Pd" else each for each in plain)
    found = _RECEIPT_NUMBER.search(hyphened.replace(" ", ""))
    return found[0] if found else ""


def matching(
    filings: QuerySet[Filing, Row], criteria: Criteria, *, uses_parts: bool = True
) -> QuerySet[Filing, Row]:
    """The filings that meet all criteria.

    PostgreSQL finds them by the index of parts. Without `uses_parts` it reads the forms and marks in order, as every
    other database does.
    """
    of_text = _met_by_text(criteria.text, number_column="number")
    if of_text is None:
        return filings.none()
    met, parts = of_text
    marks = criteria.marks
    if uses_parts and connection.vendor == "postgresql":
        # A mark is a part by itself. To ask for it a second time, in the text of the marks, finds the same, and has
        # the planner expect so few filings that it sorts thousands instead of reading in order until a page is full.
        parts += marks
        if parts:
            met &= Q(_HasParts(parts))
    else:
        for mark in marks:
            met &= Q(facets__contains=f"{BETWEEN_MARKS}{mark}{BETWEEN_MARKS}")
    if criteria.numbered_from is not None:
        met &= Q(numbered_at__gte=start_of(criteria.numbered_from))
    if criteria.numbered_to is not None:
        met &= Q(numbered_at__lt=start_of(criteria.numbered_to) + timedelta(days=1))
    if criteria.applicant_head:
        met &= Q(number__startswith=_start_of_numbers(criteria.applicant_head))
    return filings.filter(met) if met else filings


def condition_of_text(text: str, *, number_column: str) -> Q | None:
    """What the text asks of rows that have an applicant and a search form; None where no row can meet it.

    `number_column` is the column of the filing number. PostgreSQL has `search_parts` beside the form.
    """
    found = _met_by_text(text, number_column=number_column)
    if found is None:
        return None
    met, parts = found
    return met & Q(_HasParts(parts)) if parts and connection.vendor == "postgresql" else met


def _met_by_text(text: str, *, number_column: str) -> tuple[Q, list[str]] | None:
    """The condition that the text makes, and the parts by which an index finds it; None where no row can meet it."""
    met, parts = Q(), list[str]()
    for condition in _conditions_of_text(text, number_column):
        if condition is None:
            return None
        if isinstance(condition, dict):
            met &= Q(**condition)
        else:
            met &= Q(search_form__contains=condition)
            parts += _parts_of(condition)
    return met, parts


def former_names_meant(text: str, row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The former names by which the text finds the filing of this row, by their columns.

    A word that the number, a name of today or an address contains means no former name.
    """
    former = {
        column: [name for name in row[kept].split("\n") if name not in ("", row["columns"].get(column))]
        for column, kept in FORMER_NAMES.items()
    }
    if not any(former.values()):
        return {}
    replaced = {form_of(name) for names in former.values() for name in names}
    named = {form_of(row["columns"].get(column) or "") for column in FORMER_NAMES}
    today = [form for form in row["search_form"].split(SEPARATOR) if form in named or form not in replaced]
    terms = [term for term in terms_of(text) if not any(term in form for form in today)]
    found: dict[str, tuple[str, ...]] = {}
    for column, names in former.items():
        meant = tuple(name for name in names if any(term in form_of(name) for term in terms))
        if meant:
            found[column] = meant
    return found


def _conditions_of_text(text: str, number_column: str) -> Sequence[str | dict[str, Any] | None]:
    """What the text asks of a filing: a column with its value, or terms in its form; None where none can meet it."""
    given = text[:MAXIMUM_QUERY_LENGTH]
    if not given.strip():
        return ()
    number = filing_number.find_in(given)
    if number and filing_number.is_valid(number):
        return ({number_column: str(filing_number.parse(number))},)
    codes = _CREDIT_CODE.findall(unicodedata.normalize("NFKC", given).upper())
    if codes and all(map(_is_only_a_credit_code, codes)):
        return ({"applicant__credit_code__in": codes},)
    organisations = _organisations_of(codes)
    if organisations:
        return ({"applicant_id__in": organisations},)
    return terms_of(given) or (None,)


def _is_only_a_credit_code(text: str) -> bool:
    """Whether this is a credit code and nothing else: digits alone may be a part of a filing number as well."""
    try:
        return unified_social_credit_code(text) == text and not text.isdigit()
    except RuleError:
        return False


def _organisations_of(codes: Sequence[str]) -> list[UUID]:
    """The organisations that have one of these as their credit code; those of no code without asking."""
    return list(Applicant.objects.filter(credit_code__in=codes).values_list("pk", flat=True)) if codes else []


def terms_of(text: str) -> list[str]:
    """The forms of the words that are looked for, each once and not more than five."""
    plain = text[:MAXIMUM_QUERY_LENGTH]
    if _FOOT.search(plain):
        plain = _FOOT_WORDS.sub(" ", unicodedata.normalize("NFKC", plain)) or plain
    words = [word for word in _BETWEEN_WORDS.split(plain) if word]
    forms = [form_of(host_of(word) if _ADDRESS.match(word) else word) for word in words]
    return list(dict.fromkeys(form for form in forms if form))[:_MAXIMUM_TERMS]


def _parts_of(term: str) -> list[str]:
    """The parts that PostgreSQL keeps of every form with this term: its fours of digits and, beside them, its pairs."""
    if len(term) == 1:
        return [term]
    fours = [(found.start(), found[1]) for found in _FOUR_DIGITS.finditer(term)]
    covered = {start + place for start, _digits in fours for place in range(3)}
    pairs = [term[place : place + 2] for place in range(len(term) - 1) if place not in covered]
    return [*(digits for _start, digits in fours), *pairs]


def _start_of_numbers(head: str) -> str:
    """What every number with this head begins with; a head of no province begins none."""
    try:
        return f"{abbreviation_of(head[:6])}{filing_number.MARK}{head}"
    except DivisionUnknown:
        return f"{filing_number.MARK}{head}"
