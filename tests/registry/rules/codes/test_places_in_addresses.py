"""The place of registration that an address begins with, and places of the mainland."""

from __future__ import annotations

from datetime import date

import pytest

from registry.rules.codes.jurisdictions import division_name, divisions
from registry.rules.codes.places_in_addresses import names_mainland_division, place_in_address

ON = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("北京市东城区样例小区1号楼", "110101"),
        ("中国北京市东城区样例路", "110101"),
        ("上海浦东新区样例路1号", "310115"),
        ("浙江省杭州市西湖区样例路1号", "330106"),
        ("杭州市西湖区样例路1号", "330106"),
        ("内蒙古呼和浩特市新城区样例街", "150102"),
        ("吉林省 吉林市 船营区 样例街", "220204"),
        ("广东省东莞市样例路", "441900"),
        ("海南省文昌市样例路", "469005"),
    ],
)
def test_the_place_is_read_from_the_beginning_of_an_address(address: str, code: str) -> None:
    assert place_in_address(address, ON) == code


@pytest.mark.parametrize(
    "address",
    [
        "",
        "样例路1号",
        # Several cities have a district of this name, and streets are named after cities.
        "西湖区样例路1号",
        "北京路1号",
        "上海街道样例路",
        "浙江省样例路1号",
        "杭州市样例路1号",
        "北京市样例区样例路",
    ],
)
def test_an_address_that_names_no_place_to_the_end_gives_none(address: str) -> None:
    assert place_in_address(address, ON) == ""


def test_every_registrable_place_is_read_from_its_own_name() -> None:
    wrong = []
    for province in divisions(ON):
        for prefecture in province.prefectures:
            for place in prefecture.counties or (prefecture,):
                address = "".join(division_name(place.code, ON)) + "样例路1号"
                if place_in_address(address, ON) != place.code:
                    wrong.append((address, place.code))
    assert wrong == []


@pytest.mark.parametrize(
    ("place", "is_mainland"),
    [
        ("北京市样例机房", True),
        ("贵州省贵安新区", True),
        ("中国 广东", True),
        ("香港", False),
        ("台湾省台北市", False),
        ("新加坡", False),
        ("样例机房", False),
    ],
)
def test_a_place_of_the_mainland_begins_with_a_province(place: str, is_mainland: bool) -> None:
    assert names_mainland_division(place) is is_mainland
