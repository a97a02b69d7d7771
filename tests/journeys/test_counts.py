"""What a filing costs the person who makes it: counted for an organisation, an individual and a second service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from applicants.drafts.steps import FORM_SECTIONS
from registry import clock
from registry.models import Application
from registry.rules.particulars import find_slot, required_slots
from registry.sample.materials import individual_materials
from registry.sample.walk import complete_materials, submit
from tests.builders.register import BEIJING_DIVISION
from tests.journeys.answers import every_optional_answer, only_required_answers, plain_organisation
from tests.journeys.conftest import OpenBrowser
from tests.journeys.counting import HEADER, Counts, counting
from tests.journeys.drafting import member
from tests.journeys.people import PASSWORD, STATEMENT, ApplicantMember
from tests.services.portal import WebProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("decoder"),
]


@pytest.fixture(params=["required answers only", "every optional answer too"])
def extent(request: pytest.FixtureRequest) -> str:
    return request.param


def _materials(given: dict[str, Any], extent: str) -> dict[str, Any]:
    """What is filled in: an ordinary applicant's address is the one on its document."""
    given["applicant"]["mailing_address"] = given["applicant"]["document_address"]
    is_only_required = extent.startswith("required")
    return only_required_answers(given) if is_only_required else every_optional_answer(given)


def _file(
    applicant: ApplicantMember, materials: Mapping[str, Any], sections: tuple[str, ...], extent: str
) -> None:
    """From the first section on the page to the receipt."""
    page, is_only_required = applicant.page, extent.startswith("required")
    for section in sections:
        applicant.fill(materials, section)
    required = {find_slot(key).name for key in required_slots(materials)}
    shown = page.locator('section[id^="slot-"]')
    shown.first.wait_for()
    names = {(slot.get_attribute("id") or "").removeprefix("slot-") for slot in shown.all()}
    given = page.locator('section[id^="slot-"]:has(ul.files > li)')
    kept = {(slot.get_attribute("id") or "").removeprefix("slot-") for slot in given.all()}
    left_out = names - required if is_only_required else set()
    applicant.upload_all(materials, but={STATEMENT, *kept, *left_out})
    page.get_by_role("link", name="下一步").click()
    applicant.upload(STATEMENT, "承诺书.pdf", "application/pdf", applicant.signed_statement())
    page.get_by_role("link", name="下一步").click()
    applicant.declare()
    applicant.press("提交备案")
    page.wait_for_url(re.compile("/applicant/applications/"))


def _first_filing(
    applicant: ApplicantMember, materials: Mapping[str, Any], outbox: Path, extent: str
) -> Counts:
    """Signs up and files."""
    person, given = materials["person_in_charge"], materials["applicant"]
    # Who has a credit code gives it first; an individual has none. Whoever is in charge signs up and files.
    is_organisation = given["nature"] == "organisation"
    code, name = (given["document_number"], person["name"]) if is_organisation else ("", given["name"])
    with counting(applicant.page) as counts:
        applicant.sign_up(name=name, mobile=person["mobile"], email=person["email"], outbox=outbox)
        applicant.begin(who="in_charge" if is_organisation else "self", credit_code=code)
        _file(applicant, materials, FORM_SECTIONS, extent)
    return counts


def test_a_first_filing_of_an_organisation(
    live_portal: WebProcess, open_browser: OpenBrowser, outbox: Path, extent: str
) -> None:
    applicant = ApplicantMember(open_browser(live_portal.url).new_page(), live_portal.url)
    materials = _materials(plain_organisation(today=clock.today()), extent)
    counts = _first_filing(applicant, materials, outbox, extent)
    _show(counts, f"organisation, first filing with sign-up, {extent}")


def test_a_first_filing_of_an_individual(
    live_portal: WebProcess, open_browser: OpenBrowser, outbox: Path, extent: str
) -> None:
    applicant = ApplicantMember(open_browser(live_portal.url).new_page(), live_portal.url)
    materials = individual_materials(
        seed=7_821,
        today=clock.today(),
        categories=["application_operator"],
        division_code=BEIJING_DIVISION,
    )
    counts = _first_filing(applicant, _materials(materials, extent), outbox, extent)
    _show(counts, f"individual, first filing with sign-up, {extent}")


def test_a_second_service_of_an_organisation(
    live_portal: WebProcess, open_browser: OpenBrowser, extent: str
) -> None:
    at = clock.now()
    account = member("second-service@example.com", password=PASSWORD)
    before = complete_materials(7_371, member=account, at=at, division_code="110108")
    plain = plain_organisation(today=clock.today())
    before |= {"service": plain["service"], "content": plain["content"]}
    submit(before, member=account, at=at)
    applicant = ApplicantMember(open_browser(live_portal.url).new_page(), live_portal.url)
    applicant.sign_in("second-service@example.com")
    with counting(applicant.page) as counts:
        applicant.open("/applicant/start/")
        applicant.press("开始填写")
        applicant.page.wait_for_url(re.compile("/applicant/drafts/.+/service/"))
        applicant.draft = applicant.page.url.removeprefix(live_portal.url).partition("service/")[0]
        materials = _materials(_another_service(before), extent)
        _file(applicant, materials, ("service", "content"), extent)
    assert Application.objects.count() == 2
    _show(counts, f"organisation, second service, signed in, {extent}")


def _another_service(before: Mapping[str, Any]) -> dict[str, Any]:
    """A further service of the same kind, under another name and at another address."""
    site = "https://second.example.com/"
    row = {**before["service"]["websites"][0], "name": "样例第二平台", "url": site}
    own = {
        "service_name": "样例第二平台",
        "description": "样例第二平台是为演示而虚构的样例服务：把业务记录的摘要写入区块链，供用户核对。" * 2,
        "service_started_on": clock.today().isoformat(),
        "published_rules_url": f"{site}rules",
        "complaint_channel": f"{site}complaints",
        "websites": [row],
    }
    return {
        **before,
        "applicant": dict(before["applicant"]),
        "service": {**before["service"], **own},
    }


def _show(counts: Counts, name: str) -> None:
    shown = "\n".join(f"    {each}" for each in (*sorted(counts.shown), *counts.given))
    print(f"\n{HEADER}\n{counts.row(name)}\n{shown}")
