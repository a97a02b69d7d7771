"""The used part of Bootstrap: it is what the recipe makes, and no page misses a class that the whole has."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.template.base import Lexer, TokenType

from deploy.make_bootstrap import (
    PUT_TOGETHER,
    USED,
    WHOLE,
    classes_in_markup,
    named_classes,
    templates,
    used_part,
)

WHOLE_TEXT, USED_TEXT = (path.read_text(encoding="utf-8") for path in (WHOLE, USED))
_SHEET = """@charset "UTF-8";/*! The licence */
:root,[data-bs-theme=dark]{--read:1px;--read-once:2px;--unread:var(--gone)}
:root{--gone:0}p,.gone>p,.named+.gone{margin:var(--read)}.named:not(.gone),.named.other{animation:.1s turn}
@keyframes turn{to{margin:0}}@keyframes stop{to{margin:0}}.named[data-bs-popper]{margin:0}
@media print{.gone{margin:0}}@media (min-width:1px){.gone{margin:0}.named{margin:var(--read-once)!important}}"""


class _Classes(HTMLParser):
    """Collects the classes of all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(*((value or "").split() for name, value in attrs if name == "class"))


def classes_of(sheet: str) -> set[str]:
    without_addresses = re.sub(r"url\([^)]*\)|/\*.*?\*/", "", sheet, flags=re.DOTALL)
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", without_addresses))


def classes_written_in(template: str) -> set[str]:
    """The classes of a template as Django and an HTML parser read it; a value is a `*`."""
    parts = {TokenType.TEXT: lambda text: text, TokenType.VAR: lambda _text: "*"}
    markup = _Classes()
    markup.feed(
        "".join(
            parts.get(token.token_type, lambda _text: " ")(token.contents)
            for token in Lexer(template).tokenize()
        )
    )
    return markup.found


def test_the_file_is_what_the_recipe_makes() -> None:
    assert used_part(WHOLE_TEXT, named=named_classes()) == USED_TEXT, "run `python -m deploy.make_bootstrap`"


def test_the_licence_stands_at_its_head() -> None:
    assert re.match(
        r'@charset "UTF-8";\s*/\*!\s*\* Bootstrap  v[\d.]+ .*?Licensed under MIT', USED_TEXT, re.DOTALL
    )


def test_no_class_of_a_template_is_missing_that_the_whole_of_bootstrap_has() -> None:
    written = set().union(*map(classes_written_in, templates()))
    # Templates of crispy-forms are among them.
    assert {
        "btn",
        "visually-hidden",
        "table",
        "form-check-input",
        "accordion-button",
        "is-invalid",
    } <= written
    assert (written & classes_of(WHOLE_TEXT)) - classes_of(USED_TEXT) == set()


def test_nothing_stays_that_nobody_names() -> None:
    """What stands in `:not(…)` is not needed to be named."""
    plain = re.sub(r":not\([^)]*\)", "", USED_TEXT)
    assert classes_of(plain) - named_classes() == set()


def test_classes_put_together_are_known_with_what_they_can_become() -> None:
    written = {word for text in templates() for word in classes_in_markup(text)}
    whole = classes_of(WHOLE_TEXT)
    # A value alone is a class that is named where the value is given.
    composed = {word for word in written if word.replace("*", "") and "*" in word}
    can_be_bootstrap = {
        word
        for word in composed
        if any(re.fullmatch(re.escape(word).replace(r"\*", ".+"), each) for each in whole)
    }
    assert {"btn-*", "status--*"} <= composed
    assert can_be_bootstrap == set(PUT_TOGETHER)
    assert [word for word in written if word.endswith("-")] == []
    assert set().union(*PUT_TOGETHER.values()) <= classes_of(USED_TEXT)


def test_a_selector_stays_when_all_its_classes_are_named() -> None:
    assert used_part(_SHEET, named={"named"}).splitlines() == [
        '@charset "UTF-8";',
        "/*! The licence */",
        ":root{--read:1px;--read-once:2px}",
        "p{margin:var(--read)}",
        ".named:not(.gone){animation:.1s turn}",
        "@keyframes turn{to{margin:0}}",
        "@media (min-width:1px){.named{margin:var(--read-once)!important}}",
    ]


@pytest.mark.parametrize(
    ("template", "classes"),
    [
        (
            '<a class="btn {% if url == "x" %}btn-quiet{% else %}btn-primary{% endif %}">',
            "btn btn-quiet btn-primary",
        ),
        ('<a class="btn btn-{{ tone|default:"quiet" }} {{ more }}">', "btn btn-* *"),
        ('<p class="note{% if a %} note--{{ a }}{% endif %}">{# class="no" #}', "note note--*"),
    ],
)
def test_classes_are_read_as_django_reads_them(template: str, classes: str) -> None:
    assert set(classes_in_markup(template)) == set(classes.split()) == classes_written_in(template)
