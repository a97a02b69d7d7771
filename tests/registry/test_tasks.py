"""The sweeps: what is due is done once, however late, however often, and one failure stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from registry import clock, tasks
from registry.book import ledger, numbering
from registry.book.revisions import materials_of
from registry.deadlines import due
from registry.integrity.register import verify_register
from registry.models import Event, Filing, JobFailure, Revision
from registry.rules.codes.filing_number import FilingNumber
from registry.rules.workflow.states import Act, Kind, Standing, State
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def count(act: Act) -> int:
    return Event.objects.filter(act=act.value).count()


def test_art_12_a_case_escalates_once_when_day_15_has_ended_however_late_the_sweep_comes(cast: Cast) -> None:
    early, late = build.submitted(cast), build.submitted(cast, seed=2, at=MORNING + 2 * DAY)
    last_moment_of_day_15 = MORNING.replace(day=23, hour=15, minute=59, second=59)
    assert due.to_escalate(last_moment_of_day_15) == []
    assert due.to_escalate(last_moment_of_day_15 + timedelta(seconds=1)) == [early.application_id]
    with clock.stopped_at(last_moment_of_day_15 + 5 * DAY):
        assert [tasks.sweep_clocks() for _ in range(5)] == [2, 0, 0, 0, 0]
    assert early.application.state == late.application.state == State.NATIONAL_REVIEW
    assert count(Act.ESCALATE) == 2
    assert verify_register().violations == []


def test_a_rejected_application_lapses_once_after_its_30_working_days(cast: Cast) -> None:
    case = build.rejected(cast)
    last_moment = MORNING.replace(month=4, day=14, hour=15, minute=59, second=59)
    assert due.to_lapse(last_moment) == []
    with clock.stopped_at(last_moment + timedelta(seconds=1)):
        assert [tasks.sweep_clocks() for _ in range(3)] == [2, 0, 0]
    assert case.application.state == State.LAPSED
    # Nobody was ever told of the rejection: that, too, is a decision that came late.
    assert case.application.late_desk == "national_reviewer"


def test_art_11_a_cancellation_takes_effect_on_its_day_also_when_the_sweep_slept(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = case.application.filing
    assert filing is not None
    materials = materials_of(Revision.objects.get(application_id=case.application_id))
    cancellation = walk.submit(
        materials,
        member=cast.member,
        at=MORNING + 10 * DAY,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": "2026-06-01", "arrangement": "样例"},
    )
    build.forward(cast, cancellation, at=MORNING + 10 * DAY)
    walk.act(cancellation, Act.APPROVE, by=cast.national, at=MORNING + 10 * DAY, text="样例")
    the_day = MORNING.replace(month=6, day=1)
    assert due.to_take_effect(the_day - DAY) == []
    with clock.stopped_at(the_day + 3 * DAY):
        assert [tasks.sweep_clocks() for _ in range(3)] == [1, 0, 0]
    filing.refresh_from_db()
    assert filing.standing == Standing.CANCELLED
    assert filing.cancelled_on == the_day.date()


def test_one_filing_that_cannot_be_numbered_stops_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = build.approved(cast), build.approved(cast, seed=2, at=MORNING + DAY)
    record = ledger.record_numbers

    def sometimes(issued: Sequence[tuple[Filing, FilingNumber]], *, at: datetime) -> list[Event]:
        if any(filing.pk == broken.application.filing_id for filing, _number in issued):
            raise KeyError("division_code")
        return record(issued, at=at)

    monkeypatch.setattr(numbering, "record_numbers", sometimes)
    assert [tasks.sweep_filing_numbers() for _ in range(2)] == [1, 0]
    failure = JobFailure.objects.get()
    assert (failure.job, failure.attempts, failure.last_error) == ("issue_number", 2, "KeyError")
    monkeypatch.undo()
    assert tasks.sweep_filing_numbers() == 1
    assert not JobFailure.objects.exists()
    assert sound.application.filing is not None
    assert sound.application.filing.number is not None
    assert verify_register().violations == []
