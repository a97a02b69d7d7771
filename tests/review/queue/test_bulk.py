"""Several cases of the queue at once: what can be done is done, the rest is named with why; none is claimed twice."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from registry import clock
from registry.errors import NotFound
from registry.integrity.register import verify_register
from registry.models import Account, Event, Notice
from registry.rules.office.events import OfficeAct, OfficeFacts, OfficeSubject, office_stream
from registry.rules.office.leave import LeaveDays
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from review.desk import bulk, claims
from review.desk.claims import ClaimRefused
from review.desk.leave import enter_leave
from review.models import Assignment
from review.notices.desk_notices import events_for_desks, notify_desk
from review.queue.queue import PAGE_SIZE
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, forward, forwarded, submitted
from tests.review.case.test_case_browser import enter, people
from tests.review.officers import sign_in, text_of
from tests.services.portal import WebProcess

__all__ = ["people"]

pytestmark = pytest.mark.django_db

BULK, ASSIGN, QUEUE = "/review/bulk/", "/review/assign/", "/review/"
REASON = "样例：原经办人本周外出办案。"


@pytest.fixture(autouse=True)
def morning() -> None:
    clock.set_for_tests(MORNING)


def ids(*cases: SampleCase) -> list[str]:
    return [str(case.application_id) for case in cases]


def numbers(*cases: SampleCase) -> list[str]:
    return [case.application.receipt_number for case in cases]


def holder(case: SampleCase) -> str:
    held = Assignment.objects.filter(application=case.application_id, released_at__isnull=True).first()
    return held.officer.name if held else ""


def holders(cases: Iterable[SampleCase]) -> list[str]:
    return [holder(each) for each in cases]


def told(kind: str) -> dict[str, int]:
    """How many notices of a kind each person has."""
    for event_id in events_for_desks():
        notify_desk(event_id, at=MORNING)
    found: dict[str, int] = {}
    for notice in Notice.objects.filter(kind=kind).select_related("account"):
        assert notice.account is not None
        found[notice.account.name] = found.get(notice.account.name, 0) + 1
    return found


def proposed_by(cast: Cast, officer: Account, *, seed: int) -> SampleCase:
    case = submitted(cast, seed=seed)
    reasons = [dict(SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=officer, at=MORNING, reasons=reasons, text="样例")
    return case


# ---------------------------------------------------------------- claim and release


def test_what_can_be_claimed_is_and_the_rest_is_named_with_its_reason(cast: Cast) -> None:
    free, also_free, taken, gone = (submitted(cast, seed=seed) for seed in (1, 2, 3, 4))
    own = proposed_by(cast, cast.provincial, seed=5)
    elsewhere = submitted(cast, seed=6, division_code=GUANGDONG_DIVISION)
    claims.claim(taken.application_id, officer=cast.provincial_second, at=MORNING)
    forward(cast, gone, at=MORNING)
    ticked = ids(free, also_free, taken, gone, own, elsewhere)
    client = sign_in(cast.provincial)
    page = text_of(client.post(BULK, {"act": "claim", "case": [*ticked, "no id"]}, follow=True))
    assert holders([free, also_free, taken, gone, own, elsewhere]) == [
        "样例初审甲",
        "样例初审甲",
        "样例初审乙",
        "",
        "",
        "",
    ]
    assert "You work on 2 cases now" in page
    (one, two, three, four, five, six) = numbers(free, also_free, taken, gone, own, elsewhere)
    assert all(each in page for each in (one, two))
    assert f"{three} (样例初审乙 works on it)" in page
    assert f"{four} (it does not lie at your office any more)" in page
    assert f"{five} (it is your own proposal: another officer decides on it)" in page
    # What lies in another province does not exist for this officer.
    assert "1 that is no case of your office" in page
    assert six not in page
    assert verify_register().violations == []


def test_a_head_takes_nothing_from_a_colleague_by_claiming_many(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    found = bulk.claim_all([case.application_id], officer=cast.provincial_head, at=MORNING)
    assert (found.done, holder(case)) == ((), "样例初审甲")


def test_a_repeated_claim_changes_nothing(cast: Cast) -> None:
    cases = [submitted(cast, seed=seed) for seed in (1, 2)]
    for _ in range(2):
        found = bulk.claim_all([each.application_id for each in cases], officer=cast.provincial, at=MORNING)
        assert len(found.done) == 2
    assert Assignment.objects.count() == 2


def test_only_the_own_claims_are_released(cast: Cast) -> None:
    mine, taken, free = (submitted(cast, seed=seed) for seed in (1, 2, 3))
    claims.claim(mine.application_id, officer=cast.provincial, at=MORNING)
    claims.claim(taken.application_id, officer=cast.provincial_second, at=MORNING)
    client = sign_in(cast.provincial)
    page = text_of(client.post(BULK, {"act": "release", "case": ids(mine, taken, free)}, follow=True))
    assert holders([mine, taken, free]) == ["", "样例初审乙", ""]
    first, second, third = numbers(mine, taken, free)
    assert f"1 case is back in the queue: {first}" in page
    assert f"{second} (样例初审乙 works on it)" in page
    assert f"{third} (nobody works on it)" in page


def test_the_nation_works_on_several_of_its_cases_as_well(cast: Cast) -> None:
    there, still_in_the_province = forwarded(cast, seed=1), submitted(cast, seed=2)
    client = sign_in(cast.national)
    page = text_of(
        client.post(BULK, {"act": "claim", "case": ids(there, still_in_the_province)}, follow=True)
    )
    assert holders([there, still_in_the_province]) == ["样例复审甲", ""]
    assert "it does not lie at your office any more" in page


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_claim_the_same_cases_at_once_get_each_case_once(cast: Cast) -> None:
    cases = [submitted(cast, seed=seed) for seed in range(1, 7)]
    wanted = [each.application_id for each in cases]
    officers = [cast.provincial, cast.provincial_second, cast.provincial_head]
    start = Barrier(len(officers))

    def ask(officer: Account) -> int:
        order = wanted if officer == cast.provincial else wanted[::-1]
        start.wait(timeout=20)
        try:
            return len(bulk.claim_all(order, officer=officer, at=MORNING).done)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(officers)) as pool:
        done = list(pool.map(ask, officers))
    assert sum(done) == len(cases)
    assert Assignment.objects.filter(released_at__isnull=True).count() == len(cases)


def test_few_and_many_cases_take_the_same_queries(cast: Cast) -> None:
    cases = [submitted(cast, seed=seed) for seed in range(1, 13)]
    wanted = [each.application_id for each in cases]
    counted = []
    # The calendar of today is read once.
    bulk.release_all(wanted[:1], officer=cast.provincial, at=MORNING)
    for chosen in (wanted[:3], wanted[3:]):
        with CaptureQueriesContext(connection) as claiming:
            bulk.claim_all(chosen, officer=cast.provincial, at=MORNING)
        with CaptureQueriesContext(connection) as releasing:
            bulk.release_all(chosen, officer=cast.provincial, at=MORNING)
        counted.append((len(claiming), len(releasing)))
    assert counted[0] == counted[1]


def test_more_than_a_request_does_is_refused_before_anything_is_done(cast: Cast) -> None:
    case = submitted(cast)
    many = [case.application_id, *(uuid.uuid4() for _ in range(bulk.MOST_AT_ONCE))]
    for act in (bulk.claim_all, bulk.release_all):
        with pytest.raises(ClaimRefused, match="too_many_chosen"):
            act(many, officer=cast.provincial, at=MORNING)
    page = text_of(
        sign_in(cast.provincial).post(BULK, {"act": "claim", "case": list(map(str, many))}, follow=True)
    )
    assert "At most 50 cases at a time" in page
    assert holder(case) == ""
    assert PAGE_SIZE <= bulk.MOST_AT_ONCE


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("act", ["claim", "release", "assign"])
def test_without_a_tick_nothing_is_done_and_the_page_stays(cast: Cast, act: str) -> None:
    submitted(cast)
    answer = sign_in(cast.provincial_head).post(BULK, {"act": act, "claimed": "unclaimed"}, follow=True)
    assert "Tick the cases first" in text_of(answer)
    assert answer.redirect_chain[-1][0] == "/review/?claimed=unclaimed"


def test_filters_and_page_stay_and_where_the_page_is_empty_the_list_begins_anew(cast: Cast) -> None:
    cases = [submitted(cast, seed=seed) for seed in range(1, PAGE_SIZE + 2)]
    client = sign_in(cast.provincial)
    first = client.get("/review/?claimed=unclaimed").content.decode()
    following = re.search(r"after=([\w.~=%-]+)", first)
    assert following is not None
    second = client.get(f"/review/?claimed=unclaimed&after={following[1]}").content.decode()
    (last,) = re.findall(r'name="case" value="([^"]+)"', second)
    cursor = re.search(r'name="after" value="([^"]+)"', second)
    assert cursor is not None
    sent = {"act": "claim", "case": last, "claimed": "unclaimed", "after": cursor[1]}
    answer = client.post(BULK, sent)
    assert "claimed=unclaimed" in answer["Location"]
    assert "after=" in answer["Location"]
    shown = client.get(answer["Location"])
    assert shown["Location"] == "/review/?claimed=unclaimed"
    assert len(cases) - 1 == Assignment.objects.count() + PAGE_SIZE - 1


def test_all_on_the_page_are_ticked_without_scripts_and_the_way_back_forgets_it(cast: Cast) -> None:
    cases = [submitted(cast, seed=seed) for seed in (1, 2, 3)]
    client = sign_in(cast.provincial)
    page = client.get("/review/?left=").content.decode()
    assert " checked" not in page.split("data-tick-form")[1].split("</table>")[0]
    link = re.search(r'href="(\?[^"]*ticked=all[^"]*)"', page)
    assert link is not None
    ticked = client.get(f"/review/{link[1].replace('&amp;', '&')}").content.decode()
    assert ticked.split("data-tick-form")[1].split("</table>")[0].count(" checked") == 3
    assert "ticked=all" not in client.get(reverse("review:case", args=ids(cases[0]))).content.decode()


def test_printing_leads_to_one_pdf_of_what_is_ticked(cast: Cast) -> None:
    cases = [submitted(cast, seed=seed) for seed in (1, 2)]
    answer = sign_in(cast.provincial).post(BULK, {"act": "print", "case": ids(*cases)})
    assert answer["Location"].startswith(reverse("review:review_forms") + "?case=")
    assert all(each in answer["Location"] for each in ids(*cases))


def test_nobody_decides_on_several_cases_at_once(cast: Cast) -> None:
    case = submitted(cast)
    for act in (*Act, "", "nonsense"):
        answer = sign_in(cast.provincial).post(BULK, {"act": str(act), "case": ids(case)})
        assert answer.status_code == 404


# ---------------------------------------------------------------- assign


def test_a_head_assigns_many_and_each_officer_is_told_once(cast: Cast) -> None:
    free, held, also_held, gone, theirs = (submitted(cast, seed=seed) for seed in (1, 2, 3, 4, 5))
    own = proposed_by(cast, cast.provincial_second, seed=6)
    for case in (held, also_held):
        claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    claims.claim(theirs.application_id, officer=cast.provincial_second, at=MORNING)
    forward(cast, gone, at=MORNING)
    chosen = ids(free, held, also_held, gone, theirs, own)
    head = sign_in(cast.provincial_head)
    led = head.post(BULK, {"act": "assign", "case": chosen, "claimed": "unclaimed"})
    page = head.get(led["Location"])
    assert all(each in text_of(page) for each in numbers(free, held, also_held))
    seen = re.findall(r'name="seen" value="([^"]+)"', page.content.decode())
    assert len(seen) == 3
    sent = {
        "case": chosen,
        "seen": seen,
        "claimed": "unclaimed",
        "officer": str(cast.provincial_second.pk),
        "reason": REASON,
    }
    answer = head.post(ASSIGN, sent, follow=True)
    assert answer.redirect_chain[-1][0] == "/review/?claimed=unclaimed"
    shown = text_of(answer)
    assert holders([free, held, also_held, theirs, own]) == ["样例初审乙"] * 4 + [""]
    assert "样例初审乙 works on 3 cases now" in shown
    numbered = dict(zip(("gone", "theirs", "own"), numbers(gone, theirs, own), strict=True))
    assert f"{numbered['gone']} (it does not lie at your office any more)" in shown
    assert f"{numbered['theirs']} (样例初审乙 works on it)" in shown
    assert f"{numbered['own']} (the officer who would take it made the proposal" in shown
    assert told("cases_given") == {"样例初审乙": 1}
    assert told("cases_taken") == {"样例初审甲": 1}
    assert told("case_given") == told("case_taken") == {}
    lost = Notice.objects.get(kind="cases_taken")
    assert [each in lost.body for each in numbers(held, also_held, free)] == [True, True, False]
    stream = office_stream(OfficeSubject.CASE, str(held.application_id))
    (trail,) = Event.objects.filter(stream_id=stream)
    facts = OfficeFacts.of(trail.payload)
    assert (trail.act, facts.reason) == (OfficeAct.CASE_ASSIGNED, REASON)
    assert (facts.before["officer"], facts.after["officer"]) == (
        str(cast.provincial.pk),
        str(cast.provincial_second.pk),
    )
    assert verify_register().violations == []


def test_a_head_gives_many_back_to_the_queue(cast: Cast) -> None:
    held, free = submitted(cast, seed=1), submitted(cast, seed=2)
    claims.claim(held.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    seen = f"{held.application_id}:{cast.provincial.pk}"
    sent = {"case": ids(held, free), "seen": seen, "officer": "nobody", "reason": REASON}
    shown = text_of(head.post(ASSIGN, sent, follow=True))
    assert holder(held) == ""
    assert "1 case is back in the queue" in shown
    assert f"{numbers(free)[0]} (nobody works on it)" in shown
    assert told("cases_taken") == {"样例初审甲": 1}
    assert told("cases_given") == {}


def test_who_takes_cases_from_a_colleague_says_why_and_nothing_typed_is_lost(cast: Cast) -> None:
    held = submitted(cast)
    claims.claim(held.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    sent = {
        "case": ids(held),
        "seen": f"{held.application_id}:{cast.provincial.pk}",
        "officer": str(cast.provincial_second.pk),
        "reason": "",
        "left": "late",
    }
    refused = head.post(ASSIGN, sent)
    assert (refused.status_code, holder(held)) == (409, "样例初审甲")
    page = refused.content.decode()
    assert "Say in at least a sentence why" in text_of(refused)
    assert f'value="{cast.provincial_second.pk}" selected' in page
    assert f'name="case" value="{held.application_id}"' in page
    assert 'name="left" value="late"' in page
    assert head.post(ASSIGN, {**sent, "officer": ""}).status_code == 400


def test_a_head_takes_no_case_from_somebody_whom_the_page_did_not_name(cast: Cast) -> None:
    free, held = submitted(cast, seed=1), submitted(cast, seed=2)
    claims.claim(held.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    page = head.get(ASSIGN, {"case": ids(free, held)}).content.decode()
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    # Meanwhile the free one is claimed, and the other released.
    claims.claim(free.application_id, officer=cast.provincial, at=MORNING)
    claims.release(held.application_id, officer=cast.provincial, at=MORNING)
    sent = {
        "case": ids(free, held),
        "seen": seen,
        "officer": str(cast.provincial_second.pk),
        "reason": REASON,
    }
    shown = text_of(head.post(ASSIGN, sent, follow=True))
    assert holders([free, held]) == ["样例初审甲", "样例初审乙"]
    assert f"{numbers(free)[0]} (样例初审甲 works on it)" in shown


def test_nobody_is_given_cases_while_on_leave(cast: Cast) -> None:
    case = submitted(cast)
    enter_leave(
        cast.provincial_second.pk,
        LeaveDays(MORNING.date(), MORNING.date()),
        substitute_id=cast.provincial.pk,
        by=cast.provincial_second,
        at=MORNING,
    )
    with pytest.raises(ClaimRefused, match="colleague_on_leave"):
        bulk.assign_all(
            [case.application_id],
            to=cast.provincial_second.pk,
            reason=REASON,
            head=cast.provincial_head,
            at=MORNING,
        )
    assert holder(case) == ""


def test_only_a_head_assigns_and_only_in_the_own_office(cast: Cast) -> None:
    case = submitted(cast)
    officer = sign_in(cast.provincial)
    assert officer.get(f"{ASSIGN}?case={case.application_id}").status_code == 404
    assert officer.post(BULK, {"act": "assign", "case": ids(case)}).status_code == 404
    with pytest.raises(NotFound):
        bulk.assign_all(
            [case.application_id],
            to=cast.provincial.pk,
            reason=REASON,
            head=cast.provincial_second,
            at=MORNING,
        )
    for other in (cast.elsewhere, cast.national):
        with pytest.raises(ClaimRefused, match="not_a_colleague"):
            bulk.assign_all(
                [case.application_id], to=other.pk, reason=REASON, head=cast.provincial_head, at=MORNING
            )
    foreign = submitted(cast, seed=2, division_code=GUANGDONG_DIVISION)
    page = text_of(sign_in(cast.provincial_head).get(f"{ASSIGN}?case={foreign.application_id}"))
    assert "None of what was ticked is a case of your office" in page
    assert numbers(foreign)[0] not in page


# ---------------------------------------------------------------- by keyboard


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_lines_are_ticked_and_claimed_by_keyboard_alone(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast
) -> None:
    cases = [submitted(people, seed=seed) for seed in (1, 2, 3)]
    enter(browser_context, live_portal, people)
    page.goto(live_portal.url + QUEUE)
    counted = page.locator("[data-tick-count] strong")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(counted).to_have_text("2")
    page.keyboard.press("x")
    expect(counted).to_have_text("1")
    page.keyboard.press("a")
    expect(counted).to_have_text("3")
    page.keyboard.press("a")
    expect(counted).to_have_text("0")
    for key in ("x", "k", "x"):
        page.keyboard.press(key)
    expect(counted).to_have_text("2")
    with page.expect_navigation():
        page.keyboard.press("c")
    assert sorted(holders(cases)) == sorted(["", people.provincial.name, people.provincial.name])
