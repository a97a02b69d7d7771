"""Leave with a substitute: working days, both inclusive; what comes back goes to the substitute, and it ends itself."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from registry import clock
from registry.accounts.officers import change_office, set_active
from registry.errors import NotFound
from registry.integrity.register import verify_register
from registry.models import Account, Event, Notice
from registry.rules.days.official_days import shipped_calendar
from registry.rules.office.events import OfficeAct, OfficeFacts
from registry.rules.office.leave import LeaveDays, faults_of_days, working_days_of
from registry.rules.workflow.states import Act, Role, State, StreamKind
from registry.sample import walk
from registry.sample.walk import SampleCase
from review.desk import claims, handover, leave
from review.desk.claims import ClaimRefused
from review.desk.leave import LeaveRefused
from review.desk.passing_on import begin_leave, leaves_to_begin
from review.models import Assignment, OfficerLeave
from review.notices.desk_notices import events_for_desks, notify_desk
from review.tasks import begin_leaves
from tests.builders.register import MORNING, Cast, forwarded, submitted
from tests.review.officers import mark_all, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

# MORNING is Monday 2 March 2026; the leave lasts from Tuesday to Friday.
TUESDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 6)
DURING = MORNING + timedelta(days=1)
AFTER = MORNING + timedelta(days=7)
PAGE = "/review/leave/"
QUESTION = "样例：请补充核对主体名称与证照是否一致。"


@pytest.fixture(autouse=True)
def people(cast: Cast) -> tuple[Account, ...]:
    """Everybody of the offices, before anything happens."""
    clock.set_for_tests(MORNING)
    third = cast.get("样例初审丙", cast.provincial.acts_as, cast.provincial.province_code)
    return cast.provincial, cast.provincial_second, third, cast.provincial_head, cast.national, cast.elsewhere


def third_of(cast: Cast) -> Account:
    return cast.get("样例初审丙", cast.provincial.acts_as, cast.provincial.province_code)


def away(
    cast: Cast,
    *cases: SampleCase,
    officer: Account | None = None,
    substitute: Account | None = None,
    days: LeaveDays | None = None,
    by: Account | None = None,
) -> OfficerLeave:
    officer = officer or cast.provincial
    return leave.enter_leave(
        officer.pk,
        days or LeaveDays(TUESDAY, FRIDAY),
        substitute_id=(substitute or cast.provincial_second).pk,
        cases=[each.application_id for each in cases],
        by=by or officer,
        at=MORNING,
    )


def holder(case: SampleCase) -> str:
    held = Assignment.objects.filter(application=case.application_id, released_at__isnull=True).first()
    return held.officer.name if held else ""


def tell(at: datetime) -> None:
    for event_id in events_for_desks():
        notify_desk(event_id, at=at)


def told(kind: str) -> set[str]:
    return {each.account.name for each in Notice.objects.filter(kind=kind) if each.account is not None}


def returned(cast: Cast, case: SampleCase, *, at: datetime) -> None:
    """The national office sends the case back with a question, at its page."""
    clock.set_for_tests(at)
    answer = send(sign_in(cast.national), case, Act.RETURN_TO_PROVINCE, {"question": QUESTION})
    assert answer.status_code == 302


# ---------------------------------------------------------------- the days


@pytest.mark.parametrize(
    ("first_on", "last_on", "working_days"),
    [
        (date(2026, 3, 3), date(2026, 3, 3), 1),
        (date(2026, 3, 3), date(2026, 3, 6), 4),
        # Over a weekend, and over the Qingming holiday of 2026, which is Saturday 4 to Monday 6 April.
        (date(2026, 3, 6), date(2026, 3, 9), 2),
        (date(2026, 4, 3), date(2026, 4, 7), 2),
    ],
)
def test_both_days_of_a_leave_count_and_holidays_do_not(
    first_on: date, last_on: date, working_days: int
) -> None:
    assert working_days_of(LeaveDays(first_on, last_on), shipped_calendar()) == working_days


@pytest.mark.parametrize(
    ("first_on", "last_on", "faults"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), {}),
        (date(2026, 2, 27), date(2026, 3, 6), {"first_on": "leave_begins_in_the_past"}),
        (date(2026, 3, 6), date(2026, 3, 5), {"last_on": "leave_ends_before_it_begins"}),
        (date(2026, 3, 7), date(2026, 3, 9), {"first_on": "leave_day_is_no_working_day"}),
        (date(2026, 4, 3), date(2026, 4, 6), {"last_on": "leave_day_is_no_working_day"}),
        (date(2026, 3, 3), date(2027, 4, 7), {"last_on": "leave_too_far_ahead"}),
        (
            date(2199, 12, 30),
            date(2199, 12, 31),
            {"first_on": "leave_too_far_ahead", "last_on": "leave_too_far_ahead"},
        ),
    ],
)
def test_a_leave_begins_and_ends_on_working_days_and_not_in_the_past(
    first_on: date, last_on: date, faults: dict[str, str]
) -> None:
    found = faults_of_days(LeaveDays(first_on, last_on), today=date(2026, 3, 2), calendar=shipped_calendar())
    assert found == faults


# ---------------------------------------------------------------- who enters it, and who stands in


def test_an_officer_and_the_head_enter_it_and_nobody_else(cast: Cast) -> None:
    for by in (cast.provincial_second, cast.elsewhere, cast.national, cast.national_head):
        with pytest.raises(NotFound):
            away(cast, by=by)
    made = away(cast, by=cast.provincial_head)
    with pytest.raises(NotFound):
        leave.end_leave(made.pk, by=cast.provincial_second, at=MORNING)
    leave.end_leave(made.pk, by=cast.provincial, at=MORNING)
    assert away(cast).entered_by == cast.provincial


def test_the_substitute_has_the_same_office_and_is_there(cast: Cast) -> None:
    for other in (cast.provincial, cast.elsewhere, cast.national, cast.member):
        with pytest.raises(LeaveRefused, match="not_a_substitute"):
            away(cast, substitute=other)
    away(cast, officer=cast.provincial_second, substitute=third_of(cast))
    with pytest.raises(LeaveRefused, match="substitute_on_leave"):
        away(cast)
    away(cast, substitute=third_of(cast))
    with pytest.raises(LeaveRefused, match="leave_entered_already"):
        away(cast, substitute=third_of(cast), days=LeaveDays(FRIDAY, date(2026, 3, 9)))
    away(cast, days=LeaveDays(date(2026, 3, 9), date(2026, 3, 9)))
    # The only head of an office goes on leave too.
    away(cast, officer=cast.provincial_head, substitute=third_of(cast))


def test_it_is_an_act_of_the_office_with_trace_and_both_are_told(cast: Cast) -> None:
    made = away(cast, by=cast.provincial_head)
    leave.end_leave(made.pk, by=cast.provincial_head, at=DURING)
    events = Event.objects.filter(stream_kind=StreamKind.OFFICE.value).order_by("sequence")
    assert [each.act for each in events] == [OfficeAct.LEAVE_ENTERED, OfficeAct.LEAVE_ENDED]
    entered, ended = (OfficeFacts.of(each.payload) for each in events)
    assert entered.key == str(cast.provincial.pk)
    assert entered.after == ended.before
    assert entered.after == {
        "substitute": str(cast.provincial_second.pk),
        "first_on": "2026-03-03",
        "last_on": "2026-03-06",
    }
    tell(DURING)
    assert told("leave_entered") == told("leave_ended") == {"样例初审甲", "样例初审乙"}
    shown = text_of(sign_in(cast.auditor).get(reverse("office:events")))
    assert "Leave of an officer entered" in shown
    assert "who stands in: — → 样例初审乙" in shown
    assert verify_register().violations == []


# ---------------------------------------------------------------- while it lasts


def test_nothing_new_is_handed_to_who_is_on_leave(cast: Cast) -> None:
    case = submitted(cast)
    away(cast)
    assert claims.next_case(cast.provincial, at=MORNING) is not None
    assert claims.claim_next(officer=cast.provincial, at=DURING) is None
    assert claims.what_to_take(cast.provincial, is_away=True, at=DURING).has_case is False
    with pytest.raises(ClaimRefused, match="colleague_on_leave"):
        claims.reassign(
            case.application_id,
            to=cast.provincial.pk,
            reason="样例：请继续办理此件",
            head=cast.provincial_head,
            at=DURING,
        )
    claims.claim(case.application_id, officer=cast.provincial_second, at=DURING)
    with pytest.raises(ClaimRefused, match="colleague_on_leave"):
        handover.hand_over(
            cast.provincial_second.pk,
            to=cast.provincial.pk,
            seen=frozenset({case.application_id}),
            reason="样例：请继续办理此件",
            by=cast.provincial_second,
            at=DURING,
        )
    # It ends by itself, with its last day.
    submitted(cast, seed=2)
    claimed = claims.claim_next(officer=cast.provincial, at=AFTER)
    assert claimed is not None


def test_a_case_returned_by_the_nation_goes_to_the_substitute_of_who_wrote_the_opinion(cast: Cast) -> None:
    case = forwarded(cast)
    away(cast)
    returned(cast, case, at=DURING)
    assert holder(case) == "样例初审乙"
    handed = Event.objects.get(act=OfficeAct.CLAIM_HANDED_OVER)
    assert OfficeFacts.of(handed.payload).after["officer"] == str(cast.provincial_second.pk)
    assert handed.actor is None
    tell(DURING)
    assert told("desk_returned") == {"样例初审乙"}
    assert verify_register().violations == []


def test_after_the_leave_it_comes_back_to_the_officer_as_before(cast: Cast) -> None:
    case = forwarded(cast, at=AFTER - timedelta(days=1))
    away(cast)
    returned(cast, case, at=AFTER)
    assert holder(case) == ""
    tell(AFTER)
    assert "样例初审甲" in told("desk_returned")


def test_a_leave_ended_early_sends_nothing_to_the_substitute_any_more(cast: Cast) -> None:
    case = forwarded(cast)
    made = away(cast)
    leave.end_leave(made.pk, by=cast.provincial, at=DURING)
    with pytest.raises(LeaveRefused, match="leave_is_over"):
        leave.end_leave(made.pk, by=cast.provincial, at=DURING)
    returned(cast, case, at=DURING)
    assert holder(case) == ""


def test_a_proposal_sent_back_goes_to_the_substitute_who_never_confirms_an_own_one(cast: Cast) -> None:
    case = submitted(cast)
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING, reasons=reasons, text="样例")
    away(cast)
    clock.set_for_tests(DURING)
    third = third_of(cast)
    answer = send(sign_in(third), case, Act.SEND_BACK, {"explanation": "样例：请再核对一次主体信息。"})
    assert answer.status_code == 302
    assert holder(case) == "样例初审乙"
    tell(DURING)
    assert told("desk_sent_back") == {"样例初审乙"}
    substitute = cast.provincial_second
    mark_all(case, substitute, at=DURING, deficient=["service.description"])
    walk.act(case, Act.PROPOSE_REJECTION, by=substitute, at=DURING, reasons=reasons, text="样例")
    refused = send(sign_in(substitute), case, Act.CONFIRM, {})
    assert refused.status_code == 409
    assert case.application.state == State.PROVINCIAL_CONFIRMATION


def test_where_the_substitute_is_away_too_it_goes_to_who_stands_in_for_the_substitute(cast: Cast) -> None:
    case = forwarded(cast)
    away(cast)
    third = third_of(cast)
    away(cast, officer=cast.provincial_second, substitute=third, by=cast.provincial_head)
    returned(cast, case, at=DURING)
    assert holder(case) == third.name
    tell(DURING)
    assert told("desk_returned") == {third.name}
    assert [each.officer.name for each in leave.presence_of(third, at=DURING).stands_in_for] == [
        "样例初审乙",
        "样例初审甲",
    ]
    assert leave.presence_of(cast.provincial_second, at=DURING).stands_in_for == ()


def test_an_author_who_has_gone_to_another_province_brings_no_case_to_its_officers(cast: Cast) -> None:
    case = forwarded(cast)
    change_office(
        cast.provincial.pk,
        role=Role(cast.provincial.role),
        province_code=cast.elsewhere.province_code,
        reason="样例：调往其他省份工作",
        by=cast.administrator,
    )
    moved = Account.objects.get(pk=cast.provincial.pk)
    away(cast, officer=moved, substitute=cast.elsewhere)
    returned(cast, case, at=DURING)
    assert holder(case) == ""
    tell(DURING)
    assert cast.elsewhere.name not in told("desk_returned")


def test_notices_about_a_claimed_case_go_to_the_substitute(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    away(cast)
    walk.act(case, Act.WITHDRAW, by=cast.member, at=DURING, explanation="样例：不再提供该服务")
    tell(DURING)
    assert told("desk_withdrawn") == {"样例初审乙"}


def test_a_substitute_who_has_left_or_is_away_takes_nothing_and_the_officer_is_told(cast: Cast) -> None:
    case = forwarded(cast)
    away(cast)
    set_active(cast.provincial_second.pk, is_active=False, reason="样例：已调离本单位", by=cast.administrator)
    returned(cast, case, at=DURING)
    assert holder(case) == ""
    tell(DURING)
    assert "样例初审甲" in told("desk_returned")


# ---------------------------------------------------------------- when it begins


def test_the_chosen_cases_are_handed_over_when_it_begins_once_and_what_could_not_be_is_named(
    cast: Cast,
) -> None:
    chosen, kept, taken, proposed = (submitted(cast, seed=seed) for seed in (1, 2, 3, 4))
    reasons = [dict(walk.SAMPLE_REASON)]
    walk.act(
        proposed, Act.PROPOSE_REJECTION, by=cast.provincial_second, at=MORNING, reasons=reasons, text="样例"
    )
    for case in (chosen, kept, taken, proposed):
        claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    made = away(cast, chosen, taken, proposed)
    assert leaves_to_begin(MORNING) == []
    claims.release(taken.application_id, officer=cast.provincial, at=MORNING)
    with clock.stopped_at(DURING):
        assert [begin_leaves(), begin_leaves()] == [1, 0]
    begin_leave(made.pk, at=DURING)
    assert [holder(each) for each in (chosen, kept, taken, proposed)] == [
        "样例初审乙",
        "样例初审甲",
        "",
        "样例初审甲",
    ]
    facts = OfficeFacts.of(Event.objects.get(act=OfficeAct.WORK_HANDED_OVER).payload)
    assert facts.after["handed_over"] == [chosen.application.receipt_number]
    assert set(facts.after["not_handed_over"]) == {
        taken.application.receipt_number,
        proposed.application.receipt_number,
    }
    tell(DURING)
    assert told("leave_begun") == {"样例初审甲", "样例初审乙"}
    assert told("work_handed_over") == set()
    assert verify_register().violations == []


def test_where_nobody_stands_in_when_it_begins_the_chosen_cases_stay_and_the_officer_is_told(
    cast: Cast,
) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    made = away(cast, case)
    set_active(cast.provincial_second.pk, is_active=False, reason="样例：已调离本单位", by=cast.administrator)
    begin_leave(made.pk, at=DURING)
    assert holder(case) == "样例初审甲"
    tell(DURING)
    assert told("leave_begun") == {"样例初审甲"}


def test_a_job_that_comes_after_the_leave_hands_nothing_over(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    away(cast, case)
    assert leaves_to_begin(AFTER) == []


# ---------------------------------------------------------------- the pages


def test_the_page_takes_a_leave_and_says_who_stands_in_until_when(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    officer = sign_in(cast.provincial)
    assert "You are on leave" not in text_of(officer.get(reverse("review:queue")))
    sent = {
        "first_on": "2026-03-03",
        "last_on": "2026-03-06",
        "substitute": str(cast.provincial_second.pk),
        "cases": [],
    }
    weekend = officer.post(PAGE, {**sent, "last_on": "2026-03-07"})
    assert (weekend.status_code, "no working day" in text_of(weekend)) == (409, True)
    assert 'value="2026-03-07"' in weekend.content.decode()
    assert officer.post(PAGE, sent)["Location"] == PAGE
    shown = text_of(officer.get(PAGE))
    assert "4 working days" in shown
    clock.set_for_tests(DURING)
    officer = sign_in(cast.provincial)
    queue = text_of(officer.get(reverse("review:queue")))
    assert "样例初审乙 stands in for you" in queue
    assert "no case is given to you" in text_of(officer.post(reverse("review:next"), follow=True))
    substitute = sign_in(cast.provincial_second)
    assert "You stand in for 样例初审甲 until" in text_of(substitute.get(reverse("review:queue")))
    assert "on leave until 2026-03-06, 样例初审乙 stands in" in text_of(substitute.get(url("case", case)))
    head = sign_in(cast.provincial_head)
    choices = text_of(head.get(url("reassign", case)))
    assert "样例初审甲 (on leave until 2026-03-06, 样例初审乙 stands in)" in choices
    made = OfficerLeave.objects.get()
    assert head.post(reverse("review:end_leave", args=[made.pk])).status_code == 302
    assert "You are on leave" not in text_of(officer.get(reverse("review:queue")))


def test_an_officer_enters_only_the_own_leave_and_a_head_nobody_elses_by_mistake(cast: Cast) -> None:
    sent = {
        "first_on": "2026-03-03",
        "last_on": "2026-03-06",
        "substitute": str(cast.provincial_second.pk),
        "officer": str(third_of(cast).pk),
    }
    assert sign_in(cast.provincial).post(PAGE, sent).status_code == 302
    assert OfficerLeave.objects.get().officer == cast.provincial
    # Of whom the page was has left meanwhile: the head does not go on leave in their place.
    head = sign_in(cast.provincial_head)
    wrong = head.post(PAGE, {**sent, "officer": str(cast.elsewhere.pk)})
    assert (wrong.status_code, "Choose an officer of your own office" in text_of(wrong)) == (400, True)
    assert head.post(PAGE, sent).status_code == 302
    assert {each.officer for each in OfficerLeave.objects.all()} == {cast.provincial, third_of(cast)}


def test_whom_a_head_chooses_is_who_goes_on_leave_and_the_page_shows_their_cases_first(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    sent = {
        "first_on": "2026-03-03",
        "last_on": "2026-03-06",
        "substitute": str(cast.provincial_second.pk),
        "officer": str(cast.provincial.pk),
    }
    # The page still shows the head's own cases.
    page = head.post(PAGE, sent | {"shown": str(cast.provincial_head.pk)})
    assert (page.status_code, OfficerLeave.objects.exists()) == (200, False)
    shown = page.content.decode()
    assert case.application.receipt_number in shown
    assert 'value="2026-03-03"' in shown
    assert f'name="shown" value="{cast.provincial.pk}"' in shown
    assert head.post(PAGE, sent | {"shown": str(cast.provincial.pk), "show": "yes"}).status_code == 200
    assert not OfficerLeave.objects.exists()
    assert head.post(PAGE, sent | {"shown": str(cast.provincial.pk)}).status_code == 302
    assert OfficerLeave.objects.get().officer == cast.provincial


def test_who_is_alone_at_an_office_is_told_that_nobody_can_stand_in(cast: Cast) -> None:
    assert "nobody can stand in" in text_of(sign_in(cast.elsewhere).get(PAGE))
    assert "nobody can stand in" not in text_of(sign_in(cast.provincial_head).get(PAGE))


def test_a_leave_of_another_office_does_not_exist(cast: Cast) -> None:
    made = away(cast)
    for who in (cast.elsewhere, cast.national_head):
        client = sign_in(who)
        assert "样例初审甲" not in text_of(client.get(PAGE))
        assert client.post(reverse("review:end_leave", args=[made.pk])).status_code == 404
    assert sign_in(cast.provincial).post(reverse("review:end_leave", args=[uuid.uuid4()])).status_code == 404
    made.refresh_from_db()
    assert made.ended_at is None
