"""What heads see of the work: figures by hand, the same in the export, and of their own province only."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from registry import clock
from registry.book import numbering
from registry.models import Account
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from review.desk import claims
from review.heads.workload import Table, month_of, tables_for
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast
from tests.review.officers import sign_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = MORNING + 23 * DAY
MARCH = clock.china_date(MORNING).replace(day=1)


def tables(head: Account) -> dict[str, Table]:
    return {table.key: table for table in tables_for(head, month=MARCH, at=NOW)}


def scene(cast: Cast) -> None:
    """Of Beijing one decided (1 day at the province, 4 at the nation), one forwarded, one claimed; one of Guangdong."""
    case = build.submitted(cast)
    build.forward(cast, case, at=MORNING + 2 * DAY)
    walk.act(case, Act.APPROVE, by=cast.national, at=MORNING + 7 * DAY, text="样例")
    numbering.issue_number(build.filing_of(case).pk, at=MORNING + 7 * DAY)
    rejected = build.submitted(cast, seed=2, at=MORNING + DAY)
    build.forward(cast, rejected, at=MORNING + 2 * DAY, recommends=Outcome.REJECTION)
    claimed = build.submitted(cast, seed=3, at=NOW - DAY)
    claims.claim(claimed.application_id, officer=cast.provincial, at=NOW - DAY)
    build.submitted(cast, seed=4, at=MORNING, division_code=GUANGDONG_DIVISION)


def test_the_figures_of_a_province_are_its_own(cast: Cast) -> None:
    scene(cast)
    found = tables(cast.provincial_head)
    officers = {row[0]: row[2:] for row in found["officers"].rows}
    assert officers == {cast.provincial.name: (1, 2, 0), cast.provincial_head.name: (0, 0, 0)}
    assert list(found["desks"].rows) == [("北京市", 1, 1, 0, 0, 1, 1, "1.0", "4.0")]
    assert [(str(row[0])[:10], *row[1:]) for row in found["forecast"].rows] == [("2026-03-31", 0, 1, 0)]
    assert list(found["months"].rows) == [("2026-03", 1, 0, "100.00", 0, 0, 0)]
    assert [row[0] for row in found["marks"].rows] == ["北京市"]


def test_the_nation_sees_every_province(cast: Cast) -> None:
    scene(cast)
    found = tables(cast.national_head)
    assert [row[0] for row in found["desks"].rows] == ["北京市", "广东省"]
    assert [(str(row[0])[:10], *row[1:]) for row in found["forecast"].rows] == [
        ("2026-03-30", 1, 0, 0),
        ("2026-03-31", 0, 1, 0),
    ]
    assert {row[0] for row in found["officers"].rows} == {cast.national.name, cast.national_head.name}


def test_the_export_equals_the_screen(cast: Cast) -> None:
    scene(cast)
    browser = sign_in(cast.provincial_head)
    with clock.stopped_at(NOW):
        page = browser.get(reverse("review:workload"), {"month": "2026-03"})
        for table in page.context["tables"]:
            answer = browser.get(reverse("review:workload_csv"), {"table": table.key, "month": "2026-03"})
            text = answer.getvalue().decode("utf-8-sig")
            head, *rows = csv.reader(io.StringIO(text))
            assert tuple(head) == table.head
            assert rows == [[str(cell) for cell in row] for row in table.rows]
        assert browser.get(reverse("review:workload_csv"), {"table": "no"}).status_code == 404


def test_consultations_are_counted_under_their_states(cast: Cast) -> None:
    with translation.override("zh-hans"):
        head = [str(name) for name in tables(cast.provincial_head)["consultations"].head]
    assert (head[2], head[4]) == ("已答复", "已撤回")


def test_many_cases_take_as_many_queries_as_one(cast: Cast) -> None:
    build.in_force(cast)
    head = cast.national_head
    first = CaptureQueriesContext(connection)
    with first:
        tables(head)
    for seed in range(2, 8):
        build.in_force(cast, seed=seed)
    second = CaptureQueriesContext(connection)
    with second:
        tables(head)
    assert len(second) == len(first)


@pytest.mark.parametrize(
    ("text", "month"), [("2026-01", "2026-01"), ("2027-01", "2026-03"), ("x", "2026-03"), ("", "2026-03")]
)
def test_a_month_that_is_none_or_lies_ahead_is_the_present_one(text: str, month: str) -> None:
    assert f"{month_of(text, today=clock.china_date(NOW)):%Y-%m}" == month
