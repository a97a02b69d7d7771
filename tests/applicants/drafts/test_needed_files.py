"""What is needed is told before the forms, as the upload page asks for it and refuses it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applicants.drafts.needed_files import file_limits, needed_files
from registry.rules.particulars import attachments
from registry.storage.checks import limits
from tests.applicants.pages import Desk


@pytest.fixture(autouse=True)
def _english() -> None:
    translation.activate("en")


def test_an_individual_needs_the_identity_document_and_an_enterprise_its_licence() -> None:
    needed = needed_files()
    assert [[file.label for file in kind.files] for kind in needed.by_kind] == [
        ["Business licence", "Document of the person in charge (scan)"],
        [
            "Certificate of the organ, institution or social organisation",
            "Document of the person in charge (scan)",
        ],
        ["Identity document, page with photograph", "Identity document, reverse"],
    ]
    assert [file.label for file in needed.by_all] == [
        "Authenticity statement",
        "Product introduction",
        "Management rules and emergency plan",
    ]


def test_what_only_some_answers_make_necessary_is_told_too() -> None:
    labels = [file.label for file in needed_files().sometimes]
    assert {"Letter of authority", "Proof of the ICP filing"} <= set(labels)
    assert len(labels) == len(set(labels))


def test_the_limits_are_those_that_uploads_are_held_to(monkeypatch: pytest.MonkeyPatch) -> None:
    told = file_limits()
    assert told["file_megabytes"] * 1024 * 1024 == attachments.MAX_FILE_BYTES
    assert told["total_megabytes"] * 1024 * 1024 == attachments.MAX_TOTAL_BYTES
    assert told["pages"] == limits.MAX_PAGES
    assert told["types"] == ["PDF", "JPEG", "PNG", "HEIC", "WebP", "TIFF"]


@pytest.mark.django_db
def test_the_start_page_says_them_before_anything_is_begun(desk: Desk) -> None:
    page = unescape(
        desk.client.get(reverse("applicants:start"), headers={"accept-language": "en"}).content.decode()
    )
    assert "at most 10 MB each, 100 MB together, and 200 pages in one document" in page
    for kind in needed_files().by_kind:
        assert f"<h3>{kind.label}</h3>" in page
    assert reverse("public:templates") in page


def test_the_limits_of_uploads_are_written_in_one_place(repository: Path) -> None:
    """Pages, forms and scripts say the megabytes from the constants that the checks use."""
    folders = ("applicants", "filing_portal", "registry", "review", "templates", "static/js")
    paths = [path for folder in folders for path in (repository / folder).rglob("*")]
    written = [
        str(path.relative_to(repository))
        for path in paths
        if path.suffix in {".py", ".html", ".js", ".txt"}
        and re.search(r"\b100? ?MB\b|10485760|10 \* 1024 \* 1024", path.read_text(encoding="utf-8"))
    ]
    assert written == []


@pytest.mark.parametrize("address", ["/help/", "/verify/"])
def test_pages_say_the_limits_that_uploads_are_held_to(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.templatetags.portal.MAX_FILE_MEGABYTES", 7)
    monkeypatch.setattr("registry.labels.files.MAX_FILE_MEGABYTES", 7)
    assert "7 MB" in client.get(address).content.decode()
