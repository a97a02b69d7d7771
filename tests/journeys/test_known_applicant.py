"""A further service of an applicant the register knows: what stands there is not asked again, the rest is."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from applicants.drafts import store as drafts
from registry import clock
from registry.models import Applicant
from registry.sample.walk import complete_materials, submit
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import member
from tests.journeys.people import PASSWORD, Visitor
from tests.services.portal import WebProcess

pytestmark = pytest.mark.browser

_EMAIL = "known@example.com"


def test_questions_that_hang_on_a_fixed_answer_stay_on_the_page(
    live_portal: WebProcess, open_browser: OpenBrowser
) -> None:
    at = clock.now()
    account = member(_EMAIL, password=PASSWORD)
    materials = complete_materials(7_371, member=account, at=at, division_code="110108")
    submit(materials, member=account, at=at)
    draft = drafts.start_draft(account, applicant=Applicant.objects.get(), at=at)

    visitor = Visitor(open_browser(live_portal.url).new_page(), live_portal.url)
    visitor.sign_in(_EMAIL)
    visitor.open(f"/applicant/drafts/{draft.pk}/applicant/")
    form = visitor.page.locator("form[data-autosave-url]")
    expect(form.locator('[name="nature"]')).to_be_hidden()
    chosen = form.locator('[name="organisation_type"]:checked')
    expect(chosen).to_have_value(materials["applicant"]["organisation_type"])
    expect(chosen).to_be_visible()
    body = form.locator('[name="investor_or_governing_body"]')
    expect(body).to_be_visible()
    body.fill("样例新主管单位")
    visitor.press("保存并继续")
    visitor.page.wait_for_url("**/person_in_charge/")
    draft.refresh_from_db()
    assert draft.materials["applicant"]["investor_or_governing_body"] == "样例新主管单位"
