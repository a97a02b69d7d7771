"""The buttons are the lifecycle table's: every state, every role, nothing else."""

from __future__ import annotations

from itertools import product

import pytest
from django.utils import translation

from registry.rules.workflow.lifecycle import TRANSITIONS, Facts, TransitionNotAllowed, allowed_acts, decide
from registry.rules.workflow.states import OFFICERS, Outcome, Role, State
from review.desk.actions import OFFICER_ACTS, actions_from

OPINIONS = (None, *Outcome)


@pytest.mark.parametrize(("state", "role"), list(product(State, Role)))
def test_the_buttons_are_the_acts_that_the_table_permits(state: State, role: Role) -> None:
    for opinion, proposal, is_due, same in product(OPINIONS, OPINIONS, (True, False), (True, False)):
        facts = Facts(
            role=role,
            in_jurisdiction=True,
            state=state,
            actor_id="a",
            opinion=opinion,
            opinion_officer_id="a" if same else "b",
            proposal=proposal,
            proposer_id="a" if same else "b",
            proposal_on_current_revision=True,
            escalation_due=is_due,
            explanation_given=True,
            opinion_given=True,
            checklist_answered=True,
            deficiencies_passed_over=True,
            fault_marked=True,
            sentence_given=True,
            reasons_given=True,
            question_given=True,
            points_given=True,
            answer_day_fits=True,
        )
        offered = {action.act for action in actions_from(facts).offered}
        permitted = set()
        for act in OFFICER_ACTS:
            try:
                decide(act, facts)
            except TransitionNotAllowed:
                continue
            permitted.add(act)
        assert offered == permitted == allowed_acts(facts) & OFFICER_ACTS


def test_every_act_of_an_officer_has_a_button() -> None:
    assert {row.act for row in TRANSITIONS if row.roles & OFFICERS} == OFFICER_ACTS


@pytest.mark.parametrize("state", list(State))
def test_a_case_of_another_office_offers_nothing(state: State) -> None:
    for role in OFFICERS:
        facts = Facts(role=role, in_jurisdiction=False, state=state, actor_id="a")
        assert actions_from(facts).offered == ()


def test_the_proposer_sees_why_the_button_is_missing() -> None:
    facts = Facts(
        role=Role.PROVINCIAL_REVIEWER,
        in_jurisdiction=True,
        state=State.PROVINCIAL_CONFIRMATION,
        actor_id="a",
        proposer_id="a",
        proposal=Outcome.REJECTION,
        proposal_on_current_revision=True,
    )
    found = actions_from(facts)
    assert found.offered == ()
    with translation.override("en"):
        assert ["You made the proposal" in str(line) for line in found.withheld] == [True]
