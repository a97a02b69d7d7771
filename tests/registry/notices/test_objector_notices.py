"""Who objects is told by the contact proved by a code, once each, whatever is killed; a letter is answered on paper."""

from __future__ import annotations

import importlib
import json
import logging
import threading
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core import mail as mailbox
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import QuerySet

from registry import clock, tasks
from registry.batches import objections
from registry.book.act_request import Actor
from registry.calendar.objection_days import decision_due
from registry.errors import TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Account, BatchList, Delivery, Event, EventEffect, Notice, Objection, ObjectionPart
from registry.notices import delivery, objector_notices
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.workflow.effects import EffectKind
from registry.streams import effects
from registry.streams.backfill import fill_effects
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders.objection import OBJECTING
from tests.builders.register import MORNING, Cast
from tests.registry.notices.gateways import Gateway, Mode

pytestmark = pytest.mark.django_db

EMAIL = "objector@example.com"
EMAIL_CHANNEL, SMS = Delivery.Channel.EMAIL, Delivery.Channel.SMS


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of three filings."""
    batches.filings_in_force(cast, 3)
    return batches.published(cast)


def by_email(batch_list: BatchList, *, language: str = "en") -> Objection:
    entry = build.entry_of(batch_list)
    statement = build.statement(contact=EMAIL)
    return objections.receive(entry.pk, statement, language=language, at=OBJECTING).objection


def told(objection: Objection) -> list[str]:
    """The kinds of the objector's notices after a sweep, oldest first."""
    with clock.stopped_at(OBJECTING + timedelta(days=30)):
        tasks.sweep_notices()
    events = Notice.objects.filter(objection=objection).order_by("event__sequence")
    return list(events.values_list("kind", flat=True))


def deliveries() -> QuerySet[Delivery]:
    """The deliveries to objectors: applicants are told of the list too."""
    return Delivery.objects.filter(notice__objection__isnull=False)


def only_an_objection(batch_list: BatchList) -> Objection:
    """An objection whose notice alone waits to be sent."""
    objection = build.received(batch_list).objection
    told(objection)
    others = Delivery.objects.filter(notice__objection__isnull=True, next_attempt_at__isnull=False)
    others.update(state="sent", next_attempt_at=None)
    return objection


def mailed() -> list[EmailMessage]:
    """What the objector was sent by e-mail."""
    return [message for message in mailbox.outbox if message.to == [EMAIL]]


def send(*, days: float = 30) -> None:
    with clock.stopped_at(OBJECTING + timedelta(days=days)):
        for channel in (EMAIL_CHANNEL, SMS):
            delivery.sweep(channel)


def extend(cast: Cast, objection: Objection, at: datetime = OBJECTING + timedelta(days=2)) -> Objection:
    return objections.extend(
        objection.pk, actor=Actor.of(cast.national_head), explanation=build.REASONS, at=at
    )


@pytest.mark.parametrize(("uphold", "outcome"), [(True, "objector_upheld"), (False, "objector_dismissed")])
def test_the_objector_is_told_of_receipt_admission_and_outcome_with_reasons(
    cast: Cast, batch_list: BatchList, uphold: bool, outcome: str
) -> None:
    objection = build.decided(cast, batch_list, uphold=uphold)
    assert told(objection) == ["objector_received", "objector_admitted", outcome]
    assert build.REASONS in Notice.objects.get(kind=outcome).body
    assert verify_register().violations == []


def test_an_objection_that_is_not_admitted_is_answered_with_the_reasons(
    cast: Cast, batch_list: BatchList
) -> None:
    objection = by_email(batch_list)
    officer = Actor.of(cast.national)
    objections.explain(
        objection.pk, act=ObjectionAct.REFUSE, actor=officer, explanation=build.REASONS, at=OBJECTING
    )
    assert told(objection) == ["objector_received", "objector_not_admitted"]
    send()
    assert len(mailed()) == 2
    assert [build.REASONS in message.body for message in mailed()].count(True) == 1


def test_more_time_is_given_once_by_a_head_and_told_with_the_new_day(
    cast: Cast, batch_list: BatchList
) -> None:
    objection = build.admitted(cast, batch_list)
    assert decision_due(objection).due_on == date(2026, 4, 9)
    with pytest.raises(TransitionNotAllowed, match="not_this_role"):
        objections.extend(objection.pk, actor=Actor.of(cast.national), explanation=build.REASONS)
    with pytest.raises(TransitionNotAllowed, match="explanation_given"):
        objections.extend(objection.pk, actor=Actor.of(cast.national_head), explanation=" ")
    extended = extend(cast, objection)
    assert decision_due(extended).due_on == date(2026, 4, 23)
    with pytest.raises(TransitionNotAllowed, match="objection_not_extended"):
        extend(cast, objection)
    assert told(objection) == ["objector_received", "objector_admitted", "objector_extended"]
    notice = Notice.objects.get(kind="objector_extended")
    assert ("2026年4月23日" in notice.body, build.REASONS in notice.body) == (True, True)
    assert verify_register().violations == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Your objection was received"), ("zh-hans", "您提出的疑议已收到")]
)
def test_the_words_are_in_the_language_of_the_form(batch_list: BatchList, language: str, words: str) -> None:
    objection = by_email(batch_list, language=language)
    told(objection)
    send()
    said = mailed()[-1].subject
    assert said.startswith(words)
    assert objection.receipt_number in said


def test_each_notice_has_one_delivery_by_the_contact_that_was_proved(batch_list: BatchList) -> None:
    texted, mailed = build.received(batch_list).objection, by_email(batch_list)
    told(texted)
    found = deliveries().values_list("notice__objection", "channel")
    assert set(found) == {(texted.pk, "sms"), (mailed.pk, "email")}
    assert len(found) == 2


def test_stored_words_and_logs_name_nobody_who_objects(
    batch_list: BatchList, sms: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        objection = only_an_objection(batch_list)
        send()
    assert len(sms.taken) == 1
    rows = [*Notice.objects.filter(objection=objection).values(), *deliveries().values()]
    stored = json.dumps(rows, default=str, ensure_ascii=False)
    assert objection.receipt_number in stored
    for hidden in (build.NAME, build.CONTACT, build.CONTACT.removeprefix("+86"), build.FACTS):
        assert (hidden in stored, hidden in caplog.text) == (False, False)


@pytest.mark.parametrize(
    ("mode", "state", "taken"),
    [
        (Mode.ANSWERS, "sent", 1),
        (Mode.REFUSES, "given_up", 0),
        (Mode.HANGS, "unknown", 0),
        (Mode.LOSES, "unknown", 1),
    ],
)
def test_a_text_message_to_an_objector_goes_at_most_once_whatever_the_gateway_does(
    batch_list: BatchList, sms: Gateway, mode: Mode, state: str, taken: int
) -> None:
    only_an_objection(batch_list)
    sms.mode = mode
    for day in range(31, 38):
        send(days=day)
    (only,) = deliveries()
    assert (only.state, len(sms.taken)) == (state, taken)


def test_a_death_before_the_mark_leaves_neither_notice_nor_mark(
    batch_list: BatchList, monkeypatch: pytest.MonkeyPatch
) -> None:
    objection = build.received(batch_list).objection

    def die(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(effects, "settle", die)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            tasks.sweep_notices()
    assert (Notice.objects.filter(objection=objection).count(), deliveries().count()) == (0, 0)
    assert told(objection) == told(objection) == ["objector_received"]
    assert deliveries().count() == 1


def test_a_death_while_sending_is_of_unknown_outcome_and_not_sent_again(
    batch_list: BatchList, sms: Gateway
) -> None:
    only_an_objection(batch_list)
    later = OBJECTING + timedelta(days=30)
    taken = delivery.take_next(SMS, at=later)
    assert taken is not None
    assert delivery.send(taken).sent
    # Killed before the outcome was recorded.
    send(days=31)
    assert (deliveries().get().state, len(sms.taken)) == ("unknown", 1)


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_workers_leaves_what_the_first_has_taken(batch_list: BatchList) -> None:
    build.received(batch_list)
    (event_id,) = objector_notices.events_for_objectors()
    given: list[int] = []

    def second() -> None:
        given.append(objector_notices.notify_objector(event_id))
        connection.close()

    with transaction.atomic():
        assert effects.take(event_id, EffectKind.TELL_OBJECTOR) is not None
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=30)
        assert given == [0]
    assert objector_notices.notify_objector(event_id) == 1
    assert Notice.objects.filter(objection__isnull=False).count() == 1


def test_a_letter_has_a_notice_and_no_delivery(cast: Cast, batch_list: BatchList) -> None:
    day = clock.china_date(OBJECTING)
    letter = build.posted(cast, batch_list, posted_on=day, received_on=day, at=OBJECTING)
    assert told(letter) == ["objector_received"]
    assert not Delivery.objects.filter(notice__objection=letter).exists()


def test_what_is_erased_before_it_was_sent_is_given_up(batch_list: BatchList, sms: Gateway) -> None:
    objection = only_an_objection(batch_list)
    ObjectionPart.objects.filter(objection=objection).delete()
    send()
    only = deliveries().get()
    assert (only.state, only.last_error, sms.tries) == ("given_up", "no_address", 0)


def test_the_migration_counts_earlier_acts_as_told_to_nobody_and_the_command_fills_in_the_rest(
    cast: Cast, batch_list: BatchList
) -> None:
    build.decided(cast, batch_list, uphold=True)
    added = EventEffect.objects.filter(
        kind__in=["tell_objector", "tell_office"], event__stream_kind="objection"
    )
    expected = set(added.values_list("event", "kind"))
    assert len(expected) == 5
    added.delete()
    migration = importlib.import_module("registry.migrations.0037_notices_to_objectors")
    with connection.cursor() as cursor:
        migration.insert_effects(apps, cursor)
    assert set(added.values_list("event", "kind")) == expected
    moments = dict(Event.objects.values_list("pk", "at"))
    for event, done_at, outcome in added.values_list("event", "done_at", "outcome"):
        assert (done_at, outcome) == (moments[event], "nobody")
    assert objector_notices.events_for_objectors() == []
    assert verify_register().violations == []
    # What the version before added after going back to it is told by the next sweep.
    added.delete()
    assert fill_effects() == 5
    assert added.filter(done_at__isnull=True).count() == 5


def test_a_notice_has_an_account_or_an_objection_and_never_both(cast: Cast, batch_list: BatchList) -> None:
    objection = build.received(batch_list).objection
    told(objection)
    notice = Notice.objects.get(objection=objection)
    assert (notice.account_id, notice.applicant_id) == (None, None)
    assert Account.objects.filter(notices=notice).count() == 0
    assert notice.created_at > MORNING
