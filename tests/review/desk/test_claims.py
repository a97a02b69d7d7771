"""A claim shows who works on a case, blocks nobody, and ends after three idle working days."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from registry.models import Account
from registry.rules.workflow.states import Act, Outcome
from registry.sample.walk import SampleCase
from review.access import Office
from review.desk import claims
from review.desk.claims import ClaimRefused
from review.models import Assignment
from tests.builders.register import MORNING, Cast, forward, submitted
from tests.review.officers import mark_all, send, sign_in, url

pytestmark = pytest.mark.django_db

# MORNING is a Monday.
MONDAY = MORNING
THURSDAY = MORNING + timedelta(days=3)
FRIDAY = MORNING + timedelta(days=4)


def holder(cast: Cast, case: SampleCase, *, at: datetime) -> str:
    application = case.application
    claim = claims.claims_on([application], Office.PROVINCE, at=at).get(application.pk)
    return claim.officer.name if claim else ""


def test_a_claim_is_once_however_often_it_is_pressed(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    assert Assignment.objects.count() == 1
    assert holder(cast, case, at=MORNING) == cast.provincial.name


def test_a_claim_expires_when_its_third_idle_working_day_has_ended(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    assert holder(cast, case, at=THURSDAY) == cast.provincial.name
    assert holder(cast, case, at=FRIDAY) == ""


def test_what_an_officer_does_keeps_the_claim_alive(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    mark_all(case, cast.provincial, at=THURSDAY)
    assert holder(cast, case, at=FRIDAY) == cast.provincial.name


def test_a_live_claim_is_not_taken_over_but_an_expired_one_is(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MONDAY)
    with pytest.raises(ClaimRefused) as refusal:
        claims.claim(case.application_id, officer=cast.provincial_second, at=THURSDAY)
    assert (refusal.value.code, refusal.value.facts["name"]) == ("claimed_by_another", cast.provincial.name)
    claims.claim(case.application_id, officer=cast.provincial_second, at=FRIDAY)
    assert holder(cast, case, at=FRIDAY) == cast.provincial_second.name


def test_a_claim_blocks_nobody_from_acting(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    mark_all(case, cast.provincial_second, at=MORNING)
    answer = send(
        sign_in(cast.provincial_second),
        case,
        Act.FORWARD,
        {"recommends": Outcome.APPROVAL.value, "text": "样例意见：均已核对"},
    )
    assert answer.status_code == 302
    assert case.application.state == "national_review"


def test_a_case_that_left_the_desk_is_nobodys_there(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    mark_all(case, cast.provincial, at=MORNING)
    fields = {"recommends": Outcome.APPROVAL.value, "text": "样例意见：均已核对"}
    send(sign_in(cast.provincial), case, Act.FORWARD, fields)
    assert holder(cast, case, at=MORNING) == ""
    with pytest.raises(ClaimRefused, match="not_at_this_desk"):
        claims.claim(case.application_id, officer=cast.provincial, at=MORNING)


def test_the_next_one_is_the_unclaimed_case_received_first(cast: Cast) -> None:
    first = submitted(cast, seed=1, at=MORNING - timedelta(days=3))
    second = submitted(cast, seed=2, at=MORNING - timedelta(days=2))
    elsewhere = submitted(cast, seed=3, at=MORNING - timedelta(days=9))
    forward(cast, elsewhere, at=MORNING - timedelta(days=8))
    taken = [claims.claim_next(officer=cast.provincial, at=MORNING) for _ in range(3)]
    assert [each.pk if each else None for each in taken] == [
        first.application_id,
        second.application_id,
        None,
    ]


def test_a_head_reassigns_within_the_office_only(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    head.post(url("reassign", case), {"officer": str(cast.provincial_second.pk), "reason": "样例：写明理由"})
    assert holder(cast, case, at=MORNING) == cast.provincial_second.name
    for stranger in (cast.elsewhere, cast.national, cast.member):
        head.post(url("reassign", case), {"officer": str(stranger.pk), "reason": "样例：写明理由"})
    head.post(url("reassign", case), {"officer": "nonsense", "reason": "样例：写明理由"})
    assert holder(cast, case, at=MORNING) == cast.provincial_second.name


def test_an_officer_releases_the_own_claim_and_a_head_any_with_a_reason(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    claims.release(case.application_id, officer=cast.provincial_second, at=MORNING)
    assert holder(cast, case, at=MORNING) == cast.provincial.name
    with pytest.raises(ClaimRefused, match="reassigned_without_reason"):
        claims.reassign(case.application_id, to=None, reason=" ", head=cast.provincial_head, at=MORNING)
    claims.reassign(
        case.application_id, to=None, reason="样例：写明理由", head=cast.provincial_head, at=MORNING
    )
    assert holder(cast, case, at=MORNING) == ""


def test_the_page_offers_what_belongs_to_the_claim(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    assert url("claim", case) in client.get(url("case", case)).content.decode()
    client.post(url("claim", case))
    page = client.get(url("case", case)).content.decode()
    assert url("release", case) in page
    assert url("claim", case) not in page
    client.post(url("release", case))
    assert url("claim", case) in client.get(url("case", case)).content.decode()


def test_the_button_for_the_next_one_opens_it(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    answers = [client.post("/review/next/")["Location"] for _ in range(2)]
    assert answers == [url("case", case), "/review/"]


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_ask_at_once_get_two_cases(cast: Cast) -> None:
    for seed in range(1, 9):
        submitted(cast, seed=seed)
    officers = [cast.provincial, cast.provincial_second] * 4
    start = Barrier(len(officers))

    def ask(officer: Account) -> object:
        start.wait(timeout=20)
        try:
            found = claims.claim_next(officer=officer, at=MORNING)
            return found.pk if found else None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(officers)) as pool:
        taken = list(pool.map(ask, officers))
    assert None not in taken
    assert len(set(taken)) == len(officers)
