"""A foreign permanent resident files in English, with the card of either generation, first to a number."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry import clock
from registry.book.revisions import get_revision, materials_of
from registry.models import Account
from registry.rules.workflow.states import Role
from registry.sample.materials import individual_materials
from tests.builders.register import BEIJING_DIVISION
from tests.journeys.conftest import OpenBrowser
from tests.journeys.people import ApplicantMember
from tests.journeys.whole_way import number_from_the_offices, sign_and_submit, sign_up_and_fill_in
from tests.journeys.words import ENGLISH
from tests.services.portal import WebProcess

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("decoder")]

CARD = "foreign_permanent_resident_card"
# Checked by hand. Since 2023: Beijing, no country's number (999), ISO 7064 MOD 11-2. Before: Utopia, the country of
# ICAO's specimens, with the check digit of Doc 9303.
CARDS = {"since 2023": "911999198501010016", "before": "UTO110185010107"}


@pytest.mark.parametrize("generation", CARDS)
def test_a_foreign_permanent_resident_files_first_to_a_number(
    live_portal: WebProcess,
    open_browser: OpenBrowser,
    officers: dict[Role, Account],
    outbox: Path,
    generation: str,
) -> None:
    home = live_portal.url
    materials = individual_materials(
        seed=7_831,
        today=clock.today(),
        categories=["application_operator"],
        division_code=BEIJING_DIVISION,
        document_type=CARD,
    )
    # The card does not say where its holder lives.
    del materials["applicant"]["document_address"]
    materials["applicant"] |= {"name": "SAMPLE JANE ALEXANDRA", "document_number": CARDS[generation]}
    person = ApplicantMember(open_browser(home, locale="en-GB").new_page(), home, ENGLISH)
    sign_up_and_fill_in(person, materials, outbox)
    assert {"identity_document_front", "identity_document_back"} <= set(person.upload_all(materials))
    application = sign_and_submit(person)
    main = person.page.get_by_role("main")
    expect(main).to_contain_text("Foreign permanent resident's ID card")

    stated = materials_of(get_revision(application.pk, 1))["applicant"]
    assert (stated["document_type"], stated["document_number"]) == (CARD, CARDS[generation])
    assert "document_address" not in stated
    number = number_from_the_offices(open_browser, home, officers, application)
    person.page.reload()
    expect(person.page.locator(".number-panel__number")).to_have_text(number)
