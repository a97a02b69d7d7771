"""Whether the clock of this machine can be right: what a job does by the calendar cannot be taken back.

A clock that is ahead would let cases lapse, pass to the nation and be published before their day. It is held against
the database's, against the last event, against how long this process has lived, and against when the portal was last at
work; by more than an hour of the first three, or a week of the last, nothing is done by the calendar until it agrees.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from registry import clock
from registry.errors import FilingError
from registry.models import Event, JobRun
from registry.rules.workflow.states import StreamKind

FURTHEST = timedelta(hours=1)
LONGEST_SILENCE = timedelta(days=7)
WATCH = "watch-clock"


class ClockWrong(FilingError):
    """The clock of this machine cannot be right; the code says what it disagrees with."""


def require_right_clock(*, after_silence: bool = False) -> None:
    """Raises ClockWrong where the machine's clock disagrees with what else tells the time.

    `after_silence` asks nothing about how long the portal was not at work.
    """
    machine = clock.of_the_machine()
    if abs(machine - _moment_of_database(machine)) > FURTHEST:
        raise ClockWrong("clock_unlike_the_database")
    if abs(machine - _began - (_since_boot() - _began_since_boot)) > FURTHEST:
        raise ClockWrong("clock_was_set_while_at_work")
    last_event = Event.objects.filter(stream_kind=StreamKind.FILING).aggregate(Max("at"))["at__max"]
    if last_event is not None and last_event - max(machine, clock.now()) > FURTHEST:
        raise ClockWrong("clock_behind_the_last_event")
    if after_silence:
        return
    last_seen = JobRun.objects.filter(job=WATCH, period="").values_list("succeeded_at", flat=True).first()
    if last_seen is not None and machine - last_seen > LONGEST_SILENCE:
        raise ClockWrong("clock_after_a_long_silence")


def accept_clock(*, at: datetime) -> None:
    """Notes that the clock is right after a long silence, as whoever runs the portal says.

    Raises ClockWrong, and notes nothing, where the database or the last event says otherwise.
    """
    require_right_clock(after_silence=True)
    JobRun.objects.update_or_create(job=WATCH, period="", defaults={"started_at": at, "succeeded_at": at})


def _moment_of_database(machine: datetime) -> datetime:
    """The moment by the database's own clock; the machine's where the database is a file on it."""
    if connection.vendor != "postgresql":
        return machine
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    found: datetime = moment
    return found


def _since_boot() -> timedelta:
    """How long the machine runs, with its sleep; setting its clock does not change it."""
    boot_clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(seconds=time.clock_gettime(boot_clock))


_began, _began_since_boot = clock.of_the_machine(), _since_boot()
