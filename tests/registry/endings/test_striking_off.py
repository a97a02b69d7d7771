"""A striking off from its proposal to its end, and what it does to the filing, through the real acts."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry import clock
from registry.book import endings
from registry.book.act_request import Actor
from registry.book.in_force import materials_in_force
from registry.documents.papers import papers_of_filing
from registry.endings import striking_off
from registry.errors import NotFound, OutOfDate, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import (
    Applicant,
    Application,
    Event,
    Filing,
    IssuedDocument,
    Notice,
    StrikingOff,
    StrikingOffFile,
    StrikingOffPart,
)
from registry.notices.notice import open_notice
from registry.rules.end_grounds import EndGround
from registry.rules.endings.events import Service, late_by_of
from registry.rules.endings.lifecycle import StrikingOffAct, StrikingOffState
from registry.rules.workflow.events import StruckOff
from registry.rules.workflow.states import Act, Kind, Standing, State
from registry.sample import walk
from registry.storage import evidence
from registry.tasks import sweep_clocks, sweep_documents
from tests.builders import batch as batches
from tests.builders import register
from tests.builders import striking_off as build
from tests.builders.odd_pictures import png
from tests.builders.register import Cast, member_of
from tests.builders.striking_off import HOUR, STRIKING

pytestmark = pytest.mark.django_db

# The fifth working day after 13 May 2026.
LAST_DAY = date(2026, 5, 20)


@pytest.fixture
def filing(cast: Cast) -> Filing:
    """A filing in force."""
    return batches.filings_in_force(cast, 1)[0]


def _in_china(day: date, hour: int = 10) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)


def _refusal(cast: Cast, proceeding: StrikingOff, *, at: datetime) -> str:
    with pytest.raises(TransitionNotAllowed) as refused:
        striking_off.confirm(proceeding.pk, actor=Actor.of(cast.national_head), at=at)
    return refused.value.code


def _change_of(cast: Cast, filing: Filing) -> Application:
    """A change of the filing, handed in and open."""
    return register.change_asked(cast, filing, at=STRIKING - timedelta(days=1)).application


# ---------------------------------------------------------------- the way through


def test_a_filing_is_struck_off_with_day_ground_basis_and_reason(cast: Cast, filing: Filing) -> None:
    proceeding = build.confirmed(cast, build.proposed(cast, filing))
    filing.refresh_from_db()
    assert proceeding.state == StrikingOffState.CONFIRMED
    assert (filing.standing, filing.struck_off_on) == (Standing.STRUCK_OFF, clock.china_date(STRIKING))
    assert (filing.end_ground, filing.end_basis) == (EndGround.FALSE_MATERIALS, build.BASIS)
    struck = StruckOff.of(Event.objects.get(filing=filing, act=Act.STRIKE_OFF).payload)
    assert struck == StruckOff(
        struck_off_on=clock.china_date(STRIKING),
        ground=EndGround.FALSE_MATERIALS,
        reason=build.REASON,
        basis=build.BASIS,
        successor_number=None,
        proceeding=str(proceeding.pk),
    )
    assert verify_register().violations == []


def test_proceedings_of_a_year_are_numbered_without_gaps(cast: Cast) -> None:
    numbers = [build.proposed(cast, each).number for each in batches.filings_in_force(cast, 2)]
    assert numbers == ["2026-CX-000001", "2026-CX-000002"]


def test_the_same_key_proposes_once(cast: Cast, filing: Filing) -> None:
    key, officer = uuid.uuid4(), Actor.of(cast.national)
    first, again = (
        striking_off.propose(filing.pk, build.grounds(), actor=officer, key=key, at=STRIKING)
        for _time in range(2)
    )
    assert (again.pk, StrikingOff.objects.count()) == (first.pk, 1)


def test_a_key_is_never_the_id_of_another_stream(cast: Cast, filing: Filing) -> None:
    officer = Actor.of(cast.national)
    proceeding = striking_off.propose(
        filing.pk, build.grounds(), actor=officer, key=filing.applicant_id, at=STRIKING
    )
    assert proceeding.pk != filing.applicant_id
    assert verify_register().violations == []


def test_one_proceeding_at_a_time_is_open_about_a_filing(cast: Cast, filing: Filing) -> None:
    first = build.proposed(cast, filing)
    with pytest.raises(TransitionNotAllowed, match="only_striking_off"):
        build.proposed(cast, filing)
    dropped = striking_off.drop(
        first.pk, actor=Actor.of(cast.national), explanation=build.WHY_DROPPED, at=STRIKING
    )
    assert dropped.state == StrikingOffState.DROPPED
    assert build.proposed(cast, filing).state == StrikingOffState.PROPOSED


def test_only_a_filing_in_force_is_struck_off(cast: Cast, filing: Filing) -> None:
    build.struck_off(cast, filing)
    with pytest.raises(TransitionNotAllowed, match="filing_in_force"):
        build.proposed(cast, filing, at=STRIKING + HOUR)


def test_the_province_and_the_public_propose_nothing(cast: Cast, filing: Filing) -> None:
    for account in (cast.provincial, cast.provincial_head, cast.member, cast.administrator):
        with pytest.raises(TransitionNotAllowed, match="not_this_role"):
            build.proposed(cast, filing, by=account)


# ---------------------------------------------------------------- two persons


def test_who_proposed_does_not_confirm(cast: Cast, filing: Filing) -> None:
    proceeding = build.proposed(cast, filing, by=cast.national_head)
    build.answered(cast, proceeding)
    assert _refusal(cast, proceeding, at=STRIKING + 5 * HOUR) == "second_officer"
    filing.refresh_from_db()
    assert filing.standing == Standing.IN_FORCE


def test_a_reviewer_does_not_confirm(cast: Cast, filing: Filing) -> None:
    proceeding = build.answered(cast, build.proposed(cast, filing))
    with pytest.raises(TransitionNotAllowed, match="not_this_role"):
        striking_off.confirm(proceeding.pk, actor=Actor.of(cast.national_second), at=STRIKING + 5 * HOUR)


def test_an_officer_who_saw_an_earlier_state_does_nothing(cast: Cast, filing: Filing) -> None:
    proceeding = build.stated(cast, build.proposed(cast, filing))
    with pytest.raises(OutOfDate):
        striking_off.answer(
            proceeding.pk,
            actor=Actor.of(cast.national),
            text=build.ANSWER,
            seen_sequence=proceeding.last_event_sequence - 1,
            at=STRIKING + 4 * HOUR,
        )


# ---------------------------------------------------------------- notice, statement, days


def test_the_notice_is_served_on_the_day_it_arrives(cast: Cast, filing: Filing) -> None:
    proceeding = build.noticed(cast, build.proposed(cast, filing))
    assert (proceeding.state, proceeding.served_on) == (StrikingOffState.NOTICE_SENT, None)
    assert striking_off.to_record_service() == []
    later = STRIKING + timedelta(days=1)
    open_notice(Notice.objects.get(kind="strike_off_notice"), at=later)
    assert striking_off.to_record_service() == [proceeding.pk]
    with clock.stopped_at(later + 2 * HOUR):
        assert sweep_clocks() == 1
        assert sweep_clocks() == 0
    proceeding.refresh_from_db()
    assert (proceeding.state, proceeding.served_on) == (StrikingOffState.SERVED, clock.china_date(later))
    assert proceeding.statement_by == date(2026, 5, 21)


def test_a_notice_that_has_not_arrived_is_not_served(cast: Cast, filing: Filing) -> None:
    proceeding = build.noticed(cast, build.proposed(cast, filing))
    with pytest.raises(TransitionNotAllowed, match="striking_off_notice_arrived"):
        striking_off.record_service(proceeding.pk, at=STRIKING + 2 * HOUR)
    assert _refusal(cast, proceeding, at=STRIKING + timedelta(days=90)) == "not_in_this_state"


def test_without_a_statement_a_head_waits_until_the_last_day_is_over(cast: Cast, filing: Filing) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    assert proceeding.statement_by == LAST_DAY
    end_of_day = _in_china(LAST_DAY + timedelta(days=1), hour=0)
    assert _refusal(cast, proceeding, at=end_of_day - timedelta(seconds=1)) == "statement_period_over"
    done = striking_off.confirm(proceeding.pk, actor=Actor.of(cast.national_head), at=end_of_day)
    assert done.state == StrikingOffState.CONFIRMED
    filing.refresh_from_db()
    assert filing.struck_off_on == LAST_DAY + timedelta(days=1)


def test_an_announced_notice_is_served_after_thirty_days(cast: Cast, filing: Filing) -> None:
    proceeding = build.announced(cast, build.proposed(cast, filing, ground=EndGround.APPLICANT_GONE))
    assert (proceeding.announced_on, proceeding.served_on) == (date(2026, 5, 13), date(2026, 6, 12))
    # The Dragon Boat Festival lies in between.
    assert proceeding.statement_by == date(2026, 6, 22)
    assert _refusal(cast, proceeding, at=_in_china(date(2026, 6, 22))) == "statement_period_over"
    striking_off.confirm(proceeding.pk, actor=Actor.of(cast.national_head), at=_in_china(date(2026, 6, 23)))
    filing.refresh_from_db()
    assert (filing.standing, filing.end_ground) == (Standing.STRUCK_OFF, EndGround.APPLICANT_GONE)
    assert verify_register().violations == []


def test_a_notice_that_reaches_nobody_is_announced(cast: Cast, filing: Filing) -> None:
    proceeding = build.noticed(cast, build.proposed(cast, filing))
    build.announced(cast, proceeding, at=STRIKING + timedelta(days=10))
    service = Service.of(Event.objects.get(stream_id=proceeding.pk, act=StrikingOffAct.ANNOUNCE).payload)
    assert (service.announced_on, service.served_on) == (date(2026, 5, 23), date(2026, 6, 22))


def test_a_setting_says_for_how_long_a_notice_is_announced(
    cast: Cast, filing: Filing, settings: pytest.FixtureRequest
) -> None:
    settings.STRIKING_OFF_ANNOUNCEMENT_DAYS = 60  # type: ignore[attr-defined]
    proceeding = build.announced(cast, build.proposed(cast, filing))
    assert proceeding.served_on == date(2026, 7, 12)


def test_a_statement_is_answered_before_it_is_decided(cast: Cast, filing: Filing) -> None:
    proceeding = build.stated(cast, build.proposed(cast, filing))
    assert _refusal(cast, proceeding, at=_in_china(date(2026, 6, 30))) == "not_in_this_state"
    assert striking_off.text_of(proceeding, StrikingOffPart.Kind.STATEMENT) == build.STATEMENT
    answered = striking_off.answer(
        proceeding.pk, actor=Actor.of(cast.national), text=build.ANSWER, at=STRIKING + 4 * HOUR
    )
    assert striking_off.text_of(answered, StrikingOffPart.Kind.ANSWER) == build.ANSWER
    done = striking_off.confirm(proceeding.pk, actor=Actor.of(cast.national_head), at=STRIKING + 5 * HOUR)
    assert done.state == StrikingOffState.CONFIRMED


def test_a_late_statement_is_taken_and_recorded_as_late(cast: Cast, filing: Filing) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    member = member_of(proceeding)
    striking_off.state(proceeding.pk, actor=member, text=build.STATEMENT, at=_in_china(date(2026, 5, 22)))
    event = Event.objects.get(stream_id=proceeding.pk, act=StrikingOffAct.STATE)
    assert late_by_of(event.payload) == 2


def test_who_makes_no_statement_may_still_make_one_until_the_decision(cast: Cast, filing: Filing) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    member = member_of(proceeding)
    assert striking_off.waive(proceeding.pk, actor=member, at=STRIKING + 3 * HOUR).state == "waived"
    later = striking_off.state(proceeding.pk, actor=member, text=build.STATEMENT, at=STRIKING + 4 * HOUR)
    assert later.state == StrikingOffState.STATED


def test_only_a_member_states_and_only_after_the_notice(cast: Cast, filing: Filing) -> None:
    proceeding = build.proposed(cast, filing)
    member = member_of(proceeding)
    with pytest.raises(NotFound):
        striking_off.state(proceeding.pk, actor=member, text=build.STATEMENT, at=STRIKING)
    build.noticed(cast, proceeding)
    with pytest.raises(NotFound):
        striking_off.state(
            proceeding.pk, actor=Actor.of(cast.stranger), text=build.STATEMENT, at=STRIKING + 2 * HOUR
        )
    stated = striking_off.state(proceeding.pk, actor=member, text=build.STATEMENT, at=STRIKING + 2 * HOUR)
    assert stated.state == StrikingOffState.STATED


def test_files_of_both_sides_are_kept_apart(cast: Cast, filing: Filing) -> None:
    files = evidence.take([SimpleUploadedFile("样例证据.png", png(), "image/png")])
    proceeding = build.proposed(cast, filing, files=files)
    build.served(cast, proceeding)
    striking_off.state(
        proceeding.pk,
        actor=member_of(proceeding),
        text=build.STATEMENT,
        files=files,
        at=STRIKING + 3 * HOUR,
    )
    kept = StrikingOffFile.objects.filter(proceeding=proceeding).order_by("side")
    assert [(each.side, each.position) for each in kept] == [("applicant", 1), ("office", 1)]
    assert kept[0].sha256 == files[0].sha256
    assert evidence.STRIKING_OFF_FILES.read_file(kept[0])[1] == "image/png"
    assert verify_register().violations == []


# ---------------------------------------------------------------- what it does to the filing


def test_open_applications_about_the_filing_are_closed(cast: Cast, filing: Filing) -> None:
    change = _change_of(cast, filing)
    build.struck_off(cast, filing)
    change.refresh_from_db()
    assert (change.state, change.closed_at) == (State.WITHDRAWN, STRIKING)
    assert change.clock_due_on is not None
    assert change.events.latest("sequence").act == Act.CLOSE_BY_STRIKING_OFF
    assert verify_register().violations == []


def test_nothing_takes_effect_afterwards_and_nothing_is_withdrawn(cast: Cast, filing: Filing) -> None:
    at = STRIKING - timedelta(days=1)
    ends_on = date(2026, 8, 3)
    details = {"ends_on": ends_on.isoformat(), "arrangement": "样例"}
    cancellation = walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=at,
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details=details,
    )
    register.approve(cast, cancellation, at=at + HOUR)
    build.struck_off(cast, filing)
    with pytest.raises(TransitionNotAllowed, match="before_service_end"):
        walk.act(cancellation, Act.WITHDRAW_CANCELLATION, by=cast.member, at=STRIKING + HOUR)
    assert endings.take_effect(filing.pk, at=_in_china(ends_on + timedelta(days=1))) is None
    filing.refresh_from_db()
    assert (filing.standing, filing.cancelled_on) == (Standing.STRUCK_OFF, None)
    assert verify_register().violations == []


def test_a_filing_struck_off_is_no_longer_brought_the_facts_of_its_applicant(
    cast: Cast, filing: Filing
) -> None:
    build.struck_off(cast, filing)
    before = filing.applicant_name
    changed = register.change_applicant(
        cast,
        Applicant.objects.get(pk=filing.applicant_id),
        {"applicant.name": "样例更名有限公司"},
        at=STRIKING + HOUR,
    )
    register.approve(cast, changed, at=STRIKING + 2 * HOUR)
    filing.refresh_from_db()
    assert filing.applicant_name == before


def test_where_a_service_goes_on_both_filings_say_so(cast: Cast) -> None:
    filing, other = batches.filings_in_force(cast, 2)
    build.struck_off(cast, filing, successor_number=other.number)
    other.refresh_from_db()
    assert (filing.successor_number, other.predecessor_numbers) == (other.number, filing.number)
    assert other.standing == Standing.IN_FORCE
    assert verify_register().violations == []


def test_a_filing_is_not_its_own_successor_nor_is_a_number_that_nobody_has(
    cast: Cast, filing: Filing
) -> None:
    for number in (filing.number, "京网信备11010826000012340012号"):
        with pytest.raises(TransitionNotAllowed, match="successor_in_register"):
            build.proposed(cast, filing, successor_number=number)


def test_a_filing_cancelled_meanwhile_is_not_struck_off(cast: Cast, filing: Filing) -> None:
    proceeding = build.answered(cast, build.proposed(cast, filing))
    Filing.objects.filter(pk=filing.pk).update(standing=Standing.CANCELLED.value)
    assert _refusal(cast, proceeding, at=STRIKING + 5 * HOUR) == "filing_in_force"


def test_the_book_itself_refuses_what_is_not_in_force(cast: Cast, filing: Filing) -> None:
    build.struck_off(cast, filing)
    struck = StruckOff.of(Event.objects.get(filing=filing, act=Act.STRIKE_OFF).payload)
    with pytest.raises(TransitionNotAllowed, match="filing_in_force"):
        endings.strike_off(filing.pk, struck, actor=Actor.of(cast.national_head), at=STRIKING + HOUR)


# ---------------------------------------------------------------- who is told, and the paper


def test_the_applicant_is_told_of_each_step(cast: Cast, filing: Filing) -> None:
    build.confirmed(cast, build.proposed(cast, filing))
    build.tell_applicants(at=STRIKING + 6 * HOUR)
    told = Notice.objects.filter(account=cast.member, kind__in=_KINDS).order_by("event__at")
    assert list(told.values_list("kind", flat=True)) == [
        "strike_off_notice",
        "strike_off_answered",
        "struck_off",
    ]
    notice, decision = told.first(), told.last()
    assert notice is not None
    assert decision is not None
    assert build.REASON in notice.body
    assert build.BASIS in notice.body
    assert "六十日内依法申请行政复议" in decision.body
    assert decision.link_path == reverse("applicants:striking_off", args=[StrikingOff.objects.get().pk])
    assert "2026-05-13 星期三" in decision.body


def test_a_proposal_that_is_dropped_unsent_is_nobodys_news(cast: Cast, filing: Filing) -> None:
    proceeding = build.proposed(cast, filing)
    striking_off.drop(
        proceeding.pk, actor=Actor.of(cast.national), explanation=build.WHY_DROPPED, at=STRIKING + HOUR
    )
    build.tell_applicants(at=STRIKING + HOUR)
    assert not Notice.objects.filter(kind__in=_KINDS).exists()
    assert verify_register().violations == []


def test_one_that_was_served_and_is_dropped_is(cast: Cast, filing: Filing) -> None:
    proceeding = build.served(cast, build.proposed(cast, filing))
    striking_off.drop(
        proceeding.pk,
        actor=Actor.of(cast.national),
        explanation=build.WHY_DROPPED,
        at=STRIKING + 3 * HOUR,
    )
    build.tell_applicants(at=STRIKING + 3 * HOUR)
    assert build.WHY_DROPPED in Notice.objects.get(kind="strike_off_dropped").body


def test_the_applicant_of_the_successor_is_told(cast: Cast) -> None:
    filing, other = batches.filings_in_force(cast, 2)
    build.struck_off(cast, filing, successor_number=other.number)
    build.tell_applicants(at=STRIKING + HOUR)
    notice = Notice.objects.get(kind="predecessor_noted")
    assert (notice.filing_id, str(filing.number) in notice.body) == (other.pk, True)


def test_the_decision_is_made_as_a_paper_once(cast: Cast, filing: Filing) -> None:
    build.struck_off(cast, filing)
    with clock.stopped_at(STRIKING + HOUR):
        sweep_documents()
    event = Event.objects.get(filing=filing, act=Act.STRIKE_OFF)
    document = IssuedDocument.objects.get(event=event)
    assert (document.kind, document.filing_id) == (IssuedDocument.Kind.DECISION, filing.pk)
    assert [paper.label for paper in papers_of_filing(filing)] == [IssuedDocument.Kind.DECISION.label]
    assert verify_register().violations == []


_KINDS = (
    "strike_off_notice",
    "strike_off_announced",
    "strike_off_answered",
    "strike_off_dropped",
    "struck_off",
)
