"""Decision times by month and province: counted by hand, kept to the offices until they are opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from registry import clock
from registry.book import numbering
from registry.calendar.current import current_calendar
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.statistics.decision_times import decision_times
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, Cast

pytestmark = pytest.mark.django_db

_DAY = timedelta(days=1)
# A Monday; 2026-04-06 is a day off (清明), so that its 20th working day is Tuesday 2026-04-14.
RECEIVED = datetime(2026, 3, 16, 2, 0, tzinfo=clock.CHINA)
IN_TIME, LAST_DAY, LATE = date(2026, 3, 20), date(2026, 4, 14), date(2026, 4, 17)


def decide(cast: Cast, on: date, *, seed: int, division_code: str = build.BEIJING_DIVISION) -> None:
    """A first filing received on the Monday, approved and numbered on a day."""
    at = RECEIVED + (on - RECEIVED.date())
    case = build.submitted(cast, seed=seed, at=RECEIVED, division_code=division_code)
    officer = cast.elsewhere if division_code == GUANGDONG_DIVISION else cast.provincial
    walk.act(
        case, Act.FORWARD, by=officer, at=RECEIVED + _DAY, recommends="approval", text="样例意见：均已核对"
    )
    walk.act(case, Act.APPROVE, by=cast.national, at=at, text="样例")
    numbering.issue_number(build.filing_of(case).pk, at=at)


def times(*, until: date, province_code: str = "") -> list[tuple[object, ...]]:
    found = decision_times(
        since=date(2026, 3, 1), until=until, calendar=current_calendar(), province_code=province_code
    )
    return [
        (
            f"{each.month:%Y-%m}",
            each.province_code,
            each.closed,
            each.in_time,
            each.average,
            each.longest,
            each.share_in_time.percent,
        )
        for each in found
    ]


@pytest.fixture
def decided(cast: Cast) -> Cast:
    decide(cast, IN_TIME, seed=1)
    decide(cast, LAST_DAY, seed=2)
    decide(cast, LATE, seed=3)
    decide(cast, LATE, seed=4, division_code=GUANGDONG_DIVISION)
    return cast


def test_the_days_are_counted_by_month_and_province(decided: Cast) -> None:
    april = [
        ("2026-04", "110000", 2, 1, Decimal("21.5"), 23, Decimal("50.00")),
        ("2026-04", "440000", 1, 0, Decimal("23.0"), 23, Decimal("0.00")),
    ]
    march = [("2026-03", "110000", 1, 1, Decimal("4.0"), 4, Decimal("100.00"))]
    assert times(until=LATE) == april + march
    assert times(until=LATE, province_code="440000") == april[1:]


def test_a_day_counts_what_had_closed_by_its_end(decided: Cast) -> None:
    assert times(until=IN_TIME - _DAY) == []
    assert [line[0] for line in times(until=IN_TIME)] == ["2026-03"]
    assert [line[2] for line in times(until=LATE - _DAY)] == [1, 1]


def test_they_are_public_once_they_are_opened(decided: Cast, settings: Settings, client: Client) -> None:
    with clock.stopped_at(RECEIVED + 40 * _DAY):
        for is_open in (False, True):
            settings.DECISION_TIMES_ARE_PUBLIC = is_open
            page = client.get("/statistics/").content.decode()
            body = client.get("/api/v1/statistics/").json()["decision_times"]
            assert ('id="times-title"' in page) is is_open
            assert (body is not None) is is_open
    assert body[0] == {
        "month": "2026-04-01",
        "province_code": "110000",
        "closed": 2,
        "in_time": 1,
        "in_time_percent": 50.0,
        "average_working_days": 21.5,
        "longest_working_days": 23,
    }
