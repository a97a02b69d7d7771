"""The pages about members: inviting, switching, revoking at once, agents, and asking for a known applicant."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from applicants.models import Draft
from registry import clock
from registry.members import invitations, memberships
from registry.members.authority import active_memberships, membership_of
from registry.members.claims import proof_of
from registry.members.invitations import LetterGiven, Recipient
from registry.models import Account, Applicant, Invitation, MembershipClaim
from registry.rules.members.permissions import MemberRole, Scope
from registry.sample import walk
from tests.applicants.pages import Desk
from tests.builders.materials import with_required_files
from tests.builders.register import BEIJING_DIVISION, GUANGDONG_DIVISION, MORNING, Cast
from tests.client import ClientResponse


def entered(member: Account, *, seed: int, division_code: str = BEIJING_DIVISION) -> Applicant:
    """An applicant in the book with its first owner, without any application."""
    materials = walk.complete_materials(
        seed, member=member, at=MORNING, division_code=division_code, files={}
    )
    return walk.sample_applicant(materials, member=member, at=MORNING)


def draft_of(account: Account, *, seed: int, applicant: Applicant | None = None) -> Draft:
    """A draft whose answers have no gap, for the applicant of this seed."""
    materials = walk.complete_materials(
        seed, member=account, at=MORNING, division_code=BEIJING_DIVISION, files={}
    )
    draft = Draft(kind="initial", account=account, applicant=applicant, created_at=MORNING, saved_at=MORNING)
    draft.materials = with_required_files(materials)
    draft.save()
    return draft


@pytest.fixture
def applicant(desk: Desk) -> Applicant:
    return entered(desk.account, seed=31)


@pytest.fixture
def reachable(stranger: Desk) -> Desk:
    """The stranger, with a proved mailbox."""
    account = stranger.account
    account.email, account.email_verified_at = "sample.reachable@example.com", MORNING
    account.save()
    return stranger


def text_of(answer: ClientResponse) -> str:
    return answer.content.decode()


def test_an_owner_invites_and_the_invited_accepts_from_the_dashboard(
    desk: Desk, reachable: Desk, applicant: Applicant
) -> None:
    wrong = desk.post("invite", applicant.pk, data={"recipient": "nobody", "role": "agent"})
    sent = desk.post(
        "invite", applicant.pk, data={"recipient": "Sample.Reachable@example.com", "role": "editor"}
    )
    invitation = Invitation.objects.get()
    page = reverse("applicants:invitation", args=[invitation.pk])

    assert (wrong.status_code, sent.status_code) == (400, 302)
    assert "id_letter" in text_of(wrong)
    assert "s***@example.com" in text_of(desk.get("members", applicant.pk))
    assert page in text_of(reachable.get("dashboard"))
    assert desk.get("invitation", invitation.pk).status_code == 404
    assert reachable.get("members", applicant.pk).status_code == 404
    assert reachable.post("invitation", invitation.pk, data={"answer": "accept"}).status_code == 302
    assert reachable.get("members", applicant.pk).status_code == 200
    assert page not in text_of(reachable.get("dashboard"))
    assert reachable.get("invite", applicant.pk).status_code == 404
    assert reachable.post("invitation", invitation.pk, data={"answer": "accept"}).status_code == 409


def test_who_has_no_account_is_sent_the_way_to_one(
    desk: Desk,
    applicant: Applicant,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("invite", applicant.pk, data={"recipient": "sample.new@example.com", "role": "owner"})

    (message,) = mail.outbox
    path = reverse("applicants:invitation", args=[Invitation.objects.get().pk])
    assert message.to == ["sample.new@example.com"]
    assert f"{reverse('account_signup')}?next={path.replace('/', '%2F')}" in message.body
    assert applicant.name in message.body


def test_a_revoked_member_finds_nothing_at_the_next_request(
    desk: Desk, reachable: Desk, applicant: Applicant
) -> None:
    draft = draft_of(desk.account, seed=31, applicant=applicant)
    membership = memberships.take_in(
        applicant, reachable.account, memberships.Terms(MemberRole.EDITOR), at=MORNING
    )
    other_browser = Desk.of(reachable.account)
    before = [each.get("section", draft.pk, "service").status_code for each in (reachable, other_browser)]
    assert desk.post("revoke_member", membership.pk).status_code == 302
    after = [each.get("section", draft.pk, "service").status_code for each in (reachable, other_browser)]

    assert (before, after) == ([200, 200], [404, 404])
    assert desk.get("section", draft.pk, "service").status_code == 200
    assert reachable.get("members", applicant.pk).status_code == 404
    last = membership_of(desk.account.pk, applicant.pk)
    assert last is not None
    assert desk.post("revoke_member", last.pk).status_code == 409


def test_who_acts_for_several_chooses_on_whose_behalf(
    desk: Desk, stranger: Desk, applicant: Applicant
) -> None:
    assert 'id="behalf"' not in text_of(desk.get("dashboard"))
    second = entered(desk.account, seed=32)
    one = draft_of(desk.account, seed=31, applicant=applicant)
    two = draft_of(desk.account, seed=32, applicant=second)
    urls = [reverse("applicants:draft", args=[each.pk]) for each in (one, two)]

    def shown() -> list[bool]:
        page = text_of(desk.get("dashboard"))
        assert 'id="behalf"' in page
        return [url in page for url in urls]

    assert shown() == [True, True]
    assert desk.post("choose_applicant", data={"applicant": str(second.pk)}).status_code == 302
    assert shown() == [False, True]
    start = text_of(desk.get("start"))
    assert f'value="{second.pk}" checked' in start
    answer = desk.post("choose_applicant", data={"applicant": "", "next": "https://elsewhere.example.com/"})
    assert answer["Location"] == reverse("applicants:dashboard")
    assert shown() == [True, True]
    assert stranger.post("choose_applicant", data={"applicant": str(second.pk)}).status_code == 404


def test_every_page_of_an_agent_says_on_whose_behalf_and_when_the_letter_has_expired(
    desk: Desk, reachable: Desk, applicant: Applicant
) -> None:
    scan = SimpleUploadedFile("sample.png", walk.sample_scan("letter"), "image/png")
    invitation = invitations.invite(
        applicant.pk,
        Recipient(Invitation.Channel.EMAIL, reachable.account.email or ""),
        role=MemberRole.EDITOR,
        letter=LetterGiven(scan, Scope.ALL_ACTS, date(2026, 3, 10)),
        by=desk.account,
        at=MORNING,
    )
    invitations.accept(invitation.pk, account=reachable.account, at=MORNING)
    draft = draft_of(desk.account, seed=31, applicant=applicant)
    before = text_of(reachable.get("section", draft.pk, "service"))
    clock.set_for_tests(MORNING + timedelta(days=9))
    # Nine days later everybody signs in again.
    after = text_of(Desk.of(reachable.account).get("section", draft.pk, "service"))

    assert f"代表{applicant.name}办理，代理人：{reachable.account.name}" in before
    assert "您的授权委托书已过期" not in before
    assert "您的授权委托书已过期" in after
    assert "已过期" in text_of(Desk.of(desk.account).get("members", applicant.pk))


def scans() -> dict[str, SimpleUploadedFile]:
    return {
        slot: SimpleUploadedFile(f"{slot}.png", walk.sample_scan(slot), "image/png")
        for slot in ("business_licence", "letter_of_authority")
    }


def test_a_known_applicant_is_claimed_at_the_office_of_its_place(
    desk: Desk, reachable: Desk, applicant: Applicant, cast: Cast
) -> None:
    draft = draft_of(reachable.account, seed=31)
    half = draft_of(reachable.account, seed=31)
    half.materials = {**half.materials, "person_in_charge": {}}
    half.save()
    assert reachable.get("claim", half.pk).status_code == 404

    version = {"version": str(draft.version), "declaration": "yes"}
    refused = reachable.post("submit", draft.pk, data=version)
    assert refused.status_code == 409
    assert reverse("applicants:claim", args=[draft.pk]) in text_of(refused)
    without = reachable.post("claim", draft.pk, data={"way": "office", "explanation": "样例说明"})
    assert without.status_code == 400
    made = reachable.post("claim", draft.pk, data={"way": "office", "explanation": "样例说明", **scans()})
    claim = MembershipClaim.objects.get()
    status = text_of(reachable.get("claim_status", claim.pk))
    assert made["Location"] == reverse("applicants:claim_status", args=[claim.pk])
    assert desk.account.name not in status

    office, elsewhere = Desk.of(cast.provincial), Desk.of(cast.elsewhere)
    page = reverse("review:membership_claim", args=[claim.pk])
    listed = reverse("review:membership_claims")
    assert elsewhere.client.get(page).status_code == 404
    assert page not in text_of(elsewhere.client.get(listed))
    assert page in text_of(office.client.get(listed))
    shown = text_of(office.client.get(page))
    assert desk.account.name in shown
    assert "样例说明" in shown
    proof = [str(scan.pk) for scan in proof_of(claim)]
    decision = {"outcome": "replaced", "reason": "样例：写明理由", "proof": proof}
    assert elsewhere.client.post(page, decision).status_code == 404
    assert office.client.post(page, {**decision, "reason": ""}).status_code == 400
    assert office.client.post(page, {**decision, "proof": proof[:-1]}).status_code == 409
    assert office.client.post(page, decision).status_code == 302
    late = office.client.post(page, {**decision, "reason": "样例迟到理由"})

    assert late.status_code == 409
    assert "样例迟到理由" in text_of(late)
    assert [each.account for each in active_memberships(applicant.pk)] == [desk.account]

    # The head of the office is the second officer, and finds it urgent.
    head = Desk.of(cast.provincial_head)
    urgent = {"act": "takeover_urged", "proof": proof, "digest": digest_in(head.client.get(page))}
    assert office.client.post(page, {**urgent, "reason": "样例：事情紧急"}).status_code == 409
    assert head.client.post(page, {**urgent, "reason": ""}).status_code == 409
    assert head.client.post(page, {**urgent, "reason": "样例：账号正被盗用"}).status_code == 302

    assert [each.account for each in active_memberships(applicant.pk)] == [reachable.account]
    assert desk.get("members", applicant.pk).status_code == 404
    assert "样例：写明理由" in text_of(reachable.get("claim_status", claim.pk))


def digest_in(answer: ClientResponse) -> str:
    """The digest of the effect that a claim's page shows."""
    found = re.search(r'name="digest" value="(\w{64})"', answer.content.decode())
    assert found is not None
    return found[1]


def test_the_owners_answer_who_asks_them(desk: Desk, reachable: Desk, applicant: Applicant) -> None:
    draft = draft_of(reachable.account, seed=31)
    reachable.post("claim", draft.pk, data={"way": "owners", "explanation": "样例说明"})
    claim = MembershipClaim.objects.get()
    again = reachable.post("claim", draft.pk, data={"way": "owners", "explanation": "样例说明"})

    assert again.status_code == 400
    assert reverse("applicants:answer_claim", args=[claim.pk]) in text_of(desk.get("dashboard"))
    assert reachable.get("answer_claim", claim.pk).status_code == 404
    assert desk.post("answer_claim", claim.pk, data={}).status_code == 400
    assert desk.post("answer_claim", claim.pk, data={"answer": "editor"}).status_code == 302
    found = membership_of(reachable.account.pk, applicant.pk)
    assert found is not None
    assert found.role == "editor"


def test_the_auditor_reads_who_came_to_act_for_whom(desk: Desk, applicant: Applicant, cast: Cast) -> None:
    entered(desk.account, seed=33, division_code=GUANGDONG_DIVISION)
    page = text_of(Desk.of(cast.auditor).client.get(reverse("office:membership_events")))

    assert applicant.name in page
    assert page.count("登记备案人，成为首位管理人") == 2
