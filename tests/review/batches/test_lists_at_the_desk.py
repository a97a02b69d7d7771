"""The pages of proposed lists: what is to be done, the acts with what they bring about, changes, progress, failures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock, tasks
from registry.batches import lists
from registry.book.act_request import Actor
from registry.errors import StorageFull
from registry.jobs import runs
from registry.models import Account, BatchList, JobFailure
from registry.rules.batches.lifecycle import ListAct, ListState
from tests.builders import batch as batches
from tests.builders import published
from tests.builders import register as build
from tests.builders.batch import LISTING
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.review.batches.test_compose import end
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

LISTS = "/review/batches/"


@pytest.fixture(autouse=True)
def _listing(settings: Settings) -> Iterator[None]:
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    with clock.stopped_at(LISTING + timedelta(minutes=20)):
        yield


def page(client: Client, batch_list: BatchList) -> str:
    return unescape(text_of(client.get(reverse("review:batch", args=[batch_list.pk]))))


def act(
    client: Client, batch_list: BatchList, what: ListAct, *, event: int = 1, explanation: str = ""
) -> ClientResponse:
    url = reverse("review:batch_act", args=[batch_list.pk, what.value])
    return client.post(url, {"event": event, "explanation": explanation})


def buttons(client: Client, batch_list: BatchList) -> list[str]:
    """The acts that a list's page offers."""
    content = client.get(reverse("review:batch", args=[batch_list.pk])).content.decode()
    acts = (ListAct.CONFIRM, ListAct.SEND_BACK, ListAct.RECALL)
    return [each.value for each in acts if f"/acts/{each.value}/" in content]


def test_the_list_of_lists_says_what_is_to_be_done_and_by_whom(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    assert "No list is on its way" in text_of(sign_in(cast.national).get(LISTS))
    batches.proposed(cast)
    assert "You proposed it" in text_of(sign_in(cast.national_head).get(LISTS))
    assert "Waits for a second officer, who may be you" in text_of(sign_in(cast.national).get(LISTS))


def test_published_and_dropped_lists_stand_with_their_days_and_reasons(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    dropped = batches.proposed(cast)
    lists.drop(
        dropped.pk, act=ListAct.SEND_BACK, actor=Actor.of(cast.national), explanation="样例：误，须核对原件"
    )
    batches.published(cast)
    words = text_of(sign_in(cast.national).get(LISTS))
    assert "Batch list 1" in words
    # Ten working days after Tuesday 10 March; five more for post, then one day.
    assert "2026-03-24" in words
    assert "from 2026-04-01" in words
    assert "样例：误" in words


def test_only_a_head_is_offered_the_composer(cast: Cast) -> None:
    assert reverse("review:compose") in sign_in(cast.national_head).get(LISTS).content.decode()
    assert reverse("review:compose") not in sign_in(cast.national).get(LISTS).content.decode()


@pytest.mark.parametrize(
    ("who", "state", "offered"),
    [
        ("national", "proposed", ["list_confirmed", "list_sent_back"]),
        ("national_head", "proposed", ["list_sent_back"]),
        ("national", "confirmed", []),
        ("national_head", "confirmed", ["list_recalled"]),
        ("national_head", "published", []),
    ],
)
def test_the_acts_offered_are_those_of_the_table(
    cast: Cast, who: str, state: str, offered: list[str]
) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = {
        "proposed": batches.proposed,
        "confirmed": batches.confirmed,
        "published": batches.published,
    }[state](cast)
    officer: Account = getattr(cast, who)
    assert buttons(sign_in(officer), batch_list) == offered


def test_the_page_of_an_act_says_what_it_brings_about(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    batch_list = batches.proposed(cast)
    client = sign_in(cast.national)
    url = reverse("review:batch_act", args=[batch_list.pk, ListAct.CONFIRM.value])
    words = text_of(client.get(url, {"event": 1}))
    assert "It is published as “Batch list 1”, with 2 entries" in words
    assert "The system publishes the list at once" in words
    assert client.get(url).status_code == HTTPStatus.FOUND


def test_a_second_officer_confirms_and_the_sweep_publishes(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    batch_list = batches.proposed(cast)
    client = sign_in(cast.national)
    assert act(client, batch_list, ListAct.CONFIRM).status_code == HTTPStatus.FOUND
    words = page(client, batch_list)
    assert "0 of 5 files made" in words
    tasks.sweep_batch_lists()
    words = page(client, batch_list)
    assert "5 of 5 files made" in words
    assert "applicants of 0 of 2 entries told" in words
    progress = reverse("review:batch_progress", args=[batch_list.pk])
    assert "HX-Refresh" not in client.get(progress).headers
    tasks.sweep_notices()
    answer = client.get(progress)
    assert answer.headers["HX-Refresh"] == "true"
    part = answer.content.decode()
    assert "applicants of 2 of 2 entries told" in unescape(part)
    assert "hx-get" not in part
    assert reverse("public:batch", args=[1]) in part


def test_who_proposed_cannot_confirm(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.proposed(cast)
    answer = act(sign_in(cast.national_head), batch_list, ListAct.CONFIRM)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "A decision rests on two officers" in text_of(answer)
    assert BatchList.objects.get().state == ListState.PROPOSED


def test_sending_back_needs_an_explanation_which_the_office_reads(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.proposed(cast)
    client = sign_in(cast.national)
    assert act(client, batch_list, ListAct.SEND_BACK).status_code == HTTPStatus.BAD_REQUEST
    act(client, batch_list, ListAct.SEND_BACK, explanation="样例：公告有误")
    assert BatchList.objects.get().state == ListState.DROPPED
    assert "样例：公告有误" in page(sign_in(cast.national_head), batch_list)


def test_a_head_recalls_a_confirmed_list_before_its_moment(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    moment = datetime(2026, 3, 12, 1, 0, tzinfo=UTC)
    batch_list = batches.confirmed(cast, batches.composition(publish_at=moment))
    head = sign_in(cast.national_head)
    assert "2026-03-12 09:00, China time" in page(head, batch_list)
    answer = act(head, batch_list, ListAct.RECALL, event=2, explanation="样例：改期，须核对原件")
    assert answer.status_code == HTTPStatus.FOUND
    assert BatchList.objects.get().state == ListState.DROPPED


def test_an_act_from_a_page_that_is_out_of_date_is_refused_with_what_happened_and_what_was_typed(
    cast: Cast,
) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.proposed(cast)
    lists.confirm(batch_list.pk, actor=Actor.of(cast.national))
    answer = act(
        sign_in(cast.national), batch_list, ListAct.SEND_BACK, explanation="样例：请再看，须核对原件"
    )
    assert answer.status_code == HTTPStatus.CONFLICT
    words = text_of(answer)
    assert "Somebody has acted on this list" in words
    assert "Batch list confirmed" in words
    assert "样例：请再看" in words


def test_what_changed_since_the_proposal_is_shown(cast: Cast) -> None:
    first, second = batches.filings_in_force(cast, 2)
    batch_list = batches.proposed(cast)
    end(first, cast)
    new = build.filing_of(build.in_force(cast, seed=796, at=LISTING - timedelta(days=2)))
    client = sign_in(cast.national)
    words = page(client, batch_list)
    assert "No longer in force: these will be left out" in words
    assert f"{first.number} no longer in force, will be left out" in words
    assert "1 number was issued or came into question meanwhile; it waits for the next list" in words
    assert str(new.number) in words
    url = reverse("review:batch_act", args=[batch_list.pk, ListAct.CONFIRM.value])
    assert "with 1 entry as it is then" in text_of(client.get(url, {"event": 1}))
    act(client, batch_list, ListAct.CONFIRM)
    tasks.sweep_batch_lists()
    assert f"Left out at the freeze, since no longer in force {first.number}" in page(client, batch_list)
    assert [row.number for row in lists.rows_of(BatchList.objects.get())] == [second.number]


def test_a_failure_of_the_publication_is_shown_with_what_to_do(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.confirmed(cast)
    runs.record_failure("publish_list", batch_list.pk, StorageFull("storage_full"))
    client = sign_in(cast.national)
    for words in (page(client, batch_list), text_of(client.get(LISTS))):
        assert "There is no room to store the files." in words
        assert "Tell the operator" in words
    JobFailure.objects.all().delete()
    assert "no room" not in page(client, batch_list)


def test_a_proposal_is_printed_as_a_preview_until_it_is_frozen(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = batches.proposed(cast)
    client = sign_in(cast.national)
    url = reverse("review:batch_pdf", args=[batch_list.pk])
    assert client.get(url).headers["Content-Type"] == "application/pdf"
    act(client, batch_list, ListAct.CONFIRM)
    tasks.sweep_batch_lists()
    assert client.get(url).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", ["provincial", "provincial_head"])
def test_provinces_have_no_lists(cast: Cast, role: str) -> None:
    assert sign_in(getattr(cast, role)).get(LISTS).status_code == HTTPStatus.NOT_FOUND


def test_the_office_s_pages_ask_the_same_queries_for_one_entry_and_for_six(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    batches.filings_in_force(cast, 6)
    batch_list = batches.proposed(cast)
    client = sign_in(cast.national)
    client.get(LISTS)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        page(client, batch_list)


def test_an_imported_list_stands_among_the_published_and_has_its_public_page_alone(
    cast: Cast, tmp_path: Path
) -> None:
    published.imported(tmp_path, published.rows(3))
    client = sign_in(cast.national_head)
    answer = client.get(reverse("review:batches"))
    assert "Published before the register began" in text_of(answer)
    assert reverse("public:batch", args=[1]) in answer.content.decode()
    batch_list = BatchList.objects.get()
    for path in (
        reverse("review:batch", args=[batch_list.pk]),
        reverse("review:batch_act", args=[batch_list.pk, "list_confirmed"]),
    ):
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND
