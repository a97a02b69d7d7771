"""The public pages, files, API and feed of the batch lists."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from http import HTTPStatus
from xml.etree import ElementTree

import pytest
from django.test import Client

from registry import clock
from registry.batches import files, lists
from registry.batches.corrections import Wanted
from registry.models import BatchEntry, BatchFile, BatchList, Filing
from registry.public import feeds
from registry.publication import lists as published_lists
from registry.rules.batches.corrections import CorrectedColumn
from tests.builders import batch as batches
from tests.builders.batch import LISTING
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESSES = (
    "/lists/1/",
    "/api/v1/lists/1/",
    "/api/v1/lists/1/entries/",
    "/files/lists/1/blockchain-filings-batch-1.pdf",
    "/files/lists/1/blockchain-filings-batch-1-manifest.json",
)


@pytest.fixture
def filings(cast: Cast) -> list[Filing]:
    """Three filings in force."""
    return batches.filings_in_force(cast, 3)


@pytest.fixture
def batch_list(cast: Cast, filings: list[Filing]) -> BatchList:
    """Their list, in public."""
    return batches.published(cast)


def test_nothing_of_a_list_is_public_before_it_is_shown(
    cast: Cast, filings: list[Filing], client: Client
) -> None:
    batch_list = batches.confirmed(cast)
    moment = LISTING + timedelta(hours=1)
    lists.freeze(batch_list.pk, at=moment)
    files.make_files(batch_list.pk)
    for address in ADDRESSES:
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND, address
    assert client.get("/api/v1/lists/").json()["results"] == []
    record = client.get(f"/api/v1/filings/{filings[0].number}/").json()
    assert record["batch"] is None
    lists.publish(batch_list.pk, at=moment)
    for address in ADDRESSES:
        assert client.get(address).status_code == HTTPStatus.OK, address


def test_the_page_shows_entries_files_and_the_window(batch_list: BatchList, client: Client) -> None:
    with clock.stopped_at(LISTING + timedelta(days=1)):
        page = client.get("/lists/1/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "境内区块链信息服务备案清单（第一批）" in page
    assert "2026-03-24" in page
    for row in lists.rows_of(batch_list):
        assert row.service_name in page
        assert row.number in page
    for file in BatchFile.objects.all():
        assert file.sha256 in page


def test_entries_are_found_however_a_name_or_number_is_typed(batch_list: BatchList) -> None:
    first, *_others = lists.rows_of(batch_list)
    (shown,) = published_lists.lists_numbered(1, 1)
    name = first.service_name
    wide = name.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    for text in (
        name,
        wide,
        f"{name[:2]}·{name[2:]}",
        f"（{name}）",
        f"备案号：{first.number}。",
        first.number[4:-1],
    ):
        found = published_lists.entries_of(shown, text=text)
        assert [entry.row.number for entry in found.entries] == [first.number], text
    assert published_lists.entries_of(shown, text="样例无此名称").total == 0
    assert published_lists.entries_of(shown, text="·（）").total == 0


def test_entries_are_found_by_name_and_number_and_come_in_pages(
    batch_list: BatchList, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = lists.rows_of(batch_list)
    found = client.get("/lists/1/", {"q": second.number[-8:]}).content.decode()
    assert second.service_name in found
    assert third.number not in found
    shown = published_lists.public_list(1)
    assert shown is not None
    page = published_lists.entries_of(shown, page=2, size=2)
    assert ([each.number for each in page.entries], page.total, page.pages) == ([third.number], 3, 2)
    assert published_lists.entries_of(shown, page=99, size=2).page == 2
    nothing = client.get("/lists/1/", {"q": "没有这样的名称"})
    assert nothing.status_code == HTTPStatus.OK
    assert first.number not in nothing.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "١"])
def test_a_page_that_is_none_does_no_harm(batch_list: BatchList, client: Client, page: str) -> None:
    assert client.get("/lists/1/", {"page": page}).status_code == HTTPStatus.OK


def test_a_file_is_served_as_it_was_made_and_known_by_its_digest(
    batch_list: BatchList, client: Client
) -> None:
    file = BatchFile.objects.get(format="csv")
    address = "/files/lists/1/blockchain-filings-batch-1.csv"
    answer = client.get(address)
    assert hashlib.sha256(answer.content).hexdigest() == file.sha256
    assert answer.headers["ETag"] == f'"{file.sha256}"'
    assert "immutable" in answer.headers["Cache-Control"]
    assert "attachment" in answer.headers["Content-Disposition"]
    again = client.get(address, headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")
    for unknown in ("/files/lists/1/other.csv", "/files/lists/2/blockchain-filings-batch-2.csv"):
        assert client.get(unknown).status_code == HTTPStatus.NOT_FOUND


def test_the_record_names_its_list(batch_list: BatchList, filings: list[Filing], client: Client) -> None:
    record = client.get(f"/api/v1/filings/{filings[0].number}/").json()
    assert record["batch"] == 1
    listed = record["history"][-1]
    assert (listed["event"], listed["batch"], listed["on"]) == ("listed", 1, "2026-03-10")
    page = client.get(f"/filings/{filings[0].number}/").content.decode()
    assert page.count('href="/lists/1/"') == 2


def test_each_row_and_record_lead_to_an_objection_while_anyone_may_object(
    batch_list: BatchList, filings: list[Filing], client: Client
) -> None:
    record = f"/filings/{filings[0].number}/"
    entry = BatchEntry.objects.get(filing=filings[0])
    link = f'href="/lists/1/objection/?entry={entry.position}"'
    for day, offered in ((date(2026, 3, 24), 1), (date(2026, 3, 25), 0)):
        with clock.stopped_at(LISTING + (day - LISTING.date())):
            for address in (record, "/lists/1/"):
                assert client.get(address).content.decode().count(link) == offered, (day, address)


def test_no_objection_to_an_entry_that_was_withdrawn(
    cast: Cast, batch_list: BatchList, filings: list[Filing], client: Client
) -> None:
    entry = BatchEntry.objects.get(filing=filings[0])
    link = f'href="/lists/1/objection/?entry={entry.position}"'
    moment = LISTING + timedelta(days=1)
    with clock.stopped_at(moment):
        assert link in client.get("/lists/1/").content.decode()
        withdrawal = Wanted(
            entry_id=entry.pk, column=CorrectedColumn.ENTRY, after="", reason="样例：疑议成立"
        )
        batches.corrigendum(cast, withdrawal, at=moment)
        for address in (f"/filings/{filings[0].number}/", "/lists/1/"):
            assert link not in client.get(address).content.decode(), address


def test_the_api_says_what_the_page_says(batch_list: BatchList, client: Client) -> None:
    (told,) = client.get("/api/v1/lists/").json()["results"]
    assert (told["number"], told["count"], told["state"]) == (1, 3, "published")
    assert (told["published_on"], told["objections_until"]) == ("2026-03-10", "2026-03-24")
    detail = client.get("/api/v1/lists/1/").json()
    stated = {each["format"]: each["sha256"] for each in detail["files"]}
    assert stated == {each.format: each.sha256 for each in BatchFile.objects.all()}
    entries = client.get("/api/v1/lists/1/entries/", {"page": 2, "page_size": 2}).json()
    assert [each["number"] for each in entries["results"]] == [lists.rows_of(batch_list)[2].number]
    refused = client.get("/api/v1/lists/1/entries/", {"page_size": 501})
    assert refused.status_code == HTTPStatus.BAD_REQUEST


def test_the_feed_is_complete_through_its_archive_pages(
    cast: Cast, filings: list[Filing], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "LISTS_A_PAGE", 1)
    for place, day in enumerate((date(2026, 3, 2), date(2026, 3, 9))):
        held = dict.fromkeys((filings[1].pk, filings[2].pk), "样例：待核实原件") if place == 0 else {}
        batches.published(
            cast,
            batches.composition(cut_off_on=day, held_back=held),
            at=LISTING + timedelta(days=place),
        )
    found: list[str] = []
    address: str | None = "/lists/feed.xml"
    while address is not None:
        answer = client.get(address)
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        root = ElementTree.fromstring(answer.content)
        found += [entry.findtext(f"{ATOM}id") or "" for entry in root.iter(f"{ATOM}entry")]
        links = {link.get("rel"): link.get("href") or "" for link in root.findall(f"{ATOM}link")}
        address = links["prev-archive"].removeprefix(_base()) if "prev-archive" in links else None
    assert {each.rsplit("/lists/", 1)[1] for each in found} == {"1/", "2/"}
    assert client.get("/lists/feed/3.xml").status_code == HTTPStatus.NOT_FOUND
    tag = answer.headers["ETag"]
    again = client.get("/lists/feed/1.xml", headers={"if-none-match": tag})
    assert again.status_code == HTTPStatus.NOT_MODIFIED


def test_an_empty_register_has_an_empty_feed_and_page(client: Client) -> None:
    assert client.get("/lists/feed.xml").status_code == HTTPStatus.OK
    assert client.get("/lists/").status_code == HTTPStatus.OK


def _base() -> str:
    from django.conf import settings

    return str(settings.PORTAL_BASE_URL).rstrip("/")
