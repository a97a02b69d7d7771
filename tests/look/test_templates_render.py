"""Every base template and include renders in both languages, complete, and with nothing inline."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from tests.look.samples import includes

pytestmark = pytest.mark.urls("tests.look.urls")

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LANGUAGES = ("zh-hans", "en")
PAGES = sorted(path.name for path in TEMPLATES.glob("[45]*.html"))
ROOMS = ["base.html", *(f"{room}/base.html" for room in ("registry", "applicants", "review", "account"))]
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Outline(HTMLParser):
    """Collects what a page must not have: unclosed elements, inline code, repeated ids, dead fragments."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag not in VOID and tag not in {"use", "path"}:
            self.open.append(tag)
        self.faults += [f"{tag} has {name}" for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.faults.append(f"inline {tag}")
        if names.get("id"):
            self.ids.append(str(names["id"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"use", "path"}:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"unexpected </{tag}>")


def faults_of(html: str) -> list[str]:
    outline = Outline()
    outline.feed(html)
    repeated = {each for each in outline.ids if outline.ids.count(each) > 1}
    return [*outline.faults, *(f"<{tag}> is not closed" for tag in outline.open), *sorted(repeated)]


def test_faults_are_found() -> None:
    assert faults_of('<p style="x"><b id="a"></p><i id="a"></i><script>x</script>') == [
        "p has style",
        "unexpected </p>",
        "inline script",
        "<p> is not closed",
        "a",
    ]


def test_every_include_has_a_sample() -> None:
    assert sorted(includes()) == sorted(path.name for path in (TEMPLATES / "includes").glob("*.html"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(includes()))
def test_include_renders(name: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"includes/{name}", includes()[name])
    assert html.strip() != ""
    assert faults_of(html) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*ROOMS, *PAGES])
def test_page_renders_in_the_language_asked_for(name: str, language: str) -> None:
    request = RequestFactory().get("/somewhere/")
    with translation.override(language):
        html = render_to_string(name, {"request": request})
    assert faults_of(html) == []
    assert f'<html lang="{language}"' in html
    assert ("跳到正文" in html, "Skip to the content" in html) == (language == "zh-hans", language == "en")


@pytest.mark.parametrize("name", PAGES)
def test_error_page_renders_without_a_request(name: str) -> None:
    """A failed request has no context: the page may need none."""
    html = render_to_string(name)
    assert faults_of(html) == []
    assert len(re.findall("<h1", html)) == 1


def test_display_cookies_reach_the_root_element() -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update({"portal_text": "large", "portal_contrast": "high"})
    html = render_to_string("base.html", {"request": request})
    assert 'data-text="large"' in html
    assert 'data-contrast="high"' in html
    assert html.count('aria-pressed="true"') == 2


def test_crispy_renders_fields_through_the_include() -> None:
    with translation.override("en"):
        form = includes()["form_fields.html"]["form"]
        html = render_to_string("bootstrap5/field.html", {"field": form["name"]})
    assert "(required)" in html
    assert "Art. 11" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert html.count('id="id_name_error"') == 1


def test_an_officer_is_led_to_the_desk_and_an_applicant_to_the_filings() -> None:
    applicant = includes()["nav_public.html"]
    officer = {**applicant, "user": SimpleNamespace(is_authenticated=True, is_officer=True)}
    with translation.override("en"):
        seen = [render_to_string("includes/nav_public.html", each) for each in (applicant, officer)]
    assert [("My filings" in html, "Review desk" in html) for html in seen] == [(True, False), (False, True)]
