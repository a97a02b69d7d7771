"""The fold takes states and standings from the two tables: another table gives other rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.rules.errors import FilingError
from registry.rules.workflow import lifecycle
from registry.rules.workflow.lifecycle import (
    STANDING_TRANSITIONS,
    TRANSITIONS,
    StandingTransition,
    Transition,
    standing_after,
    state_after,
)
from registry.rules.workflow.projection import EventRecord, FilingRow, Projection, apply, fold
from registry.rules.workflow.states import Act, Kind, Outcome, Standing, State

AT = "2026-03-02T02:00:00+00:00"
COLUMNS = {"applicant_name": "示例科技有限公司", "service_name": "示例存证", "division_code": "110105"}

# Everything that any act of version 1 may store, so that one payload serves every act.
PAYLOAD = {
    "kind": "initial",
    "applicant_id": "applicant",
    "province_code": "110000",
    "receipt_number": "2026-11-000001",
    "received_on": "2026-03-02",
    "revision": {"number": 1, "content_hash": "0" * 64},
    "columns": COLUMNS,
    "event_on": "2026-02-27",
    "late_by_working_days": 0,
    "recommends": "approval",
    "desk": "provincial_reviewer",
    "number": "京网信备11010526000000010001X号",
    "division_code": "110105",
    "answer_by": "2026-03-09",
    "cancelled_on": "2026-06-01",
    "struck_off_on": "2026-06-01",
    "ground": "false_materials",
    "reason": "样例：写明理由",
    "basis": "样例",
    "successor_number": None,
    "proceeding": "proceeding",
    "list_kind": "filings",
    "list_number": 1,
    "position": 1,
    "listed_on": "2026-03-02",
    "known_since": AT,
}


def event(
    act: Act, *, outcome: Outcome | None = None, application_id: str | None = "application"
) -> EventRecord:
    payload = PAYLOAD | ({"outcome": outcome.value} if outcome else {})
    return EventRecord(1, act, AT, "officer", application_id, payload)


SUBMITTED = fold([event(Act.SUBMIT)])
APPLICATION = SUBMITTED.applications["application"]


def state_folded(row: Transition) -> State:
    """The state in the row of an application after the act, which it was in the row's source before."""
    before = SUBMITTED
    if row.source is None:
        before = Projection()
    else:
        before = replace(SUBMITTED, applications={"application": replace(APPLICATION, state=row.source)})
    return apply(before, event(row.act, outcome=row.proposal)).applications["application"].state


def standing_folded(row: StandingTransition) -> Standing:
    """The standing in the row of a filing after the act, which it was in the row's source before."""
    before = Projection()
    if row.source is not None:
        filing = FilingRow("applicant", "110000", row.source, COLUMNS, AT)
        waiting = replace(APPLICATION, kind=row.kind or Kind.INITIAL, state=State.NATIONAL_CONFIRMATION)
        before = Projection(filing, {"application": waiting})
    is_about_filing = row.act in (Act.TAKE_EFFECT, Act.STRIKE_OFF, Act.IMPORT)
    record = event(row.act, outcome=row.outcome, application_id=None if is_about_filing else "application")
    after = apply(before, record).filing
    assert after is not None
    return after.standing


def test_every_row_of_the_table_is_how_the_fold_moves_an_application() -> None:
    assert [row for row in TRANSITIONS if state_folded(row) is not row.target] == []


def test_a_changed_table_moves_applications_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for target in State:
        changed = tuple(replace(row, target=target) for row in TRANSITIONS)
        monkeypatch.setattr(lifecycle, "TRANSITIONS", changed)
        assert {state_folded(row) for row in changed} == {target}


def test_every_row_of_the_table_is_how_the_fold_moves_a_filing() -> None:
    assert [row for row in STANDING_TRANSITIONS if standing_folded(row) is not row.target] == []


def test_a_changed_table_moves_filings_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for target in Standing:
        changed = tuple(replace(row, target=target) for row in STANDING_TRANSITIONS)
        monkeypatch.setattr(lifecycle, "STANDING_TRANSITIONS", changed)
        assert {standing_folded(row) for row in changed} == {target}


def test_a_step_taken_out_of_the_table_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "TRANSITIONS", ())
    monkeypatch.setattr(lifecycle, "STANDING_TRANSITIONS", ())
    for row in TRANSITIONS:
        if row.source is not None:
            assert state_folded(row) is row.source
    for standing_row in STANDING_TRANSITIONS:
        if standing_row.source is not None:
            assert standing_folded(standing_row) is standing_row.source


def test_a_rejection_and_a_change_leave_the_filing_where_it_stands() -> None:
    rejected = standing_after(Standing.PENDING, Act.CONFIRM, kind=Kind.INITIAL, outcome=Outcome.REJECTION)
    assert rejected is Standing.PENDING
    assert standing_after(Standing.IN_FORCE, Act.APPROVE, kind=Kind.CHANGE) is Standing.IN_FORCE


def test_nothing_happens_before_the_first_submission() -> None:
    with pytest.raises(FilingError, match="round_not_begun"):
        state_after(None, Act.WITHDRAW)
    with pytest.raises(FilingError, match="stream_without_submission"):
        standing_after(None, Act.ISSUE_NUMBER)
