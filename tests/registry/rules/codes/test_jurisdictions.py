"""Provinces and dated divisions: what may be a place of registration, on which day, and its names."""

from __future__ import annotations

import re
from datetime import date

import pytest

from registry.rules.codes.jurisdictions import (
    PROVINCES,
    ProvinceDivisions,
    abbreviation_of,
    division_name,
    divisions,
    is_registrable,
    province_code_of,
    province_of,
)
from registry.rules.errors import DivisionUnknown

TODAY = date(2026, 11, 22)

# Published numbers of county-level divisions at the end of 2023, by province.
COUNTIES_2023 = {
    "11": 16, "12": 16, "13": 167, "14": 117, "15": 103, "21": 100, "22": 60, "23": 121, "31": 16,
    "32": 95, "33": 90, "34": 104, "35": 84, "36": 100, "37": 136, "41": 157, "42": 103, "43": 122,
    "44": 122, "45": 111, "46": 25, "50": 38, "51": 183, "52": 88, "53": 129, "54": 74, "61": 107,
    "62": 86, "63": 44, "64": 22, "65": 108, "71": 0, "81": 0, "82": 0,
}  # fmt: skip
# Four districts of a forest region which the published numbers leave out.
UNCOUNTED = {"232761", "232762", "232763", "232764"}


def lists_of(start: str, on: date = TODAY) -> ProvinceDivisions:
    return next(level for level in divisions(on) if level.province.code.startswith(start))


def test_there_are_34_provinces_each_with_its_own_abbreviation() -> None:
    assert len(PROVINCES) == 34
    assert len({province.abbreviation for province in PROVINCES}) == 34
    assert [level.province for level in divisions(TODAY)] == list(PROVINCES)


def test_a_code_belongs_to_the_province_of_its_first_two_digits() -> None:
    assert province_of("440304").name == "广东省"
    assert abbreviation_of("110108") == "京"
    assert abbreviation_of("330103") == "浙"


@pytest.mark.parametrize("code", ["", "44", "4403040", "44030a", "990000", "４４０３０４", "44030\n"])
def test_something_else_than_six_digits_of_a_province_is_refused(code: str) -> None:
    with pytest.raises(DivisionUnknown):
        province_of(code)


def test_the_numbers_of_counties_are_the_published_ones() -> None:
    found = {
        level.province.code[:2]: len(
            {county.code for prefecture in level.prefectures for county in prefecture.counties} - UNCOUNTED
        )
        for level in divisions(date(2022, 12, 31))
    }
    # The only changes of 2023 turned counties into cities; taken a day earlier, none is counted twice.
    assert found == COUNTIES_2023


def test_there_are_333_prefectures_beside_the_headings() -> None:
    headings = {"市辖区", "县"}
    found = [
        prefecture.code
        for level in divisions(TODAY)
        for prefecture in level.prefectures
        if prefecture.name not in headings and prefecture.code[2:4] != "90"
    ]
    assert len(found) == 333


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("441900", ("广东省", "东莞市")),
        ("442000", ("广东省", "中山市")),
        ("460400", ("海南省", "儋州市")),
        ("620200", ("甘肃省", "嘉峪关市")),
    ],
)
def test_a_city_without_counties_is_itself_a_place_of_registration(code: str, names: tuple[str, ...]) -> None:
    assert is_registrable(code, TODAY)
    assert division_name(code, TODAY) == names
    prefecture = next(item for item in lists_of(code[:2]).prefectures if item.code == code)
    assert prefecture.counties == ()


def test_only_those_four_cities_have_no_counties() -> None:
    childless = [
        prefecture.code
        for level in divisions(TODAY)
        for prefecture in level.prefectures
        if not prefecture.counties
    ]
    assert childless == ["441900", "442000", "460400", "620200"]


@pytest.mark.parametrize("code", ["710000", "810000", "820000"])
def test_hong_kong_macao_and_taiwan_have_no_lower_level(code: str) -> None:
    assert is_registrable(code, TODAY)
    assert division_name(code, TODAY) == (province_of(code).name,)
    assert lists_of(code[:2]).prefectures == ()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("440304", ("广东省", "深圳市", "福田区")),
        ("110108", ("北京市", "海淀区")),
        ("500235", ("重庆市", "云阳县")),
        ("419001", ("河南省", "济源市")),
        ("429021", ("湖北省", "神农架林区")),
        ("469029", ("海南省", "保亭黎族苗族自治县")),
        ("659012", ("新疆维吾尔自治区", "白杨市")),
        ("330113", ("浙江省", "杭州市", "临平区")),
        ("330114", ("浙江省", "杭州市", "钱塘区")),
        ("232761", ("黑龙江省", "大兴安岭地区", "加格达奇区")),
    ],
)
def test_counties_are_named_from_the_province_down_without_headings(
    code: str, names: tuple[str, ...]
) -> None:
    assert is_registrable(code, TODAY)
    assert division_name(code, TODAY) == names


@pytest.mark.parametrize(
    "code", ["440000", "440300", "440301", "110000", "110100", "419000", "999999", "abc", ""]
)
def test_what_has_something_below_it_or_is_a_heading_is_no_place_of_registration(code: str) -> None:
    assert not is_registrable(code, TODAY)


def test_a_division_is_registrable_only_in_its_years() -> None:
    assert [is_registrable("330103", date(year, 6, 1)) for year in (2019, 2021, 2022)] == [True, True, False]
    assert [is_registrable("330113", date(year, 6, 1)) for year in (2019, 2021, 2022)] == [False, True, True]
    assert [is_registrable("469003", date(year, 6, 1)) for year in (2014, 2016)] == [True, False]
    assert [is_registrable("460400", date(year, 6, 1)) for year in (2014, 2016)] == [False, True]


def test_an_abolished_division_keeps_its_last_name() -> None:
    assert division_name("330103", TODAY) == ("浙江省", "杭州市", "下城区")
    assert division_name("130502", date(2015, 1, 1)) == ("河北省", "邢台市", "桥东区")
    assert division_name("130502", TODAY) == ("河北省", "邢台市", "襄都区")


@pytest.mark.parametrize("code", ["440399", "330113", "990101", "x"])
def test_a_division_that_never_was_or_is_not_yet_has_no_name(code: str) -> None:
    with pytest.raises(DivisionUnknown):
        division_name(code, date(2019, 1, 1))


def test_every_registrable_code_of_the_lists_lies_under_its_own_heading() -> None:
    for year in (2019, 2023, 2026):
        codes: list[str] = []
        for level in divisions(date(year, 12, 31)):
            for prefecture in level.prefectures:
                assert prefecture.code[:2] == level.province.code[:2]
                assert re.fullmatch(r"[\u4e00-\u9fff]+", prefecture.name)
                for county in prefecture.counties:
                    assert county.code[:4] == prefecture.code[:4]
                    assert re.fullmatch(r"[\u4e00-\u9fff]+", county.name)
                    codes.append(county.code)
        assert len(codes) == len(set(codes)) > 2800
        assert codes == sorted(codes)


def test_the_names_are_in_simplified_characters() -> None:
    names = {
        name
        for level in divisions(TODAY)
        for prefecture in level.prefectures
        for county in prefecture.counties
        for name in (level.province.name, prefecture.name, county.name)
    }
    assert "加格达奇区" in names
    assert [name for name in names if set(name) & set("區縣達嶺別門東廣灣")] == []


def test_the_province_code_of_a_division_is_that_of_its_province() -> None:
    for province in PROVINCES:
        assert province_code_of(province.code) == province.code
    assert province_code_of("440305") == "440000"
    # A code that is no longer in force lies where it lay.
    assert province_code_of("110103") == "110000"
    for text in (None, "", "44", "4403050", "990101", "44030x", "４４０３０５", 440305):
        assert province_code_of(text) == ""
