"""An applicant's deadlines: reminders once for each stage, the page, planned ends, and the calendar to follow."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applicants.changes.change import start_change
from applicants.drafts import store as drafts
from applicants.models import Draft
from applicants.tasks import remind_applicants
from registry import clock
from registry.calendar.current import current_calendar
from registry.models import CalendarFeed, JobRun, Notice, PlannedEnd
from registry.rules.days.working_days import add_working_days
from registry.sample import walk
from tests.applicants.pages import Desk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

pytestmark = pytest.mark.django_db

MONDAY = clock.china_date(MORNING)
DAY = timedelta(days=1)


def at_nine(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=9)


def after(count: int) -> date:
    return add_working_days(MONDAY, count, current_calendar())


def told_on(days: list[date]) -> list[tuple[str, str]]:
    """What applicants were told and on which day, when the job ran three times on each of these days."""
    for day in days:
        with clock.stopped_at(at_nine(day)):
            for _ in range(3):
                remind_applicants()
                JobRun.objects.all().delete()
    notices = Notice.objects.order_by("created_at", "kind")
    return [(notice.kind, clock.china_date(notice.created_at).isoformat()) for notice in notices]


def every_day(count: int) -> list[date]:
    return [MONDAY + timedelta(days=number) for number in range(count)]


def draft_with_start(cast: Cast, started_on: date, *, name: str = "样例服务甲") -> Draft:
    materials = walk.complete_materials(1, member=cast.member, at=MORNING, files={})
    materials["service"] |= {"service_started_on": started_on.isoformat(), "service_name": name}
    draft = drafts.start_draft(cast.member, applicant=None, at=MORNING)
    save = drafts.SectionSave(section="service", answers=materials["service"])
    return drafts.save_section(draft.pk, save, at=MORNING)


def test_art_11_reminds_of_a_draft_when_its_service_starts_and_three_days_before_the_due_day(
    cast: Cast,
) -> None:
    draft_with_start(cast, MONDAY + 2 * DAY)
    assert told_on(every_day(30)) == [("draft_started", "2026-03-04"), ("draft_due", "2026-03-13")]


def test_a_job_that_missed_a_reminder_stage_sends_the_newest_only(cast: Cast) -> None:
    draft_with_start(cast, MONDAY)
    assert told_on([after(8), after(9)]) == [("draft_due", after(8).isoformat())]


def test_art_11_reminds_of_a_change_when_it_happens_and_two_days_before_the_due_day(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    draft = start_change(filing, account=cast.member, at=MORNING)
    draft.notes = {**draft.notes, "changed_on": {"service.description": MONDAY.isoformat()}}
    draft.save()
    assert told_on(every_day(14)) == [
        ("change_started", MONDAY.isoformat()),
        ("change_due", after(3).isoformat()),
    ]


def test_reminders_of_a_rejected_application_come_10_and_5_working_days_before_it_lapses(cast: Cast) -> None:
    build.rejected(cast)
    assert told_on(every_day(60)) == [
        ("resubmission_due", after(20).isoformat()),
        ("resubmission_due", after(25).isoformat()),
    ]


def test_art_11_reminds_of_a_planned_end_before_the_last_lawful_day_and_on_it(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    PlannedEnd.objects.create(filing=filing, ends_on=date(2026, 6, 1), noted_at=MORNING, noted_by=cast.member)
    assert told_on(every_day(90)) == [("cancellation_due", "2026-04-09"), ("cancellation_due", "2026-04-16")]


def test_a_member_who_left_is_not_reminded_and_a_new_one_is(cast: Cast) -> None:
    build.rejected(cast)
    cast.member.memberships.update(revoked_at=MORNING)
    assert told_on([after(20)]) == []


def test_the_page_lists_what_is_due_and_notes_a_planned_end(cast: Cast, desk: Desk) -> None:
    case = build.in_force(cast)
    build.submitted(cast, seed=2)
    filing_id = case.application.filing_id
    url = reverse("applicants:plan_end", args=[filing_id])
    assert "2026-03-30" in desk.client.get(reverse("applicants:deadlines")).content.decode()
    assert desk.client.post(url, {"ends_on": "2026-06-01"}).status_code == 302
    page = desk.client.get(reverse("applicants:deadlines")).content.decode()
    assert "2026-04-16" in page
    refused = desk.client.post(url, {"ends_on": "2026-03-01"})
    assert refused.status_code == 400
    assert 'value="2026-03-01"' in refused.content.decode()
    assert PlannedEnd.objects.get().ends_on == date(2026, 6, 1)
    desk.client.post(url, {"ends_on": ""})
    assert not PlannedEnd.objects.exists()


def test_the_calendar_says_what_is_due_and_names_nobody(cast: Cast, desk: Desk) -> None:
    case = build.submitted(cast, nature="individual")
    draft_with_start(cast, MONDAY, name="样例不外传")
    calendar = Client().get(address_made(desk))
    text = calendar.content.decode().replace("\r\n ", "")
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8"
    assert text.count("BEGIN:VEVENT") == 2
    assert case.application.receipt_number in text
    assert "DTSTART;VALUE=DATE:20260330" in text
    for secret in (
        case.application.applicant_name,
        case.application.service_name,
        "样例不外传",
        cast.member.name,
    ):
        assert secret
        assert secret not in text


def test_page_and_calendar_say_the_years_and_which_day_is_provisional(cast: Cast) -> None:
    received = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)
    build.submitted(cast, at=received)
    clock.set_for_tests(received)
    desk = Desk.of(cast.member)
    page = desk.client.get(
        reverse("applicants:deadlines"), headers={"accept-language": "en"}
    ).content.decode()
    text = Client().get(address_made(desk)).content.decode().replace("\r\n ", "")

    caption = page.partition("<caption>")[2].partition("</caption>")[0]
    assert caption.startswith("Last days in 2027, the soonest first")
    assert "has not yet announced the holidays" in caption
    assert re.search("X-WR-CALNAME:.*2027", text)
    assert re.search("X-WR-CALDESC:.*2027", text)
    assert "STATUS:TENTATIVE" in text
    assert re.search(r"SUMMARY:.*(（暂定）|\(provisional\))", text)


def test_the_address_is_kept_as_a_digest_and_can_be_changed_and_taken_away(cast: Cast, desk: Desk) -> None:
    first = address_made(desk)
    token = first.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in str(CalendarFeed.objects.values().get())
    second = address_made(desk)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    desk.client.post(reverse("applicants:calendar_address"), {"act": "withdraw"})
    assert Client().get(second).status_code == 404


def address_made(desk: Desk) -> str:
    page = desk.client.post(reverse("applicants:calendar_address"), {"act": "make"}).content.decode()
    found = re.search(r"https?://[^/]+(/[^<\s]+\.ics)", page)
    assert found is not None
    return found[1]


def test_nobody_is_reminded_of_a_draft_while_it_is_being_edited(cast: Cast) -> None:
    """For 24 hours after it was saved; a stage that came meanwhile is announced afterwards."""
    draft = draft_with_start(cast, MONDAY)
    Draft.objects.filter(pk=draft.pk).update(saved_at=at_nine(after(2)))
    assert told_on([after(2)]) == []
    Draft.objects.filter(pk=draft.pk).update(saved_at=at_nine(after(2)) - timedelta(minutes=1))
    assert told_on([after(3)]) == [("draft_started", after(3).isoformat())]


def test_nobody_is_reminded_of_a_change_while_it_is_being_edited(cast: Cast) -> None:
    filing = build.filing_of(build.in_force(cast))
    draft = start_change(filing, account=cast.member, at=MORNING)
    draft.notes = {**draft.notes, "changed_on": {"service.description": MONDAY.isoformat()}}
    draft.saved_at = at_nine(after(3)) - timedelta(hours=1)
    draft.save()
    assert told_on([after(3)]) == []
    assert told_on([after(4)]) == [("change_due", after(4).isoformat())]


def test_on_its_last_day_a_draft_that_is_being_edited_is_reminded_of_all_the_same(cast: Cast) -> None:
    draft = draft_with_start(cast, MONDAY)
    Draft.objects.filter(pk=draft.pk).update(saved_at=at_nine(after(10)) - timedelta(hours=1))
    assert told_on([after(10)]) == [("draft_due", after(10).isoformat())]


def late_change(cast: Cast) -> Draft:
    filing = build.filing_of(build.in_force(cast, seed=3))
    draft = start_change(filing, account=cast.member, at=MORNING)
    draft.notes = {**draft.notes, "changed_on": {"service.description": MONDAY.isoformat()}}
    draft.save()
    return draft


def test_what_is_overdue_stands_at_the_top_of_the_deadlines_until_it_is_submitted(
    cast: Cast, desk: Desk
) -> None:
    draft, change = draft_with_start(cast, MONDAY), late_change(cast)
    filing = build.filing_of(build.in_force(cast, seed=4))
    PlannedEnd.objects.create(
        filing=filing, ends_on=date(2026, 4, 20), noted_at=MORNING, noted_by=cast.member
    )
    with clock.stopped_at(at_nine(after(12))):
        build.submitted(cast, seed=2, at=clock.now())
        page = desk.client.get(reverse("applicants:deadlines"))
    found = page.context["deadlines"]
    late = [(each.subject_id, each.days_late) for each in found if each.days_late]
    assert [subject for subject, _days in late] == [filing.pk, change.pk, draft.pk]
    assert dict(late)[change.pk] == 7
    assert dict(late)[draft.pk] == 2
    assert [each.days_late for each in found[len(late) :]] == [0] * (len(found) - len(late))
    assert len(found) > len(late)
    assert [each.on for each in found] == sorted(each.on for each in found)
    text = page.content.decode()
    assert all(f"/{subject}/" in text for subject in (draft.pk, change.pk))


def test_a_rejected_application_that_was_not_submitted_again_is_no_overdue_duty(
    cast: Cast, desk: Desk
) -> None:
    build.rejected(cast)
    with clock.stopped_at(at_nine(after(40))):
        page = desk.client.get(reverse("applicants:deadlines"))
    assert [each for each in page.context["deadlines"] if each.days_late] == []
