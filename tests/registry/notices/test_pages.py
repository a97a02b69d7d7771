"""The pages of notices: the inbox, who is not told yet, what is sent where, and the administrator's texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from registry import clock
from registry.models import Account, Delivery, Notice, NoticeText, NotificationSettings, OfficeProposal
from registry.notices import filing_notices
from registry.notices import notice as notices
from registry.notices.kinds import kind_of
from registry.rules.workflow.states import Act
from tests.builders import batch as batches
from tests.builders import objection as objections
from tests.builders import register as build
from tests.builders import striking_off as strikings_off
from tests.builders.register import MORNING, Cast
from tests.builders.telling import telling
from tests.client import ClientResponse
from tests.registry.notices.conftest import reachable
from tests.review.officers import sign_in

pytestmark = pytest.mark.django_db

NOW = MORNING + timedelta(days=2)
SMS = Delivery.Channel.SMS


@pytest.fixture
def as_account(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Client]:
    def browser(account: Account, language: str = "en") -> Client:
        client = Client(headers={"Accept-Language": language})
        client.force_login(account)
        return client

    clock.set_for_tests(NOW)
    return browser


def fill_inbox(account: Account, count: int) -> list[Notice]:
    facts = kind_of("lapsed").sample
    for number in range(count):
        at = MORNING + timedelta(minutes=number)
        notices.notify(
            "lapsed", key=str(number), accounts=[account], facts=facts, link_path="/applicant/", at=at
        )
    return list(Notice.objects.filter(account=account).order_by("created_at"))


def keys(answer: ClientResponse) -> list[str]:
    return [notice.key for notice in answer.context["rows"]]


def test_the_inbox_has_what_is_unread_first_page_by_page(as_account: Callable[..., Client]) -> None:
    reader = reachable("Sample Reader", 1)
    found = fill_inbox(reader, 24)
    for notice in (found[23], found[2]):
        notices.open_notice(notice, at=NOW)
    client = as_account(reader)
    first = client.get(reverse("applicants:inbox"))
    assert keys(first) == [str(number) for number in range(22, 2, -1)]
    second = client.get(reverse("applicants:inbox") + first.context["next_url"])
    assert keys(second) == ["1", "0", "23", "2"]
    assert second.context["next_url"] == ""
    assert client.get(reverse("applicants:inbox") + "?after=nonsense").status_code == 200


@pytest.mark.parametrize("count", [1, 20])
def test_the_inbox_asks_as_many_queries_for_one_notice_as_for_twenty(
    as_account: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    reader = reachable("Sample Reader", 1)
    fill_inbox(reader, count)
    client = as_account(reader)
    client.get(reverse("applicants:inbox"))
    with django_assert_num_queries(5):
        client.get(reverse("applicants:inbox"))


def test_a_notice_is_shown_as_it_was_sent_and_is_opened_then(as_account: Callable[..., Client]) -> None:
    reader = reachable("Sample Reader", 1)
    (notice,) = fill_inbox(reader, 1)
    client = as_account(reader)
    url = reverse("applicants:notice", args=[notice.pk])
    client.head(url)
    assert notices.unread_count(reader) == 1
    page = client.get(url).content.decode()
    assert "样例溯源平台" in page
    assert '<a href="/applicant/">http://testserver/applicant/</a>' in page
    notice.refresh_from_db()
    assert (notice.opened_at, notices.unread_count(reader)) == (NOW, 0)
    assert as_account(reachable("Somebody", 2)).get(url).status_code == 404


@pytest.fixture
def lost(cast: Cast) -> Delivery:
    """The receipt of a Beijing case, of which nobody knows whether the text message arrived."""
    case = build.submitted(cast)
    member = cast.member
    member.mobile, member.mobile_verified_at = "+8619900000011", MORNING
    member.save()
    receipt = case.application.events.get(act=Act.SUBMIT.value)
    filing_notices.notify_applicant(receipt.pk, at=MORNING)
    Delivery.objects.filter(channel=SMS).update(
        state=Delivery.State.UNKNOWN, next_attempt_at=None, last_error="no_answer:ReadTimeout"
    )
    return Delivery.objects.get(channel=SMS)


def test_the_office_sees_whom_a_notice_did_not_reach_and_notes_a_phone_call(
    as_account: Callable[..., Client], cast: Cast, lost: Delivery
) -> None:
    listed = reverse("review:not_told")
    officer = as_account(cast.provincial)
    page = officer.get(listed)
    assert [row["sent"].notice.pk for row in page.context["rows"]] == [lost.notice_id]
    assert "not known whether it arrived" in page.content.decode()
    assert "+86 199 ****0011" in page.content.decode()
    assert as_account(cast.elsewhere).get(listed).context["rows"] == []
    told = reverse("review:told", args=[lost.notice_id])
    called = telling(cast.provincial, at=NOW)
    assert as_account(cast.elsewhere).post(told, called).status_code == 404
    assert officer.post(told, called | {"note": ""}).status_code == 400
    for how in ("phone", "in_person"):
        assert officer.post(told, called | {"how": how}).status_code == 302
    notice = Notice.objects.get(pk=lost.notice_id)
    assert (notice.told_how, notice.told_by, notice.told_at) == ("phone", cast.provincial, NOW)
    assert notice.event is not None
    assert notices.arrival_of(notice.event) == notices.Arrival(NOW, "phone", cast.provincial.pk)
    assert officer.get(listed).context["rows"] == []
    other = officer.get(listed + "?show=reached")
    assert [row["sent"].notice.pk for row in other.context["rows"]] == [lost.notice_id]


def test_what_may_have_arrived_is_sent_again_only_because_an_officer_says_so(
    as_account: Callable[..., Client], cast: Cast, lost: Delivery
) -> None:
    url = reverse("review:send_again", args=[lost.pk])
    officer = as_account(cast.national)
    assert "It may have arrived" in officer.get(url).content.decode()
    lost.refresh_from_db()
    assert lost.state == "unknown"
    assert officer.post(url).status_code == 302
    lost.refresh_from_db()
    assert (lost.state, lost.attempts, lost.next_attempt_at) == ("waiting", 0, NOW)
    # It is on its way now: a second press is refused.
    assert officer.post(url).status_code == 409


@pytest.mark.parametrize("kind", ["objection_sent", "strike_off_notice"])
def test_what_a_proceeding_told_an_applicant_in_vain_is_on_the_national_desk_alone(
    as_account: Callable[..., Client], cast: Cast, kind: str
) -> None:
    (filing,) = batches.filings_in_force(cast, 1)
    if kind == "objection_sent":
        about = reverse("review:objection", args=[objections.sent(cast, batches.published(cast)).pk])
        strikings_off.tell_applicants()
    else:
        noticed = strikings_off.noticed(cast, strikings_off.proposed(cast, filing))
        about = reverse("review:striking_off", args=[noticed.pk])
    notice = Notice.objects.get(kind=kind)
    lost = Delivery.objects.create(notice=notice, channel=SMS, state="given_up", next_attempt_at=None)
    listed, again = reverse("review:not_told"), reverse("review:send_again", args=[lost.pk])
    national, provincial = as_account(cast.national), as_account(cast.provincial)
    page = national.get(listed).content.decode()
    assert (about in page, again in page, str(filing.number) in page) == (True, True, True)
    assert again not in provincial.get(listed).content.decode()
    assert provincial.post(again).status_code == 404
    assert about in national.get(again).content.decode()
    assert national.post(again).status_code == 302
    lost.refresh_from_db()
    assert lost.state == "waiting"
    told = reverse("review:told", args=[notice.pk])
    later = max(NOW, notice.created_at)
    clock.set_for_tests(later)
    assert national.post(told, telling(cast.national, at=later)).status_code == 302
    assert again not in national.get(listed).content.decode()


def confirm_as(account: Account, url: str) -> None:
    """Another person confirms what is proposed at a text's page."""
    proposal = OfficeProposal.objects.get(state="proposed")
    fields = {"proposal": str(proposal.pk), "act": "change_confirmed"}
    sign_in(account).post(f"{url}decide/", fields)


def test_a_text_with_a_wrong_place_is_refused_with_the_places_there_are(
    as_account: Callable[..., Client], cast: Cast
) -> None:
    url = reverse("office:notice_text", args=["lapsed", "en"])
    client = as_account(cast.administrator)
    sent = {"subject": "Sample", "body": "{receipt_number} {link} {salary}", "sms": "Sample"}
    sent |= {"act": "propose", "reason": "样例：写明理由"}
    refused = client.post(url, sent)
    assert refused.status_code == 400
    (error,) = refused.context["form"].errors["body"]
    assert error == (
        "There is no place {salary}. These may be used: {applicant_name} {decision} {link} {receipt_number} "
        "{recipient} {service_name}."
    )
    sent["body"] = "Number {receipt_number}: {link}"
    looked_at = client.post(url, {**sent, "act": "preview"})
    assert "Number 2026-11-000001" in looked_at.content.decode()
    assert NoticeText.objects.count() == 0
    client.post(url, sent)
    confirm_as(cast.national_head, url)
    assert notices.preview("lapsed", kind_of("lapsed").sample, "en").subject == "Sample"
    client.post(reverse("office:notice_text_shipped", args=["lapsed", "en"]), {"reason": "样例：写明理由"})
    confirm_as(cast.national_head, url)
    assert notices.preview("lapsed", kind_of("lapsed").sample, "en").subject.startswith("Lapsed:")


def test_an_account_chooses_its_ways_and_the_switch_of_language_holds_for_its_notices(
    as_account: Callable[..., Client],
) -> None:
    reader = reachable("Sample Reader", 1)
    client = as_account(reader)
    client.post(reverse("account_notifications"), {"by_sms": "on", "language": "zh-hans"})
    chosen = NotificationSettings.objects.get(account=reader)
    assert (chosen.by_email, chosen.by_sms) == (False, True)
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    client.post(reverse("set_language"), {"language": "xx", "next": "/"})
    reader.refresh_from_db()
    assert reader.language == "en"
    (notice,) = fill_inbox(reader, 1)
    assert notice.subject.startswith("Lapsed:")
    assert set(notice.deliveries.values_list("channel", flat=True)) == {"inbox", "email", "sms"}
