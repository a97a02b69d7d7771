"""Two officers on one case at the same moment: one outcome, and the other is told."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, models

from registry.book import ledger
from registry.book.act_request import Actor, Request, Seen
from registry.errors import FilingError, NotFound
from registry.integrity.register import verify_register
from registry.models import Account, Application, Event
from registry.rules.workflow.grounds import Marks
from registry.rules.workflow.states import Act
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.faults.racing import run_together

PAIRS = 100
AT = MORNING + timedelta(hours=5)

pytestmark = pytest.mark.django_db(transaction=True)


def cases_in_national_review(cast: Cast, count: int) -> list[uuid.UUID]:
    files = build.materials_for(cast)["attachments"]
    return [build.forwarded(cast, files=files).application_id for _ in range(count)]


def approve(application_id: uuid.UUID, officer: Account, seen: Seen, ready: threading.Barrier) -> str:
    """One officer's approval from a screen that both have open: approved, refused or stopped."""
    try:
        request = Request(details={"text": officer.name}, marks=Marks(is_answered=True), seen=seen)
        ready.wait(timeout=20)
        ledger.record(Act.APPROVE, application_id, actor=Actor.of(officer), request=request, at=AT)
    except FilingError as refusal:
        return f"refused: {refusal.code}"
    except IntegrityError:
        return "stopped by the database"
    finally:
        connection.close()
    return "approved"


def race(application_id: uuid.UUID, officers: tuple[Account, Account]) -> tuple[str, ...]:
    row = Application.objects.get(pk=application_id)
    seen = Seen(row.revision_number, row.last_event_sequence)
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def run(officer: Account) -> None:
        outcomes.append(approve(application_id, officer, seen, ready))

    threads = [threading.Thread(target=run, args=(officer,)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return tuple(sorted(outcomes))


def race_all(cast: Cast, count: int) -> Counter[tuple[str, ...]]:
    officers = (cast.national, cast.national_second)
    return Counter(race(case, officers) for case in cases_in_national_review(cast, count))


@contextmanager
def lock_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reads rows without their lock, and lets both sides read before either writes."""
    barriers: dict[uuid.UUID, threading.Barrier] = {}
    guard = threading.Lock()

    def read(model: type[models.Model], row_id: uuid.UUID) -> models.Model:
        row = model._default_manager.filter(pk=row_id).first()
        if row is None:
            raise NotFound("row_unknown")
        if model is Application:
            with guard:
                barrier = barriers.setdefault(row_id, threading.Barrier(2))
            barrier.wait(timeout=20)
        return row

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "lock_row", read)
        yield


def test_without_the_lock_both_reviewers_get_through_to_the_database(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = cases_in_national_review(cast, PAIRS)
    officers = (cast.national, cast.national_second)
    with lock_off(monkeypatch):
        outcomes = Counter(race(case, officers) for case in cases)
    doubled = outcomes["approved", "approved"] + outcomes["approved", "stopped by the database"]
    assert doubled >= 90, outcomes


def test_100_pairs_of_approvals_have_one_outcome_each(cast: Cast) -> None:
    outcomes = race_all(cast, PAIRS)
    assert outcomes == {("approved", "refused: moved_on"): PAIRS}
    assert Event.objects.filter(act=Act.APPROVE.value).count() == PAIRS
    assert verify_register().violations == []


def test_a_double_click_gives_both_requests_the_same_event(cast: Cast) -> None:
    (case,) = cases_in_national_review(cast, 1)
    row = Application.objects.get(pk=case)
    request = Request(
        details={"text": "样例"},
        marks=Marks(is_answered=True),
        seen=Seen(row.revision_number, row.last_event_sequence),
        idempotency_key=uuid.uuid4(),
    )
    events: list[uuid.UUID] = []

    def click() -> None:
        try:
            actor = Actor.of(cast.national)
            events.append(ledger.record(Act.APPROVE, case, actor=actor, request=request, at=AT).pk)
        finally:
            connection.close()

    run_together([click, click])
    assert len(events) == 2
    assert len(set(events)) == 1
