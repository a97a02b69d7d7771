"""The next case to take, what is offered after an act, and what a case that came back says and to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry import clock
from registry.models import Account, Event, Notice
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from review.access import Office
from review.desk import claims
from review.desk.claims import ToTake
from review.models import Assignment
from review.notices.desk_notices import events_for_desks, notify_desk
from review.queue.queue import Filters, queue_page
from tests.builders.register import MORNING, Cast, forward, submitted
from tests.review.decisions.test_decisions import OPINION, VAGUE, reasons
from tests.review.officers import mark_all, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LATER = MORNING + timedelta(hours=3)
PROPOSAL = {"text": ""} | reasons(VAGUE)


def propose(cast: Cast, case: SampleCase, *, by: Account) -> None:
    """The officer marks the case, claims it and proposes to reject it, at the desk's page."""
    claims.claim(case.application_id, officer=by, at=MORNING)
    mark_all(case, by, at=MORNING, deficient=[VAGUE["key"]])
    answer = send(sign_in(by), case, Act.PROPOSE_REJECTION, PROPOSAL)
    assert answer.status_code == 302, text_of(answer)


def test_art_12_one_s_own_proposal_is_never_the_next_case(cast: Cast) -> None:
    proposed, other = submitted(cast, seed=1, at=MORNING - timedelta(days=3)), submitted(cast, seed=2)
    propose(cast, proposed, by=cast.provincial)
    taken = [claims.claim_next(officer=cast.provincial, at=MORNING + MINUTE) for _ in range(2)]
    assert [each and each.pk for each in taken] == [other.application_id, None]
    # The proposal is the next one of a colleague: the proposer's claim on it has ended.
    colleague = claims.claim_next(officer=cast.provincial_second, at=MORNING + MINUTE)
    assert colleague is not None
    assert colleague.pk == proposed.application_id


def test_art_12_one_s_own_proposal_at_the_nation_is_never_the_next_case(cast: Cast) -> None:
    case = submitted(cast, seed=1)
    forward(cast, case, at=MORNING, recommends=Outcome.APPROVAL)
    propose(cast, case, by=cast.national)
    assert claims.claim_next(officer=cast.national, at=MORNING + MINUTE) is None
    colleague = claims.claim_next(officer=cast.national_second, at=MORNING + MINUTE)
    assert colleague is not None


def test_art_12_a_head_gives_nobody_the_own_proposal_to_confirm(cast: Cast) -> None:
    provincial, national = submitted(cast, seed=1), submitted(cast, seed=2)
    propose(cast, provincial, by=cast.provincial)
    forward(cast, national, at=MORNING, recommends=Outcome.APPROVAL)
    propose(cast, national, by=cast.national_head)
    for case, head, proposer, second in (
        (provincial, cast.provincial_head, cast.provincial, cast.provincial_second),
        (national, cast.national_head, cast.national_head, cast.national_second),
    ):
        client = sign_in(head)
        asked = {"officer": str(proposer.pk), "reason": "样例：由拟定人复核"}
        refused = client.post(url("reassign", case), asked)
        assert refused.status_code == 409
        assert f"{proposer.name} proposed the decision that waits to be confirmed" in text_of(refused)
        assert "样例：由拟定人复核" in refused.content.decode()
        assert not Assignment.objects.filter(application=case.application_id, released_at=None).exists()
        given = client.post(url("reassign", case), {**asked, "officer": str(second.pk)})
        assert given.status_code == 302
        held = Assignment.objects.get(application=case.application_id, released_at=None)
        assert held.officer_id == second.pk


def test_the_button_is_there_exactly_when_there_is_a_case_to_take(cast: Cast) -> None:
    proposed = submitted(cast, seed=1)
    propose(cast, proposed, by=cast.provincial)
    found = {
        officer.name: (
            claims.what_to_take(officer, is_away=False, at=MORNING),
            claims.next_case(officer, at=MORNING) is not None,
        )
        for officer in (cast.provincial, cast.provincial_second)
    }
    assert found == {
        cast.provincial.name: (ToTake(has_case=False, has_own_proposal=True), False),
        cast.provincial_second.name: (ToTake(has_case=True, has_own_proposal=False), True),
    }
    page = sign_in(cast.provincial).get("/review/")
    assert "The unclaimed cases are your own proposals" in text_of(page)
    assert "Your proposal: a colleague decides on it" in text_of(page)
    answer = sign_in(cast.provincial).post("/review/next/", follow=True)
    assert "No case waits for you" in text_of(answer)


def test_a_joint_submission_is_claimed_without_one_s_own_proposals(cast: Cast) -> None:
    first, second = submitted(cast, seed=1), submitted(cast, seed=2)
    together = first.application_id
    for case in (first, second):
        row = case.application
        row.together_id = together
        row.save(update_fields=["together_id"])
    propose(cast, first, by=cast.provincial)
    claimed = claims.claim_joint_submission(second.application_id, officer=cast.provincial, at=MORNING)
    assert [each.pk for each in claimed] == [second.application_id]
    itself = claims.claim_joint_submission(first.application_id, officer=cast.provincial, at=MORNING)
    assert first.application_id in [each.pk for each in itself]


def test_what_is_sent_back_waits_for_whoever_examines_it(cast: Cast) -> None:
    case = submitted(cast)
    propose(cast, case, by=cast.provincial)
    claims.claim(case.application_id, officer=cast.provincial_second, at=MORNING)
    answer = send(
        sign_in(cast.provincial_second), case, Act.SEND_BACK, {"explanation": "样例：请再核对住所。"}
    )
    assert answer.status_code == 302
    assert claims.claims_on([case.application], Office.PROVINCE, at=MORNING) == {}
    author = claims.claim_next(officer=cast.provincial, at=MORNING + MINUTE)
    assert author is not None


@pytest.mark.parametrize("has_another", [True, False])
def test_after_an_act_the_next_case_is_offered(cast: Cast, has_another: bool) -> None:
    case = submitted(cast, seed=1)
    other = submitted(cast, seed=2) if has_another else None
    mark_all(case, cast.provincial, at=MORNING)
    officer = sign_in(cast.provincial)
    before = officer.get(url("case", case)).content.decode()
    assert 'action="/review/next/"' not in before
    page = officer.post(
        url("act", case, "forward"),
        {**OPINION, "revision": 1, "event": 1, "key": "6f0e7a4e-8a8e-4c4e-9d3f-0a8f4c5d6e7f"},
        follow=True,
    )
    assert page.redirect_chain[-1][0] == url("case", case)
    shown = page.content.decode()
    assert ('action="/review/next/"' in shown) is has_another
    if other is None:
        assert "no case waits for you" in text_of(page)
        return
    assert other.application.receipt_number in text_of(page)
    taken = officer.post("/review/next/")
    assert taken.headers["Location"] == url("case", other)


def returned(cast: Cast) -> SampleCase:
    """A case whose opinion the first officer wrote, returned by the nation with a question."""
    case = submitted(cast)
    forward(cast, case, at=MORNING + MINUTE)
    walk.act(
        case, Act.RETURN_TO_PROVINCE, by=cast.national, at=MORNING + 2 * MINUTE, question="样例：节点在哪里？"
    )
    return case


def told_of(act: Act, *, at_kind: str) -> set[str]:
    """The names of those who were told of the latest act of a kind."""
    for event_id in events_for_desks():
        notify_desk(event_id, at=LATER)
    event = Event.objects.filter(act=act.value).latest("sequence")
    return set(Notice.objects.filter(event=event, kind=at_kind).values_list("account__name", flat=True))


def test_a_case_that_came_back_tells_its_head_and_who_wrote_the_opinion(cast: Cast) -> None:
    head, _other = cast.provincial_head, cast.provincial_second
    returned(cast)
    assert told_of(Act.RETURN_TO_PROVINCE, at_kind="desk_returned") == {head.name, cast.provincial.name}


def test_an_author_who_has_left_is_not_told_and_the_office_is(cast: Cast) -> None:
    head = cast.provincial_head
    returned(cast)
    Account.objects.filter(pk=cast.provincial.pk).update(is_active=False)
    assert told_of(Act.RETURN_TO_PROVINCE, at_kind="desk_returned") == {head.name}


def test_a_proposal_sent_back_after_its_author_left_is_told_to_the_office(cast: Cast) -> None:
    head, case = cast.provincial_head, submitted(cast)
    walk.act(
        case,
        Act.PROPOSE_REJECTION,
        by=cast.provincial,
        at=MORNING,
        reasons=[dict(SAMPLE_REASON)],
        text="样例意见",
    )
    walk.act(
        case, Act.SEND_BACK, by=cast.provincial_second, at=MORNING + MINUTE, explanation="样例：请再核对。"
    )
    Account.objects.filter(pk=cast.provincial.pk).update(is_active=False)
    assert told_of(Act.SEND_BACK, at_kind="desk_sent_back") == {head.name}


def test_a_case_that_came_back_looks_it_in_the_queue_by_whom_and_why(cast: Cast) -> None:
    case, other = returned(cast), submitted(cast, seed=5)
    clock.set_for_tests(MORNING + 5 * MINUTE)
    rows = {
        row.application.pk: row.returned
        for row in queue_page(cast.provincial, Filters(), at=MORNING + 5 * MINUTE).rows
    }
    assert rows[other.application_id] is None
    back = rows[case.application_id]
    assert back is not None
    assert (back.by, back.text) == (cast.national.name, "样例：节点在哪里？")
    page = text_of(sign_in(cast.provincial).get("/review/"))
    assert "Returned Returned to the provincial office" in page
    assert "样例：节点在哪里？" in page
    # Forwarded again, it lies at the nation as any other.
    forward(cast, case, at=MORNING + 6 * MINUTE)
    assert [row.returned for row in queue_page(cast.national, Filters(), at=LATER).rows] == [None]


def test_a_proposal_sent_back_looks_it_in_the_queue(cast: Cast) -> None:
    case = submitted(cast)
    propose(cast, case, by=cast.provincial)
    send(sign_in(cast.provincial_second), case, Act.SEND_BACK, {"explanation": "样例：请再核对住所。"})
    (row,) = queue_page(cast.provincial, Filters(), at=LATER).rows
    assert row.returned is not None
    assert (row.returned.by, row.returned.text) == (cast.provincial_second.name, "样例：请再核对住所。")
    propose_again = queue_page(cast.provincial, Filters(), at=LATER)
    assert propose_again.total == 1
