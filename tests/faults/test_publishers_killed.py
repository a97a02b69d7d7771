"""Publishing processes killed at any moment: one list, one set of files, and nothing half-shown to any reader."""

from __future__ import annotations

import hashlib
import random
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from multiprocessing.context import ForkServerProcess
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from registry import clock
from registry.batches import files, lists
from registry.integrity.register import verify_register
from registry.models import BatchEntry, BatchFile, BatchList, Event, ListCounter
from registry.public.limits import AddressThrottle
from registry.publication.addresses import list_path
from registry.rules.batches.lifecycle import ListAct, ListKind, ListState
from registry.rules.workflow.states import Act
from tests.builders import batch as batches
from tests.builders.batch import LISTING
from tests.builders.register import Cast
from tests.faults import publisher
from tests.faults.test_issuers_killed import kill
from tests.services.forks import start_fork

PUBLISHERS = 2
FILINGS = 6
KILLS = 20
POLL_SECONDS = 0.05
TIME_LIMIT_SECONDS = 150

pytestmark = pytest.mark.django_db(transaction=True)


def _start(moment: datetime, until: ListState) -> ForkServerProcess:
    return start_fork(publisher.main, str(settings.LIST_ROOT), moment.isoformat(), until.value)


def _look(client: Client, kind: ListKind) -> bool:
    """What a reader sees: nothing, or the whole list with its files and entries. Gives whether it is there."""
    address = "/api/v1" + list_path(1, kind)
    answer = client.get(address)
    if answer.status_code == HTTPStatus.NOT_FOUND:
        return False
    assert answer.status_code == HTTPStatus.OK
    shown: dict[str, Any] = answer.json()
    assert shown["count"] == FILINGS
    assert [each["format"] for each in shown["files"]] == list(BatchFile.Format.values)
    entries = client.get(f"{address}entries/").json()
    assert (entries["total"], len(entries["results"])) == (FILINGS, FILINGS)
    chosen = random.choice(shown["files"])
    served = client.get("/files/lists/" + chosen["url"].split("/files/lists/")[1])
    assert hashlib.sha256(served.content).hexdigest() == chosen["sha256"]
    return True


def _under_fire(
    kind: ListKind, moment: datetime, until: ListState, *, kills: int, seed: int, limit_seconds: int
) -> int:
    """Kills a publisher again and again until the list is in a state; polls as a reader. Gives how many died."""
    chance = random.Random(seed)
    client = Client()
    publishers = [_start(moment, until) for _ in range(PUBLISHERS)]
    killed, next_kill, was_there = 0, time.monotonic() + chance.uniform(0.1, 0.6), False
    deadline = time.monotonic() + limit_seconds
    try:
        while killed < kills or not _is_done(kind, until):
            assert time.monotonic() < deadline, f"{killed} kills, {BatchList.objects.values_list('state')}"
            is_there = _look(client, kind)
            assert is_there or not was_there, "a list that was shown is shown for ever"
            was_there = is_there
            running = [each for each in publishers if each.is_alive()]
            if running and killed < kills and time.monotonic() > next_kill:
                killed += kill(chance.choice(running))
                next_kill = time.monotonic() + chance.uniform(0.1, 1.2)
            publishers = [each for each in publishers if each.is_alive()]
            publishers += [_start(moment, until) for _ in range(PUBLISHERS - len(publishers))]
            time.sleep(POLL_SECONDS)
    finally:
        for each in publishers:
            kill(each)
    return killed


def _is_done(kind: ListKind, until: ListState) -> bool:
    noting = Event.objects.filter(act=Act.ENTER_IN_LIST.value, payload__list_kind=kind.value)
    noted = noting.count()
    return BatchList.objects.filter(state=until.value).exists() and noted == FILINGS


def _publish_under_fire(
    cast: Cast, kind: ListKind, monkeypatch: pytest.MonkeyPatch, *, kills: int, limit_seconds: int
) -> None:
    """Publishes a list, and makes it final where its kind has a window, under fire."""
    monkeypatch.setattr(AddressThrottle, "allow_request", lambda *_arguments: True)
    for filing in batches.filings_in_force(cast, FILINGS):
        if kind is ListKind.CANCELLED:
            batches.cancel(cast, filing)
    batch_list = batches.confirmed(cast, batches.composition(kind=kind))
    shown_at = LISTING + timedelta(hours=1)
    done = _under_fire(
        kind, shown_at, ListState.PUBLISHED, kills=kills, seed=20261127, limit_seconds=limit_seconds
    )
    assert done == kills
    digests = {each.format: each.sha256 for each in BatchFile.objects.all()}
    expected = [ListAct.PROPOSE, ListAct.CONFIRM, ListAct.FREEZE, ListAct.PUBLISH]
    if kind.has_window:
        with clock.stopped_at(shown_at):
            batch_list.refresh_from_db()
            final_at = clock.start_of(lists.final_from(batch_list))
        done = _under_fire(
            kind, final_at, ListState.FINAL, kills=kills, seed=20261128, limit_seconds=limit_seconds
        )
        assert done == kills
        expected.append(ListAct.FINALISE)
    acts = Event.objects.filter(stream_id=batch_list.pk).order_by("sequence").values_list("act", flat=True)
    assert list(acts) == [act.value for act in expected]
    assert (BatchList.objects.count(), BatchEntry.objects.count()) == (1, FILINGS)
    assert ListCounter.objects.get().last == 1
    assert {each.format: each.sha256 for each in BatchFile.objects.all()} == digests
    # A file is written before its row: what a kill left without one is removed a day later.
    files.remove_orphans(now=clock.now() + timedelta(days=2))
    assert verify_register().violations == []


KINDS = pytest.mark.parametrize("kind", [ListKind.FILINGS, ListKind.CANCELLED])


@KINDS
def test_20_kills_while_publishing_and_20_while_finalising(
    cast: Cast, kind: ListKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish_under_fire(cast, kind, monkeypatch, kills=KILLS, limit_seconds=TIME_LIMIT_SECONDS)


@KINDS
@pytest.mark.proof
def test_200_kills_while_publishing_and_200_while_finalising(
    cast: Cast, kind: ListKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish_under_fire(cast, kind, monkeypatch, kills=200, limit_seconds=1_200)
