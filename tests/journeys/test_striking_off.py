"""A filing is struck off, in Chinese: proposed, served, heard, answered, and confirmed by a head who is another person.

The applicant reads the notice and states its case on a telephone without scripts; the public record says what became
of the number.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.models import Filing, Membership
from registry.rules.workflow.states import Standing
from tests.builders.register import Cast, filing_of, in_force
from tests.journeys.conftest import OpenBrowser, officer_at
from tests.journeys.people import PATIENCE_MS, Reviewer, Visitor, bring_session
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_REASON = "样例：所提交的网站备案证明经核实系伪造。"
_STATEMENT = "样例：证明系代办人提供，我单位并不知情。"
_ANSWER = "样例：经复核，上述情况不影响对事实的认定。"
_CONFIRM = "复核同意，撤销备案"


def test_a_filing_is_struck_off_after_its_applicant_was_heard(
    live_portal: WebProcess, start_worker: Callable[..., WorkerProcess], open_browser: OpenBrowser, cast: Cast
) -> None:
    home = live_portal.url
    filing = filing_of(in_force(cast, seed=7_700, at=clock.now() - timedelta(days=20)))
    start_worker()
    reviewer = officer_at(open_browser, home, cast.national)
    head = officer_at(open_browser, home, cast.national_head)

    page = _propose(reviewer, filing)
    reviewer.do(page, "发出告知书")
    applicant = _applicant(open_browser, home, filing)
    applicant.open(page.replace("/review/", "/applicant/"))
    main = applicant.page.get_by_role("main")
    expect(main).to_contain_text(_REASON)
    expect(main).to_contain_text("作出决定前，备案编号和备案信息不受影响。")
    main.locator("textarea").fill(_STATEMENT)
    applicant.press("提交陈述意见")

    head.open(page)
    expect(head.page.get_by_role("main")).to_contain_text(_STATEMENT)
    expect(head.page.get_by_role("button", name=_CONFIRM)).to_have_count(0)
    reviewer.do(page, "答复陈述申辩", _ANSWER)
    expect(reviewer.page.get_by_role("button", name=_CONFIRM)).to_have_count(0)
    head.do(page, _CONFIRM)

    filing.refresh_from_db()
    assert filing.standing == Standing.STRUCK_OFF
    applicant.page.reload()
    for words in (_ANSWER, "救济途径", "编号不再有效"):
        expect(main).to_contain_text(words)
    public = Visitor(open_browser(home, java_script_enabled=False).new_page(), home)
    public.look_up(str(filing.number))
    record = public.page.get_by_role("main")
    expect(record).to_contain_text("已撤销", timeout=PATIENCE_MS)
    assert [words for words in (_STATEMENT, _ANSWER) if words in record.inner_text()] == []


def _propose(reviewer: Reviewer, filing: Filing) -> str:
    """Proposes it from the list of proceedings; gives the path of its page."""
    page = reviewer.page
    reviewer.open("/review/endings/")
    page.get_by_role("main").get_by_role("textbox").fill(str(filing.number))
    reviewer.press("查找备案")
    page.get_by_label("提供虚假备案材料").check()
    page.locator('[name="reason"]').fill(_REASON)
    reviewer.press("提出")
    expect(page.get_by_role("main")).to_contain_text("拟撤销", timeout=PATIENCE_MS)
    return page.url.removeprefix(reviewer.home)


def _applicant(open_browser: OpenBrowser, home: str, filing: Filing) -> Visitor:
    member = Membership.objects.filter(applicant=filing.applicant_id).select_related("account")[0].account
    context = open_browser(home, java_script_enabled=False, viewport={"width": 390, "height": 844})
    bring_session(context, home, member)
    return Visitor(context.new_page(), home)
