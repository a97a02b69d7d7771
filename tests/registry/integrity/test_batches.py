"""The check reads in batches: its queries do not grow with the register, and one bad row hides no other."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.integrity.digests import make_digest
from registry.integrity.reading import Progress, in_batches, side_by_side
from registry.integrity.register import verify_register, verify_stream
from registry.management.commands.check_register import now_and_then
from registry.models import Application, Event, Filing
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.registry.integrity.test_verification import without_triggers

pytestmark = pytest.mark.django_db


def queries_of_a_check() -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert verify_register().violations == []
    return [query["sql"] for query in captured.captured_queries]


def enter_cases(cast: Cast, seeds: range) -> None:
    """For each seed an applicant with a filing in force and two filings of a joint submission."""
    for seed in seeds:
        build.in_force(cast, seed=seed)
        materials = build.materials_for(cast, seed=seed)
        together = uuid.uuid4()
        for name in ("甲", "乙"):
            materials["service"]["service_name"] = f"样例平台{name}{seed}"
            walk.submit(materials, member=cast.member, at=MORNING + timedelta(days=1), together_id=together)


def test_a_check_of_three_times_as_many_streams_asks_as_many_queries(cast: Cast) -> None:
    enter_cases(cast, range(1, 11))
    make_digest(MORNING + timedelta(days=2))
    assert Filing.objects.count() == 30
    of_30 = queries_of_a_check()
    enter_cases(cast, range(11, 31))
    assert Filing.objects.count() == 90
    of_90 = queries_of_a_check()
    assert len(of_90) == len(of_30)


def test_one_stream_is_verified_as_in_the_check_of_all(cast: Cast) -> None:
    for seed in (1, 2, 3):
        build.in_force(cast, seed=seed)
    altered = Filing.objects.earliest("pk")
    members = Event.objects.filter(stream_kind="membership").earliest("pk").stream_id
    Filing.objects.filter(pk=altered.pk).update(service_name="改过的名称")
    without_triggers("registry_event", "UPDATE registry_event SET actor_role = 'auditor' WHERE sequence = 1")
    found = verify_register().violations
    for stream_id in (altered.pk, members):
        of_stream = [each for each in found if each.subject == str(stream_id)]
        assert verify_stream(stream_id).violations == of_stream
        assert len(of_stream) == (2 if stream_id == altered.pk else 1)


def test_a_stream_that_does_not_fold_hides_no_other_of_its_batch(cast: Cast) -> None:
    for seed in (1, 2, 3):
        build.in_force(cast, seed=seed)
    first, second, third = Filing.objects.order_by("pk")
    without_triggers(
        "registry_event",
        f"UPDATE registry_event SET payload = 'null' WHERE sequence = 1 AND stream_id = '{second.pk}'",
    )
    Filing.objects.filter(pk__in=(first.pk, third.pk)).update(service_name="改过的名称")
    lost = Application.objects.get(filing=second)
    submitted = Event.objects.get(stream_id=second.pk, sequence=1)
    assert sorted((each.code, each.subject, each.detail) for each in verify_register().violations) == sorted(
        [
            ("row_differs_from_events", str(first.pk), "filing.service_name"),
            ("event_altered", str(second.pk), "event 1"),
            ("stream_does_not_fold", str(second.pk), "TypeError"),
            ("row_differs_from_events", str(third.pk), "filing.service_name"),
            ("row_without_events", str(second.pk), "filing"),
            ("row_without_events", str(lost.pk), "application"),
            ("event_malformed", str(submitted.pk), "TypeError"),
            ("revision_not_as_recorded", str(lost.revisions.get().pk), ""),
        ]
    )


def test_events_that_never_opened_their_filing_are_named(cast: Cast) -> None:
    build.submitted(cast)
    filing = Filing.objects.get()
    statement = """UPDATE registry_event SET payload = jsonb_set(payload, '{kind}', '"change"')"""
    without_triggers("registry_event", f"{statement} WHERE stream_kind = 'filing'")
    named = [each for each in verify_register().violations if each.code == "row_without_events"]
    assert [(each.subject, each.detail) for each in named] == [(str(filing.pk), "filing")]


def test_a_receipt_number_that_is_left_out_is_named(cast: Cast) -> None:
    for seed in (1, 2, 3):
        build.submitted(cast, seed=seed)
    head = Application.objects.earliest("receipt_number").receipt_number.rpartition("-")[0]
    moved = Application.objects.filter(receipt_number=f"{head}-000002")
    assert moved.update(receipt_number=f"{head}-000004") == 1
    named = [each for each in verify_register().violations if each.code == "receipt_numbers_have_gaps"]
    assert [(each.subject, each.detail) for each in named] == [(head, "last 3")]


def test_tables_are_read_side_by_side_in_the_order_of_their_key() -> None:
    first, second = [(1, "a"), (1, "b"), (3, "c")], [(1, "x"), (2, "y")]
    assert list(side_by_side(first, second)) == [
        (1, [[(1, "a"), (1, "b")], [(1, "x")]]),
        (2, [[], [(2, "y")]]),
        (3, [[(3, "c")], []]),
    ]
    assert list(in_batches(range(5), size=2)) == [[0, 1], [2, 3], [4]]


def test_progress_is_said_every_thousand_rows_and_loses_none() -> None:
    said: list[tuple[str, int]] = []
    rows = Progress(lambda what, number: said.append((what, number))).through(range(2500), "events")
    assert list(rows) == list(range(2500))
    assert said == [("events", 0), ("events", 1000), ("events", 2000)]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_check_that_is_soon_done_says_nothing_of_how_far_it_is(cast: Cast) -> None:
    build.in_force(cast)
    out, terminal = io.StringIO(), Terminal()
    call_command("check_register", stdout=out, stderr=terminal)
    assert terminal.getvalue() == ""
    assert out.getvalue().endswith(": 0 violations\n")
    assert out.getvalue().count("\n") == 1


@pytest.mark.parametrize(("seconds", "expected"), [(0, ["events 0", "events 1000"]), (3600, [])])
def test_how_far_it_is_is_said_at_most_once_in_so_many_seconds(seconds: float, expected: list[str]) -> None:
    said: list[str] = []
    say = now_and_then(lambda what, number: said.append(f"{what} {number}"), seconds=seconds)
    say("events", 0)
    say("events", 1000)
    assert said == expected
