"""What each act calls for, over every act, kind and outcome."""

from __future__ import annotations

from itertools import product

from registry.rules.workflow.effects import EFFECTS, EffectKind, acts_calling_for, effects_of
from registry.rules.workflow.states import Act, Kind, Outcome

PAPER, TRAITS = EffectKind.PAPER, EffectKind.TRAITS
KINDS = (*Kind, None)
OUTCOMES = (*Outcome, None)


def having(effect: EffectKind, *, is_first: bool = True) -> set[tuple[Act, Kind | None, Outcome | None]]:
    return {
        (act, kind, outcome)
        for act, kind, outcome in product(Act, KINDS, OUTCOMES)
        if effect in effects_of(act, kind=kind, outcome=outcome, is_first_of_joint=is_first)
    }


def test_every_act_says_what_it_calls_for() -> None:
    assert set(EFFECTS) == set(Act)


def test_receipts_requests_and_decisions_have_a_paper_and_an_approved_first_filing_has_it_with_its_number() -> (
    None
):
    always = {Act.SUBMIT, Act.RESUBMIT, Act.ASK, Act.REJECT, Act.ISSUE_NUMBER, Act.STRIKE_OFF}
    later = set(KINDS) - {Kind.INITIAL}
    assert having(PAPER) == {
        *product(always, KINDS, OUTCOMES),
        *product({Act.APPROVE}, later, OUTCOMES),
        *product({Act.CONFIRM}, later, {Outcome.APPROVAL}),
        *product({Act.CONFIRM}, KINDS, {Outcome.REJECTION, None}),
    }


def test_a_joint_submission_has_one_receipt_and_each_resubmission_its_own() -> None:
    lost = having(PAPER) - having(PAPER, is_first=False)
    assert lost == {*product({Act.SUBMIT}, KINDS, OUTCOMES)}


def test_materials_about_a_service_have_traits() -> None:
    handing_in = {Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT}
    assert having(TRAITS) == {*product(handing_in, set(KINDS) - {Kind.APPLICANT_CHANGE}, OUTCOMES)}


def test_a_record_is_written_after_every_event_of_a_filing_that_may_be_public() -> None:
    alone = {None, Kind.CHANGE, Kind.CANCELLATION}
    assert having(EffectKind.RECORD) == {
        *product(Act, alone, OUTCOMES),
        *product({Act.ISSUE_NUMBER, Act.RECORD_LATENESS}, {Kind.INITIAL}, OUTCOMES),
    }


def test_who_is_told_depends_on_the_act_alone() -> None:
    for effect in (EffectKind.TELL_APPLICANT, EffectKind.TELL_OFFICE):
        assert having(effect) == {*product(acts_calling_for(effect), KINDS, OUTCOMES)}
