"""A batch list, in Chinese: a head composes and proposes it, a second officer confirms it, everybody reads it."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from registry import clock
from registry.models import BatchFile, BatchList, Filing
from registry.rules.batches.lifecycle import ListState
from tests.builders.register import Cast, filing_of, in_force
from tests.journeys.conftest import OpenBrowser, officer_at
from tests.journeys.people import PATIENCE_MS, Reviewer, Visitor
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_REASON = "样例：主体名称待核实"
_TITLE = "境内区块链信息服务备案清单（第一批）"


def test_a_list_is_composed_confirmed_published_and_read(
    live_portal: WebProcess, celery_worker_process: WorkerProcess, open_browser: OpenBrowser, cast: Cast
) -> None:
    home, numbered = live_portal.url, clock.now() - timedelta(days=5)
    filings = [filing_of(in_force(cast, seed=7_500 + place, at=numbered)) for place in range(3)]
    held, listed = filings[1], [filings[0], filings[2]]

    head = officer_at(open_browser, home, cast.national_head)
    _compose(head, held)
    _preview(head, held=held, listed=listed)
    head.press("提交复核")
    expect(head.page.get_by_role("main")).to_contain_text("由您提交")

    second = officer_at(open_browser, home, cast.national)
    second.open("/review/")
    second.page.get_by_role("link", name="备案清单").click()
    second.page.locator(".list-underway a").first.click()
    second.page.get_by_role("link", name="确认清单").click()
    expect(second.page.get_by_role("main")).to_contain_text("列为第 1 批，共 2 项")
    second.press("确认清单")
    # The worker publishes, and the page shows it without being loaded again.
    progress = second.page.locator("#progress")
    expect(progress).to_contain_text("已生成文件 5 个，共 5 个", timeout=PATIENCE_MS)
    expect(progress.get_by_role("link", name="对外公布")).to_be_visible(timeout=PATIENCE_MS)

    public = Visitor(open_browser(home).new_page(), home)
    public.open("/lists/1/")
    _read(public.page, held=held, listed=listed)
    assert BatchList.objects.get().state == ListState.PUBLISHED


def _compose(head: Reviewer, held: Filing) -> None:
    """Begins with the standing text, holds one entry back, and saves."""
    head.open("/review/batches/")
    head.page.get_by_role("link", name="编制清单").click()
    expect(head.page.locator('[name="announcement"]')).to_have_value(re.compile("第十二条"))
    head.page.locator(f'[name="reason-{held.pk}"]').fill(_REASON)
    head.page.get_by_role("button", name="保存草稿").first.click()
    expect(head.page.get_by_text("草稿已保存。")).to_be_visible()
    head.press("保存并预览")


def _preview(head: Reviewer, *, held: Filing, listed: list[Filing]) -> None:
    main = head.page.get_by_role("main")
    expect(head.page.get_by_role("heading", level=1)).to_have_text(_TITLE)
    expect(main).to_contain_text("2家主体的2项区块链信息服务")
    expect(main.locator("#entries tbody tr")).to_have_count(len(listed))
    expect(main.get_by_role("heading", name="暂缓列入")).to_be_visible()
    expect(main).to_contain_text(_REASON)
    answer = head.page.request.get(
        f"{head.home}{main.get_by_role('link', name='预览 PDF').get_attribute('href')}"
    )
    assert answer.body().startswith(b"%PDF-")
    assert str(held.number) not in main.locator("#entries").inner_text()


def _read(page: Page, *, held: Filing, listed: list[Filing]) -> None:
    """The public page names what was confirmed, and its files are those of the record."""
    expect(page.get_by_role("heading", level=1)).to_have_text(_TITLE)
    entries = page.locator("#entries").inner_text()
    assert [str(each.number) in entries for each in (*listed, held)] == [True, True, False]
    files = {file.format: file.sha256 for file in BatchFile.objects.all()}
    links = page.locator(".list-files a")
    expect(links).to_have_count(len(files))
    found = set()
    for link in links.all():
        body = page.request.get(re.sub(r"(?<=\w)/$", "", str(link.evaluate("each => each.href")))).body()
        found.add(hashlib.sha256(body).hexdigest())
    assert found == set(files.values())
