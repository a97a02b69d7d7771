"""Gateways of the test's own, and accounts that notices can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django.fixtures import Settings

from registry.models import Account, Notice
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from registry.rules.workflow.states import Role
from tests.builders.register import MORNING
from tests.registry.notices.gateways import Gateway, mail_server, sms_gateway


@pytest.fixture
def sms(settings: Settings) -> Iterator[Gateway]:
    """The portal's text messages go to this gateway; it is waited for 0.3 seconds."""
    with sms_gateway() as gateway:
        settings.SMS_BACKEND = "registry.gateways.sms_gateway.HttpGatewayBackend"
        settings.SMS_GATEWAY = {
            "url": f"http://127.0.0.1:{gateway.port}/send",
            "body": {"to": "{mobile}", "template": "{template}", "text": "{text}"},
            "success": {"path": "code", "value": "OK"},
            "reference": "id",
            "timeout_seconds": 0.3,
        }
        yield gateway


@pytest.fixture
def mail(settings: Settings) -> Iterator[Gateway]:
    """The portal's e-mails go to this server; it is waited for 0.3 seconds."""
    with mail_server() as gateway:
        settings.EMAIL_BACKEND = "registry.gateways.mail.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", gateway.port, 0.3
        yield gateway


@pytest.fixture
def reader(db: None) -> Account:
    """An account with a verified mobile and mailbox."""
    return reachable("样例收件人", 1)


def reachable(name: str, number: int) -> Account:
    return Account.objects.create_account(
        name=name,
        password=None,
        mobile=f"+86199000000{number:02d}",
        email=f"sample{number}@example.com",
        role=Role.APPLICANT,
        mobile_verified_at=MORNING,
        email_verified_at=MORNING,
    )


@pytest.fixture
def told(reader: Account) -> Callable[..., Notice]:
    """Makes a notice of a kind with its sample facts, for the reader."""

    def make(kind: str = "lapsed", key: str = "sample", account: Account = reader) -> Notice:
        sample = kind_of(kind).sample
        notices.notify(kind, key=key, accounts=[account], facts=sample, link_path="/applicant/", at=MORNING)
        return Notice.objects.get(kind=kind, key=key, account=account)

    return make
