"""The register as pages and files: facets as links, orders, what is pasted, downloads, and the page of an applicant."""

from __future__ import annotations

import csv
import gc
import io
import json
import re
import warnings
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from openpyxl import load_workbook

from registry.models import Filing
from registry.public import register
from registry.public.filters import CHOICES, RegisterFilters
from registry.public.limits import AddressThrottle
from registry.public.serializers import SearchSerializer
from registry.publication.record import Order
from registry.rules.codes import filing_number
from registry.rules.facets import FACETS
from registry.rules.particulars.public import published_columns
from tests.builders import register as build
from tests.builders.register import Cast
from tests.registry.publication.conftest import make_filings

pytestmark = pytest.mark.django_db


def get(path: str, *, language: str = "en") -> Any:
    return Client().get(path, headers={"Accept-Language": language})


def content(path: str, *, language: str = "en") -> bytes:
    answer = get(path, language=language)
    return b"".join(answer)


def text_of(path: str, *, language: str = "en") -> str:
    return str(get(path, language=language).content.decode())


def shown(page: str) -> list[str]:
    return re.findall(r'class="filing-number" href="[^"]*">([^<]+)<', page)


def test_every_facet_can_be_chosen_in_the_form_and_in_the_api() -> None:
    names = [facet.name for facet in FACETS]
    assert list(CHOICES) == names
    assert set(names) <= set(RegisterFilters.base_fields)
    assert set(names) <= set(SearchSerializer().get_fields())


def test_facets_are_links_with_counts_that_keep_the_search(cast: Cast) -> None:
    make_filings(cast, 4)
    page = text_of("/filings/?q=%E6%A0%B7%E4%BE%8B&sort=oldest&cursor=")
    facet, label, link, named, said = re.search(  # type: ignore[union-attr]
        r'id="facet-(\w+)">([^<]+)</h2>\s*<ul>\s*<li><a href="([^"]+)"><span>([^<]+)</span> '
        r'<span class="facet__count">(\d+)<',
        page,
    ).groups()
    narrow = link.replace("&amp;", "&")
    assert re.fullmatch(rf"/filings/\?q=%E6%A0%B7%E4%BE%8B&{facet}=[\w.]+&sort=oldest", narrow)
    narrowed = text_of(narrow)
    assert len(shown(narrowed)) == int(said) < 4
    # The chosen one is taken away by a link of its own, and no longer offered.
    assert f"facet-{facet}" not in narrowed
    assert re.search(
        rf'href="/filings/\?q=%E6%A0%B7%E4%BE%8B&amp;sort=oldest"><span[^>]*>{label}</span> {named}', narrowed
    )
    # What parts nothing is not offered.
    assert "facet-standing" not in page


def test_each_link_of_a_facet_finds_as_many_filings_as_it_says(cast: Cast) -> None:
    make_filings(cast, 4)
    page = text_of("/filings/")
    said = re.findall(r'<li><a href="([^"]+)"><span>[^<]+</span> <span class="facet__count">(\d+)<', page)
    assert len(said) >= 4
    for link, filings in said:
        assert len(shown(text_of(link.replace("&amp;", "&")))) == int(filings), link


def test_the_order_is_kept_in_the_address(cast: Cast) -> None:
    numbers = [str(filing.number) for filing in make_filings(cast, 3)]
    assert shown(text_of("/filings/")) == numbers
    assert shown(text_of("/filings/?sort=oldest")) == numbers[::-1]
    for order in Order:
        page = text_of(f"/filings/?sort={order.value}")
        assert page.count('aria-current="true"') == 1
        assert [
            each["number"] for each in get(f"/api/v1/filings/?sort={order.value}").json()["results"]
        ] == shown(page)
    assert get("/filings/?sort=random").status_code == HTTPStatus.BAD_REQUEST


def test_a_pasted_foot_leads_to_the_record(one_filing: Filing) -> None:
    pasted = f"© 2026 样例公司 京ICP备2026000001号-1 {one_filing.number} 京公网安备11010802020134号"
    answer = get(f"/filings/?q={quote(pasted)}")
    assert (answer.status_code, answer["Location"]) == (302, f"/filings/{quote(str(one_filing.number))}/")
    (hit,) = get(f"/api/v1/filings/?q={quote(pasted)}").json()["results"]
    assert hit["number"] == one_filing.number


def test_a_receipt_number_is_told_what_it_is(cast: Cast) -> None:
    given = build.submitted(cast).application.receipt_number
    pages = []
    for receipt in (given, f"{given[:-6]}999999"):
        page = text_of(f"/filings/?q={receipt}")
        assert f"{receipt} is the number of a receipt, not a filing number" in page
        assert 'href="/applicant/"' in page
        assert "No filing matches" not in page
        pages.append(
            re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", page).replace(receipt, "#")
        )
    # It is not said whether such a receipt was given.
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("蜀ICP备99000001号-1", "蜀ICP备99000001号-1 is the ICP number of a website"),
        ("备案号：京ICP备2099000001号。", "京ICP备2099000001号 is the ICP number of a website"),
        ("川B2-20990001", "川B2-20990001 is a licence of the communications authorities"),
        ("京公网安备 11010802099999号", "registered with the police"),
        ("网信算备110108999999999990019号", "is the number of an algorithm filing"),
    ],
)
def test_a_number_of_another_register_is_told_what_it_is(one_filing: Filing, typed: str, said: str) -> None:
    for path in (f"/filings/?q={quote(typed)}", f"/search/?q={quote(typed)}"):
        assert said in text_of(path), path
    answer = get(f"/filings/{quote(typed)}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    page = answer.content.decode()
    assert said.rpartition("号-1")[2] in page
    # What the number of another register is, is no reason to think it wrong.
    assert "the number shown is wrong" not in page


def test_a_wrong_filing_number_beside_one_of_another_register_is_the_one_that_is_meant() -> None:
    answer = get(f"/filings/{quote('京ICP备2099000001号 京网信备11010826000012349999号')}/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    page = answer.content.decode()
    assert "its check character is wrong" in page
    assert "is the ICP number of a website" not in page


def test_what_is_pasted_around_a_number_leads_to_its_record(one_filing: Filing) -> None:
    canonical = f"/filings/{quote(str(one_filing.number))}/"
    for typed in (f"备案号：{one_filing.number}。", f"備案號:{str(one_filing.number).replace('备', '備')}"):
        assert get(f"/filings/{quote(typed)}/")["Location"] == canonical
        assert get(f"/filings/?q={quote(typed)}")["Location"] == canonical
        assert get(f"/search/?q={quote(typed)}")["Location"] == canonical
        assert get(f"/api/v1/filings/{quote(typed)}/").json()["number"] == one_filing.number


def test_a_workbook_that_nobody_reads_leaves_no_file_open(cast: Cast) -> None:
    make_filings(cast, 1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        assert get("/filings.xlsx").status_code == HTTPStatus.OK
        gc.collect()
    assert [each for each in caught if each.category is ResourceWarning] == []


def test_the_files_hold_exactly_what_is_shown(cast: Cast) -> None:
    filings = make_filings(cast, 4)
    query = f"?sort=oldest&category={filings[0].columns['categories'][0]}"
    numbers = shown(text_of(f"/filings/{query}"))
    assert numbers
    page = text_of(f"/filings/{query}")
    for kind in ("csv", "xlsx", "json"):
        assert f'/filings.{kind}?category={filings[0].columns["categories"][0]}&amp;sort=oldest"' in page

    written = content(f"/filings.csv{query}").decode("utf-8")
    assert written.startswith("\ufeff")
    head, *rows, last = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))
    assert [row[0] for row in rows] == numbers
    assert len(head) == len(published_columns())
    assert last == ["Filings in this file", str(len(numbers))]

    book = load_workbook(io.BytesIO(content(f"/filings.xlsx{query}")))
    cells = list(book.worksheets[0].values)
    assert list(cells[0]) == head
    assert [[cell or "" for cell in row] for row in cells[1:]] == rows
    assert dict(book.worksheets[1].values)["Filings in this file"] == str(len(numbers))

    body = json.loads(content(f"/filings.json{query}"))
    assert [each["number"] for each in body["results"]] == numbers
    assert body["results"] == get(f"/api/v1/filings/{query}").json()["results"]
    assert body["count"] == len(numbers)
    assert body["search"].endswith(f"/filings/?category={filings[0].columns['categories'][0]}&sort=oldest")


def test_files_are_in_the_language_of_the_visitor(one_filing: Filing) -> None:
    chinese = content("/filings.csv", language="zh-CN").decode()
    assert "备案编号" in chinese.splitlines()[0]
    assert "北京市" in chinese


def test_an_empty_file_says_that_it_is_empty() -> None:
    assert content("/filings.csv").decode().splitlines()[1:] == ["Filings in this file,0"]
    assert json.loads(content("/filings.json"))["results"] == []


def test_no_cell_is_run_as_a_formula(one_filing: Filing) -> None:
    name = '=HYPERLINK("https://example.com")'
    Filing.objects.update(columns={**one_filing.columns, "service_name": name, "app_names": ["+1", "@a"]})
    rows = list(csv.reader(io.StringIO(content("/filings.csv").decode().removeprefix("\ufeff"))))
    assert [cell for cell in rows[1] if cell.startswith(("=", "+", "@"))] == []
    book = load_workbook(io.BytesIO(content("/filings.xlsx")))
    found = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == name]
    assert [cell.data_type for cell in found] == ["s"]


def test_a_workbook_has_a_limit_and_the_page_does_not_offer_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_filings(cast, 2)
    assert "/filings.xlsx" in text_of("/filings/")
    monkeypatch.setattr(register, "WORKBOOK_FILINGS", 1)
    page = text_of("/filings/")
    assert ("/filings.xlsx" in page, "/filings.csv" in page) == (False, True)
    assert get("/filings.xlsx").status_code == HTTPStatus.NOT_FOUND


def test_a_file_of_a_search_that_is_wrong_names_the_mistake(one_filing: Filing) -> None:
    answer = get("/filings.csv?standing=gone")
    assert (answer.status_code, 'href="#id_standing"' in answer.content.decode()) == (400, True)


def test_files_count_against_the_limit_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_pages": "2/min", "public_api": "2/min"})
    assert [get("/filings.csv").status_code for _time in range(3)] == [200, 200, 429]


def test_an_applicant_has_a_page_with_all_its_filings(cast: Cast) -> None:
    first, other = make_filings(cast, 2)
    head = filing_number.parse(str(first.number)).head
    record = text_of(f"/filings/{quote(str(first.number))}/")
    assert f'href="/applicants/{head}/"' in record
    page = text_of(f"/applicants/{head}/")
    assert shown(page) == [first.number]
    assert f"<h1>{first.applicant_name}</h1>" in page
    assert "1 filing, 1 of them in force" in page
    assert str(other.number) not in page
    assert f"/filings.csv?applicant={head}" in page
    assert [row[0] for row in csv.reader(io.StringIO(content(f"/filings.csv?applicant={head}").decode()))][
        1
    ] == (first.number)
    (hit,) = get(f"/api/v1/filings/?applicant={head}").json()["results"]
    assert hit["number"] == first.number
    for unknown in ("9" * 16, head[:-1], "x", f"{head}1"):
        assert get(f"/applicants/{unknown}/").status_code == HTTPStatus.NOT_FOUND


def test_the_page_of_a_person_shows_what_the_record_shows(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast, nature="individual"))
    head = filing_number.parse(str(filing.number)).head
    page = text_of(f"/applicants/{head}/")
    assert filing.applicant_name in page
    assert filing.applicant.document_number
    assert filing.applicant.document_number not in page


def test_the_description_of_the_api_names_every_filter() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    (parameters,) = [
        path["get"]["parameters"] for url, path in schema["paths"].items() if url.endswith("/filings/")
    ]
    assert {each["name"] for each in parameters} == {
        "q",
        *(facet.name for facet in FACETS),
        "numbered_from",
        "numbered_to",
        "applicant",
        "sort",
        "cursor",
        "page_size",
    }
