"""Gateways answer, refuse, hang, or take a message over and lose it: each message goes at most once a channel."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from registry import clock
from registry.models import Account, Delivery, Notice, NotificationSettings
from registry.notices import delivery
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from tests.builders.register import MORNING
from tests.registry.notices.conftest import reachable
from tests.registry.notices.gateways import Gateway, Mode

pytestmark = pytest.mark.django_db

EMAIL, SMS = Delivery.Channel.EMAIL, Delivery.Channel.SMS
Told = Callable[..., Notice]


def states(notice: Notice) -> dict[str, str]:
    return dict(notice.deliveries.exclude(channel="inbox").values_list("channel", "state"))


def sweep_both(*, minutes: float) -> None:
    with clock.stopped_at(MORNING + timedelta(minutes=minutes)):
        delivery.sweep(EMAIL)
        delivery.sweep(SMS)


# When each attempt is due, counted from the first; and a long time after all of them.
ATTEMPTS = (0, 1, 6, 36, 156, 636)
MUCH_LATER = 10_000


@pytest.mark.parametrize(
    ("mode", "state", "taken", "tries"),
    [
        (Mode.ANSWERS, "sent", 1, 1),
        (Mode.REFUSES, "given_up", 0, 6),
        (Mode.HANGS, "unknown", 0, 1),
        (Mode.LOSES, "unknown", 1, 1),
    ],
)
def test_each_text_message_goes_at_most_once_whatever_the_gateway_does(
    told: Told, sms: Gateway, mode: Mode, state: str, taken: int, tries: int
) -> None:
    notice, sms.mode = told(), mode
    for minutes in (*ATTEMPTS, MUCH_LATER):
        sweep_both(minutes=minutes)
    assert (states(notice)[SMS], len(sms.taken), sms.tries) == (state, taken, tries)
    assert sms.taken == [f"【{settings.SMS_SIGNATURE}】{notice.sms}"] * taken


@pytest.mark.parametrize(
    ("mode", "state", "taken", "tries"),
    [
        (Mode.ANSWERS, "sent", 1, 1),
        (Mode.REFUSES, "given_up", 0, 6),
        # A server that says nothing was given nothing: it is asked again.
        (Mode.HANGS, "given_up", 0, 6),
        (Mode.LOSES, "unknown", 1, 1),
    ],
)
def test_each_email_goes_at_most_once_whatever_the_server_does(
    told: Told, mail: Gateway, mode: Mode, state: str, taken: int, tries: int
) -> None:
    notice, mail.mode = told(), mode
    for minutes in (*ATTEMPTS, MUCH_LATER):
        sweep_both(minutes=minutes)
    assert (states(notice)[EMAIL], len(mail.taken), mail.tries) == (state, taken, tries)
    assert all(f"Message-ID: <notice.{notice.pk}@" in text for text in mail.taken)


def test_a_gateway_that_is_not_there_is_tried_again_and_later_takes_the_message(
    told: Told, sms: Gateway
) -> None:
    notice, sms.mode = told(), Mode.REFUSES
    sweep_both(minutes=0)
    waiting = notice.deliveries.get(channel=SMS)
    assert (waiting.state, waiting.last_error) == ("refused", "refused:LIMIT")
    assert waiting.next_attempt_at == MORNING + timedelta(minutes=1)
    sms.mode = Mode.ANSWERS
    sweep_both(minutes=0.5)
    assert sms.taken == []
    sweep_both(minutes=1)
    sent = notice.deliveries.get(channel=SMS)
    assert (sent.state, sent.last_error, sent.gateway_reference) == ("sent", "", "sample-1")


def test_what_one_way_refuses_for_good_goes_the_other_way_once(
    told: Told, reader: Account, sms: Gateway
) -> None:
    NotificationSettings.objects.create(account=reader, by_email=False)
    notice, sms.mode = told("withdrawn"), Mode.REFUSES
    assert states(notice) == {"sms": "waiting"}
    for minutes in ATTEMPTS:
        sweep_both(minutes=minutes)
    sweep_both(minutes=MUCH_LATER)
    assert states(notice) == {"sms": "given_up", "email": "sent"}
    assert notice.deliveries.get(channel=EMAIL).is_fallback


def test_what_is_formal_goes_every_way_and_the_rest_as_the_account_wishes(
    told: Told, reader: Account
) -> None:
    NotificationSettings.objects.create(account=reader, by_email=False, by_sms=False)
    assert states(told("withdrawn")) == {}
    assert states(told("rejected")) == {"email": "waiting", "sms": "waiting"}


def test_a_job_that_died_while_sending_leaves_an_unknown_fate_and_nothing_is_sent_again(
    told: Told, sms: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = told()

    def die(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("registry.notices.delivery.hand_over", die)
        with pytest.raises(SystemExit):
            sweep_both(minutes=0)
    assert states(notice)[SMS] == "sending"
    sweep_both(minutes=5)
    assert states(notice)[SMS] == "sending"
    for minutes in (12, 13, MUCH_LATER):
        sweep_both(minutes=minutes)
    assert (states(notice)[SMS], sms.taken) == ("unknown", [])


def test_a_gateway_that_keeps_one_job_waiting_is_not_asked_by_another(told: Told, sms: Gateway) -> None:
    told(key="one"), told(key="two")
    assert delivery.take_next(SMS, at=MORNING) is not None
    sweep_both(minutes=0.5)
    assert sms.tries == 0
    sweep_both(minutes=2)
    assert len(sms.taken) == 1


def test_a_sweep_gives_a_dead_gateway_up_for_now(told: Told, sms: Gateway) -> None:
    for number in range(8):
        told(key=str(number))
    sms.mode = Mode.REFUSES
    sweep_both(minutes=0)
    assert sms.tries == 5


def test_nothing_goes_to_an_account_that_was_closed(told: Told, reader: Account, sms: Gateway) -> None:
    notice = told()
    Account.objects.filter(pk=reader.pk).update(is_active=False)
    sweep_both(minutes=0)
    assert states(notice) == {"email": "given_up", "sms": "given_up"}
    assert sms.tries == 0


def test_notifying_twice_changes_nothing(told: Told, reader: Account) -> None:
    notice = told()
    other = dict(kind_of("lapsed").sample) | {"receipt_number": "another"}
    assert notices.notify("lapsed", key="sample", accounts=[reader], facts=other) == 0
    assert (told().body, Notice.objects.count(), Delivery.objects.count()) == (notice.body, 1, 3)


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_send_each_message_once(sms: Gateway) -> None:
    reader = reachable("样例收件人", 1)
    for number in range(12):
        facts = kind_of("lapsed").sample
        notices.notify("lapsed", key=str(number), accounts=[reader], facts=facts, link_path="/", at=MORNING)
    # Without the lock a second job would take the very row that the first one has in hand.
    with transaction.atomic():
        taken = delivery.take_next(SMS, at=MORNING)
        assert taken is not None
        assert in_a_thread(lambda: due().first()) == taken.pk
        assert in_a_thread(lambda: due().select_for_update(skip_locked=True).first()) != taken.pk
        transaction.set_rollback(True)
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        delivery.sweep(SMS)
        connection.close()

    jobs = [threading.Thread(target=work) for _ in range(2)]
    for job in jobs:
        job.start()
    start.wait()
    for job in jobs:
        job.join()
    delivery.sweep(SMS)
    assert (len(sms.taken), sms.tries) == (12, 12)
    assert set(Delivery.objects.filter(channel=SMS).values_list("state", flat=True)) == {"sent"}


def due() -> QuerySet[Delivery, uuid.UUID]:
    found = Delivery.objects.filter(channel=SMS, next_attempt_at__lte=MORNING)
    return found.order_by("next_attempt_at", "id").values_list("pk", flat=True)


def in_a_thread(ask: Callable[[], object]) -> object:
    """The answer of another connection."""
    answers: list[object] = []

    def work() -> None:
        with transaction.atomic():
            answers.append(ask())
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return answers[0]
