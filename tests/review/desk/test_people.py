"""Idle claims end by themselves, and all that an officer works on is handed over in one act."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from registry import clock
from registry.accounts.officers import set_active
from registry.integrity.register import verify_register
from registry.models import Account, Event, Notice, Uptake
from registry.rules.office.events import OfficeAct, OfficeFacts, OfficeSubject, office_stream
from registry.rules.workflow.states import StreamKind
from registry.sample.walk import SampleCase
from review.desk import claims, handover
from review.desk.claims import ClaimRefused
from review.desk.idle_claims import end_idle_claim, idle_claims
from review.models import Assignment
from review.notices.desk_notices import events_for_desks, notify_desk
from review.tasks import sweep_idle_claims
from tests.builders.register import MORNING, Cast, forward, submitted
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

# MORNING is a Monday.
MONDAY = MORNING
THURSDAY_NIGHT = MORNING.replace(hour=15, minute=59, second=59) + timedelta(days=3)
FRIDAY = MORNING.replace(hour=16, minute=0, second=0) + timedelta(days=3)
PAGE = "/review/handover/"


@pytest.fixture(autouse=True)
def people(cast: Cast) -> tuple[Account, ...]:
    """Everybody of the offices, before anything happens."""
    return cast.provincial, cast.provincial_second, cast.provincial_head, cast.national, cast.national_head


def acts() -> list[str]:
    found = Event.objects.filter(stream_kind=StreamKind.OFFICE.value).order_by("at", "pk")
    return sorted(found.values_list("act", flat=True))


def tell() -> None:
    for event_id in events_for_desks():
        notify_desk(event_id)


def told(kind: str) -> set[str]:
    return {each.account.name for each in Notice.objects.filter(kind=kind) if each.account is not None}


def holder(case: SampleCase) -> str:
    held = Assignment.objects.filter(application=case.application_id, released_at__isnull=True).first()
    return held.officer.name if held else ""


def test_an_idle_claim_ends_by_itself_when_its_third_idle_working_day_has_ended(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    assert idle_claims(THURSDAY_NIGHT) == []
    (claim,) = idle_claims(FRIDAY)
    assert end_idle_claim(claim, at=FRIDAY)
    assert (holder(case), Uptake.objects.count()) == ("", 0)
    event = Event.objects.get(stream_kind=StreamKind.OFFICE.value)
    facts = OfficeFacts.of(event.payload)
    assert (event.act, event.actor, event.actor_role) == (OfficeAct.CLAIM_EXPIRED, None, "system")
    assert (facts.before, facts.after["officer"]) == ({"officer": str(cast.provincial.pk)}, "")
    tell()
    assert told("claim_expired") == {cast.provincial.name}
    assert verify_register().violations == []


def test_the_time_is_a_setting(cast: Cast, settings: Settings) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    settings.CLAIM_IDLE_WORKING_DAYS = 5
    assert idle_claims(FRIDAY) == []
    settings.CLAIM_IDLE_WORKING_DAYS = 1
    assert len(idle_claims(MONDAY + timedelta(days=2))) == 1


def test_the_job_may_run_twice_late_or_again_after_it_was_killed(cast: Cast) -> None:
    cases = [submitted(cast, seed=seed) for seed in (1, 2, 3)]
    for case in cases:
        claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    weeks_later = MONDAY + timedelta(days=21)
    # Killed after the first.
    end_idle_claim(idle_claims(weeks_later)[0], at=weeks_later)
    with clock.stopped_at(weeks_later):
        assert [sweep_idle_claims(), sweep_idle_claims()] == [2, 0]
        tell()
        tell()
    assert acts() == [OfficeAct.CLAIM_EXPIRED] * 3
    assert Notice.objects.filter(kind="claim_expired").count() == 3


def test_what_the_officer_did_after_the_sweep_looked_keeps_the_claim(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    (claim,) = idle_claims(FRIDAY)
    Assignment.objects.filter(pk=claim).update(active_at=FRIDAY)
    assert not end_idle_claim(claim, at=FRIDAY)
    assert (holder(case), acts()) == (cast.provincial.name, [])


def test_a_claim_of_a_case_that_left_the_office_ends_without_an_act_and_without_a_notice(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial_second, at=MONDAY)
    forward(cast, case, at=MONDAY)
    Assignment.objects.update(released_at=None)
    for claim in idle_claims(FRIDAY):
        assert end_idle_claim(claim, at=FRIDAY)
    tell()
    assert (holder(case), acts(), told("claim_expired")) == ("", [], set())


def test_a_closed_account_is_not_told_that_its_claim_ended(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    end_idle_claim(idle_claims(FRIDAY)[0], at=FRIDAY)
    set_active(cast.provincial.pk, is_active=False, reason="样例，须核对原件", by=cast.administrator)
    tell()
    assert told("claim_expired") == set()
    assert holder(case) == ""


@pytest.mark.django_db(transaction=True)
def test_of_two_jobs_at_once_one_ends_the_claim(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    (claim,) = idle_claims(FRIDAY)
    start = Barrier(2)

    def end(_number: int) -> bool:
        start.wait(timeout=20)
        try:
            return end_idle_claim(claim, at=FRIDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(end, range(2))) == [False, True]
    assert acts() == [OfficeAct.CLAIM_EXPIRED]


# ---------------------------------------------------------------- handover


def given(cast: Cast, *, number: int = 2) -> list[SampleCase]:
    cases = [submitted(cast, seed=seed + 1) for seed in range(number)]
    for case in cases:
        claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    return cases


def ids(*cases: SampleCase) -> list[str]:
    return [str(case.application_id) for case in cases]


def test_a_handover_is_one_act_that_names_each_case_and_tells_both(cast: Cast) -> None:
    cases = given(cast)
    head = sign_in(cast.provincial_head)
    shown = text_of(head.get(f"{PAGE}?officer={cast.provincial.pk}"))
    assert all(case.application.receipt_number in shown for case in cases)
    answer = head.post(
        PAGE,
        {
            "officer": str(cast.provincial.pk),
            "to": str(cast.provincial_second.pk),
            "case": ids(*cases),
            "reason": "样例：岗位调整",
        },
    )
    assert answer.status_code == 302
    assert {holder(case) for case in cases} == {cast.provincial_second.name}
    numbers = sorted(case.application.receipt_number for case in cases)
    facts = OfficeFacts.of(Event.objects.get(act=OfficeAct.WORK_HANDED_OVER).payload)
    assert (sorted(facts.after["handed_over"]), facts.after["not_handed_over"]) == (numbers, [])
    assert facts.reason == "样例：岗位调整"
    assert acts() == sorted([OfficeAct.WORK_HANDED_OVER, *[OfficeAct.CLAIM_HANDED_OVER] * 2])
    tell()
    assert told("work_handed_over") == {cast.provincial.name, cast.provincial_second.name}
    assert all(number in Notice.objects.filter(kind="work_handed_over")[0].body for number in numbers)
    assert verify_register().violations == []


def test_each_case_of_a_handover_is_found_by_its_receipt_number(cast: Cast) -> None:
    (case,) = given(cast, number=1)
    fields = {"to": str(cast.provincial_second.pk), "case": ids(case), "reason": "样例，须核对原件"}
    assert sign_in(cast.provincial).post(PAGE, fields).status_code == 302
    stream = office_stream(OfficeSubject.CASE, str(case.application_id))
    assert [each.act for each in Event.objects.filter(stream_id=stream)] == [OfficeAct.CLAIM_HANDED_OVER]
    tell()
    # Who handed over needs not be told of it.
    assert told("work_handed_over") == {cast.provincial_second.name}


def test_what_cannot_be_handed_over_is_named_and_the_rest_is(cast: Cast) -> None:
    mine, taken, decided = given(cast, number=3)
    claims.reassign(
        taken.application_id,
        to=cast.provincial_head.pk,
        reason="样例，须核对原件",
        head=cast.provincial_head,
        at=MORNING,
    )
    forward(cast, decided, at=MORNING)
    fields = {
        "to": str(cast.provincial_second.pk),
        "case": ids(mine, taken, decided),
        "reason": "样例，须核对原件",
    }
    client = sign_in(cast.provincial)
    page = text_of(client.post(PAGE, fields, follow=True))
    assert (holder(mine), holder(taken)) == (cast.provincial_second.name, cast.provincial_head.name)
    assert "1 case was handed over" in page
    facts = OfficeFacts.of(Event.objects.get(act=OfficeAct.WORK_HANDED_OVER).payload)
    left = sorted(case.application.receipt_number for case in (taken, decided))
    assert sorted(facts.after["not_handed_over"]) == left
    assert all(number in page for number in left)


def test_a_case_claimed_after_the_page_was_shown_stays(cast: Cast) -> None:
    seen, later = given(cast, number=2)
    fields = {"to": str(cast.provincial_second.pk), "case": ids(seen), "reason": "样例，须核对原件"}
    sign_in(cast.provincial).post(PAGE, fields)
    assert (holder(seen), holder(later)) == (cast.provincial_second.name, cast.provincial.name)


def test_two_browsers_hand_over_once_and_the_second_is_told(cast: Cast) -> None:
    cases = given(cast)
    fields = {"to": str(cast.provincial_second.pk), "case": ids(*cases), "reason": "样例，须核对原件"}
    answers = [sign_in(cast.provincial).post(PAGE, fields).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert Event.objects.filter(act=OfficeAct.WORK_HANDED_OVER).count() == 1


@pytest.mark.parametrize("missing", ["to", "reason"])
def test_a_handover_needs_a_colleague_and_a_reason_and_keeps_what_was_typed(cast: Cast, missing: str) -> None:
    cases = given(cast)
    fields = {"to": str(cast.provincial_second.pk), "case": ids(*cases), "reason": "样例：理由，须核对原件"}
    answer = sign_in(cast.provincial).post(PAGE, fields | {missing: " "})
    assert answer.status_code == 400
    assert {holder(case) for case in cases} == {cast.provincial.name}
    kept = "样例：理由" if missing == "to" else f'value="{cast.provincial_second.pk}" selected'
    assert kept in answer.content.decode()


def test_only_heads_hand_over_what_others_hold_and_only_in_their_office(cast: Cast) -> None:
    cases = given(cast)
    seen = frozenset(case.application_id for case in cases)
    for by, to in (
        (cast.provincial_second, cast.provincial_head),
        (cast.national_head, cast.national),
        (cast.elsewhere, cast.elsewhere),
    ):
        with pytest.raises(ClaimRefused, match="not_a_colleague"):
            handover.hand_over(
                cast.provincial.pk, to=to.pk, seen=seen, reason="样例，须核对原件", by=by, at=MORNING
            )
    for to in (cast.elsewhere, cast.national, cast.member):
        with pytest.raises(ClaimRefused, match="not_a_colleague"):
            handover.hand_over(
                cast.provincial.pk,
                to=to.pk,
                seen=seen,
                reason="样例，须核对原件",
                by=cast.provincial_head,
                at=MORNING,
            )
    assert {holder(case) for case in cases} == {cast.provincial.name}


def test_an_officer_sees_the_own_cases_only_and_a_closed_colleague_takes_nothing(cast: Cast) -> None:
    cases = given(cast)
    page = text_of(sign_in(cast.provincial_second).get(f"{PAGE}?officer={cast.provincial.pk}"))
    assert all(case.application.receipt_number not in page for case in cases)
    set_active(cast.provincial_second.pk, is_active=False, reason="样例，须核对原件", by=cast.administrator)
    fields = {"to": str(cast.provincial_second.pk), "case": ids(*cases), "reason": "样例，须核对原件"}
    assert sign_in(cast.provincial).post(PAGE, fields).status_code == 400
    assert {holder(case) for case in cases} == {cast.provincial.name}
