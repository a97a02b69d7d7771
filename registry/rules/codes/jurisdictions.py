"""Provinces, and the dated codes of administrative divisions (GB/T 2260).

The names and years of validity come from python-stdnum's table, corrected by `registry/data/divisions.json`.
Validity is known to the year only: in the year of a change both the old and the new code are in force.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from stdnum import numdb

from registry.rules.errors import DivisionUnknown

_DATA = Path(__file__).resolve().parents[2] / "data"
_CODE = re.compile(r"[0-9]{6}\Z", re.ASCII)
_DATED_NAME = re.compile(r"(?:\[(?P<first>\d*)-(?P<last>\d*)\])?(?P<name>.+)\Z")

# Headings of the statistical table, not places: the urban districts of a city taken together.
_URBAN_DISTRICTS = "市辖区"
# A heading too, which stands in the middle list above the counties and cities directly under a province.
_DIRECTLY_ADMINISTERED = "90"


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 34 provincial divisions; `abbreviation` opens its filing numbers."""

    code: str
    name: str
    abbreviation: str


@dataclass(frozen=True, slots=True)
class County:
    """A county, district or city without districts; the last of the three linked lists."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Prefecture:
    """A city, prefecture or heading of the middle list; one without counties is itself registrable."""

    code: str
    name: str
    counties: tuple[County, ...]


@dataclass(frozen=True, slots=True)
class ProvinceDivisions:
    """A province with its divisions; one without prefectures is itself registrable."""

    province: Province
    prefectures: tuple[Prefecture, ...]


@dataclass(frozen=True, slots=True)
class DatedName:
    name: str
    first_year: int
    last_year: int

    def is_in_force(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year


def _read_provinces() -> tuple[Province, ...]:
    with (_DATA / "provinces.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Province(row["code"], row["name"], row["abbreviation"]) for row in csv.DictReader(file))


PROVINCES: tuple[Province, ...] = _read_provinces()
_PROVINCES_BY_START: Mapping[str, Province] = MappingProxyType(
    {province.code[:2]: province for province in PROVINCES}
)


def province_of(division_code: str) -> Province:
    """The province of a code of six digits, in force or not. Raises DivisionUnknown."""
    province = _PROVINCES_BY_START.get(division_code[:2])
    if province is None or len(division_code) != 6 or not _CODE.match(division_code):
        raise DivisionUnknown("province_unknown", division_code=division_code[:20])
    return province


def province_code_of(division_code: object) -> str:
    """The code of the province of a code of six digits; empty for what is no such code."""
    try:
        return province_of(division_code).code if isinstance(division_code, str) else ""
    except DivisionUnknown:
        return ""


def abbreviation_of(division_code: str) -> str:
    """The one-character abbreviation of a code's province. Raises DivisionUnknown."""
    return province_of(division_code).abbreviation


def divisions(on: date) -> tuple[ProvinceDivisions, ...]:
    """The three linked lists as they are in force on a day, each level in the order of its codes."""
    return _divisions_in(on.year)


def is_registrable(division_code: str, on: date) -> bool:
    """Whether an applicant can be registered at a code on a day: a place in force with nothing below it."""
    return division_code in _paths_in(on.year)


def deepest_in_force(division_code: str, on: date) -> str:
    """The place with this code of six digits if it is in force on the day, else the place above it; "" for none.

    A county that was merged since is read as its prefecture, and one whose prefecture is gone as its province.
    """
    found = next(
        (each for each in divisions(on) if division_code[:2] == each.province.code[:2]),
        None,
    )
    if found is None:
        return ""
    prefecture = next((each for each in found.prefectures if each.code[:4] == division_code[:4]), None)
    if prefecture is None:
        return found.province.code
    is_county = any(each.code == division_code for each in prefecture.counties)
    return division_code if is_county else prefecture.code


def division_name(division_code: str, on: date) -> tuple[str, ...]:
    """The names from the province down to a registrable place, headings left out. Raises DivisionUnknown.

    A code that is no longer in force on the day keeps the last names it had.
    """
    names = _paths_in(on.year).get(division_code)
    if names is not None:
        return names
    province = province_of(division_code)
    found = [province.name]
    for code in (f"{division_code[:4]}00", division_code):
        dated = [item for item in dated_names().get(code, ()) if item.first_year <= on.year]
        if not dated:
            if code == division_code:
                raise DivisionUnknown("division_unknown", division_code=division_code, on=on.isoformat())
            continue
        name = max(dated, key=lambda item: (item.last_year, item.first_year)).name
        if not _is_heading(code, name) and name not in found:
            found.append(name)
    return tuple(found)


@cache
def dated_names() -> Mapping[str, tuple[DatedName, ...]]:
    """Every division that was ever listed, by its code."""
    raw: dict[str, str] = {}
    for _, start, _, _, children in numdb.get("cn/loc").prefixes:
        for _, rest, _, properties, _ in children:
            raw[start + rest] = properties["county"]
    raw |= json.loads((_DATA / "divisions.json").read_text(encoding="utf-8"))
    return {code: tuple(_dated(text)) for code, text in raw.items()}


def _dated(text: str) -> Iterator[DatedName]:
    for part in text.split(","):
        match = _DATED_NAME.match(part)
        if match is None:
            raise DivisionUnknown("division_unreadable", found=part)
        first, last = match["first"], match["last"]
        yield DatedName(
            match["name"], int(first) if first else date.min.year, int(last) if last else date.max.year
        )


@lru_cache(maxsize=8)
def _divisions_in(year: int) -> tuple[ProvinceDivisions, ...]:
    names: dict[str, str] = {}
    for code, dated in sorted(dated_names().items()):
        in_force = [item for item in dated if item.is_in_force(year)]
        if in_force and not code.endswith("0000"):
            names[code] = max(in_force, key=lambda item: item.first_year).name
    counties: dict[str, list[County]] = {}
    for code, name in names.items():
        if not code.endswith("00") and name != _URBAN_DISTRICTS:
            counties.setdefault(code[:4], []).append(County(code, name))
    prefectures: dict[str, list[Prefecture]] = {}
    for code, name in names.items():
        if code.endswith("00"):
            below = tuple(counties.get(code[:4], ()))
            prefectures.setdefault(code[:2], []).append(Prefecture(code, name, below))
    return tuple(
        ProvinceDivisions(province, tuple(prefectures.get(province.code[:2], ()))) for province in PROVINCES
    )


@lru_cache(maxsize=8)
def _paths_in(year: int) -> Mapping[str, tuple[str, ...]]:
    paths: dict[str, tuple[str, ...]] = {}
    for level in _divisions_in(year):
        province = level.province
        if not level.prefectures:
            paths[province.code] = (province.name,)
        for prefecture in level.prefectures:
            heading = _is_heading(prefecture.code, prefecture.name)
            above = (province.name,) if heading else (province.name, prefecture.name)
            if not prefecture.counties and not heading:
                paths[prefecture.code] = above
            for county in prefecture.counties:
                paths[county.code] = (*above, county.name)
    return paths


def _is_heading(code: str, name: str) -> bool:
    return name in {_URBAN_DISTRICTS, "县"} or (code.endswith("00") and code[2:4] == _DIRECTLY_ADMINISTERED)
