"""The announcement (公告正文) of a list, with its places filled in.

The text is Chinese, as announcements are. Its places stay in the proposal: they are filled in for every preview, and
for good at the freeze, so that what is published says what the list holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from django.conf import settings

from registry import clock
from registry.batches.candidates import Candidate
from registry.calendar.current import current_calendar
from registry.labels.list_words import printed_title
from registry.publication.addresses import list_url
from registry.rules.batches.lifecycle import ListKind
from registry.rules.days.deadlines import PERIOD_WORKING_DAYS, Period, deadline
from registry.rules.notice_texts import fill


class Announced(Protocol):
    """What is composed or proposed; `publish_at` None is "as soon as it is confirmed"."""

    @property
    def kind(self) -> ListKind: ...

    @property
    def announcement(self) -> str: ...

    @property
    def cut_off_on(self) -> date: ...

    @property
    def publish_at(self) -> datetime | None: ...


def filled(
    what: Announced, entries: Sequence[Candidate], *, number: int, earliest: datetime | None = None
) -> str:
    """The announcement with its places filled in for a list of this number with these entries.

    With `earliest` it is published then where its moment was set and is over.
    """
    publish_at = what.publish_at
    if publish_at is not None and earliest is not None:
        publish_at = max(publish_at, earliest)
    identity = settings.SITE_IDENTITY
    values = {
        "title": printed_title(what.kind, number),
        "count": str(len(entries)),
        "applicants": str(len({each.applicant_id for each in entries})),
        "cut_off_on": printed_day(what.cut_off_on),
        "until": until_words(publish_at),
        "page": list_url(number, what.kind),
        "organiser": identity["organiser"],
        "address": identity["address"],
        "email": identity["contact_email"],
    }
    return fill(what.announcement, values).strip()


def until_words(publish_at: datetime | None) -> str:
    """The last day for doubts as an announcement says it; `publish_at` None is "as soon as it is confirmed".

    A date only where it is certain: for a set moment, when the calendar of those days is announced.
    """
    if publish_at is not None:
        due = deadline(Period.OBJECTION, clock.china_date(publish_at), current_calendar())
        if not due.provisional:
            return printed_day(due.due_on)
    return f"公布之日起第{PERIOD_WORKING_DAYS[Period.OBJECTION]}个工作日"


def printed_day(day: date) -> str:
    """A day as announcements write it: 2026年3月9日."""
    return f"{day.year}年{day.month}月{day.day}日"
