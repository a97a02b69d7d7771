"""The table of striking off against the workflow, written down a second time: every state × act × role."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from registry.rules.endings.fold import StrikingOffEventRecord, fold_striking_off
from registry.rules.endings.lifecycle import (
    STRIKING_OFF_TRANSITIONS,
    StrikingOffAct,
    StrikingOffFacts,
    StrikingOffState,
    decide_on_reading_again,
    decide_on_striking_off,
)
from registry.rules.errors import FilingError
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Role

NATION = {"national_reviewer", "national_head"}
HEAD, APPLICANT, SYSTEM = {"national_head"}, {"applicant"}, {"system"}

# (from, act) -> (by, to)
WORKFLOW: dict[tuple[str | None, str], tuple[set[str], str]] = {
    (None, "strike_off_proposed"): (NATION, "proposed"),
    ("proposed", "strike_off_notice_sent"): (NATION, "notice_sent"),
    ("notice_sent", "strike_off_notice_served"): (SYSTEM, "served"),
    ("proposed", "strike_off_announced"): (NATION, "announced"),
    ("notice_sent", "strike_off_announced"): (NATION, "announced"),
    ("notice_sent", "strike_off_stated"): (APPLICANT, "stated"),
    ("served", "strike_off_stated"): (APPLICANT, "stated"),
    ("announced", "strike_off_stated"): (APPLICANT, "stated"),
    ("waived", "strike_off_stated"): (APPLICANT, "stated"),
    ("notice_sent", "strike_off_waived"): (APPLICANT, "waived"),
    ("served", "strike_off_waived"): (APPLICANT, "waived"),
    ("announced", "strike_off_waived"): (APPLICANT, "waived"),
    ("stated", "strike_off_answered"): (NATION, "answered"),
    ("served", "strike_off_confirmed"): (HEAD, "confirmed"),
    ("announced", "strike_off_confirmed"): (HEAD, "confirmed"),
    ("waived", "strike_off_confirmed"): (HEAD, "confirmed"),
    ("answered", "strike_off_confirmed"): (HEAD, "confirmed"),
    ("proposed", "strike_off_dropped"): (NATION, "dropped"),
    ("notice_sent", "strike_off_dropped"): (NATION, "dropped"),
    ("served", "strike_off_dropped"): (NATION, "dropped"),
    ("announced", "strike_off_dropped"): (NATION, "dropped"),
    ("stated", "strike_off_dropped"): (NATION, "dropped"),
    ("waived", "strike_off_dropped"): (NATION, "dropped"),
    ("answered", "strike_off_dropped"): (NATION, "dropped"),
    ("proposed", "strike_off_file_replaced"): (NATION, "proposed"),
    ("stated", "strike_off_file_replaced"): (APPLICANT, "stated"),
}

EVERYTHING = StrikingOffFacts(
    state=None,
    role=Role.NATIONAL_HEAD,
    actor_id="second",
    proposer_id="first",
    is_filing_in_force=True,
    has_reason=True,
    has_basis=True,
    has_arrived=True,
    has_text=True,
    is_statement_day_over=True,
    is_own_file=True,
)
_S, _A = StrikingOffState, StrikingOffAct


def test_the_table_is_the_workflow() -> None:
    written = {(row.source, row.act): (set(row.roles), row.target.value) for row in STRIKING_OFF_TRANSITIONS}
    assert written == WORKFLOW


@pytest.mark.parametrize("state", [None, *StrikingOffState])
def test_every_state_act_and_role(state: StrikingOffState | None) -> None:
    for act, role in product(StrikingOffAct, Role):
        roles, target = WORKFLOW.get((state, act), (set(), ""))
        facts = replace(EVERYTHING, state=state, role=role)
        if role in roles:
            assert decide_on_striking_off(act, facts).target == target
        else:
            with pytest.raises(TransitionNotAllowed):
                decide_on_striking_off(act, facts)


@pytest.mark.parametrize(
    ("state", "act", "role", "missing", "code"),
    [
        (None, _A.PROPOSE, Role.NATIONAL_HEAD, {"is_filing_in_force": False}, "filing_in_force"),
        (None, _A.PROPOSE, Role.NATIONAL_HEAD, {"is_only_proceeding": False}, "only_striking_off"),
        (None, _A.PROPOSE, Role.NATIONAL_HEAD, {"has_reason": False}, "striking_off_reason_given"),
        (None, _A.PROPOSE, Role.NATIONAL_HEAD, {"has_basis": False}, "striking_off_basis_given"),
        (None, _A.PROPOSE, Role.NATIONAL_HEAD, {"is_successor_possible": False}, "successor_in_register"),
        (_S.PROPOSED, _A.SEND_NOTICE, Role.NATIONAL_HEAD, {"is_filing_in_force": False}, "filing_in_force"),
        (_S.PROPOSED, _A.ANNOUNCE, Role.NATIONAL_HEAD, {"is_filing_in_force": False}, "filing_in_force"),
        (_S.NOTICE_SENT, _A.RECORD_SERVICE, Role.SYSTEM, {"has_arrived": False}, "notice_arrived"),
        (_S.SERVED, _A.STATE, Role.APPLICANT, {"has_text": False}, "striking_off_text_given"),
        (_S.STATED, _A.ANSWER, Role.NATIONAL_REVIEWER, {"has_text": False}, "striking_off_text_given"),
        (_S.SERVED, _A.CONFIRM, Role.NATIONAL_HEAD, {"is_statement_day_over": False}, "statement_period"),
        (_S.ANNOUNCED, _A.CONFIRM, Role.NATIONAL_HEAD, {"is_statement_day_over": False}, "statement_period"),
        (_S.ANSWERED, _A.CONFIRM, Role.NATIONAL_HEAD, {"actor_id": "first"}, "second_officer"),
        (_S.WAIVED, _A.CONFIRM, Role.NATIONAL_HEAD, {"is_filing_in_force": False}, "filing_in_force"),
        (_S.WAIVED, _A.CONFIRM, Role.NATIONAL_HEAD, {"is_successor_possible": False}, "successor_in"),
        (_S.ANSWERED, _A.DROP, Role.NATIONAL_REVIEWER, {"has_reason": False}, "striking_off_reason_given"),
        (_S.PROPOSED, _A.SEND_NOTICE, Role.NATIONAL_REVIEWER, {"is_evidence_read": False}, "evidence_read"),
        (_S.PROPOSED, _A.ANNOUNCE, Role.NATIONAL_REVIEWER, {"is_evidence_read": False}, "evidence_read"),
        (_S.NOTICE_SENT, _A.ANNOUNCE, Role.NATIONAL_HEAD, {"is_evidence_read": False}, "evidence_read"),
        (_S.STATED, _A.ANSWER, Role.NATIONAL_REVIEWER, {"is_evidence_read": False}, "evidence_read"),
        (_S.ANSWERED, _A.CONFIRM, Role.NATIONAL_HEAD, {"is_evidence_read": False}, "evidence_read"),
        (_S.WAIVED, _A.CONFIRM, Role.NATIONAL_HEAD, {"is_evidence_read": False}, "evidence_read"),
        (_S.STATED, _A.REPLACE_FILE, Role.APPLICANT, {"is_own_file": False}, "striking_off_own_file"),
        (_S.PROPOSED, _A.REPLACE_FILE, Role.NATIONAL_HEAD, {"is_own_file": False}, "striking_off_own_file"),
        *(
            (state, _A.REPLACE_FILE, role, {"has_replacements_left": False}, "evidence_replacements_left")
            for state, role in ((_S.STATED, Role.APPLICANT), (_S.PROPOSED, Role.NATIONAL_HEAD))
        ),
    ],
)
def test_each_condition_refuses_by_its_name(
    state: StrikingOffState | None,
    act: StrikingOffAct,
    role: Role,
    missing: dict[str, object],
    code: str,
) -> None:
    facts = replace(EVERYTHING, state=state, role=role, **missing)  # type: ignore[arg-type]
    with pytest.raises(TransitionNotAllowed, match=code):
        decide_on_striking_off(act, facts)


@pytest.mark.parametrize("state", [_S.WAIVED, _S.ANSWERED])
def test_a_head_need_not_wait_for_who_has_answered_or_makes_no_statement(state: StrikingOffState) -> None:
    facts = replace(EVERYTHING, state=state, is_statement_day_over=False)
    assert decide_on_striking_off(_A.CONFIRM, facts).target is _S.CONFIRMED


@pytest.mark.parametrize("state", StrikingOffState)
def test_evidence_is_read_once_more_by_its_side_until_the_decision(state: StrikingOffState) -> None:
    for role in Role:
        facts = replace(EVERYTHING, state=state, role=role)
        if state.value not in ("confirmed", "dropped") and role.value in NATION | APPLICANT:
            decide_on_reading_again(facts)
        else:
            with pytest.raises(TransitionNotAllowed):
                decide_on_reading_again(facts)


@pytest.mark.parametrize(
    ("missing", "code"),
    [("is_own_file", "striking_off_own_file"), ("has_readings_left", "evidence_readings_left")],
)
def test_reading_once_more_is_refused_by_its_name(missing: str, code: str) -> None:
    facts = replace(EVERYTHING, state=_S.ANSWERED, **{missing: False})  # type: ignore[arg-type]
    with pytest.raises(TransitionNotAllowed, match=code):
        decide_on_reading_again(facts)


def test_a_stream_begins_with_a_proposal() -> None:
    sent = StrikingOffEventRecord(1, _A.SEND_NOTICE, datetime(2026, 5, 13, tzinfo=UTC), None, {})
    for events in ([], [sent]):
        with pytest.raises(FilingError, match="stream_without_proposal"):
            fold_striking_off(events)
