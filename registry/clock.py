"""The only place that reads the clock: `now()` in UTC, `today()` as the date in China.

Rules take the day as an argument; views, tasks and commands ask here. Tests stop the clock with `stopped_at`;
processes they start are moved by `settings.CLOCK_OFFSET_SECONDS`, which production settings refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from registry.errors import FilingError

CHINA = ZoneInfo("Asia/Shanghai")

_stopped: datetime | None = None


class NaiveMoment(FilingError):
    """A moment without a time zone was given where an aware one is needed."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    if _stopped is not None:
        return _stopped
    return datetime.now(UTC) + timedelta(seconds=settings.CLOCK_OFFSET_SECONDS)


def of_the_machine() -> datetime:
    """The machine's moment, aware, in UTC, wherever `now` was moved to: browsers count the life of cookies by it."""
    return datetime.now(UTC)


def today() -> date:
    """The present date in China."""
    return china_date(now())


def china_date(moment: datetime) -> date:
    """The date in China of an aware moment. Raises NaiveMoment."""
    if moment.tzinfo is None:
        raise NaiveMoment("naive_moment", moment=moment.isoformat())
    return moment.astimezone(CHINA).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in China, aware."""
    return datetime.combine(day, time.min, tzinfo=CHINA)


def set_for_tests(moment: datetime | None) -> None:
    """Stops this process's clock at an aware moment; None lets it run again. Raises NaiveMoment."""
    global _stopped
    if moment is not None and moment.tzinfo is None:
        raise NaiveMoment("naive_moment", moment=moment.isoformat())
    _stopped = moment.astimezone(UTC) if moment is not None else None


@contextmanager
def stopped_at(moment: datetime) -> Iterator[datetime]:
    """Stops this process's clock for the length of a block, then restores what was before."""
    before = _stopped
    set_for_tests(moment)
    try:
        yield moment
    finally:
        set_for_tests(before)


def iso_instant(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds, as events are hashed and folded."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
