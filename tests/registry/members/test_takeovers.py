"""An applicant is taken over by two officers who saw the proof and the effect, after its owners had days to object."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from registry import clock
from registry.accounts.officers import change_office
from registry.book import takeovers
from registry.errors import MemberActRefused, NotFound, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.members import claims
from registry.members.authority import active_memberships
from registry.members.claims import proof_of
from registry.models import Account, Applicant, Event, MembershipClaim, Notice, OfficeProposal
from registry.rules.members.permissions import MemberRole
from registry.rules.office.events import OfficeAct, OfficeFacts
from registry.rules.workflow.states import Role, StreamKind
from review.notices.desk_notices import events_for_desks, notify_desk
from review.tasks import settle_takeovers
from tests.builders.register import MORNING, Cast
from tests.registry.members.test_members import claim as claimed_at
from tests.registry.members.test_members import entered
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db
Outcome = MembershipClaim.Outcome

# MORNING is Monday 2 March 2026: the owners have until Thursday.
LAST_DAY = date(2026, 3, 5)
THURSDAY_NIGHT = MORNING.replace(hour=15, minute=59, second=59) + timedelta(days=3)
FRIDAY = MORNING.replace(hour=16, minute=0, second=0) + timedelta(days=3)


@pytest.fixture
def applicant(cast: Cast) -> Applicant:
    clock.set_for_tests(MORNING)
    for name in ("provincial", "provincial_second", "provincial_head", "elsewhere", "national_head"):
        getattr(cast, name)
    return entered(cast)


@pytest.fixture
def claim(applicant: Applicant, cast: Cast) -> MembershipClaim:
    return claimed_at(applicant, cast.stranger, "office")


def seen(claim: MembershipClaim) -> list[str]:
    return [str(scan.pk) for scan in proof_of(claim)]


def propose(
    claim: MembershipClaim, cast: Cast, *, outcome: Outcome = Outcome.REPLACED, by: Account | None = None
) -> OfficeProposal:
    return takeovers.propose_takeover(
        claim.pk,
        outcome,
        reason="样例：证照与授权书相符",
        proof_seen=seen(claim),
        officer=by or cast.provincial,
        at=MORNING,
    )


def confirm(
    claim: MembershipClaim,
    by: Account,
    act: OfficeAct = OfficeAct.TAKEOVER_CONFIRMED,
    *,
    reason: str = "",
    digest: str = "",
    proof: list[str] | None = None,
) -> OfficeProposal:
    proposal = takeovers.takeover_of(claim)
    assert proposal is not None
    effect = takeovers.effect_of(claim, takeovers.outcome_of(proposal))
    return takeovers.confirm_takeover(
        claim.pk,
        act,
        reason=reason,
        proof_seen=seen(claim) if proof is None else proof,
        digest=digest or effect.digest,
        officer=by,
        at=MORNING,
    )


def owners(applicant: Applicant) -> set[Account]:
    return {each.account for each in active_memberships(applicant.pk) if each.role == "owner"}


def told(kind: str) -> set[str]:
    return {each.account.name for each in Notice.objects.filter(kind=kind) if each.account is not None}


def acts() -> list[str]:
    found = Event.objects.filter(stream_kind=StreamKind.OFFICE.value).order_by("sequence")
    return list(found.values_list("act", flat=True))


def test_one_officer_alone_takes_nothing_over(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    with pytest.raises(TransitionNotAllowed, match="second_officer"):
        confirm(claim, cast.provincial)
    with pytest.raises(TransitionNotAllowed, match="only_proposal"):
        propose(claim, cast, by=cast.provincial_second)
    with pytest.raises(MemberActRefused, match="takeover_by_two"):
        claims.decide_claim(
            claim.pk, Outcome.REPLACED, reason="样例：写明理由", officer=cast.provincial_second, at=MORNING
        )
    assert owners(applicant) == {cast.member}


def test_the_owners_are_told_and_it_takes_effect_when_their_third_working_day_has_ended(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    assert told("takeover_planned") == set()
    done = confirm(claim, cast.provincial_second)
    assert (done.state, done.answer_by) == ("waiting", LAST_DAY)
    assert told("takeover_planned") == {cast.member.name}
    assert "2026年3月5日" in Notice.objects.get(kind="takeover_planned").body
    assert owners(applicant) == {cast.member}
    with clock.stopped_at(THURSDAY_NIGHT):
        assert settle_takeovers() == 0
    assert owners(applicant) == {cast.member}
    with clock.stopped_at(FRIDAY):
        assert [settle_takeovers(), settle_takeovers()] == [1, 0]
    assert owners(applicant) == {cast.stranger}
    claim.refresh_from_db()
    assert (claim.outcome, claim.decided_by) == ("replaced", cast.provincial)
    assert told("claim_replaced") == {cast.member.name}
    assert acts() == [
        OfficeAct.CHANGE_PROPOSED,
        OfficeAct.TAKEOVER_CONFIRMED,
        OfficeAct.TAKEOVER_EFFECTED,
    ]
    assert verify_register().violations == []


def test_a_late_job_puts_it_in_effect_once(claim: MembershipClaim, applicant: Applicant, cast: Cast) -> None:
    propose(claim, cast)
    confirm(claim, cast.provincial_second)
    with clock.stopped_at(MORNING + timedelta(days=40)):
        assert [settle_takeovers(), settle_takeovers()] == [1, 0]
    assert owners(applicant) == {cast.stranger}
    assert MembershipClaim.objects.filter(outcome="replaced").count() == 1


def test_an_owner_who_objects_stops_it_and_only_a_head_carries_it_through(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    proposal = confirm(claim, cast.provincial_second)
    takeovers.object_to_takeover(proposal.pk, text="样例：授权书是伪造的", by=cast.member, at=MORNING)
    with clock.stopped_at(FRIDAY):
        assert settle_takeovers() == 0
    assert owners(applicant) == {cast.member}
    for event_id in events_for_desks():
        notify_desk(event_id)
    assert told("takeover_objected") == {cast.provincial_head.name, cast.provincial.name}
    with pytest.raises(TransitionNotAllowed):
        confirm(claim, cast.provincial_second, OfficeAct.TAKEOVER_UPHELD, reason="样例：写明理由")
    with pytest.raises(TransitionNotAllowed, match="proposal_reason_given"):
        confirm(claim, cast.provincial_head, OfficeAct.TAKEOVER_UPHELD)
    confirm(claim, cast.provincial_head, OfficeAct.TAKEOVER_UPHELD, reason="样例：已向登记机关核实")
    assert owners(applicant) == {cast.stranger}
    assert verify_register().violations == []


def test_what_an_owner_says_stands_in_no_event_and_is_encrypted(claim: MembershipClaim, cast: Cast) -> None:
    propose(claim, cast)
    proposal = confirm(claim, cast.provincial_second)
    takeovers.object_to_takeover(proposal.pk, text="样例：请致电 13900000000", by=cast.member, at=MORNING)
    assert "13900000000" not in str(list(Event.objects.values_list("payload", flat=True)))
    row = OfficeProposal.objects.get(pk=proposal.pk)
    assert row.objection == "样例：请致电 13900000000"
    with connection.cursor() as cursor:
        cursor.execute("SELECT objection FROM registry_officeproposal")
        assert b"13900000000" not in bytes(cursor.fetchone()[0])


def test_a_heads_recorded_urgency_puts_it_in_effect_at_once(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    with pytest.raises(TransitionNotAllowed):
        confirm(claim, cast.provincial_second, OfficeAct.TAKEOVER_URGED, reason="样例：写明理由")
    with pytest.raises(TransitionNotAllowed, match="proposal_reason_given"):
        confirm(claim, cast.provincial_head, OfficeAct.TAKEOVER_URGED)
    confirm(claim, cast.provincial_head, OfficeAct.TAKEOVER_URGED, reason="样例：账号正被盗用")
    assert owners(applicant) == {cast.stranger}
    facts = OfficeFacts.of(Event.objects.get(act=OfficeAct.TAKEOVER_URGED).payload)
    assert facts.reason == "样例：账号正被盗用"
    assert verify_register().violations == []


def test_a_head_who_proposed_finds_nothing_urgent_alone(claim: MembershipClaim, cast: Cast) -> None:
    propose(claim, cast, by=cast.provincial_head)
    with pytest.raises(TransitionNotAllowed, match="second_officer"):
        confirm(claim, cast.provincial_head, OfficeAct.TAKEOVER_URGED, reason="样例：写明理由")


def test_both_officers_look_at_every_scan(claim: MembershipClaim, cast: Cast) -> None:
    with pytest.raises(TransitionNotAllowed, match="takeover_proof_seen"):
        takeovers.propose_takeover(
            claim.pk,
            Outcome.JOINED,
            reason="样例：写明理由",
            proof_seen=seen(claim)[1:],
            officer=cast.provincial,
            at=MORNING,
        )
    propose(claim, cast)
    with pytest.raises(TransitionNotAllowed, match="takeover_proof_seen"):
        confirm(claim, cast.provincial_second, proof=[])


def test_the_second_officer_confirms_only_the_effect_that_was_on_the_screen(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    proposal = propose(claim, cast)
    digest = takeovers.effect_of(claim, takeovers.outcome_of(proposal)).digest
    other = cast.get("样例另一所有者", Role.APPLICANT, "")
    asked = claimed_at(applicant, other, "owners")
    claims.answer_request(asked.pk, role=MemberRole.OWNER, by=cast.member, at=MORNING)
    with pytest.raises(TransitionNotAllowed, match="effect_as_seen"):
        confirm(claim, cast.provincial_second, digest=digest)
    confirm(claim, cast.provincial_second)
    assert told("takeover_planned") == {cast.member.name, other.name}


@pytest.mark.parametrize("who", ["elsewhere", "national_head", "administrator", "auditor"])
def test_no_other_office_takes_part(claim: MembershipClaim, cast: Cast, who: str) -> None:
    other = getattr(cast, who)
    with pytest.raises(NotFound):
        propose(claim, cast, by=other)
    propose(claim, cast)
    for act in (OfficeAct.TAKEOVER_CONFIRMED, OfficeAct.TAKEOVER_URGED):
        with pytest.raises(NotFound):
            confirm(claim, other, act, reason="样例：写明理由")


def test_only_owners_object_and_only_while_it_waits(claim: MembershipClaim, cast: Cast) -> None:
    proposal = propose(claim, cast)
    with pytest.raises(TransitionNotAllowed):
        takeovers.object_to_takeover(proposal.pk, text="样例", by=cast.member, at=MORNING)
    confirm(claim, cast.provincial_second)
    with pytest.raises(NotFound):
        takeovers.object_to_takeover(proposal.pk, text="样例", by=cast.stranger, at=MORNING)
    with pytest.raises(TransitionNotAllowed, match="proposal_reason_given"):
        takeovers.object_to_takeover(proposal.pk, text=" ", by=cast.member, at=MORNING)


def test_a_dropped_takeover_leaves_the_claim_to_be_decided_and_tells_who_was_told(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    confirm(claim, cast.provincial_second)
    end = takeovers.end_takeover
    with pytest.raises(TransitionNotAllowed, match="proposal_reason_given"):
        end(claim.pk, OfficeAct.CHANGE_DECLINED, reason="", officer=cast.provincial_head, at=MORNING)
    end(
        claim.pk,
        OfficeAct.CHANGE_DECLINED,
        reason="样例：写明理由",
        officer=cast.provincial_head,
        at=MORNING,
    )
    assert told("takeover_dropped") == {cast.member.name}
    with clock.stopped_at(FRIDAY):
        assert settle_takeovers() == 0
    claims.decide_claim(
        claim.pk, Outcome.DECLINED, reason="样例：写明理由", officer=cast.provincial, at=MORNING
    )
    assert owners(applicant) == {cast.member}
    assert verify_register().violations == []


def test_a_claim_withdrawn_meanwhile_ends_its_takeover(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    confirm(claim, cast.provincial_second)
    claims.withdraw_claim(claim.pk, account=cast.stranger, at=MORNING)
    with clock.stopped_at(FRIDAY):
        assert [settle_takeovers(), settle_takeovers()] == [1, 0]
    assert acts()[-1] == OfficeAct.TAKEOVER_LAPSED
    assert owners(applicant) == {cast.member}
    assert verify_register().violations == []


def test_it_takes_effect_though_who_proposed_has_left_the_office(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    confirm(claim, cast.provincial_second)
    change_office(
        cast.provincial.pk,
        role=Role.NATIONAL_REVIEWER,
        province_code="",
        reason="样例：写明理由",
        by=cast.administrator,
    )
    with clock.stopped_at(FRIDAY):
        assert settle_takeovers() == 1
    assert owners(applicant) == {cast.stranger}


def test_an_owner_reads_of_it_and_objects_on_a_page_and_nobody_else_does(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    proposal = propose(claim, cast)
    page = reverse("applicants:takeover", args=[proposal.pk])
    owner, claimant = sign_in(cast.member), sign_in(cast.stranger)
    assert owner.get(page).status_code == 404
    confirm(claim, cast.provincial_second)
    assert page in owner.get(reverse("applicants:members", args=[applicant.pk])).content.decode()
    shown = text_of(owner.get(page))
    assert "2026-03-05" in shown
    assert cast.stranger.name in shown
    assert cast.provincial.name not in shown
    assert claimant.get(page).status_code == 404
    assert owner.post(page, {"objection": " "}).status_code == 400
    assert claimant.post(page, {"objection": "样例"}).status_code == 404
    assert owner.post(page, {"objection": "样例：不同意"}).status_code == 302
    late = owner.post(page, {"objection": "样例：再次"})
    assert late.status_code == 409
    assert "样例：再次" in late.content.decode()
    office = text_of(sign_in(cast.provincial).get(reverse("review:membership_claim", args=[claim.pk])))
    assert "样例：不同意" in office


def test_the_page_shows_who_gains_and_who_loses_access(claim: MembershipClaim, cast: Cast) -> None:
    propose(claim, cast)
    shown = text_of(sign_in(cast.provincial_head).get(reverse("review:membership_claim", args=[claim.pk])))
    assert f"Gains access, as an owner {cast.stranger.name}" in shown
    assert f"Lose their access {cast.member.name}" in shown
    assert "Put it in effect at once, as urgent" in shown


@pytest.mark.django_db(transaction=True)
def test_of_an_objection_and_the_job_at_once_one_is_first_and_the_other_sees_it(
    claim: MembershipClaim, applicant: Applicant, cast: Cast
) -> None:
    propose(claim, cast)
    proposal = confirm(claim, cast.provincial_second)
    start, outcomes = threading.Barrier(2), []

    def settle() -> None:
        start.wait(timeout=20)
        try:
            outcomes.append(("settled", takeovers.settle_takeover(proposal.pk, at=FRIDAY)))
        finally:
            connection.close()

    def object_to_it() -> None:
        start.wait(timeout=20)
        try:
            takeovers.object_to_takeover(proposal.pk, text="样例", by=cast.member, at=FRIDAY)
            outcomes.append(("objected", True))
        except (TransitionNotAllowed, NotFound):
            outcomes.append(("objected", False))
        finally:
            connection.close()

    threads = [threading.Thread(target=each) for each in (settle, object_to_it)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    found = dict(outcomes)
    assert found["settled"] is not found["objected"]
    assert owners(applicant) == ({cast.stranger} if found["settled"] else {cast.member})
