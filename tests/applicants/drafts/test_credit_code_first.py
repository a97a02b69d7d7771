"""A filing begins with the credit code, which is read at once: what follows from it, and who is registered already."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from applicants.models import Draft
from registry import clock
from registry.models import Applicant, MembershipClaim
from registry.sample.identities import sample_resident_id
from tests.applicants.pages import Desk, as_form, text_in
from tests.builders import register as build
from tests.builders.register import Cast
from tests.registry.rules.particulars.test_credit_code import completed

pytestmark = pytest.mark.django_db

CODE = completed("91110108MA0000000")
DEVIATING = CODE[:17] + ("1" if CODE[17] != "1" else "2")


def begin(desk: Desk, **sent: str) -> Any:
    return desk.post("start", data={"applicant": "", **sent})


def typing(desk: Desk, **sent: str) -> str:
    data = {"act": "read", **sent}
    answer = desk.client.post(reverse("applicants:start"), data, headers={"hx-request": "true"})
    assert answer.status_code == 200
    return text_in(answer.content.decode())


def test_what_the_code_says_is_filled_in_and_called_read_from_the_code(desk: Desk) -> None:
    answer = begin(desk, credit_code=CODE)
    draft = Draft.objects.get()
    assert answer.url == reverse("applicants:section", args=[draft.pk, "applicant"])
    assert draft.materials["applicant"] == {
        "nature": "organisation",
        "document_type": "unified_social_credit_code",
        "document_number": CODE,
        "organisation_type": "enterprise",
        "division_code": "110108",
    }
    assert draft.province_code == "110000"
    page = desk.get("section", draft.pk, "applicant").content.decode()
    assert page.count("由统一社会信用代码读取") == 2
    assert page.index('name="document_number"') < page.index('name="name"')


def test_a_code_of_a_city_leaves_the_county_open_and_shows_the_city(desk: Desk) -> None:
    begin(desk, credit_code=completed("91440300MA0000000"))
    draft = Draft.objects.get()
    assert "division_code" not in draft.materials["applicant"]
    page = desk.get("section", draft.pk, "applicant").content.decode()
    assert '<option value="440300" selected>' in page
    assert 'class="field field--error"' not in page


def test_typing_reads_the_code_and_writes_nothing(desk: Desk) -> None:
    read = typing(desk, credit_code=CODE)
    for said in ("由代码读取", "企业", "北京市海淀区"):
        assert said in read
    assert "已填 12 位" in typing(desk, credit_code=CODE[:12])
    assert "第 9 位不能是“O”" in typing(desk, credit_code=f"{CODE[:8]}O{CODE[9:]}")
    assert "末位校验码不符" in typing(desk, credit_code=DEVIATING)
    assert "末位校验码不符" not in typing(desk, credit_code=DEVIATING, deviates="yes")
    assert typing(desk, credit_code="") == ""
    assert typing(desk, credit_code=CODE[:5], who="self") == ""
    assert not Draft.objects.exists()


def test_a_wrong_code_is_given_back_with_what_to_do(desk: Desk) -> None:
    answer = begin(desk, credit_code=CODE[:17])
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "现填 17 位" in page
    assert f'value="{CODE[:17]}"' in page
    assert 'href="#credit-code"' in page
    assert not Draft.objects.exists()


def test_a_declared_deviation_is_taken_and_one_that_is_none_is_forgotten(desk: Desk) -> None:
    assert begin(desk, credit_code=DEVIATING).status_code == 400
    begin(desk, credit_code=DEVIATING, deviates="yes")
    assert Draft.objects.get().materials["applicant"]["document_type"] == "credit_code_with_deviation"
    Draft.objects.all().delete()
    begin(desk, credit_code=CODE, deviates="yes")
    assert Draft.objects.get().materials["applicant"]["document_type"] == "unified_social_credit_code"


@pytest.mark.parametrize(
    ("sent", "nature", "by_agent"),
    [
        ({}, None, None),
        ({"credit_code": ""}, None, None),
        ({"who": "somebody"}, None, None),
        ({"who": "in_charge"}, "organisation", False),
        ({"who": "staff"}, "organisation", False),
        ({"who": "agent"}, "organisation", True),
        ({"who": "self"}, "individual", False),
        ({"who": "agent_of_individual"}, "individual", True),
    ],
)
def test_a_filing_begins_without_a_code_too_and_says_who_files(
    desk: Desk, sent: dict[str, str], nature: str | None, by_agent: bool | None
) -> None:
    assert begin(desk, **sent).status_code == 302
    given = Draft.objects.get().materials["applicant"]
    expected = {"nature": nature, "filed_by_agent": by_agent}
    assert given == {name: each for name, each in expected.items() if each is not None}


def test_only_whoever_is_in_charge_lends_the_account_to_the_person_in_charge(desk: Desk) -> None:
    account = desk.account
    account.mobile, account.mobile_verified_at = "+8613900000000", clock.now()
    account.email, account.email_verified_at = "in-charge@example.com", clock.now()
    account.save()
    for who, given in (
        ("in_charge", {"name": account.name, "mobile": "+8613900000000", "email": "in-charge@example.com"}),
        ("staff", {}),
        ("agent", {}),
    ):
        begin(desk, who=who, credit_code=CODE)
        draft = Draft.objects.get()
        assert draft.materials["person_in_charge"] == given, who
        page = desk.get("section", draft.pk, "person_in_charge").content.decode()
        # Whoever has said it is not asked once more; of an agent it cannot be so.
        assert ('id="own"' in page) is (who == "staff")
        notes = page.count("取自您账号中已验证的信息"), page.count("按您账号中的姓名填写")
        assert notes == ((2, 1) if who == "in_charge" else (0, 0))
        draft.delete()


def test_an_individual_in_person_is_asked_for_nothing_that_the_account_has(desk: Desk) -> None:
    account = desk.account
    account.mobile, account.mobile_verified_at = "+8613900000000", clock.now()
    account.email, account.email_verified_at = "own@example.com", clock.now()
    account.save()
    begin(desk, who="self")
    draft = Draft.objects.get()
    page = desk.get("section", draft.pk, "applicant").content.decode()
    assert f'name="name" value="{account.name}"' in page
    assert "按您账号中的姓名填写" in page
    given = {**draft.materials["applicant"], "name": account.name, "document_type": "resident_id"}
    sent = {**given, "filed_by_agent": "no", "document_number": sample_resident_id(seed=7)}
    answer = desk.save(draft, "applicant", sent)
    draft.refresh_from_db()
    # The page of the person in charge has nothing left to ask: it is gone past, and can be opened.
    assert draft.materials["person_in_charge"] == {"mobile": "+8613900000000", "email": "own@example.com"}
    assert answer["Location"] == reverse("applicants:section", args=[draft.pk, "service"])
    assert "own@example.com" in desk.get("section", draft.pk, "person_in_charge").content.decode()
    answer = desk.save(draft, "applicant", {**sent, "filed_by_agent": "yes"})
    assert answer["Location"] == reverse("applicants:section", args=[draft.pk, "person_in_charge"])


def test_an_own_applicant_is_taken_from_the_register(desk: Desk, cast: Cast) -> None:
    applicant = build.in_force(cast).application.applicant
    assert f"您已是“{applicant.name}”的成员" in typing(desk, credit_code=applicant.credit_code)
    begin(desk, credit_code=applicant.credit_code)
    draft = Draft.objects.get(application_id=None)
    assert draft.applicant == applicant


def test_an_organisation_of_the_public_register_is_named_at_once_and_can_be_asked_for(
    stranger: Desk, cast: Cast
) -> None:
    applicant = build.in_force(cast).application.applicant
    code = applicant.credit_code
    assert f"“{applicant.name}”已在公开登记中" in typing(stranger, credit_code=code)
    answer = begin(stranger, credit_code=code)
    assert answer.status_code == 409
    assert not Draft.objects.filter(account=stranger.account).exists()

    answer = begin(stranger, credit_code=code, then="claim")
    draft = Draft.objects.get(account=stranger.account)
    assert answer.url == reverse("applicants:claim", args=[draft.pk])
    assert draft.applicant is None
    assert stranger.get("claim", draft.pk).status_code == 200
    sent = {"way": "owners", "explanation": "样例说明"}
    assert stranger.post("claim", draft.pk, data=sent).status_code == 302
    claim = MembershipClaim.objects.get()
    assert (claim.applicant, claim.stated_name) == (applicant, applicant.name)

    begin(stranger, credit_code=code, then="begin")
    begun = Draft.objects.filter(account=stranger.account).exclude(pk=draft.pk).get()
    assert "name" not in begun.materials["applicant"]
    page = stranger.get("section", begun.pk, "applicant").content.decode()
    assert reverse("applicants:claim", args=[begun.pk]) in page


def test_an_organisation_that_has_only_applied_is_as_unknown_as_any_other(stranger: Desk, cast: Cast) -> None:
    """A form must not tell who has applied: word for word it answers as for a code that nobody has."""
    applicant = build.submitted(cast).application.applicant
    other = completed(applicant.credit_code[:8] + "MA0000999")
    assert not Applicant.objects.filter(credit_code=other).exists()
    assert typing(stranger, credit_code=applicant.credit_code) == typing(stranger, credit_code=other)
    answers = [begin(stranger, credit_code=code).status_code for code in (applicant.credit_code, other)]
    assert answers == [302, 302]
    for draft in Draft.objects.filter(account=stranger.account):
        assert draft.applicant is None
        assert stranger.get("claim", draft.pk).status_code == 404
        page = stranger.get("section", draft.pk, "applicant").content.decode()
        assert "已在公开登记中" not in page


def test_a_persons_document_never_tells_who_is_registered(stranger: Desk, cast: Cast) -> None:
    case = build.in_force(cast, nature="individual")
    draft = stranger.start()
    given = as_form("applicant", build.materials_for(cast, nature="individual"))
    stranger.save(draft, "applicant", given)
    assert case.application.applicant.nature == "individual"
    assert "已在公开登记中" not in stranger.get("section", draft.pk, "applicant").content.decode()
    assert stranger.get("claim", draft.pk).status_code == 404


def test_the_code_typed_in_the_section_is_read_there_as_well(desk: Desk) -> None:
    draft = desk.start()
    sent = {
        "nature": "organisation",
        "document_type": "unified_social_credit_code",
        "document_number": CODE,
    }
    desk.save(draft, "applicant", sent)
    draft.refresh_from_db()
    given = draft.materials["applicant"]
    assert (given["organisation_type"], given["division_code"]) == ("enterprise", "110108")
    # What was typed stands.
    desk.save(draft, "applicant", {**sent, "organisation_type": "other", "division_code": "440305"})
    draft.refresh_from_db()
    given = draft.materials["applicant"]
    assert (given["organisation_type"], given["division_code"]) == ("other", "440305")
    page = desk.get("section", draft.pk, "applicant").content.decode()
    assert "由统一社会信用代码读取" not in page
    assert re.search("统一社会信用代码.*登记", page)
