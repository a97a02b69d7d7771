"""The division that a Chinese address names at its beginning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from registry.rules.codes.jurisdictions import (
    PROVINCES,
    Prefecture,
    ProvinceDivisions,
    divisions,
    is_registrable,
)

# A province is often written without what it is.
_SHORTER = ("特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")

# Taiwan, Hong Kong and Macau: what is there counts as abroad for nodes.
_ELSEWHERE = ("71", "81", "82")


def place_in_address(address: str, on: date) -> str:
    """The code of the registrable place that an address begins with; "" where it names none, or more than one.

    The province may be left out before a city, as 杭州市西湖区…, and a city before none of its districts: names of
    districts are not unique.
    """
    text = "".join(address.split()).removeprefix("中国")
    found = {code for code in _named(text, divisions(on)) if is_registrable(code, on)}
    return found.pop() if len(found) == 1 else ""


def names_mainland_division(place: str) -> bool:
    """Whether a place begins with the name of a province of the mainland, written out or short."""
    text = "".join(place.split()).removeprefix("中国")
    return any(_after(text, each.name) is not None for each in PROVINCES if each.code[:2] not in _ELSEWHERE)


def _named(text: str, provinces: Iterable[ProvinceDivisions]) -> Iterator[str]:
    for each in provinces:
        rest = _after(text, each.province.name)
        if rest is not None and not each.prefectures:
            yield each.province.code
        for prefecture in each.prefectures:
            yield from _named_in(prefecture, rest, text)


def _named_in(prefecture: Prefecture, rest: str | None, text: str) -> Iterator[str]:
    """The place below one city; `rest` follows the province, where the address names it."""
    counties = sorted(prefecture.counties, key=lambda each: -len(each.name))
    for start in (rest, text):
        after_city = None if start is None else start.removeprefix(prefecture.name)
        names_city = start is not None and after_city != start
        # The urban districts of a municipality stand directly after its name, as other counties of a province may.
        if after_city is None or not (names_city or start is rest):
            continue
        county = next((each for each in counties if after_city.startswith(each.name)), None)
        if county is not None:
            yield county.code
        elif names_city and not counties:
            yield prefecture.code


def _after(text: str, province: str) -> str | None:
    """What follows the name of a province; None where the text does not begin with it."""
    if text.startswith(province):
        return text.removeprefix(province)
    short = next((province.removesuffix(each) for each in _SHORTER if province.endswith(each)), province)
    return text.removeprefix(short) if len(short) > 1 and text.startswith(short) else None
