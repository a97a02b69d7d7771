"""Who works on a case is changed with a reason, told to both officers, and kept in the auditor's trail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from registry.accounts.officers import change_office, set_active
from registry.integrity.register import verify_register
from registry.models import Account, Event, Notice
from registry.rules.office.events import OfficeAct, OfficeFacts, OfficeSubject, office_stream
from registry.rules.workflow.states import Act, Outcome, Role, StreamKind
from registry.sample.walk import SampleCase
from review.access import Office
from review.desk import claims
from review.desk.claims import ClaimRefused
from review.heads.workload import tables_for
from review.models import Assignment
from review.notices.desk_notices import events_for_desks, notify_desk
from tests.builders.register import MORNING, Cast, submitted
from tests.review.officers import mark_all, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def heads(cast: Cast) -> tuple[Account, Account]:
    """The heads of both offices: who is told."""
    return cast.provincial_head, cast.national_head


def acts_of(case: SampleCase) -> list[tuple[str, OfficeFacts]]:
    stream = office_stream(OfficeSubject.CASE, str(case.application_id))
    found = Event.objects.filter(stream_id=stream).order_by("sequence")
    return [(each.act, OfficeFacts.of(each.payload)) for each in found]


def tell() -> None:
    for event_id in events_for_desks():
        notify_desk(event_id, at=MORNING)


def told(account: Account) -> list[str]:
    return list(Notice.objects.filter(account=account).order_by("kind").values_list("kind", flat=True))


def holder(case: SampleCase, office: Office = Office.PROVINCE) -> str:
    application = case.application
    claim = claims.claims_on([application], office, at=MORNING).get(application.pk)
    return claim.officer.name if claim else ""


def test_a_reassignment_says_who_when_before_after_and_why(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    answer = sign_in(cast.provincial_head).post(
        url("reassign", case), {"officer": str(cast.provincial_second.pk), "reason": "样例：原经办人外出"}
    )
    assert answer.status_code == 302
    event = Event.objects.get(stream_kind=StreamKind.OFFICE, act=OfficeAct.CASE_REASSIGNED)
    facts = OfficeFacts.of(event.payload)
    assert (event.actor, event.at, event.province_code) == (cast.provincial_head, MORNING, "110000")
    assert facts.before == {"officer": str(cast.provincial.pk)}
    assert facts.after == {
        "officer": str(cast.provincial_second.pk),
        "receipt_number": case.application.receipt_number,
    }
    assert facts.reason == "样例：原经办人外出"
    tell()
    assert told(cast.provincial) == ["case_taken"]
    assert told(cast.provincial_second) == ["case_given"]
    assert told(cast.provincial_head) == []


def test_a_claim_is_taken_from_nobody_without_a_reason_and_what_was_chosen_stays(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    answer = head.post(url("reassign", case), {"officer": str(cast.provincial_second.pk), "reason": "\u200b"})
    assert answer.status_code in {400, 409}
    assert f'value="{cast.provincial_second.pk}" selected' in answer.content.decode()
    assert (holder(case), acts_of(case)) == (cast.provincial.name, [])


def test_an_unclaimed_case_is_assigned_without_a_reason_and_leaves_its_trace(cast: Cast) -> None:
    case = submitted(cast)
    head = sign_in(cast.provincial_head)
    head.post(url("reassign", case), {"officer": str(cast.provincial.pk), "reason": ""})
    assert holder(case) == cast.provincial.name
    assert [act for act, _facts in acts_of(case)] == [OfficeAct.CASE_REASSIGNED]
    tell()
    assert told(cast.provincial) == ["case_given"]


def test_a_head_returns_a_case_to_the_queue_with_a_reason(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    head.post(url("reassign", case), {"officer": "nobody", "reason": "样例：重新安排"})
    assert holder(case) == ""
    ((act, facts),) = acts_of(case)
    assert (act, facts.after["officer"], facts.reason) == (OfficeAct.CASE_REASSIGNED, "", "样例：重新安排")
    tell()
    assert told(cast.provincial) == ["case_taken"]


def test_a_second_press_and_the_same_officer_leave_one_act(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    head = sign_in(cast.provincial_head)
    fields = {"officer": str(cast.provincial_second.pk), "reason": "样例，须核对原件"}
    answers = [head.post(url("reassign", case), fields).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert len(acts_of(case)) == 1


def test_a_head_takes_the_own_claim_back_without_a_reason(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial_head, at=MORNING)
    claims.release(case.application_id, officer=cast.provincial_head, at=MORNING)
    assert (holder(case), acts_of(case)) == ("", [])


def test_a_head_of_another_province_and_of_the_nation_reassigns_nothing_there(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    Account.objects.filter(pk=cast.elsewhere.pk).update(role=Role.PROVINCIAL_HEAD.value)
    cast.elsewhere.refresh_from_db()
    fields = {"officer": "nobody", "reason": "样例，须核对原件"}
    answers = [
        sign_in(who).post(url("reassign", case), fields).status_code
        for who in (cast.elsewhere, cast.national_head)
    ]
    assert answers == [404, 409]
    assert (holder(case), acts_of(case)) == (cast.provincial.name, [])


def test_a_closed_account_holds_nothing_at_once_and_its_head_is_told_which_cases(cast: Cast) -> None:
    case, other = submitted(cast), submitted(cast, seed=2)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    claims.claim(other.application_id, officer=cast.provincial_second, at=MORNING)
    set_active(cast.provincial.pk, is_active=False, reason="样例：调离，须核对原件", by=cast.administrator)
    assert holder(case) == ""
    claims.claim(case.application_id, officer=cast.provincial_second, at=MORNING)
    tell()
    assert holder(case) == cast.provincial_second.name
    assert told(cast.provincial_head) == ["officer_left"]
    notice = Notice.objects.get(kind="officer_left")
    # A colleague has taken the case over before the sweep came: it is not in the queue any more.
    assert case.application.receipt_number not in notice.body
    assert other.application.receipt_number not in notice.body


def test_the_claims_of_a_closed_account_end_by_the_sweep_each_with_its_trace(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    set_active(cast.provincial.pk, is_active=False, reason="样例：调离，须核对原件", by=cast.administrator)
    tell()
    tell()
    assert Assignment.objects.get().released_at == MORNING
    ((act, facts),) = acts_of(case)
    assert (act, facts.before, facts.reason) == (
        OfficeAct.CLAIM_RELEASED,
        {"officer": str(cast.provincial.pk)},
        "样例：调离，须核对原件",
    )
    notice = Notice.objects.get(kind="officer_left")
    assert case.application.receipt_number in notice.body
    assert verify_register().violations == []


def test_a_claim_made_after_the_account_was_opened_again_stays(cast: Cast) -> None:
    case = submitted(cast)
    set_active(cast.provincial.pk, is_active=False, reason="样例，须核对原件", by=cast.administrator)
    set_active(cast.provincial.pk, is_active=True, reason="样例，须核对原件", by=cast.administrator)
    cast.provincial.refresh_from_db()
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING + timedelta(minutes=1))
    tell()
    application = case.application
    held = claims.claims_on([application], Office.PROVINCE, at=MORNING + timedelta(minutes=2))
    assert held[application.pk].officer == cast.provincial


def test_who_becomes_head_of_the_same_office_keeps_the_claims_and_who_moves_away_does_not(cast: Cast) -> None:
    case, other = submitted(cast), submitted(cast, seed=2)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    claims.claim(other.application_id, officer=cast.provincial_second, at=MORNING)
    change_office(
        cast.provincial.pk,
        role=Role.PROVINCIAL_HEAD,
        province_code="110000",
        reason="样例，须核对原件",
        by=cast.administrator,
    )
    change_office(
        cast.provincial_second.pk,
        role=Role.NATIONAL_REVIEWER,
        province_code="",
        reason="样例，须核对原件",
        by=cast.administrator,
    )
    assert (holder(case), holder(other)) == (cast.provincial.name, "")
    tell()
    assert [act for act, _facts in acts_of(case)] == []
    assert [act for act, _facts in acts_of(other)] == [OfficeAct.CLAIM_RELEASED]


def test_where_no_officer_is_left_the_heads_of_the_nation_are_told(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    Account.objects.filter(province_code="110000").exclude(pk=cast.provincial.pk).update(is_active=False)
    set_active(cast.provincial.pk, is_active=False, reason="样例，须核对原件", by=cast.administrator)
    tell()
    assert told(cast.national_head) == ["officer_left"]


def test_figures_keep_a_former_officer_under_the_name(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    fields = {"recommends": Outcome.APPROVAL.value, "text": "样例：材料齐全，建议予以备案。"}
    assert send(sign_in(cast.provincial), case, Act.FORWARD, fields).status_code == 302
    set_active(cast.provincial.pk, is_active=False, reason="样例：调离，须核对原件", by=cast.administrator)
    (officers,) = [
        table
        for table in tables_for(cast.provincial_head, month=MORNING.date().replace(day=1), at=MORNING)
        if table.key == "officers"
    ]
    (row,) = [row for row in officers.rows if row[0] == cast.provincial.name]
    assert row[2:] == (0, 1, 0)
    assert "formerly" in str(row[1])
    page = text_of(sign_in(cast.provincial_head).get("/review/workload/"))
    assert cast.provincial.name in page
    of_the_nation = tables_for(cast.national_head, month=MORNING.date().replace(day=1), at=MORNING)[0]
    assert cast.provincial.name not in [row[0] for row in of_the_nation.rows]


def test_a_colleague_who_did_nothing_there_is_not_among_the_former(cast: Cast) -> None:
    set_active(cast.provincial.pk, is_active=False, reason="样例，须核对原件", by=cast.administrator)
    officers = tables_for(cast.provincial_head, month=MORNING.date().replace(day=1), at=MORNING)[0]
    assert cast.provincial.name not in [row[0] for row in officers.rows]


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_who_reassign_at_once_each_leaves_its_act_in_order(cast: Cast) -> None:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    Account.objects.filter(pk=cast.provincial_second.pk).update(role=Role.PROVINCIAL_HEAD.value)
    cast.provincial_second.refresh_from_db()
    heads = [cast.provincial_head, cast.provincial_second]
    start = Barrier(len(heads))

    def give(head: Account) -> str:
        start.wait(timeout=20)
        try:
            claims.reassign(case.application_id, to=head.pk, reason="样例，须核对原件", head=head, at=MORNING)
        except ClaimRefused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(heads)) as pool:
        assert list(pool.map(give, heads)) == ["done", "done"]
    first, second = (facts for _act, facts in acts_of(case))
    assert second.before["officer"] == first.after["officer"]
    assert Assignment.objects.filter(released_at__isnull=True).count() == 1
