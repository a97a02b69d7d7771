"""Corrigenda: proposed, confirmed and published as lists are; what they correct stays as it was published."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from http import HTTPStatus
from xml.etree import ElementTree

import pytest
from django.test import Client

from registry import clock, tasks
from registry.batches import corrections, files, lists, publishing
from registry.batches.corrections import Wanted
from registry.book.act_request import Actor
from registry.errors import GlyphMissing, TransitionNotAllowed
from registry.models import BatchEntry, BatchFile, BatchList, Event, Filing, Notice
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ListKind, ListState
from registry.rules.workflow.states import Act
from registry.statistics.public import all_lists
from tests.builders import batch as batches
from tests.builders.batch import LISTING, corrected
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

LATER = LISTING + timedelta(days=2)
NAME = "样例更正后的服务名称"
_ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def entries(cast: Cast) -> list[BatchEntry]:
    """The three entries of a list in public."""
    batches.filings_in_force(cast, 3)
    batches.published(cast)
    return list(BatchEntry.objects.order_by("position"))


def _composed(*wanted: Wanted) -> lists.Composition:
    return batches.composition(kind=ListKind.CORRIGENDA, wanted=wanted)


def _row(batch_list: BatchList) -> list[tuple[object, ...]]:
    return [
        (each.list_number, each.position, each.column, each.before, each.after)
        for row in lists.rows_of(batch_list)
        if (each := row.correction) is not None
    ]


def test_it_has_a_number_of_its_own_and_names_list_place_before_and_after(
    cast: Cast, entries: list[BatchEntry]
) -> None:
    first, second, _third = entries
    withdrawn = corrected(second, column=CorrectedColumn.ENTRY, reason="样例：疑议成立")
    published = batches.corrigendum(cast, corrected(first), withdrawn, at=LATER)
    assert (published.kind, published.number, published.count) == ("corrigenda", 1, 2)
    assert (published.state, published.objections_until) == (ListState.PUBLISHED, None)
    assert _row(published) == [
        (1, 1, CorrectedColumn.SERVICE_NAME, first.service_name, NAME),
        (1, 2, CorrectedColumn.ENTRY, "", ""),
    ]


def test_a_second_officer_confirms_it_and_a_reviewer_does_not_write_one(
    cast: Cast, entries: list[BatchEntry]
) -> None:
    composed = _composed(corrected(entries[0]))
    with pytest.raises(TransitionNotAllowed, match="not_this_role"):
        lists.propose(composed, actor=Actor.of(cast.national), at=LATER)
    proposed = batches.proposed(cast, composed, at=LATER)
    with pytest.raises(TransitionNotAllowed, match="second_officer"):
        lists.confirm(proposed.pk, actor=Actor.of(cast.national_head), at=LATER)


def test_nothing_that_was_published_is_edited(cast: Cast, entries: list[BatchEntry]) -> None:
    of_filings = BatchList.objects.get()
    rows = lists.rows_of(of_filings)
    made = {each.pk: files.bytes_of(each) for each in of_filings.files.all()}
    figures = all_lists()
    batches.corrigendum(cast, corrected(entries[0]), at=LATER)
    assert lists.rows_of(of_filings) == rows
    assert {each.pk: files.bytes_of(each) for each in of_filings.files.all()} == made
    assert all_lists() == figures


def test_the_next_corrigendum_corrects_what_the_last_one_said(cast: Cast, entries: list[BatchEntry]) -> None:
    entry = entries[0]
    batches.corrigendum(cast, corrected(entry), at=LATER)
    again = batches.corrigendum(cast, corrected(entry, after="样例再次更正"), at=LATER + timedelta(days=1))
    assert again.number == 2
    assert _row(again) == [(1, 1, CorrectedColumn.SERVICE_NAME, NAME, "样例再次更正")]


@pytest.mark.parametrize(
    ("fault", "changed"),
    [
        ("correction_without_reason", {"reason": ""}),
        ("correction_changes_nothing", {"after": ""}),
        ("correction_without_reason", {"column": CorrectedColumn.ENTRY, "reason": ""}),
    ],
)
def test_what_says_nothing_is_not_proposed(
    cast: Cast, entries: list[BatchEntry], fault: str, changed: dict[str, object]
) -> None:
    composed = _composed(corrected(entries[0], **changed))  # type: ignore[arg-type]
    assert list(corrections.faults(composed.candidates()).values()) == [(fault,)]
    with pytest.raises(TransitionNotAllowed, match="corrections_hold"):
        batches.proposed(cast, composed, at=LATER)


def test_a_name_as_it_stands_and_the_same_twice_are_no_corrections(
    cast: Cast, entries: list[BatchEntry]
) -> None:
    entry = entries[0]
    same = _composed(corrected(entry, after=entry.service_name))
    assert set(corrections.faults(same.candidates()).values()) == {("correction_changes_nothing",)}
    twice = _composed(corrected(entry), corrected(entry, after="样例另一名称"))
    assert set(corrections.faults(twice.candidates()).values()) == {("correction_twice",)}
    both = _composed(corrected(entry), corrected(entry, column=CorrectedColumn.APPLICANT_NAME))
    assert corrections.faults(both.candidates()) == {}


def test_what_was_withdrawn_is_corrected_no_more(cast: Cast, entries: list[BatchEntry]) -> None:
    batches.corrigendum(cast, corrected(entries[0], column=CorrectedColumn.ENTRY), at=LATER)
    with pytest.raises(TransitionNotAllowed, match="corrections_hold"):
        batches.proposed(cast, _composed(corrected(entries[0])), at=LATER + timedelta(days=1))


def test_an_entry_that_is_not_in_public_and_a_corrigendums_own_are_not_corrected(
    cast: Cast, entries: list[BatchEntry]
) -> None:
    batches.corrigendum(cast, corrected(entries[0]), at=LATER)
    own = BatchEntry.objects.get(kind=ListKind.CORRIGENDA.value)
    assert _composed(corrected(own)).candidates() == []
    assert corrections.find_entry(ListKind.CORRIGENDA, 1, 1) is None
    assert corrections.find_entry(ListKind.FILINGS, 1, 9) is None
    with pytest.raises(TransitionNotAllowed, match="list_has_entries"):
        batches.proposed(cast, _composed(corrected(own)), at=LATER)


def test_a_name_that_no_file_can_print_is_refused(cast: Cast, entries: list[BatchEntry]) -> None:
    with pytest.raises(GlyphMissing):
        batches.proposed(cast, _composed(corrected(entries[0], after="样例\U0001f600")), at=LATER)


@pytest.mark.parametrize(
    ("after", "reason"), [("样例\x0b其他", "样例：名称录入有误"), ("样例", "样例：名称\x0b录入有误")]
)
def test_what_no_workbook_can_hold_is_refused_before_a_number_is_used(
    cast: Cast, entries: list[BatchEntry], after: str, reason: str
) -> None:
    with pytest.raises(GlyphMissing):
        batches.proposed(cast, _composed(corrected(entries[0], after=after, reason=reason)), at=LATER)
    assert lists.underway(ListKind.CORRIGENDA) is None


def test_its_files_say_what_it_corrects(cast: Cast, entries: list[BatchEntry]) -> None:
    published = batches.corrigendum(cast, corrected(entries[2]), at=LATER)
    content = {each.format: files.bytes_of(each) for each in published.files.all()}
    assert set(content) == set(BatchFile.Format.values)
    head, line = csv.reader(io.StringIO(content["csv"].decode("utf-8-sig")))
    assert head == ["序号", "所更正清单", "原序号", "备案编号", "更正事项", "更正前", "更正后", "更正理由"]
    assert line == [
        "1",
        "境内区块链信息服务备案清单（第一批）",
        "3",
        entries[2].number,
        "服务名称",
        entries[2].service_name,
        NAME,
        "样例：名称录入有误",
    ]
    told = json.loads(content["json"])["entries"][0]["correction"]
    assert (told["list_kind"], told["list_number"], told["position"]) == ("filings", 1, 3)


def test_each_correction_is_noted_and_the_applicant_told(cast: Cast, entries: list[BatchEntry]) -> None:
    entry = entries[0]
    both = (corrected(entry), corrected(entry, column=CorrectedColumn.APPLICANT_NAME, after="样例更名公司"))
    published = batches.corrigendum(cast, *both, at=LATER)
    noted = Event.objects.filter(stream_id=entry.filing_id, act=Act.ENTER_IN_LIST.value).order_by("sequence")
    assert [(each.payload["list_kind"], each.payload["position"]) for each in noted] == [
        ("filings", 1),
        ("corrigenda", 1),
        ("corrigenda", 2),
    ]
    assert publishing.progress_of(published) == (2, 2)
    assert Filing.objects.get(pk=entry.filing_id).list_number == 1
    tasks.sweep_notices()
    assert Notice.objects.filter(kind="entry_corrected", filing=entry.filing_id).count() == 2
    assert publishing.told_of(published) == 2


def test_list_entries_and_record_say_what_was_corrected(
    cast: Cast, entries: list[BatchEntry], client: Client
) -> None:
    first, second, third = entries
    withdrawn = corrected(second, column=CorrectedColumn.ENTRY, reason="样例：疑议成立")
    composed = _composed(corrected(first), withdrawn)
    confirmed = batches.confirmed(cast, composed, at=LATER)
    # Not before it is shown.
    assert client.get("/api/v1/lists/1/entries/").json()["results"][0]["corrected_by"] == []
    with clock.stopped_at(LATER + timedelta(hours=1)):
        publishing.publish_list(confirmed.pk)
        for event in publishing.to_note():
            publishing.note_entries(event)
    told = client.get("/api/v1/lists/1/entries/").json()["results"]
    assert [[each["corrigendum"] for each in entry["corrected_by"]] for entry in told] == [[1], [1], []]
    assert told[0]["service_name"] == first.service_name
    assert told[0]["corrected_by"][0]["after"] == NAME
    assert told[1]["corrected_by"][0]["column"] == "entry"
    page = client.get("/lists/1/").content.decode()
    assert first.service_name in page
    assert NAME in page
    assert "样例：疑议成立" in page
    assert page.count('href="/lists/corrigenda/1/"') == 3
    record = client.get(f"/api/v1/filings/{first.number}/").json()
    assert (record["batch"], record["history"][-1]["event"]) == (1, "corrected")
    assert (record["history"][-1]["list_kind"], record["history"][-1]["batch"]) == ("corrigenda", 1)
    shown = client.get(f"/filings/{first.number}/").content.decode()
    assert NAME in shown
    assert 'href="/lists/corrigenda/1/"' in shown
    assert NAME not in client.get(f"/filings/{third.number}/").content.decode()


def test_its_page_and_api_lead_to_the_corrected_list(
    cast: Cast, entries: list[BatchEntry], client: Client
) -> None:
    batches.corrigendum(cast, corrected(entries[0]), at=LATER)
    page = client.get("/lists/corrigenda/1/").content.decode()
    assert 'href="/lists/1/"' in page
    assert NAME in page
    (told,) = client.get("/api/v1/lists/corrigenda/1/entries/").json()["results"]
    assert told["correction"] == {
        "list_kind": "filings",
        "list_number": 1,
        "position": 1,
        "column": "service_name",
        "before": entries[0].service_name,
        "after": NAME,
        "reason": "样例：名称录入有误",
    }
    assert client.get("/lists/corrigenda/feed.xml").status_code == HTTPStatus.OK
    assert "/lists/corrigenda/1/" in client.get("/lists/").content.decode()


def test_its_feed_says_which_entries_it_corrects_and_how(
    cast: Cast, entries: list[BatchEntry], client: Client
) -> None:
    first, second, _third = entries
    withdrawn = corrected(second, column=CorrectedColumn.ENTRY, reason="样例：疑议成立")
    batches.corrigendum(cast, corrected(first), withdrawn, at=LATER)
    root = ElementTree.fromstring(client.get("/lists/corrigenda/feed.xml").content)
    (entry,) = root.iter(f"{_ATOM}entry")
    title = "境内区块链信息服务备案清单（第一批）"
    count, *lines, _disclaimer = (entry.findtext(f"{_ATOM}summary") or "").splitlines()
    assert count == "共 2 项。"
    assert lines == [
        f"{title}第1项（{first.number}）：服务名称由“{first.service_name}”更正为“{NAME}”。理由：样例：名称录入有误",
        f"{title}第2项（{second.number}）：撤回该项。理由：样例：疑议成立",
    ]


def test_an_ending_can_be_corrected_too(cast: Cast, entries: list[BatchEntry]) -> None:
    filing = Filing.objects.get(pk=entries[0].filing_id)
    batches.cancel(cast, filing, ends_on=date(2026, 3, 12))
    composed = batches.composition(kind=ListKind.CANCELLED, cut_off_on=date(2026, 3, 13))
    batches.published(cast, composed, at=LISTING + timedelta(days=5))
    entry = BatchEntry.objects.get(kind=ListKind.CANCELLED.value)
    published = batches.corrigendum(cast, corrected(entry), at=LISTING + timedelta(days=6))
    (row,) = lists.rows_of(published)
    assert row.correction is not None
    assert (row.correction.list_kind, row.correction.list_number) == ("cancelled", 1)
