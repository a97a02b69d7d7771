"""The table of objections against the workflow, written down a second time: every state × act × role."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from registry.rules.errors import FilingError
from registry.rules.objections.fold import ObjectionEventRecord, fold_objection
from registry.rules.objections.lifecycle import (
    HOLDING_STATES,
    OBJECTION_TRANSITIONS,
    ObjectionAct,
    ObjectionFacts,
    ObjectionState,
    decide_on_objection,
    decide_on_reading_again,
)
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Role

NATION = {"national_reviewer", "national_head"}
HEAD = {"national_head"}
PUBLIC = {"public"}

# (from, act) -> (by, to)
WORKFLOW: dict[tuple[str | None, str], tuple[set[str], str]] = {
    (None, "objection_received"): (NATION | PUBLIC, "received"),
    ("received", "objection_admitted"): (NATION, "admitted"),
    ("received", "objection_not_admitted"): (NATION, "not_admitted"),
    ("admitted", "objection_sent"): (NATION, "with_applicant"),
    ("with_applicant", "objection_answered"): ({"applicant"}, "with_applicant"),
    ("with_applicant", "objection_to_uphold"): (NATION, "upholding_proposed"),
    ("with_applicant", "objection_to_dismiss"): (NATION, "dismissal_proposed"),
    ("upholding_proposed", "objection_sent_back"): (HEAD, "with_applicant"),
    ("dismissal_proposed", "objection_sent_back"): (HEAD, "with_applicant"),
    ("admitted", "objection_extended"): (HEAD, "admitted"),
    ("with_applicant", "objection_extended"): (HEAD, "with_applicant"),
    ("upholding_proposed", "objection_extended"): (HEAD, "upholding_proposed"),
    ("dismissal_proposed", "objection_extended"): (HEAD, "dismissal_proposed"),
    ("upholding_proposed", "objection_upheld"): (HEAD, "upheld"),
    ("dismissal_proposed", "objection_dismissed"): (HEAD, "dismissed"),
    ("received", "objection_withdrawn"): (PUBLIC, "withdrawn"),
    ("admitted", "objection_withdrawn"): (PUBLIC, "withdrawn"),
    ("with_applicant", "objection_withdrawn"): (PUBLIC, "withdrawn"),
    ("upholding_proposed", "objection_withdrawn"): (PUBLIC, "withdrawn"),
    ("dismissal_proposed", "objection_withdrawn"): (PUBLIC, "withdrawn"),
    ("received", "objection_file_replaced"): (NATION | PUBLIC, "received"),
}

EVERYTHING = ObjectionFacts(
    state=None,
    role=Role.PUBLIC,
    actor_id="second",
    proposer_id="first",
    is_list_public=True,
    has_facts=True,
    is_in_time=True,
    has_explanation=True,
    has_text=True,
    is_answer_day_over=True,
    is_own_file=True,
)


def test_the_table_is_the_workflow() -> None:
    written = {(row.source, row.act): (set(row.roles), row.target.value) for row in OBJECTION_TRANSITIONS}
    assert written == WORKFLOW


@pytest.mark.parametrize("state", [None, *ObjectionState])
def test_every_state_act_and_role(state: ObjectionState | None) -> None:
    for act, role in product(ObjectionAct, Role):
        roles, target = WORKFLOW.get((state, act), (set(), ""))
        facts = replace(EVERYTHING, state=state, role=role)
        if role in roles:
            assert decide_on_objection(act, facts).target == target
        else:
            with pytest.raises(TransitionNotAllowed):
                decide_on_objection(act, facts)


@pytest.mark.parametrize(
    ("state", "act", "role", "missing", "code"),
    [
        (None, ObjectionAct.RECEIVE, Role.PUBLIC, {"is_list_public": False}, "objection_list_public"),
        (None, ObjectionAct.RECEIVE, Role.PUBLIC, {"has_facts": False}, "objection_facts_given"),
        (
            None,
            ObjectionAct.RECEIVE,
            Role.NATIONAL_REVIEWER,
            {"are_days_possible": False},
            "objection_days_possible",
        ),
        (
            ObjectionState.RECEIVED,
            ObjectionAct.ADMIT,
            Role.NATIONAL_REVIEWER,
            {"is_in_time": False},
            "objection_in_time",
        ),
        (
            ObjectionState.RECEIVED,
            ObjectionAct.REFUSE,
            Role.NATIONAL_REVIEWER,
            {"has_explanation": False},
            "explanation_given",
        ),
        (
            ObjectionState.WITH_APPLICANT,
            ObjectionAct.ANSWER,
            Role.APPLICANT,
            {"is_answered": True},
            "objection_not_answered",
        ),
        (
            ObjectionState.WITH_APPLICANT,
            ObjectionAct.PROPOSE_UPHOLDING,
            Role.NATIONAL_HEAD,
            {"is_answer_day_over": False},
            "applicant_heard",
        ),
        (
            ObjectionState.ADMITTED,
            ObjectionAct.EXTEND,
            Role.NATIONAL_HEAD,
            {"is_extended": True},
            "objection_not_extended",
        ),
        (
            ObjectionState.UPHOLDING_PROPOSED,
            ObjectionAct.UPHOLD,
            Role.NATIONAL_HEAD,
            {"actor_id": "first"},
            "second_officer",
        ),
        *(
            (state, act, Role.NATIONAL_HEAD, {"is_evidence_read": False}, "evidence_read")
            for state, act in (
                (ObjectionState.RECEIVED, ObjectionAct.ADMIT),
                (ObjectionState.RECEIVED, ObjectionAct.REFUSE),
                (ObjectionState.WITH_APPLICANT, ObjectionAct.PROPOSE_UPHOLDING),
                (ObjectionState.WITH_APPLICANT, ObjectionAct.PROPOSE_DISMISSAL),
                (ObjectionState.UPHOLDING_PROPOSED, ObjectionAct.UPHOLD),
                (ObjectionState.DISMISSAL_PROPOSED, ObjectionAct.DISMISS),
            )
        ),
        (
            ObjectionState.RECEIVED,
            ObjectionAct.REPLACE_FILE,
            Role.PUBLIC,
            {"is_own_file": False},
            "objection_own_file",
        ),
        (
            ObjectionState.RECEIVED,
            ObjectionAct.REPLACE_FILE,
            Role.PUBLIC,
            {"has_replacements_left": False},
            "evidence_replacements_left",
        ),
    ],
)
def test_each_condition_refuses_by_its_name(
    state: ObjectionState | None, act: ObjectionAct, role: Role, missing: dict[str, object], code: str
) -> None:
    facts = replace(EVERYTHING, state=state, role=role, **missing)  # type: ignore[arg-type]
    with pytest.raises(TransitionNotAllowed, match=code):
        decide_on_objection(act, facts)


@pytest.mark.parametrize("state", ObjectionState)
def test_evidence_is_read_once_more_by_whose_it_is_until_the_decision(state: ObjectionState) -> None:
    open_states = {"received", "admitted", "with_applicant", "upholding_proposed", "dismissal_proposed"}
    for role in Role:
        facts = replace(EVERYTHING, state=state, role=role)
        if state.value in open_states and role.value in NATION | PUBLIC:
            decide_on_reading_again(facts)
        else:
            with pytest.raises(TransitionNotAllowed):
                decide_on_reading_again(facts)


@pytest.mark.parametrize(
    ("missing", "code"),
    [("is_own_file", "objection_own_file"), ("has_readings_left", "evidence_readings_left")],
)
def test_reading_once_more_is_refused_by_its_name(missing: str, code: str) -> None:
    facts = replace(EVERYTHING, state=ObjectionState.ADMITTED, **{missing: False})  # type: ignore[arg-type]
    with pytest.raises(TransitionNotAllowed, match=code):
        decide_on_reading_again(facts)


def test_only_what_is_admitted_and_undecided_holds_its_entry() -> None:
    assert {state.value for state in HOLDING_STATES} == {
        "admitted",
        "with_applicant",
        "upholding_proposed",
        "dismissal_proposed",
    }


def test_a_stream_begins_with_a_receipt() -> None:
    admitted = ObjectionEventRecord(1, ObjectionAct.ADMIT, datetime(2026, 3, 11, tzinfo=UTC), None, {})
    for events in ([], [admitted]):
        with pytest.raises(FilingError, match="stream_without_receipt"):
            fold_objection(events)
