"""The guards of the lifecycle by name, and the facts they look at (Art. 3, 11, 12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.rules.workflow.states import Kind, Outcome, Role, State


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that the guards look at: the locked row, the calendar, and the act as it was requested."""

    role: Role
    in_jurisdiction: bool
    kind: Kind = Kind.INITIAL
    state: State | None = None
    actor_id: str | None = None
    # what the act carries
    materials_complete: bool = False
    files_checked: bool = False
    declaration_accepted: bool = False
    date_rule_met: bool = False
    date_refusal: str | None = None
    no_other_open_application: bool = False
    filing_open_to_applications: bool = True
    same_applicant: bool = False
    arrangement_given: bool = True
    materials_changed: bool = False
    every_reason_answered: bool = False
    base_revision_in_force: bool = True
    explanation_given: bool = False
    opinion_given: bool = False
    checklist_answered: bool = False
    reasons_given: bool = False
    question_given: bool = False
    delivery_known: bool = False
    # why the member who acts may not: a code of `registry.rules.members.permissions`
    authority_refusal: str | None = None
    # what the row says
    escalated: bool = False
    opinion: Outcome | None = None
    proposal: Outcome | None = None
    proposer_id: str | None = None
    proposal_on_current_revision: bool = False
    opinion_officer_id: str | None = None
    clock_running: bool = False
    lateness_recorded: bool = False
    # what the calendar says
    escalation_due: bool = False
    decision_overdue: bool = False
    resubmission_ended: bool = False
    before_service_end: bool = False


Guard = Callable[[Facts], bool]

GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "materials_complete": lambda f: f.materials_complete,
        "files_checked": lambda f: f.files_checked,
        "declaration_accepted": lambda f: f.declaration_accepted,
        "date_rule_met": lambda f: f.date_rule_met,
        "no_other_open_application": lambda f: f.no_other_open_application,
        "filing_open_to_applications": lambda f: f.filing_open_to_applications,
        "same_applicant": lambda f: f.same_applicant,
        "arrangement_given": lambda f: f.arrangement_given,
        "materials_changed": lambda f: f.materials_changed,
        "every_reason_answered": lambda f: f.every_reason_answered,
        "base_revision_in_force": lambda f: f.base_revision_in_force,
        "explanation_given": lambda f: f.explanation_given,
        "opinion_given": lambda f: f.opinion_given,
        "checklist_answered": lambda f: f.checklist_answered,
        "reasons_given": lambda f: f.reasons_given,
        "question_given": lambda f: f.question_given,
        "delivery_known": lambda f: f.delivery_known,
        "clock_running": lambda f: f.clock_running,
        "day_20_ended": lambda f: f.decision_overdue,
        "lateness_not_recorded": lambda f: not f.lateness_recorded,
        "day_15_ended": lambda f: f.escalation_due,
        "day_15_not_ended": lambda f: not f.escalation_due,
        "not_yet_escalated": lambda f: not f.escalated,
        "province_recommends_approval": lambda f: f.opinion is Outcome.APPROVAL,
        "province_recommends_rejection": lambda f: f.opinion is Outcome.REJECTION,
        "province_does_not_recommend_approval": lambda f: f.opinion is not Outcome.APPROVAL,
        "province_does_not_recommend_rejection": lambda f: f.opinion is not Outcome.REJECTION,
        "second_officer": lambda f: f.actor_id is not None and f.actor_id != f.proposer_id,
        "second_officer_after_opinion": lambda f: (
            f.actor_id is not None and f.actor_id != f.opinion_officer_id
        ),
        "same_revision_as_proposed": lambda f: f.proposal_on_current_revision,
        "resubmission_ended": lambda f: f.resubmission_ended,
        "resubmission_not_ended": lambda f: not f.resubmission_ended,
        "before_service_end": lambda f: f.before_service_end,
    }
)
