"""What does not go together is said to applicant and office in the same words, and answers reach the office."""

from __future__ import annotations

import re
import uuid
from copy import deepcopy
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applicants.drafts.pages.frame import examine
from applicants.models import Draft
from registry import clock
from registry.book import examination
from registry.book.revisions import get_revision, materials_of
from registry.errors import TransitionNotAllowed
from registry.models import Application
from registry.rules.codes import filing_number
from registry.rules.particulars import clear_irrelevant
from registry.rules.particulars.consistency.catalogue import RULES
from registry.rules.particulars.consistency.definitions import Stated
from registry.rules.workflow.states import Kind
from registry.sample import walk
from registry.sample.identities import sample_credit_code
from tests.applicants.pages import Desk, as_form, error_texts
from tests.builders.register import MORNING, Cast, approve, filing_of, in_force, materials_for
from tests.registry.rules.particulars.test_consistency import BESIDE_OTHERS, CASES, servers
from tests.review.officers import BACKEND, sign_in

ANSWERS = "answers_to_questions"
EXAMPLE = servers("203.0.113.9")["service.server_addresses"]


def put(materials: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    for key, value in answers.items():
        section, name = key.split(".")
        materials[section][name] = value
    return materials


def check_words(page: str) -> list[str]:
    """What the check page says in its points and questions."""
    questions = re.findall(r"data-words>(.*?)</span>", page, re.DOTALL)
    points = re.findall(r'<ul class="points">(.*?)</ul>', page, re.DOTALL)
    return [unescape(each) for each in (*questions, *re.findall(r">([^<]+)</a>", "".join(points)))]


def case_words(page: str) -> dict[str, list[str]]:
    """What the case page says does not go together, by the name of the rule."""
    found: dict[str, list[str]] = {}
    for name, text in re.findall(r'id="question-(\w+)">.*?data-words>(.*?)</span>', page, re.DOTALL):
        found.setdefault(name, []).append(unescape(text))
    return found


def draft_of(desk: Desk, materials: dict[str, Any]) -> Draft:
    draft = desk.start()
    draft.materials = materials
    draft.save()
    return draft


# The rules about an individual, about what a change states beside its materials, and about signed files have tests of
# their own.
# Entries of a form that is not ticked are dropped since the second version of the form.
APART = {
    *("individual_is_of_age", "change_follows_the_start_of_the_service", "forms_are_those_listed"),
    *("signed_statement_is_unchanged", "statement_is_signed_by_the_applicant"),
    *BESIDE_OTHERS,
}


def altered_case(name: str, materials: dict[str, Any]) -> dict[str, Any]:
    """The materials with the first of the rule's cases that contradicts on the day of these tests; files stay."""
    rule = next(each for each in RULES if each.name == name)
    for answers in CASES[name][0]:
        given = {key: value for key, value in answers.items() if not key.startswith("attachments.")}
        changed = put(deepcopy(materials), given)
        if list(rule.find(Stated(changed, clock.today()))):
            return changed
    raise AssertionError(name)


def test_applicant_and_reviewer_read_the_same_words(
    cast: Cast, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rule: its words on the check page are its words on the case page, in both languages."""
    officer = Client()
    officer.force_login(cast.national, backend=BACKEND)
    said = set()
    for rule in RULES:
        if rule.name in APART:
            continue
        plain = put(materials_for(cast), {"content.categories": ["application_operator"]})
        materials = clear_irrelevant(altered_case(rule.name, plain))
        draft = draft_of(desk, materials)
        with monkeypatch.context() as before_the_rule:
            # As if it had been handed in before the rule came: an error is refused now.
            before_the_rule.setattr(examination, "find_gaps", lambda *_args, **_kwargs: ())
            case = walk.submit(materials, member=cast.member, at=MORNING)
        for language in ("zh-hans", "en"):
            for client in (desk.client, officer):
                client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            on_check = check_words(desk.get("check", draft.pk).content.decode())
            page = officer.get(reverse("review:case", args=[case.application_id])).content.decode()
            assert set(case_words(page)[rule.name]) <= set(on_check), (rule.name, language)
        said.add(rule.name)
    assert said == {rule.name for rule in RULES} - APART


def filled(desk: Desk, cast: Cast, answers: dict[str, Any]) -> Draft:
    draft = desk.start()
    desk.fill(draft, put(materials_for(cast), answers))
    desk.upload_all(draft)
    return draft


QUESTION = {"service.server_addresses": EXAMPLE}
NAME = "server_address_is_no_example"


def test_a_question_is_answered_before_sending_and_the_answer_reaches_the_office(
    desk: Desk, cast: Cast
) -> None:
    draft = filled(desk, cast, QUESTION)
    page = desk.get("check", draft.pk).content.decode()
    assert f'id="question-{NAME}"' in page
    assert f'name="answer-{NAME}"' in page
    assert "Everything the office will look for is there." not in page
    refused = desk.submit(draft, answers=False)
    assert refused.status_code == 409
    assert Application.objects.count() == 0

    assert desk.answer(draft, "样例数据，\n没有服务器。").status_code == 302
    draft.refresh_from_db()
    assert draft.materials[ANSWERS][NAME]["text"] == "样例数据，\n没有服务器。"
    assert "样例数据，" in desk.get("check", draft.pk).content.decode()

    assert desk.submit(draft, answers=False).status_code == 302
    application = Application.objects.get()
    assert materials_of(get_revision(application.pk, 1))[ANSWERS][NAME]["text"] == "样例数据，\n没有服务器。"
    case = sign_in(cast.provincial).get(reverse("review:case", args=[application.pk])).content.decode()
    beside = case.split(f'id="question-{NAME}"')[1].split("</li>")[0]
    assert "样例数据，<br>没有服务器。" in beside


def test_an_answer_is_stored_encrypted_with_the_personal_part(desk: Desk, cast: Cast) -> None:
    draft = filled(desk, cast, QUESTION)
    desk.answer(draft, "由样例母公司持有")
    desk.submit(draft, answers=False)
    revision = get_revision(Application.objects.get().pk, 1)
    assert ANSWERS not in revision.public_part
    draft.refresh_from_db()
    assert "样例母公司" not in str(Draft.objects.filter(pk=draft.pk).values_list("section_saves", flat=True))


def test_an_answered_question_is_asked_again_only_when_what_it_compares_changes(
    desk: Desk, cast: Cast
) -> None:
    draft = filled(desk, cast, QUESTION)
    desk.answer(draft)
    materials = put(materials_for(cast), QUESTION)
    desk.save(draft, "service", as_form("service", put(materials, {"service.consensus": "Raft"})))
    assert examine(fresh(draft)).open_questions == ()
    other = servers("198.51.100.1")
    desk.save(draft, "service", as_form("service", put(materials, other)))
    assert [each.name for each in examine(fresh(draft)).open_questions] == [NAME]


def fresh(draft: Draft) -> Draft:
    return Draft.objects.get(pk=draft.pk)


def test_an_empty_answer_is_none_and_one_too_long_stays_on_the_page(desk: Desk, cast: Cast) -> None:
    draft = filled(desk, cast, QUESTION)
    desk.answer(draft, " \u200b ")
    assert [each.name for each in examine(fresh(draft)).open_questions] == [NAME]
    refused = desk.answer(draft, "长" * 1001)
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "长" * 1001 in page
    assert 'aria-invalid="true"' in page
    assert fresh(draft).materials.get(ANSWERS, {}) == {}


def test_an_answer_to_what_was_changed_meanwhile_is_not_kept_but_stays_on_the_page(
    desk: Desk, cast: Cast
) -> None:
    draft = filled(desk, cast, QUESTION)
    sent = {f"answer-{NAME}": "样例答复", f"compared-{NAME}": "0" * 64}
    refused = desk.post("answer_questions", draft.pk, data=sent)
    assert refused.status_code == 409
    assert "样例答复" in refused.content.decode()
    assert fresh(draft).materials.get(ANSWERS, {}) == {}


def test_an_error_is_mended_and_not_answered(desk: Desk, cast: Cast) -> None:
    draft = filled(desk, cast, servers("127.0.0.1"))
    page = desk.get("part", draft.pk, "service", "chain").content.decode()
    [message] = error_texts(page)
    assert "127.0.0.1" in message
    page = desk.get("check", draft.pk).content.decode()
    assert "answer-server_can_be_reached" not in page
    assert any("127.0.0.1" in each for each in check_words(page))
    assert desk.submit(draft, answers=False).status_code == 409
    assert Application.objects.count() == 0


def test_what_contradicts_is_said_while_typing(desk: Desk, cast: Cast) -> None:
    draft = filled(desk, cast, {})
    form = {**as_form("service", put(materials_for(cast), QUESTION)), **desk.page_fields(draft, "service")}
    saved = desk.post("autosave", draft.pk, "service", data=form).json()
    assert "203.0.113.9" in saved["contradictions"]
    assert f"#question-{NAME}" in saved["contradictions"]
    form |= as_form("service", materials_for(cast)) | {"version": str(saved["version"])}
    assert desk.post("autosave", draft.pk, "service", data=form).json()["contradictions"].strip() == ""
    assert "data-contradictions" in desk.get("section", draft.pk, "service").content.decode()


def test_a_question_about_the_applicant_is_asked_once_for_several_services(desk: Desk, cast: Cast) -> None:
    moved = {"applicant.division_code": "310115", "applicant.document_number": sample_code()}
    draft = filled(desk, cast, moved)
    desk.post("services", draft.pk, data={"act": "add", "new_id": str(uuid.uuid4())})
    page = desk.get("check", draft.pk).content.decode()
    name = "credit_code_is_of_the_place_of_registration"
    assert page.count(f'name="answer-{name}"') == 1
    desk.answer(draft, "样例公司已迁址")
    answers = [
        each.materials[ANSWERS][name]["text"] for each in Draft.objects.filter(together_id=draft.together_id)
    ]
    assert answers == ["样例公司已迁址"] * 2


def sample_code() -> str:
    return sample_credit_code(seed=1, organisation_type="social_organisation", division_code="110108")


def test_a_change_asks_only_about_what_it_touches(desk: Desk, cast: Cast) -> None:
    case = walk_in_force(cast, put(materials_for(cast), QUESTION))
    desk.post("change", filing_of(case).pk)
    draft = Draft.objects.get(filing_id=filing_of(case).pk)
    assert examine(draft).prepared.questions == ()
    draft.materials = put(draft.materials, servers("198.51.100.1"))
    draft.save()
    assert [each.name for each in examine(fresh(draft)).open_questions] == [NAME]


def test_a_change_is_not_dated_before_the_service_began(desk: Desk, cast: Cast) -> None:
    case = in_force(cast)
    filing = filing_of(case)
    desk.post("change", filing.pk)
    draft = Draft.objects.get(filing_id=filing.pk)
    draft.materials = put(draft.materials, {"service.consensus": "样例共识"})
    draft.notes = {**draft.notes, "changed_on": {"service.consensus": "2020-01-01"}, "late_reason": "样例"}
    draft.save()
    started_on = draft.materials["service"]["service_started_on"]
    assert [each for each in check_words(desk.get("check", draft.pk).content.decode()) if started_on in each]
    materials = deepcopy(draft.materials)
    with pytest.raises(TransitionNotAllowed) as refusal:
        walk.submit(
            materials,
            member=cast.member,
            at=MORNING + timedelta(days=1),
            kind=Kind.CHANGE,
            filing_id=filing.pk,
            details={
                "changes": [{"key": "service.consensus", "changed_on": "2020-01-01"}],
                "late_reason": "样例",
            },
        )
    assert refusal.value.code == "changed_before_service_started"


def walk_in_force(cast: Cast, materials: dict[str, Any]) -> walk.SampleCase:
    case = walk.submit(materials, member=cast.member, at=MORNING)
    approve(cast, case, at=MORNING + timedelta(hours=1))
    return case


def test_what_only_the_register_knows_is_said_on_the_check_page(desk: Desk, cast: Cast) -> None:
    number = str(filing_number.compose("110108", 2026, "00001234", 1))
    upstream = {"service.upstream": "filed", "service.upstream_filings": [{"number": number}]}
    draft = draft_of(desk, put(materials_for(cast), upstream))
    said = check_words(desk.get("check", draft.pk).content.decode())
    assert [each for each in said if number in each] != []
    assert "upstream_is_in_the_register" in {gap.code for gap in examine(fresh(draft)).gaps}
