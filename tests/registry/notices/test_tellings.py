"""Telling by other means is evidence: when, by whom, to whom, how, with a file; it stands in the history (Art. 12)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from registry import clock
from registry.models import Delivery, Notice, Telling
from registry.notices import filing_notices, unreached
from registry.notices import notice as notices
from registry.notices.tellings import TellingRefused, Told, note_told_by_office
from registry.rules.tellings import faults_of_telling
from registry.rules.workflow.states import Act
from review.access import cases_of
from tests.builders import register as build
from tests.builders.register import MORNING, Cast
from tests.builders.telling import receipt, telling, told
from tests.registry.notices.test_pages import NOW, as_account

__all__ = ["as_account"]

pytestmark = pytest.mark.django_db

# An hour and a half before it is noted.
CALLED = NOW - timedelta(minutes=90)
NUMBER = "XA12345678911"


@pytest.fixture
def lost(cast: Cast) -> Notice:
    """The notice of a rejection that was given up on its way."""
    case = build.rejected(cast)
    event = case.application.events.get(act=Act.REJECT.value)
    filing_notices.notify_applicant(event.pk, at=MORNING + timedelta(hours=3))
    notice = Notice.objects.get(event=event)
    notice.deliveries.exclude(channel=Delivery.Channel.INBOX).delete()
    Delivery.objects.create(notice=notice, channel="sms", state="given_up", next_attempt_at=None)
    return notice


def address(notice: Notice) -> str:
    return reverse("review:told", args=[notice.pk])


def test_art_12_a_call_is_noted_with_hour_people_and_file_and_is_the_arrival(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    officer = as_account(cast.provincial)
    form = telling(cast.provincial_second, at=CALLED, told_to="样例负责人")
    assert officer.post(address(lost), form | {"proof": receipt()}).status_code == 302
    noted = Telling.objects.get()
    assert (noted.how, noted.told_at, noted.told_by, noted.told_to) == (
        "phone",
        CALLED,
        cast.provincial_second,
        "样例负责人",
    )
    assert (noted.noted_by, noted.noted_at, noted.files.count()) == (cast.provincial, NOW, 1)
    assert lost.event is not None
    assert notices.arrival_of(lost.event) == notices.Arrival(CALLED, "phone", cast.provincial.pk)
    page = officer.get(address(lost)).content.decode()
    assert ("样例负责人" in page, cast.provincial_second.name in page) == (True, True)
    (link,) = re.findall(r'href="(/review/not-told/[^"]+/files/[^"]+)"', page)
    assert officer.get(link)["Content-Type"] == "image/png"
    assert as_account(cast.elsewhere).get(link).status_code == 404
    assert as_account(cast.member).get(link).status_code == 404


def test_the_form_begins_with_now_and_the_officer_in_the_form_a_browser_takes(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    page = as_account(cast.provincial, "zh-hans").get(address(lost)).content.decode()
    assert re.search(r'name="told_on" value="2026-03-04"', page)
    assert re.search(r'name="told_time" value="10:00"', page)
    assert f'<option value="{cast.provincial.pk}" selected>' in page


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"how": "post"}, "tracking_number", "tracking number"),
        ({"tracking_number": "X1"}, "tracking_number", "Only a letter has a tracking number"),
        ({"told_time": "23:59"}, "told_time", "has not come yet"),
        ({"told_on": "2026-02-01"}, "told_time", "made later than this"),
        ({"told_to": ""}, "told_to", "Fill in “Who took it”."),
        ({"told_time": ""}, "told_time", "Fill in “Hour at which it was told”."),
        ({"told_on": "2026-13-41"}, "told_on", "valid date"),
        ({"note": "\u200b"}, "note", ""),
        ({"how": "carrier_pigeon"}, "how", "valid choice"),
    ],
)
def test_a_note_that_proves_nothing_is_refused_and_nothing_typed_is_lost(
    as_account: Callable[..., Client],
    cast: Cast,
    lost: Notice,
    changed: dict[str, str],
    field: str,
    words: str,
) -> None:
    form = telling(cast.provincial, at=CALLED, told_to="样例传达室") | changed
    answer = as_account(cast.provincial).post(address(lost), form)
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {field}
    assert words in str(answer.context["form"].errors[field])
    if field not in ("told_to", "note"):
        assert "样例传达室" in answer.content.decode()
    assert not Telling.objects.exists()


def test_a_letter_has_its_tracking_number_and_another_way_needs_none(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    officer = as_account(cast.provincial)
    form = telling(cast.provincial, at=CALLED, how="post", tracking_number=NUMBER)
    assert officer.post(address(lost), form).status_code == 302
    assert (Telling.objects.get().how, Telling.objects.get().tracking_number) == ("post", NUMBER)
    faults = faults_of_telling(
        told_at=CALLED, by_post=False, tracking_number="", made_at=MORNING, noted_at=NOW
    )
    assert faults == {}


def test_nobody_of_another_office_can_be_named_as_who_told_it(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    answer = as_account(cast.provincial).post(address(lost), telling(cast.elsewhere, at=CALLED))
    assert set(answer.context["form"].errors) == {"told_by"}


def test_the_first_note_stays_and_a_second_one_changes_nothing(cast: Cast, lost: Notice) -> None:
    clock.set_for_tests(NOW)
    first = told(lost, cast.provincial, at=NOW)
    again = Told(how=Notice.ToldHow.PHONE, note="样例：后来的", at=CALLED)
    assert note_told_by_office(lost, again, by=cast.provincial_second, at=NOW) == first
    lost.refresh_from_db()
    assert (lost.told_how, lost.told_at, Telling.objects.count()) == ("post", NOW, 1)


def test_a_program_cannot_note_it_without_what_proves_it(cast: Cast, lost: Notice) -> None:
    clock.set_for_tests(NOW)
    for refused, code in (
        (Told(how=Notice.ToldHow.POST, note="样例"), "tracking_number_missing"),
        (Told(how=Notice.ToldHow.PHONE, at=NOW + timedelta(minutes=1)), "told_in_the_future"),
        (Told(how=Notice.ToldHow.PHONE, at=MORNING), "told_before_there_was_anything"),
    ):
        with pytest.raises(TellingRefused, match=code):
            note_told_by_office(lost, refused, by=cast.provincial, at=NOW)
    lost.refresh_from_db()
    assert lost.told_at is None


def test_who_took_it_is_encrypted(cast: Cast, lost: Notice) -> None:
    clock.set_for_tests(NOW)
    told(lost, cast.provincial, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT told_to FROM registry_telling")
        (kept,) = cursor.fetchone()
    assert "样例收件人".encode() not in bytes(kept)
    assert Telling.objects.get().told_to == "样例收件人"


def test_it_stands_in_the_history_of_the_case(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    officer = as_account(cast.provincial)
    case = reverse("review:case", args=[lost.application_id])
    assert NUMBER not in officer.get(case).content.decode()
    told(lost, cast.provincial, at=NOW)
    for account in (cast.provincial_second, cast.national):
        page = as_account(account).get(case).content.decode()
        history = page.split('id="timeline"', 1)[1].split("</section>", 1)[0]
        for said in (
            "Told by the office itself: By post",
            NUMBER,
            "样例收件人",
            "样例：已挂号寄出。",
            cast.provincial.name,
            address(lost),
        ):
            assert said in history
    # The applicant's page tells it as an arrival, without what the office noted.
    own = as_account(cast.member).get(reverse("applicants:application", args=[lost.application_id]))
    assert NUMBER not in own.content.decode()


def test_a_badge_says_where_something_waits_to_be_told(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    badge = re.compile(r'href="/review/not-told/"[^>]*>(.*?)</a>', re.S)

    def count(page: str) -> str:
        found = badge.search(page)
        assert found is not None
        return "".join(re.findall(r"\d+", re.sub("<[^>]+>", "", found[1])))

    queue = reverse("review:queue")
    assert [
        count(as_account(each).get(queue).content.decode()) for each in (cast.provincial, cast.national)
    ] == [
        "1",
        "1",
    ]
    assert count(as_account(cast.elsewhere).get(queue).content.decode()) == ""
    told(lost, cast.provincial, at=NOW)
    assert count(as_account(cast.provincial).get(queue).content.decode()) == ""


def test_the_badge_counts_as_many_as_the_page_lists_also_what_went_nowhere(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    """A formal notice to somebody without an e-mail address or a mobile has failed nowhere, and waits all the same."""
    lost.deliveries.exclude(channel=Delivery.Channel.INBOX).delete()
    Notice.objects.filter(pk=lost.pk).update(created_at=NOW - unreached.INBOX_WAIT)
    office = as_account(cast.provincial)
    page = office.get(reverse("review:not_told"))
    assert len(page.context["rows"]) == 1
    assert re.search(r'href="/review/not-told/"[^>]*>[^<]*<[^>]*>\s*1', page.content.decode())
    about_cases = unreached.about(cases_of(cast.provincial), with_proceedings=False)
    assert unreached.waiting_to_be_told(about_cases) == unreached.not_reached(about_cases).count() == 1
    told(lost, cast.provincial, at=NOW)
    assert unreached.waiting_to_be_told(about_cases) == unreached.not_reached(about_cases).count() == 0


def test_what_only_the_inbox_brings_waits_there_for_a_day_before_it_has_to_be_told(
    as_account: Callable[..., Client], cast: Cast, lost: Notice
) -> None:
    lost.deliveries.exclude(channel=Delivery.Channel.INBOX).delete()
    made_at = NOW - timedelta(minutes=2)
    Notice.objects.filter(pk=lost.pk).update(created_at=made_at)
    first, inbox = reverse("review:not_told"), reverse("review:not_told") + "?show=inbox"

    def listed() -> tuple[int, int, int]:
        about_cases = unreached.about(cases_of(cast.provincial), with_proceedings=False)
        office = as_account(cast.provincial)
        rows = [len(office.get(page).context["rows"]) for page in (first, inbox)]
        return rows[0], rows[1], unreached.waiting_to_be_told(about_cases)

    assert listed() == (0, 1, 0)
    assert address(lost) in as_account(cast.provincial).get(inbox).content.decode()
    clock.set_for_tests(made_at + timedelta(days=1))
    assert listed() == (1, 0, 1)
    clock.set_for_tests(NOW)
    Notice.objects.filter(pk=lost.pk).update(opened_at=NOW)
    assert listed() == (0, 0, 0)
