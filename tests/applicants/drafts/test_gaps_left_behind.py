"""Whoever goes on from a page with gaps is told so on the next page, quietly; and help speaks of what one has."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from applicants.words import help_with_article
from registry.rules.particulars import find_slot
from tests.applicants.drafts.test_asked_once import save_part
from tests.applicants.pages import Desk, as_form
from tests.builders.register import Cast, materials_for

pytestmark = pytest.mark.django_db

NOTICE = re.compile(r'<div class="notice" role="status">.*?<p>(.*?)</p>', re.DOTALL)


def notices(page: str) -> list[str]:
    return [each for each in NOTICE.findall(page) if "未填写" in each]


def test_the_next_page_says_which_page_has_gaps_and_complains_of_nothing(desk: Desk) -> None:
    draft = desk.start().pk
    answer = save_part(desk, draft, "forms", {"service_name": "样例平台"})
    page = desk.client.get(answer.headers["Location"]).content.decode()
    [said] = notices(page)
    assert re.match(r"“服务及其形式”还有 \d+ 项未填写", said)
    back = f"{reverse('applicants:section', args=[draft, 'service'])}?gaps=1"
    assert f'href="{escape(back)}"' in said
    assert "field--error" not in page
    # It is said once.
    assert notices(desk.client.get(answer.headers["Location"]).content.decode()) == []


def test_a_complete_page_leaves_nothing_to_say(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    answer = desk.save(draft, "applicant", as_form("applicant", materials_for(cast)))
    assert notices(desk.client.get(answer.headers["Location"]).content.decode()) == []


@pytest.mark.parametrize(
    ("nature", "there", "not_there"),
    [
        ("individual", "与身份证件完全一致", "营业执照"),
        ("organisation", "与营业执照或机构证书完全一致", "身份证件"),
    ],
)
def test_help_on_the_applicant_names_the_document_of_its_kind(
    desk: Desk, nature: str, there: str, not_there: str
) -> None:
    draft = desk.start()
    desk.save(draft, "applicant", {"nature": nature})
    page = desk.get("section", draft.pk, "applicant").content.decode()
    helps = {
        name: re.search(rf'id="id_{name}_helptext">(.*?)</div>', page, re.DOTALL)
        for name in ("name", "document_address")
    }
    assert helps["name"] is not None
    assert there in helps["name"][1]
    for found in helps.values():
        assert found is not None
        assert not_there not in found[1]


FIRST, SECOND = "attachments.identity_document_front", "attachments.identity_document_back"


@pytest.mark.parametrize(
    ("document_type", "first", "second"),
    [
        ("resident_id", "人像面", "国徽面"),
        ("passport", "资料页", None),
        ("foreign_permanent_resident_card", "有照片一面", "无照片一面"),
        ("hong_kong_macau_permit", "有照片一面", "无照片一面"),
        ("taiwan_residence_permit", "有照片一面", "无照片一面"),
    ],
)
def test_help_on_a_scan_names_the_sides_of_the_document(
    document_type: str, first: str, second: str | None
) -> None:
    of_applicant = {"applicant": {"nature": "individual", "document_type": document_type}}
    of_person = {
        "applicant": {"nature": "organisation"},
        "person_in_charge": {"document_type": document_type},
    }
    person = "attachments.person_in_charge_document"
    with override("zh-hans"):
        for materials, slots in ((of_applicant, (FIRST, SECOND)), (of_person, (person, f"{person}_back"))):
            texts = [str(help_with_article(slot, find_slot(slot).basis, materials)) for slot in slots]
            assert first in texts[0]
            assert second is None or second in texts[1]
            assert document_type == "resident_id" or not any("国徽" in text for text in texts)
