"""Moments of the sample data, counted in working days back from the day it is made."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from registry import clock
from registry.rules.days.deadlines import escalation_on
from registry.rules.days.working_days import Calendar, add_working_days, is_working_day, subtract_working_days

_JUST_AFTER_MIDNIGHT = time(0, 10)


def day_of_receipt(number: int, *, today: date, calendar: Calendar) -> date:
    """The day of receipt for which `today` is working day `number`, counted from 1 (Art. 12)."""
    return subtract_working_days(today, number if is_working_day(today, calendar) else number + 1, calendar)


def office_hour(day: date, *, seed: int) -> datetime:
    """A moment between 9:00 and 15:00 in China on a day; it varies with the seed."""
    minutes = seed * 37 % 360
    return datetime.combine(day, time(9), tzinfo=clock.CHINA) + timedelta(minutes=minutes)


def later(moment: datetime, working_days: int, calendar: Calendar) -> datetime:
    """The moment `working_days` working days later (0: the same day), at a time of day 13 minutes later."""
    local = moment.astimezone(clock.CHINA) + timedelta(minutes=13)
    if working_days == 0:
        return local
    day = add_working_days(local.date(), working_days, calendar)
    return datetime.combine(day, local.time(), tzinfo=clock.CHINA)


def escalated_at(received_on: date, calendar: Calendar) -> datetime:
    """The moment at which an application is escalated: just after day 15 has ended."""
    return start_of(escalation_on(received_on, calendar) + timedelta(days=1))


def start_of(day: date) -> datetime:
    """Ten minutes after a day has begun in China, when the system's own acts are due."""
    return datetime.combine(day, _JUST_AFTER_MIDNIGHT, tzinfo=clock.CHINA)
