"""Who files as an agent is one: under the letter that was handed in, while ownership waits for the person in charge."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from applicants.models import Draft
from registry import clock
from registry.errors import MemberActRefused
from registry.integrity.members import find_member_violations
from registry.members import invitations, memberships
from registry.members.authority import active_memberships, membership_of
from registry.models import Account, Applicant, Application, Attachment, Invitation, Membership, Notice
from registry.rules.members.permissions import MemberRole, Scope
from registry.sample.walk import complete_materials
from tests.access.member_scene import scan
from tests.applicants.pages import Desk, as_form, error_texts
from tests.builders.register import BEIJING_DIVISION, MORNING
from tests.client import ClientResponse

pytestmark = pytest.mark.django_db

LAST_DAY = date(2026, 6, 30)
IN_CHARGE = "+8619955509876"


def by_agent(seed: int, *, account: Account, nature: str = "organisation", **answers: Any) -> dict[str, Any]:
    """Materials without files that an agent fills in."""
    materials = complete_materials(
        seed, member=account, at=MORNING, nature=nature, division_code=BEIJING_DIVISION, files={}
    )
    materials["applicant"] |= {
        "filed_by_agent": True,
        "agent_name": "样例代办有限公司",
        "authority_scope": "代为办理备案的填报、提交、补正和查询（样例）。",
        "authority_expires_on": LAST_DAY.isoformat(),
    }
    materials["person_in_charge"]["mobile"] = IN_CHARGE
    for key, answer in answers.items():
        section, name = key.split("__")
        materials[section][name] = answer
    return materials


def filed(desk: Desk, seed: int, **options: Any) -> Application:
    """A first filing through the pages, by the agent at this desk, a minute after what came before."""
    clock.set_for_tests(clock.now() + timedelta(minutes=1))
    draft = desk.start()
    desk.fill(draft, by_agent(seed, account=desk.account, **options))
    desk.upload_all(draft)
    answer = desk.submit(draft)
    assert answer.status_code == 302, points_on(answer)
    draft.refresh_from_db()
    return Application.objects.select_related("applicant").get(pk=str(draft.application_id))


def points_on(answer: ClientResponse) -> list[str]:
    """What a check page says is missing or wrong, and why it refused."""
    page = answer.content.decode()
    return re.findall(r'<ul class="points">(.*?)</ul>|<h2>.*?</h2>\s*<p>(.*?)</p>', page, re.DOTALL)[:3]


def own(desk: Desk, applicant: Applicant) -> Membership:
    found = membership_of(desk.account.pk, applicant.pk)
    assert found is not None
    return found


@pytest.fixture
def in_charge(db: None) -> Desk:
    """The person in charge, with an account of the mobile that the application names."""
    account = Account.objects.create_account(
        name="样例负责人", password=None, mobile=IN_CHARGE, mobile_verified_at=MORNING
    )
    return Desk.of(account)


@pytest.mark.parametrize("nature", ["organisation", "individual"])
def test_who_files_first_as_an_agent_is_an_agent_under_that_letter(desk: Desk, nature: str) -> None:
    application = filed(desk, 41, nature=nature)
    member = own(desk, application.applicant)
    letter = Attachment.objects.get(slot="letter_of_authority")
    assert [each.pk for each in active_memberships(application.applicant_id)] == [member.pk]
    assert (member.role, member.is_agent, member.scope) == (MemberRole.EDITOR, True, Scope.ALL_ACTS)
    assert (member.letter, member.letter_valid_until) == (letter, LAST_DAY)
    assert list(find_member_violations()) == []


def test_who_files_first_without_an_agent_is_the_owner(desk: Desk) -> None:
    draft = desk.start()
    materials = by_agent(42, account=desk.account, applicant__filed_by_agent=False)
    desk.fill(draft, materials)
    desk.upload_all(draft)
    assert desk.submit(draft).status_code == 302
    draft.refresh_from_db()
    assert draft.applicant is not None
    member = own(desk, draft.applicant)
    assert (member.role, member.is_agent) == (MemberRole.OWNER, False)
    assert not Invitation.objects.exists()


def test_ownership_is_offered_by_text_message_to_the_person_in_charge(desk: Desk, in_charge: Desk) -> None:
    application = filed(desk, 43)
    offer = Invitation.objects.get()
    assert (offer.role, offer.is_agent, offer.channel, offer.recipient) == ("owner", False, "sms", IN_CHARGE)
    notice = Notice.objects.get(account=in_charge.account, kind="ownership_offered")
    assert {each.channel for each in notice.deliveries.all()} == {"inbox", "sms"}
    page = in_charge.get("invitation", offer.pk).content.decode()
    assert desk.account.name in page
    assert in_charge.post("invitation", offer.pk, data={"answer": "accept"}).status_code == 302
    assert own(in_charge, application.applicant).role == MemberRole.OWNER
    assert own(desk, application.applicant).is_agent
    assert list(find_member_violations()) == []


def test_the_agent_cannot_take_the_ownership_it_offers(desk: Desk) -> None:
    application = filed(desk, 44)
    offer = Invitation.objects.get()
    account, applicant = desk.account, application.applicant
    assert desk.get("invitation", offer.pk).status_code == 404
    # Not even by getting hold of the mobile afterwards, as a member or as one that has left.
    account.mobile, account.mobile_verified_at = IN_CHARGE, MORNING
    account.save()
    with pytest.raises(MemberActRefused, match="offered_to_the_agent"):
        invitations.accept(offer.pk, account=account, at=MORNING)
    memberships.revoke(own(desk, applicant).pk, by=account, at=MORNING)
    with pytest.raises(MemberActRefused, match="offered_to_the_agent"):
        invitations.accept(offer.pk, account=account, at=MORNING)
    assert not active_memberships(applicant.pk).exists()


def test_an_agent_who_leaves_leaves_the_offer_behind(desk: Desk, in_charge: Desk) -> None:
    application = filed(desk, 45)
    memberships.revoke(own(desk, application.applicant).pk, by=desk.account, at=MORNING)
    invitations.accept(Invitation.objects.get().pk, account=in_charge.account, at=MORNING)
    assert own(in_charge, application.applicant).role == MemberRole.OWNER


def test_an_offer_expires_and_is_sent_again(desk: Desk, in_charge: Desk) -> None:
    application = filed(desk, 46)
    first = Invitation.objects.get()
    later = first.expires_at
    with pytest.raises(MemberActRefused, match="invitation_closed"):
        invitations.accept(first.pk, account=in_charge.account, at=later)
    clock.set_for_tests(later)
    again = Desk.of(desk.account)
    assert (
        reverse("applicants:offer_ownership", args=[application.applicant_id])
        in again.get("members", application.applicant_id).content.decode()
    )
    assert again.post("offer_ownership", application.applicant_id).status_code == 302
    second = Invitation.objects.get(created_at=later)
    assert (second.recipient, second.is_open(later), second.pk != first.pk) == (IN_CHARGE, True, True)
    # Sent again while it waits, only the last one can be answered.
    again.post("offer_ownership", application.applicant_id)
    second.refresh_from_db()
    assert second.outcome == Invitation.Outcome.WITHDRAWN
    waiting = Invitation.objects.get(outcome="", created_at=later)
    invitations.accept(waiting.pk, account=in_charge.account, at=later)
    again.post("offer_ownership", application.applicant_id)
    assert not Invitation.objects.filter(outcome="", role="owner", created_at__gte=later).exists()


def test_an_agent_manages_no_members(desk: Desk) -> None:
    application = filed(desk, 47)
    applicant = application.applicant
    assert desk.get("invite", applicant.pk).status_code == 404
    with pytest.raises(MemberActRefused, match="not_this_role"):
        memberships.change_role(own(desk, applicant).pk, MemberRole.OWNER, by=desk.account, at=MORNING)


def test_a_filing_does_not_fail_for_a_mobile_that_had_too_many_messages(desk: Desk) -> None:
    applicants = [filed(desk, seed).applicant for seed in range(50, 54)]
    offered = set(Invitation.objects.values_list("applicant", flat=True))
    assert [each.pk in offered for each in applicants] == [True, True, True, False]
    assert own(desk, applicants[3]).is_agent
    assert desk.get("members", applicants[3].pk).status_code == 200


@pytest.mark.parametrize("nature", ["organisation", "individual"])
def test_an_agent_cannot_name_its_own_mobile_for_the_person_in_charge(desk: Desk, nature: str) -> None:
    draft = desk.start()
    desk.fill(
        draft,
        by_agent(55, account=desk.account, nature=nature, person_in_charge__mobile=desk.account.mobile),
    )
    desk.upload_all(draft)
    page = desk.get("check", draft.pk).content.decode()
    refused = desk.post(
        "submit",
        draft.pk,
        data={"version": str(Draft.objects.get(pk=draft.pk).version), "declaration": "yes"},
    )
    assert "id_mobile" in page
    assert refused.status_code == 409
    assert not Applicant.objects.exists()


@pytest.mark.parametrize(
    ("nature", "own_name"),
    [("organisation", ("person_in_charge", "name")), ("individual", ("applicant", "name"))],
)
def test_who_answers_for_the_filing_is_nobodys_agent(
    desk: Desk, nature: str, own_name: tuple[str, str]
) -> None:
    section, name = own_name
    materials = by_agent(56, account=desk.account, nature=nature)
    materials["applicant"]["agent_name"] = materials[section][name]
    draft = desk.start()
    desk.fill(draft, materials)
    desk.upload_all(draft)
    page = desk.get("check", draft.pk).content.decode()
    assert "id_agent_name" in page


def test_an_agent_for_two_clients_has_a_letter_for_each(desk: Desk) -> None:
    one = filed(desk, 57)
    other = filed(desk, 58, applicant__authority_expires_on="2026-09-30")
    found = [own(desk, each.applicant) for each in (one, other)]
    assert [each.letter_valid_until for each in found] == [LAST_DAY, date(2026, 9, 30)]
    assert found[0].letter_id != found[1].letter_id


def test_a_client_that_has_an_owner_is_claimed_and_not_joined(
    desk: Desk, stranger: Desk, in_charge: Desk
) -> None:
    application = filed(desk, 59)
    invitations.accept(Invitation.objects.get().pk, account=in_charge.account, at=MORNING)
    draft = stranger.start()
    stranger.fill(draft, by_agent(59, account=stranger.account))
    stranger.upload_all(draft)
    answer = stranger.submit(draft)
    assert answer.status_code == 409
    assert reverse("applicants:claim", args=[draft.pk]) in answer.content.decode()
    assert membership_of(stranger.account.pk, application.applicant_id) is None


def renew(desk: Desk, member: Membership, until: date) -> int:
    data = {"scope": "all_acts", "letter": scan(), "letter_valid_until": until.isoformat()}
    return desk.post("renew_letter", member.pk, data=data).status_code


def test_an_agent_renews_its_own_letter_only_while_nobody_owns_the_applicant(
    desk: Desk, in_charge: Desk
) -> None:
    application = filed(desk, 60)
    member = own(desk, application.applicant)
    assert renew(desk, member, date(2026, 12, 31)) == 302
    member.refresh_from_db()
    assert member.letter_valid_until == date(2026, 12, 31)
    invitations.accept(Invitation.objects.get().pk, account=in_charge.account, at=MORNING)
    assert renew(desk, member, date(2027, 12, 31)) == 409
    assert renew(in_charge, member, date(2027, 6, 30)) == 302
    member.refresh_from_db()
    assert member.letter_valid_until == date(2027, 6, 30)
    assert list(find_member_violations()) == []


def test_a_section_that_comes_back_says_why_whatever_the_reason(desk: Desk) -> None:
    account = desk.account
    account.mobile, account.mobile_verified_at = "+8619955501234", MORNING
    account.save()
    draft = desk.start()
    materials = by_agent(61, account=account, person_in_charge__mobile=account.mobile)
    desk.save(draft, "applicant", as_form("applicant", materials))
    answer = desk.save(draft, "person_in_charge", as_form("person_in_charge", materials))
    page = desk.client.get(answer["Location"]).content.decode()
    (summary,) = re.findall(r"data-error-summary>(.*?)</div>", page, re.DOTALL)
    assert "您以代理人身份填报" in summary
    assert 'href="#id_mobile"' in summary
    assert any("您以代理人身份填报" in text for text in error_texts(page))
