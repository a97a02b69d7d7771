"""Where a case stands, in one place for every page, list and paper of the offices: its state, and whose it is.

A rejection that has reached nobody yet is a state of its own: no desk holds the case, it is not late for want of a
decision, and its clock runs on until the notice is delivered (Art. 12).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.deadlines.application_clock import awaits_delivery, desk_label
from registry.labels.act_words import outcome_words, state_label
from registry.models import Application
from registry.rules.workflow.decision_clock import UNDELIVERED
from registry.rules.workflow.states import OPEN_STATES, Kind, Outcome, State

_CURRENTLY_WITH = _("Currently with")
_DECIDED_BY = _("Decided by")
_LAST_WITH = _("Last with")


@dataclass(frozen=True, slots=True)
class CaseStanding:
    """Where a case stands; `office` reads its round when it is asked.

    `code` decides the tone of its badge: the state, or UNDELIVERED.
    """

    application: Application
    code: str
    label: Promise
    awaits_delivery: bool

    @property
    def is_decided(self) -> bool:
        """Whether the office has decided, and nobody has withdrawn or let lapse the case since."""
        return State(self.application.state) in (State.APPROVED, State.REJECTED)

    @property
    def outcome(self) -> Promise | None:
        """What was decided, in the words of its kind; None before a decision."""
        decision = self.application.decision
        return outcome_words(Kind(self.application.kind), Outcome(decision)).decided if decision else None

    @property
    def office_title(self) -> Promise:
        """What the office is to the case: it holds it, has decided it, or had it last."""
        if State(self.application.state) in OPEN_STATES:
            return _CURRENTLY_WITH
        return _DECIDED_BY if self.is_decided else _LAST_WITH

    @property
    def office(self) -> str:
        """The office that holds an open case, has decided it, or had it when it ended."""
        return desk_label(self.application)


def standing_of(application: Application) -> CaseStanding:
    """Where the case stands as the offices name it."""
    is_awaiting = awaits_delivery(application)
    return CaseStanding(
        application,
        code=UNDELIVERED if is_awaiting else application.state,
        label=state_label(Kind(application.kind), State(application.state), awaits_delivery=is_awaiting),
        awaits_delivery=is_awaiting,
    )
