"""The queue: the order of receipt, the filters, and the same number of queries whatever is in it."""

from __future__ import annotations

import itertools
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.desk import claims
from review.queue.queue import PAGE_SIZE, Claimed, Filters, Left, counts, queue_page
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, forwarded, materials_for, submitted
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def receipts(cases: list[SampleCase]) -> list[str]:
    return [case.application.receipt_number for case in cases]


def shown(cast: Cast, *, claimed: Claimed = Claimed.ALL, left: Left = Left.ANY, text: str = "") -> list[str]:
    page = queue_page(cast.provincial, Filters(claimed=claimed, left=left, text=text), at=MORNING)
    return [row.application.receipt_number for row in page.rows]


def test_art_12_what_was_received_first_stands_first(cast: Cast) -> None:
    late = submitted(cast, seed=1, at=MORNING - 2 * DAY)
    later = submitted(cast, seed=2, at=MORNING)
    first = submitted(cast, seed=3, at=MORNING - 5 * DAY)
    assert shown(cast) == receipts([first, late, later])


def test_each_office_sees_what_lies_at_its_desk(cast: Cast) -> None:
    here = submitted(cast, seed=1)
    there = submitted(cast, seed=2, division_code=GUANGDONG_DIVISION)
    national = forwarded(cast, seed=3)
    at = MORNING + timedelta(hours=2)
    found = {
        name: [row.application.receipt_number for row in queue_page(officer, Filters(), at=at).rows]
        for name, officer in (
            ("province", cast.provincial),
            ("elsewhere", cast.elsewhere),
            ("nation", cast.national),
        )
    }
    assert found == {
        "province": receipts([here]),
        "elsewhere": receipts([there]),
        "nation": receipts([national]),
    }


def test_filters_narrow_and_what_is_not_understood_is_left_out(cast: Cast) -> None:
    old = submitted(cast, seed=1, at=MORNING - 40 * DAY)
    mine = submitted(cast, seed=2)
    claims.claim(mine.application_id, officer=cast.provincial, at=MORNING)
    assert shown(cast, claimed=Claimed.MINE) == receipts([mine])
    assert shown(cast, claimed=Claimed.UNCLAIMED) == receipts([old])
    assert shown(cast, left=Left.LATE) == receipts([old])
    assert shown(cast, text=mine.application.service_name[1:4]) == receipts(
        [case for case in (old, mine) if mine.application.service_name[1:4] in case.application.service_name]
    )
    assert Filters.from_query({"kind": "nonsense", "left": "-1", "claimed": "x", "q": " a\x00 "}) == Filters(
        text="a"
    )


@pytest.mark.parametrize(
    "text", ["ABC链", "ａｂｃ链", "样例abc·链", "样例ABC • 鏈", "鏈 ａｂｃ", "（样例）ABC链", "abc"]
)
def test_a_case_is_found_however_its_name_is_typed(cast: Cast, text: str) -> None:
    other = submitted(cast, seed=1)
    materials = materials_for(cast, seed=2)
    materials["service"]["service_name"] = "样例ＡＢＣ・链"
    case = walk.submit(materials, member=cast.member, at=MORNING)
    assert set(shown(cast)) == set(receipts([other, case]))
    assert shown(cast, text=text) == receipts([case])
    assert shown(cast, text="·（）") == []
    receipt = case.application.receipt_number
    assert shown(cast, text=receipt.replace("-", "－")) == receipts([case])


def test_counts_are_those_of_the_lists_behind_them(cast: Cast) -> None:
    submitted(cast, seed=1, at=MORNING - 40 * DAY)
    submitted(cast, seed=2, at=MORNING - 24 * DAY)
    mine = submitted(cast, seed=3)
    claims.claim(mine.application_id, officer=cast.provincial, at=MORNING)
    found = counts(cast.provincial, Filters(), at=MORNING)
    assert (found.all, found.mine, found.unclaimed) == (
        len(shown(cast)),
        len(shown(cast, claimed=Claimed.MINE)),
        len(shown(cast, claimed=Claimed.UNCLAIMED)),
    )
    assert (found.late, found.late + found.soon) == (
        len(shown(cast, left=Left.LATE)),
        len(shown(cast, left=Left.SOON)),
    )
    assert found.late == 1


def test_each_count_is_that_of_the_list_behind_it_with_the_other_filters(cast: Cast) -> None:
    for seed, days in ((1, 40), (2, 40), (3, 24), (4, 1)):
        submitted(cast, seed=seed, at=MORNING - days * DAY)
    mine = submitted(cast, seed=5, at=MORNING - 40 * DAY)
    claims.claim(mine.application_id, officer=cast.provincial, at=MORNING)
    texts = ("", mine.application.service_name)
    for claimed, left, text in itertools.product(Claimed, Left, texts):
        filters = Filters(claimed=claimed, left=left, text=text)
        found = counts(cast.provincial, filters, at=MORNING)
        for tab, count in (
            (Claimed.ALL, found.all),
            (Claimed.MINE, found.mine),
            (Claimed.UNCLAIMED, found.unclaimed),
        ):
            assert count == len(shown(cast, claimed=tab, left=left, text=text)), (filters, tab)
        for link, count in ((Left.LATE, found.late), (Left.SOON, found.late + found.soon)):
            assert count == len(shown(cast, claimed=claimed, left=link, text=text)), (filters, link)
    assert counts(cast.provincial, Filters(left=Left.LATE), at=MORNING).all < 5


def test_the_crumbs_of_a_case_lead_back_to_the_list_with_its_filters(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    crumb = lambda: client.get(url("case", case)).context["crumbs"][0]  # noqa: E731
    assert crumb() == {"url": "/review/", "label": "Queue"}
    for address, label in (
        ("/review/?claimed=unclaimed&q=%E6%A0%B7%E4%BE%8B", "Queue"),
        ("/review/search/?stage=provincial_review&sort=oldest", "Find cases"),
        ("/review/?left=soon", "Queue"),
    ):
        client.get(address)
        assert crumb() == {"url": address, "label": label}
        act = client.get(url("act", case, "forward"), {"revision": 1, "event": 1})
        note = client.get(url("note", case))
        for page in (act, note):
            assert page.context["crumbs"][0] == {"url": address, "label": label}


def fill(cast: Cast, first: int, last: int) -> None:
    for seed in range(first, last + 1):
        submitted(cast, seed=seed)


def test_one_row_and_thirty_take_the_same_queries(cast: Cast) -> None:
    client = sign_in(cast.provincial)
    fill(cast, 1, 1)
    client.get("/review/")
    with CaptureQueriesContext(connection) as one:
        client.get("/review/")
    fill(cast, 2, PAGE_SIZE)
    with CaptureQueriesContext(connection) as thirty:
        response = client.get("/review/")
    assert response.content.decode().count("data-shortcut-row") == PAGE_SIZE
    assert len(thirty) == len(one)
    assert len(one) <= 18


def test_pages_follow_each_other_without_gap_or_repetition(cast: Cast) -> None:
    fill(cast, 1, PAGE_SIZE + 3)
    first = queue_page(cast.provincial, Filters(), at=MORNING)
    second = queue_page(cast.provincial, Filters(), cursor=first.next_cursor, at=MORNING)
    numbers = [row.application.receipt_number for row in (*first.rows, *second.rows)]
    assert (len(first.rows), len(second.rows), second.next_cursor) == (PAGE_SIZE, 3, "")
    assert len(set(numbers)) == first.total == PAGE_SIZE + 3
    assert queue_page(cast.provincial, Filters(), cursor="nonsense", at=MORNING).rows == first.rows


def test_the_page_says_day_left_and_who_works_on_it(cast: Cast) -> None:
    case = submitted(cast, at=MORNING - 40 * DAY)
    claims.claim(case.application_id, officer=cast.provincial_second, at=MORNING)
    text = text_of(sign_in(cast.provincial).get("/review/"))
    for words in (case.application.receipt_number, "days late", cast.provincial_second.name):
        assert words in text


def test_an_empty_queue_says_what_to_expect(cast: Cast) -> None:
    client = sign_in(cast.provincial)
    assert "Nothing lies at your office" in text_of(client.get("/review/"))
    assert "No case fits these filters" in text_of(client.get("/review/?q=x"))


def test_a_deadline_that_reaches_an_unannounced_year_is_marked(cast: Cast) -> None:
    at = MORNING.replace(month=12, day=18)
    submitted(cast, seed=1, at=MORNING)
    submitted(cast, seed=2, at=at)
    rows = queue_page(cast.provincial, Filters(), at=at).rows
    assert [row.clock.provisional for row in rows] == [False, True]
    with translation.override("en"):
        shown = [render_to_string("review/includes/days_left.html", {"clock": row.clock}) for row in rows]
    assert ["provisional" in words for words in shown] == [False, True]


def test_a_case_that_was_decided_leaves_the_queue(cast: Cast) -> None:
    case = submitted(cast)
    assert len(shown(cast)) == 1
    walk.act(case, Act.WITHDRAW, by=cast.member, at=MORNING, explanation="样例：写明理由")
    assert shown(cast) == []


def test_no_form_stands_within_a_form(cast: Cast) -> None:
    submitted(cast, seed=1)
    depths: list[int] = []

    class Forms(HTMLParser):
        depth = 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "form":
                self.depth += 1
                depths.append(self.depth)

        def handle_endtag(self, tag: str) -> None:
            self.depth -= tag == "form"

    page = sign_in(cast.provincial).get(reverse("review:queue"))
    Forms().feed(page.content.decode())
    assert len(depths) > 3
    assert set(depths) == {1}
