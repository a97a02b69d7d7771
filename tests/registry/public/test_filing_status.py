"""The page 备案状态查询: the status for who holds the receipt, and one answer for everybody else."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.book.receipt_numbers import is_query_code, query_code
from registry.calendar.current import current_calendar
from registry.models import Application
from registry.rules.days.deadlines import decision_due
from registry.rules.workflow.states import Act
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

PATH = "/filing-status/"
ONE_ANSWER = "Receipt number and query code do not belong together"


@pytest.fixture(autouse=True)
def _no_counts() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def ask(number: str, code: str) -> str:
    """The text of the answer."""
    answer = Client().post(PATH, {"receipt_number": number, "code": code}, headers={"accept-language": "en"})
    assert answer.status_code == HTTPStatus.OK
    return html.unescape(answer.content.decode())


def shown(application: Application) -> str:
    return ask(application.receipt_number, query_code(application.receipt_number))


def test_the_holder_of_a_receipt_sees_the_state_the_office_and_its_last_day(cast: Cast) -> None:
    case = build.submitted(cast)
    page = shown(case.application)
    due_on = decision_due(case.application.received_on, current_calendar()).due_on
    for words in ("Not yet reviewed", "Initial filing", "Provincial office of Beijing", due_on.isoformat()):
        assert words in page
    build.forward(cast, case, at=MORNING + timedelta(hours=1))
    assert "National office" in shown(case.application)


def test_each_state_is_said_in_the_words_of_the_book(cast: Cast) -> None:
    rejected = build.rejected(cast, seed=2)
    page = shown(rejected.application)
    assert "Decided, not yet delivered" in page
    assert "Not approved" not in page
    at = MORNING + timedelta(hours=3)
    walk.act(rejected, Act.NOTICE_DELIVERED, by=None, at=at, delivered_at=at.isoformat(), how="email")
    page = shown(rejected.application)
    assert "Not approved" in page
    assert "To be submitted again by" in page
    assert "that day included" in page
    assert "To be decided by" not in page
    awaiting = build.approved(cast, seed=3).application
    assert "Number being issued" in shown(awaiting)
    filed = build.in_force(cast, seed=4)
    page = shown(filed.application)
    assert "Approved" in page
    assert f">{build.filing_of(filed).number}</a>" in page


def test_no_name_address_or_number_of_a_person_is_on_the_page(cast: Cast) -> None:
    case = build.rejected(cast, seed=6)
    page = shown(case.application)
    for name in (case.application.applicant_name, case.application.service_name, cast.member.name):
        assert name
        assert name not in page


def test_an_unknown_number_and_a_wrong_code_get_one_answer_after_the_same_work(cast: Cast) -> None:
    given = build.submitted(cast).application.receipt_number
    unknown = f"{given[:-6]}999999"
    pages, queries = [], []
    for number, code in (
        (given, query_code(unknown)),
        (unknown, query_code(given)),
        (given, "A"),
        (unknown, "A"),
    ):
        with CaptureQueriesContext(connection) as asked:
            page = ask(number, code)
        assert ONE_ANSWER in page
        pages.append(
            re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", page)
            .replace(number, "#")
            .replace(code, "@")
        )
        queries.append([each["sql"] for each in asked])
    assert len(set(pages[:2])) == 1
    assert len(set(pages[2:])) == 1
    assert all("registry_application" not in sql for each in queries for sql in each)
    # The application would have been looked up for who knows both.
    with CaptureQueriesContext(connection) as asked:
        assert ONE_ANSWER not in ask(given, query_code(given))
    assert any("registry_application" in each["sql"] for each in asked)


def test_a_number_that_was_never_given_answers_as_a_wrong_code_does_even_with_its_own_code() -> None:
    assert ONE_ANSWER in ask("2026-11-999999", query_code("2026-11-999999"))


def test_codes_of_numbers_that_follow_each_other_have_nothing_in_common() -> None:
    codes = [query_code(f"2026-11-{number:06d}") for number in range(500)]
    assert len(set(codes)) == 500
    assert {len(each) for each in codes} == {9}
    for place in (0, 1, 2, 3, 5, 6, 7, 8):
        assert len({each[place] for each in codes}) == 32


@pytest.mark.parametrize("written", ["{}", " {} ", "{lower}", "{plain}", "{wide}", "{spaced}"])
def test_the_code_is_read_as_people_type_and_paste_it(written: str) -> None:
    code = query_code("2026-11-000001")
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    typed = written.format(
        code, lower=code.lower(), plain=code.replace("-", ""), wide=wide, spaced=" ".join(code)
    )
    assert is_query_code(typed, of="2026-11-000001")


@pytest.mark.parametrize("number", ["收件编号：{}", " {} ", "{wide}"])
def test_the_number_is_read_as_people_type_and_paste_it(cast: Cast, number: str) -> None:
    receipt = build.submitted(cast).application.receipt_number
    wide = "".join(chr(ord(each) + 0xFEE0) for each in receipt)
    assert ONE_ANSWER not in ask(number.format(receipt, wide=wide), query_code(receipt))


@pytest.mark.parametrize("number", ["", "2026", "京网信备11010126000000010015号", "x" * 5000, "\x00"])
def test_what_is_no_receipt_number_is_told_so_and_nothing_typed_is_lost(number: str) -> None:
    answer = Client().post(PATH, {"receipt_number": number, "code": "ABCD-EFGH"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="ABCD-EFGH"' in answer.content.decode()


def test_asking_is_limited_like_every_public_look_up(settings: object) -> None:
    answers = []
    for _each in range(400):
        answer = Client().post(PATH, {"receipt_number": "2026-11-000001", "code": "A"})
        answers.append(answer.status_code)
        if answer.status_code != HTTPStatus.OK:
            break
    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS


def test_the_answer_is_kept_by_nobody(cast: Cast) -> None:
    number = build.submitted(cast).application.receipt_number
    answer = Client().post(PATH, {"receipt_number": number, "code": query_code(number)})
    assert "no-store" in answer["Cache-Control"]


def test_a_receipt_number_that_is_looked_up_leads_to_the_page_with_it_filled_in() -> None:
    page = Client().get("/filings/?q=2026-11-000001").content.decode()
    assert 'href="/filing-status/?receipt=2026-11-000001"' in page
    assert 'value="2026-11-000001"' in Client().get("/filing-status/?receipt=2026-11-000001").content.decode()
