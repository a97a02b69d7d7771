"""Templates: nothing inline, nothing from other hosts, nothing unescaped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.sources import own_files, read

INLINE = {
    "style element": re.compile(r"<style[\s>]", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(
        r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.IGNORECASE
    ),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "htmx script": re.compile(r"\shx-on[:-]", re.IGNORECASE),
}
FOREIGN = re.compile(
    r"<(?:script|img|iframe|source|video|audio|use|object|embed)[^>]*(?:src|href|data)=\"(?:https?:)?//"
)
FOREIGN_LINK = re.compile(r"<link[^>]*href=\"(?:https?:)?//")
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off|mark_safe\(|SafeString\(")

# A text that ends in a colon and goes on in its line, behind the end of a conditional or of an element as well.
_INCLUDE = re.compile(r'\{%\s*include\s+"([^"]+)"([^%]*)%\}')
_HALF_WIDTH_AFTER_COLON = re.compile(
    r'translate "[^"]*:"[^%]*%\}(?:\{% (?:endif|elif|else)[^%]*%\}|</\w+>)* +\S'
)

# Each with the reason why what it prints was escaped before.
UNESCAPED_ALLOWED: dict[str, str] = {}


def _without_documents() -> list[Path]:
    """Pages for browsers: what becomes a PDF or a message carries its own style."""
    printed = ("templates/documents/", "templates/notices/")
    return [path for path in own_files(".html") if not path.as_posix().startswith(printed)]


def test_no_template_holds_inline_script_or_style() -> None:
    found = [
        f"{path}: {what}"
        for path in _without_documents()
        for what, pattern in INLINE.items()
        if pattern.search(read(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "<style>p{}</style>",
        '<p style="color:red">',
        "<script>alert(1)</script>",
        '<a onclick="x()">',
        '<a href="javascript:x()">',
        '<a hx-on:click="x()">',
    ],
)
def test_inline_script_and_style_would_be_found(text: str) -> None:
    assert any(pattern.search(text) for pattern in INLINE.values())


def test_no_page_loads_anything_from_another_host() -> None:
    found = [
        str(path)
        for path in _without_documents()
        if FOREIGN.search(read(path)) or FOREIGN_LINK.search(read(path))
    ]
    assert found == []


def test_nothing_is_printed_unescaped() -> None:
    found = [
        str(path)
        for path in own_files(".html", ".py")
        if path.parts[0] != "tests"
        and path.as_posix() not in UNESCAPED_ALLOWED
        and UNESCAPED.search(read(path))
    ]
    assert found == []


def test_a_space_after_a_colon_belongs_to_the_text_for_chinese_has_none() -> None:
    found = [
        f"{path}: {match[0]}"
        for path in _without_documents()
        for match in _HALF_WIDTH_AFTER_COLON.finditer(read(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        '<span class="visually-hidden">{% translate "Error:" %} </span>{{ message }}',
        '{% translate "Source:" %} <a href="/">x</a>',
        '{% if a %}{% translate "One:" %}{% else %}{% translate "Other:" %}{% endif %} {{ value }}',
        '<strong>{% translate "On paper:" %}</strong> {{ value }}',
    ],
)
def test_a_half_width_space_after_a_colon_would_be_found(text: str) -> None:
    assert _HALF_WIDTH_AFTER_COLON.search(text)


def test_a_form_in_an_include_has_its_token() -> None:
    """An include that is told `only` what it needs knows no token of the page."""
    texts = {path.as_posix().removeprefix("templates/"): read(path) for path in own_files(".html")}
    asking = {name for name, text in texts.items() if "{% csrf_token %}" in text}
    passed_on = {
        name
        for name, text in texts.items()
        if any("csrf_token=" in given for _name, given in _INCLUDE.findall(text))
    }
    without = [
        f"{name}: {included}"
        for name, text in texts.items()
        for included, given in _INCLUDE.findall(text)
        if included in asking | passed_on and " only" in given and "csrf_token=" not in given
    ]
    assert asking
    assert without == []
