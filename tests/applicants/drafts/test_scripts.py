"""The wizard in a real browser: saved while typing, fields by the choices made, two tabs, an ended sign-in."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from applicants.models import Draft
from tests.applicants.pages import Desk
from tests.builders.register import Cast
from tests.services.portal import WebProcess

STATUS = "[data-autosave-status]"


class Wizard:
    """A draft's section in the browser of its account."""

    def __init__(self, page: Page, portal: WebProcess, desk: Desk) -> None:
        self.page = page
        self.base = portal.url.rstrip("/")
        self.session = desk.client.cookies["sessionid"].value
        self.draft = desk.start()
        self.sign_in()

    def sign_in(self) -> None:
        self.page.context.add_cookies([{"name": "sessionid", "value": self.session, "url": self.base}])

    def end_sign_in(self) -> None:
        self.page.context.clear_cookies(name="sessionid")

    def open(self, section: str, page: Page | None = None) -> None:
        address = reverse("applicants:section", args=[self.draft.pk, section])
        (page or self.page).goto(f"{self.base}{address}")

    def answers(self, section: str) -> dict[str, Any]:
        return Draft.objects.get(pk=self.draft.pk).materials[section]

    def expect_saved(self, section: str, answers: Mapping[str, Any]) -> None:
        """Waits until the draft holds these answers of a section, and no others."""
        for _ in range(100):
            if self.answers(section) == answers:
                return
            self.page.wait_for_timeout(100)
        assert self.answers(section) == answers


@pytest.fixture(autouse=True)
def _morning() -> None:
    """The web process runs by the present clock, and so must the sessions it is given."""


@pytest.fixture
def wizard(page: Page, live_portal: WebProcess, cast: Cast) -> Wizard:
    return Wizard(page, live_portal, Desk.of(cast.member))


def test_typing_is_saved_and_fields_follow_the_choices(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("applicant")
    expect(page.locator("#div_id_organisation_type")).to_be_hidden()

    page.get_by_label("机构", exact=True).check()
    expect(page.locator("#div_id_organisation_type")).to_be_visible()
    expect(page.get_by_label("护照", exact=True)).to_be_hidden()
    page.get_by_label("个人", exact=True).check()
    expect(page.locator("#div_id_organisation_type")).to_be_hidden()
    expect(page.get_by_label("护照", exact=True)).to_be_visible()
    page.select_option("#id_division_code__0", "440000")
    page.select_option("#id_division_code__1", "441900")
    expect(page.locator("#id_division_code__2")).to_be_hidden()
    page.fill("#id_name", "样例姓名")

    wizard.expect_saved("applicant", {"nature": "individual", "name": "样例姓名", "division_code": "441900"})
    expect(page.locator(STATUS)).to_contain_text("已保存")


def test_rows_are_added_and_removed_in_place(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("service")
    page.check('[name="service_forms"][value="website"]')
    add = page.locator("#group-websites [data-repeat-add]")
    page.fill("#id_websites-0-name", "甲")
    add.click()
    page.fill("#id_websites-1-name", "乙")
    page.locator("#group-websites [data-repeat-remove]").first.click()
    wizard.expect_saved("service", {"service_forms": ["website"], "websites": [{"name": "乙"}]})

    page.reload()
    expect(page.locator("#id_websites-0-name")).to_have_value("乙")
    expect(page.locator("#id_websites-1-name")).to_have_count(0)


def test_two_tabs_keep_both_texts(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("applicant")
    other = page.context.new_page()
    wizard.open("applicant", other)
    other.fill("#id_name", "第二个窗口")
    wizard.expect_saved("applicant", {"name": "第二个窗口"})

    page.fill("#id_name", "第一个窗口")
    expect(page.locator(STATUS)).to_contain_text("其他窗口")
    page.get_by_role("button", name="保存并继续").click()

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("label.choice")).to_have_text([re.compile("第一个窗口"), re.compile("第二个窗口")])
    page.get_by_role("button", name="按此选择保存").click()
    expect(page.locator("#id_name")).to_have_value("第一个窗口")


def test_an_ended_sign_in_loses_neither_rows_nor_places(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("service")
    wizard.end_sign_in()
    page.check('[name="service_forms"][value="official_account"]')
    add = page.locator("#group-official_accounts [data-repeat-add]")
    for index in range(2):
        add.click()
        page.fill(f"#id_official_accounts-{index}-name", f"样例 {index}")
    expect(page.locator(STATUS)).to_contain_text("登录已失效")

    wizard.sign_in()
    page.reload()

    expect(page.locator("#id_official_accounts-1-name")).to_have_value("样例 1")
    expect(page.locator(STATUS)).to_contain_text("已恢复")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".notice--good")).to_be_visible()
    assert [row["name"] for row in wizard.answers("service")["official_accounts"]] == ["样例 0", "样例 1"]


def test_a_section_is_filled_and_saved_by_keyboard_alone(wizard: Wizard) -> None:
    page = wizard.page
    wizard.open("person_in_charge")
    page.locator("#id_mobile").focus()
    page.keyboard.type("19900001111")
    page.keyboard.press("Tab")
    page.keyboard.type("sample@example.com")
    page.keyboard.press("Enter")

    wizard.expect_saved("person_in_charge", {"mobile": "19900001111", "email": "sample@example.com"})
    expect(page.locator(".notice--good")).to_be_visible()


def test_a_full_slot_answers_with_its_own_words_and_not_with_the_networks(wizard: Wizard) -> None:
    """Without a new page: the form stays as it was when the slot was empty."""
    page = wizard.page
    wizard.open("applicant")
    page.goto(f"{wizard.base}{reverse('applicants:attachments', args=[wizard.draft.pk])}")
    section = page.locator("#slot-product_introduction")
    picker, status = section.locator("input[type=file]"), section.locator("[data-upload-status]")
    for shade in range(6):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            picker.set_input_files({"name": f"{shade}.png", "mimeType": "", "buffer": _picture(shade)})
        expect(status).to_contain_text(f"{shade}.png")
        expect(section.locator("progress")).to_be_hidden()
    expect(section.locator(".file-row")).to_have_count(5)
    expect(status).to_contain_text("5.png")
    expect(status).to_contain_text("最多")
    expect(status).not_to_contain_text("网络")


def test_of_several_files_each_refusal_stays_and_the_others_are_taken(wizard: Wizard) -> None:
    page = wizard.page
    page.goto(f"{wizard.base}{reverse('applicants:attachments', args=[wizard.draft.pk])}")
    section = page.locator("#slot-product_introduction")
    picker, status = section.locator("input[type=file]"), section.locator("[data-upload-status]")
    contents = {
        "介绍.docx": b"PK\x03\x04" + bytes(200),
        "empty.pdf": b"",
        "large.pdf": bytes(11_000_000),
        "good.png": _picture(1),
    }
    picker.set_input_files(
        [FilePayload(name=name, mimeType="", buffer=content) for name, content in contents.items()]
    )
    expect(section.locator(".file-row", has_text="good.png")).to_have_count(1, timeout=15_000)
    for name in ("介绍.docx", "empty.pdf", "large.pdf"):
        expect(status).to_contain_text(name)
    # What is chosen next begins anew.
    picker.set_input_files({"name": "second.png", "mimeType": "", "buffer": _picture(2)})
    expect(section.locator(".file-row", has_text="second.png")).to_have_count(1, timeout=15_000)
    expect(status).not_to_contain_text("large.pdf")


def test_after_an_upload_the_form_says_that_the_next_file_replaces_it_and_the_steps_follow(
    wizard: Wizard, cast: Cast
) -> None:
    page, draft = wizard.page, wizard.draft
    enterprise = {"nature": "organisation", "organisation_type": "enterprise"}
    Desk.of(cast.member).save(draft, "applicant", enterprise)
    page.goto(f"{wizard.base}{reverse('applicants:attachments', args=[draft.pk])}")
    section = page.locator("#slot-business_licence")
    before = page.locator("ol.steps").first.inner_text()
    section.locator("input[type=file]").set_input_files(
        {"name": "first.png", "mimeType": "", "buffer": _picture(1)}
    )
    expect(section.locator(".file-row")).to_have_count(1, timeout=15_000)
    expect(section.locator(".field__help").last).to_contain_text("替换")
    assert page.locator("ol.steps").first.inner_text() != before


def test_a_file_that_is_put_off_is_sent_again_by_itself_and_the_line_says_so(wizard: Wizard) -> None:
    page = wizard.page
    page.goto(f"{wizard.base}{reverse('applicants:attachments', args=[wizard.draft.pk])}")
    section = page.locator("#slot-product_introduction")
    picker, status = section.locator("input[type=file]"), section.locator("[data-upload-status]")
    put_off: list[str | None] = []

    def put_off_twice(route: Route) -> None:
        put_off.append(route.request.headers.get("prefer"))
        if len(put_off) > 2:
            route.continue_()
        else:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="")

    page.route("**/attachments/product_introduction/", put_off_twice)
    picker.set_input_files({"name": "many.png", "mimeType": "", "buffer": _picture(1)})
    expect(status).to_contain_text("自动重新发送")
    expect(section.locator(".file-row")).to_have_count(1, timeout=15_000)
    expect(status).not_to_contain_text("自动重新发送")
    assert put_off == ["wait=0"] * 3


def test_a_file_that_is_put_off_for_minutes_ends_with_what_to_do(wizard: Wizard) -> None:
    page = wizard.page
    page.goto(f"{wizard.base}{reverse('applicants:attachments', args=[wizard.draft.pk])}")
    section = page.locator("#slot-product_introduction")
    answer = {"status": 503, "headers": {"Retry-After": "0"}, "body": ""}
    page.route("**/attachments/product_introduction/", lambda route: route.fulfill(**answer))
    section.locator("input[type=file]").set_input_files(
        {"name": "many.png", "mimeType": "", "buffer": _picture(1)}
    )
    expect(section.locator("[data-upload-status]")).to_contain_text("请过几分钟重新选择", timeout=15_000)
    expect(section.locator(".file-row")).to_have_count(0)


def _picture(shade: int) -> bytes:
    written = io.BytesIO()
    Image.new("L", (20, 20), shade * 20).save(written, "PNG")
    return written.getvalue()
