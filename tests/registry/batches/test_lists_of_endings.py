"""Lists of endings: composed, published and shown as lists of filings are, and final when they are shown."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import date, timedelta
from http import HTTPStatus

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry import clock, tasks
from registry.batches import files, lists, objections, publishing
from registry.book.act_request import Actor
from registry.errors import TransitionNotAllowed
from registry.integrity.lists import find_list_violations
from registry.models import BatchEntry, BatchList, Event, Filing, ListCounter, Notice
from registry.rules.batches.lifecycle import ListAct, ListKind, ListState
from registry.rules.end_grounds import EndGround
from registry.rules.workflow.states import Act
from registry.storage.objection_parts import Statement
from registry.streams.chain import events_of
from tests.builders import batch as batches
from tests.builders import striking_off
from tests.builders.batch import LISTING
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

ENDED = date(2026, 3, 5)


def _cancellations(**changed: object) -> lists.Composition:
    return batches.composition(kind=ListKind.CANCELLED, **changed)  # type: ignore[arg-type]


def _numbers(batch_list: BatchList) -> list[str]:
    return [row.number for row in lists.rows_of(batch_list)]


def test_it_names_what_ended_by_its_last_day_whether_it_was_ever_listed_or_not(cast: Cast) -> None:
    listed, never_listed, later, in_force = batches.filings_in_force(cast, 4)
    batches.published(
        cast, batches.composition(held_back=dict.fromkeys((never_listed.pk, later.pk), "样例：待核实原件"))
    )
    batches.cancel(cast, listed)
    batches.cancel(cast, never_listed)
    batches.cancel(cast, later, ends_on=date(2026, 3, 10))
    batch_list = batches.published(cast, _cancellations(), at=LISTING + timedelta(days=3))
    assert _numbers(batch_list) == [listed.number, never_listed.number]
    assert [row.ended_on for row in lists.rows_of(batch_list)] == [ENDED, ENDED]
    assert in_force.number not in _numbers(batch_list)


def test_each_kind_has_numbers_of_its_own_and_its_own_place_on_the_way(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    batches.cancel(cast, first)
    of_filings = batches.confirmed(cast)
    of_endings = batches.published(cast, _cancellations())
    assert (of_endings.kind, of_endings.number) == ("cancelled", 1)
    with clock.stopped_at(LISTING + timedelta(hours=1)):
        publishing.publish_list(of_filings.pk)
    of_filings.refresh_from_db()
    assert (of_filings.number, _numbers(of_filings)) == (1, [second.number])
    assert dict(ListCounter.objects.values_list("kind", "last")) == {"filings": 1, "cancelled": 1}


def test_nobody_objects_to_it_and_it_ends_when_it_is_shown(cast: Cast) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batches.cancel(cast, filing)
    batch_list = batches.published(cast, _cancellations())
    assert (batch_list.state, batch_list.objections_until) == (ListState.PUBLISHED, None)
    shown = events_of(batch_list.pk).get(act=ListAct.PUBLISH.value)
    assert set(shown.payload) == {"published_on", "manifest_sha256"}
    late = LISTING + timedelta(days=90)
    assert publishing.to_finalise(late) == []
    with pytest.raises(TransitionNotAllowed, match="list_has_window"):
        lists.finalise(batch_list.pk, at=late)
    statement = Statement(name="样例一人", contact="13900000000", facts="样例")
    with pytest.raises(TransitionNotAllowed):
        objections.receive(BatchEntry.objects.get().pk, statement, at=LISTING + timedelta(days=1))


def test_its_files_have_the_day_of_the_ending(cast: Cast) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batches.cancel(cast, filing)
    batch_list = batches.published(cast, _cancellations())
    content = {each.format: files.bytes_of(each) for each in batch_list.files.all()}
    lines = list(csv.reader(io.StringIO(content["csv"].decode("utf-8-sig"))))
    assert lines[0] == ["序号", "主体名称", "服务名称", "备案编号", "省份", "注销日期"]
    assert (lines[1][3], lines[1][5]) == (filing.number, "2026-03-05")
    sheet = openpyxl.load_workbook(io.BytesIO(content["xlsx"])).active
    assert sheet is not None
    assert (sheet["F1"].value, sheet["F2"].value) == ("注销日期", "2026-03-05")
    told = json.loads(content["json"])
    assert (told["kind"], told["title"]) == ("cancelled", "境内区块链信息服务备案注销清单（第一批）")
    assert told["entries"][0]["ended_on"] == "2026-03-05"
    assert told["page"].endswith("/lists/cancelled/1/")
    assert json.loads(content["manifest"])["files"][0]["name"] == "blockchain-filings-cancelled-1.csv"


def test_the_filing_notes_it_and_keeps_its_own_list_and_the_applicant_is_told(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    batches.published(cast)
    batches.cancel(cast, first)
    batches.published(cast, _cancellations(), at=LISTING + timedelta(days=1))
    filing = Filing.objects.get(pk=first.pk)
    assert filing.list_number == 1
    noted = events_of(filing.pk).filter(act=Act.ENTER_IN_LIST.value)
    assert [each.payload["list_kind"] for each in noted] == ["filings", "cancelled"]
    assert events_of(second.pk).filter(act=Act.ENTER_IN_LIST.value).count() == 1
    tasks.sweep_notices()
    (told,) = Notice.objects.filter(kind="cancellation_listed")
    assert told.filing_id == first.pk
    assert "注销清单（第一批）" in told.body


def test_noting_one_list_twice_notes_it_once(cast: Cast) -> None:
    found = batches.filings_in_force(cast, 3)
    batches.published(cast)
    for each in found:
        batches.cancel(cast, each)
    batch_list = batches.confirmed(cast, _cancellations(), at=LISTING + timedelta(days=1))
    with clock.stopped_at(LISTING + timedelta(days=1, hours=1)):
        publishing.publish_list(batch_list.pk)
        (event,) = publishing.to_note()
        assert publishing.note_entries(event, most=2) == 2
        assert publishing.note_entries(event, most=2) == 1
        assert publishing.note_entries(event, most=2) == 0
    batch_list.refresh_from_db()
    assert publishing.progress_of(batch_list) == (3, 3)
    assert Event.objects.filter(act=Act.ENTER_IN_LIST.value).count() == 6


def test_the_record_names_both_its_lists(cast: Cast, client: Client) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batches.published(cast)
    batches.cancel(cast, filing)
    batches.published(cast, _cancellations(), at=LISTING + timedelta(days=1))
    record = client.get(f"/api/v1/filings/{filing.number}/").json()
    assert (record["batch"], record["ending_list"]) == (1, 1)
    noted = [(each["event"], each["batch"], each["list_kind"]) for each in record["history"] if each["batch"]]
    assert noted == [("listed", 1, "filings"), ("ending_listed", 1, "cancelled")]
    page = client.get(f"/filings/{filing.number}/").content.decode()
    assert page.count('href="/lists/1/"') == 2
    assert page.count('href="/lists/cancelled/1/"') == 2


def test_page_files_api_and_feed_of_the_kind_appear_together(cast: Cast, client: Client) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batches.cancel(cast, filing)
    batch_list = batches.confirmed(cast, _cancellations())
    addresses = (
        "/lists/cancelled/1/",
        "/api/v1/lists/cancelled/1/",
        "/api/v1/lists/cancelled/1/entries/",
        "/files/lists/cancelled/1/blockchain-filings-cancelled-1.pdf",
    )
    for address in addresses:
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND, address
    with clock.stopped_at(LISTING + timedelta(hours=1)):
        publishing.publish_list(batch_list.pk)
    for address in addresses:
        assert client.get(address).status_code == HTTPStatus.OK, address
    # Not among the lists of filings.
    assert client.get("/api/v1/lists/").json()["results"] == []
    assert client.get("/lists/1/").status_code == HTTPStatus.NOT_FOUND
    (told,) = client.get("/api/v1/lists/cancelled/").json()["results"]
    assert (told["kind"], told["number"], told["state"], told["objections_until"]) == (
        "cancelled",
        1,
        "published",
        None,
    )
    (entry,) = client.get("/api/v1/lists/cancelled/1/entries/").json()["results"]
    assert (entry["number"], entry["ended_on"], entry["standing"]) == (
        filing.number,
        "2026-03-05",
        "cancelled",
    )
    page = client.get("/lists/cancelled/1/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "境内区块链信息服务备案注销清单（第一批）" in page
    assert "2026-03-05" in page
    assert "objection" not in page
    index = client.get("/lists/").content.decode()
    assert 'href="/lists/cancelled/1/"' in index
    assert "/lists/cancelled/1/" in client.get("/lists/cancelled/feed.xml").content.decode()
    assert client.get("/lists/cancelled/feed/1.xml").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/lists/nothing/1/").status_code == HTTPStatus.NOT_FOUND


def test_filings_struck_off_are_announced_with_day_and_ground(cast: Cast, client: Client) -> None:
    first, second = batches.filings_in_force(cast, 2)
    batches.published(cast)
    for filing, ground in ((first, EndGround.FALSE_MATERIALS), (second, EndGround.APPLICANT_GONE)):
        striking_off.struck_off(cast, filing, ground=ground, at=LISTING + timedelta(days=2))
    composed = batches.composition(kind=ListKind.STRUCK_OFF, cut_off_on=date(2026, 12, 31))
    published = batches.published(cast, composed, at=LISTING + timedelta(days=30))
    rows = lists.rows_of(published)
    assert [(row.number, row.end_ground) for row in rows] == [
        (first.number, "false_materials"),
        (second.number, "applicant_gone"),
    ]
    assert {row.ended_on for row in rows} == {first.struck_off_on}
    content = files.bytes_of(published.files.get(format="csv")).decode("utf-8-sig")
    assert content.splitlines()[0].endswith("撤销（注销）日期,撤销（注销）事由")
    assert "依职权注销：主体已终止或者死亡" in content
    told = client.get("/api/v1/lists/struck-off/1/entries/").json()["results"]
    assert [each["end_ground"] for each in told] == ["false_materials", "applicant_gone"]
    page = client.get("/lists/struck-off/1/", headers={"accept-language": "en"}).content.decode()
    assert "False filing materials" in page
    assert client.get(f"/api/v1/filings/{first.number}/").json()["ending_list"] == 1
    tasks.sweep_notices()
    assert Notice.objects.filter(kind="striking_off_listed").count() == 2
    assert list(find_list_violations()) == []


# ---------------------------------------------------------------- no ending in two lists


def test_an_ending_is_announced_once(cast: Cast) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batches.cancel(cast, filing)
    batches.published(cast, _cancellations())
    assert _cancellations(cut_off_on=date(2026, 12, 31)).candidates() == []
    entry = BatchEntry.objects.get()
    entry.pk, entry.position, entry._state.adding = None, 2, True
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_property_every_ending_stands_in_one_list_at_most_and_the_numbers_have_no_gap(
    chance: random.Random,
) -> None:
    with transaction.atomic():
        # What an example wrote is rolled back, its accounts too.
        cast = Cast()
        found = batches.filings_in_force(cast, 4)
        ended: set[str] = set()
        for step in range(6):
            at = LISTING + timedelta(days=step)
            left = [each for each in found if each.number not in ended]
            if left and chance.random() < 0.6:
                filing = chance.choice(left)
                batches.cancel(cast, filing)
                ended.add(str(filing.number))
            composed = _cancellations(cut_off_on=date(2026, 3, chance.choice((4, 9))))
            chosen = composed.candidates()
            held = {
                each.filing_id: "样例：终止日期尚待核对，暂不列入。"
                for each in chosen
                if chance.random() < 0.3
            }
            composed = _cancellations(cut_off_on=composed.cut_off_on, held_back=held)
            if len(chosen) == len(held):
                continue
            if chance.random() < 0.3:
                dropped = batches.proposed(cast, composed, at=at)
                lists.drop(
                    dropped.pk,
                    act=ListAct.SEND_BACK,
                    actor=Actor.of(cast.national),
                    explanation="样例：写明理由",
                    at=at,
                )
            else:
                batches.published(cast, composed, at=at)
        shown = BatchEntry.objects.filter(kind=ListKind.CANCELLED.value)
        numbers = list(shown.values_list("number", flat=True))
        assert len(numbers) == len(set(numbers))
        assert set(numbers) <= ended
        # The files of what was rolled back are still there.
        found_wrong = {each.code for each in find_list_violations()} - {"list_file_without_row"}
        assert found_wrong == set()
        transaction.set_rollback(True)
