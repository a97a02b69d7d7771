"""The auditor reads who had personal data shown: all of it, never the value, and nobody else does."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from registry.models import Account
from registry.presentation import trails
from registry.sample.walk import SampleCase
from review.models import PersonalDataReveal
from review.reveals.reveals import reveal
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, submitted
from tests.review.officers import materials_now, sign_in

pytestmark = pytest.mark.django_db

KEY = "person_in_charge.mobile"
REASON = "样例：电话核实"
ADDRESS = "review:reveals"


def _reveal(case: SampleCase, officer: Account, *, at: datetime = MORNING, reason: str = REASON) -> None:
    reveal(case.application, KEY, reason=reason, officer=officer, at=at)


def _reasons(client: Client, **filters: str) -> list[str]:
    page = client.get(reverse(ADDRESS), filters)
    return [each["reveal"].reason for each in page.context["lines"]]


def test_the_auditor_sees_who_looked_at_what_and_why_and_not_the_value(cast: Cast) -> None:
    case = submitted(cast)
    _reveal(case, cast.provincial)
    mobile = materials_now(case)["person_in_charge"]["mobile"]
    auditor = sign_in(cast.auditor)
    page = auditor.get(reverse(ADDRESS)).content.decode()
    shown = [cast.provincial.name, REASON, case.application.receipt_number, "revision 1"]
    assert [text for text in shown if text not in page] == []
    assert mobile
    assert mobile not in page
    menu = auditor.get(reverse("office:events")).content.decode()
    assert f'href="{reverse(ADDRESS)}"' in menu


def test_filters_narrow_the_reveals(cast: Cast) -> None:
    case = submitted(cast)
    elsewhere = submitted(cast, seed=2, division_code=GUANGDONG_DIVISION)
    _reveal(case, cast.provincial, reason="样例：第一次电话核实")
    # In China the next day has begun.
    _reveal(case, cast.national, at=MORNING.replace(hour=16), reason="样例：第二次电话核实")
    _reveal(elsewhere, cast.national, at=MORNING + timedelta(days=2), reason="样例：第三次电话核实")
    auditor = sign_in(cast.auditor)
    assert _reasons(auditor) == ["样例：第三次电话核实", "样例：第二次电话核实", "样例：第一次电话核实"]
    assert _reasons(auditor, officer=str(cast.national.pk)) == [
        "样例：第三次电话核实",
        "样例：第二次电话核实",
    ]
    assert _reasons(auditor, first_on="2026-03-03") == ["样例：第三次电话核实", "样例：第二次电话核实"]
    assert _reasons(auditor, last_on="2026-03-02") == ["样例：第一次电话核实"]
    assert _reasons(auditor, first_on="2026-03-03", last_on="2026-03-03") == ["样例：第二次电话核实"]
    assert _reasons(auditor, officer=str(cast.provincial_second.pk)) == []
    wrong = auditor.get(reverse(ADDRESS), {"first_on": "yesterday"})
    assert list(wrong.context["form"].errors) == ["first_on"]
    assert auditor.get(reverse("review:reveals_csv"), {"first_on": "yesterday"}).status_code == 400


def test_pages_follow_each_other_without_gap_or_repetition(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trails, "PAGE_SIZE", 3)
    case = submitted(cast)
    for number in range(7):
        # Two at a time at the same moment.
        _reveal(case, cast.provincial, at=MORNING + timedelta(minutes=number // 2))
    auditor = sign_in(cast.auditor)
    seen, address = [], reverse(ADDRESS)
    while address:
        page = auditor.get(address)
        seen += [each["reveal"].id for each in page.context["lines"]]
        address = f"{reverse(ADDRESS)}{page.context['next_url']}" if page.context["next_url"] else ""
    assert seen == list(PersonalDataReveal.objects.order_by("-at", "-id").values_list("pk", flat=True))
    assert len(seen) == 7


def test_the_export_holds_what_the_filter_shows_and_no_formula(cast: Cast) -> None:
    case = submitted(cast)
    _reveal(case, cast.provincial, reason="=1+1 样例：核对号码是否有误")
    _reveal(case, cast.national)
    response = sign_in(cast.auditor).get(reverse("review:reveals_csv"), {"officer": str(cast.provincial.pk)})
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert rows[0] == [
        "Time",
        "Officer",
        "Province of the case",
        "Receipt number",
        "What was shown",
        "Revision",
        "Reason",
    ]
    assert len(rows) == 2
    assert rows[1][0] == "2026-03-02T10:00:00.000000+08:00"
    assert rows[1][1] == cast.provincial.name
    assert rows[1][3] == case.application.receipt_number
    assert rows[1][5] == "1"
    assert not rows[1][6].startswith("=")
    assert "=1+1" in rows[1][6]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_takes_the_same_queries_for_any_number(
    cast: Cast, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = submitted(cast)
    for number in range(count):
        _reveal(case, cast.provincial, at=MORNING + timedelta(minutes=number))
    auditor = sign_in(cast.auditor)
    auditor.get(reverse(ADDRESS))
    with django_assert_num_queries(4):
        assert len(auditor.get(reverse(ADDRESS)).context["lines"]) == count


@pytest.mark.parametrize("name", [ADDRESS, "review:reveals_csv"])
@pytest.mark.parametrize(
    "who", ["member", "provincial", "provincial_head", "national", "national_head", "administrator"]
)
def test_nobody_else_reads_the_reveals(cast: Cast, name: str, who: str) -> None:
    assert sign_in(getattr(cast, who)).get(reverse(name)).status_code == 404
