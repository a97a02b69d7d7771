"""GB/T 9704-2012: the number of a paper is the office's characters, the year in hexagonal brackets, and a serial."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry.rules.office.papers import (
    NATIONAL_OFFICE_CODE,
    PaperSeries,
    PaperSettings,
    SettingsFault,
    default_name,
    faults_of,
    paper_number,
)

BEIJING = "110000"
NOBODY_ELSE: frozenset[str] = frozenset()


def with_marks(**marks: str) -> PaperSettings:
    settings = PaperSettings.default(BEIJING)
    return replace(
        settings, marks={**settings.marks, **{PaperSeries(name): mark for name, mark in marks.items()}}
    )


def test_the_year_stands_in_full_in_hexagonal_brackets_and_the_serial_without_leading_zeros() -> None:
    assert paper_number("京网信备审", 2026, 12) == "京网信备审〔2026〕12号"
    assert [hex(ord(each)) for each in paper_number("京网信备审", 2026, 1) if each in "〔〕"] == [
        "0x3014",
        "0x3015",
    ]


@pytest.mark.parametrize(
    ("code", "name", "decision"),
    [
        (BEIJING, "北京市互联网信息办公室", "京网信备审"),
        ("150000", "内蒙古自治区互联网信息办公室", "蒙网信备审"),
        ("440000", "广东省互联网信息办公室", "粤网信备审"),
        (NATIONAL_OFFICE_CODE, "国家互联网信息办公室", "国网信备审"),
    ],
)
def test_an_office_that_has_set_nothing_has_its_name_and_characters(
    code: str, name: str, decision: str
) -> None:
    settings = PaperSettings.default(code)
    assert (settings.office_name, settings.marks[PaperSeries.DECISION]) == (name, decision)
    assert faults_of(settings, marks_of_others=NOBODY_ELSE) == ()
    assert settings.missing == ("reconsideration_body", "court")


def test_settings_survive_being_written_down() -> None:
    settings = replace(with_marks(receipt="京网信收"), court="样例人民法院", needs_signed_form=True)
    assert PaperSettings.of(settings.as_content()) == settings


@pytest.mark.parametrize("mark", ["", "京", "京网信备〔", "京网信备审2026", "京网信 备", "JWX", "京" * 17])
def test_characters_that_would_break_the_number_are_refused(mark: str) -> None:
    assert faults_of(with_marks(decision=mark), marks_of_others=NOBODY_ELSE) == (
        SettingsFault("mark_decision", "mark_malformed"),
    )


def test_a_number_names_one_paper_so_no_two_kinds_and_no_two_offices_share_characters() -> None:
    assert faults_of(with_marks(decision="京网信备收"), marks_of_others=NOBODY_ELSE) == (
        SettingsFault("mark_decision", "mark_twice"),
    )
    assert faults_of(with_marks(decision="津网信备审"), marks_of_others=frozenset({"津网信备审"})) == (
        SettingsFault("mark_decision", "mark_of_another"),
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"office_name": ""}, SettingsFault("office_name", "name_missing")),
        ({"court": "样" * 61}, SettingsFault("court", "name_too_long")),
        (
            {"reconsideration_body": "样例\U0001f600"},
            SettingsFault("reconsideration_body", "name_not_printable"),
        ),
    ],
)
def test_a_name_that_papers_cannot_carry_is_refused(changes: dict[str, Any], fault: SettingsFault) -> None:
    assert faults_of(replace(PaperSettings.default(BEIJING), **changes), marks_of_others=NOBODY_ELSE) == (
        fault,
    )


@pytest.mark.parametrize("code", [BEIJING, NATIONAL_OFFICE_CODE])
def test_the_full_name_is_no_longer_than_papers_take(code: str) -> None:
    assert len(default_name(code)) <= 60
