"""What a text may hold so that everybody reads in it what its author saw."""

from __future__ import annotations

import pytest

from registry.rules.visible_text import holds_hidden


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\xad", "\u061c", "\u200b", "\u2028"]
)
def test_control_and_format_characters_are_hidden(hidden: str) -> None:
    assert holds_hidden(f"样{hidden}例", line_breaks=False)
    assert holds_hidden(f"样{hidden}例", line_breaks=True)


@pytest.mark.parametrize("hidden", ["\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff"])
def test_what_is_no_character_has_no_place_in_a_file(hidden: str) -> None:
    assert holds_hidden(hidden, line_breaks=True)


def test_line_breaks_are_hidden_in_a_line_and_not_in_prose() -> None:
    for text in ("样\n例", "样\r\n例", "样\t例"):
        assert holds_hidden(text, line_breaks=False)
        assert not holds_hidden(text, line_breaks=True)


@pytest.mark.parametrize(
    "text", ["", "样例 Sample", "样\u3000例", "𠮷镕喆㛃", "\U0002ebf0", "\U000323b0", "葛\U000e0100"]
)
def test_blanks_rare_characters_and_those_newer_than_the_table_are_not(text: str) -> None:
    assert not holds_hidden(text, line_breaks=False)
