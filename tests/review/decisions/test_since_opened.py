"""What has happened since the case was opened: what the case page had shown is never called new."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from registry import clock
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from tests.builders import register as build
from tests.builders.register import MORNING, Cast, approve, change_applicant
from tests.client import ClientResponse
from tests.review.officers import mark_all, seen, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SINCE = "Since you opened the case"
NOT_LOST = "Nothing you typed is lost"
OPINION = {"recommends": "approval", "text": "样例意见：均已核对"}


@pytest.fixture
def pending(cast: Cast) -> SampleCase:
    """A pending first filing of an applicant with a filing in force; its items are all marked."""
    build.in_force(cast)
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = "样例待定服务"
    case = walk.submit(materials, member=cast.member, at=MORNING + 4 * HOUR)
    clock.set_for_tests(MORNING + 7 * HOUR)
    mark_all(case, cast.provincial, at=MORNING + 5 * HOUR)
    return case


def rename(cast: Cast, case: SampleCase) -> None:
    change = change_applicant(
        cast, case.application.applicant, {"applicant.name": "样例新名"}, at=MORNING + 5 * HOUR
    )
    approve(cast, change, at=MORNING + 6 * HOUR)
    # Marks on what the change has replaced fell.
    mark_all(case, cast.provincial, at=MORNING + 7 * HOUR)


def follow(cast: Cast, case: SampleCase, act: Act) -> ClientResponse:
    """The page of an act, by its link on the case page as it is now."""
    client = sign_in(cast.provincial)
    page = client.get(url("case", case)).content.decode()
    (link,) = re.findall(rf'href="({url("act", case, act.value)}\?[^"]+)"', page)
    return client.get(link.replace("&amp;", "&"))


def test_a_change_of_the_applicant_that_the_case_page_shows_is_not_new(
    cast: Cast, pending: SampleCase
) -> None:
    rename(cast, pending)
    for act in (Act.FORWARD, Act.PROPOSE_REJECTION):
        shown = text_of(follow(cast, pending, act))
        assert SINCE not in shown
        assert NOT_LOST not in shown
    assert send(sign_in(cast.provincial), pending, Act.FORWARD, OPINION).status_code == 302


def test_a_change_of_the_applicant_after_the_page_was_opened_is_new_and_refuses_the_act(
    cast: Cast, pending: SampleCase
) -> None:
    client, on_screen = sign_in(cast.provincial), seen(pending.application)
    rename(cast, pending)
    opened = text_of(client.get(url("act", pending, Act.FORWARD.value), on_screen))
    assert SINCE in opened
    # Nothing has been typed yet.
    assert NOT_LOST not in opened
    refused = send(client, pending, Act.FORWARD, OPINION, on_screen=on_screen)
    assert refused.status_code == 409
    assert NOT_LOST in text_of(refused)
    # The form is bound to the case as it is now.
    assert f'name="event" value="{seen(pending.application)["event"]}"' in refused.content.decode()
    assert send(client, pending, Act.FORWARD, OPINION).status_code == 302


def test_no_page_of_an_act_calls_new_what_its_case_page_showed(cast: Cast) -> None:
    case = build.submitted(cast)
    clock.set_for_tests(MORNING + HOUR)
    assert SINCE not in text_of(follow(cast, case, Act.FORWARD))
