"""The lifecycle table against the workflow, written down a second time: every state × act × role × kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from registry.rules.workflow.lifecycle import (
    TRANSITIONS,
    Facts,
    TransitionNotAllowed,
    allowed_acts,
    decide,
)
from registry.rules.workflow.states import Act, Kind, Outcome, Role, State

APPLICANT = {"applicant"}
PROVINCE = {"provincial_reviewer", "provincial_head"}
NATION = {"national_reviewer", "national_head"}
SYSTEM = {"system"}
EVERY_KIND = {"initial", "change", "applicant_change", "cancellation"}
OPEN = ("provincial_review", "provincial_confirmation", "national_review", "national_confirmation")

# (from, act, what is proposed) -> (by, to, kinds)
WORKFLOW: dict[tuple[str | None, str, str | None], tuple[set[str], str, set[str]]] = {
    (None, "submit", None): (APPLICANT, "provincial_review", EVERY_KIND),
    ("provincial_review", "supplement", None): (APPLICANT, "provincial_review", EVERY_KIND),
    ("national_review", "supplement", None): (APPLICANT, "national_review", EVERY_KIND),
    ("provincial_review", "ask", None): (PROVINCE, "provincial_review", EVERY_KIND),
    ("national_review", "ask", None): (NATION, "national_review", EVERY_KIND),
    ("provincial_review", "forward", None): (PROVINCE, "national_review", EVERY_KIND),
    ("provincial_review", "escalate", None): (SYSTEM, "national_review", EVERY_KIND),
    ("provincial_confirmation", "escalate", None): (SYSTEM, "national_review", EVERY_KIND),
    ("national_review", "return_to_province", None): (NATION, "provincial_review", EVERY_KIND),
    ("provincial_review", "propose_rejection", None): (PROVINCE, "provincial_confirmation", EVERY_KIND),
    ("national_review", "approve", None): (NATION, "approved", EVERY_KIND),
    ("national_review", "reject", None): (NATION, "rejected", EVERY_KIND),
    ("national_review", "propose_approval", None): (NATION, "national_confirmation", EVERY_KIND),
    ("national_review", "propose_rejection", None): (NATION, "national_confirmation", EVERY_KIND),
    ("provincial_confirmation", "confirm", "rejection"): (PROVINCE, "rejected", EVERY_KIND),
    ("national_confirmation", "confirm", "approval"): (NATION, "approved", EVERY_KIND),
    ("national_confirmation", "confirm", "rejection"): (NATION, "rejected", EVERY_KIND),
    ("provincial_confirmation", "send_back", None): (PROVINCE, "provincial_review", EVERY_KIND),
    ("national_confirmation", "send_back", None): (NATION, "national_review", EVERY_KIND),
    **{(state, "withdraw", None): (APPLICANT, "withdrawn", EVERY_KIND) for state in (*OPEN, "rejected")},
    ("rejected", "resubmit", None): (APPLICANT, "provincial_review", EVERY_KIND),
    ("rejected", "lapse", None): (SYSTEM, "lapsed", EVERY_KIND),
    ("approved", "withdraw_cancellation", None): (APPLICANT, "withdrawn", {"cancellation"}),
    **{
        (state, "close_by_cancellation", None): (SYSTEM, "withdrawn", {"change"})
        for state in (*OPEN, "rejected")
    },
    **{
        (state, "close_by_striking_off", None): (SYSTEM, "withdrawn", {"change", "cancellation"})
        for state in (*OPEN, "rejected")
    },
    ("rejected", "notice_delivered", None): (SYSTEM, "rejected", EVERY_KIND),
    **{
        (state, "record_lateness", None): (SYSTEM, state, EVERY_KIND)
        for state in (*OPEN, "approved", "rejected")
    },
}

# What each act must carry or find, by (from, act).
HANDED_IN = {
    "same_applicant",
    "materials_complete",
    "files_checked",
    "arrangement_given",
    "date_rule_met",
}
# What every way to an outcome rests on.
GROUNDS = {"checklist_answered", "deficiencies_passed_over", "fault_marked", "sentence_given"}
CONDITIONS: dict[tuple[str | None, str], set[str]] = {
    (None, "submit"): {
        *HANDED_IN,
        "materials_changed",
        "declaration_accepted",
        "no_other_open_application",
        "particulars_held",
        "filing_open_to_applications",
    },
    ("rejected", "resubmit"): {
        *HANDED_IN,
        "resubmission_not_ended",
        "declaration_accepted",
        "every_reason_answered",
        "no_other_open_application",
        "base_revision_in_force",
        "filing_open_to_applications",
    },
    ("provincial_review", "forward"): {"opinion_given", *GROUNDS},
    ("provincial_review", "propose_rejection"): {"no_answer_awaited", "reasons_given", *GROUNDS},
    ("national_review", "return_to_province"): {"question_given", "day_15_not_ended", "sentence_given"},
    ("national_review", "approve"): {
        "province_recommends_approval",
        *GROUNDS,
        "second_officer_after_opinion",
    },
    ("national_review", "reject"): {
        "province_recommends_rejection",
        *GROUNDS,
        "no_answer_awaited",
        "reasons_given",
        "second_officer_after_opinion",
    },
    ("national_review", "propose_approval"): {
        "province_does_not_recommend_approval",
        *GROUNDS,
    },
    ("national_review", "propose_rejection"): {
        "province_does_not_recommend_rejection",
        "no_answer_awaited",
        *GROUNDS,
        "reasons_given",
    },
    **{
        (f"{office}_confirmation", "confirm"): {"second_officer", "same_revision_as_proposed", *GROUNDS}
        for office in ("provincial", "national")
    },
    **{
        (f"{office}_confirmation", "send_back"): {"second_officer", "explanation_given", "sentence_given"}
        for office in ("provincial", "national")
    },
    **{
        (f"{office}_review", "supplement"): {
            *HANDED_IN,
            "every_point_answered",
            "materials_changed",
            "explanation_given",
        }
        for office in ("provincial", "national")
    },
    **{
        (f"{office}_review", "ask"): {
            "points_given",
            "answer_day_fits",
            "time_to_answer_left",
            "no_answer_awaited",
        }
        for office in ("provincial", "national")
    },
    ("provincial_review", "escalate"): {"day_15_ended", "not_yet_escalated"},
    ("provincial_confirmation", "escalate"): {"day_15_ended", "not_yet_escalated"},
    ("rejected", "lapse"): {"resubmission_ended"},
    ("approved", "withdraw_cancellation"): {"before_service_end"},
    ("rejected", "notice_delivered"): {"clock_running", "delivery_known"},
    **{
        (state, "record_lateness"): {"clock_running", "day_20_ended", "lateness_not_recorded"}
        for state in (*OPEN, "approved", "rejected")
    },
}

APPLICATION_ACTS = [
    act for act in Act if act not in (Act.ISSUE_NUMBER, Act.TAKE_EFFECT, Act.APPLICANT_CHANGED)
]

# How to make each condition true or false.
CONDITION: dict[str, Callable[[Facts, bool], Facts]] = {
    "answer_day_fits": lambda facts, holds: replace(facts, answer_day_fits=holds),
    "every_point_answered": lambda facts, holds: replace(facts, every_point_answered=holds),
    "no_answer_awaited": lambda facts, holds: replace(facts, answer_awaited=not holds),
    "points_given": lambda facts, holds: replace(facts, points_given=holds),
    "time_to_answer_left": lambda facts, holds: replace(facts, time_to_answer_left=holds),
    "arrangement_given": lambda facts, holds: replace(facts, arrangement_given=holds),
    "base_revision_in_force": lambda facts, holds: replace(facts, base_revision_in_force=holds),
    "before_service_end": lambda facts, holds: replace(facts, before_service_end=holds),
    "checklist_answered": lambda facts, holds: replace(facts, checklist_answered=holds),
    "clock_running": lambda facts, holds: replace(facts, clock_running=holds),
    "date_rule_met": lambda facts, holds: replace(facts, date_rule_met=holds),
    "declaration_accepted": lambda facts, holds: replace(facts, declaration_accepted=holds),
    "deficiencies_passed_over": lambda facts, holds: replace(facts, deficiencies_passed_over=holds),
    "delivery_known": lambda facts, holds: replace(facts, delivery_known=holds),
    "every_reason_answered": lambda facts, holds: replace(facts, every_reason_answered=holds),
    "explanation_given": lambda facts, holds: replace(facts, explanation_given=holds),
    "fault_marked": lambda facts, holds: replace(facts, fault_marked=holds),
    "files_checked": lambda facts, holds: replace(facts, files_checked=holds),
    "particulars_held": lambda facts, holds: replace(facts, particulars_held=holds),
    "filing_open_to_applications": lambda facts, holds: replace(facts, filing_open_to_applications=holds),
    "materials_changed": lambda facts, holds: replace(facts, materials_changed=holds),
    "materials_complete": lambda facts, holds: replace(facts, materials_complete=holds),
    "no_other_open_application": lambda facts, holds: replace(facts, no_other_open_application=holds),
    "opinion_given": lambda facts, holds: replace(facts, opinion_given=holds),
    "question_given": lambda facts, holds: replace(facts, question_given=holds),
    "reasons_given": lambda facts, holds: replace(facts, reasons_given=holds),
    "resubmission_ended": lambda facts, holds: replace(facts, resubmission_ended=holds),
    "sentence_given": lambda facts, holds: replace(facts, sentence_given=holds),
    "same_applicant": lambda facts, holds: replace(facts, same_applicant=holds),
    "day_15_ended": lambda facts, holds: replace(facts, escalation_due=holds),
    "day_20_ended": lambda facts, holds: replace(facts, decision_overdue=holds),
    "lateness_not_recorded": lambda facts, holds: replace(facts, lateness_recorded=not holds),
    "day_15_not_ended": lambda facts, holds: replace(facts, escalation_due=not holds),
    "resubmission_not_ended": lambda facts, holds: replace(facts, resubmission_ended=not holds),
    "not_yet_escalated": lambda facts, holds: replace(facts, escalated=not holds),
    "province_recommends_approval": lambda facts, holds: replace(
        facts, opinion=Outcome.APPROVAL if holds else None
    ),
    "province_recommends_rejection": lambda facts, holds: replace(
        facts, opinion=Outcome.REJECTION if holds else None
    ),
    "province_does_not_recommend_approval": lambda facts, holds: replace(
        facts, opinion=None if holds else Outcome.APPROVAL
    ),
    "province_does_not_recommend_rejection": lambda facts, holds: replace(
        facts, opinion=None if holds else Outcome.REJECTION
    ),
    "second_officer": lambda facts, holds: replace(facts, proposer_id="another" if holds else "actor"),
    "second_officer_after_opinion": lambda facts, holds: replace(
        facts, opinion_officer_id="another" if holds else "actor"
    ),
    "same_revision_as_proposed": lambda facts, holds: replace(facts, proposal_on_current_revision=holds),
}


def favourable_facts(state: State | None, act: Act, *, role: Role, kind: Kind, proposal: str | None) -> Facts:
    facts = Facts(role=role, in_jurisdiction=True, kind=kind, state=state, actor_id="actor")
    facts = replace(facts, proposal=Outcome(proposal) if proposal else None)
    for name in CONDITIONS.get((state.value if state else None, act.value), ()):
        facts = CONDITION[name](facts, True)
    return facts


def test_every_state_act_role_and_kind_is_permitted_exactly_as_the_workflow_says() -> None:
    tried = 0
    for state, act, role, kind, proposal in product(
        [None, *State], APPLICATION_ACTS, Role, Kind, [None, "approval", "rejection"]
    ):
        key = state.value if state else None
        expected = WORKFLOW.get((key, act.value, proposal)) or WORKFLOW.get((key, act.value, None))
        if act is Act.CONFIRM:
            expected = WORKFLOW.get((key, act.value, proposal))
        facts = favourable_facts(state, act, role=role, kind=kind, proposal=proposal)
        allowed = expected is not None and role.value in expected[0] and kind.value in expected[2]
        tried += 1
        if allowed and expected is not None:
            assert decide(act, facts).target.value == expected[1]
            assert act in allowed_acts(facts)
        else:
            with pytest.raises(TransitionNotAllowed):
                decide(act, facts)
            assert act not in allowed_acts(facts)
    assert tried == 9 * len(APPLICATION_ACTS) * len(Role) * len(Kind) * 3


def test_every_condition_of_the_workflow_refuses_by_its_own_name() -> None:
    for (state, act, proposal), (roles, _target, kinds) in WORKFLOW.items():
        for name in CONDITIONS.get((state, act), set()):
            facts = favourable_facts(
                State(state) if state else None,
                Act(act),
                role=Role(sorted(roles)[0]),
                kind=Kind(sorted(kinds)[0]),
                proposal=proposal,
            )
            with pytest.raises(TransitionNotAllowed) as refusal:
                decide(Act(act), CONDITION[name](facts, False))
            assert refusal.value.code == name


def test_the_table_holds_the_workflow_and_nothing_else() -> None:
    rows = {(row.source, row.act, row.proposal): row for row in TRANSITIONS}
    assert {
        (
            source.value if source else None,
            act.value,
            proposal.value if proposal else None,
        )
        for source, act, proposal in rows
    } == set(WORKFLOW)
    assert len(rows) == len(TRANSITIONS)
    for (source, act, _proposal), row in rows.items():
        names = {guard.name for guard in row.guards}
        assert names == CONDITIONS.get((source.value if source else None, act.value), set())


def test_a_foreign_case_is_refused_whatever_the_role() -> None:
    for (state, act, proposal), (roles, _target, kinds) in WORKFLOW.items():
        for role, kind in product(roles, kinds):
            facts = favourable_facts(
                State(state) if state else None,
                Act(act),
                role=Role(role),
                kind=Kind(kind),
                proposal=proposal,
            )
            foreign = replace(facts, in_jurisdiction=False)
            assert allowed_acts(foreign) == frozenset()
            with pytest.raises(TransitionNotAllowed) as refusal:
                decide(Act(act), foreign)
            assert refusal.value.code == "not_your_case"


def test_a_late_filing_is_refused_with_the_reason_of_the_date_rule() -> None:
    facts = favourable_facts(None, Act.SUBMIT, role=Role.APPLICANT, kind=Kind.INITIAL, proposal=None)
    late = replace(facts, date_rule_met=False, date_refusal="late_reason_required")
    with pytest.raises(TransitionNotAllowed) as refusal:
        decide(Act.SUBMIT, late)
    assert refusal.value.code == "late_reason_required"
