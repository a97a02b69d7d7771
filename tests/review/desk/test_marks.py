"""Marks belong to an office and a revision; they hold until their item changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.rules.workflow.states import Act, Outcome
from review.access import Office
from review.desk.checklist import MarkRefused, checklist_of, mark
from review.models import ChecklistMark
from tests.builders.register import MORNING, Cast, forwarded, submitted
from tests.review.officers import mark_all, materials_now, send, sign_in, supplement, text_of, url

pytestmark = pytest.mark.django_db

FINE, DEFICIENT = ChecklistMark.Verdict.FINE, ChecklistMark.Verdict.DEFICIENT
NAME, DESCRIPTION = "applicant.name", "service.description"
LONGER = "样例：本服务以联盟链存证，节点部署于北京，共识机制为 PBFT，提供存证、查询与核验功能。"


def test_a_mark_on_what_has_changed_since_falls_away(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    supplement(case, at=MORNING + timedelta(hours=1), description=LONGER)
    checklist = checklist_of(case.application, Office.PROVINCE)
    assert checklist.fallen == {DESCRIPTION}
    assert checklist.answered == checklist.total - 1
    assert not checklist.is_answered


def test_a_mark_holds_again_when_what_it_was_made_on_is_back(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    before = materials_now(case)["service"]["description"]
    supplement(case, at=MORNING + timedelta(hours=1), description=LONGER)
    supplement(case, at=MORNING + timedelta(hours=2), description=before)
    assert checklist_of(case.application, Office.PROVINCE).is_answered


def test_each_office_has_marks_of_its_own(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    application = case.application
    found = [checklist_of(application, office).is_answered for office in Office]
    assert found == [True, False]


def test_a_mark_from_a_screen_before_the_supplement_is_refused(cast: Cast) -> None:
    case = submitted(cast)
    supplement(case, at=MORNING + timedelta(hours=1), description=LONGER)
    with pytest.raises(MarkRefused, match="materials_changed_since"):
        mark(case.application, [NAME], verdict=FINE, revision_number=1, officer=cast.provincial, at=MORNING)
    assert not ChecklistMark.objects.exists()


def test_only_the_office_that_holds_the_case_marks_it(cast: Cast) -> None:
    case = forwarded(cast)
    with pytest.raises(MarkRefused, match="not_at_this_desk"):
        mark(case.application, [NAME], verdict=FINE, revision_number=1, officer=cast.provincial, at=MORNING)
    mark(case.application, [NAME], verdict=FINE, revision_number=1, officer=cast.national, at=MORNING)


def test_what_the_case_does_not_ask_cannot_be_marked(cast: Cast) -> None:
    case = submitted(cast)
    with pytest.raises(MarkRefused, match="not_on_the_checklist"):
        mark(
            case.application,
            [NAME, "applicant.shoe_size"],
            verdict=FINE,
            revision_number=1,
            officer=cast.provincial,
            at=MORNING,
        )
    assert not ChecklistMark.objects.exists()


def test_a_press_marks_one_item_and_another_changes_it(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    data = {"key": NAME, "revision": "1"}
    answer = client.post(url("mark", case), data | {"verdict": "fine"})
    assert answer["Location"] == f"{url('case', case)}#row-{NAME}"
    client.post(url("mark", case), data | {"verdict": "deficient", "remark": " 与营业执照不符 "})
    found = ChecklistMark.objects.values_list("key", "office", "verdict", "remark", "revision_number")
    assert list(found) == [(NAME, "province", "deficient", "与营业执照不符", 1)]


def test_htmx_gets_the_row_and_the_progress_only(cast: Cast) -> None:
    case = submitted(cast)
    answer = sign_in(cast.provincial).post(
        url("mark", case),
        {"key": NAME, "revision": "1", "verdict": "fine"},
        headers={"HX-Request": "true"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('id="row-') == 1
    assert 'id="checklist-progress" hx-swap-oob="true"' in page
    assert "<html" not in page


def test_a_late_press_over_htmx_loads_the_page_again_and_says_why(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    supplement(case, at=MORNING + timedelta(hours=1), description=LONGER)
    answer = client.post(
        url("mark", case),
        {"key": NAME, "revision": "1", "verdict": "fine"},
        headers={"HX-Request": "true"},
    )
    assert answer["HX-Redirect"] == url("case", case)
    assert "Your mark was not made" in text_of(client.get(url("case", case)))


def test_the_rest_of_a_section_is_marked_fine_and_what_was_marked_stays(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    client.post(url("mark", case), {"key": NAME, "revision": "1", "verdict": "deficient"})
    client.post(url("mark_section", case), {"section": "applicant", "revision": "1"})
    checklist = checklist_of(case.application, Office.PROVINCE)
    assert checklist.unanswered_in("applicant") == ()
    assert [each.key for each in checklist.deficient] == [NAME]
    assert set(checklist.marks) == {key for key in checklist.items if key.startswith("applicant.")}


def test_art_12_nothing_is_forwarded_while_an_item_is_unmarked(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    fields = {"recommends": Outcome.APPROVAL.value, "text": "样例意见：已核对"}
    refused = send(client, case, Act.FORWARD, fields)
    assert refused.status_code == 409
    assert "Mark every item of the checklist" in text_of(refused)
    assert "样例意见：已核对" in refused.content.decode()
    mark_all(case, cast.provincial, at=MORNING)
    assert send(client, case, Act.FORWARD, fields).status_code == 302


def test_the_case_page_shows_both_offices_marks_and_what_fell_away(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    mark(
        case.application,
        [DESCRIPTION],
        verdict=DEFICIENT,
        remark="共识机制未写明",
        revision_number=1,
        officer=cast.provincial,
        at=MORNING,
    )
    assert "共识机制未写明" in text_of(sign_in(cast.national).get(url("case", case)))
    supplement(case, at=MORNING + timedelta(hours=1), description=LONGER)
    assert "Changed since your office marked it" in text_of(client.get(url("case", case)))
