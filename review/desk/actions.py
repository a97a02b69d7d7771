"""The acts an officer may take on a case now, as buttons.

They are derived from the lifecycle table alone, so that no template has to know a state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from registry.book.act_request import Actor
from registry.book.examination import row_facts
from registry.labels.act_words import outcome_words, words_of
from registry.labels.refusal_words import REFUSAL_MESSAGES
from registry.models import Account, Application
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.guards import (
    NO_ANSWER_AWAITED,
    SAME_REVISION_AS_PROPOSED,
    SECOND_OFFICER,
    SECOND_OFFICER_AFTER_OPINION,
    TIME_TO_ANSWER_LEFT,
)
from registry.rules.workflow.lifecycle import Facts, allowed_acts, refusal_beforehand, transitions_from
from registry.rules.workflow.states import Act, Kind, Outcome

# The order of the buttons; acts that advance a case come first.
_ORDER = (
    Act.FORWARD,
    Act.APPROVE,
    Act.CONFIRM,
    Act.PROPOSE_APPROVAL,
    Act.REJECT,
    Act.PROPOSE_REJECTION,
    Act.ASK,
    Act.RETURN_TO_PROVINCE,
    Act.SEND_BACK,
)
OFFICER_ACTS = frozenset(_ORDER)
# The acts by which an office decides for good.
FINAL_ACTS = frozenset({Act.APPROVE, Act.REJECT, Act.CONFIRM})
_ONWARD = frozenset({Act.FORWARD, Act.PROPOSE_APPROVAL})

# What is pressed for an act instead of its button; of two with one key that are offered, the first has it.
_KEYS = {
    **dict.fromkeys((Act.FORWARD, Act.APPROVE, Act.CONFIRM, Act.PROPOSE_APPROVAL), "e"),
    **dict.fromkeys((Act.REJECT, Act.PROPOSE_REJECTION), "x"),
    Act.ASK: "q",
    **dict.fromkeys((Act.RETURN_TO_PROVINCE, Act.SEND_BACK), "b"),
}

# Guards whose refusal is explained, because the officer would expect the button.
_EXPLAINED = frozenset(
    guard.name
    for guard in (
        SECOND_OFFICER,
        SECOND_OFFICER_AFTER_OPINION,
        SAME_REVISION_AS_PROPOSED,
        NO_ANSWER_AWAITED,
        TIME_TO_ANSWER_LEFT,
    )
)


@dataclass(frozen=True, slots=True)
class Action:
    """One button: `tone` is seal for a decision, primary for a step onward, quiet for the rest.

    `key` presses it: e leads on, x refuses, q asks, b gives back.
    """

    act: Act
    label: Promise
    tone: str

    @property
    def key(self) -> str:
        return _KEYS[self.act]


@dataclass(frozen=True, slots=True)
class Actions:
    """The buttons of a case for one officer, and why an expected one is missing."""

    offered: tuple[Action, ...]
    withheld: tuple[Promise, ...]


def actions_for(
    application: Application, officer: Account, *, at: datetime, calendar: Calendar | None = None
) -> Actions:
    """The buttons for this officer on this case at this moment; `calendar` for who has read the one in force."""
    return actions_from(row_facts(application, actor=Actor.of(officer), at=at, calendar=calendar))


def actions_from(facts: Facts) -> Actions:
    """The buttons that follow from these facts."""
    allowed = allowed_acts(facts)
    offered = tuple(
        Action(act, action_label(facts.kind, act, facts.proposal), _tone(act))
        for act in _ORDER
        if act in allowed
    )
    return Actions(offered, tuple(REFUSAL_MESSAGES[code] for code in _withheld_codes(facts)))


def action_label(kind: Kind, act: Act, proposal: Outcome | None = None) -> Promise:
    """The label of an act's button; a confirmation names the proposal."""
    if act is Act.CONFIRM and proposal is not None:
        return outcome_words(kind, proposal).confirm
    return words_of(kind, act).button


def _tone(act: Act) -> str:
    if act in FINAL_ACTS:
        return "seal"
    return "primary" if act in _ONWARD else "quiet"


def _withheld_codes(facts: Facts) -> list[str]:
    """The codes of guards that keep this officer from acts which the role may take in this state."""
    codes: list[str] = []
    expected = {row.act for row in transitions_from(facts.state) if facts.role in row.roles}
    for act in _ORDER:
        refusal = refusal_beforehand(act, facts) if act in expected else None
        if refusal is not None and refusal.code in _EXPLAINED and refusal.code not in codes:
            codes.append(refusal.code)
    return codes
