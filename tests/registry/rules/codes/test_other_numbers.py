"""Numbers of other registers are known for what they are, and no filing number is taken for one of them."""

from __future__ import annotations

import time

import pytest

from registry.rules.codes import filing_number
from registry.rules.codes.other_numbers import OtherNumber, OtherRegister, other_number_in


@pytest.mark.parametrize(
    ("text", "register", "number"),
    [
        ("京ICP备2099000001号-1", OtherRegister.ICP, "京ICP备2099000001号-1"),
        ("蜀ICP备99000001号", OtherRegister.ICP, "蜀ICP备99000001号"),
        ("备案号：陇 ICP 备 99000001 号-4X", OtherRegister.ICP, "陇ICP备99000001号-4X"),
        ("© 2026 样例公司 滬icp備2099000001號", OtherRegister.ICP, "沪ICP备2099000001号"),
        ("ICP备99000001号", OtherRegister.ICP, "ICP备99000001号"),
        ("陕ICP备99000810-2号", OtherRegister.ICP, "陕ICP备99000810-2号"),
        ("京ICP证990173号", OtherRegister.ICP, "京ICP证990173号"),
        ("增值电信业务经营许可证：川B2-20990001", OtherRegister.TELECOM_LICENCE, "川B2-20990001"),
        ("合字B1.B2-20990001", OtherRegister.TELECOM_LICENCE, "合字B1.B2-20990001"),
        ("京公网安备 11010802099999号", OtherRegister.POLICE, "京公网安备11010802099999号"),
        ("网信算备110108999999999990019号", OtherRegister.ALGORITHM, "网信算备110108999999999990019号"),
    ],
)
def test_a_number_of_another_register_is_known(text: str, register: OtherRegister, number: str) -> None:
    assert other_number_in(text) == OtherNumber(register, number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "样例链",
        "ICP备案",
        "公网安备",
        "B2 层",
        "2026-03-000012",
        str(filing_number.compose("110108", 2026, "00000001", 1)),
    ],
)
def test_no_other_text_is_taken_for_one(text: str) -> None:
    assert other_number_in(text) is None


@pytest.mark.parametrize("unit", ["1", "ICP备", "公网安备1", "A2.", "网信算备", " ", "合字B2-20"])
def test_hostile_text_costs_nothing(unit: str) -> None:
    started = time.process_time()
    other_number_in(unit * 50_000)
    assert time.process_time() - started < 0.05
