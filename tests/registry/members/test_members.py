"""Members, agents, invitations and claims through the functions every page calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from applicants.tasks import sweep_letters
from registry import clock
from registry.errors import MemberActRefused, NotFound, TransitionNotAllowed
from registry.files.access import find_readable
from registry.integrity.members import find_member_violations
from registry.members import claims, history, invitations, memberships
from registry.members.authority import active_memberships, membership_of
from registry.members.history import history_of
from registry.members.invitations import LetterGiven, Recipient
from registry.members.words import owners_view
from registry.models import (
    Account,
    Applicant,
    Attachment,
    Event,
    Invitation,
    Membership,
    MembershipClaim,
    Notice,
)
from registry.rules.members.events import MembershipAct
from registry.rules.members.permissions import MemberRole, Scope
from registry.rules.workflow.states import Act, Role
from registry.sample import walk
from registry.sample.materials import organisation_materials
from tests.builders import register
from tests.builders.register import BEIJING, BEIJING_DIVISION, MORNING, Cast

MOBILE = "+8619955501234"
EMAIL = "sample.invited@example.com"
Happened = MembershipAct
Outcome = MembershipClaim.Outcome


def scan(name: str = "letter") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.png", walk.sample_scan(name), "image/png")


def letter(*, scope: Scope = Scope.ALL_ACTS, valid_until: date = date(2026, 12, 31)) -> LetterGiven:
    return LetterGiven(scan(), scope, valid_until)


@pytest.fixture
def applicant(db: None, cast: Cast) -> Applicant:
    clock.set_for_tests(MORNING)
    return entered(cast)


def entered(cast: Cast) -> Applicant:
    """An applicant in Beijing, entered in the book with its first owner."""
    materials = organisation_materials(seed=1, today=MORNING.date(), division_code=BEIJING_DIVISION)
    return walk.sample_applicant(materials, member=cast.member, at=MORNING)


@pytest.fixture
def invited(db: None) -> Account:
    return Account.objects.create_account(
        name="样例受邀人",
        password=None,
        mobile=MOBILE,
        email=EMAIL,
        mobile_verified_at=MORNING,
        email_verified_at=MORNING,
    )


@pytest.fixture(autouse=True)
def every_member_has_its_history(db: None, cast: Cast) -> Iterator[None]:
    """Whatever a test did, the members are those that the history tells of."""
    yield
    assert list(find_member_violations()) == []


def by_mobile() -> Recipient:
    return Recipient(Invitation.Channel.SMS, MOBILE)


def join(applicant: Applicant, owner: Account, account: Account, **terms: Any) -> Membership:
    given = {"role": MemberRole.EDITOR, **terms}
    invitation = invitations.invite(applicant.pk, by_mobile(), by=owner, at=MORNING, **given)
    return invitations.accept(invitation.pk, account=account, at=MORNING)


def acts_about(applicant: Applicant) -> list[str]:
    return [entry.act for entry in reversed(history_of(applicant.pk))]


def test_an_invitation_is_accepted_by_the_account_that_verified_the_mobile(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    invitation = invitations.invite(
        applicant.pk, by_mobile(), role=MemberRole.EDITOR, by=cast.member, at=MORNING
    )

    assert invitations.open_invitations_to(cast.stranger, at=MORNING) == []
    assert invitations.open_invitations_to(invited, at=MORNING) == [invitation]
    with pytest.raises(NotFound):
        invitations.accept(invitation.pk, account=cast.stranger, at=MORNING)
    with pytest.raises(MemberActRefused, match="already_invited"):
        invitations.invite(applicant.pk, by_mobile(), role=MemberRole.OWNER, by=cast.member, at=MORNING)
    membership = invitations.accept(invitation.pk, account=invited, at=MORNING)

    assert membership.role == "editor"
    assert acts_about(applicant) == [Happened.FOUNDED, Happened.INVITED, Happened.INVITATION_ACCEPTED]
    assert set(Notice.objects.values_list("kind", "account")) >= {
        ("member_invited", invited.pk),
        ("invitation_accepted", cast.member.pk),
    }
    with pytest.raises(MemberActRefused, match="invitation_closed"):
        invitations.accept(invitation.pk, account=invited, at=MORNING)


def test_an_invitation_expires_after_14_days_and_can_be_declined_or_withdrawn(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    first = invitations.invite(applicant.pk, by_mobile(), role=MemberRole.EDITOR, by=cast.member, at=MORNING)
    later = MORNING + timedelta(days=14)
    with pytest.raises(MemberActRefused, match="invitation_closed"):
        invitations.accept(first.pk, account=invited, at=later)
    second = invitations.invite(applicant.pk, by_mobile(), role=MemberRole.EDITOR, by=cast.member, at=later)
    invitations.decline(second.pk, account=invited, at=later)
    third = invitations.invite(applicant.pk, by_mobile(), role=MemberRole.EDITOR, by=cast.member, at=later)
    with pytest.raises(NotFound):
        invitations.withdraw(third.pk, by=cast.stranger, at=later)
    invitations.withdraw(third.pk, by=cast.member, at=later)

    assert invitations.open_invitations_to(invited, at=later) == []
    assert membership_of(invited.pk, applicant.pk) is None
    assert acts_about(applicant)[-2:] == [Happened.INVITED, Happened.INVITATION_WITHDRAWN]


def test_a_mobile_that_was_not_proved_opens_no_invitation(applicant: Applicant, cast: Cast, db: None) -> None:
    impostor = Account.objects.create_account(name="样例冒名", password=None, mobile=MOBILE)
    invitations.invite(applicant.pk, by_mobile(), role=MemberRole.EDITOR, by=cast.member, at=MORNING)

    assert invitations.open_invitations_to(impostor, at=MORNING) == []


def test_an_agent_hands_in_only_under_a_letter_in_force_that_covers_it(
    db: None, cast: Cast, invited: Account
) -> None:
    clock.set_for_tests(MORNING)
    case = register.submitted(cast)
    at = MORNING + timedelta(days=9)
    until = date(2026, 3, 10)
    membership = join(
        case.application.applicant, cast.member, invited, letter=letter(scope=Scope.PREPARE_ONLY)
    )
    assert (membership.is_agent, membership.role) == (True, "editor")
    with pytest.raises(TransitionNotAllowed, match="scope_covers"):
        walk.act(case, Act.WITHDRAW, by=invited, at=MORNING)

    renew = partial(memberships.renew_letter, membership.pk, scope=Scope.ALL_ACTS, by=cast.member, at=MORNING)
    with pytest.raises(MemberActRefused, match="letter_already_expired"):
        renew(file=scan(), valid_until=date(2026, 3, 1))
    renew(file=scan(), valid_until=until)
    with pytest.raises(TransitionNotAllowed, match="letter_in_force"):
        walk.act(case, Act.WITHDRAW, by=invited, at=at)
    clock.set_for_tests(at)
    held = membership_of(invited.pk, case.application.applicant_id)
    assert held is not None
    assert held.letter_id is not None
    assert find_readable(held.letter_id, invited)
    assert walk.act(case, Act.WITHDRAW, by=invited, at=at - timedelta(days=1)).act == Act.WITHDRAW


def test_a_letter_that_ends_within_30_days_is_notified_once(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    join(applicant, cast.member, invited, letter=letter(valid_until=date(2026, 4, 1)))
    clock.set_for_tests(MORNING - timedelta(days=1))
    assert sweep_letters() == 0
    clock.set_for_tests(MORNING)

    assert [sweep_letters(), sweep_letters()] == [1, 1]
    told = Notice.objects.filter(kind="letter_expires").values_list("account", flat=True)
    assert sorted(told) == sorted([cast.member.pk, invited.pk])


def test_the_last_owner_can_neither_leave_nor_become_editor(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    editor = join(applicant, cast.member, invited)
    own = membership_of(cast.member.pk, applicant.pk)
    assert own is not None

    with pytest.raises(MemberActRefused, match="owner_remains"):
        memberships.revoke(own.pk, by=cast.member, at=MORNING)
    with pytest.raises(MemberActRefused, match="owner_remains"):
        memberships.change_role(own.pk, MemberRole.EDITOR, by=cast.member, at=MORNING)
    with pytest.raises(MemberActRefused, match="not_this_role"):
        memberships.revoke(own.pk, by=invited, at=MORNING)
    memberships.change_role(editor.pk, MemberRole.OWNER, by=cast.member, at=MORNING)
    memberships.revoke(own.pk, by=cast.member, at=MORNING)

    assert [each.account for each in active_memberships(applicant.pk)] == [invited]


def test_revoking_a_member_ends_the_invitations_it_sent(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    second = join(applicant, cast.member, invited, role=MemberRole.OWNER)
    mailed = Recipient(Invitation.Channel.EMAIL, "sample.accomplice@example.com")
    invitation = invitations.invite(applicant.pk, mailed, role=MemberRole.OWNER, by=invited, at=MORNING)
    memberships.revoke(second.pk, by=cast.member, at=MORNING)

    invitation.refresh_from_db()
    assert invitation.outcome == Invitation.Outcome.WITHDRAWN


def claim(applicant: Applicant, account: Account, way: str) -> MembershipClaim:
    slots = claims.proof_slots(applicant.nature, applicant.document_type)
    proof = {slot: scan(slot) for slot in slots}
    return claims.open_claim(
        applicant,
        account=account,
        way=MembershipClaim.Way(way),
        stated_name="样例自称",
        explanation="样例：写明理由",
        draft_id=None,
        at=MORNING,
        proof=proof if way == "office" else None,
    )


def test_owners_answer_a_request(applicant: Applicant, cast: Cast, invited: Account) -> None:
    asked = claim(applicant, invited, "owners")
    with pytest.raises(NotFound):
        claims.answer_request(asked.pk, role=MemberRole.OWNER, by=cast.stranger, at=MORNING)
    claims.answer_request(asked.pk, role=None, by=cast.member, at=MORNING)
    again = claim(applicant, invited, "owners")
    claims.answer_request(again.pk, role=MemberRole.EDITOR, by=cast.member, at=MORNING)

    found = membership_of(invited.pk, applicant.pk)
    assert found is not None
    assert found.role == "editor"
    kinds = list(Notice.objects.filter(account=invited).order_by("created_at").values_list("kind", flat=True))
    assert sorted(kinds) == ["claim_declined", "claim_granted"]


def test_the_office_of_the_place_decides_a_claim_and_nobody_else(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    claimed = claim(applicant, invited, "office")
    decide = claims.decide_claim
    for other in (cast.elsewhere, cast.national, cast.administrator):
        with pytest.raises(NotFound):
            decide(claimed.pk, Outcome.JOINED, reason="样例：写明理由", officer=other, at=MORNING)
    with pytest.raises(MemberActRefused, match="reason_missing"):
        decide(claimed.pk, Outcome.JOINED, reason=" ", officer=cast.provincial, at=MORNING)
    with pytest.raises(MemberActRefused, match="takeover_by_two"):
        decide(claimed.pk, Outcome.JOINED, reason="样例：写明理由", officer=cast.provincial, at=MORNING)
    decide(
        claimed.pk,
        Outcome.JOINED,
        reason="样例：写明理由",
        officer=cast.provincial,
        at=MORNING,
        is_by_two=True,
    )
    with pytest.raises(MemberActRefused, match="claim_decided"):
        decide(
            claimed.pk,
            Outcome.DECLINED,
            reason="样例：写明理由",
            officer=cast.provincial_second,
            at=MORNING,
        )

    roles = {each.account: each.role for each in active_memberships(applicant.pk)}
    assert roles == {cast.member: "owner", invited: "owner"}
    assert Notice.objects.filter(kind="claim_joined", account=cast.member).exists()
    # Owners learn neither which officer decided nor, before it was granted, who asked the office.
    views = [owners_view(entry) for entry in history_of(applicant.pk)]
    assert "样例初审甲" not in str(views)
    assert views[1]["by"] != invited.name
    (latest, *_rest) = history_of(applicant.pk)
    assert (latest.act, latest.facts.reason) == (Happened.CLAIM_GRANTED, "样例：写明理由")


def test_a_claim_granted_instead_puts_the_members_before_out(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    claimed = claim(applicant, invited, "office")
    mailed = Recipient(Invitation.Channel.EMAIL, "sample.accomplice@example.com")
    invitations.invite(applicant.pk, mailed, role=MemberRole.OWNER, by=cast.member, at=MORNING)
    claims.decide_claim(
        claimed.pk,
        Outcome.REPLACED,
        reason="样例：写明理由",
        officer=cast.provincial,
        at=MORNING,
        is_by_two=True,
    )

    assert [each.account for each in active_memberships(applicant.pk)] == [invited]
    assert not Invitation.objects.filter(outcome="").exists()
    assert Notice.objects.filter(kind="claim_replaced", account=cast.member).exists()


def test_a_claim_without_proof_is_refused_and_leaves_no_file(applicant: Applicant, invited: Account) -> None:
    before = Attachment.objects.count()
    with pytest.raises(MemberActRefused, match="proof_missing"):
        claims.open_claim(
            applicant,
            account=invited,
            way=MembershipClaim.Way.OFFICE,
            stated_name="样例",
            explanation="样例：写明理由",
            draft_id=None,
            at=MORNING,
        )
    claim(applicant, invited, "office")
    with pytest.raises(MemberActRefused, match="already_claimed"):
        claim(applicant, invited, "office")

    assert Attachment.objects.count() == before + 2


def test_the_history_can_only_be_added_to(applicant: Applicant) -> None:
    for change in (
        lambda: Event.objects.update(act=Happened.LEFT.value),
        lambda: Event.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


def test_no_mobile_or_address_stands_in_the_tables_in_plain(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    invitations.invite(applicant.pk, by_mobile(), role=MemberRole.EDITOR, by=cast.member, at=MORNING)
    mailed = Recipient(Invitation.Channel.EMAIL, EMAIL)
    invitations.invite(applicant.pk, mailed, role=MemberRole.EDITOR, by=cast.member, at=MORNING)
    claim(applicant, invited, "office")

    text = ""
    with connection.cursor() as cursor:
        for model in (Invitation, MembershipClaim, Event):
            cursor.execute(f"SELECT {model._meta.db_table}::text FROM {model._meta.db_table}")
            text += " ".join(row[0] for row in cursor.fetchall())
    assert str(applicant.pk) in text
    for secret in (MOBILE, MOBILE[3:], EMAIL, "样例说明", "样例自称"):
        assert secret not in text
        assert secret.encode().hex() not in text


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_revoke_each_other_at_once_leave_one(cast: Cast) -> None:
    clock.set_for_tests(MORNING)
    applicant = entered(cast)
    second = walk.sample_account("样例第二所有者", Role.APPLICANT)
    terms = memberships.Terms(MemberRole.OWNER)
    memberships.take_in(applicant, second, terms, at=MORNING)
    granted, facts = Happened.CLAIM_GRANTED, terms.as_facts()
    history.record(applicant, granted, actor=cast.member, at=MORNING, account=second, facts=facts)
    owners = {each.account: each for each in active_memberships(applicant.pk)}
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def revoke(by: Account, target: Account) -> None:
        barrier.wait()
        try:
            memberships.revoke(owners[target].pk, by=by, at=MORNING)
            outcomes.append("revoked")
        except (MemberActRefused, NotFound) as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    pair = [
        threading.Thread(target=revoke, args=each) for each in ((cast.member, second), (second, cast.member))
    ]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()

    assert sorted(outcomes) == ["not_a_member", "revoked"]
    assert active_memberships(applicant.pk).filter(role="owner").count() == 1


def test_provinces_of_claims_are_those_of_the_applicant(applicant: Applicant, invited: Account) -> None:
    assert claim(applicant, invited, "office").province_code == applicant.province_code == BEIJING
