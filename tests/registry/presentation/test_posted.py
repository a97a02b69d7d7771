"""Numbers that forms post are read by one parser, and nothing that is posted breaks it."""

from __future__ import annotations

import pytest

from registry.presentation.posted import posted_count, posted_version


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999_999_999)])
def test_digits_are_a_count(text: str, count: int) -> None:
    assert (posted_count(text), posted_version(text)) == (count, count)


@pytest.mark.parametrize(
    "text",
    [None, "", " ", "-1", "+1", "1.0", "1e3", "٣", "２", "²", "\x00", "\ud800", "9" * 10, "9" * 5_000, 7],
)
def test_anything_else_is_no_count_and_the_version_of_nothing(text: object) -> None:
    assert (posted_count(text), posted_version(text)) == (None, 0)
