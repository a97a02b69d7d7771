"""The pages by which filings of an earlier list are claimed, from the number to the decision, without scripts."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry.members.authority import membership_of
from registry.members.claims import proof_of
from registry.models import Attachment, Filing, HeadClaim, MembershipClaim
from registry.models.applicant import document_index
from registry.sample.identities import sample_personal_number
from tests.applicants.members.test_member_pages import digest_in
from tests.applicants.pages import Desk, error_texts
from tests.builders import claimed, published
from tests.builders.claimed import LINES, NUMBER
from tests.builders.odd_documents import many_pages
from tests.builders.register import Cast
from tests.client import ClientResponse
from tests.registry.members.test_head_claims import entered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture
def filing(tmp_path: Path) -> Filing:
    return claimed.imported(tmp_path)


def text_of(answer: ClientResponse) -> str:
    return unescape(answer.content.decode())


def answers(**altered: str) -> dict[str, Any]:
    identity = claimed.stated()
    return {
        "number": NUMBER,
        "name": "样例既往改名科技有限公司",
        "nature": identity.nature,
        "document_type": identity.document_type,
        "document_number": identity.document_number.lower(),
        "person": identity.person,
        "explanation": "样例：二〇二一年更名。",
        **altered,
    }


def test_the_way_leads_from_the_start_page_and_from_the_record(desk: Desk, filing: Filing) -> None:
    address = reverse("applicants:claim_number")
    assert address in text_of(desk.get("start"))
    record = text_of(Client().get(f"/filings/{quote(NUMBER)}/"))
    assert f"{address}?number={quote(NUMBER)}" in record
    assert "这是我的备案" in record or "This is my filing" in record


def test_all_filings_of_the_head_are_shown_before_anything_is_sent(desk: Desk, filing: Filing) -> None:
    page = text_of(desk.get("claim_number", number=LINES[1][3]))
    for line in LINES[:2]:
        assert line[2] in page
        assert line[3] in page
    assert LINES[2][3] not in page
    assert 'name="document_number"' in page


def test_a_number_that_cannot_be_or_is_not_known_says_what_to_do(desk: Desk, filing: Filing) -> None:
    wrong = desk.get("claim_number", number=NUMBER[:-2] + "A号")
    unknown = desk.get("claim_number", number=published.rows(1, first=77)[0][3])
    assert (wrong.status_code, unknown.status_code) == (400, 404)
    assert 'name="document_number"' not in text_of(wrong) + text_of(unknown)
    assert published.rows(1, first=77)[0][3] in text_of(unknown)


def test_a_claim_is_stated_sent_granted_and_the_filings_are_among_the_owners(
    desk: Desk, stranger: Desk, filing: Filing, cast: Cast
) -> None:
    made = desk.post("claim_number", data={**answers(), **claimed.scans()})
    claim = MembershipClaim.objects.get()
    assert made["Location"] == reverse("applicants:claim_status", args=[claim.pk])
    stated = HeadClaim.objects.get()
    assert stated.document_number == claimed.stated().document_number
    status = text_of(desk.get("claim_status", claim.pk))
    assert LINES[1][3] in status
    assert stranger.get("claim_status", claim.pk).status_code == 404
    assert 'name="document_number"' not in text_of(desk.get("claim_number", number=NUMBER))

    office, elsewhere = Desk.of(cast.provincial), Desk.of(cast.elsewhere)
    page = reverse("review:membership_claim", args=[claim.pk])
    assert page in text_of(office.client.get(reverse("review:membership_claims")))
    assert elsewhere.client.get(page).status_code == 404
    shown = text_of(office.client.get(page))
    for text in (
        "样例既往改名科技有限公司",
        LINES[0][1],
        LINES[0][2],
        LINES[1][3],
        stated.document_number,
        stated.person,
    ):
        assert text in shown
    assert 'value="replaced"' not in shown
    assert office.client.post(page, {"outcome": "joined", "reason": ""}).status_code == 400
    proof = [str(scan.pk) for scan in proof_of(claim)]
    decision = {"outcome": "joined", "reason": "样例：写明理由", "proof": proof}
    assert office.client.post(page, decision).status_code == 302
    # Nobody acts for it yet: there is nobody to hear, and a second officer is enough.
    second = Desk.of(cast.provincial_second)
    confirmed = {"act": "change_confirmed", "proof": proof, "digest": digest_in(second.client.get(page))}
    assert office.client.post(page, confirmed).status_code == 409
    assert second.client.post(page, confirmed).status_code == 302

    assert membership_of(desk.account.pk, filing.applicant_id) is not None
    dashboard = text_of(desk.get("dashboard"))
    assert LINES[0][3] in dashboard
    assert LINES[1][3] in dashboard
    assert "样例：写明理由" in text_of(desk.get("claim_status", claim.pk))
    own = text_of(desk.get("claim_number", number=NUMBER))
    assert 'name="document_number"' not in own
    later = stranger.get("claim_number", number=NUMBER)
    assert 'name="document_number"' not in text_of(later)
    assert reverse("applicants:start") in text_of(later)


def test_nothing_typed_is_lost_and_every_fault_is_named(desk: Desk, filing: Filing) -> None:
    sent = answers(document_number="91110108MA0000000X", explanation="样例说明 <b>")
    refused = desk.post("claim_number", data=sent)
    page = text_of(refused)
    assert refused.status_code == 400
    assert len(error_texts(page)) == 3
    for text in ("91110108MA0000000X", "样例既往改名科技有限公司", "样例说明 <b>", sent["person"]):
        assert text in page
    assert not MembershipClaim.objects.exists()
    empty = desk.post("claim_number", data={"number": NUMBER})
    assert empty.status_code == 400
    assert not MembershipClaim.objects.exists()


def test_an_individual_claims_with_an_identity_document(desk: Desk, filing: Filing) -> None:
    sent = answers(nature="individual", document_type="passport", document_number="E12345678")
    unknown = desk.post("claim_number", data={**sent, **claimed.scans("individual")})
    assert unknown.status_code == 400
    assert not HeadClaim.objects.exists()
    sent["nationality"] = "CAN"
    made = desk.post("claim_number", data={**sent, **claimed.scans("individual")})
    assert made.status_code == 302
    stated = HeadClaim.objects.get()
    assert (stated.nature, stated.document_type, stated.document_number, stated.person) == (
        "individual",
        "passport",
        "E12345678",
        "",
    )
    assert stated.nationality == "CAN"
    assert stated.document_index == document_index("passport", "E12345678", "CAN")
    mixed = desk.post("claim_number", data={**answers(document_type="passport"), **claimed.scans()})
    assert mixed.status_code == 400
    assert HeadClaim.objects.count() == 1


def test_a_document_of_an_own_applicant_is_refused_with_words(
    desk: Desk, filing: Filing, cast: Cast, tmp_path: Path
) -> None:
    entered(cast, member=cast.member)
    refused = desk.post("claim_number", data={**answers(), **claimed.scans()})
    assert refused.status_code == 400
    assert "样例：二〇二一年更名。" in text_of(refused)
    assert not MembershipClaim.objects.exists()


RESIDENT_ID = sample_personal_number("resident_id", seed=77)
CARD = {"nature": "individual", "document_type": "resident_id", "document_number": RESIDENT_ID}
NO_SECOND_SIDE = "身份证件的扫描件只有一面"


def test_the_form_asks_for_the_second_side_of_a_card_only(desk: Desk, filing: Filing) -> None:
    form = desk.get("claim_number", number=NUMBER).context["form"]
    nature, documents = form.fields["identity_document_back"].applies_when.split("&")
    assert nature == "nature=individual"
    assert set(documents.removeprefix("document_type=").split(",")) == {
        "resident_id",
        "hong_kong_macau_permit",
        "taiwan_permit",
        "hong_kong_macau_residence_permit",
        "taiwan_residence_permit",
        "foreign_permanent_resident_card",
    }


def test_a_card_is_proved_by_both_sides_in_one_file_or_in_two(desk: Desk, filing: Filing) -> None:
    scans = claimed.scans("individual", "resident_id")
    one_side = {name: scan for name, scan in scans.items() if name != "identity_document_back"}
    refused = desk.post("claim_number", data={**answers(**CARD), **one_side})
    assert refused.status_code == 400
    assert [text for text in error_texts(text_of(refused)) if NO_SECOND_SIDE in text] != []
    assert RESIDENT_ID in text_of(refused)
    assert not MembershipClaim.objects.exists()
    assert not Attachment.objects.exists()

    both = SimpleUploadedFile("both.pdf", many_pages(2), "application/pdf")
    letter = claimed.scans()["letter_of_authority"]
    sent = {"identity_document_front": both, "letter_of_authority": letter}
    assert desk.post("claim_number", data={**answers(**CARD), **sent}).status_code == 302
    assert len(proof_of(MembershipClaim.objects.get())) == 2


def test_two_sides_in_two_files_stand_in_their_order_before_the_office(desk: Desk, filing: Filing) -> None:
    scans = claimed.scans("individual", "resident_id")
    assert desk.post("claim_number", data={**answers(**CARD), **scans}).status_code == 302
    assert [scan.slot for scan in proof_of(MembershipClaim.objects.get())] == [
        "identity_document_front",
        "identity_document_back",
        "letter_of_authority",
    ]


def test_a_refused_scan_is_named_at_its_own_field(desk: Desk, filing: Filing) -> None:
    scans = claimed.scans("individual", "resident_id")
    scans["identity_document_back"] = SimpleUploadedFile("back.png", b"no picture", "image/png")
    refused = desk.post("claim_number", data={**answers(**CARD), **scans})
    assert refused.status_code == 400
    assert list(refused.context["form"].errors) == ["identity_document_back"]
    assert not Attachment.objects.exists()
