"""Another province is asked about a case, in Chinese: it answers without seeing the case, and the case goes on.

The office that is asked works on a telephone without scripts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.models import Consultation
from registry.sample import walk
from tests.builders.register import GUANGDONG, Cast, submitted
from tests.journeys.conftest import OpenBrowser, officer_at
from tests.journeys.people import PATIENCE_MS, Visitor, bring_session
from tests.services.portal import WebProcess, WorkerProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_QUESTION = "样例：请核实该服务在你省的节点机房是否已经启用。"
_ANSWER = "样例：经核实，该机房已经启用。"
_CORRECTED = "样例：经复核，该机房尚未启用，前复有误。"


def test_another_office_answers_inside_the_portal_and_sees_nothing_else_of_the_case(
    live_portal: WebProcess,
    start_worker: Callable[..., WorkerProcess],
    open_browser: OpenBrowser,
    cast: Cast,
    tmp_path: Path,
) -> None:
    home = live_portal.url
    case = submitted(cast, seed=7_800, at=clock.now() - timedelta(days=3))
    start_worker()
    assert cast.elsewhere.is_active
    officer = officer_at(open_browser, home, cast.provincial)

    officer.open(f"/review/cases/{case.application_id}/")
    page = officer.page
    page.get_by_role("link", name="征求意见", exact=True).last.click()
    page.get_by_label("其他地方网信办").check()
    page.get_by_label("在系统内答复的网信办").select_option(GUANGDONG)
    page.locator('[name="question"]').fill(_QUESTION)
    officer.press("发出征求意见函")
    main = page.get_by_role("main")
    expect(main).to_contain_text("待答复", timeout=PATIENCE_MS)
    consultation = Consultation.objects.get()
    address = f"/review/consultations/{consultation.pk}/"

    context = open_browser(home, java_script_enabled=False, viewport={"width": 390, "height": 844})
    bring_session(context, home, cast.elsewhere)
    other = Visitor(context.new_page(), home)
    other.open(address)
    there = other.page.get_by_role("main")
    expect(there).to_contain_text(_QUESTION)
    for hidden in (case.application.receipt_number, cast.provincial.name):
        assert hidden not in there.inner_text()
    other.page.get_by_role("link", name="答复", exact=True).click()
    scan = tmp_path / "复函.png"
    scan.write_bytes(walk.sample_scan("answer"))
    other.page.locator('textarea[name="text"]').fill(_ANSWER)
    other.page.locator('[name="scan"]').set_input_files(scan)
    other.press("提交答复")
    expect(there).to_contain_text(_ANSWER)

    officer.open(address)
    expect(main).to_contain_text(_ANSWER)
    # The office enters on paper what came by telephone afterwards; both answers stay.
    page.get_by_role("link", name="重新录入答复").click()
    page.locator('[name="who"]').fill("样例：广东省互联网信息办公室 样例处室")
    page.locator('textarea[name="text"]').fill(_CORRECTED)
    officer.press("录入答复")
    for words in (_CORRECTED, _ANSWER, "其后已更正"):
        expect(main).to_contain_text(words, timeout=PATIENCE_MS)
    officer.open(f"/review/cases/{case.application_id}/")
    for words in ("已发函征求意见", "已重新录入答复意见", "广东省"):
        expect(main).to_contain_text(words)
