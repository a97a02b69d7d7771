"""Everything that is pasted, mistyped or half remembered finds its filing; facets count and part what is found."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from pytest_django import DjangoAssertNumQueries
from stdnum.cn import uscc

from registry.book import numbering
from registry.integrity.register import verify_register
from registry.models import Applicant, Filing
from registry.publication import record, tally
from registry.publication.record import Criteria, Order, search
from registry.rules.codes import filing_number
from registry.rules.codes.identifiers import unified_social_credit_code
from registry.rules.search_form import form_of
from registry.sample import walk
from tests.builders import register as build
from tests.builders.batch import published
from tests.builders.register import MORNING, Cast
from tests.builders.renaming import approve, rename_applicant, rename_service
from tests.builders.striking_off import struck_off
from tests.registry.publication.conftest import make_filings

pytestmark = pytest.mark.django_db

migration = import_module("registry.migrations.0026_fill_search_columns")


def numbers(text: str = "", **chosen: str) -> list[str]:
    return [each.number for each in search(Criteria(text=text, chosen=chosen)).filings]


@pytest.fixture
def spelled(cast: Cast) -> Filing:
    """A filing whose names have brackets, dots, blanks and letters, and whose site has a host."""
    materials = build.materials_for(cast)
    materials["applicant"]["name"] = "样例鏈通（北京）科技有限公司"
    materials["service"]["service_name"] = "样例 Chain·溯源-平台"
    materials["service"]["websites"][0]["url"] = "https://www.su-yuan.example.cn/app?x=1"
    case = walk.submit(materials, member=cast.member, at=MORNING)
    approve(cast, case, at=MORNING + timedelta(hours=1))
    numbering.issue_number(build.filing_of(case).pk, at=MORNING + timedelta(hours=3))
    return build.filing_of(case)


@pytest.mark.parametrize(
    "text",
    [
        "样例链通(北京)科技",
        "样例鏈通 北京",
        "【北京】科技有限公司",
        "樣例chain溯源平台",
        "ＣＨＡＩＮ溯源",
        "Chain • 溯源",
        "溯源\u200b平台",
        "chain，北京；溯源",
        "溯",
        "溯源",
        "su-yuan.example.cn",
        "www.su-yuan.example.cn",
        "https://su-yuan.example.cn/other/path",
        "suyuan.example",
        "© 2026 样例链通（北京）科技有限公司 版权所有 京ICP备2026000001号-1",
        "Copyright 2019-2026 样例鏈通(北京)科技有限公司 京公网安备 11010802020134号 All Rights Reserved.",
    ],
)
def test_a_name_or_address_is_found_however_it_is_typed(spelled: Filing, cast: Cast, text: str) -> None:
    other = build.filing_of(build.in_force(cast, seed=31))
    assert {str(spelled.number), str(other.number)} == set(numbers())
    assert numbers(text) == [spelled.number]


@pytest.mark.parametrize(
    "text", ["样例链通上海", "链溯源", "other.example.cn", "© 2026 样例无此公司", "·（）"]
)
def test_what_it_has_not_finds_nothing(spelled: Filing, text: str) -> None:
    assert numbers(text) == []


def test_a_pasted_foot_of_a_site_leads_to_the_number_in_it(one_filing: Filing) -> None:
    number = str(one_filing.number)
    variant = number.replace("网信备", "網信備")
    for text in (
        f"© 2026 样例公司 京ICP备2026000001号-1 {number}",
        f"版权所有 {variant} 京公网安备11010802020134号",
        f"样例公司　备案编号：{number[:4]} {number[4:10]} {number[10:]}，联系我们",
        f"备案编号 {number[4:-1]} 详见公示",
        f"京网信备11010826000012349999号 与 {number}",
    ):
        meant = record.number_meant(text)
        assert str(filing_number.parse(meant)) == number, text
        assert numbers(text) == [number], text


@pytest.mark.parametrize(
    "around", ["备案号：{}。", "網站備案：{}", "京ICP备2099000001号-1\n{}\n样例公司", "（{}）"]
)
def test_the_look_up_of_a_number_takes_what_is_pasted_with_it(one_filing: Filing, around: str) -> None:
    number = str(one_filing.number)
    for written in (number, number.replace("网信备", "網信備"), f"{number[:10]}\n{number[10:]}"):
        found = record.look_up(around.format(written))
        assert isinstance(found, record.Found), written
        assert found.filing.number == number
    wrong = record.look_up(around.format("京网信备11010826000012349999号"))
    assert isinstance(wrong, record.NotANumber)
    assert (wrong.code, wrong.typed) == ("check_character", "京网信备11010826000012349999号")


@pytest.mark.parametrize("dot", ["·", "•", "・", "‧", "∙", "⋅", ".", "。", "．", " ", "\u200b", "‐", "—"])
@pytest.mark.parametrize("stored", ["样例ＡＢＣ·链", "样例abc•链", "樣例ＡｂＣ・鏈"])
def test_question_and_stored_name_are_levelled_alike(cast: Cast, stored: str, dot: str) -> None:
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = stored
    case = walk.submit(materials, member=cast.member, at=MORNING)
    approve(cast, case, at=MORNING + timedelta(hours=1))
    numbering.issue_number(build.filing_of(case).pk, at=MORNING + timedelta(hours=3))
    for text in (f"ABC{dot}链", f"ａｂｃ{dot}链", f"例Abc{dot}鏈"):
        assert numbers(text) == [build.filing_of(case).number], text


@pytest.mark.parametrize(
    "foot",
    [
        "© 2026 样例链通（北京）科技有限公司 蜀ICP备99000001号-1",
        "样例链通（北京）科技有限公司　备案号：陇ICP备99000001号-4X",
        "样例链通(北京)科技有限公司 京ICP备2099000001号 增值电信业务经营许可证：川B2-20990001",
    ],
)
def test_a_foot_without_a_filing_number_finds_its_holder(spelled: Filing, foot: str) -> None:
    assert numbers(foot) == [spelled.number]


def test_a_wrong_number_in_a_pasted_text_is_meant_and_named() -> None:
    assert (
        record.number_meant("© 2026 样例 京网信备11010826000012349999号 合作")
        == "京网信备11010826000012349999号"
    )
    for text in ("网信备案系统", "京ICP备2026000001号-1", "京公网安备11010802020134号", "网信备1101", "样例"):
        assert record.number_meant(text) == "", text


def test_a_receipt_number_is_recognised(cast: Cast) -> None:
    receipt = build.submitted(cast).application.receipt_number
    wide = receipt.translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    for text in (receipt, f" {receipt} ", f"收件编号：{receipt}", wide):
        assert record.receipt_number_meant(text) == receipt
    for text in ("2026-11", "2026-11-22", "12026-11-0000123", "样例"):
        assert record.receipt_number_meant(text) == ""


def test_a_credit_code_finds_every_filing_of_its_organisation(cast: Cast) -> None:
    first, second = make_filings(cast, 2)
    code = first.applicant.credit_code
    assert code != second.applicant.credit_code
    for text in (code, code.lower(), f"统一社会信用代码：{code}"):
        assert numbers(text) == [first.number]
    assert numbers(code[:-1]) == []


def test_a_credit_code_whose_check_character_deviates_finds_too(cast: Cast) -> None:
    first, _second = make_filings(cast, 2)
    right = first.applicant.credit_code
    deviating = right[:-1] + next(each for each in "0123456789" if each != right[-1])
    Applicant.objects.filter(pk=first.applicant_id).update(credit_code=deviating)
    assert numbers(f"信用代码 {deviating}") == [first.number]
    assert numbers(right) == []


def test_a_part_of_a_number_that_would_be_a_credit_code_is_still_a_part_of_a_number(
    one_filing: Filing,
) -> None:
    starts = (f"9111010800000{number:04d}" for number in range(100))
    code = next(f"{start}{check}" for start in starts if (check := uscc.calc_check_digit(start)).isdigit())
    assert unified_social_credit_code(code) == code
    Filing.objects.update(search_form=f"京网信备{code}20号")
    assert numbers(code) == [one_filing.number]


def test_a_name_that_is_as_long_as_a_credit_code_is_still_a_name(one_filing: Filing) -> None:
    for name in ("BLOCKCHAINSERVICES", "91110108MA00000000"):
        Filing.objects.update(search_form=name.lower())
        assert numbers(name) == [one_filing.number]


def test_facets_count_what_is_found_and_part_it(cast: Cast) -> None:
    made = make_filings(cast, 4)
    published(cast)
    struck_off(cast, made[-1])
    page = search(Criteria())
    assert page.tally is not None
    assert (page.tally.filings, page.tally.is_whole) == (4, True)
    for facet, counted in page.tally.by_facet.items():
        assert counted, facet
        for code, filings in counted.items():
            met = numbers(**{facet: code})
            assert len(met) == filings, (facet, code)
            narrowed = search(Criteria(text="样例", chosen={facet: code})).tally
            assert narrowed is not None
            assert narrowed.filings == filings
            assert narrowed.by_facet[facet][code] == filings
    assert page.tally.by_facet["standing"] == {"in_force": 3, "struck_off": 1}
    assert sum(page.tally.by_facet["province"].values()) == len(made)
    nothing = search(Criteria(text="无此名称")).tally
    assert nothing is not None
    assert (nothing.filings, nothing.by_facet["province"]) == (0, {})


def test_a_text_that_finds_very_many_is_counted_up_to_a_limit(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_filings(cast, 3)
    monkeypatch.setattr(tally, "COUNTED_UP_TO", 2)
    limited = search(Criteria(text="样例")).tally
    whole = search(Criteria(chosen={"standing": "in_force"})).tally
    assert limited is not None
    assert whole is not None
    assert (limited.filings, limited.is_whole) == (2, False)
    assert (whole.filings, whole.is_whole) == (3, True)
    # A large whole count is kept for some minutes.
    with django_assert_num_queries(1):
        assert search(Criteria(chosen={"standing": "in_force"})).tally == whole


def test_orders_lead_through_every_filing_once_and_back(cast: Cast) -> None:
    make_filings(cast, 5)
    rows = list(Filing.objects.all())
    expected = {
        Order.NEWEST: sorted(rows, key=lambda row: (row.numbered_at, row.pk), reverse=True),
        Order.OLDEST: sorted(rows, key=lambda row: (row.numbered_at, row.pk)),
        Order.SERVICE: sorted(rows, key=lambda row: (row.service_name, row.pk)),
        Order.APPLICANT: sorted(rows, key=lambda row: (row.applicant_name, row.pk)),
    }
    for order, filings in expected.items():
        seen: list[str] = []
        page = search(Criteria(), page_size=2, order=order)
        pages = [page]
        while page.next_cursor:
            page = search(Criteria(), cursor=page.next_cursor, page_size=2, order=order)
            pages.append(page)
        seen = [each.number for page in pages for each in page.filings]
        assert seen == [str(filing.number) for filing in filings], order
        back = search(Criteria(), cursor=page.previous_cursor, page_size=2, order=order)
        assert back.filings == pages[-2].filings
        assert [each.number for each in record.exported(Criteria(), order=order)] == seen
    with pytest.raises(record.CursorInvalid):
        search(Criteria(), cursor=pages[0].next_cursor, order=Order.NEWEST)


def test_the_filings_of_one_applicant_are_found_by_what_their_numbers_share(cast: Cast) -> None:
    first, other = make_filings(cast, 2)
    head = filing_number.parse(str(first.number)).head
    assert [each.number for each in search(Criteria(applicant_head=head)).filings] == [first.number]
    assert [
        each.number for each in search(Criteria(applicant_head=head, text=str(other.number))).filings
    ] == []
    assert search(Criteria(applicant_head="9" * 16)).filings == ()


def test_what_the_search_stands_on_is_folded_and_checked(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    pending = build.filing_of(build.submitted(cast, seed=2))
    assert (pending.search_form, pending.facets) == ("", "")
    former = filing.service_name
    rename_service(cast, filing, "样例改名后的服务", at=MORNING + timedelta(days=7))
    filing.refresh_from_db()
    assert form_of(former) in filing.search_form.split("\n")
    assert verify_register().violations == []
    for column in ("search_form", "facets"):
        kept = getattr(filing, column)
        Filing.objects.filter(pk=filing.pk).update(**{column: f"{kept}x"})
        found = [(each.code, each.detail) for each in verify_register().violations]
        assert found == [("row_differs_from_events", f"filing.{column}")]
        Filing.objects.filter(pk=filing.pk).update(**{column: kept})


def test_what_a_person_was_called_before_is_in_no_form(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast, nature="individual"))
    before = form_of(filing.applicant_name)
    assert before in filing.search_form
    rename_applicant(cast, filing, "样例新名", at=MORNING + timedelta(days=10))
    filing.refresh_from_db()
    assert (before in filing.search_form, "样例新名" in filing.search_form) == (False, True)


def test_the_migration_fills_what_the_fold_makes(cast: Cast, spelled: Filing) -> None:
    renamed = build.filing_of(build.in_force(cast, seed=2))
    rename_service(cast, renamed, "样例ＢＡＡＳ平台", at=MORNING + timedelta(days=7))
    rename_applicant(cast, renamed, "样例·更名（北京）公司", at=MORNING + timedelta(days=8))
    build.filing_of(build.in_force(cast, seed=3, nature="individual"))
    build.submitted(cast, seed=4)
    published(cast)
    assert verify_register().violations == []
    kept = list(Filing.objects.order_by("pk").values_list("pk", "search_form", "facets"))
    assert sum(bool(form) for _pk, form, _marks in kept) == 3
    listed = list(Filing.objects.order_by("pk").values_list("list_number", flat=True))
    assert sum(number is not None for number in listed) == 3
    Filing.objects.update(list_number=None, search_form="", facets="")
    migration.fill(apps, None)
    assert list(Filing.objects.order_by("pk").values_list("list_number", flat=True)) == listed
    assert list(Filing.objects.order_by("pk").values_list("pk", "search_form", "facets")) == kept
    assert (
        "".join(f"{chr(key)}{value}" for key, value in sorted(searching_variants().items()))
        == migration.VARIANTS
    )


def searching_variants() -> dict[int, str]:
    """The table of variant characters that the rules read."""
    found: dict[int, str] = import_module("registry.rules.search_form")._variants()
    return found


@pytest.mark.parametrize("rows", [20, 200])
def test_a_search_takes_as_many_queries_for_every_size(
    one_filing: Filing, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    copies = []
    for position in range(rows):
        number = str(filing_number.compose("310115", 2024, f"{position:08d}", 1))
        values = {field.attname: getattr(one_filing, field.attname) for field in Filing._meta.concrete_fields}
        values |= {"id": None, "number": number, "search_form": f"{number}\n样例"}
        values.pop("id")
        copies.append(Filing(**values))
    Filing.objects.bulk_create(copies)
    for criteria in (Criteria(), Criteria(text="样例"), Criteria(chosen={"year": "2026"})):
        with django_assert_num_queries(2):
            assert len(search(criteria, page_size=10).filings) == 10


@pytest.mark.postgresql
def test_postgresql_keeps_the_parts_of_the_form_and_the_marks(one_filing: Filing) -> None:
    Filing.objects.update(search_form="链12345\n源x", facets="\nprovince=110000\nyear=2026\n")
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_parts FROM registry_filing")
        (parts,) = cursor.fetchone()
    pairs = {"链1", "12", "23", "34", "45", "5\n", "\n源", "源x"}
    assert set(parts) == {*"链12345\n源x", *pairs, "1234", "2345", "province=110000", "year=2026"}
    for text, found in (("链1", 1), ("2345", 1), ("12345", 1), ("3", 1), ("源X", 1), ("5源", 0), ("1345", 0)):
        assert len(numbers(text)) == found, text
