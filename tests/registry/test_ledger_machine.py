"""Random walks over the real ledger on PostgreSQL, against a small model written from the workflow.

Each run lives in one transaction that is rolled back; `check_register` must be clean at its end.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from registry import clock, ledger, numbering
from registry.calendar import current_calendar
from registry.errors import FilingError
from registry.models import Account, Application, Filing
from registry.rules.date_rules import resubmission_ends_on
from registry.rules.deadlines import escalation_on
from registry.rules.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from registry.verification import verify_register
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

PROVINCE = ("provincial", "provincial_second", "provincial_head")
NATION = ("national", "national_second", "national_head")
OTHERS = ("member", "stranger", "elsewhere", "administrator", "auditor", "system")
HANDS = PROVINCE + NATION + OTHERS
OPEN = ("provincial_review", "provincial_confirmation", "national_review", "national_confirmation")
ENDED = ("approved", "withdrawn", "lapsed")
ACTS = [
    Act.SUPPLEMENT,
    Act.FORWARD,
    Act.ESCALATE,
    Act.RETURN_TO_PROVINCE,
    Act.PROPOSE_APPROVAL,
    Act.PROPOSE_REJECTION,
    Act.APPROVE,
    Act.REJECT,
    Act.CONFIRM,
    Act.SEND_BACK,
    Act.WITHDRAW,
    Act.RESUBMIT,
    Act.LAPSE,
    Act.WITHDRAW_CANCELLATION,
]
# A random officer on a random act is nearly always refused; most steps follow the way of a real case.
LIKELY = {
    "provincial_review": (
        *[(Act.FORWARD, PROVINCE)] * 4,
        (Act.PROPOSE_REJECTION, PROVINCE),
        (Act.SUPPLEMENT, ("member",)),
    ),
    "provincial_confirmation": ((Act.CONFIRM, PROVINCE), (Act.SEND_BACK, PROVINCE)),
    "national_review": (
        *[(Act.APPROVE, NATION)] * 5,
        (Act.REJECT, NATION),
        (Act.PROPOSE_APPROVAL, NATION),
        (Act.PROPOSE_REJECTION, NATION),
        (Act.SUPPLEMENT, ("member",)),
        (Act.RETURN_TO_PROVINCE, NATION),
    ),
    "national_confirmation": ((Act.CONFIRM, NATION), (Act.SEND_BACK, NATION)),
    "rejected": ((Act.RESUBMIT, ("member",)), (Act.LAPSE, ("system",))),
    "approved": ((Act.WITHDRAW_CANCELLATION, ("member",)),),
}

STEPS = (
    ["likely_act"] * 10
    + ["any_act"] * 4
    + ["submit"] * 2
    + ["submit_later_kind"] * 3
    + ["wait"] * 2
    + ["issue_numbers"] * 3
    + ["sleep", "take_effect"]
)

statistics: Counter[str] = Counter()


@dataclass
class Expected:
    """What the model knows of one application."""

    case: walk.Case
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
    materials: dict[str, Any] = field(default_factory=dict)


class LedgerMachine(RuleBasedStateMachine):
    """Acts at random, as anybody, at random times; what the model allows must happen, all else be refused."""

    @initialize(seed=st.integers(0, 2**64 - 1))
    def open(self, seed: int) -> None:
        self.random = Random(seed)
        for stored in Path(django_settings.ATTACHMENT_ROOT).rglob("*"):
            if stored.is_file():
                stored.unlink()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.cast = Cast()
        self.now = MORNING
        self.cases: list[Expected] = []
        self.materials = build.materials_for(self.cast)
        self.edits = 0
        self.submit_initial()

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            assert verify_register().violations == []
            statistics["runs"] += 1
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # ------------------------------------------------------------ steps

    @rule()
    def step(self) -> None:
        """One rule, one seed a run: with many rules a run leaves most of them out."""
        statistics["steps"] += 1
        step = self.random.choice(STEPS)
        pick, number = self.random.randrange(5), self.random.randint(1, 60)
        recommends = self.random.choice(["approval", "approval", "approval", "rejection"])
        if step == "wait":
            self.now += timedelta(hours=number)
        elif step == "sleep":
            self.now += timedelta(days=number)
        elif step == "submit":
            self.submit_initial()
        elif step == "submit_later_kind":
            self.submit_later_kind(pick, self.random.choice([Kind.CHANGE, Kind.CANCELLATION]))
        elif step == "likely_act":
            self.likely_act(pick, number, recommends)
        elif step == "any_act":
            self.any_act(pick, self.random.choice(ACTS), self.random.choice(HANDS), recommends)
        elif step == "issue_numbers":
            self.issue_numbers()
        else:
            self.take_effect()

    def submit_initial(self) -> None:
        if len(self.cases) >= 3:
            return
        materials = self._dated(self.materials)
        case = walk.submit(materials, member=self.cast.member, at=self.now)
        self.cases.append(Expected(case, "initial", self.now, materials=materials))
        statistics["submit"] += 1

    def submit_later_kind(self, pick: int, kind: Kind) -> None:
        first = self._pick(pick)
        if first is None or len(self.cases) >= 5:
            return
        filing = first.case.application.filing
        assert filing is not None
        others = [
            other
            for other in self.cases
            if other is not first and other.case.application.filing_id == filing.pk
        ]
        open_others = [other for other in (first, *others) if other.state in OPEN]
        allowed = filing.standing == "in_force" and filing.ends_on is None
        blocking = [other for other in open_others if kind is Kind.CHANGE or other.kind != "change"]
        materials = self._edited(first)
        today = clock.china_date(self.now).isoformat()
        ends_on = (clock.china_date(self.now) + timedelta(days=90)).isoformat()
        details = {
            "changes": [{"key": "service.description", "changed_on": today}],
            "ends_on": ends_on,
        }
        try:
            case = walk.submit(
                materials,
                member=self.cast.member,
                at=self.now,
                kind=kind,
                filing_id=filing.pk,
                details=details,
            )
        except FilingError:
            assert not allowed or blocking
            return
        assert allowed
        assert not blocking
        for other in others:
            if kind is Kind.CANCELLATION and other.kind == "change" and other.state not in ENDED:
                other.state = "withdrawn"
        self.cases.append(Expected(case, kind.value, self.now, materials=materials, ends_on=ends_on))
        statistics[f"submit_{kind.value}"] += 1

    def likely_act(self, pick: int, choice: int, recommends: str) -> None:
        expected = self._pick(pick)
        if expected is None or expected.state not in LIKELY:
            return
        act, hands = LIKELY[expected.state][choice % len(LIKELY[expected.state])]
        self._try(expected, act, hands[choice % len(hands)], recommends)

    def any_act(self, pick: int, act: Act, hand: str, recommends: str) -> None:
        expected = self._pick(pick)
        if expected is not None:
            self._try(expected, act, hand, recommends)

    def issue_numbers(self) -> None:
        for filing in Filing.objects.filter(standing="awaiting_number"):
            numbering.issue_number(filing.pk, at=self.now)
            statistics["issue_number"] += 1

    def take_effect(self) -> None:
        for filing in Filing.objects.filter(ends_on__isnull=False):
            due = filing.ends_on is not None and filing.ends_on <= clock.china_date(self.now)
            done = ledger.take_effect(filing.pk, at=self.now)
            assert (done is not None) == (due and filing.standing == "in_force")

    # ------------------------------------------------------------ the model

    def _try(self, expected: Expected, act: Act, hand: str, recommends: str) -> None:
        by: Account | None = None if hand == "system" else getattr(self.cast, hand)
        materials = self._edited(expected) if act in (Act.SUPPLEMENT, Act.RESUBMIT) else None
        details = {
            "recommends": recommends,
            "text": "样例",
            "explanation": "样例",
            "question": "样例",
            "reasons": [dict(SAMPLE_REASON)],
            "answers": {"1": "样例"},
        }
        allowed = self._allows(expected, act, hand)
        try:
            walk.act(expected.case, act, by=by, at=self.now, materials=materials, **details)
        except FilingError:
            assert not allowed, (act, hand, expected)
            statistics["refused"] += 1
            return
        assert allowed, (act, hand, expected)
        statistics[act.value] += 1
        self._move(expected, act, hand, recommends, materials)
        row = Application.objects.get(pk=expected.case.application_id)
        assert row.state == expected.state
        assert row.opinion == expected.opinion
        assert row.proposal == expected.proposal
        assert row.revision_number == expected.revision

    def _allows(self, expected: Expected, act: Act, hand: str) -> bool:
        state = expected.state
        province, nation = hand in PROVINCE, hand in NATION
        day_15_ended = self._day_15_ended(expected)
        if act is Act.SUPPLEMENT:
            return hand == "member" and state in ("provincial_review", "national_review")
        if act is Act.FORWARD:
            return province and state == "provincial_review"
        if act is Act.ESCALATE:
            waits = state in ("provincial_review", "provincial_confirmation")
            return hand == "system" and waits and day_15_ended and not expected.escalated
        if act is Act.RETURN_TO_PROVINCE:
            return nation and state == "national_review" and not day_15_ended
        if act is Act.PROPOSE_APPROVAL:
            return nation and state == "national_review" and expected.opinion != "approval"
        if act is Act.PROPOSE_REJECTION:
            return (province and state == "provincial_review") or (
                nation and state == "national_review" and expected.opinion != "rejection"
            )
        if act in (Act.APPROVE, Act.REJECT):
            wanted = "approval" if act is Act.APPROVE else "rejection"
            return nation and state == "national_review" and expected.opinion == wanted
        if act in (Act.CONFIRM, Act.SEND_BACK):
            office = (province and state == "provincial_confirmation") or (
                nation and state == "national_confirmation"
            )
            second = hand != expected.proposer
            same = act is Act.SEND_BACK or expected.proposal_revision == expected.revision
            return office and second and same
        if act is Act.WITHDRAW:
            return hand == "member" and state in (*OPEN, "rejected")
        if act is Act.RESUBMIT:
            return hand == "member" and state == "rejected" and self._may_resubmit(expected)
        if act is Act.LAPSE:
            return hand == "system" and state == "rejected" and self._resubmission_ended(expected)
        if act is Act.WITHDRAW_CANCELLATION:
            before = expected.ends_on is not None and (
                clock.china_date(self.now).isoformat() < expected.ends_on
            )
            return hand == "member" and state == "approved" and expected.kind == "cancellation" and before
        raise AssertionError(act)

    def _move(
        self,
        expected: Expected,
        act: Act,
        hand: str,
        recommends: str,
        materials: dict[str, Any] | None,
    ) -> None:
        if act in (Act.SUPPLEMENT, Act.RESUBMIT) and materials is not None:
            expected.revision += 1
            expected.materials = materials
        if act is Act.FORWARD:
            expected.state, expected.opinion, expected.opinion_by = "national_review", recommends, hand
        elif act in (Act.ESCALATE, Act.RETURN_TO_PROVINCE):
            expected.escalated = expected.escalated or act is Act.ESCALATE
            expected.state = "national_review" if act is Act.ESCALATE else "provincial_review"
            expected.opinion = expected.opinion_by = expected.proposal = expected.proposer = None
        elif act in (Act.PROPOSE_APPROVAL, Act.PROPOSE_REJECTION):
            expected.proposal = "approval" if act is Act.PROPOSE_APPROVAL else "rejection"
            expected.proposer, expected.proposal_revision = hand, expected.revision
            expected.state = expected.state.replace("review", "confirmation")
        elif act is Act.SEND_BACK:
            expected.proposal = expected.proposer = None
            expected.state = expected.state.replace("confirmation", "review")
        elif act in (Act.APPROVE, Act.REJECT, Act.CONFIRM):
            outcome = {Act.APPROVE: "approval", Act.REJECT: "rejection"}.get(act, expected.proposal)
            expected.state = "approved" if outcome == "approval" else "rejected"
            expected.proposal = expected.proposer = None
            expected.rejected_at = self.now
        elif act is Act.RESUBMIT:
            expected.state, expected.received_at = "provincial_review", self.now
            expected.opinion = expected.opinion_by = None
            expected.escalated = False
        elif act in (Act.WITHDRAW, Act.WITHDRAW_CANCELLATION):
            expected.state = "withdrawn"
        elif act is Act.LAPSE:
            expected.state = "lapsed"

    def _day_15_ended(self, expected: Expected) -> bool:
        received_on = clock.china_date(expected.received_at)
        return clock.china_date(self.now) > escalation_on(received_on, current_calendar())

    def _resubmission_ended(self, expected: Expected) -> bool:
        assert expected.rejected_at is not None
        last = resubmission_ends_on(clock.china_date(expected.rejected_at), current_calendar())
        return clock.china_date(self.now) > last

    def _may_resubmit(self, expected: Expected) -> bool:
        application = expected.case.application
        blocking = [
            other
            for other in self.cases
            if other is not expected
            and other.state in OPEN
            and other.case.application.filing_id == application.filing_id
            and (expected.kind != "cancellation" or other.kind != "change")
        ]
        if blocking:
            return False
        if expected.kind != "change":
            return True
        filing = application.filing
        submit = application.events.order_by("sequence").first()
        assert filing is not None
        assert submit is not None
        base = submit.payload["base"]
        return bool(
            base["application_id"] == str(filing.in_force_application_id)
            and base["revision_number"] == filing.in_force_revision_number
        )

    def _pick(self, pick: int) -> Expected | None:
        return self.cases[pick % len(self.cases)] if self.cases else None

    def _dated(self, materials: dict[str, Any]) -> dict[str, Any]:
        dated = copy.deepcopy(materials)
        started = clock.china_date(self.now) - timedelta(days=3)
        dated["service"]["service_started_on"] = started.isoformat()
        return dated

    def _edited(self, expected: Expected) -> dict[str, Any]:
        self.edits += 1
        edited = copy.deepcopy(expected.materials)
        edited["service"]["description"] = f"{self.materials['service']['description']}{self.edits}"
        return edited


def walk_at_random(*, runs: int, acts: int) -> None:
    statistics.clear()
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=acts,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )
    print(dict(statistics))
    assert statistics["runs"] >= runs
    for done in ("approve", "reject", "confirm", "resubmit", "issue_number", "submit_change"):
        assert statistics[done] > 0, done


@pytest.mark.django_db(transaction=True)
def test_50_random_walks_of_30_acts_do_what_the_workflow_says(own_files: Path) -> None:
    walk_at_random(runs=50, acts=30)


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_500_random_walks_of_30_acts_do_what_the_workflow_says(own_files: Path) -> None:
    walk_at_random(runs=500, acts=30)
