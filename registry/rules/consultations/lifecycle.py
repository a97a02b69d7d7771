"""The lifecycle of a consultation (征求意见): one table of acts.

The desk that holds a case asks a body that knows more of something: the police network security (公安网安), the
communications administration (通信管理局), another office of the cyberspace administration, or any other. The
Provisions know no pause (Art. 12): the last day to answer lies inside the 20 working days, the decision clock runs on,
and the office may decide without an answer. An answer is entered by the office that asked or that holds the case now;
an office of another province that was asked inside the portal answers by itself. An answer that was entered wrong is
entered anew: the later one names the one before, and both stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from registry.rules.workflow.act_table import ActTable, Condition, Step
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.states import OFFICERS, SYSTEM, Role


class ConsultationState(StrEnum):
    """Where a consultation stands."""

    AWAITED = "awaited"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class ConsultationAct(StrEnum):
    """Every act of a consultation that leaves an event."""

    SEND = "consultation_sent"
    ANSWER = "consultation_answered"
    WITHDRAW = "consultation_withdrawn"
    NOTE_OVERDUE = "consultation_overdue"


class Body(StrEnum):
    """The kinds of bodies that are asked."""

    POLICE = "police"
    COMMUNICATIONS = "communications"
    OFFICE = "office"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationFacts:
    """What the table looks at: the consultation, who acts for which office, and what the act carries.

    `is_at_desk` says whether the actor's office holds the case now, `is_asking` whether it asked or holds the case,
    `is_asked` whether it was asked inside the portal.
    """

    state: ConsultationState | None
    role: Role
    is_at_desk: bool = False
    is_asking: bool = False
    is_asked: bool = False
    is_body_possible: bool = True
    has_text: bool = False
    is_due_day_possible: bool = False
    are_particulars_possible: bool = True
    is_answer_day_possible: bool = False
    has_reason: bool = False
    is_day_over: bool = False
    is_case_undecided: bool = False
    is_overdue_noted: bool = False


ConsultationGuard = Condition[ConsultationFacts]
ConsultationStep = Step[ConsultationAct, ConsultationState, ConsultationFacts]

_S, _A = ConsultationState, ConsultationAct

_AT_DESK = ConsultationGuard("consultation_at_desk", lambda facts: facts.is_at_desk)
_ASKING = ConsultationGuard("consultation_of_office", lambda facts: facts.is_asking)
_ANSWERING = ConsultationGuard("consultation_of_office", lambda facts: facts.is_asking or facts.is_asked)
_BODY = ConsultationGuard("consultation_body_given", lambda facts: facts.is_body_possible)
_QUESTION = ConsultationGuard("consultation_question_given", lambda facts: facts.has_text)
_DUE_DAY = ConsultationGuard("consultation_due_day", lambda facts: facts.is_due_day_possible)
_PARTICULARS = ConsultationGuard("consultation_particulars", lambda facts: facts.are_particulars_possible)
_ANSWER = ConsultationGuard("consultation_answer_given", lambda facts: facts.has_text)
_ANSWER_DAY = ConsultationGuard("consultation_answer_day", lambda facts: facts.is_answer_day_possible)
_REASON = ConsultationGuard("consultation_reason_given", lambda facts: facts.has_reason)
_OVERDUE = ConsultationGuard(
    "consultation_overdue_once",
    lambda facts: facts.is_day_over and facts.is_case_undecided and not facts.is_overdue_noted,
)

CONSULTATION_STEPS: tuple[ConsultationStep, ...] = (
    ConsultationStep(
        _A.SEND, OFFICERS, None, _S.AWAITED, (_AT_DESK, _BODY, _QUESTION, _PARTICULARS, _DUE_DAY)
    ),
    *(
        ConsultationStep(_A.ANSWER, OFFICERS, source, _S.ANSWERED, (_ANSWERING, _ANSWER, _ANSWER_DAY))
        for source in (_S.AWAITED, _S.ANSWERED)
    ),
    ConsultationStep(_A.WITHDRAW, OFFICERS, _S.AWAITED, _S.WITHDRAWN, (_ASKING, _REASON)),
    ConsultationStep(_A.NOTE_OVERDUE, SYSTEM, _S.AWAITED, _S.AWAITED, (_OVERDUE,)),
)

_TABLE = ActTable(CONSULTATION_STEPS)
consultation_state_after, decide_on_consultation = _TABLE.state_after, _TABLE.decide

# An office that is asked inside the portal is told that it is, and that it no longer is; the asking office of its
# answer; both that the day has passed. A body outside is told by the letter.
CONSULTATION_EFFECTS: Mapping[ConsultationAct, frozenset[EffectKind]] = MappingProxyType(
    dict.fromkeys(ConsultationAct, frozenset({EffectKind.TELL_OFFICE}))
)


def acts_open_to(facts: ConsultationFacts) -> frozenset[ConsultationAct]:
    """The acts whose conditions hold but for what the act itself will carry. Decides the buttons."""
    return _TABLE.open_to(facts, asking=(_AT_DESK, _ASKING, _ANSWERING))
