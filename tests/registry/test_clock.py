"""One clock: UTC inside, China's date outside, stopped only by tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings

from registry import clock


def test_the_last_half_hour_of_a_utc_year_is_new_year_in_china() -> None:
    with clock.stopped_at(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
        assert clock.today() == date(2027, 1, 1)
        assert clock.now() == datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


def test_a_day_in_china_ends_at_midnight_there() -> None:
    assert clock.china_date(datetime(2026, 11, 22, 15, 59, 59, 900_000, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.china_date(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_stopped_clock_runs_again_after_the_block() -> None:
    outer = datetime(2026, 1, 1, tzinfo=UTC)
    with clock.stopped_at(outer):
        with clock.stopped_at(outer + timedelta(days=1)):
            assert clock.now() == outer + timedelta(days=1)
        assert clock.now() == outer
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(clock.NaiveMoment):
        clock.set_for_tests(datetime(2026, 1, 1))
    with pytest.raises(clock.NaiveMoment):
        clock.china_date(datetime(2026, 1, 1))


def test_processes_of_a_test_can_be_moved_in_time() -> None:
    with override_settings(CLOCK_OFFSET_SECONDS=3 * 24 * 3600):
        ahead = clock.now() - datetime.now(UTC)
    assert timedelta(days=3) - timedelta(seconds=5) < ahead < timedelta(days=3, seconds=5)
