"""One due day, one explanation: applicant's page, reviewer's page, receipt, notice and API say the same."""

from __future__ import annotations

import random
import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from registry import clock
from registry.documents.receipts import acceptance_receipt
from registry.models import Account, Event, Notice
from registry.notices.filing_notices import notify_applicant
from registry.public.limits import AddressThrottle
from registry.rules.workflow.states import Act
from tests.builders import register as build
from tests.builders.register import Cast
from tests.review.officers import BACKEND

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 20, 2, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 8, 20)


def browser(account: Account) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(account, backend=BACKEND)
    return client


def plain(text: str) -> str:
    """A text without tags and spaces: lines break where a page is narrow."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", text)))


def text_of_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return plain("".join(page.get_textpage().get_text_range() for page in document))


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.proof)])
def test_every_place_gives_the_same_due_day_with_the_same_explanation(
    cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    settings.SESSION_COOKIE_AGE = 10 * 366 * 24 * 3600
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "9999/min"})
    chance = random.Random(11)
    span = (clock.china_date(NOW) - FIRST_DAY).days
    days = [FIRST_DAY + timedelta(days=chance.randrange(span)) for _sample in range(count)]
    cases = [
        build.submitted(cast, seed=5000 + number, at=datetime.combine(on, time(2), tzinfo=UTC))
        for number, on in enumerate(days)
    ]
    provisional = 0
    with clock.stopped_at(NOW):
        applicant, reviewer = browser(cast.member), browser(cast.provincial)
        for case, on in zip(cases, days, strict=True):
            event = Event.objects.get(application=case.application_id, act=Act.SUBMIT.value)
            notify_applicant(event.pk)
            answer = applicant.get(
                reverse("api:deadlines"), {"period": "decision", "event_date": on.isoformat()}
            ).json()
            provisional += answer["provisional"]
            places = {
                "applicant's page": _page(applicant, "applicants:application", case.application_id),
                "reviewer's page": _page(reviewer, "review:case", case.application_id),
                "receipt": text_of_pdf(acceptance_receipt(event)),
                "notice": plain(Notice.objects.get(event=event).body),
            }
            for sentence in (answer["due_date"], *answer["explanation"]):
                missing = [name for name, text in places.items() if plain(sentence) not in text]
                assert missing == [], (on, sentence)
    assert 0 < provisional < count
    print(f"\n{count} applications, {provisional} of them provisional: five places, one explanation")


def _page(client: Client, name: str, application_id: uuid.UUID) -> str:
    answer = client.get(reverse(name, args=[application_id]))
    assert answer.status_code == 200
    return plain(answer.content.decode())
