"""Opening office accounts on the server, the first password, and the sample accounts."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry.accounts.officers import (
    OfficerRefused,
    change_office,
    create_officer,
    first_password_path,
    set_active,
)
from registry.models import Account
from registry.rules.workflow.states import Role
from registry.sample.logins import (
    SAMPLE_LOGINS,
    SAMPLE_PASSWORD,
    SampleDataRefused,
    create_sample_accounts,
    sample_logins,
)
from tests.registry.accounts.journey import (
    EMAIL,
    MOBILE,
    an_account,
    begin_sign_up,
    is_signed_in,
    mail_code,
    sign_in,
    sms_code,
)

pytestmark = pytest.mark.django_db
OFFICER_EMAIL = "officer@example.com"


def _command(**options: str) -> str:
    out = StringIO()
    given = {
        "role": "provincial_reviewer",
        "province": "110000",
        "name": "样例审核员",
        "email": OFFICER_EMAIL,
    }
    call_command("create_officer", stdout=out, **(given | options))
    return out.getvalue()


def test_the_command_opens_an_account_and_prints_a_link_that_works_once(client: Client) -> None:
    printed = _command()
    officer = Account.objects.by_email(OFFICER_EMAIL)
    assert officer is not None
    assert (officer.role, officer.province_code) == ("provincial_reviewer", "110000")
    assert not officer.has_usable_password()
    link = re.search(r"http://testserver(/\S+)", printed)
    assert link is not None
    path = link[1]
    assert client.get(path)["Location"] == reverse("account_choose_password")
    chosen = {"password1": "Another-lantern-43", "password2": "Another-lantern-43"}
    english = {"accept-language": "en"}
    page = client.get(reverse("account_choose_password"), headers=english).content.decode()
    assert "Choose your password" in page
    for words in ("new password", "The code was right", "Change the password"):
        assert words not in page
    answer = client.post(reverse("account_choose_password"), chosen, follow=True, headers=english)
    assert "Your password is set." in answer.content.decode()
    sign_in(client, OFFICER_EMAIL, "Another-lantern-43")
    assert is_signed_in(client)
    assert Client().get(path)["Location"] == reverse("account_login")


@pytest.mark.parametrize("province", ["440000", "44", "广东", "粤"])
def test_a_province_is_named_by_code_name_or_abbreviation(province: str) -> None:
    _command(province=province)
    assert Account.objects.get().province_code == "440000"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"province": ""}, "A provincial officer needs a province."),
        ({"province": "99"}, "There is no province of this code or name."),
        ({"role": "national_head"}, "An officer of the national office has no province."),
        ({"role": "auditor"}, "An administrator or auditor has no province."),
        ({"email": "nobody"}, "Give an e-mail address in the form name@example.com."),
        (
            {"mobile": "010"},
            "Give a mobile number: 11 digits, or outside the mainland + and the country code",
        ),
        ({"name": " "}, "Give the officer's name."),
        ({"email": "taken@example.com"}, "An account has this e-mail address already."),
        ({"mobile": "19900000901"}, "An account has this mobile already."),
    ],
)
def test_wrong_combinations_are_refused_clearly(options: dict[str, str], words: str) -> None:
    an_account(email="taken@example.com")
    with pytest.raises(CommandError, match=re.escape(words)):
        _command(**options)
    assert Account.objects.count() == 1


def test_no_password_can_be_given_on_the_command_line() -> None:
    with pytest.raises((CommandError, TypeError)):
        call_command("create_officer", "--password", "secret", "--role", "auditor")


def test_a_first_password_is_only_for_who_has_none() -> None:
    officer = create_officer(name="样例", role=Role.AUDITOR, email=OFFICER_EMAIL, password="Lantern-first-1")
    with pytest.raises(OfficerRefused):
        first_password_path(officer)


def test_an_applicant_is_never_made_an_officer_here() -> None:
    applicant = an_account()
    administrator = create_officer(name="样例", role=Role.ADMINISTRATOR, email=OFFICER_EMAIL)
    with pytest.raises(OfficerRefused, match="not_an_office_account"):
        change_office(
            applicant.pk,
            role=Role.AUDITOR,
            province_code="",
            reason="样例：写明理由",
            by=administrator,
        )


def test_nobody_changes_or_closes_their_own_account() -> None:
    administrator = create_officer(name="样例", role=Role.ADMINISTRATOR, email=OFFICER_EMAIL)
    with pytest.raises(OfficerRefused, match="own_account"):
        set_active(administrator.pk, is_active=False, reason="样例：写明理由", by=administrator)
    with pytest.raises(OfficerRefused, match="own_account"):
        change_office(
            administrator.pk,
            role=Role.NATIONAL_HEAD,
            province_code="",
            reason="样例：写明理由",
            by=administrator,
        )


def test_sample_accounts_are_made_once_and_all_sign_in(settings: Settings) -> None:
    settings.SAMPLE_DATA = True
    create_sample_accounts()
    create_sample_accounts()
    assert Account.objects.count() == len(SAMPLE_LOGINS)
    assert {account.role for account in Account.objects.all()} == {
        role.value for role in Role if role not in {Role.PUBLIC, Role.SYSTEM}
    }
    for line in sample_logins():
        client = Client()
        sign_in(client, line.email, SAMPLE_PASSWORD)
        assert is_signed_in(client), line.label


def test_sample_accounts_are_refused_where_data_is_real(settings: Settings) -> None:
    settings.SAMPLE_DATA = False
    with pytest.raises(SampleDataRefused):
        create_sample_accounts()
    with pytest.raises(SampleDataRefused):
        sample_logins()


@pytest.mark.parametrize("sample_data", [True, False])
def test_the_code_stands_on_the_page_in_sample_mode_only(
    client: Client, settings: Settings, sample_data: bool
) -> None:
    settings.SAMPLE_DATA = sample_data
    begin_sign_up(client)
    page = client.get(reverse("account_sign_up_codes")).content.decode()
    assert (sms_code(MOBILE) in page) is sample_data
    assert (mail_code(EMAIL) in page) is sample_data


@pytest.mark.parametrize(
    "name", ["\u3164", "\u200b\u2060", "样例@sample.example", "样例\U0001f600", "样例\U00030000"]
)
def test_an_officers_name_is_a_name_whoever_opens_the_account(name: str) -> None:
    with pytest.raises(OfficerRefused) as refusal:
        create_officer(name=name, role=Role.NATIONAL_REVIEWER, email="sample.officer@example.com")
    assert refusal.value.facts["field"] == "name"
    officer = create_officer(
        name="样例\u200b官员\u202e", role=Role.NATIONAL_REVIEWER, email="sample.officer@example.com"
    )
    assert officer.name == "样例官员"
