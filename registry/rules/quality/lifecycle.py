"""The acts of a round of quality sampling (案件质量抽查): one table.

The head of an office draws a share of the cases that were decided on some days. Each drawn case gets a second look by
an officer of the office who had no part in its decision, and what that look finds is told to those who had. A round
decides nothing: the cases stay as they are, and no figure names a person. Decided days are drawn from once, so that no
draw can be repeated until it pleases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from registry.rules.workflow.act_table import ActTable, Condition, Step
from registry.rules.workflow.effects import EffectKind
from registry.rules.workflow.states import HEADS, OFFICERS, Role

# The longest stretch of days that one round is drawn from, the first and the last included.
MOST_DAYS = 366
LONGEST_FINDING = 1000


class RoundState(StrEnum):
    """A round is drawn; whether all its cases were looked at is counted, and no state."""

    DRAWN = "drawn"


class RoundAct(StrEnum):
    """Every act of a round that leaves an event."""

    DRAW = "quality_round_drawn"
    ASSIGN = "quality_case_assigned"
    LOOK = "quality_case_looked_at"
    SET_ASIDE = "quality_case_set_aside"


class CaseState(StrEnum):
    """Where a drawn case stands in its round."""

    WAITING = "waiting"
    IN_ORDER = "in_order"
    FOUND = "found"
    SET_ASIDE = "set_aside"


# What a second look can say of a case.
FINDINGS = (CaseState.IN_ORDER, CaseState.FOUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What the table looks at: the office, the draw, the drawn case, and what the act carries.

    `is_own_office` says whether the actor works at the office of the round, `is_assigned` whether the second look is
    the actor's, `had_part` whether the actor gave an opinion on the case, proposed, confirmed or decided it, and
    `is_taker_possible` whether whom the case is given to works at the office and had none.
    """

    state: RoundState | None
    role: Role
    is_own_office: bool = False
    are_days_possible: bool = False
    is_share_possible: bool = False
    are_days_undrawn: bool = False
    has_cases: bool = False
    is_few_enough: bool = False
    is_waiting: bool = False
    is_assigned: bool = False
    had_part: bool = False
    is_taker_possible: bool = False
    is_taker_new: bool = False
    is_finding_given: bool = False
    has_reason: bool = False


RoundGuard = Condition[RoundFacts]
RoundStep = Step[RoundAct, RoundState, RoundFacts]
_A, _S = RoundAct, RoundState

_OFFICE = RoundGuard("quality_of_office", lambda facts: facts.is_own_office)
_DAYS = RoundGuard("quality_days", lambda facts: facts.are_days_possible)
_SHARE = RoundGuard("quality_share", lambda facts: facts.is_share_possible)
_UNDRAWN = RoundGuard("quality_days_drawn", lambda facts: facts.are_days_undrawn)
_CASES = RoundGuard("quality_no_cases", lambda facts: facts.has_cases)
_FEW = RoundGuard("quality_too_many", lambda facts: facts.is_few_enough)
_WAITING = RoundGuard("quality_case_done", lambda facts: facts.is_waiting)
_ASSIGNED = RoundGuard("quality_not_assigned", lambda facts: facts.is_assigned)
_NO_PART = RoundGuard("quality_own_case", lambda facts: not facts.had_part)
_TAKER = RoundGuard("quality_taker", lambda facts: facts.is_taker_possible)
_NEW_TAKER = RoundGuard("quality_taker_same", lambda facts: facts.is_taker_new)
_FINDING = RoundGuard("quality_finding_given", lambda facts: facts.is_finding_given)
_REASON = RoundGuard("quality_reason_given", lambda facts: facts.has_reason)

ROUND_STEPS: tuple[RoundStep, ...] = (
    RoundStep(_A.DRAW, HEADS, None, _S.DRAWN, (_OFFICE, _DAYS, _SHARE, _UNDRAWN, _CASES, _FEW)),
    RoundStep(_A.ASSIGN, HEADS, _S.DRAWN, _S.DRAWN, (_OFFICE, _WAITING, _TAKER, _NEW_TAKER)),
    RoundStep(_A.LOOK, OFFICERS, _S.DRAWN, _S.DRAWN, (_OFFICE, _WAITING, _NO_PART, _ASSIGNED, _FINDING)),
    RoundStep(_A.SET_ASIDE, HEADS, _S.DRAWN, _S.DRAWN, (_OFFICE, _WAITING, _NO_PART, _REASON)),
)

_TABLE = ActTable(ROUND_STEPS)
round_state_after, decide_on_round = _TABLE.state_after, _TABLE.decide

# Whoever is to look again is told, and so are of the finding those whom it concerns and the heads.
ROUND_EFFECTS: Mapping[RoundAct, frozenset[EffectKind]] = MappingProxyType(
    dict.fromkeys(RoundAct, frozenset({EffectKind.TELL_OFFICE}))
)


def acts_open_to(facts: RoundFacts) -> frozenset[RoundAct]:
    """The acts whose conditions hold but for what the act itself will carry. Decides the buttons."""
    return _TABLE.open_to(facts, asking=(_OFFICE, _WAITING, _NO_PART, _ASSIGNED))
