"""What the offices examine is what an application is about, and nothing that it carries along."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from registry.book.in_force import materials_in_force
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.models import Account
from registry.rules.particulars.cancellation import ARRANGEMENT, ENDS_ON, LATE_REASON
from registry.rules.particulars.reasons import INITIAL_CATALOGUE, reason
from registry.rules.workflow.events import examined_of
from registry.rules.workflow.examined import Examined
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.access import Office
from review.case.case import Case
from review.case.last_checks import last_checks_of
from review.decisions.reason_forms import reason_formset
from review.decisions.wording import consequences
from review.desk.checklist import checklist_of, mark
from review.models import ChecklistMark
from review.review_forms.content import facts_of
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, change_applicant
from tests.review.officers import mark_all, send, sign_in, text_of, url

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


# ---------------------------------------------------------------- what waits for an officer, and what does not


def first_then_change(cast: Cast) -> SampleCase:
    """A change of the description of a filing that both offices marked item by item when it was first filed."""
    first = build.submitted(cast)
    mark_all(first, cast.provincial, at=MORNING)
    build.approve(cast, first, at=MORNING + HOUR)
    return build.change_asked(cast, build.filing_of(first))


def say_deficient(case: SampleCase, officer: Account, key: str) -> None:
    mark(
        case.application,
        [key],
        verdict=ChecklistMark.Verdict.DEFICIENT,
        remark="样例：此项与材料不符，请核对。",
        revision_number=1,
        officer=officer,
        at=MORNING + timedelta(days=1, hours=1),
    )


def test_a_change_asks_for_what_it_alters_and_what_is_carried_says_who_checked_it_last(cast: Cast) -> None:
    change = first_then_change(cast)
    checklist = checklist_of(change.application, Office.PROVINCE)
    # The sample's slots all hold one scan; the introduction proves the description, the statement was signed for it.
    assert set(checklist.wanted) == {
        "service.description",
        "attachments.product_introduction",
        "attachments.authenticity_statement",
    }
    page = Case(change.application, cast.provincial, at=MORNING + timedelta(days=1, hours=1))
    folded = {row.key: row.form.last_check for section in page.sections for row in section.unchanged}
    assert folded["applicant.name"].name == cast.provincial.name
    assert folded["applicant.name"].at == MORNING
    assert not set(folded) & set(checklist.wanted)
    shown = text_of(sign_in(cast.provincial).get(url("case", change)))
    assert "unchanged since their last check" in shown
    assert f"Last checked 2026-03-02 10:00 · {cast.provincial.name} · Fine" in shown


def test_who_checked_last_in_another_province_is_not_named_there(cast: Cast) -> None:
    change = first_then_change(cast)
    ChecklistMark.objects.update(province_code="440000")
    seen = {
        each.name
        for officer in (cast.provincial, cast.national)
        for each in last_checks_of(change.application, ["applicant.name"], officer).values()
    }
    assert seen == {"", cast.provincial.name}


def test_without_marks_the_approval_stands_for_the_last_check(cast: Cast) -> None:
    change = build.change_asked(cast)
    [found] = last_checks_of(change.application, ["applicant.name"], cast.provincial).values()
    assert (found.at, found.name, found.verdict) == (MORNING + 2 * HOUR, "", None)


def test_what_is_unchanged_can_be_marked_deficient_and_then_counts(cast: Cast) -> None:
    change = first_then_change(cast)
    mark_all(change, cast.provincial, at=MORNING + timedelta(days=1, hours=1))
    assert checklist_of(change.application, Office.PROVINCE).is_answered
    say_deficient(change, cast.provincial, "applicant.name")
    checklist = checklist_of(change.application, Office.PROVINCE)
    assert [each.key for each in checklist.deficient] == ["applicant.name"]
    page = Case(change.application, cast.provincial, at=MORNING + timedelta(days=1, hours=2))
    assert "applicant.name" in {row.key for section in page.sections for row in section.rows}
    fields = {"recommends": "approval", "text": "样例意见：均已核对，符合规定。"}
    refused = send(sign_in(cast.provincial), change, Act.FORWARD, fields)
    assert refused.status_code in (400, 409)


def test_what_software_has_proven_never_overrides_the_officer(cast: Cast) -> None:
    case = build.submitted(cast)
    before = checklist_of(case.application, Office.PROVINCE)
    key = "service.log_retention_months"
    assert key in before.examined.software
    assert key not in before.wanted
    say_deficient(case, cast.provincial, key)
    after = checklist_of(case.application, Office.PROVINCE)
    assert [each.key for each in after.deficient] == [key]
    assert set(before.examined.software) - set(after.examined.software) == {key}
    shown = sign_in(cast.provincial).get(url("case", case)).content.decode()
    row = shown[shown.index(f'id="row-{key}"') :].split('id="row-')[1]
    assert "Checked by software" in row
    assert 'value="deficient" aria-pressed="true"' in row


def test_marks_of_before_stay_and_a_case_that_was_marked_whole_is_answered(cast: Cast) -> None:
    case = build.submitted(cast)
    items = checklist_of(case.application, Office.PROVINCE).items
    mark(
        case.application,
        items,
        verdict=ChecklistMark.Verdict.FINE,
        revision_number=1,
        officer=cast.provincial,
        at=MORNING,
    )
    checklist = checklist_of(case.application, Office.PROVINCE)
    assert checklist.is_answered
    assert checklist.examined == Examined(len(items), (), 0, 0)


def test_the_act_keeps_who_examined_what_and_the_trail_and_the_review_form_tell_them_apart(
    cast: Cast,
) -> None:
    case = build.submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    examined = checklist_of(case.application, Office.PROVINCE).examined
    fields = {"recommends": "approval", "text": "样例意见：均已核对，符合规定。"}
    assert send(sign_in(cast.provincial), case, Act.FORWARD, fields).status_code == 302
    event = case.application.events.get(act=Act.FORWARD.value)
    assert examined_of(event.payload) == examined
    assert examined.software
    counts = f"by officers {examined.by_officers} · by software {len(examined.software)}"
    assert counts in text_of(sign_in(cast.provincial).get(url("case", case)))
    assert counts not in text_of(
        sign_in(cast.member).get(reverse("applicants:application", args=[case.application_id]))
    )
    printed = facts_of(case.application, calendar=current_calendar()).marks[0]
    assert (printed.answered, printed.total) == (examined.by_officers, examined.by_officers)
    assert f"软件核对 {len(examined.software)} 项" in printed.unmarked


def test_an_empty_optional_particular_needs_no_mark(cast: Cast) -> None:
    materials = build.materials_for(cast)
    materials["applicant"].pop("home_page_url", None)
    case = walk.submit(materials, member=cast.member, at=MORNING)
    checklist = checklist_of(case.application, Office.PROVINCE)
    assert "applicant.home_page_url" in checklist.items
    assert "applicant.home_page_url" not in checklist.wanted
    assert checklist.examined.not_given
