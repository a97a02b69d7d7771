"""A form that is sent after the sign-in ended is there again after signing in, without any script."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applicants.models import Draft
from registry import clock
from registry.accounts.middleware import APPLICANT_IDLE
from registry.accounts.sessions import SessionStore
from registry.models import Account
from registry.sample.agreements import agree_to_everything
from tests.applicants.pages import Desk
from tests.builders.register import MORNING
from tests.client import ClientResponse

Session = SessionStore.get_model_class()
PASSWORD = "sample-pass-phrase-2026"


@pytest.fixture
def account(db: None) -> Account:
    account = Account.objects.create_account(
        name="样例经办人", password=PASSWORD, mobile="+8619900000077", email="sample-77@example.com"
    )
    account.mobile_verified_at = account.email_verified_at = MORNING
    account.save()
    agree_to_everything(account, at=MORNING)
    return account


def expired(desk: Desk) -> Client:
    """The same browser after it was left alone for too long."""
    clock.set_for_tests(clock.now() + APPLICANT_IDLE + timedelta(minutes=1))
    return desk.client


def sign_in(client: Client, next_url: str) -> ClientResponse:
    return client.post(
        f"{reverse('account_login')}?next={next_url}",
        {"login": "sample-77@example.com", "password": PASSWORD, "next": next_url},
    )


def test_what_was_typed_survives_the_sign_in(account: Account) -> None:
    desk = Desk.of(account)
    draft = desk.start()
    url = reverse("applicants:section", args=[draft.pk, "person_in_charge"])
    typed = {**desk.page_fields(draft, "person_in_charge"), "mobile": "19900009876", "email": "样例@例子"}

    client = expired(desk)
    asked = client.post(url, typed, headers={"Referer": f"http://testserver{url}"})
    assert asked.status_code == 302
    assert "/account/login/" in asked["Location"]
    signed_in = sign_in(client, url)
    page = client.get(url).content.decode()

    assert signed_in.status_code == 302
    assert "19900009876" in page
    assert "样例@例子" in page
    draft.refresh_from_db()
    assert draft.materials["person_in_charge"] == {}
    desk.save(draft, "person_in_charge", {"mobile": "19900009876"})
    draft.refresh_from_db()
    assert draft.materials["person_in_charge"] == {"mobile": "19900009876"}
    assert "样例@例子" not in client.get(url).content.decode()


def test_what_is_kept_cannot_be_read_in_the_database(account: Account) -> None:
    desk = Desk.of(account)
    draft = desk.start()
    url = reverse("applicants:section", args=[draft.pk, "person_in_charge"])

    expired(desk).post(url, {"mobile": "19900009876"})

    stored = Session.objects.values_list("session_data", flat=True).get()
    assert len(stored) > 100
    assert "19900009876" not in stored
    assert b"19900009876" not in base64.b64decode(stored)


def test_somebody_else_in_the_same_browser_does_not_see_it(account: Account, stranger: Desk) -> None:
    desk = Desk.of(account)
    draft = desk.start()
    url = reverse("applicants:section", args=[draft.pk, "person_in_charge"])
    client = expired(desk)
    client.post(url, {"mobile": "19900009876"})
    client.force_login(stranger.account, backend="registry.accounts.backends.AccountBackend")

    assert client.get(url).status_code == 404
    own = Draft.objects.create(
        kind="initial", account=stranger.account, content="{}", created_at=MORNING, saved_at=MORNING
    )
    other = reverse("applicants:section", args=[own.pk, "person_in_charge"])
    assert "19900009876" not in client.get(other).content.decode()


def test_it_is_kept_for_an_hour(account: Account) -> None:
    desk = Desk.of(account)
    draft = desk.start()
    url = reverse("applicants:section", args=[draft.pk, "person_in_charge"])
    client = expired(desk)
    client.post(url, {"mobile": "19900009876"})
    sign_in(client, url)
    sent_at = clock.now()

    for minutes in (20, 40, 60):
        clock.set_for_tests(sent_at + timedelta(minutes=minutes))
        assert "19900009876" in client.get(url).content.decode()
    clock.set_for_tests(sent_at + timedelta(minutes=61))
    page = client.get(url)
    assert page.status_code == 200
    assert "19900009876" not in page.content.decode()


def test_a_form_out_of_proportion_is_not_kept(account: Account) -> None:
    desk = Desk.of(account)
    draft = desk.start()
    url = reverse("applicants:section", args=[draft.pk, "service"])

    client = expired(desk)
    for form in (
        {"description": "x" * 300_000},
        {f"field-{number}": "x" for number in range(1_001)},
    ):
        client.post(url, form)
        sign_in(client, url)
        assert "kept_form" not in client.session
        client = expired(desk)
    client.post(url, {"description": "x" * 100_000})
    assert "kept_form" in client.session
