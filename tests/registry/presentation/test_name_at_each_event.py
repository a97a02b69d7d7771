"""A name that a change of the applicant proposes is no name before it is approved, and none of what came before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from registry.deadlines.open_deadlines import deadlines_of
from registry.documents.decisions import decision_context
from registry.documents.receipts import receipt_context
from registry.models import Notice
from registry.notices.filing_notices import events_for_applicants, notify_applicant
from registry.notices.subject import subject_of
from registry.presentation.timeline import timeline
from registry.rules.workflow.states import Act, Kind, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, approve, change_applicant
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PROPOSED = "样例拟改名称有限公司"


def tell_everybody() -> None:
    for event in events_for_applicants():
        notify_applicant(event)


def test_a_refused_change_is_addressed_to_the_name_in_force(cast: Cast) -> None:
    first = build.in_force(cast)
    applicant, name = first.application.applicant, first.application.applicant_name
    change = change_applicant(cast, applicant, {"applicant.name": PROPOSED}, at=MORNING + 4 * HOUR)
    received = change.application.events.get(act=Act.SUBMIT.value)
    assert receipt_context(received)["applicant_name"] == name
    build.forward(cast, change, at=MORNING + 5 * HOUR, recommends=Outcome.REJECTION)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(change, Act.REJECT, by=cast.national, at=MORNING + 6 * HOUR, reasons=reasons, text="样例")
    refused = change.application.events.get(act=Act.REJECT.value)
    assert decision_context(refused)["applicant_name"] == name
    tell_everybody()
    for told in Notice.objects.filter(application=change.application_id):
        assert name in told.subject + told.body
        assert PROPOSED not in told.subject + told.body + told.sms
    subject = subject_of(change.application)
    assert (subject.title, subject.applicant_name) == (name, name)
    assert {(each.applicant_name, each.subject) for each in deadlines_of(change.application)} == {
        (name, name)
    }
    for entry in timeline(change.application, internal=False):
        assert PROPOSED not in entry.by
    dashboard = sign_in(cast.member).get(reverse("applicants:dashboard"))
    assert PROPOSED not in text_of(dashboard)


def test_an_approved_change_is_addressed_to_the_new_name_and_its_submission_stays_under_the_old(
    cast: Cast,
) -> None:
    first = build.in_force(cast)
    applicant, name = first.application.applicant, first.application.applicant_name
    change = change_applicant(cast, applicant, {"applicant.name": PROPOSED}, at=MORNING + 4 * HOUR)
    approve(cast, change, at=MORNING + 5 * HOUR)
    decided = change.application.events.get(act=Act.APPROVE.value)
    received = change.application.events.get(act=Act.SUBMIT.value)
    assert decision_context(decided)["applicant_name"] == PROPOSED
    # A receipt made only now says what it would have said then.
    assert receipt_context(received)["applicant_name"] == name
    assert subject_of(change.application).title == PROPOSED
    submitted = timeline(change.application, internal=True)[0]
    assert submitted.by == f"{cast.member.name} · {name}"


def test_what_was_handed_in_before_a_change_keeps_the_name_of_its_day(cast: Cast) -> None:
    first = build.in_force(cast)
    applicant, name = first.application.applicant, first.application.applicant_name
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例待定服务"
    pending = walk.submit(materials, member=cast.member, at=MORNING + 4 * HOUR)
    change = change_applicant(cast, applicant, {"applicant.name": PROPOSED}, at=MORNING + 5 * HOUR)
    approve(cast, change, at=MORNING + 6 * HOUR)
    assert pending.application.applicant_name == PROPOSED
    walk.act(pending, Act.WITHDRAW, by=cast.member, at=MORNING + 8 * HOUR)
    for internal in (True, False):
        shown = timeline(pending.application, internal=internal)
        assert (shown[0].by, shown[-1].by) == (
            f"{cast.member.name} · {name}",
            f"{cast.member.name} · {PROPOSED}",
        )
    assert receipt_context(pending.application.events.get(act=Act.SUBMIT.value))["applicant_name"] == name
    assert pending.application.kind == Kind.INITIAL
