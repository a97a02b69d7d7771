"""Random walks over the real ledger on PostgreSQL, against a small model written from the workflow.

Each run lives in one transaction that is rolled back; `check_register` must be clean at its end.
"""

from __future__ import annotations

import copy
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from registry import clock
from registry.book import endings, numbering
from registry.errors import FilingError
from registry.integrity.register import verify_register
from registry.models import Account, Application, Filing
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from tests.builders import register as build
from tests.builders import striking_off
from tests.builders.register import MORNING, Cast
from tests.registry.book.ledger_model import ENDED, HANDS, NATION, OPEN, PROVINCE, Expected

DETAILS_OF = {
    Act.SUPPLEMENT: ("explanation", "answers"),
    Act.ASK: ("points", "answer_by"),
    Act.FORWARD: ("recommends", "text"),
    Act.RETURN_TO_PROVINCE: ("question",),
    Act.PROPOSE_APPROVAL: ("text",),
    Act.PROPOSE_REJECTION: ("reasons", "text"),
    Act.APPROVE: ("text",),
    Act.REJECT: ("reasons", "text"),
    Act.SEND_BACK: ("explanation",),
    Act.WITHDRAW: ("explanation",),
    Act.WITHDRAW_CANCELLATION: ("explanation",),
    Act.RESUBMIT: ("answers",),
}
ACTS = [
    Act.SUPPLEMENT,
    Act.ASK,
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
        (Act.ASK, PROVINCE),
        (Act.SUPPLEMENT, ("member",)),
    ),
    "provincial_confirmation": ((Act.CONFIRM, PROVINCE), (Act.SEND_BACK, PROVINCE)),
    "national_review": (
        *[(Act.APPROVE, NATION)] * 5,
        (Act.REJECT, NATION),
        (Act.PROPOSE_APPROVAL, NATION),
        (Act.PROPOSE_REJECTION, NATION),
        (Act.ASK, NATION),
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
    + ["sleep", "take_effect", "strike_off"]
)

statistics: Counter[str] = Counter()


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
        elif step == "strike_off":
            self.strike_off(pick)
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
            "arrangement": "样例",
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
        if kind is Kind.CANCELLATION:
            self._close_changes(first)
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
            done = endings.take_effect(filing.pk, at=self.now)
            assert (done is not None) == (due and filing.standing == "in_force")

    def strike_off(self, pick: int) -> None:
        """What is open about the filing is over; of a rejected application nothing can be submitted again."""
        expected = self._pick(pick)
        filing = None if expected is None else expected.case.application.filing
        if filing is None or filing.standing != "in_force":
            return
        striking_off.struck_off(self.cast, filing, at=self.now)
        for other in self.cases:
            is_about_it = other.case.application.filing_id == filing.pk
            if is_about_it and other.kind != "initial" and other.state in (*OPEN, "rejected"):
                other.end("withdrawn")
        statistics["strike_off"] += 1

    # ------------------------------------------------------------ the model

    def _try(self, expected: Expected, act: Act, hand: str, recommends: str) -> None:
        by: Account | None = None if hand == "system" else getattr(self.cast, hand)
        materials = self._edited(expected) if act in (Act.SUPPLEMENT, Act.RESUBMIT) else None
        given: dict[str, Any] = {
            "recommends": recommends,
            "text": "样例意见：均已核对",
            "explanation": "样例：请再核对一次",
            "question": "样例：网站归谁所有？",
            "reasons": [dict(SAMPLE_REASON)],
            "points": [dict(SAMPLE_REASON)],
            "answer_by": expected.day_to_answer(self.now).isoformat(),
            "answers": {"1": "样例"},
        }
        details = {name: given[name] for name in DETAILS_OF.get(act, ())}
        allowed = expected.allows(act, hand, now=self.now, others=self.cases)
        try:
            walk.act(expected.case, act, by=by, at=self.now, materials=materials, **details)
        except FilingError:
            assert not allowed, (act, hand, expected)
            statistics["refused"] += 1
            return
        assert allowed, (act, hand, expected)
        statistics[act.value] += 1
        expected.move(act, hand, recommends, materials, now=self.now)
        if act is Act.RESUBMIT and expected.kind == "cancellation":
            self._close_changes(expected)
        row = Application.objects.get(pk=expected.case.application_id)
        assert row.state == expected.state
        assert row.opinion == expected.opinion
        assert row.proposal == expected.proposal
        assert row.revision_number == expected.revision
        assert row.asked_until == expected.asked_until

    def _close_changes(self, same_filing_as: Expected) -> None:
        """A cancellation that is handed in closes the open changes of its filing."""
        filing_id = same_filing_as.case.application.filing_id
        for other in self.cases:
            is_open_change = other.kind == "change" and other.state not in ENDED
            if is_open_change and other.case.application.filing_id == filing_id:
                other.end("withdrawn")

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
    for done in ("ask", "approve", "reject", "confirm", "resubmit", "issue_number", "submit_change"):
        assert statistics[done] > 0, done


@pytest.mark.django_db(transaction=True)
def test_50_random_walks_of_30_acts_do_what_the_workflow_says(own_files: Path) -> None:
    walk_at_random(runs=50, acts=30)


@pytest.mark.proof
@pytest.mark.django_db(transaction=True)
def test_500_random_walks_of_30_acts_do_what_the_workflow_says(own_files: Path) -> None:
    walk_at_random(runs=500, acts=30)
