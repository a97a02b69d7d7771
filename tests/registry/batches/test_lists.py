"""A batch list from its composition to the end of its window, through the real acts."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import openpyxl
import pypdfium2
import pytest

from registry import clock, tasks
from registry.batches import files, lists, publishing
from registry.book import ledger
from registry.book.act_request import Actor
from registry.errors import GlyphMissing, OutOfDate, RegisterIncomplete, TransitionNotAllowed
from registry.models import BatchEntry, BatchFile, BatchList, Event, Filing, ListCounter, Notice
from registry.rules.batches.events import Freeze
from registry.rules.batches.fold import fold_list
from registry.rules.batches.lifecycle import ListAct, ListKind, ListOrder, ListState
from registry.rules.workflow.states import Act, Standing
from registry.streams.chain import events_of
from registry.streams.writer import act_record
from tests.builders import batch as batches
from tests.builders import register as build
from tests.builders.batch import LISTING
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import rename_service
from tests.registry.documents.reading import words_of

pytestmark = pytest.mark.django_db


def _numbers(batch_list: BatchList) -> list[str]:
    return [row.number for row in lists.rows_of(batch_list)]


# ---------------------------------------------------------------- composing and confirming


def test_a_list_names_what_is_in_force_up_to_its_last_day_and_in_no_list(cast: Cast) -> None:
    first, second, third = batches.filings_in_force(cast, 3)
    late = build.filing_of(
        build.in_force(cast, seed=790, at=datetime(2026, 3, 9, 16, 0, tzinfo=MORNING.tzinfo))
    )
    build.approved(cast, seed=791)
    held = {second.pk: "样例：名称待核实"}
    batch_list = batches.published(cast, batches.composition(held_back=held))
    assert _numbers(batch_list) == [first.number, third.number]
    later = batches.published(
        cast, batches.composition(cut_off_on=date(2026, 3, 20)), at=LISTING + timedelta(days=20)
    )
    assert (batch_list.number, later.number) == (1, 2)
    assert sorted(_numbers(later)) == sorted([str(second.number), str(late.number)])


def test_the_last_day_is_the_day_in_china(cast: Cast) -> None:
    # 23:59 of 9 March in China, and 00:00 of the day after.
    moments = [
        datetime(2026, 3, 9, 15, 59, tzinfo=MORNING.tzinfo),
        datetime(2026, 3, 9, 16, 0, tzinfo=MORNING.tzinfo),
    ]
    inside, _outside = (
        build.filing_of(build.in_force(cast, seed=710 + place, at=at - timedelta(hours=3)))
        for place, at in enumerate(moments)
    )
    assert [each.number for each in batches.composition().candidates()] == [inside.number]


def test_who_proposes_does_not_confirm_and_a_reviewer_does_not_propose(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    with pytest.raises(TransitionNotAllowed, match="not_this_role"):
        lists.propose(batches.composition(), actor=Actor.of(cast.national), at=LISTING)
    batch_list = batches.proposed(cast)
    with pytest.raises(TransitionNotAllowed, match="second_officer"):
        lists.confirm(batch_list.pk, actor=Actor.of(cast.national_head), at=LISTING)
    with pytest.raises(TransitionNotAllowed, match="not_this_role"):
        lists.confirm(batch_list.pk, actor=Actor.of(cast.provincial_head), at=LISTING)
    assert (
        lists.confirm(batch_list.pk, actor=Actor.of(cast.national), at=LISTING).state == ListState.CONFIRMED
    )


def test_one_list_is_underway_at_a_time_and_a_dropped_one_makes_room(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    batch_list = batches.proposed(cast)
    with pytest.raises(TransitionNotAllowed, match="no_other_list_underway"):
        batches.proposed(cast)
    with pytest.raises(TransitionNotAllowed, match="explanation_given"):
        lists.drop(batch_list.pk, act=ListAct.SEND_BACK, actor=Actor.of(cast.national), explanation=" ")
    lists.drop(
        batch_list.pk,
        act=ListAct.SEND_BACK,
        actor=Actor.of(cast.national),
        explanation="样例：写明理由",
    )
    again = batches.confirmed(cast)
    lists.drop(again.pk, act=ListAct.RECALL, actor=Actor.of(cast.national_head), explanation="样例：写明理由")
    assert batches.published(cast).number == 1


def test_what_changed_since_the_preview_is_said_and_nothing_is_proposed(cast: Cast) -> None:
    shown = [str(each.number) for each in batches.filings_in_force(cast, 2)]
    new = build.filing_of(build.in_force(cast, seed=740))
    with pytest.raises(OutOfDate) as refusal:
        lists.propose(
            batches.composition(), actor=Actor.of(cast.national_head), seen=[*shown, "gone"], at=LISTING
        )
    assert (refusal.value.facts["added"], refusal.value.facts["gone"]) == ([new.number], ["gone"])
    assert not BatchList.objects.exists()


@pytest.mark.parametrize(
    ("announcement", "error"), [("  \n ", TransitionNotAllowed), ("样例\U0001f600", GlyphMissing)]
)
def test_an_announcement_must_be_there_and_be_printable(
    cast: Cast, announcement: str, error: type[Exception]
) -> None:
    batches.filings_in_force(cast, 1)
    with pytest.raises(error):
        batches.proposed(cast, batches.composition(announcement=announcement))


def test_an_empty_list_is_not_proposed(cast: Cast) -> None:
    with pytest.raises(TransitionNotAllowed, match="list_has_entries"):
        batches.proposed(cast)


def test_a_page_that_is_out_of_date_confirms_nothing(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.proposed(cast)
    with pytest.raises(OutOfDate, match="list_moved_on"):
        lists.confirm(batch_list.pk, actor=Actor.of(cast.national), seen_sequence=7, at=LISTING)


@pytest.mark.parametrize("order", list(ListOrder))
def test_orders_keep_an_applicant_together_where_they_say_so(cast: Cast, order: ListOrder) -> None:
    south = build.submitted(cast, seed=750, division_code=build.GUANGDONG_DIVISION)
    build.approve(cast, south, at=MORNING + timedelta(hours=4))
    moments = [MORNING + timedelta(hours=hours) for hours in (5, 6, 7)]
    first, between, second = (
        build.filing_of(build.in_force(cast, seed=seed, at=at))
        for seed, at in zip((751, 752, 751), moments, strict=True)
    )
    guangdong = build.filing_of(south)
    assert first.applicant_id == second.applicant_id
    expected = {
        ListOrder.NUMBERED: [guangdong, first, between, second],
        ListOrder.APPLICANT: [guangdong, first, second, between],
        ListOrder.PROVINCE: [first, second, between, guangdong],
    }
    found = [each.number for each in batches.composition(order=order).candidates()]
    assert found == [each.number for each in expected[order]]


# ---------------------------------------------------------------- publishing


def test_nothing_is_frozen_before_its_moment(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    moment = LISTING + timedelta(hours=6)
    batch_list = batches.confirmed(cast, batches.composition(publish_at=moment))
    assert publishing.to_publish(moment - timedelta(seconds=1)) == []
    with pytest.raises(TransitionNotAllowed, match="list_moment_come"):
        lists.freeze(batch_list.pk, at=moment - timedelta(seconds=1))
    assert publishing.to_publish(moment) == [batch_list.pk]


def test_what_ends_before_the_freeze_is_left_out_and_named(cast: Cast) -> None:
    kept, ended = batches.filings_in_force(cast, 2)
    batch_list = batches.confirmed(cast)
    Filing.objects.filter(pk=ended.pk).update(standing=Standing.CANCELLED.value)
    lists.freeze(batch_list.pk, at=LISTING + timedelta(hours=1))
    batch_list.refresh_from_db()
    assert _numbers(batch_list) == [kept.number]
    frozen = Freeze.of(events_of(batch_list.pk).get(act=ListAct.FREEZE.value).payload)
    assert (frozen.left_out, frozen.count) == ((ended.number,), 1)


def test_the_announcement_counts_what_the_list_holds_and_not_what_was_proposed(cast: Cast) -> None:
    _kept, ended = batches.filings_in_force(cast, 2)
    text = "样例公告：现公布{title}，{applicants}家，{count}项，疑议请于{until}前提出。"
    batch_list = batches.confirmed(cast, batches.composition(announcement=text))
    assert "2项" in lists.announcement_of(batch_list)
    Filing.objects.filter(pk=ended.pk).update(standing=Standing.CANCELLED.value)
    said = lists.announcement_of(batch_list)
    assert (
        said
        == "样例公告：现公布境内区块链信息服务备案清单（第一批），1家，1项，疑议请于公布之日起第10个工作日前提出。"
    )
    frozen = lists.freeze(batch_list.pk, at=LISTING + timedelta(hours=1))
    assert (frozen.announcement, lists.announcement_of(frozen)) == (said, said)
    assert lists.proposal_of(frozen).announcement == text


def test_a_list_that_is_frozen_late_names_the_last_day_that_follows(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    composed = batches.composition(
        publish_at=LISTING + timedelta(hours=6), announcement="样例：请于{until}前提出。"
    )
    batch_list = batches.confirmed(cast, composed)
    with clock.stopped_at(LISTING):
        assert lists.announcement_of(batch_list) == "样例：请于2026年3月24日前提出。"
    frozen = lists.freeze(batch_list.pk, at=LISTING + timedelta(days=4))
    assert frozen.announcement == "样例：请于2026年3月27日前提出。"


def test_the_announcement_of_a_list_frozen_before_places_were_kept_stays(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.published(cast)
    records = [act_record(event, ListAct) for event in events_of(batch_list.pk)]
    early = [
        replace(each, payload={**each.payload, "announcement": None}) if each.act is ListAct.FREEZE else each
        for each in records
    ]
    assert fold_list(early).announcement == lists.proposal_of(batch_list).announcement


def test_a_list_of_which_nothing_is_left_takes_no_number(cast: Cast) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batch_list = batches.confirmed(cast)
    Filing.objects.filter(pk=filing.pk).update(standing=Standing.CANCELLED.value)
    with pytest.raises(TransitionNotAllowed, match="list_has_entries"):
        lists.freeze(batch_list.pk, at=LISTING + timedelta(hours=1))
    assert ListCounter.objects.get(kind=ListKind.FILINGS.value).last == 0
    lists.drop(
        batch_list.pk,
        act=ListAct.RECALL,
        actor=Actor.of(cast.national_head),
        explanation="样例：写明理由",
    )


def test_a_name_with_a_character_that_no_font_has_holds_no_list_up(cast: Cast) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batch_list = batches.confirmed(cast, batches.composition(publish_at=LISTING + timedelta(days=9)))
    rename_service(cast, filing, "样例\U0001f600服务", at=LISTING + timedelta(days=1))
    frozen = lists.freeze(batch_list.pk, at=LISTING + timedelta(days=10))
    files.make_files(frozen.pk)
    made = {each.format: files.bytes_of(each) for each in frozen.files.all()}
    assert "样例〔U+1F600〕服务" in words_of(made["pdf"])
    assert "样例\U0001f600服务" in made["csv"].decode("utf-8-sig")


def test_what_ends_between_freeze_and_showing_stays_an_entry(cast: Cast) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    batch_list = batches.confirmed(cast)
    with clock.stopped_at(LISTING + timedelta(hours=1)):
        lists.freeze(batch_list.pk)
        Filing.objects.filter(pk=filing.pk).update(standing=Standing.CANCELLED.value)
        publishing.publish_list(batch_list.pk)
    batch_list.refresh_from_db()
    assert (batch_list.state, _numbers(batch_list)) == (ListState.PUBLISHED, [filing.number])


def test_files_hold_the_rows_of_the_list_and_the_manifest_their_digests(cast: Cast) -> None:
    batches.filings_in_force(cast, 3)
    batch_list = batches.published(cast)
    rows = lists.rows_of(batch_list)
    expected = [(row.position, row.applicant_name, row.service_name, row.number) for row in rows]
    content = {each.format: files.bytes_of(each) for each in BatchFile.objects.filter(batch_list=batch_list)}
    assert set(content) == set(BatchFile.Format.values)

    lines = list(csv.reader(io.StringIO(content["csv"].decode("utf-8-sig"))))
    assert lines[0] == list(files.head_of(batch_list))
    assert [(int(line[0]), *line[1:4]) for line in lines[1:]] == expected

    sheet = openpyxl.load_workbook(io.BytesIO(content["xlsx"])).active
    assert sheet is not None
    assert [tuple(row[:4]) for row in sheet.iter_rows(min_row=2, values_only=True)] == expected

    told = json.loads(content["json"])
    assert [
        tuple(entry[name] for name in ("position", "applicant_name", "service_name", "number"))
        for entry in told["entries"]
    ] == expected
    assert (told["number"], told["count"], told["title"]) == (1, 3, "境内区块链信息服务备案清单（第一批）")

    with pypdfium2.PdfDocument(content["pdf"]) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    flat = "".join(text.split())
    for row in rows:
        assert row.number in flat
        assert "".join(row.service_name.split()) in flat

    manifest = json.loads(content["manifest"])
    stated = {
        each["format"]: (each["sha256"], each["size_bytes"], each["rows"]) for each in manifest["files"]
    }
    assert stated == {
        name: (hashlib.sha256(data).hexdigest(), len(data), 3)
        for name, data in content.items()
        if name != "manifest"
    }


def test_a_name_that_looks_like_a_formula_stays_a_text(cast: Cast) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    Filing.objects.filter(pk=filing.pk).update(service_name="=HYPERLINK(样例)")
    batch_list = batches.published(cast)
    content = {each.format: files.bytes_of(each) for each in batch_list.files.all()}
    sheet = openpyxl.load_workbook(io.BytesIO(content["xlsx"])).active
    assert sheet is not None
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=HYPERLINK(样例)", "s")
    assert "'=HYPERLINK" in content["csv"].decode()


def test_long_lists_are_printed_in_parts_and_joined_with_their_pages_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches.filings_in_force(cast, 5)
    monkeypatch.setattr(files, "ROWS_IN_ONE_PIECE", 2)
    monkeypatch.setattr(files, "ROWS_A_PART", 2)
    batch_list = batches.published(cast)
    content = files.bytes_of(batch_list.files.get(format="pdf"))
    with pypdfium2.PdfDocument(content) as document:
        pages = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    assert [f"第{number}页" in page for number, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert all(row.number in "".join(pages) for row in lists.rows_of(batch_list))
    assert "".join(pages).count("境内区块链信息服务备案清单（第一批）") == 1


def test_a_list_published_twice_is_published_once(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    batch_list = batches.published(cast)
    digests = {each.format: each.sha256 for each in batch_list.files.all()}
    count = Event.objects.count()
    publishing.publish_list(batch_list.pk)
    with clock.stopped_at(LISTING + timedelta(days=1)):
        tasks.sweep_batch_lists()
    assert {each.format: each.sha256 for each in batch_list.files.all()} == digests
    assert (BatchEntry.objects.count(), Event.objects.count()) == (2, count)


def test_every_entry_is_noted_in_its_filings_stream_and_the_applicant_is_told(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    batches.published(cast)
    for filing in (first, second):
        assert events_of(filing.pk).filter(act=Act.ENTER_IN_LIST.value).count() == 1
    tasks.sweep_notices()
    told = Notice.objects.filter(kind="listed", filing=second)
    assert [each.filing_id for each in told] == [second.pk]
    assert "境内区块链信息服务备案清单（第一批）" in told[0].body


def test_noting_goes_on_where_it_stopped(cast: Cast) -> None:
    batches.filings_in_force(cast, 3)
    batch_list = batches.confirmed(cast)
    with clock.stopped_at(LISTING + timedelta(hours=1)):
        publishing.publish_list(batch_list.pk)
        (event,) = publishing.to_note()
        assert publishing.note_entries(event, most=2) == 2
        assert publishing.to_note() == [event]
        assert publishing.note_entries(event, most=2) == 1
        assert publishing.to_note() == []
    assert publishing.progress_of(batch_list) == (3, 0)
    batch_list.refresh_from_db()
    assert publishing.progress_of(batch_list) == (3, 3)
    assert (
        ledger.enter_in_list(
            BatchEntry.objects.get(position=1).filing_id,
            list_kind="filings",
            list_number=1,
            position=1,
            listed_on=clock.china_date(LISTING),
        )
        is None
    )


# ---------------------------------------------------------------- the window


def test_the_window_is_ten_working_days_and_five_more_for_post(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.published(cast)
    # Published on Tuesday 10 March 2026: the tenth working day is Tuesday 24 March, five more end on 31 March.
    assert batch_list.objections_until == date(2026, 3, 24)
    assert lists.final_from(batch_list) == date(2026, 4, 1)
    assert publishing.to_finalise(datetime(2026, 3, 31, 15, 59, tzinfo=MORNING.tzinfo)) == []
    with pytest.raises(TransitionNotAllowed, match="objection_window_over"):
        lists.finalise(batch_list.pk, at=datetime(2026, 3, 31, 15, 59, tzinfo=MORNING.tzinfo))
    with clock.stopped_at(datetime(2026, 3, 31, 16, 0, tzinfo=MORNING.tzinfo)):
        assert tasks.sweep_batch_lists() == 1
        assert tasks.sweep_batch_lists() == 0
    batch_list.refresh_from_db()
    assert batch_list.state == ListState.FINAL


def test_entries_that_cannot_be_noted_wait_for_the_next_sweep_and_ring_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches.filings_in_force(cast, 1)
    batches.confirmed(cast)
    rung: list[str] = []
    monkeypatch.setattr(tasks.doorbell, "ring_on_commit", rung.append)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise RegisterIncomplete("row_incomplete")

    monkeypatch.setattr(ledger, "enter_in_list", refuse)
    with clock.stopped_at(LISTING + timedelta(hours=1)):
        tasks.sweep_batch_lists()
        rung.clear()
        assert tasks.sweep_batch_lists() == 0
    assert len(publishing.to_note()) == 1
    assert rung == []
