"""A holiday notice loaded across a year end: every deadline right at once, each move told once to each side."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from registry import clock
from registry.calendar.current import current_calendar
from registry.deadlines import holiday_loading
from registry.deadlines.open_deadlines import open_deadlines, unannounced_years
from registry.errors import OutOfDate
from registry.models import Application, CalendarNotice, DeadlineMove, Notice
from registry.rules.days.deadlines import Period
from registry.rules.days.holiday_notice import HolidayNoticeRefused, as_table, read_notice
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from review.notices.moved_deadlines import notify_of_move
from review.tasks import sweep_moved_deadlines
from tests.builders import register as build
from tests.builders.holidays import INVENTED_2027, MOVING_2027, NOTICES, slow_due
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LOADED_AT = datetime(2027, 1, 1, 1, 0, tzinfo=UTC)
KINDS = ("deadline_moved_applicant", "deadline_moved_office")


def load(cast: Cast, text: str = MOVING_2027, *, year: int = 2027) -> CalendarNotice:
    digest = holiday_loading.preview(text, year=year).digest
    return holiday_loading.load(
        text, year=year, source="样例", digest=digest, by=cast.national_head, at=LOADED_AT
    )


def told() -> Counter[tuple[str, object]]:
    found = Notice.objects.filter(kind__in=KINDS).values_list("kind", "application_id")
    return Counter((kind, application) for kind, application in found)


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.proof)])
def test_open_applications_across_a_year_end(cast: Cast, count: int) -> None:
    assert clock.china_date(FIRST).weekday() == 0
    for number in range(count):
        at = FIRST + timedelta(days=number * 40 // count, seconds=number)
        if number % 20:
            build.submitted(cast, at=at, seed=1000 + number)
        else:
            _rejected(cast, at=at, seed=1000 + number)
    open_before = open_deadlines()
    before = current_calendar()
    with clock.stopped_at(LOADED_AT):
        started = time.monotonic()
        notice = load(cast)
        loading_seconds = time.monotonic() - started
        assert loading_seconds < 10
        calendar = current_calendar()
        assert calendar.version == notice.calendar_version == "2026.1+2027v1"

        assert len(open_before) == count + count // 20
        found = {(each.application_id, each.period): each.under(calendar) for each in open_deadlines()}
        assert {key: due.due_on for key, due in found.items()} == {
            (each.application_id, each.period): slow_due(each.period, each.event_on) for each in open_before
        }
        assert not any(due.provisional for due in found.values())

        moved = {
            (each.application_id, each.period)
            for each in open_before
            if each.under(before).due_on != slow_due(each.period, each.event_on)
        }
        assert 0 < len(moved) < len(open_before)
        rows = DeadlineMove.objects.all()
        assert {(row.application_id, Period(row.period)) for row in rows} == moved
        assert notice.moved_count == len(moved)

        notify_of_move(rows[0].pk)
        started = time.monotonic()
        assert sweep_moved_deadlines() == len(moved) - 1
        telling_seconds = time.monotonic() - started
        assert sweep_moved_deadlines() == 0
        expected = Counter({(kind, application): 0 for kind in KINDS for application, _period in moved})
        for application, _period in moved:
            expected.update([(kind, application) for kind in KINDS])
        assert told() == expected

        with pytest.raises(OutOfDate) as refusal:
            load(cast)
        assert refusal.value.code == "calendar_year_unchanged"
        assert (CalendarNotice.objects.count(), rows.count()) == (1, len(moved))
    print(
        f"\n{count} open applications: loaded in {loading_seconds:.2f} s, "
        f"{len(moved)} deadlines moved and told to both sides in {telling_seconds:.2f} s"
    )


def test_the_preview_names_what_moves_and_nothing_else_happens(cast: Cast) -> None:
    build.submitted(cast, at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    found = holiday_loading.preview(MOVING_2027, year=2027)
    assert [(move.old.due_on, move.new.due_on, move.days) for move in found.moves] == [
        (date(2027, 1, 19), date(2027, 1, 18), -1)
    ]
    assert (found.is_correction, found.changes_nothing, found.settled_count) == (False, False, 0)
    assert sum(found.by_office.values()) == 1
    changed = {day.on: (day.before, day.after) for day in found.changed_days}
    assert changed[date(2026, 12, 27)] == ("weekend", "make_up")
    assert changed[date(2027, 1, 4)] == ("weekday", "new_year")
    assert not CalendarNotice.objects.exists()
    assert unannounced_years(current_calendar()) == {2027: 1}


def test_a_deadline_that_stays_becomes_final_without_a_word(cast: Cast) -> None:
    build.submitted(cast, at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    found = holiday_loading.preview(INVENTED_2027, year=2027)
    assert (found.moves, found.settled_count) == ((), 1)
    load(cast, INVENTED_2027)
    assert sweep_moved_deadlines() == 0
    assert not told()
    assert unannounced_years(current_calendar()) == {}


def test_what_changed_after_the_preview_is_refused(cast: Cast) -> None:
    digest = holiday_loading.preview(MOVING_2027, year=2027).digest
    build.submitted(cast, at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    with pytest.raises(OutOfDate) as refusal:
        holiday_loading.load(
            MOVING_2027, year=2027, source="样例", digest=digest, by=cast.national_head, at=LOADED_AT
        )
    assert refusal.value.code == "calendar_preview_outdated"
    assert not CalendarNotice.objects.exists()


def test_a_correction_is_a_new_version_and_moves_what_it_touches(cast: Cast) -> None:
    build.submitted(cast, at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    load(cast, INVENTED_2027)
    found = holiday_loading.preview(as_table(read_notice(MOVING_2027, year=2027).announced), year=2027)
    assert (found.is_correction, [move.days for move in found.moves]) == (True, [-1])
    assert load(cast).version == 2
    assert [(row.was_provisional, row.new_due_on) for row in DeadlineMove.objects.all()] == [
        (False, date(2027, 1, 18))
    ]


def test_a_shipped_year_as_it_ships_changes_nothing(cast: Cast) -> None:
    assert holiday_loading.preview(NOTICES["2026"], year=2026).changes_nothing
    with pytest.raises(HolidayNoticeRefused):
        holiday_loading.preview(NOTICES["2026"], year=2027)


def test_a_clock_that_is_closed_never_changes(cast: Cast) -> None:
    case = build.submitted(cast, at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    walk.act(case, Act.WITHDRAW, by=cast.member, at=datetime(2026, 12, 22, 2, 0, tzinfo=UTC))
    done = build.in_force(cast, seed=2, at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    closed = Application.objects.order_by("pk").values_list(
        "pk", "clock_due_on", "clock_late_by_working_days"
    )
    before = list(closed)
    assert holiday_loading.preview(MOVING_2027, year=2027).moves == ()
    load(cast)
    assert list(closed) == before
    assert (done.application.pk, date(2027, 1, 19), 0) in before


def test_a_move_of_a_decided_application_is_not_notified(cast: Cast) -> None:
    case = build.submitted(cast, at=datetime(2026, 12, 21, 2, 0, tzinfo=UTC))
    load(cast)
    walk.act(case, Act.WITHDRAW, by=cast.member, at=LOADED_AT)
    assert sweep_moved_deadlines() == 1
    assert not told()


def test_what_was_accepted_in_time_stays_in_time(cast: Cast) -> None:
    """A service that started on 2026-12-14 is filed on its last day; the notice makes that day too late."""
    at = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
    materials = build.materials_for(cast, at=at)
    materials["service"]["service_started_on"] = "2026-12-14"
    case = walk.submit(materials, member=cast.member, at=at)
    assert case.application.late_by_working_days == 0
    load(cast)
    assert current_calendar().reason(date(2026, 12, 27)) == "make_up"
    changed = {**materials, "service": {**materials["service"], "service_name": "样例更名服务"}}
    walk.act(
        case,
        Act.SUPPLEMENT,
        by=cast.member,
        at=LOADED_AT,
        materials=changed,
        explanation="样例：写明理由",
    )
    assert Application.objects.get(pk=case.application_id).late_by_working_days == 0


def _rejected(cast: Cast, *, at: datetime, seed: int) -> None:
    case = build.submitted(cast, at=at, seed=seed)
    build.forward(cast, case, at=at + timedelta(hours=1), recommends=Outcome.REJECTION)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.REJECT, by=cast.national, at=at + timedelta(hours=2), reasons=reasons, text="样例")
