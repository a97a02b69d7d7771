"""Over the checks of a late case stands nothing that reads as if all were well, and what is unmarked is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry import clock
from review.case.case import Case
from tests.builders.register import MORNING, Cast, submitted
from tests.review.officers import mark_all, sign_in, text_of, url

pytestmark = pytest.mark.django_db

ALL_WELL = "Nothing found by the checks"


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (40, True)])
def test_art_12_no_green_badge_stands_beside_a_late_decision(cast: Cast, days: int, is_late: bool) -> None:
    case = submitted(cast, at=MORNING - timedelta(days=days))
    page = Case(case.application, cast.provincial, at=clock.now())
    late = [check.text for check in page.checks if check.place == "deadline"]
    assert bool(late) is is_late
    assert (page.clock.late_by > 0) is is_late
    if is_late:
        assert page.doubtful_checks > 0
        assert ALL_WELL not in text_of(sign_in(cast.provincial).get(url("case", case)))


def test_what_is_still_unmarked_is_said_before_anything_is_typed(cast: Cast) -> None:
    case = submitted(cast)
    officer = sign_in(cast.provincial)
    first = Case(case.application, cast.provincial, at=MORNING).checklist.wanted[0]
    case_page = officer.get(url("case", case)).content.decode()
    act_page = officer.get(url("act", case, "forward"), {"revision": 1, "event": 1}).content.decode()
    assert f'href="#row-{first}"' in case_page
    assert f'href="{url("case", case)}#row-{first}"' in act_page
    assert "To the first unmarked item" in act_page
    assert 'class="act-form"' not in act_page
    mark_all(case, cast.provincial, at=MORNING)
    for page in (
        officer.get(url("case", case)),
        officer.get(url("act", case, "forward"), {"revision": 1, "event": 1}),
    ):
        assert "To the first unmarked item" not in text_of(page)
    assert 'class="act-form"' in page.content.decode()
