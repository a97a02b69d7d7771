"""A change of the applicant at the desk: named after the applicant, with its filings in every province."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from registry.calendar.current import current_calendar
from registry.documents.case_files import case_file
from registry.models import Application, Notice
from registry.notices.filing_notices import events_for_applicants, notify_applicant
from registry.notices.subject import subject_of
from registry.presentation.timeline import timeline
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.case.other_filings import other_filings_of
from review.review_forms.content import facts_of
from tests.builders import register as build
from tests.builders.register import GUANGDONG_DIVISION, MORNING, Cast, approve, change_applicant
from tests.registry.documents.reading import words_of
from tests.review.officers import sign_in, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NEW_NAME = "样例迁址科技有限公司"
MOVED = {"applicant.name": NEW_NAME, "applicant.division_code": GUANGDONG_DIVISION}


def another_service(cast: Cast, name: str) -> SampleCase:
    materials = build.materials_for(cast)
    materials["service"]["service_name"] = name
    return walk.submit(materials, member=cast.member, at=MORNING + HOUR)


@pytest.fixture
def scene(cast: Cast) -> tuple[SampleCase, SampleCase, SampleCase]:
    """A filing in force and a pending one in Beijing, and a change that moves their applicant to Guangdong."""
    first = build.in_force(cast)
    pending = another_service(cast, "样例待定服务")
    change = change_applicant(cast, first.application.applicant, MOVED, at=MORNING + 4 * HOUR)
    return first, pending, change


def test_it_is_named_after_the_applicant_and_says_how_many_filings_it_touches(
    cast: Cast, scene: tuple[SampleCase, SampleCase, SampleCase]
) -> None:
    first, _pending, change = scene
    service, name = first.application.service_name, first.application.applicant_name
    subject = subject_of(change.application)
    # As it is called now: the new name is proposed.
    assert (subject.title, subject.filing_count) == (name, 2)
    officer, member = sign_in(cast.elsewhere), sign_in(cast.member)
    pages = [
        officer.get(reverse("review:queue")),
        officer.get(url("case", change)),
        officer.get(url("note", change)),
        member.get(reverse("applicants:application", args=[change.application_id])),
    ]
    for page in pages:
        shown = text_of(page)
        assert name in shown
        assert "2" in subject.detail
        assert subject.detail in shown
    # No title, heading or row names the service that the applicant's facts were approved with.
    heading = re.search(r"<h1>(.*?)</h1>", pages[1].content.decode(), re.S)
    assert heading is not None
    assert heading.group(1) == name
    assert service not in text_of(pages[0])
    dashboard = member.get(reverse("applicants:dashboard")).content.decode()
    link = reverse("applicants:application", args=[change.application_id])
    assert f'<a href="{link}">{name}</a>' in dashboard
    with override("zh-hans"):
        form = facts_of(change.application, calendar=current_calendar())
    assert service not in str(form)
    assert "2 项备案" in str(form)
    head = words_of(case_file(change.application, for_office=True)).split("收件编号")[0]
    assert name in head
    assert service not in head


def test_the_number_of_filings_stays_what_was_touched_once_it_is_approved(
    cast: Cast, scene: tuple[SampleCase, SampleCase, SampleCase]
) -> None:
    _first, pending, change = scene
    approve(cast, change, at=MORNING + 5 * HOUR)
    another = another_service(cast, "样例后来服务")
    assert another.application.applicant_name == NEW_NAME
    assert subject_of(change.application).filing_count == 2
    withdrawn = change_applicant(
        cast, pending.application.applicant, {"applicant.name": "样例不再"}, at=MORNING + 6 * HOUR
    )
    walk.act(withdrawn, Act.WITHDRAW, by=cast.member, at=MORNING + 7 * HOUR)
    assert subject_of(withdrawn.application).filing_count is None


def test_notices_name_the_applicant_and_not_one_of_its_services(
    cast: Cast, scene: tuple[SampleCase, SampleCase, SampleCase]
) -> None:
    first, _pending, change = scene
    event = change.application.events.get(act=Act.SUBMIT.value)
    notify_applicant(event.pk)
    told = Notice.objects.get(event=event)
    assert first.application.applicant_name in told.subject
    assert "2" in told.subject
    assert first.application.service_name not in told.subject + told.body + told.sms


def test_the_new_province_sees_the_filings_of_the_old_one_and_opens_none_of_their_cases(
    cast: Cast, scene: tuple[SampleCase, SampleCase, SampleCase]
) -> None:
    first, pending, change = scene
    found = other_filings_of(change.application, cast.elsewhere)
    assert {(other.service_name, len(other.applications)) for other in found} == {
        (first.application.service_name, 0),
        ("样例待定服务", 0),
    }
    officer = sign_in(cast.elsewhere)
    page = officer.get(url("case", change))
    shown = text_of(page)
    assert str(build.filing_of(first).number) in shown
    assert "样例待定服务" in shown
    for case in (first, pending):
        assert case.application.receipt_number not in shown
        assert url("case", case) not in page.content.decode()
        assert officer.get(url("case", case)).status_code == 404
    # Who may open them all sees their applications, as before.
    assert {len(other.applications) for other in other_filings_of(change.application, cast.national)} == {1}
    assert [len(other.applications) for other in other_filings_of(pending.application, cast.provincial)] == [
        1
    ]


def test_a_withdrawn_filing_elsewhere_is_not_named(
    cast: Cast, scene: tuple[SampleCase, SampleCase, SampleCase]
) -> None:
    _first, pending, change = scene
    walk.act(pending, Act.WITHDRAW, by=cast.member, at=MORNING + 5 * HOUR)
    assert len(other_filings_of(change.application, cast.elsewhere)) == 1


def test_the_queue_takes_as_many_queries_for_one_change_of_an_applicant_as_for_many(cast: Cast) -> None:
    for seed in (1, 2, 3):
        applicant = build.in_force(cast, seed=seed).application.applicant
        if seed == 1:
            change_applicant(cast, applicant, {"applicant.name": f"样例{seed}"}, at=MORNING + 4 * HOUR)
    officer = sign_in(cast.provincial)
    officer.get(reverse("review:queue"))
    with CaptureQueriesContext(connection) as one:
        officer.get(reverse("review:queue"))
    for application in Application.objects.filter(filing__isnull=False).exclude(
        applicant__applications__filing__isnull=True
    ):
        change_applicant(cast, application.applicant, {"applicant.name": "样例"}, at=MORNING + 4 * HOUR)
    with CaptureQueriesContext(connection) as three:
        officer.get(reverse("review:queue"))
    assert Application.objects.filter(filing__isnull=True).count() == 3
    assert len(three) == len(one)


# ---------------------------------------------------------------- what waits hears of it


def tell_everybody() -> None:
    for event_id in events_for_applicants():
        notify_applicant(event_id)


def test_the_owner_of_what_waits_gets_one_notice_and_a_line_in_the_timeline(
    cast: Cast, scene: tuple[SampleCase, SampleCase, SampleCase]
) -> None:
    first, pending, change = scene
    further = another_service(cast, "样例另一待定服务")
    tell_everybody()
    approve(cast, change, at=MORNING + 5 * HOUR)
    for _run in range(2):
        tell_everybody()
    told = Notice.objects.get(kind="applicant_changed")
    assert (told.account, told.applicant) == (cast.member, pending.application.applicant)
    assert NEW_NAME in told.body
    assert pending.application.receipt_number in told.body
    assert further.application.receipt_number in told.body
    assert first.application.receipt_number not in told.body
    for internal in (True, False):
        line = timeline(pending.application, internal=internal)[-1]
        assert NEW_NAME in line.text
    approve(cast, pending, at=MORNING + 6 * HOUR)
    titles = [entry.sequence for entry in timeline(pending.application, internal=True)]
    assert titles == sorted(titles)
    assert len(titles) == 5
    # A settled application hears of nothing more.
    assert all(NEW_NAME not in entry.text for entry in timeline(first.application, internal=True))
    seen = pending.application.last_event_sequence
    assert timeline(pending.application, internal=True, after=seen) == []


def test_nobody_is_told_when_nothing_waits(cast: Cast) -> None:
    first = build.in_force(cast)
    change = change_applicant(cast, first.application.applicant, MOVED, at=MORNING + 4 * HOUR)
    approve(cast, change, at=MORNING + 5 * HOUR)
    tell_everybody()
    assert not Notice.objects.filter(kind="applicant_changed").exists()
    assert events_for_applicants() == []


def test_a_filing_that_awaits_its_number_is_named_in_the_notice(cast: Cast) -> None:
    first = build.in_force(cast)
    waiting = another_service(cast, "样例待发编号服务")
    build.forward(cast, waiting, at=MORNING + 2 * HOUR)
    walk.act(waiting, Act.APPROVE, by=cast.national, at=MORNING + 3 * HOUR, text="样例")
    change = change_applicant(cast, first.application.applicant, MOVED, at=MORNING + 4 * HOUR)
    approve(cast, change, at=MORNING + 5 * HOUR)
    tell_everybody()
    assert waiting.application.receipt_number in Notice.objects.get(kind="applicant_changed").body
    assert NEW_NAME in timeline(waiting.application, internal=False)[-1].text
