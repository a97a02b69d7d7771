"""The lifecycle of an application and the standing of a filing, as two tables.

Each row is one lawful step. The permission check, the buttons, the fold's states and standings, docs/lifecycle.md and
the exhaustive test are all made from these rows; a step without a row is refused. Sources: Art. 3, 11, 12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.rules.errors import FilingError
from registry.rules.workflow import guards as g
from registry.rules.workflow.guards import Facts as Facts
from registry.rules.workflow.guards import Guard as Guard
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
    guards: tuple[Guard, ...] = ()
    kinds: frozenset[Kind] = ALL_KINDS
    proposal: Outcome | None = None
    basis: tuple[str, ...] = ("12",)


class TransitionNotAllowed(FilingError):
    """The act is refused; `code` names the reason and `facts` the act and the state."""


_S = State
_A = Act

# The guards of every act that hands in materials.
_HANDED_IN = (
    g.SAME_APPLICANT,
    g.MATERIALS_COMPLETE,
    g.FILES_CHECKED,
    g.ARRANGEMENT_GIVEN,
    g.DATE_RULE_MET,
)

# What every act rests on that decides, proposes or recommends an outcome: the same for all of them.
_GROUNDED = (g.CHECKLIST_ANSWERED, g.DEFICIENCIES_PASSED_OVER, g.FAULT_MARKED, g.SENTENCE_GIVEN)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        _A.SUBMIT,
        APPLICANT,
        None,
        _S.PROVINCIAL_REVIEW,
        (
            g.PARTICULARS_HELD,
            g.FILING_OPEN_TO_APPLICATIONS,
            g.NO_OTHER_OPEN_APPLICATION,
            g.MATERIALS_CHANGED,
            *_HANDED_IN,
            g.DECLARATION_ACCEPTED,
        ),
        basis=("11", "12"),
    ),
    *(
        Transition(
            _A.SUPPLEMENT,
            APPLICANT,
            state,
            state,
            (g.EVERY_POINT_ANSWERED, g.EXPLANATION_GIVEN, g.MATERIALS_CHANGED, *_HANDED_IN),
        )
        for state in REVIEWS
    ),
    *(
        Transition(
            _A.ASK,
            office,
            state,
            state,
            (g.NO_ANSWER_AWAITED, g.TIME_TO_ANSWER_LEFT, g.POINTS_GIVEN, g.ANSWER_DAY_FITS),
        )
        for state, office in zip(REVIEWS, (PROVINCE, NATION), strict=True)
    ),
    Transition(
        _A.FORWARD,
        PROVINCE,
        _S.PROVINCIAL_REVIEW,
        _S.NATIONAL_REVIEW,
        (g.OPINION_GIVEN, *_GROUNDED),
        basis=("3", "12"),
    ),
    *(
        Transition(_A.ESCALATE, SYSTEM, state, _S.NATIONAL_REVIEW, (g.DAY_15_ENDED, g.NOT_YET_ESCALATED))
        for state in (_S.PROVINCIAL_REVIEW, _S.PROVINCIAL_CONFIRMATION)
    ),
    Transition(
        _A.RETURN_TO_PROVINCE,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.PROVINCIAL_REVIEW,
        (g.QUESTION_GIVEN, g.DAY_15_NOT_ENDED, g.SENTENCE_GIVEN),
    ),
    Transition(
        _A.PROPOSE_REJECTION,
        PROVINCE,
        _S.PROVINCIAL_REVIEW,
        _S.PROVINCIAL_CONFIRMATION,
        (g.NO_ANSWER_AWAITED, g.REASONS_GIVEN, *_GROUNDED),
    ),
    Transition(
        _A.APPROVE,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.APPROVED,
        (g.PROVINCE_RECOMMENDS_APPROVAL, g.SECOND_OFFICER_AFTER_OPINION, *_GROUNDED),
    ),
    Transition(
        _A.REJECT,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.REJECTED,
        (
            g.PROVINCE_RECOMMENDS_REJECTION,
            g.SECOND_OFFICER_AFTER_OPINION,
            g.NO_ANSWER_AWAITED,
            g.REASONS_GIVEN,
            *_GROUNDED,
        ),
    ),
    Transition(
        _A.PROPOSE_APPROVAL,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.NATIONAL_CONFIRMATION,
        (g.PROVINCE_DOES_NOT_RECOMMEND_APPROVAL, *_GROUNDED),
    ),
    Transition(
        _A.PROPOSE_REJECTION,
        NATION,
        _S.NATIONAL_REVIEW,
        _S.NATIONAL_CONFIRMATION,
        (g.PROVINCE_DOES_NOT_RECOMMEND_REJECTION, g.NO_ANSWER_AWAITED, g.REASONS_GIVEN, *_GROUNDED),
    ),
    Transition(
        _A.CONFIRM,
        PROVINCE,
        _S.PROVINCIAL_CONFIRMATION,
        _S.REJECTED,
        (g.SAME_REVISION_AS_PROPOSED, g.SECOND_OFFICER, *_GROUNDED),
        proposal=Outcome.REJECTION,
    ),
    Transition(
        _A.CONFIRM,
        NATION,
        _S.NATIONAL_CONFIRMATION,
        _S.APPROVED,
        (g.SAME_REVISION_AS_PROPOSED, g.SECOND_OFFICER, *_GROUNDED),
        proposal=Outcome.APPROVAL,
    ),
    Transition(
        _A.CONFIRM,
        NATION,
        _S.NATIONAL_CONFIRMATION,
        _S.REJECTED,
        (g.SAME_REVISION_AS_PROPOSED, g.SECOND_OFFICER, *_GROUNDED),
        proposal=Outcome.REJECTION,
    ),
    Transition(
        _A.SEND_BACK,
        PROVINCE,
        _S.PROVINCIAL_CONFIRMATION,
        _S.PROVINCIAL_REVIEW,
        (g.SECOND_OFFICER, g.EXPLANATION_GIVEN, g.SENTENCE_GIVEN),
    ),
    Transition(
        _A.SEND_BACK,
        NATION,
        _S.NATIONAL_CONFIRMATION,
        _S.NATIONAL_REVIEW,
        (g.SECOND_OFFICER, g.EXPLANATION_GIVEN, g.SENTENCE_GIVEN),
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
            g.RESUBMISSION_NOT_ENDED,
            g.FILING_OPEN_TO_APPLICATIONS,
            g.NO_OTHER_OPEN_APPLICATION,
            g.BASE_REVISION_IN_FORCE,
            # An answer may be that nothing has to change, so a resubmission need not change anything.
            g.EVERY_REASON_ANSWERED,
            *_HANDED_IN,
            g.DECLARATION_ACCEPTED,
        ),
    ),
    Transition(_A.LAPSE, SYSTEM, _S.REJECTED, _S.LAPSED, (g.RESUBMISSION_ENDED,), basis=()),
    Transition(
        _A.WITHDRAW_CANCELLATION,
        APPLICANT,
        _S.APPROVED,
        _S.WITHDRAWN,
        (g.BEFORE_SERVICE_END,),
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
    *(
        Transition(
            _A.CLOSE_BY_STRIKING_OFF,
            SYSTEM,
            state,
            _S.WITHDRAWN,
            kinds=frozenset({Kind.CHANGE, Kind.CANCELLATION}),
            basis=(),
        )
        for state in (*OPEN_STATES, _S.REJECTED)
    ),
    Transition(_A.NOTICE_DELIVERED, SYSTEM, _S.REJECTED, _S.REJECTED, (g.CLOCK_RUNNING, g.DELIVERY_KNOWN)),
    *(
        Transition(
            _A.RECORD_LATENESS,
            SYSTEM,
            state,
            state,
            (g.CLOCK_RUNNING, g.DAY_20_ENDED, g.LATENESS_NOT_RECORDED),
        )
        for state in (*OPEN_STATES, _S.APPROVED, _S.REJECTED)
    ),
)


@dataclass(frozen=True, slots=True)
class StandingTransition:
    """One row of the table of standings: the act that moves a filing, and the kind of application.

    `outcome` narrows a row to acts that decide for it.
    """

    act: Act
    source: Standing | None
    target: Standing
    kind: Kind | None = None
    outcome: Outcome | None = None


STANDING_TRANSITIONS: tuple[StandingTransition, ...] = (
    StandingTransition(Act.SUBMIT, None, Standing.PENDING, Kind.INITIAL),
    StandingTransition(Act.APPROVE, Standing.PENDING, Standing.AWAITING_NUMBER, Kind.INITIAL),
    StandingTransition(
        Act.CONFIRM, Standing.PENDING, Standing.AWAITING_NUMBER, Kind.INITIAL, outcome=Outcome.APPROVAL
    ),
    StandingTransition(Act.ISSUE_NUMBER, Standing.AWAITING_NUMBER, Standing.IN_FORCE),
    StandingTransition(Act.TAKE_EFFECT, Standing.IN_FORCE, Standing.CANCELLED),
    StandingTransition(Act.STRIKE_OFF, Standing.IN_FORCE, Standing.STRUCK_OFF),
    StandingTransition(Act.IMPORT, None, Standing.IN_FORCE),
)
# The acts that end a filing in force, and the standing that each leaves it in.
ENDING_ACTS: Mapping[Act, Standing] = MappingProxyType(
    {row.act: row.target for row in STANDING_TRANSITIONS if row.source is Standing.IN_FORCE}
)


def transitions_from(state: State | None, *, act: Act | None = None) -> tuple[Transition, ...]:
    """The rows that leave a state (None before the first submission), for one act or for all."""
    # The act first: it tells most rows apart, and statistics ask this for every step of every round.
    return tuple(row for row in TRANSITIONS if (act is None or row.act is act) and row.source == state)


def state_after(state: State | None, act: Act, *, outcome: Outcome | None = None) -> State:
    """An application's state after an act that is in the book; an act that moves nothing leaves it as it is.

    `outcome` is what a confirmation confirmed. Raises FilingError for an act before the first submission.
    """
    targets = {
        row.target
        for row in transitions_from(state, act=act)
        if row.proposal is None or row.proposal is outcome
    }
    if len(targets) == 1:
        return targets.pop()
    if state is None:
        raise FilingError("round_not_begun", act=act.value)
    return state


def standing_after(
    standing: Standing | None, act: Act, *, kind: Kind | None = None, outcome: Outcome | None = None
) -> Standing:
    """A filing's standing after an act that is in the book; an act that moves nothing leaves it as it is.

    `kind` is that of the application acted on, if any, and `outcome` what a confirmation confirmed. Raises
    FilingError for an act before the first submission.
    """
    for row in STANDING_TRANSITIONS:
        if (
            (row.source, row.act) == (standing, act)
            and row.kind in (None, kind)
            and row.outcome in (None, outcome)
        ):
            return row.target
    if standing is None:
        raise FilingError("stream_without_submission", act=act.value)
    return standing


def acts_that_ask(guard: Guard) -> frozenset[Act]:
    """The acts that this guard is asked of, from whatever state."""
    return frozenset(row.act for row in TRANSITIONS if guard in row.guards)


def allowed_acts(facts: Facts) -> frozenset[Act]:
    """The acts that may begin: nothing on the row or the calendar refuses them. Decides the buttons."""
    return frozenset(
        row.act for row in transitions_from(facts.state) if refusal_beforehand(row.act, facts) is None
    )


def decide(act: Act, facts: Facts) -> Transition:
    """The row that permits the act.

    Raises TransitionNotAllowed with code `not_in_this_state`, `not_this_role`, `not_your_case`, why the
    member who acts may not (`registry.rules.members.permissions`), or the name of the first guard that does not hold.
    """
    row = _row_for(act, facts)
    _demand(row.guards, act, facts)
    return row


def refusal_beforehand(act: Act, facts: Facts) -> TransitionNotAllowed | None:
    """Why the act is refused whatever it will carry, as the row and the calendar say; None when it may begin."""
    try:
        row = _row_for(act, facts)
        _demand((guard for guard in row.guards if guard.is_known_beforehand), act, facts)
    except TransitionNotAllowed as refusal:
        return refusal
    return None


def _row_for(act: Act, facts: Facts) -> Transition:
    """The row of the act, its guards not asked yet."""
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
    return row


def _demand(guards: Iterable[Guard], act: Act, facts: Facts) -> None:
    """Raises the refusal of the first guard that does not hold, in the table's order."""
    failed = next((guard for guard in guards if not guard.holds(facts)), None)
    if failed is None:
        return
    refused_date = facts.date_refusal if failed is g.DATE_RULE_MET else None
    raise _refusal(refused_date or failed.name, act, facts)


def _refusal(code: str, act: Act, facts: Facts) -> TransitionNotAllowed:
    state = facts.state.value if facts.state is not None else ""
    return TransitionNotAllowed(code, act=act.value, state=state, role=facts.role.value)
