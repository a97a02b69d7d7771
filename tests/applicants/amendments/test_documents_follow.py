"""What is mended, changed or supplemented needs the document that shows it, or a word that the old one does."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from applicants.drafts.pages.frame import examine
from applicants.models import Draft
from registry.book.revisions import get_revision, materials_of
from registry.models import Application
from registry.rules.workflow.states import Act
from registry.sample import walk
from tests.applicants.amendments.amending import ANSWER, answer_reasons, begin, mend, rejected_for, send
from tests.applicants.drafts.test_questions import case_words, check_words
from tests.applicants.pages import Desk, desk_at
from tests.builders.register import MORNING, Cast, filing_of, in_force, submitted
from tests.review.officers import sign_in

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SITE_RULE, LICENCE_RULE = "icp_proof_shows_what_changed", "applicants_document_shows_what_changed"


def asked(draft: Draft) -> list[str]:
    return [each.name for each in examine(Draft.objects.get(pk=draft.pk)).open_questions]


def other_site(draft: Draft) -> dict[str, Any]:
    [row] = draft.materials["service"]["websites"]
    return {
        "websites-TOTAL_FORMS": "1",
        "websites-0-url": "https://www.sample-two.cn/",
        "websites-0-name": row["name"],
    }


def test_a_mended_site_asks_for_its_proof_and_the_answer_reaches_the_office_in_the_same_words(
    desk: Desk, cast: Cast
) -> None:
    case = rejected_for(cast, "service.websites")
    draft, _url = begin(desk, case)
    assert asked(draft) == []
    mend(desk, draft, "service", **other_site(draft))
    answer_reasons(desk, draft, {"1": ANSWER})
    assert SITE_RULE in asked(draft)
    desk.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = desk.get("check", draft.pk).content.decode()
    assert send(desk, draft).status_code == 409
    for _round in range(2):
        desk.answer(draft, "样例：同一截图列有两个域名")
    on_check = check_words(page)
    assert send(desk, draft).status_code == 302
    with_answer = (
        sign_in(cast.provincial).get(reverse("review:case", args=[case.application_id])).content.decode()
    )
    [said] = case_words(with_answer)[SITE_RULE]
    assert said in on_check
    beside = with_answer.split(f'id="question-{SITE_RULE}"')[1].split("</li>")[0]
    assert "样例：同一截图列有两个域名" in beside


def test_a_new_proof_is_taken_without_a_word(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, "service.websites")
    draft, _url = begin(desk, case)
    mend(desk, draft, "service", **other_site(draft))
    assert SITE_RULE in asked(draft)
    # The slot of the proof has been opened by the question, though no reason named it.
    assert desk.upload(draft, "icp_proof", content=walk.sample_scan("new proof")).status_code == 302
    assert SITE_RULE not in asked(draft)


def test_a_mended_name_asks_for_the_licence_and_the_old_one_may_show_it(desk: Desk, cast: Cast) -> None:
    case = rejected_for(cast, "applicant.name")
    draft, _url = begin(desk, case)
    mend(desk, draft, "applicant", name="样例更名促进会")
    assert LICENCE_RULE in asked(draft)
    desk.answer(draft, "样例：证书上本来就是此名称")
    assert LICENCE_RULE not in asked(draft)


def test_a_supplement_is_asked_as_well(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    draft, _url = begin(desk, case)
    desk.post("open_section", draft.pk, "service")
    mend(desk, draft, "service", **other_site(draft))
    assert SITE_RULE in asked(draft)


def test_a_change_of_the_service_is_asked_and_of_nothing_that_stays(desk: Desk, cast: Cast) -> None:
    filing = filing_of(in_force(cast))
    with desk_at(MORNING + timedelta(days=1), cast) as later:
        later.post("change", filing.pk)
        draft = Draft.objects.get(filing_id=filing.pk)
        assert asked(draft) == []
        mend(later, draft, "service", description="样例：" + "新的说明" * 10)
        assert asked(draft) == []
        mend(later, draft, "service", **other_site(draft))
        assert SITE_RULE in asked(draft)


def test_a_change_of_the_applicant_is_refused_without_the_document_and_not_asked_as_well(
    desk: Desk, cast: Cast
) -> None:
    case = in_force(cast)
    with desk_at(MORNING + timedelta(days=1), cast) as later:
        later.post("change_applicant", case.application.applicant_id)
        draft = Draft.objects.get(kind="applicant_change")
        mend(later, draft, "applicant", name="样例更名促进会")
        examined = examine(Draft.objects.get(pk=draft.pk))
        assert "former_proof" in {gap.code for gap in examined.gaps}
        assert LICENCE_RULE not in [each.name for each in examined.prepared.questions]


def test_the_case_page_compares_with_every_round_before(cast: Cast, desk: Desk) -> None:
    """An answer given in one round still stands beside its question in the next."""
    case = rejected_for(cast, "service.websites")
    draft, _url = begin(desk, case)
    mend(desk, draft, "service", **other_site(draft))
    answer_reasons(desk, draft, {"1": ANSWER})
    for _round in range(2):
        desk.answer(draft, "样例：同一截图列有两个域名")
    assert send(desk, draft).status_code == 302
    application = Application.objects.get(pk=case.application_id)
    materials = materials_of(get_revision(application.pk, application.revision_number))
    again = {**materials, "service": {**materials["service"], "consensus": "样例共识二"}}
    walk.act(
        case, Act.SUPPLEMENT, by=cast.member, at=MORNING + HOUR, materials=again, explanation="样例补充说明"
    )
    page = sign_in(cast.provincial).get(reverse("review:case", args=[case.application_id])).content.decode()
    beside = unescape(page.split(f'id="question-{SITE_RULE}"')[1].split("</li>")[0])
    assert "样例：同一截图列有两个域名" in beside
