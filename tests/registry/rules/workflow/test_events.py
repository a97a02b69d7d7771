"""Payloads of version 1: what builders write is what stands in the register since, and readers give it back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from registry.rules.end_grounds import EndGround
from registry.rules.errors import FilingError
from registry.rules.workflow import events
from registry.rules.workflow.events import ApplicantFacts, Base, ClosedClock, HandedIn, StruckOff
from registry.rules.workflow.states import Act, Kind, Outcome, Role

COLUMNS = {"applicant_name": "示例科技有限公司", "service_name": "示例存证"}
DAY = date(2026, 3, 2)
HANDED_IN = HandedIn(
    revision_number=2,
    revision_hash="ab" * 32,
    columns=COLUMNS,
    applicant_id="applicant",
    province_code="110000",
    event_on=date(2026, 2, 27),
    late_by_working_days=3,
    details={"late_reason": "样例", "opened": ["service"]},
)
STORED = {
    "revision": {"number": 2, "content_hash": "ab" * 32},
    "columns": COLUMNS,
    "applicant_id": "applicant",
    "province_code": "110000",
    "event_on": "2026-02-27",
    "late_by_working_days": 3,
    "details": {"late_reason": "样例", "opened": ["service"]},
}
CLOCK = ClosedClock(
    due_on=DAY,
    provisional=False,
    calendar_version="2026",
    late_by_working_days=None,
    desk=Role.NATIONAL_REVIEWER,
)
STRUCK = StruckOff(
    struck_off_on=DAY,
    ground=EndGround.APPLICANT_GONE,
    reason="样例：写明理由",
    basis="样例依据",
    successor_number=None,
    proceeding="proceeding",
)
STORED_STRIKING_OFF = {
    "struck_off_on": "2026-03-02",
    "ground": "applicant_gone",
    "reason": "样例：写明理由",
    "basis": "样例依据",
    "successor_number": None,
    "proceeding": "proceeding",
}
STORED_CLOCK = {
    "clock": {
        "due_on": "2026-03-02",
        "provisional": False,
        "calendar_version": "2026",
        "late_by_working_days": None,
        "desk": "national_reviewer",
    }
}
FACTS = ApplicantFacts(COLUMNS, "110000")


def submission(base: Base | None, together_id: str | None) -> dict[str, Any]:
    return events.submitted(
        HANDED_IN,
        kind=Kind.CHANGE,
        receipt_number="2026-11-000001",
        received_on=DAY,
        base=base,
        together_id=together_id,
    )


@pytest.mark.parametrize(
    ("built", "stored"),
    [
        (
            submission(Base("application", 1), None),
            STORED
            | {
                "kind": "change",
                "receipt_number": "2026-11-000001",
                "received_on": "2026-03-02",
                "base": {"application_id": "application", "revision_number": 1},
            },
        ),
        (
            submission(None, "together"),
            STORED
            | {
                "kind": "change",
                "receipt_number": "2026-11-000001",
                "received_on": "2026-03-02",
                "base": None,
                "together_id": "together",
            },
        ),
        (events.resubmitted(HANDED_IN, received_on=DAY), STORED | {"received_on": "2026-03-02"}),
        (events.confirmed(Outcome.REJECTION), {"outcome": "rejection"}),
        (events.approved_with(FACTS), {"applicant": {"columns": COLUMNS, "province_code": "110000"}}),
        (
            events.applicant_changed(FACTS, application_id="source"),
            {"columns": COLUMNS, "province_code": "110000", "application_id": "source"},
        ),
        (
            events.number_issued(number="number", division_code="110105"),
            {"number": "number", "division_code": "110105"},
        ),
        (events.effect_taken(cancelled_on=DAY), {"cancelled_on": "2026-03-02"}),
        (STRUCK.as_payload(), STORED_STRIKING_OFF),
        (events.predecessor_noted(number="number"), {"number": "number"}),
        (
            events.notice_delivered(delivered_at="2026-03-02T01:00:00.000000Z", how="email", noted_by=None),
            {"delivered_at": "2026-03-02T01:00:00.000000Z", "how": "email", "noted_by": None},
        ),
        (
            events.day_15_missed(desk=Role.PROVINCIAL_REVIEWER, due_on=DAY, calendar_version="2026"),
            {"desk": "provincial_reviewer", "due_on": "2026-03-02", "calendar_version": "2026"},
        ),
        (
            events.day_20_missed(
                desk=Role.NATIONAL_REVIEWER, due_on=DAY, provisional=True, calendar_version="2026"
            ),
            {
                "desk": "national_reviewer",
                "due_on": "2026-03-02",
                "provisional": True,
                "calendar_version": "2026",
            },
        ),
        (CLOCK.as_payload(), STORED_CLOCK),
        (events.with_digest({"text": "样例"}, "digest"), {"text": "样例", "request_digest": "digest"}),
        (
            events.stored_details(Act.FORWARD, {"recommends": "approval", "text": "样例", "answers": {}}),
            {"recommends": "approval", "text": "样例"},
        ),
        (events.stored_details(Act.LAPSE, {"text": "样例"}), {}),
    ],
)
def test_a_builder_writes_what_version_1_holds(built: dict[str, Any], stored: dict[str, Any]) -> None:
    assert built == stored


def test_what_is_stored_together_is_read_together() -> None:
    assert HandedIn.of(STORED) == HANDED_IN
    assert HandedIn.of(STORED | {"event_on": None}).event_on is None
    assert ClosedClock.of(STORED_CLOCK) == CLOCK
    assert ClosedClock.of({}) is None
    assert Base.of(submission(Base("application", 1), None)) == Base("application", 1)
    assert Base.of(submission(None, None)) is None
    assert ApplicantFacts.of(events.approved_with(FACTS)) == FACTS
    assert ApplicantFacts.of({"text": "样例"}) is None
    assert ApplicantFacts.of_change(events.applicant_changed(FACTS, application_id="source")) == FACTS


def test_readers_give_back_what_builders_wrote() -> None:
    opened = submission(None, "together")
    assert events.kind_of(opened) is Kind.CHANGE
    assert events.receipt_number_of(opened) == "2026-11-000001"
    assert events.received_on_of(opened) == DAY
    assert events.together_id_of(opened) == "together"
    assert events.together_id_of(submission(None, None)) is None
    assert events.opened_of(opened) == ("service",)
    number = events.number_issued(number="number", division_code="110105")
    assert (events.number_of(number), events.division_code_of(number)) == ("number", "110105")
    assert events.cancelled_on_of(events.effect_taken(cancelled_on=DAY)) == DAY
    assert StruckOff.of(STRUCK.as_payload()) == STRUCK
    assert events.number_of(events.predecessor_noted(number="number")) == "number"
    missed = events.day_15_missed(desk=Role.PROVINCIAL_REVIEWER, due_on=DAY, calendar_version="2026")
    assert events.desk_of(missed) is Role.PROVINCIAL_REVIEWER
    arrival = events.notice_delivered(delivered_at="2026-03-02T01:00:00+00:00", how="email", noted_by=None)
    assert events.delivered_at_of(arrival) == datetime(2026, 3, 2, 1, tzinfo=UTC)
    assert events.how_delivered(arrival) == "email"
    assert events.digest_of(events.with_digest({}, "digest")) == "digest"
    assert events.digest_of({}) is None


def test_what_nobody_said_is_empty() -> None:
    read = (events.text_of, events.explanation_of, events.question_of)
    assert [reader({}) for reader in read] == ["", "", ""]
    assert [events.text_of({"text": None}), events.text_of({"text": "样例"})] == ["", "样例"]
    assert [events.reasons_of({}), events.passed_over_of({}), events.answers_of({})] == [[], [], {}]
    assert events.recommendation_of({"recommends": "rejection"}) is Outcome.REJECTION


def test_only_a_decision_has_an_outcome() -> None:
    payload = events.confirmed(Outcome.REJECTION)
    found = {act: outcome for act in Act if (outcome := events.outcome_of(act, payload)) is not None}
    assert found == {
        Act.APPROVE: Outcome.APPROVAL,
        Act.REJECT: Outcome.REJECTION,
        Act.CONFIRM: Outcome.REJECTION,
    }


def test_queries_ask_where_builders_write() -> None:
    written = {
        events.OUTCOME: events.confirmed(Outcome.APPROVAL),
        events.DESK: events.day_15_missed(desk=Role.PROVINCIAL_REVIEWER, due_on=DAY, calendar_version="2026"),
        events.CLOCK_LATE_BY: CLOCK.as_payload(),
    }
    for lookup, payload in written.items():
        found: Any = payload
        for key in lookup.split("__")[1:]:
            assert key in found
            found = found[key]


def test_a_form_that_is_not_known_is_refused_and_not_misread() -> None:
    assert events.known_form(STORED, version=events.VERSION) is STORED
    with pytest.raises(FilingError, match="payload_of_unknown_version"):
        events.known_form(STORED, version=events.VERSION + 1)
