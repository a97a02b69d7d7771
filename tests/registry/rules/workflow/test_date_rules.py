"""The day each kind of application turns on, and how late it comes: Art. 11, on the days of real years."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from registry.rules.days.official_days import shipped_calendar
from registry.rules.workflow.date_rules import DateFinding, check_event_date
from registry.rules.workflow.states import Kind

CALENDAR = shipped_calendar()
REASON = "样例：经办人住院。"


def initial(started_on: str, submitted_on: str, **more: Any) -> DateFinding:
    service = {"service_started_on": started_on, **more}
    return check_event_date(
        Kind.INITIAL, {"service": service}, {}, date.fromisoformat(submitted_on), CALENDAR
    )


def change(changed_on: list[str], submitted_on: str, *, kind: Kind = Kind.CHANGE, **more: Any) -> DateFinding:
    details = {"changes": [{"changed_on": day} for day in changed_on], **more}
    return check_event_date(kind, {}, details, date.fromisoformat(submitted_on), CALENDAR)


def cancellation(ends_on: str, submitted_on: str, **more: Any) -> DateFinding:
    details = {"ends_on": ends_on, **more}
    return check_event_date(Kind.CANCELLATION, {}, details, date.fromisoformat(submitted_on), CALENDAR)


def test_art_11_a_service_is_filed_within_ten_working_days_of_its_start() -> None:
    # New Year's Day 2023 was a Sunday; Monday the 2nd was the day off in its place.
    assert initial("2022-12-19", "2023-01-03") == DateFinding(date(2022, 12, 19), 0, None)
    assert initial("2022-12-19", "2023-01-04") == DateFinding(date(2022, 12, 19), 1, "late_reason_required")
    assert initial("2022-12-19", "2023-01-04", late_reason=REASON).is_met
    assert not initial("2022-12-19", "2023-01-04", late_reason="  ").is_met


@pytest.mark.parametrize("kind", [Kind.CHANGE, Kind.APPLICANT_CHANGE])
def test_art_11_a_change_is_filed_within_five_working_days_of_the_oldest_change(kind: Kind) -> None:
    # Sunday the 28th of September 2025 was worked; after the 30th the holidays lasted until the 8th of October.
    days = ["2025-09-26", "2025-09-24"]
    assert change(days, "2025-09-30", kind=kind) == DateFinding(date(2025, 9, 24), 0, None)
    assert change(days, "2025-10-09", kind=kind) == DateFinding(date(2025, 9, 24), 1, "late_reason_required")
    assert change(days, "2025-10-09", kind=kind, late_reason=REASON).is_met


def test_art_11_a_cancellation_is_filed_thirty_working_days_before_the_service_ends() -> None:
    # Over the National Day and Mid-Autumn holidays of 2025.
    assert cancellation("2025-10-09", "2025-08-21") == DateFinding(date(2025, 10, 9), 0, None)
    assert cancellation("2025-10-09", "2025-08-22") == DateFinding(
        date(2025, 10, 9), 1, "late_reason_required"
    )
    assert cancellation("2025-10-09", "2025-08-22", late_reason=REASON).is_met


def test_a_submission_after_a_rejection_is_as_late_as_the_first_one() -> None:
    materials = {"service": {"service_started_on": "2022-12-19"}}
    again = check_event_date(
        Kind.INITIAL,
        materials,
        {},
        date(2023, 3, 1),
        CALENDAR,
        first_submitted_on=date(2023, 1, 3),
    )
    assert again == DateFinding(date(2022, 12, 19), 0, None)


def test_only_a_cancellation_may_turn_on_a_day_to_come() -> None:
    assert initial("2025-09-23", "2025-09-22").refusal == "event_date_in_future"
    assert initial("2025-09-22", "2025-09-22").is_met
    assert change(["2025-09-22", "2025-09-23"], "2025-09-22").refusal == "changed_on_missing_or_future"
    assert change(["2025-09-22"], "2025-09-22").is_met
    assert cancellation("2026-09-22", "2025-09-22").is_met


@pytest.mark.parametrize("day", ["", "31.12.2025", "2025-02-30"])
def test_a_day_that_is_missing_or_no_day_is_refused(day: str) -> None:
    assert initial(day, "2025-09-22") == DateFinding(None, 0, "event_date_missing")
    assert cancellation(day, "2025-09-22") == DateFinding(None, 0, "event_date_missing")
    assert change(["2025-09-22", day], "2025-09-22") == DateFinding(None, 0, "changed_on_missing_or_future")
    assert change([], "2025-09-22") == DateFinding(None, 0, "event_date_missing")


def test_a_day_outside_the_calendar_is_refused_and_not_guessed() -> None:
    assert initial("1989-12-29", "2025-09-22").refusal == "event_date_out_of_range"
