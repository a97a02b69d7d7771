"""PIPL Art. 29: identity documents are typed and uploaded after a consent of their own, and never before."""

from __future__ import annotations

import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from applicants.models import Draft
from registry.models import Account, Agreement, Attachment
from registry.rules.particulars import IDENTITY_DOCUMENT_SLOTS
from registry.rules.site_texts import AgreedText
from registry.sample import walk
from tests.applicants.pages import Desk, as_form
from tests.builders.register import MORNING
from tests.journeys.drafting import answered_draft

pytestmark = pytest.mark.django_db

SECTIONS = ("applicant", "person_in_charge")


@pytest.fixture
def newcomer(own_files: object) -> Desk:
    """The browser of an account that was never asked."""
    return Desk.of(Account.objects.create_account(name="样例新人", password=None))


def _consent(desk: Desk, **sent: str) -> str:
    answer = desk.client.post(reverse("applicants:identity_consent"), {"version": "1", **sent})
    return str(answer.get("Location", ""))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_page_that_asks_for_an_identity_document_asks_for_the_consent_first(
    newcomer: Desk, section: str
) -> None:
    draft = newcomer.start()
    page = reverse("applicants:section", args=[draft.pk, section])
    asked = urlsplit(newcomer.client.get(page)["Location"])
    assert asked.path == reverse("applicants:identity_consent")
    assert parse_qs(asked.query) == {"next": [page]}
    assert _consent(newcomer, consent="yes", next=page) == page
    assert newcomer.client.get(page).status_code == 200
    row = Agreement.objects.get()
    assert (row.account, row.text, row.version) == (
        newcomer.account,
        AgreedText.IDENTITY_DOCUMENTS,
        1,
    )


def test_nothing_of_an_identity_document_is_kept_before_the_consent(newcomer: Desk) -> None:
    draft = newcomer.start()
    materials = walk.complete_materials(1, member=newcomer.account, at=MORNING, files={})
    for section in SECTIONS:
        sent = {**as_form(section, materials), "version": "1", "window": "first", "next_step": "forward"}
        assert newcomer.post("section", draft.pk, section, data=sent).status_code == 302
        saved = newcomer.post("autosave", draft.pk, section, data=sent)
        assert (saved.status_code, saved.json()) == (409, {"code": "identity_consent_missing"})
    for slot in IDENTITY_DOCUMENT_SLOTS:
        newcomer.upload(draft, slot)
    kept = Draft.objects.get(pk=draft.pk).materials
    assert [answer for section in SECTIONS for answer in kept[section].values() if answer] == []
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("nature", "slot"),
    [
        ("individual", "identity_document_front"),
        ("individual", "identity_document_back"),
        ("organisation", "person_in_charge_document"),
        ("organisation", "person_in_charge_document_back"),
    ],
)
def test_neither_side_of_an_identity_document_is_taken_before_the_consent(
    newcomer: Desk, nature: str, slot: str
) -> None:
    materials = walk.complete_materials(1, member=newcomer.account, at=MORNING, nature=nature, files={})
    draft = answered_draft(newcomer.account, materials)
    answer = newcomer.upload(draft, slot)
    assert urlsplit(answer["Location"]).path == reverse("applicants:identity_consent")
    assert not Attachment.objects.exists()
    assert "/identity-documents/" in newcomer.get("attachments", draft.pk).content.decode()
    _consent(newcomer, consent="yes")
    assert newcomer.upload(draft, slot).status_code == 302
    assert Attachment.objects.get().slot == slot


def test_the_same_is_kept_after_it(newcomer: Desk) -> None:
    draft = newcomer.start()
    _consent(newcomer, consent="yes")
    materials = walk.complete_materials(1, member=newcomer.account, at=MORNING, files={})
    newcomer.fill(draft, materials)
    assert newcomer.upload(draft, "person_in_charge_document").status_code == 302
    kept = Draft.objects.get(pk=draft.pk).materials
    assert kept["person_in_charge"]["document_number"] == materials["person_in_charge"]["document_number"]
    assert Attachment.objects.count() == 1


def test_without_the_tick_there_is_no_consent_and_the_page_says_what_to_do(newcomer: Desk) -> None:
    page = newcomer.client.post(reverse("applicants:identity_consent"), {"version": "1"})
    assert page.status_code == 400
    assert 'href="#consent"' in page.content.decode()
    assert not Agreement.objects.exists()


def test_parts_without_identity_documents_open_without_it(newcomer: Desk) -> None:
    draft = newcomer.start()
    for section in ("service", "content"):
        assert newcomer.get("section", draft.pk, section).status_code == 200
    for step in ("attachments", "statement", "check"):
        assert newcomer.get(step, draft.pk).status_code == 200
    assert newcomer.upload(draft, "product_introduction").status_code == 302


def test_the_slot_of_an_identity_document_leads_to_the_consent_until_it_is_given(newcomer: Desk) -> None:
    materials = walk.complete_materials(1, member=newcomer.account, at=MORNING, files={})
    draft = answered_draft(newcomer.account, materials)
    address = reverse("applicants:identity_consent")
    assert f"{address}?next=" in newcomer.get("attachments", draft.pk).content.decode()
    _consent(newcomer, consent="yes")
    assert f"{address}?next=" not in newcomer.get("attachments", draft.pk).content.decode()


def test_a_claim_to_filings_of_an_earlier_list_is_no_way_around_it(newcomer: Desk) -> None:
    answer = newcomer.client.get(reverse("applicants:claim", args=[uuid.uuid4()]))
    assert urlsplit(answer["Location"]).path == reverse("applicants:identity_consent")


def test_the_way_on_stays_on_the_portal(newcomer: Desk) -> None:
    assert _consent(newcomer, consent="yes", next="https://example.com/") == reverse("applicants:dashboard")


def test_whoever_consented_is_asked_no_more(desk: Desk) -> None:
    draft = desk.start()
    assert desk.get("section", draft.pk, "person_in_charge").status_code == 200
