"""The ledger: the only writer, one transaction an act, refused acts refused."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from registry.book import endings, ledger, numbering
from registry.book.act_request import Actor, Request, Seen
from registry.book.revisions import materials_of
from registry.errors import (
    IdempotencyConflict,
    MaterialsIncomplete,
    NotFound,
    OutOfDate,
    RegisterIncomplete,
    TransitionNotAllowed,
)
from registry.integrity.register import verify_register
from registry.models import Account, Application, Event, Filing, Revision
from registry.rules.workflow.grounds import Marks
from registry.rules.workflow.states import Act, Kind, Outcome, Standing, State
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def assert_register_clean() -> None:
    assert verify_register().violations == []


def refusal_of(
    case: walk.SampleCase,
    act: Act,
    *,
    by: Account | None,
    at: datetime,
    materials: Mapping[str, Any] | None = None,
    **details: Any,
) -> str:
    before = Event.objects.count()
    with pytest.raises(TransitionNotAllowed) as refusal:
        walk.act(case, act, by=by, at=at, materials=materials, **details)
    assert Event.objects.count() == before
    return refusal.value.code


def test_a_filing_travels_from_submission_to_its_number(cast: Cast) -> None:
    case = build.in_force(cast)
    application = case.application
    filing = application.filing
    assert filing is not None
    assert application.state == State.APPROVED
    assert application.receipt_number == "2026-11-000001"
    assert application.received_on == date(2026, 3, 2)
    assert filing.standing == Standing.IN_FORCE
    assert filing.number is not None
    assert filing.number.startswith("京网信备11010826")
    assert filing.service_name == application.columns["service_name"]
    assert [event.act for event in application.events.order_by("sequence")] == [
        "submit",
        "forward",
        "approve",
        "issue_number",
    ]
    assert_register_clean()


def test_art_12_the_clock_that_a_number_closes_is_stored_with_its_due_day(cast: Cast) -> None:
    application = build.in_force(cast).application
    assert application.clock_due_on == date(2026, 3, 30)
    assert application.clock_late_by_working_days == 0
    late = build.approved(cast, seed=2, at=MORNING)
    filing_id = late.application.filing_id
    assert filing_id is not None
    numbering.issue_number(filing_id, at=MORNING + 30 * DAY)
    assert late.application.clock_late_by_working_days == 2
    assert_register_clean()


def test_materials_with_gaps_are_refused_with_every_gap_and_leave_nothing(cast: Cast) -> None:
    materials = build.materials_for(cast)
    del materials["service"]["service_name"]
    materials["attachments"] = {}
    with pytest.raises(MaterialsIncomplete) as refusal:
        walk.submit(materials, member=cast.member, at=MORNING)
    keys = {gap.key for gap in refusal.value.facts["gaps"]}
    assert "service.service_name" in keys
    assert "attachments.authenticity_statement" in keys
    assert Application.objects.count() == Filing.objects.count() == Revision.objects.count() == 0


def test_a_revision_keeps_personal_data_apart_and_gives_the_same_materials_back(cast: Cast) -> None:
    materials = build.materials_for(cast, nature="individual", seed=4)
    case = walk.submit(materials, member=cast.member, at=MORNING)
    revision = Revision.objects.get(application_id=case.application_id)
    assert materials_of(revision) == materials
    assert materials["applicant"]["document_number"] not in str(revision.public_part)


def test_the_same_idempotency_key_gives_the_first_submission(cast: Cast) -> None:
    key = uuid.uuid4()
    materials = build.materials_for(cast)
    first = walk.submit(materials, member=cast.member, at=MORNING, idempotency_key=key)
    again = walk.submit(materials, member=cast.member, at=MORNING + HOUR, idempotency_key=key)
    assert first.application_id == again.application_id
    assert Application.objects.count() == 1
    other = copy.deepcopy(materials)
    other["service"]["service_name"] = "样例别的服务"
    with pytest.raises(IdempotencyConflict):
        walk.submit(other, member=cast.member, at=MORNING + HOUR, idempotency_key=key)


def test_an_officer_who_saw_an_earlier_state_is_shown_what_happened_since(cast: Cast) -> None:
    case = build.submitted(cast)
    seen = Seen(1, case.application.last_event_sequence)
    build.forward(cast, case, at=MORNING + HOUR)
    with pytest.raises(OutOfDate) as refusal:
        walk.act(
            case,
            Act.FORWARD,
            by=cast.provincial_second,
            at=MORNING + 2 * HOUR,
            seen=seen,
            recommends="approval",
            text="样例意见：均已核对",
        )
    assert refusal.value.facts["act"] == "forward"
    assert refusal.value.facts["by"] == cast.provincial.name


def test_an_officer_must_name_what_was_on_the_screen(cast: Cast) -> None:
    case = build.submitted(cast)
    request = Request(
        details={"recommends": "approval", "text": "样例意见：均已核对"}, marks=Marks(is_answered=True)
    )
    with pytest.raises(OutOfDate):
        ledger.record(
            Act.FORWARD, case.application_id, actor=Actor.of(cast.provincial), request=request, at=MORNING
        )


def test_a_reviewer_of_another_province_and_a_stranger_are_refused(cast: Cast) -> None:
    case = build.submitted(cast)
    foreign = refusal_of(
        case, Act.FORWARD, by=cast.elsewhere, at=MORNING, recommends="approval", text="样例意见：均已核对"
    )
    assert foreign == "not_your_case"
    assert refusal_of(case, Act.WITHDRAW, by=cast.stranger, at=MORNING) == "not_your_case"


def test_a_decision_rests_on_two_officers(cast: Cast) -> None:
    case = build.submitted(cast)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING, reasons=reasons, text="样例")
    assert refusal_of(case, Act.CONFIRM, by=cast.provincial, at=MORNING) == "second_officer"
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING + HOUR)
    assert case.application.state == State.REJECTED
    assert case.application.decision == Outcome.REJECTION
    assert_register_clean()


def test_the_nation_cannot_approve_alone_what_the_province_did_not_recommend(cast: Cast) -> None:
    case = build.submitted(cast)
    build.forward(cast, case, at=MORNING, recommends=Outcome.REJECTION)
    approve = refusal_of(case, Act.APPROVE, by=cast.national, at=MORNING, text="样例")
    assert approve == "province_recommends_approval"
    walk.act(case, Act.PROPOSE_APPROVAL, by=cast.national, at=MORNING, text="样例意见：均已核对")
    walk.act(case, Act.CONFIRM, by=cast.national_second, at=MORNING + HOUR)
    assert case.application.state == State.APPROVED
    assert_register_clean()


def test_escalation_comes_only_after_day_15_has_ended_and_once(cast: Cast) -> None:
    case = build.submitted(cast)
    last_moment_of_day_15 = MORNING.replace(day=23, hour=15, minute=59, second=59)
    assert refusal_of(case, Act.ESCALATE, by=None, at=last_moment_of_day_15) == "day_15_ended"
    walk.act(case, Act.ESCALATE, by=None, at=last_moment_of_day_15 + timedelta(seconds=1))
    assert case.application.state == State.NATIONAL_REVIEW
    assert case.application.escalated
    assert refusal_of(case, Act.ESCALATE, by=None, at=MORNING + 40 * DAY) == "not_in_this_state"


def test_a_supplement_makes_a_new_revision_and_leaves_the_clock_alone(cast: Cast) -> None:
    materials = build.materials_for(cast)
    case = walk.submit(materials, member=cast.member, at=MORNING)
    member, at = cast.member, MORNING + 3 * DAY
    unchanged = refusal_of(case, Act.SUPPLEMENT, by=member, at=at, materials=materials, explanation="样例")
    assert unchanged == "materials_changed"
    materials["service"]["service_name"] += "改"
    unexplained = refusal_of(case, Act.SUPPLEMENT, by=member, at=at, materials=materials)
    assert unexplained == "explanation_given"
    walk.act(case, Act.SUPPLEMENT, by=member, at=at, materials=materials, explanation="样例：更名")
    application = case.application
    assert application.revision_number == 2
    assert application.received_on == date(2026, 3, 2)
    assert application.service_name.endswith("改")
    assert application.filing is not None
    assert application.filing.service_name.endswith("改")
    assert_register_clean()


def test_a_resubmission_answers_every_reason_and_starts_a_new_clock(cast: Cast) -> None:
    case = build.rejected(cast)
    revision = Revision.objects.get(application_id=case.application_id)
    materials = materials_of(revision)
    member, later = cast.member, MORNING + 7 * DAY
    materials["service"]["description"] += "补充共识机制。"
    for none in ({}, {"1": " "}, {"1": None}):
        unanswered = refusal_of(case, Act.RESUBMIT, by=member, at=later, materials=materials, answers=none)
        assert unanswered == "every_reason_answered"
    walk.act(case, Act.RESUBMIT, by=member, at=later, materials=materials, answers={"1": "样例：已补充"})
    application = case.application
    assert application.state == State.PROVINCIAL_REVIEW
    assert application.round_number == 2
    assert application.received_on == date(2026, 3, 9)
    assert application.first_received_on == date(2026, 3, 2)
    assert application.opinion is None
    assert_register_clean()


def test_a_resubmission_may_answer_that_nothing_has_to_change(cast: Cast) -> None:
    case = build.rejected(cast)
    materials = materials_of(Revision.objects.get(application_id=case.application_id))
    resubmit = partial(
        walk.act, case, Act.RESUBMIT, by=cast.member, at=MORNING + 7 * DAY, materials=materials
    )
    with pytest.raises(TransitionNotAllowed, match="every_reason_answered"):
        resubmit(answers={"1": ""})
    resubmit(answers={"1": "样例：材料无误，无须修改"})
    application = case.application
    assert (application.state, application.round_number) == (State.PROVINCIAL_REVIEW, 2)
    assert application.revision_number == 2
    assert_register_clean()


def test_an_act_with_a_detail_that_its_event_would_lose_is_refused(cast: Cast) -> None:
    case = build.submitted(cast)
    before = Event.objects.count()
    with pytest.raises(RegisterIncomplete) as refusal:
        walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING, explanation="样例", text="样例", reasons=[])
    assert refusal.value.code == "details_unknown"
    assert refusal.value.facts == {"act": "withdraw", "names": ["reasons", "text"]}
    assert Event.objects.count() == before
    assert case.application.state == State.PROVINCIAL_REVIEW
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING, explanation="样例")
    assert case.application.events.get(act=Act.WITHDRAW.value).payload["explanation"] == "样例"


def test_a_rejected_application_lapses_after_30_working_days(cast: Cast) -> None:
    case = build.rejected(cast)
    assert refusal_of(case, Act.LAPSE, by=None, at=MORNING + 10 * DAY) == "resubmission_ended"
    walk.act(case, Act.LAPSE, by=None, at=MORNING + 60 * DAY)
    assert case.application.state == State.LAPSED
    assert_register_clean()


def test_art_11_a_late_filing_needs_its_reason_and_is_marked(cast: Cast) -> None:
    materials = build.materials_for(cast)
    materials["service"]["service_started_on"] = "2026-02-02"
    with pytest.raises(TransitionNotAllowed) as refusal:
        walk.submit(materials, member=cast.member, at=MORNING)
    assert refusal.value.code == "late_reason_required"
    materials["service"]["late_reason"] = "样例：内部流程延误"
    case = walk.submit(materials, member=cast.member, at=MORNING)
    assert case.application.late_by_working_days > 0
    assert case.application.event_on == date(2026, 2, 2)


def test_a_change_keeps_the_number_and_what_is_in_force_until_it_is_approved(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = case.application.filing
    assert filing is not None
    revision = Revision.objects.get(application_id=case.application_id)
    materials = materials_of(revision)
    later = MORNING + 10 * DAY
    details = {"changes": [{"key": "service.service_name", "changed_on": "2026-03-10"}]}
    submit_change = partial(
        walk.submit,
        materials,
        member=cast.member,
        at=later,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details=details,
    )
    with pytest.raises(TransitionNotAllowed, match="materials_changed"):
        submit_change()
    old_name = materials["service"]["service_name"]
    materials["service"]["service_name"] = f"{old_name}新版"
    changed = submit_change()
    filing.refresh_from_db()
    assert filing.service_name == old_name
    with pytest.raises(TransitionNotAllowed, match="no_other_open_application"):
        submit_change()
    build.forward(cast, changed, at=later + HOUR)
    walk.act(changed, Act.APPROVE, by=cast.national, at=later + 2 * HOUR, text="样例")
    number = filing.number
    filing.refresh_from_db()
    assert filing.service_name == f"{old_name}新版"
    assert filing.number == number
    assert_register_clean()


def test_art_11_a_cancellation_takes_effect_on_its_day_and_can_be_withdrawn_before(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = case.application.filing
    assert filing is not None
    materials = materials_of(Revision.objects.get(application_id=case.application_id))
    later = MORNING + 10 * DAY
    cancel = partial(
        walk.submit,
        materials,
        member=cast.member,
        at=later,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
    )
    too_early = {"ends_on": "2026-03-20", "arrangement": "样例"}
    with pytest.raises(TransitionNotAllowed, match="late_reason_required"):
        cancel(details=too_early)
    cancellation = cancel(details={"ends_on": "2026-06-01", "arrangement": "样例"})
    build.forward(cast, cancellation, at=later + HOUR)
    walk.act(cancellation, Act.APPROVE, by=cast.national, at=later + 2 * HOUR, text="样例")
    assert endings.take_effect(filing.pk, at=later + 3 * HOUR) is None
    the_day = MORNING.replace(month=6, day=1)
    after = refusal_of(cancellation, Act.WITHDRAW_CANCELLATION, by=cast.member, at=the_day)
    assert after == "before_service_end"
    assert endings.take_effect(filing.pk, at=the_day) is not None
    assert endings.take_effect(filing.pk, at=the_day) is None
    filing.refresh_from_db()
    assert filing.standing == Standing.CANCELLED
    assert filing.cancelled_on == date(2026, 6, 1)
    assert_register_clean()


def test_a_cancellation_closes_an_open_change(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = case.application.filing
    assert filing is not None
    materials = materials_of(Revision.objects.get(application_id=case.application_id))
    later = MORNING + 10 * DAY
    submit = partial(walk.submit, member=cast.member, at=later, filing_id=filing.pk)
    changed = copy.deepcopy(materials)
    changed["service"]["service_name"] += "改"
    details = {"changes": [{"key": "service.service_name", "changed_on": "2026-03-10"}]}
    change = submit(changed, details=details, kind=Kind.CHANGE)
    submit(materials, details={"ends_on": "2026-06-01", "arrangement": "样例"}, kind=Kind.CANCELLATION)
    assert change.application.state == State.WITHDRAWN
    assert_register_clean()


def test_a_number_asked_for_twice_is_the_same_and_sequences_count_up(cast: Cast) -> None:
    first = build.approved(cast, seed=1)
    second = build.approved(cast, seed=1)
    numbers = []
    for case in (first, second):
        filing_id = build.filing_of(case).pk
        number = numbering.issue_number(filing_id, at=MORNING + DAY)
        assert numbering.issue_number(filing_id, at=MORNING + 2 * DAY) == number
        numbers.append(number)
    assert numbers[0][:-5] == numbers[1][:-5]
    assert [number[-5:-2] for number in numbers] == ["001", "002"]
    assert_register_clean()


def test_the_year_of_a_number_is_chinas(cast: Cast) -> None:
    filing = build.filing_of(build.approved(cast))
    number = numbering.issue_number(filing.pk, at=MORNING.replace(month=12, day=31, hour=16, minute=30))
    assert number[10:12] == "27"


def test_an_unknown_application_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        ledger.record(Act.WITHDRAW, uuid.uuid4(), actor=Actor.of(cast.member), at=MORNING)
