"""`manage.py publish_batch`: a dry run that changes nothing, and a publication that needs two officers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from registry import clock
from registry.models import BatchFile, BatchList, Event, JobFailure
from registry.rules.batches.lifecycle import ListKind, ListState
from registry.rules.workflow.states import Act
from tests.builders import batch as batches
from tests.builders import register as build
from tests.builders.batch import LISTING
from tests.builders.register import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _listing() -> Iterator[None]:
    with clock.stopped_at(LISTING + timedelta(minutes=20)):
        yield


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("publish_batch", *arguments, stdout=out)
    return out.getvalue()


def test_a_dry_run_counts_by_province_and_changes_nothing(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    build.in_force(cast, seed=731, at=LISTING - timedelta(hours=12))
    events = Event.objects.count()
    lines = run("--dry-run").splitlines()
    assert lines == ["up to 2026-03-09: 2 services of 2 applicants", "110000 北京市\t2"]
    assert (Event.objects.count(), BatchList.objects.count()) == (events, 0)


def test_a_dry_run_gives_the_numbers_as_json_in_the_order_of_the_list(cast: Cast) -> None:
    found = batches.filings_in_force(cast, 2)
    answer = json.loads(run("--dry-run", "--json", "--up-to", "2026-03-02", "--order", "numbered"))
    assert answer == {
        "kind": "filings",
        "up_to": "2026-03-02",
        "next_number": 1,
        "count": 2,
        "applicants": 2,
        "provinces": {"110000": 2},
        "numbers": [each.number for each in found],
    }


def test_it_publishes_what_two_officers_agreed_on_and_prints_each_step(cast: Cast) -> None:
    batches.filings_in_force(cast, 2)
    batch_list = batches.confirmed(cast)
    lines = run("--confirm").splitlines()
    assert lines[0] == "境内区块链信息服务备案清单（第一批）: 2 entries"
    printed = {line.split("\t")[0]: line.split("\t")[2] for line in lines[1:6]}
    assert printed == dict(BatchFile.objects.values_list("format", "sha256"))
    assert lines[6:] == ["noted 2 of 2", "published; applicants are told by the sweep of notices"]
    batch_list.refresh_from_db()
    assert batch_list.state == ListState.PUBLISHED
    assert Event.objects.filter(act=Act.ENTER_IN_LIST.value).count() == 2


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("none", "No list is underway"),
        ("proposed", "a second officer confirms it"),
        ("later", "2026-03-12 09:00, China time, not earlier"),
    ],
)
def test_it_never_stands_in_for_an_officer_nor_for_the_moment(cast: Cast, state: str, said: str) -> None:
    batches.filings_in_force(cast, 1)
    if state == "proposed":
        batches.proposed(cast)
    if state == "later":
        batches.confirmed(cast, batches.composition(publish_at=datetime(2026, 3, 12, 1, 0, tzinfo=UTC)))
    before = Event.objects.count()
    with pytest.raises(CommandError, match=said):
        run("--confirm")
    assert Event.objects.count() == before


def test_what_fails_is_said_kept_and_gone_on_with(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    batches.filings_in_force(cast, 1)
    batches.confirmed(cast)
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    settings.LIST_ROOT = blocked
    with pytest.raises(CommandError, match=r"not published \(frozen\)"):
        run("--confirm")
    assert JobFailure.objects.filter(job="publish_list").count() == 1
    settings.LIST_ROOT = tmp_path / "lists"
    assert "noted 1 of 1" in run("--confirm")
    assert not JobFailure.objects.exists()


def test_a_list_of_another_kind_is_printed_and_published_by_its_name(cast: Cast) -> None:
    first, _second = batches.filings_in_force(cast, 2)
    batches.cancel(cast, first)
    lines = run("--dry-run", "--kind", "cancelled", "--up-to", "2026-03-09").splitlines()
    assert lines == ["up to 2026-03-09: 1 services of 1 applicants", "110000 北京市\t1"]
    with pytest.raises(CommandError, match="written by hand"):
        run("--dry-run", "--kind", "corrigenda")
    batches.confirmed(cast, batches.composition(kind=ListKind.CANCELLED))
    with pytest.raises(CommandError, match="No list is underway"):
        run("--confirm")
    assert "境内区块链信息服务备案注销清单（第一批）: 1 entries" in run("--confirm", "--kind", "cancelled")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "20260309", "2026-W10-1"])
def test_a_day_out_of_bounds_or_in_another_form_is_refused(day: str) -> None:
    with pytest.raises(CommandError, match=r"Give a day from|is not a day like"):
        run("--dry-run", "--up-to", day)
