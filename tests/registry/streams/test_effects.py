"""Effects stand with their event, are done once, by whoever comes first, and with what was done or not at all."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from registry import clock, tasks
from registry.documents import papers
from registry.integrity.register import verify_register
from registry.models import Event, EventEffect, EventTold, IssuedDocument, Membership, Notice
from registry.notices import filing_notices
from registry.notices import notice as notices
from registry.rules.workflow.effects import EffectKind, EffectOutcome, acts_calling_for
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from registry.streams import effects
from registry.streams.backfill import fill_effects
from review.notices import desk_notices
from review.tasks import sweep_desk_notices, sweep_likeness
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = MORNING + 5 * DAY
MIGRATIONS = (
    import_module("registry.migrations.0021_effects"),
    import_module("review.migrations.0007_effects_of_traits"),
    import_module("registry.migrations.0034_published_records"),
    import_module("registry.migrations.0040_withdrawals_told_to_desks"),
    import_module("registry.migrations.0074_confirmations_told_to_desks"),
)
TELL_APPLICANT, TELL_OFFICE = EffectKind.TELL_APPLICANT, EffectKind.TELL_OFFICE


def many_acts(cast: Cast) -> None:
    """A joint submission, a rejection mended, a change, a change of the applicant, questions and a cancellation."""
    together = uuid.uuid4()
    for seed in (3, 4):
        materials = build.materials_for(cast, seed=3)
        materials["service"]["service_name"] = f"样例平台{seed}"
        walk.submit(materials, member=cast.member, at=MORNING, together_id=together)
    walk.act(
        build.submitted(cast, seed=5),
        Act.WITHDRAW,
        by=cast.member,
        at=MORNING,
        explanation="样例：写明理由",
    )
    build.rejected(cast, seed=6)
    case = build.forwarded(cast, seed=7)
    walk.act(
        case, Act.RETURN_TO_PROVINCE, by=cast.national, at=MORNING + DAY, question="样例问题：网站归谁所有？"
    )
    build.forward(cast, case, at=MORNING + DAY)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.national, at=MORNING + DAY, reasons=reasons, text="样例")
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=MORNING + DAY)
    change = build.change_asked(cast)
    build.forward(cast, change, at=MORNING + 2 * DAY)
    walk.act(change, Act.APPROVE, by=cast.national, at=MORNING + 2 * DAY, text="样例")
    cancellation = walk.submit(
        build.materials_for(cast),
        member=cast.member,
        at=MORNING + 3 * DAY,
        kind=Kind.CANCELLATION,
        filing_id=change.application.filing_id,
        details={"ends_on": "2026-06-01", "arrangement": "样例"},
    )
    build.forward(cast, cancellation, at=MORNING + 3 * DAY, recommends=Outcome.APPROVAL)
    walk.act(cancellation, Act.APPROVE, by=cast.national, at=MORNING + 3 * DAY, text="样例")


def sweep_all() -> list[int]:
    with clock.stopped_at(NOW):
        return [
            tasks.sweep_notices(),
            sweep_desk_notices(),
            tasks.sweep_documents(),
            sweep_likeness(),
            tasks.sweep_records(),
        ]


def rows() -> list[tuple[Any, ...]]:
    found = EventEffect.objects.order_by("event__at", "event_id", "kind")
    return list(found.values_list("event_id", "kind", "done_at", "outcome"))


def as_the_version_before_left_it() -> None:
    """What it told stands in its own table; effects it does not know."""
    audiences = {TELL_APPLICANT.value: "applicant", TELL_OFFICE.value: "office"}
    for effect in EventEffect.objects.filter(kind__in=audiences, done_at__isnull=False):
        EventTold.objects.create(
            event_id=effect.event_id, audience=audiences[effect.kind], at=effect.done_at or NOW
        )
    EventEffect.objects.all().delete()


def test_the_table_names_exactly_the_acts_that_the_handlers_know() -> None:
    assert acts_calling_for(TELL_APPLICANT) == set(filing_notices._CONTENTS)
    assert acts_calling_for(TELL_OFFICE) == set(desk_notices._ABOUT)


def test_what_is_done_is_done_once_and_the_register_is_whole_before_and_after(cast: Cast) -> None:
    many_acts(cast)
    assert EventEffect.objects.filter(done_at__isnull=False).count() == 0
    assert verify_register().violations == []
    # What a published list and an objection call for is tested with them.
    elsewhere = (EffectKind.ENTRIES, EffectKind.TELL_OBJECTOR)
    counts = {kind.value: effects.undone(kind).count() for kind in EffectKind if kind not in elsewhere}
    assert all(counts.values())
    called = [counts[kind] for kind in ("tell_applicant", "tell_office", "paper", "traits")]
    # One writing of a record stands for all events of its filing.
    assert sweep_all() == [*called, 1]
    assert counts["record"] > 1
    assert sweep_all() == [0, 0, 0, 0, 0]
    assert verify_register().violations == []
    assert IssuedDocument.objects.count() == counts["paper"]


def test_that_there_was_nobody_to_tell_is_an_outcome(cast: Cast) -> None:
    build.submitted(cast)
    Membership.objects.update(revoked_at=MORNING)
    told = effects.events_awaiting(TELL_APPLICANT)
    assert [filing_notices.notify_applicant(event_id, at=NOW) for event_id in told] == [0]
    effect = EventEffect.objects.get(kind=TELL_APPLICANT.value)
    assert (effect.done_at, effect.outcome) == (NOW, EffectOutcome.NOBODY.value)
    assert effects.events_awaiting(TELL_APPLICANT) == []


def test_a_death_between_act_and_mark_leaves_neither(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    build.submitted(cast)

    def die(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    for sweep in (tasks.sweep_notices, tasks.sweep_documents):
        with monkeypatch.context() as patched:
            patched.setattr(effects, "settle", die)
            with pytest.raises(KeyboardInterrupt), transaction.atomic():
                sweep()
        assert (Notice.objects.count(), IssuedDocument.objects.count()) == (0, 0)
    assert EventEffect.objects.filter(done_at__isnull=False).count() == 0
    assert sweep_all()[0] == 1
    assert verify_register().violations == []


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_workers_leaves_what_the_first_has_taken(cast: Cast) -> None:
    build.submitted(cast)
    (event_id,) = effects.events_awaiting(TELL_APPLICANT)
    given: list[int] = []

    def second() -> None:
        given.append(filing_notices.notify_applicant(event_id, at=NOW))
        connection.close()

    with transaction.atomic():
        assert effects.take(event_id, TELL_APPLICANT) is not None
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=30)
        assert given == [0]
        assert Notice.objects.count() == 0
    assert filing_notices.notify_applicant(event_id, at=NOW) == 1
    assert notices.inbox_of(cast.member).count() == 1


def test_a_page_and_the_sweep_settle_a_paper_alike(cast: Cast) -> None:
    case = build.submitted(cast)
    event = case.application.events.get()
    document = papers.issue_paper(event.pk)
    effect = EventEffect.objects.get(kind=EffectKind.PAPER.value)
    assert (effect.done_at, effect.outcome) == (document.created_at, EffectOutcome.DONE.value)
    assert papers.to_make(most=9) == []


def test_the_migration_and_the_command_fill_in_what_the_ledger_would_have(cast: Cast) -> None:
    many_acts(cast)
    sweep_all()
    # Something is left undone.
    build.rejected(cast, seed=8, at=MORNING + DAY)
    expected = rows()
    as_the_version_before_left_it()
    with connection.cursor() as cursor:
        for migration in MIGRATIONS:
            # All they ask of a schema editor is to execute.
            migration.insert_effects(apps, cursor)
    # Traits have no moment of their own: the event's is taken. Records are written again. Of earlier withdrawals no
    # desk is told, and nobody of an earlier confirmation.
    moments = dict(Event.objects.values_list("pk", "at"))
    now_told = [Act.WITHDRAW.value, Act.CONFIRM.value]
    since_told = Event.objects.filter(act__in=now_told).values_list("pk", flat=True)
    assert rows() == [
        (event, kind, None, "")
        if kind == "record"
        else (event, kind, moments[event], "nobody")
        if kind == "tell_office" and event in since_told
        else (event, kind, moments[event] if kind == "traits" and done_at else done_at, outcome)
        for event, kind, done_at, outcome in expected
    ]
    assert verify_register().violations == []
    EventEffect.objects.all().delete()
    assert fill_effects() == len(expected)
    # Whether there are traits and records is not asked: they are made again.
    assert rows() == [
        (event, kind, None, "") if kind in ("traits", "record") else (event, kind, done_at, outcome)
        for event, kind, done_at, outcome in expected
    ]
    assert fill_effects() == 0


def test_what_happened_before_there_were_notices_counts_as_told_to_nobody(cast: Cast) -> None:
    case = build.submitted(cast)
    event = case.application.events.get()
    EventTold.objects.create(event=event, audience="applicant", at=event.at)
    call_command("carry_over")
    effect = EventEffect.objects.get(kind=TELL_APPLICANT.value)
    assert (effect.done_at, effect.outcome) == (event.at, "nobody")
    assert verify_register().violations == []


def test_a_second_run_of_the_command_finds_nothing(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    build.in_force(cast)
    EventEffect.objects.filter(kind=EffectKind.PAPER.value).delete()
    for _run in range(2):
        call_command("carry_over")
    assert capsys.readouterr().out.splitlines() == [
        "Acts about members carried over: 0.",
        "Effects of events carried over: 2.",
        "Filings made findable by the public search: 0.",
        "Filings made findable by former names: 0.",
        "Cases made findable by the offices' search: 0.",
        "Acts about members carried over: 0.",
        "Effects of events carried over: 0.",
        "Filings made findable by the public search: 0.",
        "Filings made findable by former names: 0.",
        "Cases made findable by the offices' search: 0.",
    ]


def test_what_is_undone_is_found_in_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    build.in_force(cast)
    sweep_all()
    for kind in EffectKind:
        with django_assert_num_queries(1):
            assert effects.events_awaiting(kind) == []


def test_what_is_read_of_all_events_calls_for_the_effects_that_each_event_alone_does(cast: Cast) -> None:
    many_acts(cast)
    read = {event_id: effects.effects_by(cause) for event_id, cause in effects.causes(100)}
    assert read == {event.pk: effects.effects_called_for(event) for event in Event.objects.all()}
    assert len({found for found in read.values() if found}) > 3
