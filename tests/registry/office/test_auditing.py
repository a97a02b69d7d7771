"""The auditor's trail: what it shows, what it leaves out, and that it notices tampering."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pgtrigger
import pytest
from django.test import Client
from django.urls import reverse

from registry.accounts.officers import set_active
from registry.integrity.register import verify_stream
from registry.models import Event
from registry.presentation import trails
from tests.builders.register import (
    GUANGDONG_DIVISION,
    MORNING,
    Cast,
    filing_of,
    forwarded,
    in_force,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client, cast: Cast) -> Client:
    """The client, signed in as auditor."""
    client.force_login(cast.auditor, backend="registry.accounts.backends.AccountBackend")
    return client


def _acts(client: Client, **filters: str) -> list[str]:
    page = client.get(reverse("office:events"), filters)
    return [each["event"].act for each in page.context["lines"]]


def test_the_trail_shows_acts_newest_first(auditor: Client, cast: Cast) -> None:
    case = in_force(cast)
    assert _acts(auditor) == ["issue_number", "approve", "forward", "submit"]
    page = auditor.get(reverse("office:events")).content.decode()
    assert case.application.receipt_number in page
    assert cast.national.name in page
    assert Event.objects.get(act="approve").hash in page


def test_the_trail_shows_nothing_that_a_case_says(auditor: Client, cast: Cast) -> None:
    case = in_force(cast)
    application = case.application
    number = filing_of(case).number
    assert number is not None
    case_content = [
        application.service_name,
        application.applicant_name,
        number,
        "样例意见",
    ]
    assert all(case_content)
    for address in (
        reverse("office:events"),
        f"{reverse('office:verify')}?stream={application.receipt_number}",
    ):
        page = auditor.get(address).content.decode()
        assert application.receipt_number in page
        assert [text for text in case_content if text in page] == []


def test_filters_narrow_the_trail(auditor: Client, cast: Cast) -> None:
    forwarded(cast)
    submitted(cast, at=MORNING + timedelta(days=2), seed=2, division_code=GUANGDONG_DIVISION)
    assert _acts(auditor) == ["submit", "forward", "submit"]
    assert _acts(auditor, act="forward") == ["forward"]
    assert _acts(auditor, office="440000") == ["submit"]
    assert _acts(auditor, office="national") == []
    assert _acts(auditor, actor=str(cast.provincial.pk)) == ["forward"]
    assert _acts(auditor, actor="applicant") == ["submit", "submit"]
    assert _acts(auditor, first_on="2026-03-03") == ["submit"]
    assert _acts(auditor, last_on="2026-03-02") == ["forward", "submit"]
    assert _acts(auditor, first_on="2026-03-03", last_on="2026-03-03") == []


def test_a_case_that_does_not_exist_is_said_at_its_field(auditor: Client) -> None:
    page = auditor.get(reverse("office:events"), {"case": "nothing"})
    assert list(page.context["form"].errors) == ["case"]


def test_pages_follow_each_other_without_gap_or_repetition(
    auditor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trails, "PAGE_SIZE", 3)
    in_force(cast)
    forwarded(cast, at=MORNING, seed=2)
    seen, address = [], reverse("office:events")
    while address:
        page = auditor.get(address)
        seen += [each["event"].id for each in page.context["lines"]]
        address = f"{reverse('office:events')}{page.context['next_url']}" if page.context["next_url"] else ""
    expected = Event.objects.filter(stream_kind="filing").order_by("-at", "-id").values_list("pk", flat=True)
    assert seen == list(expected)
    assert len(seen) == 6


def test_the_export_holds_what_the_filter_shows(auditor: Client, cast: Cast) -> None:
    in_force(cast)
    response = auditor.get(reverse("office:events_csv"), {"act": "approve"})
    text = response.getvalue().decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    event = Event.objects.get(act="approve")
    assert len(rows) == 2
    assert rows[0][:3] == ["时间", "操作", "操作人"]
    assert rows[1][-3:] == [str(event.sequence), event.previous_hash, event.hash]


def test_a_name_that_looks_like_a_formula_is_written_as_text(auditor: Client, cast: Cast) -> None:
    member = cast.member
    member.name = "=1+1"
    member.save()
    submitted(cast)
    text = auditor.get(reverse("office:events_csv")).getvalue().decode()
    assert ",=1+1," not in text
    assert "=1+1" in text


def test_a_whole_chain_is_said_to_be_whole(auditor: Client, cast: Cast) -> None:
    case = in_force(cast)
    page = auditor.get(reverse("office:verify"), {"stream": case.application.receipt_number})
    assert page.context["violations"] == []
    assert page.context["event_count"] == 4
    assert "链条完整" in page.content.decode()


def test_an_altered_event_is_found_and_shown(auditor: Client, cast: Cast) -> None:
    case = in_force(cast)
    with pgtrigger.ignore("registry.Event:event_append_only"):
        Event.objects.filter(act="approve").update(actor_role="national_head")
    assert [each.code for each in verify_stream(case.application.stream_id).violations] == ["event_altered"]
    page = auditor.get(reverse("office:verify"), {"stream": str(case.application.stream_id)})
    assert len(page.context["violations"]) == 1
    assert "event_altered" in page.content.decode()


@pytest.mark.parametrize("count", [1, 8])
def test_the_trail_takes_the_same_queries_for_any_number(
    auditor: Client, cast: Cast, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        submitted(cast, seed=number + 1)
        set_active(
            cast.provincial.pk,
            is_active=bool(number % 2),
            reason="样例：写明理由",
            by=cast.administrator,
        )
    auditor.get(reverse("office:events"))
    # One of them for the names of officers, however many acts name one.
    with django_assert_num_queries(5):
        auditor.get(reverse("office:events"))


@pytest.mark.parametrize("name", ["office:events", "office:events_csv", "office:verify"])
@pytest.mark.parametrize(
    "who", ["member", "provincial", "provincial_head", "national", "national_head", "administrator"]
)
def test_nobody_else_opens_the_auditors_pages(client: Client, cast: Cast, name: str, who: str) -> None:
    client.force_login(getattr(cast, who), backend="registry.accounts.backends.AccountBackend")
    assert client.get(reverse(name)).status_code == 404
