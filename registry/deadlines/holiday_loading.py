"""Loads a year's holiday notice: a preview of every deadline it moves, then exactly what was previewed."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from registry.calendar.current import current_calendar, notices_in_force, version_with
from registry.deadlines.open_deadlines import OpenDeadline, open_deadlines
from registry.errors import OutOfDate
from registry.models import Account, CalendarNotice, DeadlineMove, OfficeProposal
from registry.rules.days.deadlines import Deadline
from registry.rules.days.holiday_notice import ReadLine, ReadNotice, read_notice
from registry.rules.days.official_days import calendar_with
from registry.rules.days.working_days import AnnouncedYear, Calendar, is_working_day
from registry.rules.office.events import OfficeSubject
from registry.rules.visible_text import is_visible
from registry.streams import office_proposals


@dataclass(frozen=True, slots=True)
class Move:
    """An open deadline under the current calendar and under the calendar with the notice."""

    of: OpenDeadline
    old: Deadline
    new: Deadline

    @property
    def days(self) -> int:
        """By how many calendar days the due day moves; negative when it becomes earlier."""
        return (self.new.due_on - self.old.due_on).days


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that is a working day in only one of the two calendars, with the reason in each."""

    on: date
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """The effect of loading a notice; `settled_count` deadlines become final without moving."""

    year: int
    announced: AnnouncedYear
    lines: tuple[ReadLine, ...]
    before: Calendar
    after: Calendar
    moves: tuple[Move, ...]
    settled_count: int

    @property
    def is_correction(self) -> bool:
        """Whether the year already has a notice, which this one replaces."""
        return self.year in self.before.announced_years

    @property
    def changes_nothing(self) -> bool:
        """Whether a notice with the same days is already in force."""
        return self.is_correction and not self.changed_days

    @cached_property
    def changed_days(self) -> tuple[ChangedDay, ...]:
        """The days that the notice changes, from 1 December of the year before to the end of the year."""
        first, last = date(self.year - 1, 12, 1).toordinal(), date(self.year, 12, 31).toordinal()
        days = (date.fromordinal(ordinal) for ordinal in range(first, last + 1))
        return tuple(
            ChangedDay(day, self.before.reason(day), self.after.reason(day))
            for day in days
            if is_working_day(day, self.before) != is_working_day(day, self.after)
        )

    @cached_property
    def by_office(self) -> Mapping[str, int]:
        """The number of deadlines that move, by office, the largest first."""
        return dict(Counter(move.of.office for move in self.moves).most_common())

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of everything previewed: the days, the current calendar and every move."""
        content = {
            "year": self.year,
            **_stored(self.announced),
            "before": self.before.version,
            "moves": [
                [
                    str(move.of.application_id),
                    move.of.period,
                    move.old.due_on.isoformat(),
                    move.new.due_on.isoformat(),
                ]
                for move in self.moves
            ],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def preview(text: str, *, year: int) -> Preview:
    """The effect of loading this text or table of days for a year. Raises HolidayNoticeRefused."""
    return _preview(read_notice(text, year=year))


def _preview(notice: ReadNotice) -> Preview:
    before = current_calendar()
    after = calendar_with(
        {**notices_in_force(), notice.year: notice.announced}, version=f"{before.version}+{notice.year}"
    )
    moves, settled = [], 0
    for found in open_deadlines():
        old, new = found.under(before), found.under(after)
        if old.due_on != new.due_on:
            moves.append(Move(found, old, new))
        elif old.provisional and not new.provisional:
            settled += 1
    return Preview(
        year=notice.year,
        announced=notice.announced,
        lines=notice.lines,
        before=before,
        after=after,
        moves=tuple(moves),
        settled_count=settled,
    )


@transaction.atomic
def load(text: str, *, year: int, source: str, digest: str, by: Account, at: datetime) -> CalendarNotice:
    """Puts a previewed notice in force and stores every deadline it moves, for a sweep to notify both sides.

    Raises OutOfDate when the preview with this digest is no longer correct or the same days are already in force,
    and HolidayNoticeRefused as the preview does.
    """
    found = preview(text, year=year)
    if found.changes_nothing:
        raise OutOfDate("calendar_year_unchanged", year=year)
    if found.digest != digest:
        raise OutOfDate("calendar_preview_outdated", year=year)
    newest = CalendarNotice.objects.filter(year=year).aggregate(newest=Max("version"))["newest"] or 0
    try:
        with transaction.atomic():
            notice = CalendarNotice.objects.create(
                year=year,
                version=newest + 1,
                **_stored(found.announced),
                source=source,
                text=text,
                digest=digest,
                calendar_version=version_with(year, newest + 1),
                moved_count=len(found.moves),
                loaded_at=at,
                loaded_by=by,
            )
    except IntegrityError:
        # Another transaction loaded a notice for this year after the preview above.
        raise OutOfDate("calendar_preview_outdated", year=year) from None
    DeadlineMove.objects.bulk_create(
        [
            DeadlineMove(
                notice=notice,
                application_id=move.of.application_id,
                applicant_id=move.of.applicant_id,
                province_code=move.of.province_code,
                period=move.of.period.value,
                event_on=move.of.event_on,
                old_due_on=move.old.due_on,
                new_due_on=move.new.due_on,
                was_provisional=move.old.provisional,
            )
            for move in found.moves
        ]
    )
    return notice


def propose(text: str, *, year: int, source: str, digest: str, by: Account, at: datetime) -> OfficeProposal:
    """Proposes to load a previewed notice, for another officer to look at its effect; its source is the reason.

    Raises OutOfDate and HolidayNoticeRefused as `load`, and TransitionNotAllowed as the table of proposals says.
    """
    found = preview(text, year=year)
    if found.changes_nothing:
        raise OutOfDate("calendar_year_unchanged", year=year)
    if found.digest != digest:
        raise OutOfDate("calendar_preview_outdated", year=year)
    return office_proposals.propose(
        OfficeSubject.CALENDAR,
        str(year),
        {"text": text, "year": year, "source": source},
        before={"calendar_version": found.before.version},
        after={"calendar_version": found.after.version, "moved_count": len(found.moves)},
        reason=source,
        # A calendar rests on the notice that was published: its source stands in the place of a reason.
        has_reason=is_visible(source),
        by=by,
        at=at,
    )


def confirm(proposal_id: uuid.UUID, *, digest: str, by: Account, at: datetime) -> CalendarNotice:
    """Puts a proposed notice in force as another officer who saw the effect with this digest.

    Raises NotFound, OutOfDate as `load`, and TransitionNotAllowed.
    """
    loaded: list[CalendarNotice] = []

    def put_in_force(proposal: OfficeProposal) -> bool:
        loaded.append(load(**proposal.content, digest=digest, by=proposal.proposed_by, at=at))
        return True

    office_proposals.confirm(proposal_id, put_in_force, subject=OfficeSubject.CALENDAR, by=by, at=at)
    return loaded[0]


def _stored(announced: AnnouncedYear) -> dict[str, Any]:
    return {
        "holidays": {day.isoformat(): name for day, name in sorted(announced.holidays.items())},
        "make_up_days": [day.isoformat() for day in sorted(announced.make_up_days)],
    }
