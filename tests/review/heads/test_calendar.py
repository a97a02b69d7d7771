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
from registry.integrity.register import verify_register
from registry.models import CalendarNotice, DeadlineMove, Notice, OfficeProposal
from review.notices.desk_notices import events_for_desks, notify_desk
from tests.builders import register as build
from tests.builders.holidays import INVENTED_2027, MOVING_2027, NOTICES
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.filing_portal.test_kept_forms import left_alone, sign_in_again
from tests.review.officers import sign_in, text_of

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


def decide(
    client: Client, address: str, act: str = "change_confirmed", *, digest: str = "", **more: str
) -> ClientResponse:
    """Decides on the proposal at an address, by default as its page shows it now."""
    fields = {"act": act, "digest": digest or digest_in(client.get(address)), **more}
    return client.post(address, fields)


def propose(client: Client, text: str, *, year: int = 2027, **more: str) -> str:
    """Proposes a notice as it is previewed, and gives the address of the proposal."""
    digest = digest_in(send(client, text, year=year))
    answer = send(client, text, year=year, step="propose", digest=digest, **more)
    assert answer.status_code == HTTPStatus.FOUND, answer.content.decode()
    return answer["Location"]


def test_only_the_national_office_finds_the_calendar_and_only_its_head_proposes(cast: Cast) -> None:
    reader = sign_in(cast.national)
    assert [reader.get(PAGE).status_code, reader.get(IMPORT).status_code] == [200, 404]
    assert send(reader, MOVING_2027, step="propose").status_code == HTTPStatus.NOT_FOUND
    others = (
        cast.provincial_head,
        cast.provincial,
        cast.administrator,
        cast.auditor,
        cast.member,
    )
    for account in others:
        client = sign_in(account)
        assert [client.get(PAGE).status_code, client.get(IMPORT).status_code] == [404, 404]
        assert send(client, MOVING_2027, step="propose").status_code == HTTPStatus.NOT_FOUND
    assert not CalendarNotice.objects.exists()
    assert sign_in(cast.national_head).get(PAGE).status_code == HTTPStatus.OK


def test_a_notice_is_previewed_proposed_and_confirmed_by_a_second_officer_as_it_was_seen(cast: Cast) -> None:
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

    proposal = propose(client, MOVING_2027)
    assert not CalendarNotice.objects.exists()
    second = sign_in(cast.national)
    seen = unescape(second.get(proposal).content.decode())
    assert case.application.receipt_number in seen
    assert "2027-01-18 Monday" in seen
    done = decide(second, proposal)
    assert (done.status_code, done["Location"]) == (302, f"{PAGE}?year=2027")
    notice = CalendarNotice.objects.get()
    assert (notice.year, notice.version, notice.loaded_by, notice.moved_count) == (
        2027,
        1,
        cast.national_head,
        1,
    )
    assert 2027 in current_calendar().announced_years
    page = second.get(done["Location"]).content.decode()
    assert cast.national.name in page
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
    answer = send(client, MOVING_2027, step="propose", digest=digest)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Something has changed since the preview." in answer.content.decode()
    assert case.application.receipt_number in answer.content.decode()
    assert not CalendarNotice.objects.exists()
    assert send(client, MOVING_2027, step="propose", digest=digest_in(answer)).status_code == HTTPStatus.FOUND


def test_loading_the_same_again_changes_nothing_and_says_so(cast: Cast) -> None:
    build.submitted(cast, at=RECEIVED_AT)
    client = sign_in(cast.national_head)
    digest = digest_in(send(client, MOVING_2027))
    decide(sign_in(cast.national), propose(client, MOVING_2027))
    for answer in (
        send(client, MOVING_2027),
        send(client, MOVING_2027, step="propose", digest=digest, acknowledged="yes"),
    ):
        page = answer.content.decode()
        assert "These days are in force already" in page
        assert 'value="propose"' not in page
    assert (CalendarNotice.objects.count(), DeadlineMove.objects.count()) == (1, 1)


def test_a_correction_is_confirmed_twice(cast: Cast) -> None:
    client = sign_in(cast.national_head)
    corrected = NOTICES["2026"].replace("1月4日（周日）上班。", "")
    shown = send(client, corrected, year=2026)
    assert "This corrects 2026, which is announced already" in shown.content.decode()
    digest = digest_in(shown)
    refused = send(client, corrected, year=2026, step="propose", digest=digest)
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    proposal = propose(client, corrected, year=2026, acknowledged="yes")
    second = sign_in(cast.national)
    assert decide(second, proposal).status_code == HTTPStatus.BAD_REQUEST
    assert not CalendarNotice.objects.exists()
    assert decide(second, proposal, acknowledged="yes").status_code == HTTPStatus.FOUND
    assert CalendarNotice.objects.get().year == 2026


def test_a_correction_begins_with_the_days_in_force(cast: Cast) -> None:
    page = sign_in(cast.national_head).get(f"{IMPORT}?year=2026").content.decode()
    assert "2026-02-14,work," in page
    assert "2026 is announced already" in page


@pytest.mark.parametrize("year", ["1999", "2061", "x", ""])
def test_a_year_outside_the_calendar_is_refused(cast: Cast, year: str) -> None:
    client = sign_in(cast.national_head)
    assert client.post(IMPORT, {"year": year, "source": "s", "text": "t"}).status_code == 400
    assert client.get(f"{PAGE}?year={year}").status_code == HTTPStatus.OK


def test_nobody_confirms_the_own_proposal_and_of_two_who_decide_the_second_is_told(cast: Cast) -> None:
    head = sign_in(cast.national_head)
    proposal = propose(head, MOVING_2027)
    assert decide(head, proposal).status_code == HTTPStatus.CONFLICT
    assert not CalendarNotice.objects.exists()
    first, second = sign_in(cast.national), sign_in(cast.national)
    digest = digest_in(second.get(proposal))
    assert decide(first, proposal).status_code == HTTPStatus.FOUND
    answer = decide(second, proposal, digest=digest)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Somebody has decided on this proposal meanwhile." in answer.content.decode()
    assert CalendarNotice.objects.count() == 1


def test_a_second_officer_confirms_only_the_effect_that_was_on_the_screen(cast: Cast) -> None:
    proposal = propose(sign_in(cast.national_head), MOVING_2027)
    second = sign_in(cast.national)
    digest = digest_in(second.get(proposal))
    case = build.submitted(cast, at=RECEIVED_AT)
    answer = decide(second, proposal, digest=digest)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert case.application.receipt_number in answer.content.decode()
    assert not CalendarNotice.objects.exists()
    assert decide(second, proposal).status_code == HTTPStatus.FOUND


def test_a_proposal_is_declined_with_a_reason_or_withdrawn_by_who_made_it(cast: Cast) -> None:
    head, second = sign_in(cast.national_head), sign_in(cast.national)
    proposal = propose(head, MOVING_2027)
    assert decide(second, proposal, "change_declined", reason=" ").status_code == HTTPStatus.BAD_REQUEST
    assert decide(second, proposal, "change_withdrawn").status_code == HTTPStatus.CONFLICT
    assert decide(second, proposal, "change_declined", reason="样例：与原文不一致").status_code == 302
    page = head.get(proposal).content.decode()
    assert "样例：与原文不一致" in page
    again = propose(head, MOVING_2027)
    assert decide(head, again, "change_withdrawn").status_code == HTTPStatus.FOUND
    assert not CalendarNotice.objects.exists()
    assert verify_register().violations == []


def test_one_notice_of_a_year_is_proposed_at_a_time(cast: Cast) -> None:
    head = sign_in(cast.national_head)
    propose(head, MOVING_2027)
    digest = digest_in(send(head, MOVING_2027))
    answer = send(head, MOVING_2027, step="propose", digest=digest)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert OfficeProposal.objects.count() == 1


def test_a_proposal_is_told_to_the_office_and_its_end_to_who_made_it(cast: Cast) -> None:
    second = sign_in(cast.national)
    proposal = propose(sign_in(cast.national_head), MOVING_2027)
    for event_id in events_for_desks():
        notify_desk(event_id)
    assert list(Notice.objects.values_list("kind", "account")) == [("change_proposed", cast.national.pk)]
    decide(second, proposal)
    for event_id in events_for_desks():
        notify_desk(event_id)
    told = Notice.objects.exclude(kind="change_proposed").values_list("kind", "account")
    assert list(told) == [("change_decided", cast.national_head.pk)]
    assert verify_register().violations == []


def test_the_auditor_reads_who_proposed_and_who_confirmed_the_calendar(cast: Cast) -> None:
    proposal = propose(sign_in(cast.national_head), MOVING_2027)
    decide(sign_in(cast.national), proposal)
    page = text_of(sign_in(cast.auditor).get("/office/events/"))
    for words in ("Change proposed", "Proposed change confirmed", "working-day calendar 2027", "样例通知"):
        assert words in page


@pytest.mark.parametrize("who", ["provincial", "provincial_head", "administrator", "auditor", "member"])
def test_nobody_outside_the_national_office_decides_on_the_calendar(cast: Cast, who: str) -> None:
    proposal = propose(sign_in(cast.national_head), MOVING_2027)
    client = sign_in(getattr(cast, who))
    assert client.get(proposal).status_code == HTTPStatus.NOT_FOUND
    answer = client.post(proposal, {"act": "change_confirmed", "digest": "0" * 64})
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert not CalendarNotice.objects.exists()


def test_a_proposal_that_was_altered_in_the_database_is_found(cast: Cast) -> None:
    propose(sign_in(cast.national_head), MOVING_2027)
    row = OfficeProposal.objects.get()
    OfficeProposal.objects.filter(pk=row.pk).update(content=row.content | {"year": 2028})
    assert [each.code for each in verify_register().violations] == ["proposal_altered"]
    OfficeProposal.objects.filter(pk=row.pk).update(content=row.content, reason="样例：写明理由")
    assert [each.code for each in verify_register().violations] == ["row_differs_from_events"]


def test_a_reason_to_decline_stays_typed_when_it_is_refused_and_after_the_session_ended(cast: Cast) -> None:
    proposal = propose(sign_in(cast.national_head), MOVING_2027)
    second = sign_in(cast.national)
    refused = decide(second, proposal, "change_declined", reason="好 abc")
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert 'value="好 abc"' in refused.content.decode()
    # Confirming needs no reason, and one that was begun does not hinder it.
    assert 'name="reason"' in refused.content.decode()
    reason = "样例：与国务院公布的原文不一致"
    sent = {"act": "change_declined", "reason": reason}
    assert left_alone(second).post(proposal, sent)["Location"] == f"/account/login/?next={proposal}"
    sign_in_again(second, cast.national)
    shown = second.get(proposal)
    assert f'value="{reason}"' in shown.content.decode()
    assert "What you typed is back in the form." in shown.content.decode()
    assert second.post(proposal, sent).status_code == HTTPStatus.FOUND
