"""The composer: one draft for the office, kept on every step, previewed, proposed as it was previewed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock
from registry.batches import lists, publishing
from registry.book.act_request import Actor
from registry.book.in_force import materials_in_force
from registry.models import BatchList, Filing
from registry.rules.batches.lifecycle import ListState
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from review.batches import paging
from review.models import AnnouncementText, ListDraft
from tests.builders import batch as batches
from tests.builders import register as build
from tests.builders.batch import LISTING
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

COMPOSE, PREVIEW = "/review/batches/compose/", "/review/batches/compose/preview/"
TEXT = "样例公告：现公布{count}项，疑议请于{until}（含当日）前提出。"


@pytest.fixture(autouse=True)
def _listing(settings: Settings) -> Iterator[None]:
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    with clock.stopped_at(LISTING):
        yield


def fields(**changed: Any) -> dict[str, Any]:
    """What the form sends."""
    return {
        "cut_off_on": "2026-03-09",
        "order": "numbered",
        "moment": "at_once",
        "publish_at": "",
        "announcement": TEXT,
        "version": 0,
        "step": "save",
    } | changed


def hold(*filings: Filing, reason: str = "样例：名称待核实") -> dict[str, Any]:
    """The rows of some filings with the same reason."""
    rows: dict[str, Any] = {"row": [str(each.pk) for each in filings]}
    return rows | {f"reason-{each.pk}": reason for each in filings}


def propose(client: Client) -> ClientResponse:
    """Proposes what the preview shows now."""
    return client.post(reverse("review:propose_list"), shown(client))


def shown(client: Client) -> dict[str, str]:
    """What the preview's form sends."""
    page = client.get(PREVIEW).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)
    numbers = re.search(r'<textarea name="numbers" hidden>(.*?)</textarea>', page, re.S)
    assert version is not None
    assert numbers is not None
    return {"version": version.group(1), "numbers": unescape(numbers.group(1))}


def end(filing: Filing, cast: Cast) -> None:
    """The filing is cancelled before the list is proposed."""
    case = walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=LISTING - timedelta(days=20),
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": "2026-03-01", "arrangement": "样例安排", "late_reason": "样例"},
    )
    build.forward(cast, case, at=LISTING - timedelta(days=19))
    walk.act(case, Act.APPROVE, by=cast.national, at=LISTING - timedelta(minutes=1), text="样例")


# ---------------------------------------------------------------- the draft


def test_the_composer_begins_with_yesterday_and_the_standing_text_and_saves_nothing(cast: Cast) -> None:
    filing = batches.filings_in_force(cast, 1)[0]
    page = sign_in(cast.national_head).get(COMPOSE)
    assert page.status_code == HTTPStatus.OK
    assert 'value="2026-03-09"' in page.content.decode()
    assert "第十二条" in page.content.decode()
    assert str(filing.number) in page.content.decode()
    assert not ListDraft.objects.exists()


def test_a_draft_is_kept_with_who_edited_it_last_and_what_is_held_back(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    answer = client.post(COMPOSE, fields(**hold(second)))
    assert answer.status_code == HTTPStatus.FOUND
    draft = ListDraft.objects.get()
    assert (draft.version, draft.changed_by, draft.held_back) == (
        1,
        cast.national_head,
        {str(second.pk): "样例：名称待核实"},
    )
    page = text_of(client.get(COMPOSE))
    assert f"Last edited by {cast.national_head.name}" in page
    # Emptied again: listed again. The other row was not sent, and stays as it was.
    client.post(COMPOSE, fields(version=1, **hold(second, reason="")))
    assert ListDraft.objects.get().held_back == {}
    assert str(first.number) in text_of(client.get(PREVIEW))


def test_saving_what_stands_there_already_makes_no_version(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields())
    client.post(COMPOSE, fields())
    assert ListDraft.objects.get().version == 1


def test_two_tabs_do_not_overwrite_each_other_silently(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(**hold(first, reason="样例甲，须核对原件")))
    client.post(COMPOSE, fields(version=1, order="province", **hold(first, reason="样例乙，须核对原件")))
    answer = client.post(COMPOSE, fields(version=1, **hold(first, second, reason="样例丙，须核对原件")))
    assert answer.status_code == HTTPStatus.CONFLICT
    assert ListDraft.objects.get().held_back == {str(first.pk): "样例乙，须核对原件"}
    words, page = text_of(answer), answer.content.decode()
    assert "The draft was saved meanwhile" in words
    assert "By province" in words
    assert "In the saved draft: 样例乙" in words
    assert page.count('value="样例丙，须核对原件"') == 2
    assert 'name="version" value="2"' in page
    again = client.post(COMPOSE, fields(version=2, **hold(first, second, reason="样例丙，须核对原件")))
    assert again.status_code == HTTPStatus.FOUND
    assert set(ListDraft.objects.get().held_back.values()) == {"样例丙，须核对原件"}


def test_what_is_held_back_on_one_page_stays_so_on_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ROWS_A_PAGE", 2)
    found = batches.filings_in_force(cast, 5)
    client = sign_in(cast.national_head)
    answer = client.post(COMPOSE, fields(step="page-2", **hold(found[0])))
    assert answer.headers["Location"] == f"{COMPOSE}?page=2#candidates"
    page = client.get(f"{COMPOSE}?page=2").content.decode()
    assert f"reason-{found[2].pk}" in page
    assert f"reason-{found[0].pk}" not in page
    client.post(COMPOSE, fields(version=1, step="page-3", page=2, **hold(found[3])))
    assert set(ListDraft.objects.get().held_back) == {str(found[0].pk), str(found[3].pk)}
    held = client.get(f"{COMPOSE}?show=held").content.decode()
    assert [f"reason-{each.pk}" in held for each in found] == [True, False, False, True, False]
    preview = text_of(client.get(PREVIEW))
    assert "3 entries" in preview


def test_the_table_is_searched_by_part_of_a_name_or_number(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    answer = client.post(COMPOSE, fields(step="find", q=str(first.number)[6:22]))
    page = client.get(answer.headers["Location"]).content.decode()
    assert f"reason-{first.pk}" in page
    assert f"reason-{second.pk}" not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cut_off_on": "2026-03-10"}, "yesterday or earlier"),
        ({"cut_off_on": ""}, "Fill in “"),
        ({"announcement": "样例 {nothing}"}, "There is no place {nothing}"),
        ({"announcement": "样例 {"}, "is no place"),
        ({"announcement": "样例 \U0001f3db"}, "No font of the files has these characters"),
        ({"moment": "at_moment"}, "Give the day and the time"),
        ({"moment": "at_moment", "publish_at": "2026-03-10T09:59"}, "This moment is over"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_in_the_form(
    cast: Cast, changed: dict[str, str], said: str
) -> None:
    filing = batches.filings_in_force(cast, 1)[0]
    answer = sign_in(cast.national_head).post(COMPOSE, fields(**hold(filing), **changed))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert said in unescape(text_of(answer))
    assert "样例：名称待核实" in answer.content.decode()
    assert not ListDraft.objects.exists()


def test_every_fault_of_a_draft_is_named_at_once(cast: Cast) -> None:
    filing = batches.filings_in_force(cast, 1)[0]
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields())
    answer = client.post(
        COMPOSE,
        fields(
            **hold(filing, reason="样" * 301),
            cut_off_on="2026-03-10",
            moment="at_moment",
            announcement="样例 {nothing} { \U0001f3db" + "样" * 4000,
            version=0,
        ),
    )
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    said = unescape(text_of(answer))
    for fault in (
        "yesterday or earlier",
        "Give the day and the time",
        "There is no place {nothing}",
        "is no place: a place is a name in braces",
        "No font of the files has these characters: \U0001f3db",
        "At most 4000 characters",
        "At most 300 characters",
        "The draft was saved meanwhile",
    ):
        assert fault in said, fault


def test_every_fault_of_the_standing_text_is_named_at_once(cast: Cast) -> None:
    answer = sign_in(cast.national_head).post(
        "/review/batches/announcement-text/", {"text": "样例 {nothing} \U0001f3db", "version": 0}
    )
    said = unescape(text_of(answer))
    for fault in ("There is no place {nothing}", "{count} {until} must be said", "No font of the files has"):
        assert fault in said, fault


def test_a_reason_that_is_too_long_is_named_with_its_number(cast: Cast) -> None:
    filing = batches.filings_in_force(cast, 1)[0]
    answer = sign_in(cast.national_head).post(COMPOSE, fields(**hold(filing, reason="样" * 301)))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert f'href="#id_reason-{filing.pk}"' in answer.content.decode()


# ---------------------------------------------------------------- preview and proposal


def test_the_preview_shows_title_announcement_rows_in_order_and_what_is_held_back(cast: Cast) -> None:
    first, second, third = batches.filings_in_force(cast, 3)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(**hold(second)))
    words = unescape(text_of(client.get(PREVIEW)))
    assert "batch list 1" in words
    assert "样例公告：现公布2项，疑议请于公布之日起第10个工作日（含当日）前提出。" in words
    assert words.index(str(first.number)) < words.index(str(third.number)) < words.index(str(second.number))
    assert "样例：名称待核实" in words
    assert "Preview: not published" in words


def test_a_set_moment_is_china_time_and_names_the_last_day_for_doubts(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(moment="at_moment", publish_at="2026-03-12T09:00"))
    assert ListDraft.objects.get().publish_at.isoformat() == "2026-03-12T01:00:00+00:00"  # type: ignore[union-attr]
    words = text_of(client.get(PREVIEW))
    assert "2026-03-12 09:00, China time" in words
    assert "疑议请于2026年3月26日（含当日）前提出" in words


def test_the_preview_is_printed_with_a_line_that_it_is_one(cast: Cast) -> None:
    filing = batches.filings_in_force(cast, 1)[0]
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields())
    answer = client.get(reverse("review:preview_list_pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = re.sub(r"\s", "", document[0].get_textpage().get_text_bounded())
    assert "预览件·尚未公布" in text
    assert "现公布1项" in text
    assert str(filing.number) in text


def test_the_proposal_is_what_the_preview_showed(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(**hold(second)))
    answer = propose(client)
    batch_list = BatchList.objects.get()
    assert answer.headers["Location"] == reverse("review:batch", args=[batch_list.pk])
    proposal = lists.proposal_of(batch_list)
    assert [each.number for each in proposal.entries] == [first.number]
    assert [(each.number, each.reason) for each in proposal.held_back] == [
        (second.number, "样例：名称待核实")
    ]
    assert proposal.announcement == TEXT
    words = unescape(text_of(client.get(answer.headers["Location"])))
    assert "样例公告：现公布1项，疑议请于公布之日起第10个工作日（含当日）前提出。" in words


def test_what_changed_since_the_preview_is_named_and_the_draft_kept(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields())
    seen = shown(client)
    end(first, cast)
    new = build.filing_of(build.in_force(cast, seed=795, at=LISTING - timedelta(days=2)))
    answer = client.post(reverse("review:propose_list"), seen)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert not BatchList.objects.exists()
    words = text_of(answer)
    assert "has changed since the preview" in words
    assert re.search(f"No longer on the list {first.number}", words)
    assert re.search(f"New on the list {new.number}", words)
    assert "样例公告：现公布2项" in words
    assert propose(client).status_code == HTTPStatus.FOUND
    assert [each.number for each in lists.proposal_of(BatchList.objects.get()).entries] == [
        second.number,
        new.number,
    ]


def test_a_draft_saved_since_the_preview_is_not_proposed_unseen(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields())
    seen = shown(client)
    client.post(COMPOSE, fields(version=1, announcement="样例：另一公告。"))
    answer = client.post(reverse("review:propose_list"), seen)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "样例：另一公告。" in text_of(answer)
    assert not BatchList.objects.exists()


def test_a_moment_that_passed_since_the_preview_is_refused(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(moment="at_moment", publish_at="2026-03-10T11:00"))
    seen = shown(client)
    with clock.stopped_at(LISTING + timedelta(hours=2)):
        later = sign_in(cast.national_head)
        answer = later.post(reverse("review:propose_list"), seen)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "The set moment is over" in text_of(answer)


def test_a_second_list_waits_until_the_first_is_out(cast: Cast) -> None:
    first, _second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(**hold(first)))
    seen = shown(client)
    propose(client)
    answer = client.post(reverse("review:propose_list"), seen | {"version": "2"})
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Another list is on its way" in text_of(answer)
    assert "A list is on its way to publication" in text_of(client.get(COMPOSE))


def test_after_a_list_was_sent_back_the_draft_stands_as_it_was_proposed(cast: Cast) -> None:
    first, _second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(**hold(first)))
    propose(client)
    batch_list = BatchList.objects.get()
    second_officer = sign_in(cast.national)
    url = reverse("review:batch_act", args=[batch_list.pk, "list_sent_back"])
    second_officer.post(url, {"event": 1, "explanation": "样例：请补充说明"})
    assert BatchList.objects.get().state == ListState.DROPPED
    page = client.get(COMPOSE).content.decode()
    assert "This draft was proposed and not published" in page
    assert "{count}项" in page
    assert "样例：名称待核实" in page
    assert propose(client).status_code == HTTPStatus.FOUND


def test_after_a_list_is_out_the_draft_begins_anew_with_what_is_still_held_back(cast: Cast) -> None:
    first, _second = batches.filings_in_force(cast, 2)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields(**hold(first)))
    propose(client)
    batch_list = BatchList.objects.get()
    lists.confirm(batch_list.pk, actor=Actor.of(cast.national), at=LISTING)
    publishing.publish_list(batch_list.pk)
    with clock.stopped_at(LISTING + timedelta(days=3)):
        page = sign_in(cast.national_head).get(COMPOSE).content.decode()
    assert 'value="2026-03-12"' in page
    assert "第十二条" in page
    assert "样例：名称待核实" in page
    assert "Nothing is saved yet" in page


# ---------------------------------------------------------------- the standing text


def test_the_standing_text_is_edited_in_versions_and_new_drafts_begin_with_it(cast: Cast) -> None:
    client = sign_in(cast.national_head)
    url = reverse("review:announcement_text")
    assert client.post(url, {"text": TEXT, "version": 0, "act": "save"}).status_code == HTTPStatus.FOUND
    assert TEXT in client.get(COMPOSE).content.decode()
    stale = client.post(url, {"text": "样例{count}{until}", "version": 0, "act": "save"})
    assert stale.status_code == HTTPStatus.CONFLICT
    assert "样例{count}{until}" in stale.content.decode()
    client.post(url, {"version": 1, "act": "shipped"})
    assert "第十二条" in client.get(COMPOSE).content.decode()
    assert [each.text for each in AnnouncementText.objects.order_by("version")] == [TEXT, ""]


def test_the_standing_text_must_say_how_many_and_until_when(cast: Cast) -> None:
    client = sign_in(cast.national_head)
    answer = client.post(reverse("review:announcement_text"), {"text": "样例{count}", "version": 0})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "{until} must be said" in text_of(answer)


def test_the_composer_asks_the_same_queries_for_one_candidate_and_for_six(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    client = sign_in(cast.national_head)
    client.post(COMPOSE, fields())
    client.get(COMPOSE)
    with CaptureQueriesContext(connection) as one:
        client.get(COMPOSE)
    for place in range(5):
        build.in_force(cast, seed=800 + place, at=LISTING - timedelta(days=3))
    with CaptureQueriesContext(connection) as six:
        client.get(COMPOSE)
    assert len(one) == len(six)
