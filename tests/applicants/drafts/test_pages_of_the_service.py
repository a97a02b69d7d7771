"""The service of a first filing stands on five short pages, each saved on its own; an error leads to its page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from applicants.changes.change import start_change
from applicants.drafts.parts import parts_of
from applicants.models import Draft
from registry.rules.particulars import particulars_of
from tests.applicants.pages import Desk, as_form, error_texts, text_in, value_in
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, materials_for

pytestmark = pytest.mark.django_db

PAGES = ("forms", "purpose", "chain", "duties", "licences")


def address(draft: Draft, page: str) -> str:
    if page == PAGES[0]:
        return reverse("applicants:section", args=[draft.pk, "service"])
    return reverse("applicants:part", args=[draft.pk, "service", page])


def open_page(desk: Desk, draft: Draft, page: str) -> str:
    return desk.client.get(address(draft, page)).content.decode()


def fields_of(page: str) -> dict[str, str]:
    return {name: value_in(page, name) for name in ("version", "window", "form_version", "part")}


def save(desk: Desk, draft: Draft, page: str, **answers: str) -> str:
    """Opens a page, sends it, and gives where it led."""
    sent = {**fields_of(open_page(desk, draft, page)), "next_step": "forward", **answers}
    answer = desk.client.post(address(draft, page), sent)
    assert answer.status_code == 302
    draft.refresh_from_db()
    return str(answer["Location"])


def test_every_question_about_the_service_stands_on_one_page() -> None:
    asked = [name for part in parts_of("service") for name in part.names]
    assert sorted(asked) == sorted(each.name for each in particulars_of("service"))


def test_the_pages_follow_each_other(desk: Desk) -> None:
    draft = desk.start()
    targets = [save(desk, draft, page) for page in PAGES]
    content = reverse("applicants:section", args=[draft.pk, "content"])
    assert targets == [*(address(draft, page) for page in PAGES[1:]), content]
    for number, name in enumerate(PAGES, start=1):
        page = open_page(desk, draft, name)
        assert f"第 {number} 页，共 5 页" in page
        back = address(draft, PAGES[number - 2])
        if number == 1:
            back = reverse("applicants:section", args=[draft.pk, "person_in_charge"])
        assert re.search(rf'<a class="btn btn-quiet" href="{back}"', page)
    after = desk.get("section", draft.pk, "content").content.decode()
    assert f'<a class="btn btn-quiet" href="{address(draft, "licences")}"' in after


def test_a_page_asks_and_saves_its_own_questions_alone(desk: Desk) -> None:
    draft = desk.start()
    save(desk, draft, "forms", service_name="样例服务")
    save(desk, draft, "chain", consensus="样例共识", chain_kind="private")
    # What is not on the page is not taken from it.
    save(desk, draft, "duties", complaint_channel="样例渠道", consensus="别的共识")
    assert draft.materials["service"] == {
        "service_name": "样例服务",
        "consensus": "样例共识",
        "chain_kind": "private",
        "complaint_channel": "样例渠道",
    }
    page = open_page(desk, draft, "chain")
    assert 'name="consensus"' in page
    assert 'name="complaint_channel"' not in page
    save(desk, draft, "duties")
    assert "complaint_channel" not in draft.materials["service"]
    assert draft.materials["service"]["consensus"] == "样例共识"


def test_two_windows_on_two_pages_do_not_meet_and_on_one_page_they_do(desk: Desk) -> None:
    draft = desk.start()
    chain, duties = (fields_of(open_page(desk, draft, page)) for page in ("chain", "duties"))
    here = {**duties, "complaint_channel": "此处"}
    assert desk.client.post(address(draft, "chain"), {**chain, "consensus": "甲"}).status_code == 302
    assert desk.client.post(address(draft, "duties"), here).status_code == 302
    conflict = desk.client.post(address(draft, "chain"), {**chain, "window": "other", "consensus": "乙"})
    assert conflict.status_code == 409
    shown = conflict.content.decode()
    assert "此处" not in shown
    assert shown.count("<fieldset") == 1
    kept = {**fields_of(shown), "part": "chain", "consensus": "乙", "keep-consensus": "mine"}
    assert desk.client.post(address(draft, "chain"), kept).status_code == 302
    draft.refresh_from_db()
    assert draft.materials["service"] == {"consensus": "乙", "complaint_channel": "此处"}


def test_a_form_of_the_whole_section_and_a_page_of_it_outdate_each_other(desk: Desk) -> None:
    """A window that was open while the portal was brought up to date still shows the whole section."""
    draft = desk.start()
    whole = {"version": "0", "window": "old", "form_version": "2", "service_name": "旧页"}
    page = fields_of(open_page(desk, draft, "forms"))
    save(desk, draft, "forms", service_name="新页")
    assert desk.post("section", draft.pk, "service", data=whole).status_code == 409
    version = str(Draft.objects.get(pk=draft.pk).version_of("service"))
    desk.post("section", draft.pk, "service", data={**whole, "version": version, "consensus": "样例"})
    draft.refresh_from_db()
    assert draft.materials["service"] == {"service_name": "旧页", "consensus": "样例"}
    stale = {**page, "window": "other", "service_name": "又一页"}
    assert desk.client.post(address(draft, "forms"), stale).status_code == 409


def test_a_wrong_answer_stays_on_its_page_and_the_check_leads_there(desk: Desk, cast: Cast) -> None:
    draft = desk.start()
    desk.fill(draft, materials_for(cast))
    led = save(desk, draft, "duties", log_retention_months="3")
    assert led == f"{address(draft, 'duties')}?flag=1"
    [message] = error_texts(desk.client.get(led).content.decode())
    assert "6" in message
    assert (
        f"{address(draft, 'duties')}?gaps=1#id_log_retention_months"
        in desk.get("check", draft.pk).content.decode()
    )
    assert desk.get("draft", draft.pk)["Location"] == address(draft, "duties")
    assert error_texts(open_page(desk, draft, "chain")) == []


def test_a_change_shows_the_service_as_a_whole(desk: Desk, cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    draft = start_change(filing, account=cast.member, at=MORNING)
    for name in ("forms", "chain"):
        page = open_page(desk, draft, name)
        assert 'name="service_name"' in page
        assert 'name="complaint_channel"' in page
        assert "共 5 页" not in page


@pytest.mark.parametrize("name", ["nonsense", "applicant"])
def test_there_is_no_other_page(desk: Desk, name: str) -> None:
    draft = desk.start()
    assert desk.get("part", draft.pk, "service", name).status_code == 404
    assert desk.get("part", draft.pk, "content", "chain").status_code == 404


def test_the_deadline_stands_beside_the_start_as_soon_as_it_is_typed(desk: Desk) -> None:
    """From Sunday 1 March 2026 the tenth working day is Friday 13 March; today is 2 March."""
    draft = desk.start()
    url = reverse("applicants:autosave_part", args=[draft.pk, "service", "purpose"])
    page = open_page(desk, draft, "purpose")
    assert "data-deadline" in page
    assert "2026-03-13" not in page
    typed = {**fields_of(page), "service_started_on": "2026-03-01"}
    told = desk.client.post(url, typed).json()
    assert "2026-03-13" in told["deadline"]
    assert "还剩 9 个工作日" in text_in(told["deadline"])
    assert "2026-03-13" in open_page(desk, draft, "purpose")
    typed |= {"version": told["version"], "service_started_on": "2026-01-20"}
    late = desk.client.post(url, typed).json()
    assert "已超期" in text_in(late["deadline"])
    typed |= {"version": late["version"], "service_started_on": f"{MORNING + timedelta(days=1):%Y-%m-%d}"}
    assert desk.client.post(url, typed).json()["deadline"] == ""
    other = reverse("applicants:autosave_part", args=[draft.pk, "service", "duties"])
    assert "deadline" not in desk.client.post(other, fields_of(open_page(desk, draft, "duties"))).json()


def test_the_check_page_folds_the_sections_each_with_what_is_open_in_it(desk: Desk, cast: Cast) -> None:
    materials = materials_for(cast)
    del materials["service"]["consensus"], materials["service"]["complaint_channel"]
    draft = desk.start()
    desk.fill(draft, materials)
    page = desk.get("check", draft.pk).content.decode()
    folds = re.findall(r'<details class="fold" id="section-(\w+)"[^>]*>(.*?)</summary>', page, re.DOTALL)
    states = {key: text_in(summary) for key, summary in folds}
    assert list(states) == ["applicant", "person_in_charge", "service", "content", "attachments"]
    assert states["applicant"].endswith("已完成")
    assert states["service"].endswith("还有 2 项待完善")
    assert not re.search(r"<details[^>]*class=\"fold\"[^>]* open", page)
    # What is wrong and what is asked stands before all that is stated, the button after it and in view.
    assert page.index('id="points-title"') < page.index('class="fold"') < page.index('class="submit-bar')


def test_a_question_counts_at_its_section(desk: Desk, cast: Cast) -> None:
    materials = materials_for(cast)
    materials["applicant"]["division_code"] = "440305"
    draft = desk.start()
    desk.save(draft, "applicant", as_form("applicant", materials))
    page = desk.get("check", draft.pk).content.decode()
    [summary] = re.findall(r'id="section-applicant"[^>]*>(.*?)</summary>', page, re.DOTALL)
    assert text_in(summary).endswith("有 1 个问题待答复")
