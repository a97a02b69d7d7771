"""The last day of a statement, on an objection or a striking off: dashboard, deadlines page, calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from applicants.deadlines import calendar_feed
from applicants.deadlines.own_deadlines import deadlines_of
from registry import clock
from registry.batches.objections import answer
from registry.calendar.current import current_calendar
from registry.endings import striking_off
from registry.models import Account, Filing, Notice
from registry.notices.notice import open_notice
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders import striking_off as proceedings
from tests.builders.objection import OBJECTING
from tests.builders.register import Cast, member_of
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db


def _statements(account: Account, at: datetime) -> list[tuple[str, date, str]]:
    found = deadlines_of(account, today=clock.china_date(at), calendar=current_calendar())
    return [
        (each.key.rpartition("-")[0].split("-")[0], each.on, each.reference)
        for each in found
        if each.key.startswith(("objection-", "striking-off-"))
    ]


def _feed(account: Account, at: datetime) -> str:
    """The calendar file with its folded lines made whole."""
    return calendar_feed.feed_text(account, at=at).replace("\r\n ", "")


def _to_do(account: Account, at: datetime) -> str:
    """What the dashboard says is to be done."""
    with clock.stopped_at(at):
        words = text_of(sign_in(account).get(reverse("applicants:dashboard")))
    return words.partition("To do")[2].partition("Filing number")[0]


def test_the_last_day_to_answer_an_objection_is_shown_until_it_is_answered(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    objection = objections.sent(cast, batches.published(cast))
    assert objection.answer_by is not None
    member = Account.objects.get(pk=str(member_of(objection).account_id))
    later = OBJECTING + timedelta(hours=3)
    assert _statements(member, later) == [("objection", objection.answer_by, objection.receipt_number)]
    assert _statements(cast.stranger, later) == []
    assert objection.receipt_number in _to_do(member, later)
    assert objection.receipt_number not in _to_do(cast.stranger, later)
    text = _feed(member, later)
    assert objection.receipt_number in text
    assert objections.NAME not in text
    assert _statements(member, clock.start_of(objection.answer_by + timedelta(days=1))) == []
    answer(objection.pk, actor=member_of(objection), text=objections.ANSWER, at=later)
    assert _statements(member, later) == []


def test_the_last_day_to_state_ones_case_before_a_striking_off_is_shown_until_it_is_stated(
    cast: Cast,
) -> None:
    batches.filings_in_force(cast, 1)
    proceeding = proceedings.proposed(cast, Filing.objects.get())
    member = Account.objects.get(pk=str(member_of(proceeding).account_id))
    later = proceedings.STRIKING + timedelta(hours=3)
    assert _statements(member, later) == []
    assert proceeding.number not in _to_do(member, later)
    noticed = proceedings.noticed(cast, proceeding)
    assert "read the notice" in _to_do(member, later)
    open_notice(Notice.objects.get(kind="strike_off_notice", event__stream_id=noticed.pk), at=later)
    served = striking_off.record_service(proceeding.pk, at=later)
    last_day = striking_off.last_day_of_statement(served)
    assert last_day is not None
    assert _statements(member, later) == [("striking", last_day, served.number)]
    assert _statements(cast.stranger, later) == []
    assert served.number in _feed(member, later)
    to_do = _to_do(member, later)
    assert served.number in to_do
    assert last_day.isoformat() in to_do
    assert served.number not in _to_do(cast.stranger, later)
    striking_off.state(served.pk, actor=member_of(served), text=proceedings.STATEMENT, at=later)
    assert _statements(member, later) == []
    assert served.number not in _to_do(member, later)
