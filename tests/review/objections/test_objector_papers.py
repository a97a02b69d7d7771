"""What the objector was told, on the objection's page: deliveries, the letter to print, and that the office told it."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.urls import reverse

from registry import clock, tasks
from registry.models import BatchList, Delivery, Notice, Objection
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders.objection import OBJECTING
from tests.builders.register import Cast
from tests.builders.telling import telling
from tests.registry.documents.reading import words_of
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(cast: Cast) -> Objection:
    """An objection that came by post, its receipt told."""
    batches.filings_in_force(cast, 2)
    batch_list: BatchList = batches.published(cast)
    day = clock.china_date(OBJECTING)
    objection = build.posted(cast, batch_list, posted_on=day, received_on=day, at=OBJECTING)
    tasks.sweep_notices()
    return objection


def _address(page: str, objection: Objection) -> str:
    notice = Notice.objects.get(objection=objection, kind="objector_received")
    return reverse(f"review:{page}", args=[objection.pk, notice.pk])


def test_a_letter_is_printed_in_the_words_of_the_notice_and_heads_alone_read_who_it_goes_to(
    cast: Cast, letter: Objection
) -> None:
    for account, is_shown in ((cast.national_head, True), (cast.national, False)):
        answer = sign_in(account).get(_address("objector_letter", letter))
        assert (answer.status_code, answer.headers["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
        text = words_of(answer.content)
        assert letter.receipt_number in text
        assert (build.NAME in text) == is_shown


def test_it_is_noted_once_that_the_office_told_the_objector(cast: Cast, letter: Objection) -> None:
    client, address = sign_in(cast.national), _address("objector_told", letter)
    page = reverse("review:objection", args=[letter.pk])
    offered = f'"{address}">Note that the office told the objector itself<'
    assert offered in client.get(page).content.decode()
    by_post = telling(cast.national, at=clock.now(), how="post", note="样例：挂号信")
    assert client.post(address, by_post).status_code == HTTPStatus.BAD_REQUEST
    by_post["tracking_number"] = "XA12345678911"
    assert client.post(address, by_post | {"note": ""}).status_code == HTTPStatus.BAD_REQUEST
    assert client.post(address, by_post).status_code == HTTPStatus.FOUND
    again = client.post(address, telling(cast.national, at=clock.now(), note="样例：另一次"))
    assert again.status_code == HTTPStatus.FOUND
    notice = Notice.objects.get(objection=letter)
    assert (notice.told_how, notice.told_note, notice.told_by) == ("post", "样例：挂号信", cast.national)
    shown = client.get(page).content.decode()
    # What was noted is still to be seen, and what proves it.
    assert (offered in shown, f'"{address}">The note and its evidence<' in shown) == (False, True)


def test_a_notice_of_another_objection_does_not_exist_here(cast: Cast, letter: Objection) -> None:
    other = build.received(letter.entry.batch_list, position=2).objection
    tasks.sweep_notices()
    notice = Notice.objects.get(objection=other)
    address = reverse("review:objector_letter", args=[letter.pk, notice.pk])
    assert sign_in(cast.national_head).get(address).status_code == HTTPStatus.NOT_FOUND


def test_the_page_shows_the_delivery_and_no_address(cast: Cast, letter: Objection) -> None:
    other = build.received(letter.entry.batch_list, position=2).objection
    tasks.sweep_notices()
    shown = text_of(sign_in(cast.national).get(reverse("review:objection", args=[other.pk])))
    assert "Text message" in shown
    assert build.CONTACT.removeprefix("+86") not in shown


@pytest.mark.parametrize("state", [Delivery.State.GIVEN_UP, Delivery.State.UNKNOWN])
def test_what_did_not_reach_the_objector_is_sent_again_because_an_officer_says_so(
    cast: Cast, letter: Objection, state: Delivery.State
) -> None:
    other = build.received(letter.entry.batch_list, position=2).objection
    tasks.sweep_notices()
    lost, client = Delivery.objects.get(notice__objection=other), sign_in(cast.national)
    page = reverse("review:objection", args=[other.pk])
    address = reverse("review:objector_send_again", args=[other.pk, lost.pk])
    assert address not in client.get(page).content.decode()
    Delivery.objects.filter(pk=lost.pk).update(state=state, attempts=6, next_attempt_at=None)
    assert address in client.get(page).content.decode()
    asked = text_of(client.get(address))
    assert ("It may have arrived" in asked) == (state is Delivery.State.UNKNOWN)
    assert build.CONTACT.removeprefix("+86") not in asked
    elsewhere = reverse("review:objector_send_again", args=[letter.pk, lost.pk])
    assert client.post(elsewhere).status_code == HTTPStatus.NOT_FOUND
    assert client.post(address).headers["Location"] == page
    lost.refresh_from_db()
    assert (lost.state, lost.attempts, lost.next_attempt_at is None) == ("waiting", 0, False)
    assert client.post(address).status_code == HTTPStatus.CONFLICT
