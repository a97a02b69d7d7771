"""Every last day that is counted from a batch list says that it is provisional while its year is not announced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applicants.deadlines.own_deadlines import deadlines_of
from registry import clock
from registry.calendar.current import current_calendar
from registry.calendar.objection_days import statement_due
from registry.models import Account, BatchList, Filing, Objection
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders import striking_off as proceedings
from tests.builders.batch import LISTING
from tests.builders.register import Cast, member_of
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

# A Thursday from which five and ten working days reach a year whose holidays are not announced.
AT_THE_END = datetime(2026, 12, 24, 2, 0, tzinfo=LISTING.tzinfo)
WHEN = pytest.mark.parametrize(("at", "provisional"), [(LISTING, False), (AT_THE_END, True)])


@contextmanager
def asked_at(at: datetime, cast: Cast) -> Iterator[tuple[BatchList, Objection, Account]]:
    """A list published on a day, with an objection whose applicant was asked on the day after."""
    batches.filings_in_force(cast, 1)
    batch_list = batches.published(cast, at=at)
    objection = objections.sent(cast, batch_list, at=at + timedelta(days=1))
    member = Account.objects.get(pk=str(member_of(objection).account_id))
    with clock.stopped_at(at + timedelta(days=1, hours=3)):
        yield batch_list, objection, member


def _page(client: Client, name: str, *args: object) -> str:
    return text_of(client.get(reverse(name, args=args)))


@pytest.mark.parametrize(
    ("at", "until", "provisional"), [(LISTING, "2026-03-24", False), (AT_THE_END, "2027-01-08", True)]
)
def test_the_last_day_to_object_says_so_wherever_it_stands(
    cast: Cast, at: datetime, until: str, provisional: bool
) -> None:
    with asked_at(at, cast) as (batch_list, objection, _member):
        number = Filing.objects.get().number
        reader, officer = Client(headers={"accept-language": "en"}), sign_in(cast.national_head)
        pages = {
            "record": _page(reader, "public:filing", number),
            "list": _page(reader, "public:batches"),
            "form": _page(reader, "objections:contact", batch_list.number),
            "desk": _page(officer, "review:objection", objection.pk),
            "lists of the desk": _page(officer, "review:batches"),
        }
        told = reader.get(reverse("api:batch", args=[batch_list.number])).json()
        feed = reader.get(reverse("public:batches_feed")).content.decode()
    assert [name for name, page in pages.items() if until not in page] == []
    marked = {name: bool(re.search(rf"{until} \w+ \(provisional\)", page)) for name, page in pages.items()}
    assert marked == dict.fromkeys(pages, provisional)
    assert (told["objections_until"], told["objections_until_is_provisional"]) == (until, provisional)
    assert f"疑议截止 {until}{'（暂定）' if provisional else ''}。" in feed


@WHEN
def test_the_last_day_of_a_statement_on_an_objection_says_so_wherever_it_stands(
    cast: Cast, at: datetime, provisional: bool
) -> None:
    with asked_at(at, cast) as (_list, objection, member):
        due = statement_due(objection)
        assert due is not None
        assert (due.due_on, due.provisional) == (objection.answer_by, provisional)
        applicant, officer = sign_in(member), sign_in(cast.national)
        pages = {
            "its page": _page(applicant, "applicants:objection", objection.pk),
            "dashboard": _page(applicant, "applicants:dashboard"),
            "desk": _page(officer, "review:objection", objection.pk),
        }
        found = deadlines_of(member, today=clock.today(), calendar=current_calendar())
    marked = f"{due.due_on.isoformat()} {due.due_on:%A}{' (provisional)' if provisional else ''}"
    assert [name for name, page in pages.items() if marked not in page] == []
    unmarked = [name for name, page in pages.items() if f"{marked} (provisional)" in page]
    assert unmarked == []
    own = {each.key.partition("-")[0]: each.provisional for each in found}
    assert own["objection"] is provisional


@WHEN
def test_the_last_day_of_a_statement_on_a_striking_off_says_so_where_it_is_announced(
    cast: Cast, at: datetime, provisional: bool
) -> None:
    batches.filings_in_force(cast, 1)
    # Served on the Monday after: five working days from there.
    at += timedelta(days=4)
    announced_at = at - timedelta(days=settings.STRIKING_OFF_ANNOUNCEMENT_DAYS)
    proceeding = proceedings.proposed(cast, Filing.objects.get(), at=announced_at)
    proceedings.announced(cast, proceeding, at=announced_at)
    with clock.stopped_at(at):
        page = _page(Client(headers={"accept-language": "en"}), "public:announced_notices")
    assert ("(provisional)" in page) is provisional
