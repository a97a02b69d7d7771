"""Days at the edges of what Python can count: no page, filter or export of any desk fails on them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from registry import clock
from registry.sample.materials import organisation_materials
from tests.applicants.pages import Desk
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast, submitted
from tests.review.officers import sign_in

pytestmark = pytest.mark.django_db

EDGES = ("0001-01-01", "0001-01-02", "1899-12-31", "2200-01-01", "9999-12-30", "9999-12-31")
MONTHS = ("0001-01", "0001-02", "1899-12", "2200-01", "9999-11", "9999-12")
YEARS = ("0", "1", "1899", "2200", "9999", "999999999")


@pytest.mark.parametrize("day", EDGES)
def test_the_trails_of_officers_take_no_day_out_of_bounds(cast: Cast, day: str) -> None:
    submitted(cast)
    names = (
        "office:events",
        "office:events_csv",
        "office:membership_events",
        "review:reveals",
        "review:reveals_csv",
    )
    auditor = sign_in(cast.auditor)
    for name in names:
        for parameter in ("first_on", "last_on"):
            answer = auditor.get(reverse(name), {parameter: day})
            assert answer.status_code in (200, 400), (name, parameter)


@pytest.mark.parametrize("name", ["office:events", "review:reveals"])
def test_days_of_a_trail_in_reverse_are_refused_and_stay_as_typed(cast: Cast, name: str) -> None:
    submitted(cast)
    auditor = sign_in(cast.auditor)
    days = {"first_on": "2026-03-09", "last_on": "2026-03-02"}
    answer = auditor.get(reverse(name), days)
    page = answer.content.decode()
    assert "This day lies before the first day" in page
    assert all(f'value="{day}"' in page for day in days.values())
    assert answer.context["lines"] == []
    assert auditor.get(reverse(f"{name}_csv"), days).status_code == 400


@pytest.mark.parametrize("month", MONTHS)
def test_the_workload_of_a_month_out_of_bounds_is_that_of_this_month(cast: Cast, month: str) -> None:
    submitted(cast)
    head = sign_in(cast.provincial_head)
    with clock.stopped_at(MORNING):
        answers = [
            head.get(reverse(f"review:{name}"), {"month": month}) for name in ("workload", "workload_csv")
        ]
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("year", YEARS)
def test_no_calendar_asks_for_a_year_out_of_bounds(cast: Cast, year: str) -> None:
    answer = sign_in(cast.national_head).get(reverse("review:calendar"), {"year": year})
    assert answer.status_code == 200


@pytest.mark.parametrize("day", EDGES)
@pytest.mark.parametrize("key", ["service_started_on", "related_licences"])
def test_a_draft_with_a_day_at_the_edge_is_shown_and_told_so(cast: Cast, day: str, key: str) -> None:
    desk = Desk.of(cast.member)
    materials: dict[str, Any] = organisation_materials(
        seed=7, today=clock.today(), division_code=BEIJING_DIVISION
    )
    row = {"name": "样例许可", "number": "样例1", "issuer": "样例机关", "valid_from": day, "valid_until": day}
    materials["service"][key] = [row] if key == "related_licences" else day
    draft = desk.start()
    desk.fill(draft, materials)
    for name in ("section", "attachments", "statement", "statement_pdf", "check"):
        arguments = (draft.pk, "service") if name == "section" else (draft.pk,)
        assert desk.get(name, *arguments).status_code in (200, 404), name
    for name in ("deadlines", "dashboard"):
        assert desk.get(name).status_code == 200, name
