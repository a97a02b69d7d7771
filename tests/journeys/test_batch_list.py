"""A batch list and its corrigendum, in Chinese: a head composes each, a second officer confirms, everybody reads.

The corrigendum corrects one entry and withdraws the other. Page, files and feed say so on a telephone without
scripts, and the files of the list stay as they were published.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from registry import clock
from registry.models import BatchEntry, BatchFile, BatchList, Filing
from registry.rules.batches.lifecycle import ListKind, ListState
from tests.builders.register import Cast, filing_of, in_force
from tests.journeys.conftest import OpenBrowser, officer_at
from tests.journeys.people import PATIENCE_MS, Reviewer, Visitor
from tests.registry.documents.reading import squeezed, text_of
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_REASON = "样例：主体名称待核实"
_TITLE = "境内区块链信息服务备案清单（第一批）"
_CORRIGENDUM = "境内区块链信息服务备案清单更正公告（第一号）"
_CORRECTED_NAME = "样例更正后的服务名称"
_REASONS = ("样例：名称录入有误", "样例：疑议成立")
_ATOM = "{http://www.w3.org/2005/Atom}"
_TELEPHONE = {"java_script_enabled": False, "viewport": {"width": 390, "height": 844}}


def test_a_list_and_its_corrigendum_are_composed_confirmed_published_and_read(
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
    _confirm(second, consequence="列为第一批，共 2 项")
    public = Visitor(open_browser(home, **_TELEPHONE).new_page(), home)
    public.open("/lists/1/")
    _read(public.page, held=held, listed=listed)
    assert BatchList.objects.get().state == ListState.PUBLISHED

    before = _files_of(public, "/lists/1/")
    _compose_corrigendum(head)
    _confirm(second, consequence="共 2 项")
    _read_corrigendum(public, list(BatchEntry.objects.filter(batch_list__kind=ListKind.FILINGS.value)))
    assert _files_of(public, "/lists/1/") == before


def _confirm(second: Reviewer, *, consequence: str) -> None:
    """Confirms what is on its way and watches until it is in public."""
    second.open("/review/")
    second.page.locator(".mainnav summary", has_text="清单与疑议").click()
    second.page.get_by_role("link", name="备案清单").click()
    second.page.locator(".list-underway a").first.click()
    second.page.get_by_role("link", name="确认清单").click()
    expect(second.page.get_by_role("main")).to_contain_text(consequence)
    second.press("确认清单")
    # The worker publishes, and the page shows it without being loaded again.
    progress = second.page.locator("#progress")
    expect(progress).to_contain_text("已生成文件 5 个，共 5 个", timeout=PATIENCE_MS)
    expect(progress.get_by_role("link", name="对外公布")).to_be_visible(timeout=PATIENCE_MS)


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
    digests = {hashlib.sha256(body).hexdigest() for body in _files_on(page).values()}
    assert digests == set(BatchFile.objects.values_list("sha256", flat=True))


def _files_of(visitor: Visitor, path: str) -> dict[str, bytes]:
    visitor.open(path)
    return _files_on(visitor.page)


def _files_on(page: Page) -> dict[str, bytes]:
    """The files that a list's page offers, by the words of their links."""
    links = page.locator(".list-files a")
    expect(links).to_have_count(len(BatchFile.Format.values))
    return {link.inner_text(): _bytes_behind(page, link.get_attribute("href") or "") for link in links.all()}


def _bytes_behind(page: Page, path: str) -> bytes:
    answer = page.request.get(urljoin(page.url, path))
    assert answer.status == HTTPStatus.OK
    return answer.body()


def _compose_corrigendum(head: Reviewer) -> None:
    """Corrects the name of the first entry's service, withdraws the second entry, and proposes both."""
    page = head.page
    head.open("/review/batches/")
    page.get_by_role("link", name="编制更正公告").click()
    for position in (1, 2):
        page.locator('[name="add_kind"]').select_option(ListKind.FILINGS.value)
        page.locator('[name="add_number"]').fill("1")
        page.locator('[name="add_position"]').fill(str(position))
        head.press("保存并添加")
        page.locator(f'[name="reason-{position - 1}"]').fill(_REASONS[position - 1])
    page.locator('[name="after-0"]').fill(_CORRECTED_NAME)
    page.locator('[name="column-1"]').select_option("entry")
    head.press("保存并预览")
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text(_CORRIGENDUM)
    for words in (_CORRECTED_NAME, "撤回该项", "此前公布的清单中有2处需要更正"):
        expect(main).to_contain_text(words)
    head.press("提交复核")
    expect(main).to_contain_text("由您提交")


def _read_corrigendum(public: Visitor, corrected: list[BatchEntry]) -> None:
    """What it corrects stands on the list's page, in the corrigendum's files, in its feed and on the record pages."""
    first, second = corrected
    public.open("/lists/1/")
    entries = public.page.locator("#entries tbody tr")
    expect(public.page.locator(".list-corrigenda")).to_contain_text("更正公告第一号 · 2 项")
    # The row as it was published, and under it what was corrected.
    expect(entries.nth(0)).to_contain_text(first.number)
    expect(entries.nth(1)).to_contain_text(f"更正为“{_CORRECTED_NAME}” 更正公告第一号")
    expect(entries.nth(3)).to_contain_text(f"撤回该项：{_REASONS[1]} 更正公告第一号")
    entries.nth(1).get_by_role("link", name="更正公告第一号").click()
    expect(public.page.get_by_role("heading", level=1)).to_have_text(_CORRIGENDUM)
    assert public.page.evaluate("document.documentElement.scrollWidth") <= 390
    _read_its_files(_files_on(public.page), corrected)
    _read_its_feed(public.page, corrected)
    public.look_up(first.number)
    expect(public.page.get_by_role("main")).to_contain_text(_CORRECTED_NAME)
    public.look_up(second.number)
    expect(public.page.get_by_role("main")).to_contain_text(_REASONS[1])


def _read_its_files(files: dict[str, bytes], corrected: list[BatchEntry]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["CSV"].decode("utf-8-sig"))))
    assert [
        (row["所更正清单"], row["原序号"], row["备案编号"], row["更正事项"], row["更正后"], row["更正理由"])
        for row in rows
    ] == [
        (_TITLE, "1", corrected[0].number, "服务名称", _CORRECTED_NAME, _REASONS[0]),
        (_TITLE, "2", corrected[1].number, "撤回该项", "", _REASONS[1]),
    ]
    told = json.loads(files["JSON"])
    assert told["title"] == _CORRIGENDUM
    assert [
        (each["number"], each["correction"]["list_number"], each["correction"]["column"])
        for each in told["entries"]
    ] == [(corrected[0].number, 1, "service_name"), (corrected[1].number, 1, "entry")]
    printed = squeezed(text_of(files["PDF"]))
    for words in (_CORRIGENDUM, _CORRECTED_NAME, "撤回该项", *_REASONS):
        assert words in printed


def _read_its_feed(page: Page, corrected: list[BatchEntry]) -> None:
    feed = ElementTree.fromstring(_bytes_behind(page, "/lists/corrigenda/feed.xml"))
    (entry,) = feed.iter(f"{_ATOM}entry")
    assert entry.findtext(f"{_ATOM}title") == _CORRIGENDUM
    summary = entry.findtext(f"{_ATOM}summary") or ""
    assert f"{_TITLE}第1项（{corrected[0].number}）：服务名称由" in summary
    assert f"{_TITLE}第2项（{corrected[1].number}）：撤回该项" in summary
