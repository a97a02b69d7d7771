"""The deadline planner, its calendar file and the deadlines of the API: one answer, one explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from http import HTTPStatus

import pytest
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from registry import clock
from registry.calendar.explanations import explain_deadline
from registry.calendar.ics import AllDayEvent, calendar_text
from registry.rules.days.deadlines import Period, deadline
from registry.rules.days.official_days import shipped_calendar
from registry.templatetags.portal import whole_dates
from tests.client import ClientResponse
from tests.registry.public.test_api import conforms

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def ask(path: str, *, language: str = "en", **query: str) -> ClientResponse:
    return Client().get(path, query, headers={"Accept-Language": language})


def planner(**query: str) -> ClientResponse:
    return ask("/deadlines/", **query)


def sentences(period: Period, event_on: date) -> list[str]:
    calendar = shipped_calendar()
    with translation.override("en"):
        return list(explain_deadline(deadline(period, event_on, calendar), calendar).sentences)


def test_the_api_gives_the_due_day_and_the_reason_of_every_day() -> None:
    answer = ask("/api/v1/deadlines/", period="decision", event_date="2025-09-22")
    body = answer.json()
    assert answer.status_code == HTTPStatus.OK
    conforms(body, "Deadline", SchemaGenerator().get_schema(request=None, public=True))
    assert (body["due_date"], body["provisional"], body["working_days"], body["article"]) == (
        "2025-10-24",
        False,
        20,
        "12",
    )
    assert body["explanation"] == sentences(Period.DECISION, date(2025, 9, 22))
    days = {day["date"]: day for day in body["days"]}
    assert len(days) == 33
    assert days["2025-09-28"] == {
        "date": "2025-09-28",
        "counted": True,
        "number": 5,
        "reason": "make_up",
        "reason_text": "Make-up working day",
        "provisional": False,
    }
    assert (days["2025-10-06"]["reason"], days["2025-10-06"]["counted"]) == ("mid_autumn_festival", False)
    assert (days["2025-10-24"]["number"], days["2025-09-22"]["reason"]) == (20, "event_day")


def test_a_deadline_that_reaches_an_unannounced_year_is_provisional() -> None:
    body = ask("/api/v1/deadlines/", period="change", event_date="2026-12-29").json()
    assert (body["due_date"], body["provisional"]) == ("2027-01-06", True)
    assert [day["provisional"] for day in body["days"]] == [day["date"] > "2027" for day in body["days"]]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({}, {"period", "event_date"}),
        ({"period": "holiday", "event_date": "2026-01-05"}, {"period"}),
        ({"period": "decision", "event_date": "2026-02-30"}, {"event_date"}),
        ({"period": "decision", "event_date": "22.11.2026"}, {"event_date"}),
        ({"period": "decision", "event_date": "2061-01-01"}, {"event_date"}),
        ({"period": "filing", "event_date": "2060-12-30"}, {"event_date"}),
    ],
)
def test_a_bad_question_is_a_problem_that_names_its_parameters(
    query: dict[str, str], wrong: set[str]
) -> None:
    answer = ask("/api/v1/deadlines/", **query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (answer.json()["code"], set(answer.json()["errors"])) == ("invalid", wrong)


def test_the_planner_shows_the_day_and_its_explanation_as_the_api_does() -> None:
    page = unescape(planner(period="decision", event_date="2025-09-22").content.decode())
    body = ask("/api/v1/deadlines/", period="decision", event_date="2025-09-22").json()
    assert f'datetime="{body["due_date"]}"' in page
    for sentence in body["explanation"]:
        assert f"<p>{unescape(whole_dates(sentence))}</p>" in page
    listed = re.findall(r'<th scope="row">([\d-]+) \w+</th><td>([\d–]+)</td><td>([^<·]+)', page)
    assert [(on, number) for on, number, _why in listed] == [
        (day["date"], str(day["number"] or "–")) for day in body["days"]
    ]
    assert [why for _on, _number, why in listed] == [day["reason_text"] for day in body["days"]]


def test_a_cancellation_is_counted_backwards_and_names_its_earliest_end() -> None:
    page = planner(period="cancellation", event_date="2026-12-31").content.decode()
    assert '<time datetime="2026-11-19">' in page
    assert "This day is past." in page
    assert "the service may end on 2027-01-05 Tuesday at the earliest" in page


@pytest.mark.parametrize("typed", ["2026-02-30", "tomorrow", "2061-01-01", ""])
def test_a_day_that_is_none_stays_as_it_was_typed(typed: str) -> None:
    answer = planner(period="change", event_date=typed)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert re.search(rf'<input type="text" name="event_date"( value="{typed}")?', page)
    assert f'value="{typed}"' in page or not typed
    assert re.search(r'value="change"[^>]*checked', page)
    assert "error-summary" in page


@pytest.mark.parametrize("typed", ["2025-09-22", "2025/9/22", "2025年9月22日", "2025.09.22"])
def test_a_day_may_be_written_as_people_write_it(typed: str) -> None:
    assert '<time datetime="2025-10-24">' in planner(period="decision", event_date=typed).content.decode()


def test_the_planner_begins_without_a_question() -> None:
    answer = planner()
    assert answer.status_code == HTTPStatus.OK
    assert "error-summary" not in answer.content.decode()


def test_the_calendar_file_holds_one_whole_day() -> None:
    answer = ask("/deadlines/deadline.ics", period="decision", event_date="2026-12-18")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="decision-2027-01-18.ics"'
    lines = answer.content.decode().replace("\r\n ", "").split("\r\n")
    assert [line for line in lines if line.startswith(("UID", "DTSTART", "DTEND", "STATUS"))] == [
        "UID:decision-2026-12-18@testserver",
        "DTSTART;VALUE=DATE:20270118",
        "DTEND;VALUE=DATE:20270119",
        "STATUS:TENTATIVE",
    ]
    again = ask("/deadlines/deadline.ics", period="decision", event_date="2026-12-18")
    assert again.content == answer.content


def test_a_calendar_file_without_an_answer_leads_to_the_page_that_says_why() -> None:
    answer = ask("/deadlines/deadline.ics", period="decision", event_date="2026-02-30")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/deadlines/?period=decision&event_date=2026-02-30",
    )


def test_lines_of_a_calendar_file_are_escaped_and_folded_between_characters() -> None:
    summary = "期限；a,b;c\\d\nнов" + "区块链" * 40
    text = calendar_text([AllDayEvent("x", date(2026, 1, 1), summary)], name="n", at=NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    pieces = text.split("\r\n")
    assert max(len(piece.encode()) for piece in pieces) <= 75
    unfolded = text.replace("\r\n ", "")
    assert f"SUMMARY:期限；a\\,b\\;c\\\\d\\nнов{'区块链' * 40}\r\n" in unfolded
