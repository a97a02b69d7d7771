"""What the offices examine is what an application is about, and nothing that it carries along."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from registry.book.in_force import materials_in_force
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.rules.particulars.cancellation import ARRANGEMENT, ENDS_ON, LATE_REASON
from registry.rules.particulars.reasons import INITIAL_CATALOGUE, reason
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.access import Office
from review.decisions.reason_forms import reason_formset
from review.decisions.wording import consequences
from review.desk.checklist import checklist_of, mark
from review.models import ChecklistMark
from review.review_forms.content import facts_of
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, change_applicant
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW_NAME = "样例拟改名称有限公司"
SERVICE = "service.description"


@pytest.fixture
def change(cast: Cast) -> SampleCase:
    first = build.in_force(cast)
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例待定服务"
    walk.submit(materials, member=cast.member, at=MORNING + HOUR)
    return change_applicant(
        cast, first.application.applicant, {"applicant.name": NEW_NAME}, at=MORNING + 4 * HOUR
    )


def cancelled(cast: Cast, *, ends_on: str = "2026-06-30", late_reason: str = "") -> SampleCase:
    filing = build.filing_of(build.in_force(cast))
    details = {"ends_on": ends_on, "arrangement": "样例安排", "late_reason": late_reason}
    return walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=MORNING + 4 * HOUR,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details=details,
    )


def test_a_change_of_the_applicant_asks_for_the_applicant_alone(cast: Cast, change: SampleCase) -> None:
    items = checklist_of(change.application, Office.PROVINCE).items
    assert {item.split(".")[0] for item in items} == {"applicant", "person_in_charge", "attachments"}
    assert "attachments.authenticity_statement" in items
    assert "attachments.product_introduction" not in items
    page = sign_in(cast.provincial).get(url("case", change))
    shown = page.content.decode()
    assert 'id="row-applicant.name"' in shown
    assert "row-service." not in shown
    assert "section-content" not in shown
    # The filings that it concerns stand there instead, each with its number.
    assert "样例待定服务" in text_of(page)
    for filing in change.application.applicant.filings.exclude(number=None):
        assert str(filing.number) in text_of(page)
    own = sign_in(cast.member).get(reverse("applicants:application", args=[change.application_id]))
    assert "row-service." not in own.content.decode()
    assert "样例待定服务" in text_of(own)


def test_a_gap_of_the_service_that_a_change_of_the_applicant_carries_along_does_not_stop_it(
    cast: Cast,
) -> None:
    first = build.in_force(cast)
    applicant = first.application.applicant
    materials = materials_in_force(build.filing_of(first))
    materials["applicant"]["name"] = NEW_NAME
    materials["service"]["description"] = ""
    materials["attachments"] |= build.new_proofs(
        materials_in_force(build.filing_of(first)), materials, member=cast.member, at=MORNING + 3 * HOUR
    )
    details = {"changes": [{"key": "applicant.name", "changed_on": "2026-03-02"}]}
    case = walk.submit(
        materials, member=cast.member, at=MORNING + 4 * HOUR, kind=Kind.APPLICANT_CHANGE, details=details
    )
    assert case.application.applicant == applicant
    page = sign_in(cast.provincial).get(url("case", case))
    assert "check--bad" not in page.content.decode()


def test_a_cancellation_asks_for_what_it_states_and_for_nothing_that_it_repeats(cast: Cast) -> None:
    case = cancelled(cast)
    materials = materials_of(get_revision(case.application.pk, 1))
    checklist = checklist_of(case.application, Office.PROVINCE)
    assert checklist.items == (ENDS_ON, ARRANGEMENT)
    form = reason_formset(checklist.items)
    offered = str(form)
    assert ARRANGEMENT in offered
    assert SERVICE not in offered
    mark(
        case.application,
        checklist.items,
        verdict=ChecklistMark.Verdict.FINE,
        revision_number=1,
        officer=cast.provincial,
        at=MORNING + 5 * HOUR,
    )
    assert checklist_of(case.application, Office.PROVINCE, materials).is_answered
    assert facts_of(case.application, calendar=current_calendar()).marks[0].total == 2
    page = sign_in(cast.provincial).get(url("case", case))
    shown = page.content.decode()
    assert f'id="row-{ARRANGEMENT}"' in shown
    # What is repeated is there to be read, without marks.
    assert f'id="row-{SERVICE}"' in shown
    assert "mark-service-description" not in shown
    assert "mark-cancellation-ends_on-fine" in shown


def test_a_late_cancellation_is_asked_for_its_reason(cast: Cast) -> None:
    case = cancelled(cast, ends_on="2026-03-20", late_reason="样例：停止运营")
    assert case.application.late_by_working_days > 0
    assert checklist_of(case.application, Office.PROVINCE).items == (ENDS_ON, ARRANGEMENT, LATE_REASON)


def test_a_mark_falls_when_the_cancellation_states_it_otherwise(cast: Cast) -> None:
    case = cancelled(cast)
    mark(
        case.application,
        (ENDS_ON, ARRANGEMENT),
        verdict=ChecklistMark.Verdict.FINE,
        revision_number=1,
        officer=cast.provincial,
        at=MORNING + 5 * HOUR,
    )
    walk.act(
        case,
        Act.SUPPLEMENT,
        by=cast.member,
        at=MORNING + 6 * HOUR,
        materials=materials_of(get_revision(case.application.pk, 1)),
        ends_on="2026-06-30",
        arrangement="样例：另作安排",
        explanation="样例：写明理由",
    )
    checklist = checklist_of(case.application, Office.PROVINCE)
    assert (set(checklist.marks), checklist.fallen) == ({ENDS_ON}, {ARRANGEMENT})


def test_art_11_a_reason_may_be_pinned_to_the_arrangement_for_users(cast: Cast) -> None:
    case = cancelled(cast)
    code = "particular_missing"
    pinned = reason(1, catalogue=INITIAL_CATALOGUE, key=ARRANGEMENT, code=code, remedy="样例：写明如何通知")
    walk.act(
        case,
        Act.FORWARD,
        by=cast.provincial,
        at=MORNING + 5 * HOUR,
        recommends="rejection",
        text="样例意见：均已核对",
    )
    walk.act(case, Act.REJECT, by=cast.national, at=MORNING + 6 * HOUR, reasons=[pinned], text="样例")
    page = sign_in(cast.member).get(reverse("applicants:application", args=[case.application_id]))
    assert f'href="#row-{ARRANGEMENT}"' in page.content.decode()
    assert f'id="row-{ARRANGEMENT}"' in page.content.decode()
    again = sign_in(cast.member).get(reverse("applicants:cancellation", args=[case.application_id]))
    assert again.status_code == 200


def test_an_approval_that_the_applicant_can_withdraw_is_not_called_final(cast: Cast) -> None:
    application = cancelled(cast).application
    before, on_the_day = (
        [str(each) for each in consequences(Act.APPROVE, application, today=day)]
        for day in (date(2026, 6, 29), date(2026, 6, 30))
    )
    assert before[0] == on_the_day[0]
    assert before[1] != on_the_day[1]
    rejected = [str(each) for each in consequences(Act.REJECT, application, today=date(2026, 6, 29))]
    assert rejected[1] == on_the_day[1]
