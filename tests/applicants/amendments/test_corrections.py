"""Answering what the office asks to have corrected: only what is named is open, every point is answered."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from applicants.deadlines import reminders
from registry import clock
from registry.models import Application, Notice
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.applicants.amendments.amending import (
    ANSWER,
    CLEAR,
    answer_reasons,
    begin,
    events,
    mend,
    path_of,
    send,
)
from tests.applicants.cancellations.test_cancellation import ask as ask_to_cancel
from tests.applicants.cancellations.test_cancellation import cancellation_of
from tests.applicants.pages import Desk, value_in
from tests.builders.register import MORNING, Cast, in_force, submitted

DAY = timedelta(days=1)
DESCRIPTION = "service.description"
# Received on Monday, 2 March 2026.
FRIDAY = "2026-03-06"


def asked(cast: Cast, *keys: str, case: SampleCase | None = None, answer_by: str = FRIDAY) -> SampleCase:
    """A case whose province asks for corrections of these places."""
    case = case or submitted(cast)
    points = [
        dict(SAMPLE_REASON) | {"id": str(number), "key": key} for number, key in enumerate(keys, start=1)
    ]
    walk.act(case, Act.ASK, by=cast.provincial, at=clock.now(), points=points, answer_by=answer_by)
    return case


@pytest.fixture
def case(desk: Desk, cast: Cast) -> SampleCase:
    return asked(cast, DESCRIPTION)


def test_only_what_is_named_reopens(desk: Desk, case: SampleCase) -> None:
    draft, place = begin(desk, case, key=DESCRIPTION)
    page = desk.get("section", draft.pk, "service").content.decode()
    assert path_of(place)[1]
    assert '<textarea name="description"' in page
    assert 'name="service_name" ' not in page.replace("disabled", "")
    applicant = desk.get("section", draft.pk, "applicant").content.decode()
    assert 'name="name"' not in applicant


def test_every_point_is_answered_and_what_changed_is_sent(desk: Desk, case: SampleCase) -> None:
    draft, _place = begin(desk, case)
    mend(desk, draft, "service", description=CLEAR)
    unanswered = send(desk, draft)
    assert unanswered.status_code == 409
    assert "#answer-1" in unanswered.content.decode()
    answer_reasons(desk, draft, {"1": ANSWER})
    assert send(desk, draft).status_code == 302
    application = case.application
    assert (application.revision_number, application.round_number, application.asked_until) == (2, 1, None)
    (event,) = events(application, Act.SUPPLEMENT)
    assert event.payload["answers"] == {"1": ANSWER}
    page = desk.get("application", application.pk).content.decode()
    assert ANSWER in page


def test_an_answer_may_be_that_nothing_has_to_change(desk: Desk, case: SampleCase) -> None:
    draft, _place = begin(desk, case)
    answer_reasons(desk, draft, {"1": ANSWER})
    assert send(desk, draft).status_code == 302
    assert case.application.asked_until is None


def test_the_page_of_the_application_leads_to_each_point(desk: Desk, case: SampleCase) -> None:
    page = desk.get("application", case.application_id).content.decode()
    assert 'id="reason-1"' in page
    assert f'name="key" value="{DESCRIPTION}"' in page
    assert "2026-03-06" in page
    assert (
        reverse("applicants:application", args=[case.application_id])
        in desk.get("dashboard").content.decode()
    )


def test_a_supplement_begun_before_goes_on_as_the_answer(desk: Desk, cast: Cast) -> None:
    case = submitted(cast)
    draft, _place = begin(desk, case)
    desk.post("open_section", draft.pk, "service")
    mend(desk, draft, "service", description=CLEAR)
    asked(cast, DESCRIPTION, case=case)
    unanswered = send(desk, draft)
    assert unanswered.status_code == 409
    assert "#answer-1" in unanswered.content.decode()
    answer_reasons(desk, draft, {"1": ANSWER})
    assert send(desk, draft).status_code == 302


def test_it_stands_among_the_deadlines_and_is_reminded_of_once(
    desk: Desk, cast: Cast, case: SampleCase
) -> None:
    thursday = MORNING.replace(day=5)
    for at, count in ((MORNING + DAY, 0), (thursday, 1), (thursday, 0), (thursday + DAY, 0)):
        clock.set_for_tests(at)
        assert case.application_id in reminders.subjects_to_look_at()
        assert (reminders.remind(case.application_id, at=at) > 0) is bool(count)
    assert Notice.objects.filter(kind="answer_due", account=cast.member).count() == 1
    clock.set_for_tests(MORNING)
    assert "2026-03-06" in Desk.of(cast.member).get("deadlines").content.decode()


def test_the_arrangement_of_a_cancellation_is_asked_about_alike(desk: Desk, cast: Cast) -> None:
    filed = in_force(cast)
    clock.set_for_tests(MORNING + 7 * DAY)
    desk = Desk.of(cast.member)
    ask_to_cancel(desk, filed)
    application = cancellation_of(filed)
    case = asked(
        cast,
        "cancellation.arrangement",
        case=SampleCase(application.pk, cast.member),
        answer_by="2026-03-13",
    )
    page = unescape(desk.get("cancellation", application.pk).content.decode())
    assert 'name="answer_1"' in page
    assert 'name="explanation"' not in page
    given = {
        "key": value_in(page, "key"),
        "ends_on": value_in(page, "ends_on"),
        "arrangement": "样例：提前三十日公告，用户可导出数据。",
        "declaration": "on",
        "step": "submit",
    }
    assert desk.post("cancellation", application.pk, data=given).status_code == 400
    assert desk.post("cancellation", application.pk, data=given | {"answer_1": ANSWER}).status_code == 302
    found = Application.objects.get(pk=case.application_id)
    assert (found.asked_until, found.revision_number) == (None, 2)
    (event,) = events(found, Act.SUPPLEMENT)
    assert event.payload["answers"] == {"1": ANSWER}


def test_nothing_is_told_to_have_passed_before_its_day_has_ended(desk: Desk, case: SampleCase) -> None:
    assert case.application.asked_until == date(2026, 3, 6)
    for at, words in ((MORNING.replace(day=6), "今日"), (MORNING.replace(day=7), "届满")):
        clock.set_for_tests(at)
        assert words in Desk.of(case.member).get("application", case.application_id).content.decode()
