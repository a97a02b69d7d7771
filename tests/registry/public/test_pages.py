"""The public pages: what they answer, where they lead, and what they never show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from registry.models import Filing, PersonalParticulars, Revision
from registry.public.limits import AddressThrottle
from registry.publication import record
from registry.rules.codes import filing_number
from registry.rules.scope import ScopeQuestion
from registry.rules.workflow.states import Standing
from tests.builders import register as build
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.registry.publication.conftest import make_filings

pytestmark = pytest.mark.django_db

UNKNOWN = str(filing_number.compose("110108", 2026, "00001234", 1))


def get(path: str, *, language: str = "en", **headers: str) -> ClientResponse:
    return Client().get(path, headers={"Accept-Language": language, **headers})


def record_path(number: object) -> str:
    return f"/filings/{quote(str(number))}/"


def wrong_check(number: object) -> str:
    text = str(number)
    return f"{text[:-2]}{'1' if text[-2] != '1' else '2'}号"


def test_home_shows_the_figures_and_the_latest_filings(one_filing: Filing) -> None:
    page = get("/").content.decode()
    assert re.findall(r"<dd>(\d+)</dd>", page)[:3] == ["1", "1", "1"]
    assert str(one_filing.number) in page
    assert "within 10 working days of starting the service" in page
    assert "decision within 20 working days of receipt" in page


@pytest.mark.parametrize(
    "path", ["/", "/do-i-need-to-file/?blockchain=yes&public=yes&channel=yes&territory=yes&role=node"]
)
def test_an_account_is_offered_to_visitors_only(cast: Cast, path: str) -> None:
    """Who has an account is offered a new filing in its place."""
    member = Client()
    member.force_login(cast.member, backend="registry.accounts.backends.AccountBackend")
    signed_in = member.get(path, headers={"Accept-Language": "en"}).content.decode()
    visited = get(path).content.decode()
    assert ("Open an account<" in visited, "Open an account<" in signed_in) == (True, False)
    assert ("New filing<" in visited, "New filing<" in signed_in) == (False, True)


def test_home_without_filings_has_no_empty_columns() -> None:
    page = get("/").content.decode()
    assert "Latest filings" not in page
    assert "figures-row" not in page


def test_a_whole_number_in_the_search_leads_to_its_record(one_filing: Filing) -> None:
    number = str(one_filing.number)
    typed = f"{number[:4]} {number[4:10]} {number[10:]}"
    answer = get(f"/filings/?q={quote(typed)}")
    assert (answer.status_code, unquote(answer["Location"])) == (302, f"/filings/{number}/")


def test_a_record_has_one_address(one_filing: Filing) -> None:
    number = str(one_filing.number)
    answer = get(f"/filings/{number[4:-1].lower()}/")
    assert (answer.status_code, unquote(answer["Location"])) == (301, f"/filings/{number}/")
    page = get(record_path(number))
    assert page.status_code == HTTPStatus.OK
    text = page.content.decode()
    assert f'<meta name="ArticleTitle" content="{one_filing.service_name}">' in text
    assert '<meta name="PubDate" content="2026-03-02">' in text
    for shown in (number, one_filing.service_name, one_filing.applicant_name, "Not yet in a batch list"):
        assert shown in text
    assert "This filing has been in force since 2026-03-02 Monday." in text
    assert "It endorses no organisation" in text


def test_a_wrong_check_character_is_named_on_a_page_that_offers_the_search(one_filing: Filing) -> None:
    answer = get(f"/filings/?q={quote(wrong_check(one_filing.number))}")
    assert answer.status_code == HTTPStatus.FOUND
    page = get(answer["Location"])
    assert page.status_code == HTTPStatus.NOT_FOUND
    text = page.content.decode()
    assert "<h1>This cannot be a filing number: its check character is wrong</h1>" in text
    assert 'name="q"' in text
    chinese = get(answer["Location"], language="zh-CN").content.decode()
    assert "<h1>这不是备案编号：校验码错误</h1>" in chinese


def test_a_well_formed_number_that_is_not_in_the_register_says_so() -> None:
    page = get(record_path(UNKNOWN))
    assert page.status_code == HTTPStatus.NOT_FOUND
    assert "<h1>No filing in the register has this number</h1>" in page.content.decode()


def test_numbers_that_are_not_public_get_the_same_answer(cast: Cast) -> None:
    build.approved(cast)
    bodies = set()
    for serial in ("00001234", "00005678", "99999999"):
        number = str(filing_number.compose("110108", 2026, serial, 1))
        page = get(record_path(number))
        text = re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", page.content.decode())
        bodies.add((page.status_code, text.replace(number, "#").replace(quote(number), "#")))
    assert len(bodies) == 1


@pytest.mark.parametrize(
    "text", ["a", "..", "%00", "%EF%BF%BE", "x" * 300, quote("京网信备"), "%F0%9F%A6%8A"]
)
def test_anything_else_in_the_address_is_no_number(text: str) -> None:
    answer = get(f"/filings/{text}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_filters_stay_in_the_address_from_page_to_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_filings(cast, 3)
    monkeypatch.setattr(
        record.search, "__kwdefaults__", {**(record.search.__kwdefaults__ or {}), "page_size": 2}
    )
    first = get("/filings/?q=%E6%A0%B7%E4%BE%8B&province=110000&category=").content.decode()
    link = re.search(r'rel="next" href="([^"]+)"', first)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    assert address.startswith("/filings/?q=%E6%A0%B7%E4%BE%8B&province=110000&cursor=after-")
    second = get(address).content.decode()
    shown = [number for filing in made if (number := str(filing.number)) in second]
    assert shown == [made[2].number]
    assert 'rel="prev"' in second


def test_an_old_or_made_up_cursor_begins_at_the_start(one_filing: Filing) -> None:
    said = "The list is shown from its start"
    assert said not in get("/filings/?province=110000").content.decode()
    for cursor in (
        "nonsense",
        "after-filings-",
        "after-queue-2026-03-02_x",
        "%FF%FE",
        "after-" + "9" * 5_000,
    ):
        answer = get(f"/filings/?province=110000&cursor={cursor}")
        assert answer.status_code == HTTPStatus.OK
        page = answer.content.decode()
        assert (said in page, str(one_filing.number) in page) == (True, True), cursor


def test_a_filter_that_does_not_exist_is_a_mistake_that_is_named(one_filing: Filing) -> None:
    answer = get("/filings/?standing=gone&numbered_from=2026-05-01&numbered_to=2026-04-01")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    text = answer.content.decode()
    assert "error-summary" in text
    assert 'href="#id_standing"' in text
    assert 'href="#id_numbered_to"' in text


def test_an_empty_result_says_what_to_do(one_filing: Filing) -> None:
    text = get(f"/filings/?q={str(one_filing.number)[4:22]}9").content.decode()
    assert "No filing matches this search" in text
    assert "This is not a complete filing number" in text
    assert "has 20 characters; this one has 19" in text


def test_the_qr_code_leads_to_the_record(one_filing: Filing) -> None:
    answer = get(f"{record_path(one_filing.number)}qr.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert b"style" not in answer.content
    assert "max-age=86400" in answer["Cache-Control"]
    assert get(f"{record_path(UNKNOWN)}qr.svg").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("answers", "heading"),
    [
        ({}, "Do I need to file?"),
        ({"blockchain": "no"}, "By these answers, no filing is needed"),
        (dict.fromkeys(["blockchain", "public", "channel", "territory"], "yes"), "Do I need to file?"),
        (
            {**dict.fromkeys(["blockchain", "public", "channel", "territory"], "yes"), "role": "node"},
            "Yes, this service has to be filed",
        ),
    ],
)
def test_who_must_file_is_answered_without_a_script(answers: dict[str, str], heading: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in answers.items())
    text = get(f"/do-i-need-to-file/?{query}").content.decode()
    assert re.findall(r"<h1>([^<]+)</h1>", text) == [heading]


def test_a_question_left_open_is_asked_again() -> None:
    text = get(f"/do-i-need-to-file/?asked={ScopeQuestion.BLOCKCHAIN}").content.decode()
    assert "error-summary" in text
    assert 'href="#answer-yes"' in text


def test_robots_stay_out_of_the_desks() -> None:
    answer = get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /review/" in answer.content.decode().splitlines()


def test_browsers_that_guess_find_the_mark() -> None:
    answer = get("/favicon.ico")
    assert answer.status_code == HTTPStatus.MOVED_PERMANENTLY
    assert answer["Location"].startswith("/static/img/mark")


def test_every_link_of_the_public_pages_leads_somewhere(one_filing: Filing) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = get(path)
        assert answer.status_code in {200, 302}, path
        if (
            path.startswith(("/account/", "/api/", "/static/", "/filings."))
            or path.endswith(".docx")
            or answer.status_code != HTTPStatus.OK
        ):
            continue
        links = re.findall(r'<(?:a|img)[^>]* (?:href|src)="(/[^"#]*)"', answer.content.decode())
        waiting += [link.replace("&amp;", "&") for link in links if not link.startswith("/static/")]
    assert record_path(one_filing.number) in seen
    assert {"/help/", "/site-map/", "/do-i-need-to-file/", "/filings/", "/api/schema/"} <= seen


def test_one_and_thirty_filings_take_as_many_queries(cast: Cast) -> None:
    paths = ("/", "/filings/", "/filings/?q=%E6%A0%B7%E4%BE%8B", "/api/v1/filings/")
    counts: dict[str, list[int]] = {path: [] for path in paths}
    for count in (1, 29):
        make_filings(cast, count, first_seed=100 + count)
        for path in paths:
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                assert get(path).status_code == HTTPStatus.OK
            counts[path].append(len(captured))
    for path, (of_one, of_thirty) in counts.items():
        assert of_one == of_thirty <= 6, path


def _values(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for value in part.values():
            yield from _values(value)
    elif isinstance(part, list):
        for value in part:
            yield from _values(value)
    elif isinstance(part, str):
        yield part


def test_nothing_of_the_materials_but_the_public_columns_is_ever_shown(cast: Cast) -> None:
    filings = [
        build.in_force(cast, seed=7, nature="individual").application.filing,
        build.in_force(cast, seed=9).application.filing,
    ]
    for filing in filings:
        assert filing is not None
        public = {value for value in _values(filing.columns) if value}
        revision = Revision.objects.get(application__filing=filing)
        personal = json.loads(PersonalParticulars.objects.get(revision=revision).content)
        canaries = {
            value
            for value in (*_values(personal), *_values(revision.public_part))
            if len(value) >= 5 and value not in public and not any(value in each for each in public)
        }
        # Codes that are words of the pages' own markup and addresses say nothing.
        canaries -= {"website", "public", "enterprise", "resident_id", "individual", "organisation"}
        number = str(filing.number)
        paths = ["/", "/filings/", record_path(number), f"/api/v1{record_path(number)}", "/api/v1/filings/"]
        shown = "".join(get(path).content.decode() for path in paths)
        assert filing.service_name in shown
        assert len(canaries) >= 15
        assert {value for value in canaries if value in shown} == set()


def test_an_address_that_asks_too_often_gets_429_with_retry_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_pages": "2/min", "public_api": "2/min"})
    assert [get("/filings/").status_code for _time in range(3)] == [200, 200, 429]
    answer = get("/filings/")
    assert 1 <= int(answer["Retry-After"]) <= 61
    assert "<h1>" in answer.content.decode()


def test_the_register_can_be_read_while_the_counters_are_away(one_filing: Filing) -> None:
    away = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=away):
        assert get("/").status_code == HTTPStatus.OK
        assert get(record_path(one_filing.number)).status_code == HTTPStatus.OK
        assert get(f"/api/v1{record_path(one_filing.number)}").status_code == HTTPStatus.OK


def test_web_addresses_of_a_service_in_force_lead_through_the_page_before_one_leaves(
    one_filing: Filing,
) -> None:
    (site,) = one_filing.columns["website_urls"]
    page = get(record_path(one_filing.number)).content.decode()
    links = re.findall(r'<a href="(/leaving/[^"]+)" rel="nofollow noopener noreferrer">([^<]+)</a>', page)
    assert [address for _path, address in links] == [site]
    assert f'href="{site}"' not in page
    leaving = get(unescape(links[0][0])).content.decode()
    assert f'href="{site}" rel="nofollow noopener noreferrer"' in leaving
    # The address of a service that ended may be somebody else's by now.
    Filing.objects.filter(pk=one_filing.pk).update(standing=Standing.CANCELLED.value)
    page = get(record_path(one_filing.number)).content.decode()
    assert site in page
    assert "/leaving/" not in page
