"""A rejection that is decided and has reached nobody is a state of its own on every page, list and paper (Art. 12)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from registry.book.receipt_numbers import query_code
from registry.calendar.current import current_calendar
from registry.deadlines.case_standing import standing_of
from registry.documents.case_files import case_file
from registry.models import Account, Application
from registry.rules.days.working_days import add_working_days
from registry.rules.workflow.decision_clock import UNDELIVERED
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from review.heads.workload import tables_for
from tests.builders.register import MORNING, Cast, rejected, submitted
from tests.client import ClientResponse
from tests.registry.documents.reading import words_of
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

STATE = "Decided, not yet delivered"
HOUR = timedelta(hours=1)


def rejected_by_the_province(cast: Cast) -> SampleCase:
    """A case whose rejection one provincial officer proposed and another confirmed."""
    case = submitted(cast, seed=11)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING + HOUR, reasons=reasons, text="样例")
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING + 2 * HOUR)
    return case


def rejected_by_the_nation(cast: Cast) -> SampleCase:
    return rejected(cast, seed=11)


DECIDED_BY: dict[str, tuple[Callable[[Cast], SampleCase], str]] = {
    "province": (rejected_by_the_province, "Provincial office of Beijing"),
    "nation": (rejected_by_the_nation, "National office"),
}


def deliver(case: SampleCase) -> None:
    at = MORNING + 3 * HOUR
    walk.act(case, Act.NOTICE_DELIVERED, by=None, at=at, delivered_at=at.isoformat(), how="email")


def another_of(case: SampleCase, cast: Cast) -> SampleCase:
    """A second case of the same applicant, submitted in one go with the first."""
    other = submitted(cast, seed=11)
    for each in (case, other):
        row = each.application
        row.together_id = case.application_id
        row.save(update_fields=["together_id"])
    return other


def answer_bytes(answer: ClientResponse) -> bytes:
    return answer.getvalue()


def rows_of(answer: ClientResponse) -> str:
    """The words of the table's rows; the filters above it name every state."""
    body = answer.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def surfaces(cast: Cast, case: SampleCase, other: SampleCase) -> dict[str, str]:
    """The words of every page, list, file and paper on which an officer, or who holds the receipt, meets the case."""
    officer, number = sign_in(cast.national_head), case.application.receipt_number
    book = load_workbook(io.BytesIO(answer_bytes(officer.get("/review/search.xlsx", {"q": number}))))
    (row,) = list(book.worksheets[0].iter_rows(values_only=True))[1:]
    status = sign_in(cast.stranger).post(
        "/filing-status/", {"receipt_number": number, "code": query_code(number)}
    )
    return {
        "case": text_of(officer.get(url("case", case))),
        "case of the other": text_of(officer.get(url("case", other))),
        "search": rows_of(officer.get("/review/search/", {"q": number})),
        "workbook": " ".join(str(cell or "") for cell in row),
        "csv": answer_bytes(officer.get("/review/search.csv", {"q": number})).decode(),
        "status by the receipt": text_of(status),
    }


@pytest.mark.parametrize("desk", DECIDED_BY)
def test_art_12_every_surface_says_decided_and_not_delivered_and_by_whom(cast: Cast, desk: str) -> None:
    make, office = DECIDED_BY[desk]
    case = make(cast)
    other = another_of(case, cast)
    shown = surfaces(cast, case, other)
    assert {name: STATE in words for name, words in shown.items()} == dict.fromkeys(shown, True)
    assert {name: office in words for name, words in shown.items()} == dict.fromkeys(shown, True)
    page = shown["case"]
    assert f"Decided by {office}" in page
    for wrong in ("Currently with", "Day 0 of 20", "20 days left "):
        assert wrong not in page.replace("days left to deliver", "to deliver"), wrong
    assert "to be delivered by" in page
    deliver(case)
    after = surfaces(cast, case, other)
    assert {name: STATE in words for name, words in after.items()} == dict.fromkeys(after, False)
    assert {name: "Not approved" in words for name, words in after.items()} == dict.fromkeys(after, True)


@pytest.mark.parametrize("desk", DECIDED_BY)
def test_the_case_file_on_paper_says_it_too(cast: Cast, desk: str) -> None:
    make, _office = DECIDED_BY[desk]
    case = make(cast)
    paper = words_of(case_file(Application.objects.get(pk=case.application_id), for_office=True))
    assert "已决定，尚未送达" in paper.replace("\n", "")
    assert "决定机关" in paper
    deliver(case)
    paper = words_of(case_file(Application.objects.get(pk=case.application_id), for_office=True))
    assert "尚未送达" not in paper


@pytest.mark.parametrize("desk", DECIDED_BY)
def test_art_12_the_workload_counts_it_at_no_desk(cast: Cast, desk: str) -> None:
    make, _office = DECIDED_BY[desk]
    case = make(cast)
    day_15 = add_working_days(case.application.received_on, 15, current_calendar())
    at = MORNING + timedelta(days=(day_15 - case.application.received_on).days)

    def counted(head: Account) -> dict[str, tuple[object, ...]]:
        tables = {table.key: table for table in tables_for(head, month=at.date().replace(day=1), at=at)}
        return {
            "desks": tables["desks"].rows[0][1:4],
            "forecast": tables["forecast"].rows[0][1:],
            "head": tables["forecast"].head[1:],
        }

    for head in (cast.provincial_head, cast.national_head):
        found = counted(head)
        assert (found["desks"], found["forecast"]) == ((0, 0, 1), (0, 0, 1))
        assert found["head"][-1] == "已决定，尚未送达"
    submitted(cast, seed=12)
    assert counted(cast.national_head)["desks"] == (1, 0, 1)


def test_where_a_case_stands_is_said_by_one_function_for_every_state(cast: Cast) -> None:
    open_case, withdrawn, refused = submitted(cast, seed=1), submitted(cast, seed=2), rejected(cast, seed=3)
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=MORNING + HOUR, explanation="样例：写明理由")
    found = {}
    for name, case in (("open", open_case), ("withdrawn", withdrawn), ("refused", refused)):
        standing = standing_of(case.application)
        found[name] = (standing.code, str(standing.office_title), standing.awaits_delivery)
    deliver(refused)
    standing = standing_of(refused.application)
    found["delivered"] = (standing.code, str(standing.office_title), standing.awaits_delivery)
    assert found == {
        "open": ("provincial_review", "当前承办单位", False),
        "withdrawn": ("withdrawn", "最后承办单位", False),
        "refused": (UNDELIVERED, "决定机关", True),
        "delivered": ("rejected", "决定机关", False),
    }
