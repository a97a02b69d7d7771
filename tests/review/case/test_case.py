"""The case page: everything an officer decides on, whether or not a script runs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from registry import clock
from registry.rules.particulars.completeness import checklist_items
from review.case.checks import checks_of
from tests.builders.materials import complete_organisation, with_answer
from tests.builders.register import MORNING, Cast, change_asked, in_force, submitted
from tests.review.desk.test_marks import LONGER
from tests.review.officers import materials_now, sign_in, supplement, text_of, url

pytestmark = pytest.mark.django_db


def test_every_item_of_the_checklist_has_its_mark(cast: Cast) -> None:
    case = submitted(cast)
    page = sign_in(cast.provincial).get(url("case", case)).content.decode()
    marked = re.findall(r'name="key" value="([^"]+)"', page)
    assert sorted(marked) == sorted(checklist_items(materials_now(case)))


def test_enter_in_a_remark_cannot_press_another_button(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    client.post(url("mark", case), {"key": "applicant.name", "revision": "1", "verdict": "deficient"})
    page = client.get(url("case", case)).content.decode()
    forms = [form for form in re.findall(r"<form.*?</form>", page, flags=re.S) if 'name="remark"' in form]
    assert [(form.count("<button"), 'value="deficient"' in form) for form in forms] == [(1, True)]


def test_any_document_opens_in_the_viewer_by_a_link(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    page = client.get(url("case", case)).content.decode()
    links = set(re.findall(r'href="(\?file=[0-9a-f-]+&amp;page=1)#documents"', page))
    assert links
    for link in links:
        file_id = link[len("?file=") :].split("&")[0]
        shown = client.get(url("case", case) + link.replace("&amp;", "&")).content.decode()
        assert f"/files/{file_id}/pages/1/" in shown


def test_the_viewer_alone_is_given_when_only_it_is_asked_for(cast: Cast) -> None:
    case = submitted(cast)
    page = sign_in(cast.provincial).get(url("case", case), headers={"HX-Target": "documents"})
    assert page.content.decode().lstrip().startswith('<section class="case__documents" id="documents"')


def test_a_later_version_shows_what_was_before(cast: Cast) -> None:
    case = submitted(cast)
    before = materials_now(case)["service"]["description"]
    supplement(case, at=MORNING + timedelta(hours=1), description=LONGER)
    page = sign_in(cast.provincial).get(url("case", case)).content.decode()
    assert page.count("particular--changed") == 1
    assert before[:20] in page
    assert LONGER in page


def test_a_change_stands_beside_what_is_in_force_in_every_round(cast: Cast) -> None:
    case = change_asked(cast)
    client = sign_in(cast.provincial)
    page = client.get(url("case", case))
    assert [change.key for change in page.context["case"].changes] == ["service.description"]
    assert "against what is in force" in page.content.decode()
    supplement(case, at=MORNING + timedelta(days=2), description=LONGER)
    assert "version 2 against version 1" in client.get(url("case", case)).content.decode()
    page = client.get(url("case", case) + "?compare=0")
    assert [change.after.value for change in page.context["case"].changes] == [LONGER]
    assert 'href="?compare=1#changes"' in page.content.decode()


def test_the_applicants_other_applications_stay_within_the_jurisdiction(cast: Cast) -> None:
    first = in_force(cast, seed=1)
    at = MORNING + timedelta(days=1)
    clock.set_for_tests(at)
    second = submitted(cast, seed=1, at=at)
    page = text_of(sign_in(cast.provincial).get(url("case", second)))
    assert first.application.receipt_number in page


def test_the_page_takes_as_many_queries_however_much_is_marked(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    client.get(url("case", case))
    with CaptureQueriesContext(connection) as unmarked:
        client.get(url("case", case))
    for section in ("applicant", "service", "content"):
        client.post(url("mark_section", case), {"section": section, "revision": "1"})
    with CaptureQueriesContext(connection) as marked:
        client.get(url("case", case))
    assert len(marked) == len(unmarked) <= 42


def test_what_software_can_check_is_checked(cast: Cast) -> None:
    case = submitted(cast)
    application, today = case.application, clock.china_date(MORNING)
    good = materials_now(case)
    assert {check.tone for check in checks_of(application, good, today=today)} == {"good"}
    code = good["applicant"]["document_number"]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    identity = good["person_in_charge"]["document_number"]
    for key, value in (
        ("applicant.document_number", wrong),
        ("person_in_charge.document_number", identity[:-1] + ("0" if identity[-1] != "0" else "1")),
        ("service.websites", [{"name": "样例", "url": "nonsense", "icp_number": "京ICP备1号"}]),
        ("applicant.division_code", "110103"),
        ("attachments.authenticity_statement", None),
        ("service.log_retention_months", 3),
    ):
        failed = [
            check.key
            for check in checks_of(application, with_answer(good, key, value), today=today)
            if check.tone == "bad"
        ]
        assert failed == [key], key


def test_lateness_is_shown_in_working_days(cast: Cast) -> None:
    case = submitted(cast)
    application = case.application
    application.late_by_working_days = 3
    with override("en"):
        checks = checks_of(application, complete_organisation(), today=clock.china_date(MORNING))
    assert "Late by 3 working days" in " ".join(check.text for check in checks)


def test_the_due_day_is_explained(cast: Cast) -> None:
    case = submitted(cast)
    text = text_of(sign_in(cast.provincial).get(url("case", case)))
    assert "Day 0 of 20" in text
    assert "Why this day?" in text
