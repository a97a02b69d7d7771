"""The lifecycle of an objection (疑议) to an entry of a batch list: one table of acts.

Anyone may object within 10 working days of a list's publication, in writing, based on facts, with evidence (the
announcements of the lists). What follows is the portal's own procedure: the national office admits the objection or
not, asks the applicant for a statement without saying who objects, and decides by two officers. An objection that is
upheld opens a correction or a striking off; it ends no number by itself.

Nothing is decided while a file that came with the objection is read for the first time. One that was put in its place,
or is read once more, holds nothing back: who objects could keep the office from deciding. Another file takes a place
before the objection is admitted, three times at most: what the applicant is heard on, and what a decision is proposed
on, stays what it was. Reading once more changes no file, so it is open until the decision, three times at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from registry.rules.workflow.act_table import ActTable, Condition, Step
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.sealed import EvidenceAct
from registry.rules.workflow.states import NATION, Role


class ObjectionState(StrEnum):
    """Where an objection stands. Until it is decided it is never public."""

    RECEIVED = "received"
    NOT_ADMITTED = "not_admitted"
    ADMITTED = "admitted"
    WITH_APPLICANT = "with_applicant"
    UPHOLDING_PROPOSED = "upholding_proposed"
    DISMISSAL_PROPOSED = "dismissal_proposed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class ObjectionAct(StrEnum):
    """Every act on an objection that leaves an event."""

    RECEIVE = "objection_received"
    ADMIT = "objection_admitted"
    REFUSE = "objection_not_admitted"
    SEND = "objection_sent"
    ANSWER = "objection_answered"
    PROPOSE_UPHOLDING = "objection_to_uphold"
    PROPOSE_DISMISSAL = "objection_to_dismiss"
    SEND_BACK = "objection_sent_back"
    EXTEND = "objection_extended"
    UPHOLD = "objection_upheld"
    DISMISS = "objection_dismissed"
    WITHDRAW = "objection_withdrawn"
    REPLACE_FILE = "objection_file_replaced"


class ObjectionWay(StrEnum):
    """How an objection came."""

    WEB = "web"
    POST = "post"


_PROPOSED = (ObjectionState.UPHOLDING_PROPOSED, ObjectionState.DISMISSAL_PROPOSED)
# Admitted and not yet decided: only these hold their entry back from becoming final.
HOLDING_STATES = frozenset({ObjectionState.ADMITTED, ObjectionState.WITH_APPLICANT, *_PROPOSED})
OPEN_STATES = HOLDING_STATES | {ObjectionState.RECEIVED}
# The act that confirms what is proposed.
CONFIRMATIONS: Mapping[ObjectionState, ObjectionAct] = MappingProxyType(
    {
        ObjectionState.UPHOLDING_PROPOSED: ObjectionAct.UPHOLD,
        ObjectionState.DISMISSAL_PROPOSED: ObjectionAct.DISMISS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFacts:
    """What the table looks at: the objection, who acts, what the act carries, and what the calendar says."""

    state: ObjectionState | None
    role: Role
    actor_id: str | None = None
    proposer_id: str | None = None
    is_list_public: bool = False
    has_facts: bool = False
    are_days_possible: bool = True
    is_in_time: bool = False
    has_explanation: bool = False
    has_text: bool = False
    is_answered: bool = False
    is_answer_day_over: bool = False
    is_extended: bool = False
    is_evidence_read: bool = True
    is_own_file: bool = False
    has_replacements_left: bool = True
    has_readings_left: bool = True


ObjectionGuard = Condition[ObjectionFacts]
ObjectionTransition = Step[ObjectionAct, ObjectionState, ObjectionFacts]

_ANYONE_OR_OFFICER = frozenset({Role.PUBLIC}) | NATION
_OBJECTOR = frozenset({Role.PUBLIC})
_APPLICANT = frozenset({Role.APPLICANT})
_HEAD = frozenset({Role.NATIONAL_HEAD})

_LIST_PUBLIC = ObjectionGuard("objection_list_public", lambda facts: facts.is_list_public)
_FACTS_GIVEN = ObjectionGuard("objection_facts_given", lambda facts: facts.has_facts)
_DAYS_POSSIBLE = ObjectionGuard("objection_days_possible", lambda facts: facts.are_days_possible)
_IN_TIME = ObjectionGuard("objection_in_time", lambda facts: facts.is_in_time)
_EXPLAINED = ObjectionGuard("explanation_given", lambda facts: facts.has_explanation)
_TEXT_GIVEN = ObjectionGuard("objection_text_given", lambda facts: facts.has_text)
_NOT_ANSWERED = ObjectionGuard("objection_not_answered", lambda facts: not facts.is_answered)
_HEARD = ObjectionGuard("applicant_heard", lambda facts: facts.is_answered or facts.is_answer_day_over)
_NOT_EXTENDED = ObjectionGuard("objection_not_extended", lambda facts: not facts.is_extended)
# What came with the objection is looked at before anything is decided on it.
_EVIDENCE_READ = ObjectionGuard("evidence_read", lambda facts: facts.is_evidence_read)
# What came by post the office has scanned.
_OWN_FILE = ObjectionGuard("objection_own_file", lambda facts: facts.is_own_file)
_REPLACEMENTS_LEFT = ObjectionGuard("evidence_replacements_left", lambda facts: facts.has_replacements_left)
_READINGS_LEFT = ObjectionGuard("evidence_readings_left", lambda facts: facts.has_readings_left)
_SECOND_OFFICER = ObjectionGuard("second_officer", lambda facts: facts.actor_id != facts.proposer_id)

OBJECTION_TRANSITIONS: tuple[ObjectionTransition, ...] = (
    ObjectionTransition(
        ObjectionAct.RECEIVE,
        _ANYONE_OR_OFFICER,
        None,
        ObjectionState.RECEIVED,
        (_LIST_PUBLIC, _FACTS_GIVEN, _DAYS_POSSIBLE),
    ),
    ObjectionTransition(
        ObjectionAct.ADMIT,
        NATION,
        ObjectionState.RECEIVED,
        ObjectionState.ADMITTED,
        (_IN_TIME, _EVIDENCE_READ),
    ),
    ObjectionTransition(
        ObjectionAct.REFUSE,
        NATION,
        ObjectionState.RECEIVED,
        ObjectionState.NOT_ADMITTED,
        (_EXPLAINED, _EVIDENCE_READ),
    ),
    ObjectionTransition(
        ObjectionAct.SEND, NATION, ObjectionState.ADMITTED, ObjectionState.WITH_APPLICANT, (_TEXT_GIVEN,)
    ),
    ObjectionTransition(
        ObjectionAct.ANSWER,
        _APPLICANT,
        ObjectionState.WITH_APPLICANT,
        ObjectionState.WITH_APPLICANT,
        (_NOT_ANSWERED, _TEXT_GIVEN),
    ),
    *(
        ObjectionTransition(
            act, NATION, ObjectionState.WITH_APPLICANT, target, (_HEARD, _EXPLAINED, _EVIDENCE_READ)
        )
        for act, target in (
            (ObjectionAct.PROPOSE_UPHOLDING, ObjectionState.UPHOLDING_PROPOSED),
            (ObjectionAct.PROPOSE_DISMISSAL, ObjectionState.DISMISSAL_PROPOSED),
        )
    ),
    *(
        ObjectionTransition(
            ObjectionAct.SEND_BACK,
            _HEAD,
            source,
            ObjectionState.WITH_APPLICANT,
            (_SECOND_OFFICER, _EXPLAINED),
        )
        for source in _PROPOSED
    ),
    *(
        ObjectionTransition(ObjectionAct.EXTEND, _HEAD, source, source, (_NOT_EXTENDED, _EXPLAINED))
        for source in sorted(HOLDING_STATES)
    ),
    ObjectionTransition(
        ObjectionAct.UPHOLD,
        _HEAD,
        ObjectionState.UPHOLDING_PROPOSED,
        ObjectionState.UPHELD,
        (_SECOND_OFFICER, _EVIDENCE_READ),
    ),
    ObjectionTransition(
        ObjectionAct.DISMISS,
        _HEAD,
        ObjectionState.DISMISSAL_PROPOSED,
        ObjectionState.DISMISSED,
        (_SECOND_OFFICER, _EVIDENCE_READ),
    ),
    *(
        ObjectionTransition(ObjectionAct.WITHDRAW, _OBJECTOR, source, ObjectionState.WITHDRAWN)
        for source in sorted(OPEN_STATES)
    ),
    ObjectionTransition(
        ObjectionAct.REPLACE_FILE,
        _ANYONE_OR_OFFICER,
        ObjectionState.RECEIVED,
        ObjectionState.RECEIVED,
        (_OWN_FILE, _REPLACEMENTS_LEFT),
    ),
)

_TABLE = ActTable(OBJECTION_TRANSITIONS)
objection_state_after, decide_on_objection = _TABLE.state_after, _TABLE.decide

_READING_AGAIN = ActTable(
    Step(EvidenceAct.READ_AGAIN, _ANYONE_OR_OFFICER, source, source, (_OWN_FILE, _READINGS_LEFT))
    for source in sorted(OPEN_STATES)
)

_TELL_APPLICANT, _TELL_OFFICE = EffectKind.TELL_APPLICANT, EffectKind.TELL_OFFICE
_TELL_OBJECTOR = EffectKind.TELL_OBJECTOR

# The objector is told of receipt, admission, more time and outcome; the applicant that a statement is asked of it, and
# how an objection ended that it was sent; the office of what came.
OBJECTION_EFFECTS: Mapping[ObjectionAct, frozenset[EffectKind]] = MappingProxyType(
    {
        ObjectionAct.RECEIVE: frozenset({_TELL_OBJECTOR, _TELL_OFFICE}),
        ObjectionAct.ADMIT: frozenset({_TELL_OBJECTOR}),
        ObjectionAct.REFUSE: frozenset({_TELL_OBJECTOR}),
        ObjectionAct.SEND: frozenset({_TELL_APPLICANT}),
        ObjectionAct.ANSWER: frozenset({_TELL_OFFICE}),
        ObjectionAct.EXTEND: frozenset({_TELL_OBJECTOR}),
        ObjectionAct.UPHOLD: frozenset({_TELL_APPLICANT, _TELL_OBJECTOR}),
        ObjectionAct.DISMISS: frozenset({_TELL_APPLICANT, _TELL_OBJECTOR}),
        ObjectionAct.WITHDRAW: frozenset({_TELL_APPLICANT}),
    }
)


def acts_open_to(facts: ObjectionFacts) -> frozenset[ObjectionAct]:
    """The acts whose conditions hold but for what the act itself will carry. Decides the buttons."""
    known = (
        _LIST_PUBLIC,
        _IN_TIME,
        _NOT_ANSWERED,
        _HEARD,
        _NOT_EXTENDED,
        _SECOND_OFFICER,
        _EVIDENCE_READ,
        _OWN_FILE,
    )
    return _TABLE.open_to(facts, asking=known)


def decide_on_reading_again(facts: ObjectionFacts) -> None:
    """Permits to have a file read once more whose reading broke off. Raises TransitionNotAllowed."""
    _READING_AGAIN.decide(EvidenceAct.READ_AGAIN, facts)


def may_be_read_again(facts: ObjectionFacts) -> bool:
    """Whether whoever acts may have a file read once more."""
    return not _READING_AGAIN.refusals(EvidenceAct.READ_AGAIN, facts)
