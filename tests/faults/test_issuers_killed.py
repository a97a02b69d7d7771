"""Issuing processes killed at any moment: every approved filing ends with exactly one number."""

from __future__ import annotations

import random
import signal
import time
import uuid

import pytest

from registry.integrity.register import verify_register
from registry.jobs import runs
from registry.models import Event, Filing, JobFailure, NumberHead
from registry.rules.workflow.states import Act
from tests.builders import register as build
from tests.builders.register import Cast
from tests.faults import issuer
from tests.services.forks import ForkServerProcess, start_fork

ISSUERS = 4
APPLICANTS = 20
TIME_LIMIT_SECONDS = 240

pytestmark = pytest.mark.django_db(transaction=True)


def start_issuer() -> ForkServerProcess:
    return start_fork(issuer.main)


def kill(process: ForkServerProcess) -> bool:
    """SIGKILL; gives whether that is what the process died of."""
    process.kill()
    process.join(timeout=10)
    return process.exitcode == -signal.SIGKILL


def issued_count() -> int:
    return Filing.objects.filter(number__isnull=False).count()


def kill_issuers_until_all_is_issued(*, approvals: int, kills: int, seed: int, limit_seconds: int) -> int:
    """Kills a random issuer whenever another share of the numbers is out; gives how many died.

    Numbers come out in groups: all kills fall before the last group is out.
    """
    before_the_last = approvals - runs.TOGETHER
    chance = random.Random(seed)
    issuers = [start_issuer() for _ in range(ISSUERS)]
    killed = 0
    deadline = time.monotonic() + limit_seconds
    try:
        while (issued := issued_count()) < approvals:
            assert time.monotonic() < deadline, f"{issued} of {approvals} after {limit_seconds} s"
            running = [each for each in issuers if each.is_alive()]
            if running and killed < kills and issued >= killed * before_the_last // kills:
                killed += kill(chance.choice(running))
            issuers = [each for each in issuers if each.is_alive()]
            if issued_count() < approvals:
                issuers += [start_issuer() for _ in range(ISSUERS - len(issuers))]
            time.sleep(chance.uniform(0.01, 0.1))
    finally:
        for each in issuers:
            kill(each)
    return killed


def issue_under_fire(cast: Cast, *, approvals: int, kills: int, limit_seconds: int) -> None:
    files = [build.materials_for(cast, seed=seed)["attachments"] for seed in range(APPLICANTS)]
    for position in range(approvals):
        seed = position % APPLICANTS
        build.approved(cast, seed=seed, files=files[seed])
    assert issued_count() == 0
    killed = kill_issuers_until_all_is_issued(
        approvals=approvals, kills=kills, seed=20261122, limit_seconds=limit_seconds
    )
    assert killed == kills
    numbers = list(Filing.objects.values_list("number", flat=True))
    assert len(set(numbers)) == approvals
    assert Event.objects.filter(act=Act.ISSUE_NUMBER.value).count() == approvals
    per_filing = Event.objects.filter(act=Act.ISSUE_NUMBER.value).values_list("filing_id", flat=True)
    assert len(set(per_filing)) == approvals
    assert sum(NumberHead.objects.values_list("last_sequence", flat=True)) == approvals
    report = verify_register()
    assert report.violations == []
    assert report.counts["numbers"] == approvals


def test_200_approvals_4_issuers_20_kills_give_one_number_each(cast: Cast) -> None:
    issue_under_fire(cast, approvals=200, kills=20, limit_seconds=TIME_LIMIT_SECONDS)


@pytest.mark.proof
def test_2000_approvals_4_issuers_200_kills_give_one_number_each(cast: Cast) -> None:
    issue_under_fire(cast, approvals=2_000, kills=200, limit_seconds=3_000)


def test_an_unknown_filing_is_a_failure_that_the_sweep_survives(cast: Cast) -> None:
    subject = uuid.uuid4()
    runs.record_failure("issue_number", subject, RuntimeError("x"))
    runs.record_failure("issue_number", subject, RuntimeError("x"))
    assert JobFailure.objects.get().attempts == 2
    runs.do_each("issue_number", [], lambda _subject: None)
    assert not JobFailure.objects.exists()
