"""What accounts agree to: by version, once, kept for ever, and never in the way of one's own data."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.accounts.agreements import agree, is_asked
from registry.models import Account, Agreement
from registry.rules import site_texts
from registry.rules.site_texts import AgreedText, TextUnknown
from registry.rules.workflow.states import Role
from tests.builders.register import MORNING
from tests.registry.accounts.journey import (
    EMAIL,
    MOBILE,
    an_account,
    begin_sign_up,
    enter_codes,
    mail_code,
    sign_in,
    sms_code,
)

pytestmark = pytest.mark.django_db

NOTICE = AgreedText.PRIVACY_NOTICE


@pytest.fixture
def second_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Brings a second version of every text; it reads as the first."""
    texts = tmp_path / "texts"
    shutil.copytree(site_texts._TEXTS, texts)

    def bring() -> None:
        for path in [*texts.glob("*/1.*.txt")]:
            shutil.copy(path, path.with_name(path.name.replace("1.", "2.", 1)))
        monkeypatch.setattr(site_texts, "_TEXTS", texts)
        _read_anew()

    yield bring
    monkeypatch.undo()
    _read_anew()


def _read_anew() -> None:
    site_texts.versions_of.cache_clear()
    site_texts.read_text.cache_clear()


def _versions_agreed_to(account: Account) -> list[int]:
    return list(account.agreements.filter(text=NOTICE).order_by("version").values_list("version", flat=True))


def _open_account(client: Client) -> Account:
    begin_sign_up(client)
    enter_codes(client, mobile_code=sms_code(MOBILE), email_code=mail_code(EMAIL))
    return Account.objects.get()


def test_pipl_17_signing_up_records_who_agreed_to_which_version_and_when(client: Client) -> None:
    before = clock.now()
    account = _open_account(client)
    row = Agreement.objects.get()
    assert (row.account, row.text, row.version) == (account, NOTICE, 1)
    assert before <= row.at <= clock.now()


def test_the_page_for_signing_up_leads_to_the_notice(client: Client) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert f'href="{reverse("public:privacy")}"' in page


def test_a_sign_up_begun_under_the_version_before_agrees_to_nothing_it_did_not_show(client: Client) -> None:
    begin_sign_up(client)
    session = client.session
    del session["sign_up"]["notice_version"]
    session.save()
    answer = enter_codes(client, mobile_code=sms_code(MOBILE), email_code=mail_code(EMAIL))
    assert not Agreement.objects.exists()
    assert urlsplit(answer["Location"]).path == reverse("account_privacy")


def test_a_new_version_is_asked_for_at_the_next_sign_in_and_leads_on(
    client: Client, second_version: Callable[[], None]
) -> None:
    account = an_account()
    assert urlsplit(sign_in(client, EMAIL)["Location"]).path == reverse("applicants:dashboard")
    second_version()
    client.logout()
    asked = urlsplit(sign_in(client, EMAIL)["Location"])
    assert asked.path == reverse("account_privacy")
    assert parse_qs(asked.query) == {"next": [reverse("applicants:dashboard")]}

    answer = client.post(
        reverse("account_privacy"), {"version": "2", "next": reverse("applicants:dashboard")}
    )
    assert answer["Location"] == reverse("applicants:dashboard")
    assert _versions_agreed_to(account) == [1, 2]
    client.logout()
    assert urlsplit(sign_in(client, EMAIL)["Location"]).path == reverse("applicants:dashboard")


def test_what_was_not_agreed_to_keeps_nobody_from_reading_and_filing(
    client: Client, second_version: Callable[[], None]
) -> None:
    account = an_account()
    second_version()
    sign_in(client, EMAIL)
    assert is_asked(account, NOTICE)
    for name in ("applicants:dashboard", "applicants:start", "applicants:inbox", "account_home"):
        assert client.get(reverse(name)).status_code == 200
    assert client.post(reverse("applicants:start"), {"applicant": ""}).status_code == 302


def test_a_version_replaced_while_its_page_was_open_is_not_agreed_to(
    client: Client, second_version: Callable[[], None]
) -> None:
    account = an_account()
    second_version()
    client.force_login(account, backend="registry.accounts.backends.AccountBackend")
    for sent in ({"version": "1"}, {"version": "3"}, {"version": "²"}, {}):
        assert client.post(reverse("account_privacy"), sent).status_code == 200
    assert _versions_agreed_to(account) == [1]


def test_agreeing_twice_keeps_the_first_moment() -> None:
    account = an_account()
    first = account.agreements.get(text=NOTICE)
    agree(account, NOTICE, version=1, at=clock.now() + timedelta(days=1))
    assert account.agreements.get(text=NOTICE).at == first.at


def test_nobody_agrees_to_a_version_that_there_is_not() -> None:
    account = an_account()
    with pytest.raises(TextUnknown):
        agree(account, NOTICE, version=9, at=MORNING)


def test_officers_are_asked_nothing() -> None:
    officer = Account.objects.create_account(name="样例复审", password=None, role=Role.NATIONAL_REVIEWER)
    assert not is_asked(officer, NOTICE)


@pytest.mark.parametrize(
    "address", ["https://example.com/", "//example.com/", "javascript:alert(1)", "\\\\x"]
)
def test_the_way_on_stays_on_the_portal(client: Client, address: str) -> None:
    client.force_login(an_account(), backend="registry.accounts.backends.AccountBackend")
    answer = client.post(reverse("account_privacy"), {"version": "1", "next": address})
    assert answer["Location"] == reverse("applicants:dashboard")


def test_earlier_versions_stay_readable(client: Client, second_version: Callable[[], None]) -> None:
    second_version()
    for name in ("public:privacy", "public:identity_documents"):
        present, first = reverse(name), reverse(f"{name}_version", args=[1])
        page = client.get(present).content.decode()
        assert f'href="{first}"' in page
        earlier = client.get(first)
        assert earlier.status_code == 200
        assert f'href="{present}"' in earlier.content.decode()
        assert client.get(reverse(f"{name}_version", args=[3])).status_code == 404
