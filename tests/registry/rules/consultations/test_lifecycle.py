"""The table of consultations, written down a second time: every state × act × role, and each condition."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from registry.rules.consultations.fold import fold_consultation
from registry.rules.consultations.lifecycle import (
    CONSULTATION_EFFECTS,
    ConsultationAct,
    ConsultationFacts,
    ConsultationState,
    decide_on_consultation,
)
from registry.rules.errors import FilingError
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Role

OFFICERS = {"provincial_reviewer", "provincial_head", "national_reviewer", "national_head"}

# (from, act) -> (by, to)
WORKFLOW: dict[tuple[str | None, str], tuple[set[str], str]] = {
    (None, "consultation_sent"): (OFFICERS, "awaited"),
    ("awaited", "consultation_answered"): (OFFICERS, "answered"),
    ("answered", "consultation_answered"): (OFFICERS, "answered"),
    ("awaited", "consultation_withdrawn"): (OFFICERS, "withdrawn"),
    ("awaited", "consultation_overdue"): ({"system"}, "awaited"),
}
EVERYTHING = ConsultationFacts(
    state=None,
    role=Role.PROVINCIAL_REVIEWER,
    is_at_desk=True,
    is_asking=True,
    is_asked=True,
    has_text=True,
    is_due_day_possible=True,
    is_answer_day_possible=True,
    has_reason=True,
    is_day_over=True,
    is_case_undecided=True,
)


@pytest.mark.parametrize(
    ("state", "act", "role"), list(product([None, *ConsultationState], ConsultationAct, Role))
)
def test_an_act_is_possible_where_the_workflow_says_so(
    state: ConsultationState | None, act: ConsultationAct, role: Role
) -> None:
    by, to = WORKFLOW.get((state.value if state else None, act.value), (set(), ""))
    facts = replace(EVERYTHING, state=state, role=role)
    if role.value in by:
        assert decide_on_consultation(act, facts).target == to
        return
    with pytest.raises(TransitionNotAllowed) as refused:
        decide_on_consultation(act, facts)
    assert refused.value.code == ("not_this_role" if by else "not_in_this_state")


@pytest.mark.parametrize(
    ("state", "act", "lacking", "code"),
    [
        (None, "consultation_sent", {"is_at_desk": False}, "consultation_at_desk"),
        (None, "consultation_sent", {"is_body_possible": False}, "consultation_body_given"),
        (None, "consultation_sent", {"has_text": False}, "consultation_question_given"),
        (None, "consultation_sent", {"are_particulars_possible": False}, "consultation_particulars"),
        (None, "consultation_sent", {"is_due_day_possible": False}, "consultation_due_day"),
        (
            "awaited",
            "consultation_answered",
            {"is_asking": False, "is_asked": False},
            "consultation_of_office",
        ),
        ("awaited", "consultation_answered", {"has_text": False}, "consultation_answer_given"),
        ("answered", "consultation_answered", {"is_answer_day_possible": False}, "consultation_answer_day"),
        ("awaited", "consultation_withdrawn", {"is_asking": False}, "consultation_of_office"),
        ("awaited", "consultation_withdrawn", {"has_reason": False}, "consultation_reason_given"),
    ],
)
def test_each_condition_refuses_by_its_name(
    state: str | None, act: str, lacking: dict[str, Any], code: str
) -> None:
    facts = replace(EVERYTHING, state=ConsultationState(state) if state else None, **lacking)
    with pytest.raises(TransitionNotAllowed) as refused:
        decide_on_consultation(ConsultationAct(act), facts)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "lacking", [{"is_day_over": False}, {"is_case_undecided": False}, {"is_overdue_noted": True}]
)
def test_an_answer_is_overdue_once_and_only_while_the_case_is_undecided(lacking: dict[str, bool]) -> None:
    facts = replace(EVERYTHING, state=ConsultationState.AWAITED, role=Role.SYSTEM, **lacking)
    with pytest.raises(TransitionNotAllowed) as refused:
        decide_on_consultation(ConsultationAct.NOTE_OVERDUE, facts)
    assert refused.value.code == "consultation_overdue_once"


def test_an_office_that_was_asked_may_answer_and_not_withdraw() -> None:
    asked = replace(EVERYTHING, state=ConsultationState.AWAITED, is_asking=False)
    assert decide_on_consultation(ConsultationAct.ANSWER, asked).target == "answered"
    with pytest.raises(TransitionNotAllowed):
        decide_on_consultation(ConsultationAct.WITHDRAW, asked)


def test_a_stream_begins_with_its_question() -> None:
    with pytest.raises(FilingError) as missing:
        fold_consultation([])
    assert missing.value.code == "stream_without_question"


def test_every_act_tells_an_office_and_nobody_else() -> None:
    assert {act: {kind.value for kind in kinds} for act, kinds in CONSULTATION_EFFECTS.items()} == {
        act: {"tell_office"} for act in ConsultationAct
    }
