"""The overview of heads: every figure is a count by hand, and the search behind it finds exactly as many cases."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Account
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON
from review.desk import claims
from review.heads.overview import Figure, Overview, overview_of
from review.heads.standing import standing_of
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
# 2026-03-02 was a Monday: a case of that day is due on 2026-03-30, the twentieth working day after it.
LATE_DAY = MORNING + 29 * DAY
NOW = MORNING + 21 * DAY


def counts(overview: Overview) -> dict[str, int]:
    names = ("late", "today", "soon", "unclaimed", "undelivered")
    return {name: getattr(overview, name).count for name in names}


def scene(cast: Cast) -> None:
    """Of Beijing: two at the province (one claimed), one at the nation, one rejected and undelivered; one of Guangdong.

    The first was received on 2 March, the others on the following days; Guangdong's on 2 March.
    """
    build.submitted(cast, seed=1, at=MORNING)
    claimed = build.submitted(cast, seed=2, at=MORNING + DAY)
    claims.claim(claimed.application_id, officer=cast.provincial, at=NOW - DAY)
    forwarded = build.submitted(cast, seed=3, at=MORNING + 2 * DAY)
    build.forward(cast, forwarded, at=MORNING + 3 * DAY)
    rejected = build.submitted(cast, seed=4, at=MORNING + 3 * DAY)
    build.forward(cast, rejected, at=MORNING + 4 * DAY, recommends=Outcome.REJECTION)
    walk.act(
        rejected,
        Act.REJECT,
        by=cast.national,
        at=MORNING + 7 * DAY,
        reasons=[dict(SAMPLE_REASON)],
        text="样例",
    )
    build.submitted(cast, seed=5, at=MORNING, division_code=GUANGDONG_DIVISION)


def rows_of(overview: Overview) -> list[tuple[date | None, int, int, int]]:
    return [
        (row.due_on, row.province.count, row.nation.count, row.undelivered.count) for row in overview.days
    ]


def test_what_breaks_on_which_day_is_counted_by_place(cast: Cast) -> None:
    scene(cast)
    found = overview_of(cast.national_head, at=NOW)
    assert rows_of(found) == [
        (date(2026, 3, 30), 2, 0, 0),
        (date(2026, 3, 31), 1, 0, 0),
        (date(2026, 4, 1), 0, 1, 0),
        (date(2026, 4, 2), 0, 0, 1),
    ]
    assert counts(found) == {"late": 0, "today": 0, "soon": 2, "unclaimed": 1, "undelivered": 1}
    later = overview_of(cast.national_head, at=LATE_DAY)
    assert rows_of(later)[0] == (None, 2, 0, 0)
    assert counts(later)["late"] == 2
    assert counts(later)["today"] == 1


def test_a_province_has_its_own_cases_and_no_table_of_provinces(cast: Cast) -> None:
    scene(cast)
    found = overview_of(cast.provincial_head, at=NOW)
    assert rows_of(found) == [
        (date(2026, 3, 30), 1, 0, 0),
        (date(2026, 3, 31), 1, 0, 0),
        (date(2026, 4, 1), 0, 1, 0),
        (date(2026, 4, 2), 0, 0, 1),
    ]
    assert found.provinces == ()
    holders = {row.name: (row.all.count, row.late.count, row.soon.count) for row in found.holders}
    assert holders == {
        "": (1, 0, 1),
        cast.provincial.name: (1, 0, 0),
        cast.provincial_head.name: (0, 0, 0),
    }


def test_all_that_is_late_at_a_place_is_counted_together(cast: Cast) -> None:
    """However many years it reaches back: what is not late has twenty working days of receipt at most."""
    for seed, days in ((1, 0), (2, 3)):
        build.submitted(cast, seed=seed, at=MORNING + days * DAY)
    for day, rows in ((20, [(1, False), (1, False)]), (60, [(2, True)])):
        today = clock.china_date(MORNING + day * DAY)
        standing = standing_of(cast.provincial_head, calendar=current_calendar(), today=today)
        assert [(row.count, standing.is_late(row)) for row in standing.rows] == rows


def test_the_province_where_most_has_lain_for_long_comes_first(cast: Cast) -> None:
    scene(cast)
    for seed, days in ((6, 1), (7, 2)):
        build.submitted(cast, seed=seed, at=MORNING + days * DAY, division_code=GUANGDONG_DIVISION)
    found = overview_of(cast.national_head, at=NOW)
    assert [(row.name, row.all.count, row.long.count, row.late.count) for row in found.provinces] == [
        ("广东省", 3, 3, 0),
        ("北京市", 2, 2, 0),
    ]
    early = overview_of(cast.national_head, at=MORNING + 14 * DAY)
    assert [(row.name, row.all.count, row.long.count) for row in early.provinces] == [
        ("广东省", 3, 1),
        ("北京市", 2, 1),
    ]


@pytest.mark.parametrize("days", [14, 21, 28, 29, 31])
@pytest.mark.parametrize("who", ["provincial_head", "national_head"])
def test_every_figure_leads_to_the_search_that_finds_exactly_as_many(cast: Cast, who: str, days: int) -> None:
    scene(cast)
    head: Account = getattr(cast, who)
    at = MORNING + days * DAY
    browser = sign_in(head)
    with clock.stopped_at(at):
        figures = browser.get(reverse("review:overview")).context["overview"].figures
        shown = [figure for figure in figures if figure.count]
        assert len(shown) > 4
        for figure in shown:
            found = browser.get(figure.url)
            assert found.status_code == 200, figure.url
            assert (figure.url, found.context["total"]) == (figure.url, figure.count)
    assert {figure.url for figure in figures if not figure.count} <= {""}


def test_a_figure_names_its_search_and_none_of_nothing() -> None:
    figure = Figure.of(3, due_from=None, due_to=date(2026, 3, 30), place="province")
    assert parse_qs(urlsplit(figure.url).query) == {"due_to": ["2026-03-30"], "place": ["province"]}
    assert Figure.of(0, place="province").url == ""


def test_many_cases_take_as_many_queries_as_one(cast: Cast) -> None:
    build.submitted(cast)
    head, browser = cast.national_head, sign_in(cast.national_head)
    browser.get(reverse("review:overview"))
    with CaptureQueriesContext(connection) as first:
        overview_of(head, at=NOW)
    for seed in range(2, 8):
        build.submitted(cast, seed=seed)
    with CaptureQueriesContext(connection) as second:
        overview_of(head, at=NOW)
    assert len(second) == len(first)


def test_a_head_sees_it_after_signing_in_and_nobody_else_has_it(cast: Cast) -> None:
    build.submitted(cast)
    page = text_of(sign_in(cast.provincial_head).get(reverse("review:overview")))
    assert "What becomes late next" in page
    assert "Which province is slow" not in page
    assert "Which province is slow" in text_of(sign_in(cast.national_head).get(reverse("review:overview")))
    assert sign_in(cast.provincial).get(reverse("review:overview")).status_code == 404


def test_an_office_with_nothing_to_do_is_told_so(cast: Cast) -> None:
    page = text_of(sign_in(cast.national_head).get(reverse("review:overview")))
    assert "Nothing is late, and nothing is due on the next 10 working days." in page
    assert "Nothing lies at a province." in page
