"""A holiday notice moves what applicants have still to send in: told once, to whom it belongs, and to nobody else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from applicants.deadlines import moved_deadlines
from applicants.drafts import store as drafts
from applicants.models import CalendarNoticeTold, Draft
from applicants.tasks import remind_applicants, sweep_moved_deadlines
from registry import clock
from registry.deadlines import holiday_loading
from registry.models import CalendarNotice, Filing, JobFailure, Notice, PlannedEnd
from registry.sample import walk
from tests.builders import register as build
from tests.builders.holidays import INVENTED_2027, MOVING_2027
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

BEGUN_AT = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
LOADED_AT = datetime(2026, 12, 30, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)


def load(cast: Cast, text: str = MOVING_2027, *, at: datetime = LOADED_AT) -> CalendarNotice:
    digest = holiday_loading.preview(text, year=2027).digest
    return holiday_loading.load(text, year=2027, source="样例", digest=digest, by=cast.national_head, at=at)


def draft_started(cast: Cast, started_on: date, *, at: datetime = BEGUN_AT) -> Draft:
    materials = walk.complete_materials(1, member=cast.member, at=at, files={})
    materials["service"] |= {"service_started_on": started_on.isoformat()}
    draft = drafts.start_draft(cast.member, applicant=None, at=at)
    return drafts.save_section(
        draft.pk, drafts.SectionSave(section="service", answers=materials["service"]), at=at
    )


def end_planned(cast: Cast, ends_on: date, *, at: datetime = BEGUN_AT) -> Filing:
    filing = build.filing_of(build.in_force(cast))
    PlannedEnd.objects.create(filing=filing, ends_on=ends_on, noted_at=at, noted_by=cast.member)
    return filing


def _days_in(text: str) -> list[str]:
    """The days that a text names, as letters and as tables write them."""
    found = re.findall(r"(\d{4})(?:-|年)(\d{1,2})(?:-|月)(\d{1,2})(?:日|\b)", text)
    return [date(*map(int, each)).isoformat() for each in found]


def sweep(*, times: int = 1, at: datetime = LATER) -> list[tuple[str, str, str]]:
    """What was told of moves, in the end: the duty, the day before and the day now."""
    with clock.stopped_at(at):
        for _ in range(times):
            sweep_moved_deadlines()
    told = []
    for notice in Notice.objects.filter(kind="own_deadline_moved"):
        before, now, *_why = _days_in(notice.body)
        assert _days_in(notice.subject) == [now]
        duty = notice.key.split(":")[1].split("-")[0]
        told.append((duty, before, now))
    return sorted(told)


def test_a_moved_draft_and_a_moved_planned_end_are_notified_once(cast: Cast) -> None:
    draft_started(cast, date(2026, 12, 25))
    filing = end_planned(cast, date(2027, 2, 26))
    notice = load(cast)
    assert sweep(times=5) == [
        ("cancel", "2027-01-13", "2027-01-11"),
        ("file", "2027-01-11", "2027-01-09"),
    ]
    assert CalendarNoticeTold.objects.get().notice == notice
    of_end = Notice.objects.get(kind="own_deadline_moved", filing=filing)
    assert of_end.account == cast.member


def test_drafts_that_stay_or_were_begun_after_the_notice_are_not_notified(cast: Cast) -> None:
    draft_started(cast, date(2026, 12, 1))
    load(cast)
    draft_started(cast, date(2026, 12, 25), at=LATER)
    assert sweep(times=2) == []
    assert moved_deadlines.notices_to_announce() == []


def test_a_correction_tells_from_the_day_before_to_the_day_now(cast: Cast) -> None:
    draft_started(cast, date(2026, 12, 25))
    load(cast, INVENTED_2027)
    first = sweep()
    load(cast, at=datetime(2026, 12, 30, 3, 0, tzinfo=UTC))
    told = sweep(at=datetime(2026, 12, 30, 4, 0, tzinfo=UTC))
    assert (first, told) == ([], [("file", "2027-01-11", "2027-01-09")])


def test_two_holiday_notices_before_any_notification_give_the_last_day_only(cast: Cast) -> None:
    draft_started(cast, date(2026, 12, 25))
    load(cast)
    load(cast, INVENTED_2027, at=datetime(2026, 12, 30, 1, 30, tzinfo=UTC))
    assert sweep(times=2) == [("file", "2027-01-09", "2027-01-11")]


def test_a_draft_that_cannot_be_read_stops_no_other(cast: Cast) -> None:
    broken = draft_started(cast, date(2026, 12, 25))
    draft_started(cast, date(2026, 12, 25))
    Draft.objects.filter(pk=broken.pk).update(content=b"damaged")
    load(cast)
    with clock.stopped_at(LATER):
        sweep_moved_deadlines()
        remind_applicants()
    assert {(row.job, row.subject_id) for row in JobFailure.objects.all()} == {
        ("tell_own_move", broken.pk),
        ("remind_applicant", broken.pk),
    }
    assert Notice.objects.filter(kind="own_deadline_moved").count() == 1
    assert Notice.objects.filter(kind="draft_started").count() == 1
    assert len(moved_deadlines.notices_to_announce()) == 1
