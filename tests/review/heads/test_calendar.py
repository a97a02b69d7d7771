"""The national head's calendar: paste, preview, confirm; nobody else gets in, nothing unseen is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import CalendarNotice, DeadlineMove
from tests.builders import register as build
from tests.builders.holidays import INVENTED_2027, MOVING_2027, NOTICES
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.review.officers import sign_in

pytestmark = pytest.mark.django_db

PAGE, IMPORT = "/review/calendar/", "/review/calendar/import/"
RECEIVED_AT = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)
NOW = datetime(2026, 12, 22, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(settings: Settings) -> Iterator[None]:
    # A session lasts from the day it really is to the stopped one.
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    with clock.stopped_at(NOW):
        yield


def send(
    client: Client, text: str, *, year: int = 2027, step: str = "preview", **more: str
) -> ClientResponse:
    return client.post(IMPORT, {"year": year, "source": "样例通知", "text": text, "step": step, **more})


def digest_in(answer: ClientResponse) -> str:
    found = re.search(r'name="digest" value="(\w{64})"', answer.content.decode())
    assert found is not None
    return found[1]


def test_only_a_national_head_finds_the_calendar(cast: Cast) -> None:
    others = (
        cast.national,
        cast.provincial_head,
        cast.provincial,
        cast.administrator,
        cast.auditor,
        cast.member,
    )
    for account in others:
        client = sign_in(account)
        assert [client.get(PAGE).status_code, client.get(IMPORT).status_code] == [404, 404]
        assert send(client, MOVING_2027, step="load").status_code == HTTPStatus.NOT_FOUND
    assert not CalendarNotice.objects.exists()
    assert sign_in(cast.national_head).get(PAGE).status_code == HTTPStatus.OK


def test_a_notice_is_previewed_then_loaded_as_it_was_previewed(cast: Cast) -> None:
    case = build.submitted(cast, at=RECEIVED_AT)
    client = sign_in(cast.national_head)
    assert "The holidays of 2027 are not loaded" in client.get("/review/").content.decode()

    shown = send(client, MOVING_2027)
    page = unescape(shown.content.decode())
    assert case.application.receipt_number in page
    assert "2027-01-19 Tuesday" in page
    assert "2027-01-18 Monday" in page
    assert ">-1<" in page
    assert not CalendarNotice.objects.exists()

    done = send(client, MOVING_2027, step="load", digest=digest_in(shown))
    assert (done.status_code, done["Location"]) == (302, f"{PAGE}?year=2027")
    notice = CalendarNotice.objects.get()
    assert (notice.year, notice.version, notice.loaded_by, notice.moved_count) == (
        2027,
        1,
        cast.national_head,
        1,
    )
    assert 2027 in current_calendar().announced_years
    page = client.get(done["Location"]).content.decode()
    assert "1 open deadline moved; both sides are being told." in page
    assert "The holidays of 2027 are not loaded" not in page


def test_a_contradiction_is_shown_with_its_line_and_the_text_stays(cast: Cast) -> None:
    wrong = INVENTED_2027.replace("1月1日（星期五）", "1月1日（星期四）")
    answer = send(sign_in(cast.national_head), wrong)
    page = unescape(answer.content.decode())
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "Line 2 (一、元旦：" in page
    assert "2027-01-01 is a Friday, not a Thursday." in page
    assert wrong.strip() in page


def test_what_changed_meanwhile_is_refused_with_a_new_preview(cast: Cast) -> None:
    client = sign_in(cast.national_head)
    digest = digest_in(send(client, MOVING_2027))
    case = build.submitted(cast, at=RECEIVED_AT)
    answer = send(client, MOVING_2027, step="load", digest=digest)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Something has changed since the preview." in answer.content.decode()
    assert case.application.receipt_number in answer.content.decode()
    assert not CalendarNotice.objects.exists()
    assert send(client, MOVING_2027, step="load", digest=digest_in(answer)).status_code == HTTPStatus.FOUND


def test_loading_the_same_again_changes_nothing_and_says_so(cast: Cast) -> None:
    build.submitted(cast, at=RECEIVED_AT)
    client = sign_in(cast.national_head)
    digest = digest_in(send(client, MOVING_2027))
    send(client, MOVING_2027, step="load", digest=digest)
    for answer in (
        send(client, MOVING_2027),
        send(client, MOVING_2027, step="load", digest=digest, acknowledged="yes"),
    ):
        page = answer.content.decode()
        assert "These days are in force already" in page
        assert 'value="load"' not in page
    assert (CalendarNotice.objects.count(), DeadlineMove.objects.count()) == (1, 1)


def test_a_correction_is_confirmed_twice(cast: Cast) -> None:
    client = sign_in(cast.national_head)
    corrected = NOTICES["2026"].replace("1月4日（周日）上班。", "")
    shown = send(client, corrected, year=2026)
    assert "This corrects 2026, which is announced already" in shown.content.decode()
    digest = digest_in(shown)
    assert (
        send(client, corrected, year=2026, step="load", digest=digest).status_code == HTTPStatus.BAD_REQUEST
    )
    assert not CalendarNotice.objects.exists()
    done = send(client, corrected, year=2026, step="load", digest=digest, acknowledged="yes")
    assert done.status_code == HTTPStatus.FOUND


def test_a_correction_begins_with_the_days_in_force(cast: Cast) -> None:
    page = sign_in(cast.national_head).get(f"{IMPORT}?year=2026").content.decode()
    assert "2026-02-14,work," in page
    assert "2026 is announced already" in page


@pytest.mark.parametrize("year", ["1999", "2061", "x", ""])
def test_a_year_outside_the_calendar_is_refused(cast: Cast, year: str) -> None:
    client = sign_in(cast.national_head)
    assert client.post(IMPORT, {"year": year, "source": "s", "text": "t"}).status_code == 400
    assert client.get(f"{PAGE}?year={year}").status_code == HTTPStatus.OK
