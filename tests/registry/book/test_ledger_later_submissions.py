"""What later submissions and approvals may not do: dodge lateness, swap the applicant, undo what came after."""

from __future__ import annotations

import copy
import uuid
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from registry.book import ledger, numbering
from registry.book.act_request import Actor, Request
from registry.book.revisions import materials_of
from registry.errors import MaterialsIncomplete, NotFound, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Revision
from registry.rules.workflow.states import Act, Kind, State
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, filing_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def latest_materials(case: walk.SampleCase) -> dict[str, Any]:
    number = case.application.revision_number
    return materials_of(Revision.objects.get(application_id=case.application_id, number=number))


def test_a_supplement_that_moves_the_start_back_is_late_and_must_say_why(cast: Cast) -> None:
    materials = build.materials_for(cast)
    case = walk.submit(materials, member=cast.member, at=MORNING)
    assert case.application.late_by_working_days == 0
    materials["service"]["service_started_on"] = "2026-01-05"
    supplement = partial(
        walk.act,
        case,
        Act.SUPPLEMENT,
        by=cast.member,
        at=MORNING + DAY,
        materials=materials,
        explanation="样例",
    )
    with pytest.raises(TransitionNotAllowed, match="late_reason_required"):
        supplement()
    materials["service"]["late_reason"] = "样例：内部流程延误"
    supplement()
    assert case.application.late_by_working_days > 0
    assert case.application.event_on == date(2026, 1, 5)
    assert verify_register().violations == []


def test_a_service_that_started_after_the_rejection_can_be_filed_in_the_next_round(cast: Cast) -> None:
    case = build.rejected(cast)
    materials = latest_materials(case)
    materials["service"]["service_started_on"] = "2026-03-06"
    resubmit = partial(
        walk.act,
        case,
        Act.RESUBMIT,
        by=cast.member,
        materials=materials,
        answers={"1": "样例：已于三月六日上线"},
    )
    with pytest.raises(MaterialsIncomplete, match="service_start_in_future"):
        resubmit(at=MORNING + 2 * DAY)
    resubmit(at=MORNING + 7 * DAY)
    assert case.application.late_by_working_days == 0
    assert case.application.event_on == date(2026, 3, 6)


def test_a_resubmission_comes_within_30_working_days(cast: Cast) -> None:
    case = build.rejected(cast)
    materials = latest_materials(case)
    materials["service"]["description"] += "改"
    with pytest.raises(TransitionNotAllowed, match="resubmission_not_ended"):
        walk.act(
            case,
            Act.RESUBMIT,
            by=cast.member,
            at=MORNING + 60 * DAY,
            materials=materials,
            answers={"1": "样例"},
        )


def test_no_submission_may_name_another_applicant(cast: Cast) -> None:
    case = build.submitted(cast)
    other = build.materials_for(cast, seed=2)
    with pytest.raises(TransitionNotAllowed, match="same_applicant"):
        walk.act(case, Act.SUPPLEMENT, by=cast.member, at=MORNING, materials=other, explanation="样例")
    request = Request(materials=other, declaration_accepted=True)
    with pytest.raises(TransitionNotAllowed, match="same_applicant"):
        ledger.submit(
            Kind.INITIAL,
            applicant_id=case.application.applicant_id,
            actor=Actor.of(cast.member),
            request=request,
            at=MORNING,
        )


def test_a_change_approved_late_does_not_bring_the_applicants_old_name_back(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = filing_of(case)
    changed = latest_materials(case)
    changed["service"]["service_name"] += "新版"
    details = {"changes": [{"key": "service.service_name", "changed_on": "2026-03-10"}]}
    later = MORNING + 10 * DAY
    change = walk.submit(
        changed,
        member=cast.member,
        at=later,
        kind=Kind.CHANGE,
        filing_id=filing.pk,
        details=details,
    )
    renamed = latest_materials(case)
    renamed["applicant"]["name"] = "样例（北京）更名科技有限公司"
    renamed["attachments"] |= build.new_proofs(latest_materials(case), renamed, member=cast.member, at=later)
    rename = walk.submit(renamed, member=cast.member, at=later, kind=Kind.APPLICANT_CHANGE, details=details)
    for request in (rename, change):
        build.forward(cast, request, at=later + HOUR)
        walk.act(request, Act.APPROVE, by=cast.national, at=later + 2 * HOUR, text="样例")
    filing.refresh_from_db()
    assert filing.applicant_name == "样例（北京）更名科技有限公司"
    assert filing.service_name.endswith("新版")
    assert filing.applicant.name == "样例（北京）更名科技有限公司"
    assert verify_register().violations == []


def test_a_rejected_cancellation_cannot_reopen_a_filing_that_is_ending(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = filing_of(case)
    materials = latest_materials(case)
    later = MORNING + 10 * DAY
    cancel = partial(walk.submit, materials, member=cast.member, kind=Kind.CANCELLATION, filing_id=filing.pk)
    first = cancel(at=later, details={"ends_on": "2026-08-03", "arrangement": "样例"})
    build.forward(cast, first, at=later + HOUR, recommends=build.Outcome.REJECTION)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(first, Act.REJECT, by=cast.national, at=later + HOUR, reasons=reasons, text="样例")
    second = cancel(at=later + DAY, details={"ends_on": "2026-06-01", "arrangement": "样例"})
    build.forward(cast, second, at=later + DAY)
    walk.act(second, Act.APPROVE, by=cast.national, at=later + DAY, text="样例")
    mended = copy.deepcopy(materials)
    mended["service"]["description"] += "改"
    with pytest.raises(TransitionNotAllowed, match="filing_open_to_applications"):
        walk.act(
            first,
            Act.RESUBMIT,
            by=cast.member,
            at=later + 2 * DAY,
            materials=mended,
            answers={"1": "样例"},
        )


def test_a_resubmitted_cancellation_closes_a_change_opened_meanwhile(cast: Cast) -> None:
    case = build.in_force(cast)
    filing = filing_of(case)
    materials = latest_materials(case)
    later = MORNING + 10 * DAY
    submit = partial(walk.submit, member=cast.member, at=later, filing_id=filing.pk)
    cancellation = submit(
        materials, kind=Kind.CANCELLATION, details={"ends_on": "2026-08-03", "arrangement": "样例"}
    )
    build.forward(cast, cancellation, at=later, recommends=build.Outcome.REJECTION)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(cancellation, Act.REJECT, by=cast.national, at=later, reasons=reasons, text="样例")
    changed = copy.deepcopy(materials)
    changed["service"]["service_name"] += "改"
    details = {"changes": [{"key": "service.service_name", "changed_on": "2026-03-10"}]}
    change = submit(changed, kind=Kind.CHANGE, details=details)
    mended = copy.deepcopy(materials)
    mended["service"]["description"] += "改"
    walk.act(
        cancellation,
        Act.RESUBMIT,
        by=cast.member,
        at=later + DAY,
        materials=mended,
        answers={"1": "样例"},
    )
    assert change.application.state == State.WITHDRAWN
    assert cancellation.application.state == State.PROVINCIAL_REVIEW
    assert verify_register().violations == []


def test_a_number_for_an_unknown_filing_is_not_found() -> None:
    with pytest.raises(NotFound):
        numbering.issue_number(uuid.uuid4(), at=MORNING)
