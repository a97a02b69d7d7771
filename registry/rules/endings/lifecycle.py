"""The lifecycle of a proceeding to strike a filing off (撤销备案, 依职权注销): one table of acts.

The national office proposes it on a ground and a legal basis, the applicant is served a notice and may state its case
and defend itself (陈述、申辩), a statement is answered, and a head who is another person confirms. The Provisions say
nothing of striking off: the order of the steps is that of every adverse decision, the periods are the portal's own.

No notice is sent or announced, and nothing is answered or confirmed, while a file that came with the proposal or the
statement is read for the first time: after the notice the office exchanges none of its files any more.
One that was put in its place, or is read once more, holds nothing back: the applicant could keep the office from
deciding. Another file takes a place three times at most, one of the office's before the notice, one of the applicant's
before the answer: what the other side was heard on stays what it was. Reading once more changes no file, so it is open
until the decision, three times at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from registry.rules.days.deadlines import Deadline
from registry.rules.workflow.act_table import ActTable, Condition, Step
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.sealed import EvidenceAct
from registry.rules.workflow.states import APPLICANT, NATION, SYSTEM, Role


class StrikingOffState(StrEnum):
    """Where a proceeding stands. Until it is confirmed it is not public, but for what is announced."""

    PROPOSED = "proposed"
    NOTICE_SENT = "notice_sent"
    SERVED = "served"
    ANNOUNCED = "announced"
    STATED = "stated"
    WAIVED = "waived"
    ANSWERED = "answered"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class StrikingOffAct(StrEnum):
    """Every act of a proceeding that leaves an event."""

    PROPOSE = "strike_off_proposed"
    SEND_NOTICE = "strike_off_notice_sent"
    RECORD_SERVICE = "strike_off_notice_served"
    ANNOUNCE = "strike_off_announced"
    STATE = "strike_off_stated"
    WAIVE = "strike_off_waived"
    ANSWER = "strike_off_answered"
    CONFIRM = "strike_off_confirmed"
    DROP = "strike_off_dropped"
    REPLACE_FILE = "strike_off_file_replaced"


_S, _A = StrikingOffState, StrikingOffAct

CLOSED_STATES = frozenset({_S.CONFIRMED, _S.DROPPED})
OPEN_STATES = frozenset(_S) - CLOSED_STATES
# The notice is on its way or served, and no statement has come.
_NOTIFIED = (_S.NOTICE_SENT, _S.SERVED, _S.ANNOUNCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikingOffFacts:
    """What the table looks at: the proceeding, its filing, who acts, what the act carries, and the calendar."""

    state: StrikingOffState | None
    role: Role
    actor_id: str | None = None
    proposer_id: str | None = None
    is_filing_in_force: bool = False
    is_only_proceeding: bool = True
    has_reason: bool = False
    has_basis: bool = False
    is_successor_possible: bool = True
    has_arrived: bool = False
    has_text: bool = False
    is_statement_day_over: bool = False
    is_evidence_read: bool = True
    is_own_file: bool = False
    has_replacements_left: bool = True
    has_readings_left: bool = True


StrikingOffGuard = Condition[StrikingOffFacts]
StrikingOffTransition = Step[StrikingOffAct, StrikingOffState, StrikingOffFacts]

_HEAD = frozenset({Role.NATIONAL_HEAD})

_FILING_IN_FORCE = StrikingOffGuard("filing_in_force", lambda facts: facts.is_filing_in_force)
_ONLY_PROCEEDING = StrikingOffGuard("only_striking_off", lambda facts: facts.is_only_proceeding)
_REASON_GIVEN = StrikingOffGuard("striking_off_reason_given", lambda facts: facts.has_reason)
_BASIS_GIVEN = StrikingOffGuard("striking_off_basis_given", lambda facts: facts.has_basis)
_SUCCESSOR_POSSIBLE = StrikingOffGuard("successor_in_register", lambda facts: facts.is_successor_possible)
_ARRIVED = StrikingOffGuard("striking_off_notice_arrived", lambda facts: facts.has_arrived)
_TEXT_GIVEN = StrikingOffGuard("striking_off_text_given", lambda facts: facts.has_text)
_STATEMENT_DAY_OVER = StrikingOffGuard("statement_period_over", lambda facts: facts.is_statement_day_over)
# What came with proposal and statement is looked at before the applicant is heard, answered or decided on by it.
_EVIDENCE_READ = StrikingOffGuard("evidence_read", lambda facts: facts.is_evidence_read)
_OWN_FILE = StrikingOffGuard("striking_off_own_file", lambda facts: facts.is_own_file)
_REPLACEMENTS_LEFT = StrikingOffGuard("evidence_replacements_left", lambda facts: facts.has_replacements_left)
_READINGS_LEFT = StrikingOffGuard("evidence_readings_left", lambda facts: facts.has_readings_left)
_SECOND_OFFICER = StrikingOffGuard("second_officer", lambda facts: facts.actor_id != facts.proposer_id)

STRIKING_OFF_TRANSITIONS: tuple[StrikingOffTransition, ...] = (
    StrikingOffTransition(
        _A.PROPOSE,
        NATION,
        None,
        _S.PROPOSED,
        (_FILING_IN_FORCE, _ONLY_PROCEEDING, _REASON_GIVEN, _BASIS_GIVEN, _SUCCESSOR_POSSIBLE),
    ),
    StrikingOffTransition(
        _A.SEND_NOTICE, NATION, _S.PROPOSED, _S.NOTICE_SENT, (_FILING_IN_FORCE, _EVIDENCE_READ)
    ),
    StrikingOffTransition(_A.RECORD_SERVICE, SYSTEM, _S.NOTICE_SENT, _S.SERVED, (_ARRIVED,)),
    *(
        StrikingOffTransition(_A.ANNOUNCE, NATION, source, _S.ANNOUNCED, (_FILING_IN_FORCE, _EVIDENCE_READ))
        for source in (_S.PROPOSED, _S.NOTICE_SENT)
    ),
    *(
        StrikingOffTransition(_A.STATE, APPLICANT, source, _S.STATED, (_TEXT_GIVEN,))
        for source in (*_NOTIFIED, _S.WAIVED)
    ),
    *(StrikingOffTransition(_A.WAIVE, APPLICANT, source, _S.WAIVED) for source in _NOTIFIED),
    StrikingOffTransition(_A.ANSWER, NATION, _S.STATED, _S.ANSWERED, (_TEXT_GIVEN, _EVIDENCE_READ)),
    *(
        StrikingOffTransition(
            _A.CONFIRM,
            _HEAD,
            source,
            _S.CONFIRMED,
            (_SECOND_OFFICER, *guards, _FILING_IN_FORCE, _SUCCESSOR_POSSIBLE, _EVIDENCE_READ),
        )
        for source, guards in (
            (_S.SERVED, (_STATEMENT_DAY_OVER,)),
            (_S.ANNOUNCED, (_STATEMENT_DAY_OVER,)),
            (_S.WAIVED, ()),
            (_S.ANSWERED, ()),
        )
    ),
    *(
        StrikingOffTransition(_A.DROP, NATION, source, _S.DROPPED, (_REASON_GIVEN,))
        for source in sorted(OPEN_STATES)
    ),
    *(
        StrikingOffTransition(_A.REPLACE_FILE, side, source, source, (_OWN_FILE, _REPLACEMENTS_LEFT))
        for side, source in ((NATION, _S.PROPOSED), (APPLICANT, _S.STATED))
    ),
)

_TABLE = ActTable(STRIKING_OFF_TRANSITIONS)
striking_off_state_after, decide_on_striking_off = _TABLE.state_after, _TABLE.decide

_READING_AGAIN = ActTable(
    Step(EvidenceAct.READ_AGAIN, NATION | APPLICANT, source, source, (_OWN_FILE, _READINGS_LEFT))
    for source in sorted(OPEN_STATES)
)

# The applicant is told of the notice itself, the answer to its statement, and that nothing comes of it, the office of a
# statement; the filing's own stream tells the rest.
STRIKING_OFF_EFFECTS: Mapping[StrikingOffAct, frozenset[EffectKind]] = MappingProxyType(
    {
        **dict.fromkeys(
            (_A.SEND_NOTICE, _A.ANNOUNCE, _A.ANSWER, _A.DROP),
            frozenset({EffectKind.TELL_APPLICANT}),
        ),
        _A.STATE: frozenset({EffectKind.TELL_OFFICE}),
    }
)


def acts_open_to(facts: StrikingOffFacts) -> frozenset[StrikingOffAct]:
    """The acts whose conditions hold but for what the act itself will carry. Decides the buttons."""
    known = (
        _FILING_IN_FORCE,
        _ONLY_PROCEEDING,
        _STATEMENT_DAY_OVER,
        _SECOND_OFFICER,
        _SUCCESSOR_POSSIBLE,
        _EVIDENCE_READ,
    )
    return _TABLE.open_to(facts, asking=known)


def decide_on_reading_again(facts: StrikingOffFacts) -> None:
    """Permits to have a file read once more whose reading broke off. Raises TransitionNotAllowed."""
    _READING_AGAIN.decide(EvidenceAct.READ_AGAIN, facts)


def latest_day_of_statement(told: date, due: Deadline) -> date:
    """The later of the last day that was told and the one by the calendar in force."""
    return max(told, due.due_on)
