"""The long texts: whole in both languages, alike in structure, with places that the portal can fill in."""

from __future__ import annotations

import string

import pytest
from django.utils import translation

from registry.labels.site_texts import blocks_of_text, blocks_of_version
from registry.rules.articles import Block
from registry.rules.site_texts import AgreedText, TextUnknown, current_version, read_text, versions_of

VERSIONS = [(text, version) for text in AgreedText for version in versions_of(text)]


def _shape(blocks: tuple[Block, ...]) -> list[tuple[str, list[int]]]:
    return [(block.kind, [len(row) for row in block.rows]) for block in blocks]


def _words(blocks: tuple[Block, ...]) -> str:
    return "".join(run.text for block in blocks for row in block.rows for line in row if line for run in line)


@pytest.mark.parametrize("text", AgreedText)
def test_versions_are_numbered_from_one_without_a_gap(text: AgreedText) -> None:
    assert versions_of(text) == tuple(range(1, current_version(text) + 1))


@pytest.mark.parametrize(("text", "version"), VERSIONS)
def test_both_languages_of_a_version_say_the_same_things_in_the_same_order(
    text: AgreedText, version: int
) -> None:
    with translation.override("zh-hans"):
        chinese = blocks_of_version(text, version)
    with translation.override("en"):
        english = blocks_of_version(text, version)
    assert _shape(chinese) == _shape(english)


def test_the_accessibility_statement_is_the_same_in_both_languages() -> None:
    with translation.override("zh-hans"):
        chinese = blocks_of_text("accessibility")
    with translation.override("en"):
        english = blocks_of_text("accessibility")
    assert _shape(chinese) == _shape(english)


def test_every_place_is_filled_in_with_a_fact_of_the_installation() -> None:
    for text, version in VERSIONS:
        assert not {"{", "}"} & set(_words(blocks_of_version(text, version)))
    assert not {"{", "}"} & set(_words(blocks_of_text("accessibility")))


@pytest.mark.parametrize("english", [False, True])
def test_pipl_17_the_notice_names_who_handles_what_for_what_and_how_long(english: bool) -> None:
    places = {
        name for _, name, _, _ in string.Formatter().parse(read_text("privacy_notice/1", english=english))
    }
    assert {"organiser", "phone", "email", "objection_days", "session_hours"} <= places


def test_a_text_that_there_is_not_is_refused() -> None:
    with pytest.raises(TextUnknown):
        read_text("no_such_text", english=False)
