"""The figures kept by day are those of the book, are thrown away without loss, and are compared every night."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from registry import clock, tasks
from registry.book import numbering
from registry.calendar.current import current_calendar
from registry.integrity.register import verify_register
from registry.models import CountedDays, DayFigure, MonthFigure
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.statistics import daily
from registry.statistics.daily import FigureKey, FigureName, Tally, month_figures
from registry.statistics.offices import desk_averages
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast
from tests.review.desk.test_one_clock import resubmitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]

DAY = timedelta(days=1)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
NOW = MORNING + 50 * DAY
TODAY = clock.china_date(NOW)


def scene(cast: Cast) -> None:
    """Two of Beijing approved, one in March and one late in April; one of Guangdong that lies there."""
    for seed, days in ((1, 7), (2, 32)):
        case = build.submitted(cast, seed=seed, at=MORNING)
        build.forward(cast, case, at=MORNING + 2 * DAY)
        walk.act(case, Act.APPROVE, by=cast.national, at=MORNING + days * DAY, text="样例")
        numbering.issue_number(build.filing_of(case).pk, at=MORNING + days * DAY)
    build.submitted(cast, seed=4, at=MORNING + DAY, division_code=GUANGDONG_DIVISION)


def figures(**changes: object) -> daily.Figures:
    given = {"since": MARCH, "until": TODAY, "calendar": current_calendar(), **changes}
    return month_figures(**given)  # type: ignore[arg-type]


def test_the_figures_are_counted_by_hand(cast: Cast) -> None:
    scene(cast)
    # Received on Monday 2 March, due on 30 March: decided on 9 March (day 5) and on 3 April, four working days late.
    assert figures() == {
        FigureKey(MARCH, "110000", FigureName.RECEIVED, "initial"): Tally(2),
        FigureKey(MARCH, "440000", FigureName.RECEIVED, "initial"): Tally(1),
        FigureKey(MARCH, "110000", FigureName.CLOSED): Tally(1, 0, 5, 5),
        FigureKey(MARCH, "110000", FigureName.DECIDED): Tally(1),
        FigureKey(MARCH, "110000", FigureName.STAYED, "provincial_reviewer"): Tally(1, 0, 1),
        FigureKey(MARCH, "110000", FigureName.STAYED, "national_reviewer"): Tally(1, 0, 4),
        FigureKey(APRIL, "110000", FigureName.LATE, "national_reviewer"): Tally(1),
        FigureKey(APRIL, "110000", FigureName.CLOSED): Tally(1, 1, 24, 24),
        FigureKey(APRIL, "110000", FigureName.DECIDED): Tally(1),
        FigureKey(APRIL, "110000", FigureName.STAYED, "provincial_reviewer"): Tally(1, 0, 1),
        FigureKey(APRIL, "110000", FigureName.STAYED, "national_reviewer"): Tally(1, 0, 23),
    }


@pytest.mark.parametrize("province_code", ["", "110000", "440000"])
@pytest.mark.parametrize("kept_days", [3, 7, 8, 31, 32, 33, 50])
def test_kept_days_and_the_rest_are_together_what_the_book_says(
    cast: Cast, kept_days: int, province_code: str
) -> None:
    scene(cast)
    from_the_book = figures(province_code=province_code)
    assert from_the_book
    daily.keep_days(calendar=current_calendar(), at=MORNING + kept_days * DAY)
    assert DayFigure.objects.exists()
    assert figures(province_code=province_code) == from_the_book


@pytest.mark.parametrize("kept_days", [3, 31, 50])
@pytest.mark.parametrize(
    ("since", "until"),
    [
        (MARCH, APRIL + DAY),
        (MARCH + 8 * DAY, TODAY),
        (MARCH + 8 * DAY, APRIL + 2 * DAY),
        (MARCH, MARCH + 30 * DAY),
    ],
)
def test_parts_of_months_are_counted_from_their_days(
    cast: Cast, since: date, until: date, kept_days: int
) -> None:
    scene(cast)
    from_the_book = figures(since=since, until=until)
    assert from_the_book not in ({}, figures())
    daily.keep_days(calendar=current_calendar(), at=MORNING + kept_days * DAY)
    assert figures(since=since, until=until) == from_the_book


def test_months_that_are_not_summed_as_far_as_days_are_kept_are_not_used_and_summed_by_the_job(
    cast: Cast,
) -> None:
    """As the version before left them, which knows no months."""
    scene(cast)
    from_the_book = figures()
    daily.keep_days(calendar=current_calendar(), at=NOW)
    MonthFigure.objects.update(count=9)
    assert figures() != from_the_book
    CountedDays.objects.update(summed_until=TODAY - 2 * DAY)
    assert figures() == from_the_book
    assert not verify_register().violations
    assert daily.keep_days(calendar=current_calendar(), at=NOW) == 0
    DayFigure.objects.update(count=9)
    assert figures() == from_the_book


@pytest.mark.parametrize("kept_days", [0, 8, 50])
@pytest.mark.parametrize("names", [daily.CLOCKS, daily.ROUNDS, {FigureName.RECEIVED}, {FigureName.CLOSED}])
def test_what_is_not_asked_for_is_left_out_and_changes_nothing(
    cast: Cast, names: frozenset[FigureName], kept_days: int
) -> None:
    scene(cast)
    wanted = {key: tally for key, tally in figures().items() if key.name in names}
    if kept_days:
        daily.keep_days(calendar=current_calendar(), at=MORNING + kept_days * DAY)
    assert figures(names=names) == wanted


def test_the_job_keeps_each_day_that_is_over_once_and_never_the_present_one(cast: Cast) -> None:
    scene(cast)
    with clock.stopped_at(NOW):
        assert tasks.keep_day_figures() == 50
        kept = set(DayFigure.objects.values_list("pk", flat=True))
        assert tasks.keep_day_figures() == 0
    assert set(DayFigure.objects.values_list("pk", flat=True)) == kept
    assert CountedDays.objects.get().until == TODAY - DAY
    build.submitted(cast, seed=5, at=NOW)
    received = FigureKey(TODAY.replace(day=1), "110000", FigureName.RECEIVED, "initial")
    assert figures()[received] == Tally(1)
    with clock.stopped_at(NOW + DAY):
        assert tasks.keep_day_figures() == 1
    assert figures()[received] == Tally(1)


def test_a_day_is_kept_only_when_what_was_begun_before_midnight_is_recorded(cast: Cast) -> None:
    build.submitted(cast, at=MORNING)
    midnight = clock.start_of(clock.china_date(MORNING) + DAY)
    assert daily.keep_days(calendar=current_calendar(), at=midnight + timedelta(minutes=59)) == 0
    assert daily.keep_days(calendar=current_calendar(), at=midnight + timedelta(minutes=60)) == 1


def test_an_empty_register_has_nothing_to_keep() -> None:
    assert daily.keep_days(calendar=current_calendar(), at=NOW) == 0
    assert figures() == {}
    assert not verify_register().violations


def test_figures_thrown_away_lose_nothing_and_are_counted_anew_by_a_command(cast: Cast) -> None:
    scene(cast)
    from_the_book = figures()
    daily.keep_days(calendar=current_calendar(), at=NOW)
    MonthFigure.objects.filter(name="closed").update(count=9)
    assert figures() != from_the_book
    daily.throw_away()
    assert not DayFigure.objects.exists()
    assert not MonthFigure.objects.exists()
    assert figures() == from_the_book
    said = StringIO()
    with clock.stopped_at(NOW):
        call_command("recount_figures", stdout=said)
    assert said.getvalue() == "50 days counted\n"
    assert figures() == from_the_book


def test_figures_of_another_calendar_are_not_used_and_made_anew(cast: Cast) -> None:
    scene(cast)
    from_the_book = figures()
    daily.keep_days(calendar=current_calendar(), at=NOW)
    CountedDays.objects.update(calendar_version="another")
    DayFigure.objects.update(count=9)
    MonthFigure.objects.update(count=9)
    assert figures() == from_the_book
    assert not verify_register().violations
    assert daily.keep_days(calendar=current_calendar(), at=NOW) == 50
    assert CountedDays.objects.get().calendar_version == current_calendar().version
    assert figures() == from_the_book


def test_check_register_names_a_figure_that_differs_is_missing_or_was_invented(cast: Cast) -> None:
    scene(cast)
    daily.keep_days(calendar=current_calendar(), at=NOW)
    assert not verify_register().violations
    DayFigure.objects.filter(name="closed", day__lt=APRIL).update(working_days=6)
    DayFigure.objects.filter(name="received", province_code="440000").delete()
    DayFigure.objects.create(day=APRIL, province_code="310000", name="missed", count=1)
    MonthFigure.objects.filter(name="decided", month=APRIL).update(count=2)
    found = [(each.code, each.subject, each.detail) for each in verify_register().violations]
    assert found == [
        ("day_figure_differs", "2026-03-03", "440000 received initial"),
        ("day_figure_differs", "2026-03-09", "110000 closed"),
        ("day_figure_differs", "2026-04-01", "310000 missed"),
        ("month_figure_differs", "2026-04-01", "110000 decided"),
    ]


def test_a_round_that_was_decided_stays_counted_when_the_case_is_handed_in_again(cast: Cast) -> None:
    case = resubmitted(cast)
    assert case.application.decided_at is None
    assert desk_averages(MARCH, calendar=current_calendar())["110000"].rounds == 1
