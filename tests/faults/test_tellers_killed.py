"""Sweeping processes killed between what they do and its mark: every effect is done exactly once."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from multiprocessing.context import ForkServerProcess

import pytest
from django.conf import settings

from registry import clock
from registry.documents import issuing
from registry.integrity.register import verify_register
from registry.models import EventEffect, IssuedDocument, Notice, PublishedRecord
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.faults import teller
from tests.faults.test_issuers_killed import kill
from tests.services.forks import start_fork

TELLERS = 2
CASES = 8
KILLS = 8
TIME_LIMIT_SECONDS = 120

pytestmark = pytest.mark.django_db(transaction=True)


def start_teller() -> ForkServerProcess:
    return start_fork(teller.main, str(settings.DOCUMENT_ROOT))


def done_count() -> int:
    return EventEffect.objects.filter(done_at__isnull=False).count()


def test_two_workers_and_8_kills_do_every_effect_once(cast: Cast) -> None:
    for seed in range(CASES):
        build.in_force(cast, seed=seed, at=MORNING + timedelta(minutes=seed))
    called_for = EventEffect.objects.count()
    assert (called_for, done_count()) == (CASES * 7, 0)
    chance = random.Random(20261126)
    tellers = [start_teller() for _ in range(TELLERS)]
    killed = 0
    deadline = time.monotonic() + TIME_LIMIT_SECONDS
    try:
        while (done := done_count()) < called_for:
            assert time.monotonic() < deadline, f"{done} of {called_for}"
            running = [each for each in tellers if each.is_alive()]
            if running and killed < KILLS and done >= killed * called_for // KILLS:
                killed += kill(chance.choice(running))
            tellers = [each for each in tellers if each.is_alive()]
            tellers += [start_teller() for _ in range(TELLERS - len(tellers))]
            time.sleep(chance.uniform(0.01, 0.1))
    finally:
        for each in tellers:
            kill(each)
    assert killed == KILLS
    assert set(EventEffect.objects.values_list("outcome", flat=True)) == {"done"}
    # One notice of each submission, approval and number to the one member; a receipt and a decision notice each.
    assert Notice.objects.count() == CASES * 3
    assert IssuedDocument.objects.count() == CASES * 2
    assert PublishedRecord.objects.count() == CASES
    # A paper's file is written before its row: what a kill left without one is removed a day later.
    issuing.remove_orphans(now=clock.now() + timedelta(days=2))
    assert verify_register().violations == []
