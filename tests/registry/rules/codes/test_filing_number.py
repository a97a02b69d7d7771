"""Filing numbers: every real one is accepted, every single-character error in one is found."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rules.codes.filing_number import check_character, compose, is_valid, normalise, parse, stated_in
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.errors import NotAFilingNumber

DATA = Path(__file__).resolve().parents[3] / "data"
BODY_CHARACTERS = "0123456789X"
GENUINE = "京网信备1101081963896882001X号"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REAL_NUMBERS = [row["number"] for row in rows("filing_numbers.csv")]
NOT_NUMBERS = [row["text"] for row in rows("filing_numbers_rejected.csv")]


def single_character_errors(number: str) -> Iterator[str]:
    """The number with another province's abbreviation, and with each digit or X in each place but one."""
    for province in PROVINCES:
        if province.abbreviation != number[0]:
            yield province.abbreviation + number[1:]
    for place in range(4, 24):
        for character in BODY_CHARACTERS:
            if character != number[place]:
                yield number[:place] + character + number[place + 1 :]


def refusal_of(text: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(NotAFilingNumber) as refusal:
        parse(text)
    return refusal.value.code, refusal.value.facts


composed = st.builds(
    compose,
    st.builds(
        lambda province, rest: f"{province.code[:2]}{rest:04d}",
        st.sampled_from(PROVINCES),
        st.integers(0, 9999),
    ),
    st.integers(2019, 2099),
    st.integers(0, 99_999_999).map(lambda serial: f"{serial:08d}"),
    st.integers(1, 999),
)


def test_there_are_real_numbers_to_test() -> None:
    assert len(REAL_NUMBERS) == 10
    assert len(NOT_NUMBERS) == 6


def test_every_real_number_is_accepted_and_read_as_it_was_taken_apart() -> None:
    provinces = {province.abbreviation: province.name for province in PROVINCES}
    found = []
    for text in REAL_NUMBERS:
        number = parse(text)
        found.append(
            {
                "number": str(number),
                "province": provinces[number.abbreviation],
                "division_code": number.division_code,
                "year": str(number.year),
                "serial": number.serial,
                "sequence": f"{number.sequence:03d}",
                "check": number.check,
            }
        )
    assert found == rows("filing_numbers.csv")


def test_strings_seen_in_public_that_are_no_numbers_are_refused_for_their_length() -> None:
    lengths = [19, 19, 13, 18, 8, 8]
    assert [refusal_of(text) for text in NOT_NUMBERS] == [
        ("length", {"expected": 20, "found": length}) for length in lengths
    ]


@pytest.mark.parametrize("number", REAL_NUMBERS)
def test_every_single_character_error_in_a_real_number_is_found(number: str) -> None:
    errors = list(single_character_errors(number))
    assert len(errors) == 33 + 20 * 10
    assert [error for error in errors if is_valid(error)] == []


@given(number=composed)
@settings(max_examples=200, deadline=None)
def test_a_composed_number_is_read_back_and_its_single_character_errors_are_found(number: object) -> None:
    text = str(number)
    assert parse(text) == number
    assert parse(text[4:-1]) == number
    assert not any(is_valid(error) for error in single_character_errors(text))


def test_errors_are_found_without_the_prefix_too() -> None:
    for number in REAL_NUMBERS:
        bodies = {error[4:-1] for error in single_character_errors(number)} - {number[4:-1]}
        assert len(bodies) == 200
        assert [body for body in bodies if is_valid(body)] == []


@pytest.mark.parametrize(
    "text",
    [
        "1101081963896882001X",
        "1101081963896882001x号",
        "京网信备1101081963896882001x",
        "  京网信备 110108 19 63896882 001 X 号 ",
        "京网信备\u3000110108\u300019\u300063896882\u3000001\u3000X号",
        "京网信备１１０１０８１９６３８９６８８２００１Ｘ号",
        "京网信备110108-19-63896882-001-ｘ号",
        "京网信备110108–19—63896882−001‐X号",
        "\ufeff京网信备1101081963896882\u200b001\u2060X号\n",
        "京 网 信 备 1101081963896882001X 号",
        "京网信备\u00a01101081963896882001X\u202f号",
        "（京）网信备1101081963896882001X号",
        "(京) 网信备 1101081963896882001X 号",
        "【京】網信備1101081963896882001X號",
    ],
)
def test_a_number_is_recognised_however_it_was_typed(text: str) -> None:
    assert normalise(text) == GENUINE
    assert str(parse(text)) == GENUINE


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("", "empty", {}),
        (" \u3000\u200b-", "empty", {}),
        ("号", "length", {"expected": 20, "found": 0}),
        ("京网信备号", "length", {"expected": 20, "found": 0}),
        ("东网信备1101081963896882001X号", "prefix_unknown", {"found": "东"}),
        ("网信备1101081963896882001X号", "prefix_unknown", {"found": ""}),
        ("京ICP备12345678号", "prefix_unknown", {"found": "京ICP"}),
        (
            "粤网信备1101081963896882001X号",
            "prefix_mismatch",
            {"expected": "京", "found": "粤", "division_code": "110108"},
        ),
        ("京网信备11010819638968820O1X号", "characters", {"position": 18, "found": "O"}),
        ("京网信备X101081963896882001X号", "characters", {"position": 1, "found": "X"}),
        ("京网信备1101081963896882001A号", "characters", {"position": 20, "found": "A"}),
        ("京网信备11010819638968820011号", "check_character", {"found": "1"}),
        ("京网信备9901081963896882001X号", "division_unknown_province", {"division_code": "990108"}),
    ],
)
def test_the_first_fault_is_named(text: str, code: str, facts: dict[str, object]) -> None:
    assert refusal_of(text) == (code, facts)


@pytest.mark.parametrize(
    ("digits", "code"), [("1101081863896882001", "year"), ("1101081963896882000", "sequence")]
)
def test_a_year_before_the_provisions_and_sequence_000_are_refused(digits: str, code: str) -> None:
    assert refusal_of(f"京网信备{digits}{check_character(digits)}号")[0] == code


def test_a_wrong_check_character_is_named_only_when_the_form_is_right() -> None:
    assert refusal_of("京网信备11010819638968820011号")[0] == "check_character"
    assert refusal_of("京网信备1101081963896882001号")[0] == "length"
    assert refusal_of("粤网信备11010819638968820011号")[0] == "prefix_mismatch"


@pytest.mark.parametrize("division_code", ["330103", "441900", "442000", "460400", "620200", "110000"])
def test_an_abolished_division_or_one_ending_in_00_is_no_fault(division_code: str) -> None:
    assert is_valid(str(compose(division_code, 2019, "12345678", 1)))


def test_years_to_come_are_not_this_rules_business() -> None:
    assert parse(str(compose("110108", 2099, "12345678", 1))).year == 2099


def test_composing_gives_the_real_numbers_again() -> None:
    for row in rows("filing_numbers.csv"):
        number = compose(row["division_code"], int(row["year"]), row["serial"], int(row["sequence"]))
        assert str(number) == row["number"]
        assert number.head == row["number"][4:20]


@pytest.mark.parametrize(
    ("division_code", "year", "serial", "sequence", "code"),
    [
        ("11010", 2019, "12345678", 1, "characters"),
        ("11010a", 2019, "12345678", 1, "characters"),
        ("１１０１０８", 2019, "12345678", 1, "characters"),
        ("110108", 2018, "12345678", 1, "year"),
        ("110108", 2100, "12345678", 1, "year"),
        ("110108", 2019, "1234567", 1, "characters"),
        ("110108", 2019, "12345678", 0, "sequence"),
        ("110108", 2019, "12345678", 1000, "sequence"),
        ("990108", 2019, "12345678", 1, "division_unknown_province"),
    ],
)
def test_no_number_is_composed_from_wrong_parts(
    division_code: str, year: int, serial: str, sequence: int, code: str
) -> None:
    with pytest.raises(NotAFilingNumber) as refusal:
        compose(division_code, year, serial, sequence)
    assert refusal.value.code == code


@pytest.mark.parametrize("digits", ["", "1" * 18, "1" * 20, "1" * 18 + "X", "１" * 19])
def test_a_check_character_needs_nineteen_digits(digits: str) -> None:
    with pytest.raises(NotAFilingNumber):
        check_character(digits)


@given(text=st.text(max_size=60) | st.text("京粤网信备号0123456789xX－ \u3000\u200b", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_either_read_or_refused(text: str) -> None:
    if is_valid(text):
        assert str(parse(text)) == normalise(text)


@given(text=st.text("京粤网信备号0123456789xX－ \u3000\u200b", max_size=40))
@settings(max_examples=300, deadline=None)
def test_what_was_normalised_stays_as_it_is(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("unit", ["1", " ", "\u200b", "京网信备", "\ufdfa", "x号"])
def test_fifty_thousand_hostile_characters_are_refused_at_once(unit: str) -> None:
    text = (unit * 50_000)[:50_000]
    started = time.process_time()
    assert not is_valid(text)
    assert time.process_time() - started < 0.05


# ---------------------------------------------------------------- pasted with what stands around it

PASTED = (
    "备案号：{}。",
    "備案號：{}",
    "区块链信息服务备案编号：{}；",
    "（{}）",
    "“{}”，",
    "© 2026 样例公司 蜀ICP备99000001号-1 {} 京公网安备11010802099999号",
    "京ICP备2099000001号-1\n{}\n版权所有 样例公司",
    "备案号:\u200b{}\u3000联系我们",
    "网站首页 | 关于我们 | " * 20 + "{}",
)


@pytest.mark.parametrize("around", PASTED)
def test_a_number_is_taken_from_what_is_pasted_with_it(around: str) -> None:
    number = compose("110108", 2026, "00000001", 1)
    text = str(number)
    broken = f"{text[:9]}\n{text[9:]}"
    for written in (
        text,
        text.replace("网信备", "網信備"),
        broken,
        text.removesuffix("号") + " 号",
        text[4:-1],
    ):
        assert stated_in(around.format(written)) == number, written


@pytest.mark.parametrize("around", PASTED)
def test_the_number_that_is_meant_is_the_one_that_is_refused(around: str) -> None:
    body = compose("110108", 2026, "00000001", 1).body
    wrong = f"京网信备{body[:-1]}{'1' if body[-1] != '1' else '2'}号"
    with pytest.raises(NotAFilingNumber) as refusal:
        stated_in(around.format(wrong))
    assert refusal.value.code == "check_character"


@pytest.mark.parametrize("text", ["", "样例", "京ICP备99000001号", "网信备案", "备案号："])
def test_a_text_without_a_number_is_refused_as_before(text: str) -> None:
    with pytest.raises(NotAFilingNumber) as within:
        stated_in(text)
    with pytest.raises(NotAFilingNumber) as alone:
        parse(text)
    assert (within.value.code, within.value.facts) == (alone.value.code, alone.value.facts)
