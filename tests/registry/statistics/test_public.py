"""The statistics for everybody: lists as the press printed them, and the register as of any day."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from registry import clock
from registry.book import endings
from registry.book.in_force import materials_in_force
from registry.rules.workflow.states import Kind, Standing
from registry.sample import walk
from registry.statistics import public
from registry.statistics.public import NOT_STATED, Several
from tests.builders import batch as batches
from tests.builders import printed_lists
from tests.builders import register as build
from tests.builders.printed_lists import BEIJING, GUANGDONG, HEILONGJIANG, INNER_MONGOLIA, JIANGSU
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

# Of one day, whatever the size of the register.
QUERIES = 10
_TWO = ((1, "organisation"), (2, "individual"))


def _counts(rows: tuple[public.Counted, ...]) -> dict[str, int]:
    return {row.code: row.share.count for row in rows}


def _asked(counted: CaptureQueriesContext) -> int:
    return sum(query["sql"].startswith("SELECT") for query in counted)


def _percents(rows: tuple[public.Counted, ...]) -> dict[str, str]:
    return {row.code: str(row.share.percent) for row in rows}


# ---------------------------------------------------------------- lists


def test_the_five_sample_lists_give_what_the_press_printed() -> None:
    printed_lists.five_printed_lists()
    found = public.all_lists()
    assert [each.services for each in found] == [197, 309, 224, 285, 223]
    assert [each.cumulative_services for each in found] == [197, 506, 730, 1015, 1238]
    growths = [each.growth and each.growth.percent for each in found]
    assert growths == [None, Decimal("56.85"), Decimal("-27.51"), Decimal("27.23"), Decimal("-21.75")]
    first, second, third, fourth, fifth = found
    assert (first.applicants, len(first.provinces)) == (165, 18)
    assert _percents(second.provinces)[BEIJING] == "28.16"
    assert _percents(second.provinces)[GUANGDONG] == "23.30"
    assert [second.provinces[0].share.count, second.provinces[0].share.of] == [87, 309]
    assert third.new_provinces == (INNER_MONGOLIA, HEILONGJIANG)
    assert (len(third.provinces), len(fourth.provinces)) == (19, 22)
    assert {code: _counts(fifth.provinces)[code] for code in (BEIJING, GUANGDONG, JIANGSU)} == {
        BEIJING: 37,
        GUANGDONG: 35,
        JIANGSU: 34,
    }
    assert _counts(fifth.cumulative_provinces)[BEIJING] == 346
    assert _percents(fifth.cumulative_provinces)[BEIJING] == "27.95"


def test_applicants_with_several_services_are_counted_by_the_head_of_their_numbers() -> None:
    printed_lists.five_printed_lists()
    assert public.several_in_list(1) == (
        Several(1, 147),
        Several(2, 10),
        Several(3, 4),
        Several(4, 2),
        Several(5, 2),
    )


def test_figures_of_a_list_do_not_see_the_lists_after_it() -> None:
    printed_lists.five_printed_lists()
    assert public.list_figures(2) == public.all_lists()[1]
    assert public.list_figures(6) is None


def test_the_register_as_of_a_day_of_imported_lists() -> None:
    printed_lists.five_printed_lists()
    before, day = (public.register_figures(date(2019, 10, each)) for each in (17, 18))
    assert (before.services, before.applicants, before.lists, before.listed) == (197, 165, 1, 197)
    assert (day.services, day.lists, day.listed) == (506, 2, 506)
    assert _counts(day.provinces)[BEIJING] == _counts(day.jurisdictions)[BEIJING] == 150
    assert _counts(day.breakdowns["categories"]) == {NOT_STATED: 506}
    assert set(day.breakdowns) == set(public.BREAKDOWNS)
    assert public.register_figures(date(2019, 3, 29)).services == 0


def test_a_list_on_its_way_to_publication_is_in_no_figure(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    batch_list = batches.confirmed(cast)
    assert public.all_lists() == ()
    with clock.stopped_at(batches.LISTING + timedelta(hours=1)):
        assert public.register_figures(clock.today()).lists == 0
        batches.publishing.publish_list(batch_list.pk)
    (found,) = public.all_lists()
    assert (found.number, found.services, found.applicants) == (1, 2, 2)


# ---------------------------------------------------------------- the register as of a day


def test_a_day_ends_at_midnight_in_china(cast: Cast) -> None:
    # 23:59 of 9 March in China, and 00:00 of the day after.
    last = MORNING.replace(month=3, day=9, hour=15, minute=59)
    for seed, at in enumerate((last, last + timedelta(minutes=1))):
        build.in_force(cast, seed=800 + seed, at=at - timedelta(hours=3))
    assert [public.register_figures(date(2026, 3, day)).services for day in (8, 9, 10)] == [0, 1, 2]


def test_a_cancellation_counts_from_the_day_it_was_recorded(cast: Cast) -> None:
    """It is recorded three days after the service's end: the figures of those days stay as they were."""
    filing = build.filing_of(build.in_force(cast))
    build.in_force(cast, seed=2)
    at = MORNING + timedelta(days=10)
    case = walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=at,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": "2026-06-01", "arrangement": "样例"},
    )
    build.approve(cast, case, at=at + timedelta(days=1))
    assert endings.take_effect(filing.pk, at=MORNING.replace(month=6, day=4)) is not None
    third, fourth = (public.register_figures(date(2026, 6, day)) for day in (3, 4))
    assert (third.services, third.recorded, third.ended) == (
        2,
        2,
        {Standing.CANCELLED: 0, Standing.STRUCK_OFF: 0},
    )
    assert (fourth.services, fourth.applicants, fourth.recorded, fourth.ended) == (
        1,
        1,
        2,
        {Standing.CANCELLED: 1, Standing.STRUCK_OFF: 0},
    )


def test_particulars_and_places_are_those_in_force_on_the_day(cast: Cast) -> None:
    """A service that changed its field and moved to Guangdong stays under its number's province."""
    filing = build.filing_of(build.in_force(cast))
    materials = deepcopy(materials_in_force(filing))
    assert materials["service"]["application_fields"] == ["evidence_deposit"]
    materials["service"]["application_fields"] = ["copyright", "justice"]
    at = MORNING + timedelta(days=5)
    case = walk.submit(
        materials,
        member=cast.member,
        at=at,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details={
            "changes": [{"key": "service.application_fields", "changed_on": clock.china_date(at).isoformat()}]
        },
    )
    build.approve(cast, case, at=at + timedelta(hours=1))
    moved_at = MORNING + timedelta(days=9)
    values = {"applicant.division_code": build.GUANGDONG_DIVISION}
    moved = build.change_applicant(cast, filing.applicant, values, at=moved_at)
    build.approve(cast, moved, at=moved_at + timedelta(hours=1))
    first, changed, last = (
        public.register_figures(clock.china_date(MORNING + timedelta(days=days))) for days in (4, 8, 9)
    )
    fields = [_counts(each.breakdowns["application_fields"]) for each in (first, changed, last)]
    changed_fields = {"copyright": 1, "justice": 1}
    assert fields == [{"evidence_deposit": 1}, changed_fields, changed_fields]
    assert [_counts(each.provinces) for each in (first, last)] == [{BEIJING: 1}, {BEIJING: 1}]
    places = [_counts(each.jurisdictions) for each in (first, changed, last)]
    assert places == [{BEIJING: 1}, {BEIJING: 1}, {GUANGDONG: 1}]


def test_a_service_counts_under_each_of_its_codes_and_an_individual_under_none_of_the_organisations(
    cast: Cast,
) -> None:
    cases = [build.in_force(cast, seed=seed, nature=nature) for seed, nature in _TWO]
    fields = Counter(code for case in cases for code in build.filing_of(case).columns["application_fields"])
    found = public.register_figures(clock.china_date(MORNING))
    assert _counts(found.breakdowns["application_fields"]) == fields
    assert {row.share.of for row in found.breakdowns["application_fields"]} == {2}
    stated = build.filing_of(cases[0]).columns["organisation_type"]
    assert _counts(found.breakdowns["organisation_type"]) == {stated: 1, "individual": 1}


def test_today_is_counted_once_a_minute_and_a_day_that_is_over_every_time(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    build.in_force(cast)
    with clock.stopped_at(MORNING + timedelta(days=1)):
        first = public.register_figures(clock.today())
        with django_assert_num_queries(0):
            assert public.register_figures(clock.today()) == first
        yesterday = clock.today() - timedelta(days=1)
        with CaptureQueriesContext(connection) as counted:
            assert public.register_figures(yesterday).services == 1
        assert _asked(counted) == QUERIES


def test_the_same_queries_for_many_filings_and_lists(cast: Cast) -> None:
    build.in_force(cast)
    printed_lists.five_printed_lists()
    with CaptureQueriesContext(connection) as counted:
        assert public.register_figures(date(2026, 3, 2)).services == 1239
    assert _asked(counted) == QUERIES
    with CaptureQueriesContext(connection) as counted:
        assert len(public.all_lists()) == 5
    assert len(counted) == 2
