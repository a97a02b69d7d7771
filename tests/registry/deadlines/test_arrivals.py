"""Whether the latest rejection has arrived: the query finds exactly the applications of which the rule says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from registry import clock
from registry.deadlines import application_clock, due
from registry.models import Application, Delivery, Notice
from registry.notices.notice import open_notice
from registry.notices.tellings import Told, note_told_by_office
from registry.rules.workflow.states import Act, State
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from registry.tasks import sweep_notices
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

# Not on a full second: the row and the event must have the very same moment.
AT = MORNING + timedelta(microseconds=123_457)
LATER = AT + timedelta(days=1)


def notice_of(case: SampleCase) -> Notice:
    return Notice.objects.filter(application=case.application_id, kind="rejected").latest("created_at")


def leave(_cast: Cast, _case: SampleCase) -> None:
    """Nobody does anything."""


def read(_cast: Cast, case: SampleCase) -> None:
    open_notice(notice_of(case), at=LATER)


def phone(cast: Cast, case: SampleCase) -> None:
    how = Notice.ToldHow.PHONE
    note_told_by_office(notice_of(case), Told(how=how, note="样例"), by=cast.provincial, at=LATER)


def mail(_cast: Cast, case: SampleCase) -> None:
    Delivery.objects.create(notice=notice_of(case), channel="email", state="sent", sent_at=LATER)


def fail_to_mail(_cast: Cast, case: SampleCase) -> None:
    Delivery.objects.create(notice=notice_of(case), channel="email", state="given_up")


def read_and_be_rejected_again(cast: Cast, case: SampleCase) -> None:
    read(cast, case)
    materials = build.materials_for(cast, seed=1)
    materials["service"]["description"] += "样例补正"
    answers = {SAMPLE_REASON["id"]: "样例"}
    walk.act(
        case,
        Act.RESUBMIT,
        by=cast.member,
        at=LATER,
        materials=materials,
        answers=answers,
    )
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=LATER, reasons=reasons, text="样例")
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=LATER + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("happen", "arrives"),
    [
        (leave, False),
        (read, True),
        (phone, True),
        (mail, True),
        (fail_to_mail, False),
        (read_and_be_rejected_again, False),
    ],
)
def test_the_query_agrees_with_the_rule(
    cast: Cast, happen: Callable[[Cast, SampleCase], None], arrives: bool
) -> None:
    case = build.rejected(cast, at=AT)
    with clock.stopped_at(AT + timedelta(hours=3)):
        sweep_notices()
    happen(cast, case)
    application = case.application
    assert application.state == State.REJECTED
    assert (application_clock.rejection_arrival(application) is not None) is arrives
    found = Application.objects.filter(application_clock.rejection_arrived())
    assert found.filter(pk=application.pk).exists() is arrives
    assert due.to_note_delivery() == ([application.pk] if arrives else [])
