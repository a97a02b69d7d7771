"""Marks belong to an office and a revision; they hold until their item changes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from registry.rules.workflow.states import Act, Outcome
from review.access import Office
from review.desk.checklist import MarkRefused, checklist_of, mark
from review.models import ChecklistMark, MarkVersion
from tests.builders.register import MORNING, Cast, forwarded, submitted
from tests.review.officers import mark_all, materials_now, send, sign_in, supplement, text_of, url

pytestmark = pytest.mark.django_db

FINE, DEFICIENT = ChecklistMark.Verdict.FINE, ChecklistMark.Verdict.DEFICIENT
NAME, DESCRIPTION = "applicant.name", "service.description"
FAULT = "technical_description_vague"
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
    assert set(checklist.marks) == {key for key in checklist.wanted if key.startswith("applicant.")}


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


# ---------------------------------------------------------------- two officers, and one who slips


def test_an_older_page_does_not_erase_a_colleagues_mark(cast: Cast) -> None:
    case = submitted(cast)
    page = {"key": NAME, "revision": "1", "version": "0"}
    sign_in(cast.provincial).post(
        url("mark", case), page | {"verdict": "deficient", "remark": "样例：名称不符"}
    )
    answer = sign_in(cast.provincial_second).post(url("mark", case), page | {"verdict": "fine"})
    assert answer.status_code == 302
    stands = ChecklistMark.objects.get()
    assert (stands.verdict, stands.remark, stands.officer) == ("deficient", "样例：名称不符", cast.provincial)


def test_who_comes_second_is_shown_the_colleagues_mark_and_keeps_what_was_typed(cast: Cast) -> None:
    case = submitted(cast)
    page = {"key": NAME, "revision": "1", "version": "0"}
    sign_in(cast.provincial).post(url("mark", case), page | {"verdict": "fine"})
    answer = sign_in(cast.provincial_second).post(
        url("mark", case),
        page | {"verdict": "deficient", "remark": "样例：与营业执照不一致"},
        headers={"HX-Request": "true"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert answer.headers["HX-Retarget"] == f'[id="row-{NAME}"]'
    assert "样例初审甲 marked this item meanwhile" in text_of(answer)
    assert 'value="样例：与营业执照不一致"' in shown
    assert 'id="remark-applicant-name-version" value="1"' in shown
    assert ChecklistMark.objects.get().verdict == "fine"


def test_who_only_pressed_reads_the_colleagues_words(cast: Cast) -> None:
    case = submitted(cast)
    page = {"key": NAME, "revision": "1", "version": "0"}
    sign_in(cast.provincial).post(url("mark", case), page | {"verdict": "deficient", "remark": "样例理由"})
    answer = sign_in(cast.provincial_second).post(
        url("mark", case), page | {"verdict": "fine"}, headers={"HX-Request": "true"}
    )
    assert 'value="样例理由"' in answer.content.decode()


def test_without_scripts_the_refused_remark_is_kept_beside_the_mark_of_now(cast: Cast) -> None:
    case = submitted(cast)
    page = {"key": NAME, "revision": "1", "version": "0"}
    sign_in(cast.provincial).post(url("mark", case), page | {"verdict": "deficient", "remark": "样例甲"})
    client = sign_in(cast.provincial_second)
    answer = client.post(url("mark", case), page | {"verdict": "deficient", "remark": "样例乙"}, follow=True)
    assert "样例乙" in answer.content.decode()
    assert "marked this item meanwhile" in text_of(answer)


def test_ones_own_older_window_does_not_erase_a_mark_either(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    page = {"key": NAME, "revision": "1", "version": "0"}
    client.post(url("mark", case), page | {"verdict": "deficient", "remark": "样例"})
    client.post(url("mark", case), page | {"verdict": "fine"})
    assert ChecklistMark.objects.get().verdict == "deficient"


def test_two_who_find_the_same_are_both_heard(cast: Cast) -> None:
    case = submitted(cast)
    page = {"key": NAME, "revision": "1", "version": "0", "verdict": "fine"}
    for officer in (cast.provincial, cast.provincial_second):
        answer = sign_in(officer).post(url("mark", case), page)
        assert answer["Location"].endswith(f"#row-{NAME}")
    assert MarkVersion.objects.count() == 1


def test_every_mark_stays_with_who_made_it_and_when(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    data = {"key": NAME, "revision": "1"}
    for version, verdict in enumerate(("fine", "deficient", "fine")):
        client.post(
            url("mark", case), data | {"verdict": verdict, "version": str(version), "remark": "样例理由"}
        )
    made = MarkVersion.objects.order_by("version").values_list(
        "version", "verdict", "remark", "officer__name"
    )
    name = cast.provincial.name
    assert list(made) == [(1, "fine", "", name), (2, "deficient", "样例理由", name), (3, "fine", "", name)]
    page = text_of(client.get(url("case", case)))
    assert "3 marks so far" in page
    assert "样例理由" in page


def test_the_reason_and_the_remark_survive_a_toggle(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    data = {"key": DESCRIPTION, "revision": "1"}
    client.post(
        url("mark", case),
        data | {"verdict": "deficient", "version": "0", "code": FAULT, "remark": "样例理由"},
    )
    client.post(url("mark", case), data | {"verdict": "fine", "version": "1"})
    row = client.get(url("case", case)).content.decode().partition(f'id="row-{DESCRIPTION}"')[2]
    form = row.partition("</form>")[0]
    said = dict(re.findall(r'name="(code|remark)" value="([^"]*)"', form))
    assert said == {"code": FAULT, "remark": "样例理由"}
    client.post(url("mark", case), data | {"verdict": "deficient", "version": "2", **said})
    assert ChecklistMark.objects.values_list("code", "remark").get() == (FAULT, "样例理由")


def test_undo_brings_back_the_mark_before_with_its_words(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    data = {"key": NAME, "revision": "1"}
    client.post(url("mark", case), data | {"verdict": "deficient", "version": "0", "remark": "样例理由"})
    client.post(url("mark", case), data | {"verdict": "fine", "version": "1"})
    client.post(url("mark", case), data | {"verdict": "undo", "version": "2"})
    assert ChecklistMark.objects.values_list("verdict", "remark").get() == ("deficient", "样例理由")


def test_the_only_mark_is_taken_back(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    data = {"key": NAME, "revision": "1"}
    client.post(url("mark", case), data | {"verdict": "fine", "version": "0"})
    client.post(url("mark", case), data | {"verdict": "undo", "version": "1"})
    assert not ChecklistMark.objects.exists()
    assert NAME not in checklist_of(case.application, Office.PROVINCE).marks
    assert MarkVersion.objects.count() == 2


def test_undo_of_a_mark_that_a_colleague_changed_meanwhile_is_refused(cast: Cast) -> None:
    case = submitted(cast)
    data = {"key": NAME, "revision": "1"}
    first, second = sign_in(cast.provincial), sign_in(cast.provincial_second)
    first.post(url("mark", case), data | {"verdict": "fine", "version": "0"})
    second.post(url("mark", case), data | {"verdict": "deficient", "version": "1", "remark": "样例"})
    first.post(url("mark", case), data | {"verdict": "undo", "version": "1"})
    assert ChecklistMark.objects.get().verdict == "deficient"
