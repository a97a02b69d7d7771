"""ICP numbers begin with the letters of the communications administrations, licences with theirs."""

from __future__ import annotations

import pytest

from registry.rules.codes.identifiers import icp_number
from registry.rules.errors import InvalidIdentifier
from registry.sample.places import PLACES

# Written down from public sites of every province, not from the table.
LETTER_OF_PROVINCE = {
    "北京": "京",
    "天津": "津",
    "河北": "冀",
    "山西": "晋",
    "内蒙古": "蒙",
    "辽宁": "辽",
    "吉林": "吉",
    "黑龙江": "黑",
    "上海": "沪",
    "江苏": "苏",
    "浙江": "浙",
    "安徽": "皖",
    "福建": "闽",
    "江西": "赣",
    "山东": "鲁",
    "河南": "豫",
    "湖北": "鄂",
    "湖南": "湘",
    "广东": "粤",
    "广西": "桂",
    "海南": "琼",
    "重庆": "渝",
    "四川": "蜀",
    "贵州": "黔",
    "云南": "滇",
    "西藏": "藏",
    "陕西": "陕",
    "甘肃": "陇",
    "青海": "青",
    "宁夏": "宁",
    "新疆": "新",
}


@pytest.mark.parametrize(("province", "letter"), LETTER_OF_PROVINCE.items())
def test_a_site_of_every_province_can_state_its_icp_number(province: str, letter: str) -> None:
    assert icp_number(f"{letter}ICP备99000001号-1") == f"{letter}ICP备99000001号-1", province


@pytest.mark.parametrize(
    ("found", "expected"), [("川", "蜀"), ("甘", "陇"), ("贵", "黔"), ("云", "滇"), ("秦", "陕")]
)
def test_a_province_under_the_letter_of_another_ministry_is_told_the_one_expected(
    found: str, expected: str
) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        icp_number(f"{found}ICP备99000001号-1")
    assert (refusal.value.code, refusal.value.facts) == (
        "icp_letter_differs",
        {"found": found, "expected": expected},
    )


@pytest.mark.parametrize("letter", ["港", "澳", "台", "东", "中", "国"])
@pytest.mark.parametrize("number", ["{}ICP备99000001号", "{}ICP证990001号", "{}B2-20990001"])
def test_a_letter_of_no_communications_administration_is_refused(letter: str, number: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        icp_number(number.format(letter))
    assert (refusal.value.code, refusal.value.facts) == ("not_an_icp_number", {"found": letter})


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("川B2-20990001", "川B2-20990001"),
        ("川B2-20990001号", "川B2-20990001"),
        ("川ICP证990001号", "川ICP证990001号"),
        ("黔B2-20990001-4", "黔B2-20990001-4"),
        ("甘B2-20990001", "甘B2-20990001"),
        ("京ICP证B2-20990001号", "京B2-20990001"),
        ("合字B2-20990001", "合字B2-20990001"),
        ("合字A1.B1.B2-20990001", "合字A1.B1.B2-20990001"),
        ("A2.B1.B2-20990001", "A2.B1.B2-20990001"),
    ],
)
def test_licences_have_letters_of_their_own(written: str, canonical: str) -> None:
    assert icp_number(written) == canonical
    assert icp_number(canonical) == canonical


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("备案号：蜀ICP备99000001号-1", "蜀ICP备99000001号-1"),
        ("ICP备案：陇ICP备99000001号-4X", "陇ICP备99000001号-4X"),
        ("京ICP备：99000001号", "京ICP备99000001号"),
        ("陕ICP备99000810-2号", "陕ICP备99000810号-2"),
        ("吉ICP备99500273X号", "吉ICP备99500273X号"),
        ("滬ICP備2099000001號-2A", "沪ICP备2099000001号-2A"),
        ("ICP证：鲁B2-20990001", "鲁B2-20990001"),
    ],
)
def test_a_number_is_read_as_sites_show_it(written: str, canonical: str) -> None:
    assert icp_number(written) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "京公网安备11010802020134号",
        "京ICP备99000001号 京ICP备99000002号",
        "蜀ICP备号",
        "ICP备案中",
        "蜀ICP备1号",
    ],
)
def test_what_is_no_number_of_a_site_is_refused(text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        icp_number(text)
    assert refusal.value.code == "not_an_icp_number"


def test_sample_sites_in_every_province_have_the_letter_of_its_communications_administration() -> None:
    letters = {place.division_code[:2]: place.icp_letter for place in PLACES}
    assert (letters["51"], letters["62"]) == ("蜀", "陇")
    for place in PLACES:
        assert icp_number(f"{place.icp_letter}ICP备99000001号"), place
        assert (
            len({each.icp_letter for each in PLACES if each.division_code[:2] == place.division_code[:2]})
            == 1
        )
