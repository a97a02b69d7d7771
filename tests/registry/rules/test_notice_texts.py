"""Texts of notices: placeholders and nothing else, checked before they are kept."""

from __future__ import annotations

import pytest

from registry.rules.notice_texts import NoticeTextRefused, check_text, fill, places_in

KNOWN = {"number", "due_on", "applicant"}


def refusal(
    text: str, *, required: tuple[str, ...] = (), longest: int = 100
) -> tuple[str, dict[str, object]]:
    with pytest.raises(NoticeTextRefused) as refused:
        check_text(text, part="body", known=KNOWN, required=required, longest=longest)
    return refused.value.code, refused.value.facts


def test_placeholders_are_named_once_in_their_order() -> None:
    assert places_in("{due_on}：{number}，{due_on}") == ("due_on", "number")
    assert places_in("没有") == ()


def test_a_text_with_known_placeholders_and_all_required_ones_is_accepted() -> None:
    check_text("{applicant}：请于{due_on}前", part="body", known=KNOWN, required=("due_on",), longest=100)


def test_an_empty_text_is_refused() -> None:
    assert refusal(" \n ") == ("notice_text_empty", {"part": "body"})


def test_a_text_may_be_as_long_as_its_part_and_no_longer() -> None:
    check_text("字" * 100, part="body", known=KNOWN, longest=100)
    assert refusal("字" * 101) == ("notice_text_too_long", {"part": "body", "longest": 100, "found": 101})


def test_an_unknown_placeholder_is_named() -> None:
    assert refusal("{number} {password}") == (
        "notice_place_unknown",
        {"part": "body", "places": ["password"]},
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{number", "{number"),
        ("number}", "}"),
        ("{0}", "{0}"),
        ("{number.__class__}", "{number.__class__}"),
        ("{number!r}", "{number!r}"),
        ("{Number}", "{Number}"),
        ("{}", "{}"),
        ("{{number}}", "{"),
    ],
)
def test_a_brace_that_belongs_to_no_placeholder_is_refused(text: str, found: str) -> None:
    code, facts = refusal(text)
    assert code == "notice_brace_alone"
    assert str(facts["found"]).startswith(found)


def test_a_required_placeholder_that_is_missing_is_named() -> None:
    assert refusal("{number}", required=("number", "due_on")) == (
        "notice_place_missing",
        {"part": "body", "places": ["due_on"]},
    )


def test_values_are_put_in_as_they_are() -> None:
    values = {"applicant": "{due_on}%s{0}", "due_on": "2026-03-02"}
    assert fill("{applicant}：{due_on}、{due_on}", values) == "{due_on}%s{0}：2026-03-02、2026-03-02"


def test_an_empty_value_leaves_at_most_one_blank_line() -> None:
    assert fill("一\n\n{number}\n\n二", {"number": ""}) == "一\n\n二"
