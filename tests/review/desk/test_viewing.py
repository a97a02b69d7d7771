"""Who has a case open is shown for as long as it is, and not longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from registry import clock
from review.desk.openings import open_elsewhere
from tests.builders.register import MORNING, Cast, submitted
from tests.review.officers import sign_in, url

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def viewers(cast: Cast, case: object, *, after: timedelta) -> list[str]:
    """Whom a colleague sees with the case open."""
    application = case.application  # type: ignore[attr-defined]
    return open_elsewhere([application], cast.provincial_second, at=MORNING + after).get(application.pk, [])


def opened_by(officer: Client, case: object) -> str:
    return str(officer.get(url("case", case)).context["opened"])  # type: ignore[arg-type]


def test_a_case_that_was_left_is_not_shown_as_open(cast: Cast) -> None:
    case, name = submitted(cast), cast.provincial.name
    officer = sign_in(cast.provincial)
    opened = opened_by(officer, case)
    assert viewers(cast, case, after=MINUTE) == [name]
    answer = officer.post(url("viewing", case), {"state": "left", "opened": opened})
    assert answer.status_code == 200
    assert viewers(cast, case, after=MINUTE) == []


def test_a_page_that_is_opened_again_stays_open_whatever_the_one_before_says_late(cast: Cast) -> None:
    case = submitted(cast)
    officer = sign_in(cast.provincial)
    before = opened_by(officer, case)
    clock.set_for_tests(MORNING + MINUTE)
    opened_by(officer, case)
    officer.post(url("viewing", case), {"state": "left", "opened": before})
    assert viewers(cast, case, after=MINUTE) == [cast.provincial.name]
    for nonsense in ("", "yesterday", "2026-03-02T02:01:00"):
        officer.post(url("viewing", case), {"state": "left", "opened": nonsense})
    assert viewers(cast, case, after=MINUTE) == [cast.provincial.name]


def test_a_page_that_stays_in_view_is_shown_beyond_a_quarter_of_an_hour(cast: Cast) -> None:
    case = submitted(cast)
    officer = sign_in(cast.provincial)
    opened_by(officer, case)
    assert viewers(cast, case, after=16 * MINUTE) == []
    clock.set_for_tests(MORNING + 5 * MINUTE)
    moment = officer.post(url("viewing", case), {"state": "here"}).content.decode()
    assert viewers(cast, case, after=16 * MINUTE) == [cast.provincial.name]
    officer.post(url("viewing", case), {"state": "left", "opened": moment})
    assert viewers(cast, case, after=6 * MINUTE) == []


def test_without_scripts_the_queue_says_that_no_case_is_open(cast: Cast) -> None:
    case = submitted(cast)
    officer = sign_in(cast.provincial)
    opened_by(officer, case)
    sign_in(cast.provincial_second).get("/review/")
    assert viewers(cast, case, after=MINUTE) == [cast.provincial.name]
    officer.get("/review/")
    assert viewers(cast, case, after=MINUTE) == []
