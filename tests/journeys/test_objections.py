"""Objections to a published list, in Chinese: five come in, each ends another way, and then the list becomes final.

One comes by post, one late, one is not admitted, one is withdrawn; of the admitted ones one is upheld and one
dismissed, each by two officers and after the applicant was asked. The public works on a telephone without scripts.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from celery import current_app
from playwright.sync_api import expect

from registry import clock
from registry.batches.lists import final_from
from registry.models import BatchList, Event, Filing, Membership, Objection
from registry.rules.batches.events import held_of
from registry.rules.batches.lifecycle import ListAct, ListState
from tests.builders import batch as build_list
from tests.builders.register import Cast, filing_of, in_force
from tests.journeys.conftest import OpenBrowser, officer_at
from tests.journeys.outbox import code_by_sms
from tests.journeys.people import PATIENCE_MS, Reviewer, Visitor, bring_session
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("decoder"),
]

_TELEPHONE = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}
_FACTS = "样例：该服务的名称与其网站所示不一致，详见所附截图。"
_REASONS = "样例：经核实，所附材料与事实相符。"
_ANSWER = "样例：网站所示系简称，备案名称为全称。"
_LIST = "/lists/1/"
_DAY_AFTER = 16 * 24 * 3600


def test_objections_are_decided_and_the_list_becomes_final(
    live_portal: WebProcess,
    start_worker: Callable[..., WorkerProcess],
    open_browser: OpenBrowser,
    cast: Cast,
    outbox: Path,
) -> None:
    home = live_portal.url
    filings = _published(cast, start_worker)
    objector = Visitor(open_browser(home, **_TELEPHONE).new_page(), home)
    upheld, refused, withdrawn = (
        _object(objector, outbox, position=place, mobile=f"1990000733{place}") for place in (1, 2, 3)
    )
    objector.open(withdrawn)
    objector.press("撤回疑议")
    expect(objector.page.get_by_role("main")).to_contain_text("已撤回")
    late = _object_late(open_browser, outbox)

    reviewer = officer_at(open_browser, home, cast.national)
    head = officer_at(open_browser, home, cast.national_head)
    by_post = _enter_letter(reviewer, position=4)
    page_of = {
        place: f"/review/objections/{Objection.objects.get(entry__position=place).pk}/"
        for place in range(1, 6)
    }
    reviewer.do(page_of[2], "不予受理", "样例：未提供具体事实。")
    reviewer.open(page_of[5])
    expect(reviewer.page.get_by_role("main")).to_contain_text("逾期收到，不能受理。")
    for place in (1, 4):
        reviewer.do(page_of[place], "受理")
        reviewer.do(page_of[place], "请备案人陈述", "样例：有人反映名称与网站不一致，请说明。")
        _answer(open_browser, home, filings[place - 1], place)
    _decide(reviewer, head, page_of[1], proposes="提出疑议成立的意见", confirms="确认疑议成立")
    _decide(reviewer, head, by_post, proposes="提出疑议不成立的意见", confirms="确认疑议不成立")

    for address, words in ((upheld, "疑议成立"), (refused, "不予受理"), (late, "已收到")):
        objector.open(address)
        expect(objector.page.get_by_role("main")).to_contain_text(words)
    _nothing_of_it_is_public(objector, filings)
    _made_final(start_worker)
    objector.open(_LIST)
    expect(objector.page.get_by_role("main")).to_contain_text("公示期满")


def _published(cast: Cast, start_worker: Callable[..., WorkerProcess]) -> list[Filing]:
    """A list of five, published by the worker."""
    numbered = clock.now() - timedelta(days=5)
    filings = [filing_of(in_force(cast, seed=7_600 + place, at=numbered)) for place in range(5)]
    composed = build_list.composition(cut_off_on=clock.today() - timedelta(days=1))
    build_list.confirmed(cast, composed, at=clock.now() - timedelta(minutes=10))
    worker = start_worker()
    _sweep_until(worker, ListState.PUBLISHED)
    # It would take the message that is meant for the one whose clock is ahead.
    worker.stop(seconds=5)
    return filings


def _sweep_until(worker: WorkerProcess, state: ListState) -> None:
    current_app.send_task("registry.tasks.sweep_batch_lists")
    worker.wait_until(
        lambda: BatchList.objects.filter(state=state.value).exists(), seconds=60, what=f"The list as {state}"
    )


def _object(visitor: Visitor, outbox: Path, *, position: int, mobile: str, begins_at: str = _LIST) -> str:
    """Objects to an entry, from the list's page or from an address; gives the path of the page that follows it."""
    page = visitor.page
    page.context.clear_cookies()
    visitor.open(begins_at)
    if begins_at == _LIST:
        page.get_by_role("link", name="提出疑议").first.click()
    page.locator('[name="mobile"]').fill(mobile)
    visitor.press("发送验证码")
    visitor.type("验证码", code_by_sms(outbox, f"+86{mobile}"))
    visitor.press("继续")
    page.locator('[name="position"]').fill(str(position))
    page.locator('[name="name"]').fill("样例疑议人")
    page.locator('[name="facts"]').fill(_FACTS)
    page.locator('[name="evidence"]').set_input_files(
        {"name": "截图.png", "mimeType": "image/png", "buffer": page.screenshot()}
    )
    visitor.press("提交疑议")
    expect(page.get_by_text("疑议已收到。")).to_be_visible(timeout=PATIENCE_MS)
    address = page.url.removeprefix(visitor.home)
    _until_read(visitor)
    return address


def _until_read(visitor: Visitor) -> None:
    """Loads the page again, without scripts, until the screenshot was read."""
    until = time.monotonic() + PATIENCE_MS / 1000 * 4
    while visitor.page.get_by_text("文件可读取").count() == 0 and time.monotonic() < until:
        time.sleep(1)
        visitor.page.reload()
    expect(visitor.page.get_by_text("文件可读取")).to_be_visible()


def _object_late(open_browser: OpenBrowser, outbox: Path) -> str:
    """Objects to the fifth entry through a portal on which the days for objections are over."""
    web = WebProcess(FILING_PORTAL_CLOCK_OFFSET_SECONDS=str(_DAY_AFTER))
    try:
        visitor = Visitor(open_browser(web.url, **_TELEPHONE).new_page(), web.url)
        address = _object(visitor, outbox, position=5, mobile="19900007335", begins_at=f"{_LIST}objection/")
        expect(visitor.page.get_by_role("main")).to_contain_text("逾期收到")
        visitor.page.context.close()
        web.wait_until_idle()
    finally:
        web.stop(seconds=5)
    return address


def _enter_letter(reviewer: Reviewer, *, position: int) -> str:
    """Enters a letter with today's postmark; gives the path of its page."""
    today, page = clock.today().isoformat(), reviewer.page
    reviewer.open("/review/objections/")
    page.get_by_role("link", name="登记来信").click()
    for name, text in (
        ("list_number", "1"),
        ("position", str(position)),
        ("posted_on", today),
        ("received_on", today),
        ("name", "样例来信人"),
        ("facts", _FACTS),
    ):
        page.locator(f'[name="{name}"]').fill(text)
    reviewer.press("登记")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^疑议"))
    return page.url.removeprefix(reviewer.home)


def _answer(open_browser: OpenBrowser, home: str, filing: Filing, position: int) -> None:
    """The applicant's statement; who objects is nowhere on its page."""
    member = Membership.objects.filter(applicant=filing.applicant_id).select_related("account")[0].account
    context = open_browser(home)
    bring_session(context, home, member)
    visitor = Visitor(context.new_page(), home)
    visitor.open(f"/applicant/objections/{Objection.objects.get(entry__position=position).pk}/")
    main = visitor.page.get_by_role("main")
    expect(main).to_contain_text("样例：有人反映名称与网站不一致，请说明。")
    assert [word for word in ("样例疑议人", "样例来信人", "1990000733") if word in main.inner_text()] == []
    main.locator("textarea").fill(_ANSWER)
    visitor.press("提交陈述意见")
    expect(main).to_contain_text(_ANSWER)


def _decide(reviewer: Reviewer, head: Reviewer, path: str, *, proposes: str, confirms: str) -> None:
    """Two officers; who proposed is offered no confirmation."""
    reviewer.do(path, proposes, _REASONS)
    reviewer.open(path)
    expect(reviewer.page.get_by_role("button", name=confirms)).to_have_count(0)
    head.do(path, confirms)


def _nothing_of_it_is_public(visitor: Visitor, filings: list[Filing]) -> None:
    paths = (_LIST, "/lists/", "/feeds/lists/", *(f"/filings/{each.number}/" for each in filings))
    for path in paths:
        answer = visitor.page.request.get(f"{visitor.home}{path}")
        if answer.status == HTTPStatus.OK:
            text = answer.text()
            assert [word for word in (_FACTS, _REASONS, _ANSWER, "样例疑议人") if word in text] == [], path


def _made_final(start_worker: Callable[..., WorkerProcess]) -> None:
    """A worker whose clock has reached the day makes the list final; nothing is held back any more."""
    ahead = final_from(BatchList.objects.get()) - clock.today() + timedelta(days=1)
    worker = start_worker(FILING_PORTAL_CLOCK_OFFSET_SECONDS=str(int(ahead.total_seconds())))
    _sweep_until(worker, ListState.FINAL)
    assert held_of(Event.objects.get(act=ListAct.FINALISE.value).payload) == ()
