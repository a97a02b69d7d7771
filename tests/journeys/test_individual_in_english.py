"""An individual files in English: the whole wizard, a rejection mended at its reason, and the number."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.book import numbering
from registry.calendar.current import current_calendar
from registry.models import Application
from registry.rules.days.deadlines import decision_due
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.materials import individual_materials
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.builders.register import BEIJING_DIVISION, Cast
from tests.journeys.conftest import OpenBrowser
from tests.journeys.drafting import member
from tests.journeys.english import Ear, answers_in
from tests.journeys.people import PASSWORD, SECTIONS, STATEMENT, ApplicantMember
from tests.journeys.words import ENGLISH
from tests.services.portal import WebProcess

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("decoder"),
]

_EMAIL = "individual-journey@example.com"
_DESCRIPTION = (
    "Sample: practical Byzantine fault tolerance with four nodes, two in Beijing and two in Guizhou."
)
_OPINION = "样例意见：均已核对"
_PLACES = {"北京市", "海淀区"}
_ANSWER = "Sample: consensus and places of the nodes are now stated."


def test_an_individual_files_in_english_mends_at_the_reason_and_gets_the_number(
    live_portal: WebProcess, open_browser: OpenBrowser
) -> None:
    home, cast = live_portal.url, Cast()
    account = member(_EMAIL, password=PASSWORD)
    materials = individual_materials(
        seed=7_811,
        today=clock.today(),
        categories=["application_operator"],
        division_code=BEIJING_DIVISION,
    )
    context = open_browser(home, locale="en-GB")
    ear = Ear()
    ear.listen(context)
    person = ApplicantMember(context.new_page(), home, ENGLISH)
    page = person.page
    person.sign_in(_EMAIL)
    person.begin()
    for section in SECTIONS:
        person.fill(materials, section)
    slots = person.upload_all(materials)
    assert {"identity_document_front", "identity_document_back"} <= set(slots)
    page.get_by_role("link", name=ENGLISH.next_step).click()
    person.upload(STATEMENT, "statement.pdf", "application/pdf", person.signed_statement())
    page.get_by_role("link", name=ENGLISH.next_step).click()
    expect(page.get_by_text("Everything the office will look for is there.")).to_be_visible()
    person.declare()
    person.press(ENGLISH.submit_filing)
    page.wait_for_url(re.compile("/applicant/applications/"))

    application = Application.objects.get()
    due = decision_due(application.received_on, current_calendar())
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"Submitted. Receipt number: {application.receipt_number}.")
    expect(main).to_contain_text("Day 1 of 20 working days is the next working day")
    expect(main).to_contain_text(f"{due.due_on:%Y-%m-%d}")
    receipt = page.get_by_role("link", name="Acceptance receipt").get_attribute("href")
    answer = context.request.get(f"{home}{receipt}")
    assert (answer.status, answer.headers["content-type"]) == (HTTPStatus.OK, "application/pdf")

    case = SampleCase(application.pk, account)
    _decide(cast, case, Outcome.REJECTION)
    person.open("/applicant/")
    expect(main).to_contain_text("Not approved")
    person.mend(case.application_id, section="service", name="description", text=_DESCRIPTION, answer=_ANSWER)
    expect(main).to_contain_text("Day 1 of 20 working days is the next working day")
    assert (case.application.round_number, case.application.state) == (2, "provincial_review")

    _decide(cast, case, Outcome.APPROVAL)
    filing = case.application.filing
    assert filing is not None
    number = numbering.issue_number(filing.pk, at=clock.now())
    person.open(f"/applicant/applications/{case.application_id}/")
    expect(page.locator(".number-panel__number")).to_have_text(number)
    person.open(f"/filings/{number}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(materials["service"]["service_name"])

    assert set(ear.languages.values()) == {"en"}
    assert len(ear.languages) >= 12
    said = answers_in(materials) | _PLACES | {_OPINION, number, account.name}
    said.add(str(SAMPLE_REASON["remedy"]))
    assert "\n".join(ear.chinese(but=said)) == ""


def _decide(cast: Cast, case: SampleCase, outcome: Outcome) -> None:
    """Both offices, one after the other."""
    at = clock.now()
    walk.act(case, Act.FORWARD, by=cast.provincial, at=at, recommends=outcome.value, text=_OPINION)
    if outcome is Outcome.APPROVAL:
        walk.act(case, Act.APPROVE, by=cast.national, at=at, text=_OPINION)
    else:
        reasons = [dict(SAMPLE_REASON)]
        walk.act(case, Act.REJECT, by=cast.national, at=at, reasons=reasons, text=_OPINION)
