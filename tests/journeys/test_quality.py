"""Quality sampling in Chinese: drawn without scripts, looked at again by keyboard, read by who decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

import pytest
from playwright.sync_api import Page, expect

from registry import clock
from registry.models import QualityCase, QualityRound
from tests.builders.quality import office
from tests.builders.register import Cast, approved
from tests.journeys.axe import barriers
from tests.journeys.conftest import OpenBrowser, officer_at
from tests.journeys.people import PATIENCE_MS, Visitor, bring_session
from tests.journeys.watching import Watch
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_FOUND = "样例：营业执照上的住所与填报的不一致，办理时未指出。"


def _walk_to(page: Page, name: str) -> None:
    """Presses the tabulator until the focus is on what is called so."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if (
            page.evaluate(
                "() => (document.activeElement.innerText || document.activeElement.value || '').trim()"
            )
            == name
        ):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_a_sample_is_drawn_looked_at_again_and_read_by_the_officer(
    live_portal: WebProcess,
    start_worker: Callable[..., WorkerProcess],
    open_browser: OpenBrowser,
    cast: Cast,
    watches: list[Watch],
) -> None:
    home, at = live_portal.url, clock.now() - timedelta(days=5)
    office(cast)
    for number in range(2):
        approved(cast, seed=7_900 + number, at=at + timedelta(minutes=number))
    day = clock.china_date(at + timedelta(hours=2)).isoformat()
    start_worker()

    # The head on a telephone without scripts: the days, what it would be, the draw.
    context = open_browser(home, java_script_enabled=False, viewport={"width": 390, "height": 844})
    bring_session(context, home, cast.provincial_head)
    head = Visitor(context.new_page(), home)
    head.open("/review/quality/")
    head.page.get_by_role("link", name="抽取案件").click()
    main = head.page.get_by_role("main")
    for name, value in {"first_on": day, "last_on": day, "percent": "100"}.items():
        head.page.locator(f'[name="{name}"]').first.fill(value)
    head.press("查看将抽取的件数")
    expect(main).to_contain_text("所选日期内决定的案件")
    assert not QualityRound.objects.exists()
    head.press("抽取 2 件")
    expect(main).to_contain_text("质量抽查第 1 轮")
    sampled = QualityRound.objects.get()
    own = QualityCase.objects.get(round=sampled, officer=cast.provincial_head)
    other = QualityCase.objects.get(round=sampled, officer=cast.provincial_second)
    # Its own second look, also without scripts: a finding without a word comes back, in order goes through.
    head.open(f"/review/quality/cases/{own.pk}/")
    watches[-1].expect(HTTPStatus.BAD_REQUEST)
    head.page.get_by_label("发现问题", exact=True).check()
    head.press("记录复查结果")
    expect(main).to_contain_text("至少写一句完整的话", timeout=PATIENCE_MS)
    expect(head.page.get_by_label("发现问题", exact=True)).to_be_checked()
    head.page.get_by_label("未发现问题", exact=True).check()
    head.press("记录复查结果")
    expect(main).to_contain_text("没有待您复查的案件")

    # The second officer by keyboard alone.
    second = officer_at(open_browser, home, cast.provincial_second)
    second.open("/review/quality/")
    page = second.page
    assert barriers(page) == []
    _walk_to(page, other.application.receipt_number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{other.pk}/")
    assert barriers(page) == []
    _walk_to(page, "in_order")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type(_FOUND)
    _walk_to(page, "记录复查结果")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("没有待您复查的案件", timeout=PATIENCE_MS)
    other.refresh_from_db()
    assert (other.state, other.text) == ("found", _FOUND)

    # Whoever decided reads it, and the head sees the figures.
    officer = officer_at(open_browser, home, cast.provincial)
    officer.open("/review/quality/")
    officer.page.get_by_role("link", name=other.application.receipt_number).click()
    expect(officer.page.get_by_role("main")).to_contain_text(_FOUND)
    assert barriers(officer.page) == []
    head.open(f"/review/quality/{sampled.pk}/?state=found")
    expect(main).to_contain_text(other.application.receipt_number)
    expect(main).not_to_contain_text(own.application.receipt_number)
