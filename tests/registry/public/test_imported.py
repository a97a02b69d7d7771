"""What was imported from an earlier list, in public: marked so, found, and without empty columns."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import translation

from registry.publication import lists, record
from registry.publication.record import Criteria, Found, PublicEvent
from tests.builders import published
from tests.registry.public.test_api import FILING_KEYS, conforms, get
from tests.registry.public.test_api import description as description

pytestmark = pytest.mark.django_db

LINES = published.rows(12)
NUMBER = LINES[0][3]


@pytest.fixture(autouse=True)
def _imported(tmp_path: Path) -> None:
    published.imported(tmp_path, LINES)


def _page(path: str, language: str = "en") -> str:
    answer = Client().get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_its_record_says_by_which_list_it_is_known_and_shows_no_empty_column() -> None:
    found = record.look_up(NUMBER)
    assert isinstance(found, Found)
    filing = found.filing
    assert (filing.is_imported, filing.batch, filing.numbered_on) == (True, 1, None)
    assert [(change.event, change.on, change.batch) for change in found.history] == [
        (PublicEvent.IMPORTED, published.PUBLISHED_ON, 1)
    ]
    page = _page(f"/filings/{quote(NUMBER)}/")
    assert "This filing is in force as batch list 1 published it." in page
    assert "Its particulars have not been supplied to the register yet." in page
    for label in ("Filed on", "Categories", "Main chains", "Types of service", "Kind of chain"):
        assert f">{label}<" not in page


def test_the_api_gives_it_as_described(description: dict[str, object]) -> None:
    body = get(f"/api/v1/filings/{quote(NUMBER)}/").json()
    assert list(body) == [*FILING_KEYS, "history", "disclaimer"]
    conforms(body, "FilingDetail", description)
    assert (body["is_imported"], body["numbered_on"], body["batch"], body["categories"]) == (
        True,
        None,
        1,
        [],
    )
    page = get(f"/api/v1/filings/?q={quote(LINES[3][1])}").json()
    assert [each["number"] for each in page["results"]] == [LINES[3][3]]
    conforms(page, "FilingPage", description)


def test_the_search_finds_it_by_name_number_province_and_standing() -> None:
    for criteria in (
        Criteria(text=LINES[2][1]),
        Criteria(
            text=LINES[2][2],
            chosen={"province": "440000", "standing": "in_force", "year": "2019", "batch": "1"},
        ),
        Criteria(text=LINES[2][3][4:-1]),
    ):
        page = record.search(criteria)
        assert LINES[2][3] in [filing.number for filing in page.filings]
    assert record.search(Criteria(chosen={"category": "application_operator"})).filings == ()
    assert record.figures().in_force == 12
    html = _page("/filings/?q=" + quote(LINES[2][1]))
    assert LINES[2][3] in html
    assert "Batch list 1" in html
    assert '<time datetime=""' not in html


def test_its_list_is_final_and_says_that_it_was_published_elsewhere(description: dict[str, object]) -> None:
    (shown,) = lists.public_lists()
    assert (shown.number, shown.count, shown.is_imported) == (1, 12, True)
    assert (shown.published_on, shown.objections_until, shown.final_on) == (
        published.PUBLISHED_ON,
        None,
        None,
    )
    assert lists.files_of(shown) == ()
    page = _page("/lists/1/")
    assert "Published before this register began" in page
    assert LINES[11][3] in page
    assert '<time datetime=""' not in _page("/lists/")
    body = get("/api/v1/lists/1/").json()
    conforms(body, "ListDetail", description)
    assert (body["is_imported"], body["objections_until"], body["files"]) == (True, None, [])
    conforms(get("/api/v1/lists/").json(), "Lists", description)
    assert "共 12 项。" in _page("/lists/feed.xml")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_about_it_opens_in_both_languages(language: str) -> None:
    for path in ("/", "/filings/", f"/filings/{quote(NUMBER)}/", "/lists/", "/lists/1/", "/lists/1/?q=样例"):
        with translation.override(language):
            assert "样例" in _page(path, language) or path == "/lists/"
