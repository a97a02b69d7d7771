"""A text message leads by a short address to what it is about, and only its recipient gets there."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from registry import clock, tasks
from registry.models import Notice
from registry.notices.kinds import kind_of
from registry.notices.short_address import short_path
from registry.notices.wording import preview
from registry.sample.walk import SampleCase
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

ADDRESS = re.compile(r"https?://[^/\s]+(/n/[a-z2-7]{12}/)")


def told(case: SampleCase, kind: str) -> Notice:
    with clock.stopped_at(MORNING):
        tasks.sweep_notices()
    return Notice.objects.get(kind=kind, application=case.application_id)


def path_in(text: str) -> str:
    found = ADDRESS.search(text)
    assert found is not None, text
    return found[1]


def test_a_text_message_says_a_short_address_of_ascii_and_the_mail_the_whole_one(cast: Cast) -> None:
    notice = told(build.submitted(cast), "submitted")
    assert len(path_in(notice.sms)) == 16
    assert path_in(notice.sms) in notice.sms_parameters["link"]
    assert str(notice.application_id) not in notice.sms
    assert notice.link_path in notice.body
    assert not ADDRESS.search(notice.body)


def test_the_short_address_leads_its_recipient_to_what_the_notice_is_about(
    cast: Cast, client: Client
) -> None:
    notice = told(build.submitted(cast), "submitted")
    assert notice.account is not None
    client.force_login(notice.account)
    for typed in (path_in(notice.sms), f"/n/{path_in(notice.sms)[3:].capitalize()}"):
        answer = client.get(typed)
        assert (answer.status_code, answer.headers["Location"]) == (302, notice.link_path)


def test_who_is_not_signed_in_signs_in_first_and_is_led_on(cast: Cast, client: Client) -> None:
    path = path_in(told(build.submitted(cast), "submitted").sms)
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"?next={path}")


def test_nobody_else_is_led_by_it_and_another_code_leads_nowhere(cast: Cast, client: Client) -> None:
    notice = told(build.submitted(cast), "submitted")
    client.force_login(cast.provincial)
    assert client.get(path_in(notice.sms)).status_code == 404
    assert notice.account is not None
    client.force_login(notice.account)
    for code in ("aaaaaaaaaaaa", "a" * 11, "a" * 13, "0" * 12, "a" * 200):
        assert client.get(f"/n/{code}/").status_code == 404, code


def test_each_notice_has_an_address_of_its_own() -> None:
    first = short_path("/applicant/applications/00000000-0000-4000-8000-000000000000/", uuid.uuid4())
    second = short_path("/applicant/applications/00000000-0000-4000-8000-000000000000/", uuid.uuid4())
    assert first != second


@pytest.mark.parametrize("path", ["/applicant/", "/office/jobs/", "/filings/91310000000000000000/", ""])
def test_an_address_without_the_name_of_a_row_stays_as_it_is(path: str) -> None:
    assert short_path(path, uuid.uuid4()) == path


def test_a_preview_is_as_long_as_what_is_sent(cast: Cast) -> None:
    case = build.submitted(cast)
    notice = told(case, "submitted")
    shown = preview("submitted", kind_of("submitted").sample, notice.language, link_path=notice.link_path)
    assert len(path_in(shown.sms)) == len(path_in(notice.sms))
