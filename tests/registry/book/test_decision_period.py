"""The decision period reads the same everywhere: running with the reason why, or closed on its stored day (Art. 12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from applicants.applications import status
from registry import clock
from registry.book import numbering
from registry.book.decision_period import DecisionPeriod, period_context, period_of
from registry.book.in_force import materials_in_force
from registry.calendar.current import current_calendar
from registry.deadlines.application_clock import closing_days, desk_label
from registry.models import Application
from registry.rules.days.working_days import add_working_days
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.review.desk.test_one_clock import (
    change_approved,
    change_rejected,
    lapsed,
    rejection_confirmed_by_province,
    rejection_opened,
    resubmitted,
    withdrawn,
)
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

NOT_DELIVERED = "The notice has not been delivered yet"
NO_NUMBER = "The filing number has not been issued yet"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def shown(case: SampleCase, today: date) -> DecisionPeriod:
    return period_of(case.application, today=today, calendar=current_calendar())


@pytest.mark.parametrize(
    ("make", "words", "goes_on"),
    [
        (build.submitted, "", ""),
        (build.rejected, "", NOT_DELIVERED),
        (rejection_confirmed_by_province, "", NOT_DELIVERED),
        (change_rejected, "", NOT_DELIVERED),
        (build.approved, "", NO_NUMBER),
        (resubmitted, "", ""),
        (build.in_force, "Closed on the day of receipt", ""),
        (rejection_opened, "Closed on the day of receipt", ""),
        (lapsed, "Closed on the day of receipt", ""),
        (change_approved, "Closed on the day of receipt", ""),
        (withdrawn, "Ended on the day of receipt", ""),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_art_12_a_closed_clock_stands_and_a_running_one_says_why_on_every_day_and_page(
    cast: Cast, make: Callable[[Cast], SampleCase], words: str, goes_on: str
) -> None:
    case = make(cast)
    received_on, calendar = case.application.received_on, current_calendar()
    for number in (1, 10, 21, 40):
        today = add_working_days(received_on, number, calendar)
        period = shown(case, today)
        assert period.closed_words == words
        assert period.goes_on.startswith(goes_on)
        assert bool(period.goes_on) is bool(goes_on)
        assert (period.is_running, bool(period.closed_on)) == (not words, bool(words))
        row = status.row_of(case.application, calendar=calendar, today=today)
        assert (row.closed_words, row.goes_on, row.day_number) == (
            period.closed_words,
            period.goes_on,
            number if not words else None,
        )
    officer, member = sign_in(cast.provincial), sign_in(cast.member)
    with clock.stopped_at(clock.start_of(add_working_days(received_on, 10, calendar)) + timedelta(hours=9)):
        pages = [
            text_of(officer.get(url("case", case))),
            text_of(member.get(reverse("applicants:application", args=[case.application_id]))),
            text_of(member.get(reverse("applicants:dashboard"))),
        ]
    for page in pages[:2] if make is build.approved else pages:
        assert (words or goes_on) in page
    if words:
        assert "Working day 10 of 20" not in pages[0] + pages[1]
        assert "days left" not in pages[0]


def test_a_decision_after_the_last_day_says_on_which_day_and_by_how_much_it_was_late(cast: Cast) -> None:
    case = build.submitted(cast)
    received_on, calendar = case.application.received_on, current_calendar()
    at = clock.start_of(add_working_days(received_on, 23, calendar)) + timedelta(hours=10)
    build.forward(cast, case, at=at)
    walk.act(case, Act.APPROVE, by=cast.national, at=at + timedelta(hours=1), text="样例")
    numbering.issue_number(build.filing_of(case).pk, at=at + timedelta(hours=2))
    period = shown(case, clock.china_date(at) + timedelta(days=30))
    assert (period.closed_words, period.late_by) == ("Closed on working day 23", 3)
    assert period.closed_on == clock.china_date(at)
    context = period_context(period, calendar, today=clock.china_date(at) + timedelta(days=30), title="样例")
    assert context is not None
    assert (context["late_by"], context["days_left"], context["day_number"]) == (3, None, None)


def test_the_closings_of_a_list_are_one_query(cast: Cast, django_assert_num_queries: object) -> None:
    build.in_force(cast)
    rows = list(Application.objects.all()) * 3
    with django_assert_num_queries(1):  # type: ignore[operator]
        closing_days(rows)


@pytest.mark.parametrize(
    ("make", "office"),
    [
        (rejection_confirmed_by_province, "Provincial office of Beijing"),
        (build.rejected, "National office"),
        (build.approved, "National office"),
    ],
)
def test_a_decided_case_is_with_the_office_that_decided_it(
    cast: Cast, make: Callable[[Cast], SampleCase], office: str
) -> None:
    case = make(cast)
    assert desk_label(case.application) == office
    assert f"Decided by {office}" in text_of(sign_in(cast.provincial).get(url("case", case)))


def cancellation(cast: Cast, ends_on: date) -> SampleCase:
    filing = build.filing_of(build.in_force(cast))
    return walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=MORNING + timedelta(days=1),
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={
            "ends_on": ends_on.isoformat(),
            "arrangement": "样例安排",
            "late_reason": "样例：合同提前终止。",
        },
    )


def test_a_service_that_ends_before_the_decision_is_due_is_said_to_desk_and_applicant(cast: Cast) -> None:
    early = MORNING.date() + timedelta(days=10)
    case = cancellation(cast, early)
    clock.set_for_tests(MORNING + timedelta(days=2))
    officer, member = sign_in(cast.provincial), sign_in(cast.member)
    words = f"The service ends on {early.isoformat()}"
    assert words in text_of(officer.get(url("case", case)))
    assert words in text_of(member.get(reverse("applicants:application", args=[case.application_id])))
    queue = text_of(officer.get(reverse("review:queue")))
    assert f"service ends {early.isoformat()} · before the decision is due" in queue
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING + timedelta(days=2))
    assert shown(case, early).ends_before_decision == ""


def test_a_service_that_ends_later_is_shown_in_the_queue_without_a_warning(cast: Cast) -> None:
    late = MORNING.date() + timedelta(days=90)
    case = cancellation(cast, late)
    clock.set_for_tests(MORNING + timedelta(days=2))
    officer = sign_in(cast.provincial)
    queue = text_of(officer.get(reverse("review:queue")))
    assert f"service ends {late.isoformat()}" in queue
    assert "before the decision is due" not in queue + text_of(officer.get(url("case", case)))


def test_what_lies_at_a_province_says_the_day_after_which_it_goes_to_the_nation(cast: Cast) -> None:
    # Received on Monday 2 March 2026: day 15 is Monday 23 March, by hand.
    case = build.submitted(cast, at=MORNING)
    calendar, today = current_calendar(), date(2026, 3, 20)
    assert period_of(case.application, today=today, calendar=calendar).passes_on == date(2026, 3, 23)
    build.forward(cast, case, at=MORNING + timedelta(hours=1))
    assert period_of(case.application, today=today, calendar=calendar).passes_on is None


def test_a_day_off_after_the_last_day_counts_alike_in_the_number_and_the_lateness(cast: Cast) -> None:
    # Due on Monday 30 March; Saturday 4 April counts as Tuesday 7 April, the working day after the holiday of Qingming.
    case = build.submitted(cast, at=MORNING)
    period = period_of(case.application, today=date(2026, 4, 4), calendar=current_calendar())
    assert (period.day_number, period.late_by) == (25, 5)
