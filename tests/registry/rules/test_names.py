"""Names: what a person's name is written with, and how a message says a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.names import name_in_message, strange_in_person


@pytest.mark.parametrize(
    "name",
    [
        "样例甲",
        "古丽·样例",
        "McSample O’Neill",
        "J.R. Sample",
        "St. Sample",
        "Ana-María",
        "𠮷样",
        "〇样",
        "样例1",
        "样例（北京）",
    ],
)
def test_a_name_as_people_write_theirs_has_nothing_strange(name: str) -> None:
    assert strange_in_person(name) == ""


@pytest.mark.parametrize(
    ("name", "strange"),
    [
        ("evil.example", "."),
        ("样例 http://evil.example/a", ":/."),
        ("a@b", "@"),
        ("样\n例", "\n"),
        ("\U0001f600", "\U0001f600"),
        ("<b>样", "<>"),
        ("样例。请点击", "。."),
        ("a.cn", "."),
    ],
)
def test_what_is_no_part_of_a_name_is_named(name: str, strange: str) -> None:
    assert strange_in_person(name) == strange


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("样例链（北京）", "样例链（北京）"),
        ("古丽·样例", "古丽·样例"),
        ("中奖请访问 http://evil.example/x?a=1", "中奖请访问 http evil·example x a 1"),
        ("样例\u200b公司\n【官方】", "样例公司【官方】"),
        ("a@evil.example", "a evil·example"),
        ("样例 v2.0 & Co.", "样例 v2·0 & Co."),
        ("\U0001f680样例", "样例"),
    ],
)
def test_a_message_says_a_name_in_the_characters_of_names(name: str, said: str) -> None:
    assert name_in_message(name) == said


@given(st.text(max_size=60))
def test_a_name_in_a_message_is_no_address_on_one_line_and_never_longer(name: str) -> None:
    said = name_in_message(name)
    assert len(said) <= len(name)
    assert name_in_message(said) == said
    assert not set(said) & set("/:@\n\r<>?=#%")
    assert not any(
        said[place] == "." and said[place - 1].isalnum() and said[place + 1].isalnum()
        for place in range(1, len(said) - 1)
    )
