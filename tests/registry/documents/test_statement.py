"""The authenticity statement: what was entered is what is printed, and it can be read by people and machines."""

from __future__ import annotations

import io
import re
import subprocess
from copy import deepcopy
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.template import engines
from django.utils.translation import override
from weasyprint import HTML

from registry.documents import ForbiddenAsset, authenticity_statement, require_glyphs, statement_code
from registry.documents.printing import BASE_URL, AssetFetcher
from registry.errors import GlyphMissing
from registry.rules.particulars import printed_values
from tests.builders.materials import complete_individual, complete_organisation, with_answer

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


def text_of(content: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return shown.stdout.decode()


def words_of(content: bytes) -> str:
    """The text without the spaces and line ends that the layout puts into it."""
    return re.sub(r"\s+", "", text_of(content))


def by_agent(materials: dict[str, Any]) -> dict[str, Any]:
    changed = deepcopy(materials)
    changed["applicant"].update(filed_by_agent=True, agent_name="样例代理有限公司")
    return changed


@pytest.mark.parametrize(
    "materials",
    [complete_organisation(seed=7), complete_organisation(seed=14), complete_individual(seed=3)],
    ids=["organisation", "another", "individual"],
)
def test_every_printed_value_stands_in_the_statement_as_it_was_entered(materials: dict[str, Any]) -> None:
    words = words_of(authenticity_statement(materials, today=TODAY))
    entered = printed_values(materials)
    for key in (
        "applicant.name",
        "applicant.document_number",
        "person_in_charge.name",
        "person_in_charge.document_number",
        "person_in_charge.mobile",
        "person_in_charge.email",
        "service.service_name",
        "service.service_started_on",
    ):
        if key in entered:
            assert re.sub(r"\s+", "", entered[key]) in words, key


def test_choices_and_places_are_printed_in_words() -> None:
    materials = complete_organisation(seed=7, division_code="330106", categories=["technology_provider"])
    words = words_of(authenticity_statement(materials, today=TODAY))
    found = [
        word
        for word in ("浙江省杭州市西湖区", "统一社会信用代码", "技术提供方", "浙江省网信办")
        if word in words
    ]
    assert found == ["浙江省杭州市西湖区", "统一社会信用代码", "技术提供方", "浙江省网信办"]


def test_the_statement_names_the_articles_and_where_to_sign() -> None:
    words = words_of(authenticity_statement(complete_organisation(), today=TODAY))
    wanted = [
        "第十一条第一款",
        "第十二条",
        "第二十二条",
        "备案主体（盖章）",
        "法定代表人或主要负责人（签名）",
        "2026-11-22",
    ]
    assert [word for word in wanted if word not in words] == []
    assert ("代理人" in words, "备案主体（签名）" in words) == (False, False)


def test_an_individual_signs_alone_and_an_agent_signs_too() -> None:
    individual = words_of(authenticity_statement(complete_individual(), today=TODAY))
    assert ("备案主体（签名）" in individual, "（盖章）" in individual) == (True, False)
    agent = words_of(authenticity_statement(by_agent(complete_organisation()), today=TODAY))
    assert ("代理人（签名或盖章）" in agent, "样例代理有限公司" in agent) == (True, True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_statement_is_chinese_whatever_the_page_is(language: str) -> None:
    with override(language):
        words = words_of(authenticity_statement(complete_organisation(), today=TODAY))
    assert ("备案主体名称" in words, "Name" in words) == (True, False)


def test_the_statement_is_tagged_in_chinese_and_embeds_its_own_fonts() -> None:
    with pikepdf.open(io.BytesIO(authenticity_statement(complete_organisation(), today=TODAY))) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("zh-CN", True)
        assert str(pdf.docinfo["/Title"]) == "材料真实性承诺书"
        fonts = {
            str(font.BaseFont).partition("+")[2]
            for page in pdf.pages
            for font in page.resources.Font.values()
        }
        assert fonts == {"Document-Sans", "Document-Sans-Bold"}
        assert len(pdf.pages) == 1


def test_the_longest_answers_take_two_pages_and_nobody_signs_an_empty_one() -> None:
    materials = by_agent(complete_organisation())
    materials["applicant"]["name"] = "样例" * 100
    materials["service"]["service_name"] = "样例" * 50
    materials["applicant"]["agent_name"] = "样例" * 100
    pages = text_of(authenticity_statement(materials, today=TODAY)).split("\f")
    assert len(pages) == 3
    assert "代理人在授权范围内" in re.sub(r"\s+", "", pages[1])


def test_what_is_not_answered_yet_stays_blank() -> None:
    words = words_of(authenticity_statement({"applicant": {}}, today=TODAY))
    assert ("备案主体名称" in words, "省级网信办" in words, "None" in words) == (True, True, False)


@pytest.mark.parametrize("name", ["镕", "喆", "㛃", "𠮷", "赵·样例", "McDonald O’Neill"])
def test_rare_names_are_printed_as_they_are_written(name: str) -> None:
    materials = with_answer(complete_organisation(), "person_in_charge.name", name)
    assert re.sub(r"\s+", "", name) in words_of(authenticity_statement(materials, today=TODAY))


def test_a_character_without_a_glyph_is_named_instead_of_printed_as_a_box() -> None:
    name = "样\U00030000例\U0001f600\U0001f680"
    materials = with_answer(complete_organisation(), "person_in_charge.name", name)
    words = words_of(authenticity_statement(materials, today=TODAY))
    assert "样〔U+30000〕例〔U+1F600U+1F680〕" in words
    with pytest.raises(GlyphMissing) as missing:
        require_glyphs(name)
    assert missing.value.facts == {"characters": "\U00030000\U0001f600\U0001f680"}


def test_the_shipped_fonts_have_rare_characters_wherever_they_are_used() -> None:
    require_glyphs("𠮷镕喆㛃")


@pytest.mark.parametrize("hidden", ["\x0b", "\x0c", "\x1c", "\x85", "\xad", "\u2028", "\u202e", "\ufffe"])
def test_a_character_that_cannot_be_seen_is_no_white_space(hidden: str) -> None:
    with pytest.raises(GlyphMissing):
        require_glyphs(f"样{hidden}例")
    require_glyphs("样\u3000例\xa0一\n二\t三")


def test_the_code_changes_with_a_printed_answer_and_with_no_other() -> None:
    materials = complete_organisation()
    code = statement_code(materials)
    assert code in text_of(authenticity_statement(materials, today=TODAY))
    assert statement_code(with_answer(materials, "service.description", "样例" * 40)) == code
    assert statement_code(with_answer(materials, "service.service_name", "样例新名称")) != code


def test_markup_in_an_answer_is_printed_and_not_obeyed() -> None:
    name = "<img src='file:///etc/passwd'><b>样例</b>"
    words = words_of(
        authenticity_statement(with_answer(complete_organisation(), "applicant.name", name), today=TODAY)
    )
    assert re.sub(r"\s+", "", name) in words


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:1/", "../settings.py", "document:///other.ttf"]
)
def test_a_document_fetches_nothing_but_its_own_assets(address: str) -> None:
    page = engines["django"].from_string("<img src='{{ address }}' alt=''>").render({"address": address})
    with pytest.raises(ForbiddenAsset):
        HTML(string=page, base_url=BASE_URL, url_fetcher=AssetFetcher()).write_pdf()


def test_one_statement_lists_every_service_and_its_code_covers_all_in_any_order() -> None:
    first, second, third = (
        with_answer(complete_organisation(), "service.service_name", name)
        for name in ("样例甲服务", "样例乙服务", "样例丙服务")
    )
    code = statement_code(first, further=[second, third])
    text = text_of(authenticity_statement(first, today=TODAY, further=[second, third]))
    words = re.sub(r"\s+", "", text)
    assert [words.count(name) for name in ("样例甲服务", "样例乙服务", "样例丙服务", "3项区块链")] == [1] * 4
    assert words.count(first["applicant"]["document_number"]) == 1
    assert code in text
    assert statement_code(third, further=[first, second]) == code
    changed = with_answer(third, "service.service_name", "样例丁服务")
    others = [statement_code(first, further=[second, changed]), statement_code(first, further=[second])]
    assert code not in [*others, statement_code(first)]
