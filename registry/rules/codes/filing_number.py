"""Filing numbers: normalise, parse, check and compose, as in 粤网信备 440304 19 23972613 001 5 号.

Six digits of the division, two of the year of the applicant's first number, eight of its serial, three
of the service's sequence, and a check character by ISO 7064 MOD 11-2 over the nineteen digits before it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from stdnum.iso7064 import mod_11_2

from registry.rules.codes.jurisdictions import PROVINCES, abbreviation_of, province_of
from registry.rules.errors import DivisionUnknown, NotAFilingNumber
from registry.rules.search_form import plain_characters

LENGTH = 20
MARK = "网信备"
FIRST_YEAR = 2019
LAST_YEAR = 2099
MAXIMUM_SEQUENCE = 999
# Far longer than any way of typing a number; anything beyond is refused before it is looked at.
MAXIMUM_TEXT_LENGTH = 200
MAXIMUM_FOOT_LENGTH = 1_000

_ABBREVIATIONS = frozenset(province.abbreviation for province in PROVINCES)
_BODY = re.compile(r"[0-9]{19}[0-9X]\Z", re.ASCII)
_DIGITS = re.compile(r"[0-9]+\Z", re.ASCII)
# Within a longer text: whole by 号 at its end, or long enough to be meant as whole.
_WITHIN = re.compile(
    rf"[{''.join(sorted(_ABBREVIATIONS))}]?{MARK}(?:[0-9A-Z]{{{LENGTH - 5},{LENGTH}}}号?|[0-9A-Z]+号)"
)
_BODY_WITHIN = re.compile(r"(?<![0-9A-Z])[0-9]{19}[0-9X](?![0-9A-Z])", re.ASCII)
# The province in brackets of its own, as licences of other kinds are written.
_IN_BRACKETS = re.compile(rf"[(\[【〔]([{''.join(sorted(_ABBREVIATIONS))}])[)\]】〕](?={MARK})")
_CENTURY = 2000

# Spaces, line ends, invisible formatting characters and dashes, by Unicode category.
_FILLERS = frozenset({"Zs", "Zl", "Zp", "Cf", "Pd"})
_MINUS_SIGNS = "\u2212\u02d7"


@dataclass(frozen=True, slots=True)
class FilingNumber:
    """A well-formed filing number; its text is the whole of it, with prefix and 号."""

    abbreviation: str
    division_code: str
    year: int
    serial: str
    sequence: int
    check: str

    @property
    def head(self) -> str:
        """What all numbers of one applicant share: division, year and serial, sixteen digits."""
        return f"{self.division_code}{self.year - _CENTURY:02d}{self.serial}"

    @property
    def body(self) -> str:
        """The twenty characters between prefix and 号."""
        return f"{self.head}{self.sequence:03d}{self.check}"

    def __str__(self) -> str:
        return f"{self.abbreviation}{MARK}{self.body}号"


def normalise(text: str) -> str:
    """The text as a number is written, without judging it.

    Full-width and traditional characters become plain ones; spaces, hyphens, invisible characters and brackets around
    the province go; x becomes X.
    A missing 号 is added, and so is a missing prefix where the first two digits name a province. What lies beyond 200
    characters is cut off.
    """
    kept = _without_fillers(text.strip()[:MAXIMUM_TEXT_LENGTH])
    if not kept:
        return ""
    body = kept.removesuffix("号")
    if len(body) == LENGTH and _BODY.match(body):
        prefix = _prefix_for(body)
        if prefix is not None:
            body = prefix + body
    return f"{body}号"


def parse(text: str) -> FilingNumber:
    """The number a text stands for.

    Raises NotAFilingNumber with the first test that fails: empty, prefix_unknown, length, characters,
    division_unknown_province, prefix_mismatch, check_character, year, sequence. A wrong check character is
    reported only when the form is right. Whether the division still exists, and whether the number was ever
    issued, is not asked.
    """
    text = text.strip()
    written = normalise(text)
    if not written:
        raise NotAFilingNumber("empty")
    if len(text) > MAXIMUM_TEXT_LENGTH:
        raise NotAFilingNumber("length", expected=LENGTH, found=len(text))
    prefix, body = _split(written)
    if len(body) != LENGTH:
        raise NotAFilingNumber("length", expected=LENGTH, found=len(body))
    if not _BODY.match(body):
        position, found = _first_wrong_character(body)
        raise NotAFilingNumber("characters", position=position, found=found)
    division_code = body[:6]
    expected = _prefix_for(body)
    if expected is None:
        raise NotAFilingNumber("division_unknown_province", division_code=division_code)
    if prefix is not None and prefix != expected:
        raise NotAFilingNumber(
            "prefix_mismatch",
            expected=expected.removesuffix(MARK),
            found=prefix.removesuffix(MARK),
            division_code=division_code,
        )
    if check_character(body[:-1]) != body[-1]:
        raise NotAFilingNumber("check_character", found=body[-1])
    year = _CENTURY + int(body[6:8])
    if year < FIRST_YEAR:
        raise NotAFilingNumber("year", found=year, earliest=FIRST_YEAR)
    sequence = int(body[16:19])
    if sequence == 0:
        raise NotAFilingNumber("sequence", found=body[16:19])
    return FilingNumber(expected.removesuffix(MARK), division_code, year, body[8:16], sequence, body[-1])


def stated_in(text: str) -> FilingNumber:
    """The number a text stands for, or the one within a longer text such as the foot of a site.

    Raises NotAFilingNumber as `parse` does for the number that is meant.
    """
    try:
        return parse(text)
    except NotAFilingNumber:
        within = find_in(text[:MAXIMUM_FOOT_LENGTH])
        if not within:
            raise
    return parse(within)


def find_in(text: str) -> str:
    """The filing number in a longer text, such as the foot of a site; empty where there is none.

    A valid one goes before one that is only meant as a whole number.
    """
    written = [found[0] for found in _WITHIN.finditer(_without_fillers(text))]
    bodies = _BODY_WITHIN.findall(unicodedata.normalize("NFKC", text).upper())
    valid = [each for each in (*written, *bodies) if is_valid(each)]
    return (valid or written or [""])[0]


def is_valid(text: str) -> bool:
    """Whether `parse` accepts a text."""
    try:
        parse(text)
    except NotAFilingNumber:
        return False
    return True


def check_character(nineteen_digits: str) -> str:
    """The check character over nineteen digits, X for ten. Source: ISO 7064 MOD 11-2."""
    if len(nineteen_digits) != LENGTH - 1 or not _DIGITS.match(nineteen_digits):
        raise NotAFilingNumber("characters", expected=LENGTH - 1, found=nineteen_digits[:LENGTH])
    return str(mod_11_2.calc_check_digit(nineteen_digits))


def compose(division_code: str, year: int, serial: str, sequence: int) -> FilingNumber:
    """The number of a service, with its check character.

    `year` is China's, in four digits; `serial` has eight digits; `sequence` runs from 1 to 999. Raises
    NotAFilingNumber.
    """
    if len(division_code) != 6 or not _DIGITS.match(division_code):
        raise NotAFilingNumber("characters", found=division_code)
    if len(serial) != 8 or not _DIGITS.match(serial):
        raise NotAFilingNumber("characters", found=serial)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotAFilingNumber("year", found=year, earliest=FIRST_YEAR, latest=LAST_YEAR)
    if not 1 <= sequence <= MAXIMUM_SEQUENCE:
        raise NotAFilingNumber("sequence", found=sequence)
    digits = f"{division_code}{year - _CENTURY:02d}{serial}{sequence:03d}"
    try:
        abbreviation = abbreviation_of(division_code)
    except DivisionUnknown:
        raise NotAFilingNumber("division_unknown_province", division_code=division_code) from None
    return FilingNumber(abbreviation, division_code, year, serial, sequence, check_character(digits))


def _split(written: str) -> tuple[str | None, str]:
    body = written.removesuffix("号")
    if MARK in body:
        before, _, after = body.partition(MARK)
        if before not in _ABBREVIATIONS:
            raise NotAFilingNumber("prefix_unknown", found=before[:LENGTH])
        return before + MARK, after
    if body and not body[0].isascii():
        raise NotAFilingNumber("prefix_unknown", found=body[: len(MARK) + 1])
    return None, body


def _prefix_for(body: str) -> str | None:
    try:
        return province_of(body[:6]).abbreviation + MARK
    except DivisionUnknown:
        return None


def _first_wrong_character(body: str) -> tuple[int, str]:
    for position, character in enumerate(body, start=1):
        allowed = "0123456789X" if position == LENGTH else "0123456789"
        if character not in allowed:
            return position, character
    return LENGTH, body[-1]


def _without_fillers(text: str) -> str:
    """The text in plain characters and capitals, without what may stand between the characters of a number."""
    plain = plain_characters(unicodedata.normalize("NFKC", text))
    kept = "".join(character for character in plain if not _is_filler(character)).upper()
    return _IN_BRACKETS.sub(r"\1", kept)


@lru_cache(maxsize=1_024)
def _is_filler(character: str) -> bool:
    return character.isspace() or character in _MINUS_SIGNS or unicodedata.category(character) in _FILLERS
