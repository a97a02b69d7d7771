"""A day that is asked for or stated lies within bounds, everywhere: beyond them Python has no moment."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

import pytest
from django import forms
from django.test import Client

from registry.presentation.day_fields import FIRST_DAY, LAST_DAY, DayField
from tests.house.sources import read, room_modules

BEYOND = ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31")
_QUESTIONS = (
    "/api/v1/filings/?numbered_from={}",
    "/api/v1/filings/?numbered_to={}",
    "/filings/?numbered_from={}",
    "/filings/?numbered_to={}",
    "/api/v1/statistics/?as_of={}",
    "/statistics/?as_of={}",
    "/api/v1/deadlines/?period=decision&event_date={}",
    "/deadlines/?period=decision&event_date={}",
)


@pytest.mark.django_db
@pytest.mark.parametrize("day", BEYOND)
def test_a_day_out_of_bounds_is_refused_and_no_error_of_the_server(day: str) -> None:
    for question in _QUESTIONS:
        assert Client().get(question.format(day)).status_code == 400, question


@pytest.mark.django_db
@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_the_first_and_the_last_day_are_taken(day: date) -> None:
    for question in _QUESTIONS[:4]:
        assert Client().get(question.format(day)).status_code == 200, question


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day", ["2026-3-2", "20260302", "2026-W10-1", "２０２６-０３-０２", "2026-03-02T00:00", ""]
)
def test_the_interface_for_programs_takes_a_day_as_it_is_described_and_in_no_other_form(day: str) -> None:
    for question in (each for each in _QUESTIONS if each.startswith("/api/")):
        expected = 400 if day or "event_date" in question else 200
        assert Client().get(question.format(quote(day))).status_code == expected, question


def test_what_is_refused_is_said_with_the_bounds() -> None:
    field = DayField(first=date(2019, 2, 15), last=lambda: date(2026, 3, 2))
    assert field.clean("2026-03-02") == date(2026, 3, 2)
    for day in ("2019-02-14", "2026-03-03"):
        with pytest.raises(forms.ValidationError, match=r"2019-02-15.*2026-03-02"):
            field.clean(day)


def test_every_form_takes_its_days_with_bounds() -> None:
    own = "registry/presentation/day_fields.py"
    unbounded = re.compile(r"forms\.DateField\(|serializers\.DateField\([^)]*required=False", re.DOTALL)
    assert [str(path) for path in room_modules() if str(path) != own and unbounded.search(read(path))] == []
    assert unbounded.search("x = forms.DateField(label=1)")
