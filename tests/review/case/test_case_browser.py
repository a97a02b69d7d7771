"""The case page in a real browser: marks and documents change in place, and without a script by reloading."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Route, expect

from registry import clock
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.storage import attachments
from review.models import ChecklistMark, DocumentOpening, UnsentForm
from tests.builders.heavy_documents import curves
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast
from tests.review.officers import sign_in, url
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBER = "#mark-applicant-document_number"


@pytest.fixture
def people() -> Cast:
    """The cast, with its files where the web process finds them too."""
    return Cast()


@pytest.fixture
def case(people: Cast) -> SampleCase:
    """A case with a document of its own in every slot."""
    materials = walk.complete_materials(1, member=people.member, at=MORNING, division_code=BEIJING_DIVISION)
    return walk.submit(materials, member=people.member, at=MORNING)


def enter(context: BrowserContext, portal: WebProcess, people: Cast) -> None:
    """Signs the provincial reviewer in to the running portal."""
    clock.set_for_tests(None)
    client = sign_in(people.provincial)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": portal.url}])


def test_marks_and_documents_change_in_place(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast, case: SampleCase
) -> None:
    enter(browser_context, live_portal, people)
    page.goto(live_portal.url + url("case", case))
    page.click(f"{NUMBER}-fine")
    expect(page.locator(f"{NUMBER}-fine")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"{NUMBER}-fine")).to_be_focused()
    page.click(f"{NUMBER}-deficient")
    remark = page.locator("#remark-applicant-document_number")
    remark.fill("与营业执照不一致")
    remark.press("Enter")
    expect(page.locator("#checklist-progress")).to_contain_text("1 项有问题")
    page.wait_for_load_state("networkidle")
    found = ChecklistMark.objects.values_list("key", "verdict", "remark")
    assert list(found) == [("applicant.document_number", "deficient", "与营业执照不一致")]
    fault = page.locator("#fault-applicant-document_number")
    remark.fill("与营业执照不一致，请核对")
    chosen = fault.locator("option").nth(1)
    fault.select_option(index=1)
    expect(page.locator(f"{NUMBER}-who")).to_contain_text(chosen.text_content() or "?")
    expect(remark).to_have_value("与营业执照不一致，请核对")
    # Pressed again, the verdict takes nothing of it away.
    page.click(f"{NUMBER}-deficient")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(fault).to_have_value(chosen.get_attribute("value") or "?")
    expect(remark).to_have_value("与营业执照不一致，请核对")
    page.click('[id="row-service.websites"] a[data-document]')
    expect(page.locator("#documents .document-list__label")).to_have_text("ICP 备案证明")
    page.click('[data-viewer-do="zoom-in"]')
    expect(page.locator("[data-viewer]")).to_have_attribute("data-zoom", "150")
    width = page.locator("[data-viewer-image]").evaluate(
        "image => image.decode().then(() => image.naturalWidth)"
    )
    assert width > 0
    assert page.url == live_portal.url + url("case", case)


def test_the_same_without_a_script(
    live_portal: WebProcess,
    browser: Browser,
    browser_context_arguments: dict[str, Any],
    people: Cast,
    case: SampleCase,
) -> None:
    context = browser.new_context(**browser_context_arguments, java_script_enabled=False)
    enter(context, live_portal, people)
    page = context.new_page()
    page.goto(live_portal.url + url("case", case))
    page.click(f"{NUMBER}-deficient")
    expect(page.locator(f"{NUMBER}-deficient")).to_have_attribute("aria-pressed", "true")
    page.click('[id="row-service.websites"] a[data-document]')
    expect(page.locator("#documents .document-list__label")).to_have_text("ICP 备案证明")
    expect(page.locator(f"{NUMBER}-deficient")).to_have_attribute("aria-pressed", "true")
    fault = page.locator("#fault-applicant-document_number")
    fault.select_option(index=1)
    page.click("#remark-applicant-document_number-save")
    expect(page.locator("#fault-applicant-document_number")).not_to_have_value("")
    page.click(f"{NUMBER}-deficient")
    expect(page.locator("#fault-applicant-document_number")).not_to_have_value("")
    context.close()


def test_the_bar_of_decisions_stays_in_view_on_a_phone(
    live_portal: WebProcess,
    browser: Browser,
    browser_context_arguments: dict[str, Any],
    people: Cast,
    case: SampleCase,
) -> None:
    small = browser_context_arguments | {"viewport": {"width": 390, "height": 844}}
    context = browser.new_context(**small)
    enter(context, live_portal, people)
    page = context.new_page()
    page.goto(live_portal.url + url("case", case))
    bar = page.locator(".decision-bar")
    for place in ("0", "document.body.scrollHeight / 2"):
        page.evaluate(f"window.scrollTo(0, {place})")
        box = bar.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 845
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_marking_a_section_keeps_document_zoom_place_and_what_is_being_typed(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast, case: SampleCase
) -> None:
    enter(browser_context, live_portal, people)
    page.goto(live_portal.url + url("case", case))
    page.evaluate("window.notReloaded = true")
    page.click('[id="row-service.websites"] a[data-document]')
    expect(page.locator("#documents .document-list__label")).to_have_text("ICP 备案证明")
    page.click('[data-viewer-do="zoom-in"]')
    page.click(f"{NUMBER}-deficient")
    remark = page.locator("#remark-applicant-document_number")
    remark.fill("样例：还没有写完")
    page.locator("#note_text").fill("样例：备注也没有写完")
    page.click("#rest-applicant button")
    expect(page.locator("#rest-applicant [role=status]")).to_be_focused()
    expect(page.locator("#mark-applicant-name-fine")).to_have_attribute("aria-pressed", "true")
    expect(remark).to_have_value("样例：还没有写完")
    expect(page.locator("#note_text")).to_have_value("样例：备注也没有写完")
    expect(page.locator("[data-viewer]")).to_have_attribute("data-zoom", "150")
    expect(page.locator("#documents .document-list__label")).to_have_text("ICP 备案证明")
    assert page.evaluate("window.notReloaded") is True
    # Both are kept by now: another window has them.
    expect(page.locator("#notes [data-autosave-status]")).to_contain_text("草稿已保存")
    expect(page.locator("form.remark [data-autosave-status]")).to_contain_text("草稿已保存")
    other = browser_context.new_page()
    other.goto(live_portal.url + url("case", case))
    expect(other.locator("#note_text")).to_have_value("样例：备注也没有写完")
    expect(other.locator("#remark-applicant-document_number")).to_have_value("样例：还没有写完")
    remark.press("Enter")
    # The mark has it now, so that no draft is left.
    expect(page.locator("form.remark [data-autosave-status]")).to_have_text("")
    assert ChecklistMark.objects.get(key="applicant.document_number").remark == "样例：还没有写完"
    assert [each.place for each in UnsentForm.objects.all()] == ["note"]


def test_a_mark_that_could_not_be_saved_says_so_at_its_row_and_is_tried_again(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast, case: SampleCase
) -> None:
    enter(browser_context, live_portal, people)
    page.goto(live_portal.url + url("case", case))
    row = page.locator('[id="row-applicant.document_number"]')
    told = row.locator(".mark-failed")
    answers = {"why": "offline"}

    def answer(route: Route) -> None:
        if answers["why"] == "offline":
            route.abort("internetdisconnected")
        elif answers["why"] == "broken":
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    page.route("**/marks/**", answer)
    page.click(f"{NUMBER}-fine")
    expect(told).to_contain_text("没有网络连接")
    expect(page.locator(f"{NUMBER}-fine")).to_have_attribute("aria-pressed", "false")
    answers["why"] = "broken"
    told.get_by_role("button", name="重试").click()
    expect(told).to_contain_text("系统未能处理")
    assert told.count() == 1
    answers["why"] = ""
    # By itself, after a while.
    expect(page.locator(f"{NUMBER}-fine")).to_have_attribute("aria-pressed", "true", timeout=45_000)
    expect(told).to_have_count(0)
    assert ChecklistMark.objects.get().verdict == "fine"


def test_a_mark_made_after_the_sign_in_ended_is_saved_once_signed_in_again(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast, case: SampleCase
) -> None:
    enter(browser_context, live_portal, people)
    page.goto(live_portal.url + url("case", case))
    browser_context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.click(f"{NUMBER}-deficient")
    told = page.locator('[id="row-applicant.document_number"] .mark-failed')
    expect(told).to_contain_text("登录已失效")
    expect(told.get_by_role("link", name="登录")).to_be_visible()
    assert not ChecklistMark.objects.exists()
    enter(browser_context, live_portal, people)
    told.get_by_role("button", name="重试").click()
    expect(page.locator(f"{NUMBER}-deficient")).to_have_attribute("aria-pressed", "true")
    expect(told).to_have_count(0)
    assert ChecklistMark.objects.get().verdict == "deficient"


def test_leaving_asks_first_while_something_is_not_saved(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast, case: SampleCase
) -> None:
    enter(browser_context, live_portal, people)
    page.goto(live_portal.url + url("case", case))
    asked: list[str] = []

    def heed(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", heed)
    page.route("**/typed/**", lambda route: route.abort("internetdisconnected"))
    page.click("#note_text")
    page.keyboard.type("样例：没有存下来的备注")
    expect(page.locator("#notes [data-autosave-status]")).to_contain_text("未保存")
    page.goto(live_portal.url + "/review/")
    assert asked == ["beforeunload"]
    page.unroute("**/typed/**")
    page.goto(live_portal.url + url("case", case))
    page.click("#note_text")
    page.keyboard.type("样例：存下来的备注")
    expect(page.locator("#notes [data-autosave-status]")).to_contain_text("草稿已保存")
    page.goto(live_portal.url + "/review/")
    assert asked == ["beforeunload"]


def test_the_page_that_the_viewer_turns_to_is_kept_with_the_case(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast
) -> None:
    materials = walk.complete_materials(1, member=people.member, at=MORNING, division_code=BEIJING_DIVISION)
    upload = SimpleUploadedFile("sample.pdf", curves(1, pages=2), "application/pdf")
    slot = "attachments.product_introduction"
    file = attachments.receive(
        draft_id=uuid.uuid4(), slot=slot, uploaded_by=people.member, file=upload, at=MORNING
    )
    materials["attachments"]["product_introduction"] = [attachments.entry_of(file)]
    case = walk.submit(materials, member=people.member, at=MORNING)
    enter(browser_context, live_portal, people)
    page.goto(f"{live_portal.url}{url('case', case)}?file={file.pk}&page=1")
    with page.expect_response(lambda answer: answer.url.endswith(url("viewing", case))):
        page.locator("a[data-viewer-page]").nth(1).click()
    kept = DocumentOpening.objects.filter(file_id=file.pk).order_by("page_number")
    assert [(row.officer_id, row.page_number) for row in kept] == [
        (people.provincial.pk, 1),
        (people.provincial.pk, 2),
    ]


def test_the_page_that_comes_with_the_case_counts_once_it_was_in_view_for_a_moment(
    live_portal: WebProcess, browser_context: BrowserContext, page: Page, people: Cast, case: SampleCase
) -> None:
    enter(browser_context, live_portal, people)
    # On a phone the document lies far below.
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_portal.url + url("case", case))
    page.wait_for_timeout(4000)
    assert not DocumentOpening.objects.exists()
    page.locator("#documents .viewer__stage").evaluate("stage => stage.scrollIntoView()")
    page.wait_for_function("() => window.scrollY > 1000")
    page.wait_for_timeout(4000)
    page.goto(live_portal.url + "/review/")
    assert [(row.officer_id, row.page_number) for row in DocumentOpening.objects.all()] == [
        (people.provincial.pk, 1)
    ]
