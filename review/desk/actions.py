"""Which acts an officer may take on a case now, in the order and weight of their buttons.

Made from the lifecycle table alone, so that no template has to know a state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise

from registry.book.act_request import Actor
from registry.book.examination import row_facts
from registry.labels.refusal_words import REFUSAL_MESSAGES
from registry.labels.states import confirm_label, label_of
from registry.models import Account, Application
from registry.rules.workflow.lifecycle import (
    Facts,
    TransitionNotAllowed,
    allowed_acts,
    decide,
    transitions_from,
)
from registry.rules.workflow.states import Act, Outcome

# The order of the buttons; the acts that carry a case on come first.
_ORDER = (
    Act.FORWARD,
    Act.APPROVE,
    Act.CONFIRM,
    Act.PROPOSE_APPROVAL,
    Act.REJECT,
    Act.PROPOSE_REJECTION,
    Act.RETURN_TO_PROVINCE,
    Act.SEND_BACK,
)
_FINAL = frozenset({Act.APPROVE, Act.REJECT, Act.CONFIRM})
_ONWARD = frozenset({Act.FORWARD, Act.PROPOSE_APPROVAL})

# Reasons for a missing button that an officer would otherwise look for in vain.
_TOLD = ("second_officer", "second_officer_after_opinion", "same_revision_as_proposed")

_ALL_CARRIED: Mapping[str, Any] = MappingProxyType(
    {
        "explanation_given": True,
        "opinion_given": True,
        "checklist_answered": True,
        "reasons_given": True,
        "question_given": True,
    }
)


@dataclass(frozen=True, slots=True)
class Action:
    """One button: `tone` is seal for a decision, primary for a step onward, quiet for the rest."""

    act: Act
    label: Promise
    tone: str


@dataclass(frozen=True, slots=True)
class Actions:
    """The buttons of a case for one officer, and why one that might be expected is not there."""

    offered: tuple[Action, ...]
    withheld: tuple[Promise, ...]


def actions_for(application: Application, officer: Account, *, at: datetime) -> Actions:
    """What this officer may do with the case at this moment."""
    return actions_from(row_facts(application, actor=Actor.of(officer), at=at))


def actions_from(facts: Facts) -> Actions:
    """The buttons that these facts give."""
    allowed = allowed_acts(facts)
    offered = tuple(
        Action(act, action_label(act, facts.proposal), _tone(act)) for act in _ORDER if act in allowed
    )
    return Actions(offered, tuple(REFUSAL_MESSAGES[code] for code in _withheld_codes(facts)))


def action_label(act: Act, proposal: Outcome | None = None) -> Promise:
    """The words on the button; confirming says what is confirmed."""
    if act is Act.CONFIRM and proposal is not None:
        return confirm_label(proposal)
    return label_of(act)


def _tone(act: Act) -> str:
    if act in _FINAL:
        return "seal"
    return "primary" if act in _ONWARD else "quiet"


def _withheld_codes(facts: Facts) -> list[str]:
    """The guards of the row that keep this officer from an act the role may take in this state."""
    codes: list[str] = []
    carried = replace(facts, **_ALL_CARRIED)
    expected = {row.act for row in transitions_from(facts.state) if facts.role in row.roles}
    for act in _ORDER:
        if act not in expected:
            continue
        try:
            decide(act, carried)
        except TransitionNotAllowed as refusal:
            if refusal.code in _TOLD and refusal.code not in codes:
                codes.append(refusal.code)
    return codes
