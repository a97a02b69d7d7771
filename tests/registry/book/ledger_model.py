"""A small model of one application, written from the workflow, for random walks over the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from registry import clock
from registry.calendar.current import current_calendar
from registry.rules.days.deadlines import decision_due, escalation_on, resubmission_due
from registry.rules.days.working_days import add_working_days
from registry.rules.workflow.states import Act
from registry.sample import walk

PROVINCE = ("provincial", "provincial_second", "provincial_head")
NATION = ("national", "national_second", "national_head")
OTHERS = ("member", "stranger", "elsewhere", "administrator", "auditor", "system")
HANDS = PROVINCE + NATION + OTHERS
OPEN = ("provincial_review", "provincial_confirmation", "national_review", "national_confirmation")
ENDED = ("approved", "withdrawn", "lapsed")


@dataclass
class Expected:
    """What the model knows of one application."""

    case: walk.SampleCase
    kind: str
    received_at: datetime
    state: str = "provincial_review"
    opinion: str | None = None
    opinion_by: str | None = None
    escalated: bool = False
    proposal: str | None = None
    proposer: str | None = None
    revision: int = 1
    proposal_revision: int = 0
    rejected_at: datetime | None = None
    ends_on: str | None = None
    asked_until: date | None = None
    materials: dict[str, Any] = field(default_factory=dict)

    def allows(self, act: Act, hand: str, *, now: datetime, others: list[Expected]) -> bool:
        """Whether the workflow allows this act by this hand now; `others` are all applications of the run."""
        state = self.state
        province, nation = hand in PROVINCE, hand in NATION
        day_15_ended = self._day_15_ended(now)
        if act is Act.SUPPLEMENT:
            return hand == "member" and state in ("provincial_review", "national_review")
        if act is Act.ASK:
            desk = (province and state == "provincial_review") or (nation and state == "national_review")
            return desk and not self._answer_awaited(now) and self.day_to_answer(now) < self._day_20()
        if act in (Act.REJECT, Act.PROPOSE_REJECTION) and self._answer_awaited(now):
            return False
        if act is Act.FORWARD:
            return province and state == "provincial_review"
        if act is Act.ESCALATE:
            waits = state in ("provincial_review", "provincial_confirmation")
            return hand == "system" and waits and day_15_ended and not self.escalated
        if act is Act.RETURN_TO_PROVINCE:
            return nation and state == "national_review" and not day_15_ended
        if act is Act.PROPOSE_APPROVAL:
            return nation and state == "national_review" and self.opinion != "approval"
        if act is Act.PROPOSE_REJECTION:
            return (province and state == "provincial_review") or (
                nation and state == "national_review" and self.opinion != "rejection"
            )
        if act in (Act.APPROVE, Act.REJECT):
            wanted = "approval" if act is Act.APPROVE else "rejection"
            return nation and state == "national_review" and self.opinion == wanted
        if act in (Act.CONFIRM, Act.SEND_BACK):
            office = (province and state == "provincial_confirmation") or (
                nation and state == "national_confirmation"
            )
            second = hand != self.proposer
            same = act is Act.SEND_BACK or self.proposal_revision == self.revision
            return office and second and same
        if act is Act.WITHDRAW:
            return hand == "member" and state in (*OPEN, "rejected")
        if act is Act.RESUBMIT:
            in_time = state == "rejected" and not self._resubmission_ended(now)
            return hand == "member" and in_time and self._may_resubmit(others)
        if act is Act.LAPSE:
            return hand == "system" and state == "rejected" and self._resubmission_ended(now)
        if act is Act.WITHDRAW_CANCELLATION:
            before = self.ends_on is not None and (clock.china_date(now).isoformat() < self.ends_on)
            filing = self.case.application.filing
            is_struck_off = filing is not None and filing.standing == "struck_off"
            is_approved = state == "approved" and self.kind == "cancellation"
            return hand == "member" and is_approved and before and not is_struck_off
        raise AssertionError(act)

    def move(
        self, act: Act, hand: str, recommends: str, materials: dict[str, Any] | None, *, now: datetime
    ) -> None:
        """What the act makes of the application, by the workflow."""
        if act in (Act.SUPPLEMENT, Act.APPROVE, Act.REJECT, Act.CONFIRM):
            self.asked_until = None
        if act is Act.ASK:
            self.asked_until = self.day_to_answer(now)
        if act in (Act.SUPPLEMENT, Act.RESUBMIT) and materials is not None:
            self.revision += 1
            self.materials = materials
        if act is Act.FORWARD:
            self.state, self.opinion, self.opinion_by = "national_review", recommends, hand
        elif act in (Act.ESCALATE, Act.RETURN_TO_PROVINCE):
            self.escalated = self.escalated or act is Act.ESCALATE
            self.state = "national_review" if act is Act.ESCALATE else "provincial_review"
            self.opinion = self.opinion_by = self.proposal = self.proposer = None
        elif act in (Act.PROPOSE_APPROVAL, Act.PROPOSE_REJECTION):
            self.proposal = "approval" if act is Act.PROPOSE_APPROVAL else "rejection"
            self.proposer, self.proposal_revision = hand, self.revision
            self.state = self.state.replace("review", "confirmation")
        elif act is Act.SEND_BACK:
            self.proposal = self.proposer = None
            self.state = self.state.replace("confirmation", "review")
        elif act in (Act.APPROVE, Act.REJECT, Act.CONFIRM):
            outcome = {Act.APPROVE: "approval", Act.REJECT: "rejection"}.get(act, self.proposal)
            self.state = "approved" if outcome == "approval" else "rejected"
            self.proposal = self.proposer = None
            self.rejected_at = now
        elif act is Act.RESUBMIT:
            self.state, self.received_at = "provincial_review", now
            self.opinion = self.opinion_by = None
            self.escalated = False
        elif act in (Act.WITHDRAW, Act.WITHDRAW_CANCELLATION):
            self.end("withdrawn")
        elif act is Act.LAPSE:
            self.end("lapsed")

    def end(self, state: str) -> None:
        """It is over without a decision: what was proposed is proposed no longer."""
        self.state = state
        self.proposal = self.proposer = None
        self.asked_until = None

    def day_to_answer(self, now: datetime) -> date:
        """The day until which the walk asks for corrections: the next working day."""
        return add_working_days(clock.china_date(now), 1, current_calendar())

    def _answer_awaited(self, now: datetime) -> bool:
        return self.asked_until is not None and clock.china_date(now) <= self.asked_until

    def _day_20(self) -> date:
        return decision_due(clock.china_date(self.received_at), current_calendar()).due_on

    def _day_15_ended(self, now: datetime) -> bool:
        received_on = clock.china_date(self.received_at)
        return clock.china_date(now) > escalation_on(received_on, current_calendar())

    def _resubmission_ended(self, now: datetime) -> bool:
        assert self.rejected_at is not None
        last = resubmission_due(clock.china_date(self.rejected_at), current_calendar()).due_on
        return clock.china_date(now) > last

    def _may_resubmit(self, others: list[Expected]) -> bool:
        application = self.case.application
        blocking = [
            other
            for other in others
            if other is not self
            and other.state in OPEN
            and other.case.application.filing_id == application.filing_id
            and (self.kind != "cancellation" or other.kind != "change")
        ]
        if blocking:
            return False
        if self.kind == "initial":
            return True
        filing = application.filing
        assert filing is not None
        if filing.standing != "in_force" or filing.ends_on is not None:
            return False
        if self.kind != "change":
            return True
        submit = application.events.order_by("sequence").first()
        assert submit is not None
        base = submit.payload["base"]
        return bool(
            base["application_id"] == str(filing.in_force_application_id)
            and base["revision_number"] == filing.in_force_revision_number
        )
