"""The lifecycle of an application and the standing of a filing, as two tables.

Each row is one lawful step. The permission check, the buttons, the diagram in the documentation and the
exhaustive test are all made from these rows; a step without a row is refused. Sources: Art. 3, 11, 12.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from registry.rules.errors import FilingError
from registry.rules.workflow.guards import GUARDS as GUARDS
from registry.rules.workflow.guards import Facts as Facts
from registry.rules.workflow.states import (
    ALL_KINDS,
    APPLICANT,
    NATION,
    OPEN_STATES,
    PROVINCE,
    REVIEWS,
    SYSTEM,
    Act,
    Kind,
    Outcome,
    Role,
    Standing,
    State,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: who may take an application from where to where, and on what conditions.

    `proposal` narrows a row to applications whose standing proposal is that outcome. `basis` holds
    article numbers of CAC Order No. 3.
    """

    act: Act
    roles: frozenset[Role]
    source: State | None
    target: State
    guards: tuple[str, ...] = ()
    kinds: frozenset[Kind] = ALL_KINDS
    proposal: Outcome | None = None
    basis: tuple[str, ...] = ("12",)


class TransitionNotAllowed(FilingError):
    """The act is refused; `code` names the reason and `facts` the act and the state."""


_S = State
_A = Act

# The guards of every act that hands in materials.
_HANDED_IN = (
    "same_applicant",
    "materials_changed",
    "materials_complete",
    "files_checked",
    "arrangement_given",
    "date_rule_met",
)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        _A.SUBMIT,
        APPLICANT,
        None,
        _S.PROVINCIAL_REVIEW,
        (
            "filing_open_to_applications",
            "no_other_open_application",
            *_HANDED_IN,
            "declaration_accepted",
        ),
        basis=("11", "12"),
    ),
    *(
        Transition(_A.SUPPLEMENT, APPLICANT, state, state, ("explanation_given", *_HANDED_IN))
        for state in REVIEWS
    ),
    Transition(
        _A.FORWARD,
        PROVINCE,
        _S.PROVINCIAL_REVIEW,
        _S.NATIONAL_REVIEW,
        ("opinion_given", "checklist_answered"),
        basis=("3", "12"),
    ),
    *(
        Transition(_A.ESCALATE, SYSTEM, state, _S.NATIONAL_REVIEW, ("day_15_ended", "not_yet_escalated"))
        for state in (_S.PROVINCIAL_REVIEW, _S.PROVINCIAL_CONFIRMATION)
    ),
    Transition(
        _A.RETURN_TO_PROVINCE,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.PROVINCIAL_REVIEW,
        ("question_given", "day_15_not_ended"),
    ),
    Transition(
        _A.PROPOSE_REJECTION,
        PROVINCE,
        _S.PROVINCIAL_REVIEW,
        _S.PROVINCIAL_CONFIRMATION,
        ("reasons_given",),
    ),
    Transition(
        _A.APPROVE,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.APPROVED,
        ("province_recommends_approval", "second_officer_after_opinion", "checklist_answered"),
    ),
    Transition(
        _A.REJECT,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.REJECTED,
        (
            "province_recommends_rejection",
            "second_officer_after_opinion",
            "checklist_answered",
            "reasons_given",
        ),
    ),
    Transition(
        _A.PROPOSE_APPROVAL,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.NATIONAL_CONFIRMATION,
        ("province_does_not_recommend_approval", "checklist_answered"),
    ),
    Transition(
        _A.PROPOSE_REJECTION,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.NATIONAL_CONFIRMATION,
        ("province_does_not_recommend_rejection", "checklist_answered", "reasons_given"),
    ),
    Transition(
        _A.CONFIRM,
        PROVINCE,
        _S.PROVINCIAL_CONFIRMATION,
        _S.REJECTED,
        ("same_revision_as_proposed", "second_officer"),
        proposal=Outcome.REJECTION,
    ),
    Transition(
        _A.CONFIRM,
        NATION,
        _S.NATIONAL_CONFIRMATION,
        _S.APPROVED,
        ("same_revision_as_proposed", "second_officer"),
        proposal=Outcome.APPROVAL,
    ),
    Transition(
        _A.CONFIRM,
        NATION,
        _S.NATIONAL_CONFIRMATION,
        _S.REJECTED,
        ("same_revision_as_proposed", "second_officer"),
        proposal=Outcome.REJECTION,
    ),
    Transition(
        _A.SEND_BACK,
        PROVINCE,
        _S.PROVINCIAL_CONFIRMATION,
        _S.PROVINCIAL_REVIEW,
        ("second_officer", "explanation_given"),
    ),
    Transition(
        _A.SEND_BACK,
        NATION,
        _S.NATIONAL_CONFIRMATION,
        _S.NATIONAL_REVIEW,
        ("second_officer", "explanation_given"),
    ),
    *(
        Transition(_A.WITHDRAW, APPLICANT, state, _S.WITHDRAWN, basis=())
        for state in (*OPEN_STATES, _S.REJECTED)
    ),
    Transition(
        _A.RESUBMIT,
        APPLICANT,
        _S.REJECTED,
        _S.PROVINCIAL_REVIEW,
        (
            "resubmission_not_ended",
            "filing_open_to_applications",
            "no_other_open_application",
            "base_revision_in_force",
            "every_reason_answered",
            *_HANDED_IN,
            "declaration_accepted",
        ),
    ),
    Transition(_A.LAPSE, SYSTEM, _S.REJECTED, _S.LAPSED, ("resubmission_ended",), basis=()),
    Transition(
        _A.WITHDRAW_CANCELLATION,
        APPLICANT,
        _S.APPROVED,
        _S.WITHDRAWN,
        ("before_service_end",),
        kinds=frozenset({Kind.CANCELLATION}),
        basis=(),
    ),
    *(
        Transition(
            _A.CLOSE_BY_CANCELLATION,
            SYSTEM,
            state,
            _S.WITHDRAWN,
            kinds=frozenset({Kind.CHANGE}),
            basis=("11",),
        )
        for state in (*OPEN_STATES, _S.REJECTED)
    ),
    Transition(_A.NOTICE_DELIVERED, SYSTEM, _S.REJECTED, _S.REJECTED, ("clock_running", "delivery_known")),
    *(
        Transition(
            _A.RECORD_LATENESS,
            SYSTEM,
            state,
            state,
            ("clock_running", "day_20_ended", "lateness_not_recorded"),
        )
        for state in (*OPEN_STATES, _S.APPROVED, _S.REJECTED)
    ),
)


@dataclass(frozen=True, slots=True)
class StandingTransition:
    """One row of the table of standings: the act that moves a filing, and the kind of application."""

    act: Act
    source: Standing | None
    target: Standing
    kind: Kind | None = None


STANDING_TRANSITIONS: tuple[StandingTransition, ...] = (
    StandingTransition(Act.SUBMIT, None, Standing.PENDING, Kind.INITIAL),
    StandingTransition(Act.APPROVE, Standing.PENDING, Standing.AWAITING_NUMBER, Kind.INITIAL),
    StandingTransition(Act.CONFIRM, Standing.PENDING, Standing.AWAITING_NUMBER, Kind.INITIAL),
    StandingTransition(Act.ISSUE_NUMBER, Standing.AWAITING_NUMBER, Standing.IN_FORCE),
    StandingTransition(Act.TAKE_EFFECT, Standing.IN_FORCE, Standing.CANCELLED),
)


def transitions_from(state: State | None, *, act: Act | None = None) -> tuple[Transition, ...]:
    """The rows that leave a state (None before the first submission), for one act or for all."""
    return tuple(row for row in TRANSITIONS if row.source == state and (act is None or row.act is act))


def allowed_acts(facts: Facts) -> frozenset[Act]:
    """The acts that state, kind, role, jurisdiction and the guards on the row allow; decides the buttons.

    Guards on what the act itself carries are asked only when it is recorded.
    """
    if not facts.in_jurisdiction or facts.authority_refusal is not None:
        return frozenset()
    return frozenset(
        row.act
        for row in transitions_from(facts.state)
        if facts.role in row.roles and facts.kind in row.kinds and _row_guards_hold(row, facts)
    )


# The guards that look only at the row and the calendar, never at what the act carries.
_ROW_GUARDS = frozenset(
    {
        "clock_running",
        "day_20_ended",
        "lateness_not_recorded",
        "day_15_ended",
        "day_15_not_ended",
        "not_yet_escalated",
        "province_recommends_approval",
        "province_recommends_rejection",
        "province_does_not_recommend_approval",
        "province_does_not_recommend_rejection",
        "second_officer",
        "second_officer_after_opinion",
        "same_revision_as_proposed",
        "resubmission_ended",
        "resubmission_not_ended",
        "before_service_end",
    }
)


def _row_guards_hold(row: Transition, facts: Facts) -> bool:
    return (row.proposal is None or row.proposal is facts.proposal) and all(
        GUARDS[name](facts) for name in row.guards if name in _ROW_GUARDS
    )


def decide(act: Act, facts: Facts) -> Transition:
    """The row that permits the act.

    Raises TransitionNotAllowed with code `not_in_this_state`, `not_this_role`, `not_your_case`, why the
    member who acts may not (`registry.rules.members.permissions`), or the name of the first guard that does not hold.
    """
    rows = [row for row in transitions_from(facts.state, act=act) if facts.kind in row.kinds]
    if not rows:
        raise _refusal("not_in_this_state", act, facts)
    rows = [row for row in rows if facts.role in row.roles]
    if not rows:
        raise _refusal("not_this_role", act, facts)
    if not facts.in_jurisdiction:
        raise _refusal("not_your_case", act, facts)
    if facts.authority_refusal is not None:
        raise _refusal(facts.authority_refusal, act, facts)
    rows = [row for row in rows if row.proposal is None or row.proposal is facts.proposal]
    if not rows:
        raise _refusal("nothing_proposed", act, facts)
    (row,) = rows
    failed = first_failed_guard(row.guards, facts)
    if failed is not None:
        code = facts.date_refusal if failed == "date_rule_met" and facts.date_refusal else failed
        raise _refusal(code, act, facts)
    return row


def first_failed_guard(guards: Iterable[str], facts: Facts) -> str | None:
    """The name of the first guard that does not hold, in the table's order; None when all hold."""
    return next((name for name in guards if not GUARDS[name](facts)), None)


def _refusal(code: str, act: Act, facts: Facts) -> TransitionNotAllowed:
    state = facts.state.value if facts.state is not None else ""
    return TransitionNotAllowed(code, act=act.value, state=state, role=facts.role.value)
