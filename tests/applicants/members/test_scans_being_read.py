"""Scans of claims and letters of authority wait for the decoder: the act stands at once, deciding on it waits."""

from __future__ import annotations

import html
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from registry import clock
from registry.book import takeovers
from registry.book.letters import letters_on_file
from registry.errors import AttachmentRefused, MemberActRefused, NotFound, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.members import claims, memberships
from registry.members.authority import membership_of
from registry.members.claims import proof_of
from registry.members.invitations import LetterGiven
from registry.models import Account, Applicant, Attachment, Membership, MembershipClaim, Notice, WaitingFile
from registry.rules.members.permissions import Scope
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.storage import attachments, waiting
from registry.storage.attachments import QUARANTINE
from registry.storage.checks import sandbox
from registry.tasks import sweep_notices
from tests.applicants.pages import Desk
from tests.builders import register
from tests.builders.odd_documents import document, doubling_forms, many_pages
from tests.builders.odd_pictures import png, png_with_wrong_check_sum
from tests.builders.register import MORNING, Cast
from tests.client import ClientResponse
from tests.registry.files.test_pictures import decode_all
from tests.registry.members.test_members import entered, join, scan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_wait")]

Outcome = MembershipClaim.Outcome


@pytest.fixture
def applicant(cast: Cast) -> Applicant:
    clock.set_for_tests(MORNING)
    return entered(cast)


@pytest.fixture
def invited(db: None) -> Account:
    return Account.objects.create_account(
        name="样例受邀人",
        password=None,
        mobile="+8619955501234",
        email="sample.invited@example.com",
        mobile_verified_at=MORNING,
        email_verified_at=MORNING,
    )


def damaged(name: str = "damaged.png") -> SimpleUploadedFile:
    """Its first bytes are a picture's: only the decoder can know."""
    return SimpleUploadedFile(name, png_with_wrong_check_sum(), "image/png")


def claim(applicant: Applicant, account: Account, **scans: SimpleUploadedFile) -> MembershipClaim:
    """A claim at the office; `scans` stand in place of sound ones."""
    slots = claims.proof_slots(applicant.nature, applicant.document_type)
    return claims.open_claim(
        applicant,
        account=account,
        way=MembershipClaim.Way.OFFICE,
        stated_name="样例自称",
        explanation="样例说明",
        draft_id=None,
        at=MORNING,
        proof={slot: scan(slot) for slot in slots} | scans,
    )


def text_of(answer: ClientResponse) -> str:
    return html.unescape(answer.content.decode())


def propose(made: MembershipClaim, cast: Cast) -> None:
    takeovers.propose_takeover(
        made.pk,
        Outcome.JOINED,
        reason="样例：写明理由",
        proof_seen=[str(each.pk) for each in proof_of(made)],
        officer=cast.provincial,
        at=MORNING,
    )


def told(kind: str) -> list[object]:
    return list(Notice.objects.filter(kind=kind).values_list("account", flat=True))


def no_child(*_arguments: str, **_given: object) -> None:
    raise AssertionError("a request had a file read")


def test_a_claim_is_made_at_once_and_decided_when_its_scans_were_read(
    applicant: Applicant, stranger: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as web:
        web.setattr(sandbox, "_answer", no_child)
        made = claim(applicant, stranger.account)
        status = text_of(stranger.get("claim_status", made.pk))
        page = reverse("review:membership_claim", args=[made.pk])
        office = Desk.of(cast.provincial).client
        shown = text_of(office.get(page))
    assert (made.created_at, made.outcome) == (MORNING, "")
    assert [scan.state for scan in proof_of(made)] == ["waiting", "waiting"]
    assert ("正在读取" in status, "重新加载" in status) == (True, True)
    # One asks for both.
    assert status.count('hx-trigger="load delay') == 1
    assert ("正在读取" in shown, 'value="declined"' in shown, 'value="joined"' in shown) == (
        True,
        True,
        False,
    )
    for grants in (
        lambda: propose(made, cast),
        lambda: claims.decide_claim(
            made.pk,
            Outcome.JOINED,
            reason="样例：写明理由",
            officer=cast.provincial,
            at=MORNING,
            is_by_two=True,
        ),
    ):
        with pytest.raises(MemberActRefused, match="proof_unread"):
            grants()

    assert decode_all() == 2
    status = text_of(stranger.get("claim_status", made.pk))
    assert ("正在读取" in status, "hx-trigger" in status, "文件可读取" in status) == (False, False, True)
    assert 'value="joined"' in text_of(office.get(page))
    propose(made, cast)
    assert takeovers.takeover_of(made) is not None


def test_a_claim_is_declined_while_its_proof_is_being_read(
    applicant: Applicant, stranger: Desk, cast: Cast
) -> None:
    made = claim(applicant, stranger.account)
    page = reverse("review:membership_claim", args=[made.pk])
    declined = Desk.of(cast.provincial).client.post(page, {"outcome": "declined", "reason": "样例：写明理由"})
    made.refresh_from_db()
    assert (declined.status_code, made.outcome) == (302, Outcome.DECLINED)
    assert claims.is_unread(made)


def test_a_scan_that_could_not_be_read_is_told_once_and_another_takes_its_place(
    applicant: Applicant,
    stranger: Desk,
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    made = claim(applicant, stranger.account, letter_of_authority=damaged())
    decode_all()
    # The job may come three days late, and twice.
    clock.set_for_tests(MORNING + timedelta(days=3))
    sweep_notices()
    sweep_notices()
    assert told("proof_refused") == [stranger.account.pk]
    office, page = Desk.of(cast.provincial).client, reverse("review:membership_claim", args=[made.pk])
    shown = text_of(office.get(page))
    assert ('value="declined"' in shown, 'value="joined"' in shown, "授权委托书" in shown) == (
        True,
        False,
        True,
    )
    with pytest.raises(MemberActRefused, match="proof_lacking"):
        propose(made, cast)

    status = text_of(stranger.get("claim_status", made.pk))
    address = reverse("applicants:put_scan", args=[made.pk, "letter_of_authority"])
    assert ("无法完整读取该文件" in status, address in status) == (True, True)
    assert reverse("applicants:put_scan", args=[made.pk, "business_licence"]) not in status
    again = stranger.client.post(
        address, {"letter_of_authority": SimpleUploadedFile("x.docx", b"PK\x03\x04word/")}
    )
    assert (again.status_code, "Word" in text_of(again)) == (400, True)
    with django_capture_on_commit_callbacks(execute=True):
        assert stranger.client.post(address, {"letter_of_authority": scan()}).status_code == 302
    # Nothing is lacking any more: a second scan is not asked for.
    with pytest.raises(NotFound):
        claims.put_scan(
            made.pk, "letter_of_authority", file=scan(), account=stranger.account, sender="", at=MORNING
        )
    assert [each.state for each in proof_of(made)] == ["clean", "waiting"]
    decode_all()
    made.refresh_from_db()
    assert made.created_at == MORNING
    propose(made, cast)
    assert verify_register().violations == []


def test_a_claim_whose_scan_could_not_be_read_can_be_declined(
    applicant: Applicant, stranger: Desk, cast: Cast
) -> None:
    made = claim(applicant, stranger.account, business_licence=damaged())
    decode_all()
    claims.decide_claim(
        made.pk, Outcome.DECLINED, reason="样例：写明理由", officer=cast.provincial, at=MORNING
    )
    page = text_of(stranger.get("claim_status", made.pk))
    assert reverse("applicants:put_scan", args=[made.pk, "business_licence"]) not in page
    with pytest.raises(MemberActRefused, match="claim_decided"):
        claims.put_scan(
            made.pk, "business_licence", file=scan(), account=stranger.account, sender="", at=MORNING
        )
    assert Attachment.objects.filter(draft_id=made.pk).count() == 2
    sweep_notices()
    assert told("proof_refused") == []


def test_a_scan_whose_reading_broke_off_can_be_read_once_more(
    applicant: Applicant, stranger: Desk, cast: Cast
) -> None:
    made = claim(
        applicant, stranger.account, letter_of_authority=SimpleUploadedFile("x.pdf", document(doubling_forms))
    )
    decode_all()
    letter = proof_of(made)[-1]
    assert (letter.state, letter.refusal_code) == ("refused", "file_too_complex")
    address = reverse("applicants:read_scan_again", args=[made.pk, letter.pk])
    assert address in text_of(stranger.get("claim_status", made.pk))
    QUARANTINE.write(letter.pk, png())
    Attachment.objects.filter(pk=letter.pk).update(content_type="image/png")
    assert stranger.client.post(address).status_code == 302
    decode_all()
    assert claims.lacking(made) == ()


def test_a_card_in_a_pdf_of_one_page_is_asked_for_its_second_side_when_it_was_read(
    cast: Cast, stranger: Desk
) -> None:
    clock.set_for_tests(MORNING)
    materials = walk.complete_materials(
        5,
        member=cast.member,
        at=MORNING,
        division_code=register.BEIJING_DIVISION,
        files={},
        nature="individual",
    )
    applicant = walk.sample_applicant(materials, member=cast.member, at=MORNING)
    slots = claims.proof_slots(applicant.nature, applicant.document_type)
    assert claims.SECOND_SIDE in slots

    def sent(front: SimpleUploadedFile) -> MembershipClaim:
        return claims.open_claim(
            applicant,
            account=stranger.account,
            way=MembershipClaim.Way.OFFICE,
            stated_name="样例自称",
            explanation="样例说明",
            draft_id=None,
            at=MORNING,
            proof={claims.FIRST_SIDE: front, "letter_of_authority": scan()},
        )

    with pytest.raises(MemberActRefused, match="second_side_missing"):
        sent(scan())
    assert not Attachment.objects.filter(slot=claims.FIRST_SIDE).exists()
    made = sent(SimpleUploadedFile("front.pdf", document(pages=1)))
    assert claims.lacking(made) == ()
    decode_all()
    assert claims.lacking(made) == (claims.SECOND_SIDE,)
    claims.put_scan(made.pk, claims.SECOND_SIDE, file=scan(), account=stranger.account, sender="", at=MORNING)
    decode_all()
    assert claims.lacking(made) == ()
    claims.withdraw_claim(made.pk, account=stranger.account, at=MORNING)
    both = sent(SimpleUploadedFile("both.pdf", many_pages(2)))
    decode_all()
    assert claims.lacking(both) == ()


@pytest.mark.parametrize("other_came", [timedelta(seconds=1), -timedelta(seconds=1)])
def test_of_two_scans_sent_at_once_the_older_stays(
    applicant: Applicant, stranger: Desk, monkeypatch: pytest.MonkeyPatch, other_came: timedelta
) -> None:
    slot, sent_at = "letter_of_authority", MORNING + timedelta(hours=1)
    made = claim(applicant, stranger.account, letter_of_authority=damaged())
    decode_all()
    take, others = claims._take, list[Attachment]()

    def as_another_post_comes(*given: object, **more: object) -> Attachment:
        own = take(*given, **more)  # type: ignore[arg-type]
        other = {"draft_id": made.pk, "slot": slot, "uploaded_by": stranger.account}
        others.append(attachments.quarantine(**other, file=scan("other"), at=sent_at + other_came))  # type: ignore[arg-type]
        return own

    def put() -> Attachment:
        return claims.put_scan(made.pk, slot, file=scan(), account=stranger.account, sender="", at=sent_at)

    with monkeypatch.context() as web:
        web.setattr(claims, "_take", as_another_post_comes)
        if other_came > timedelta(0):
            stays = put()
        else:
            with pytest.raises(NotFound):
                put()
            stays = others[0]
    standing = [each.pk for each in proof_of(made) if each.slot == slot and each.state == "waiting"]
    assert standing == [stays.pk]


def test_a_grant_asks_to_see_no_refused_scan_in_whose_place_another_stands(
    applicant: Applicant, stranger: Desk, cast: Cast
) -> None:
    made = claim(applicant, stranger.account, letter_of_authority=damaged())
    decode_all()
    # As it was left where the process ended before the refused one went.
    attachments.quarantine(
        draft_id=made.pk,
        slot="letter_of_authority",
        uploaded_by=stranger.account,
        file=scan("another"),
        at=MORNING,
    )
    decode_all()
    takeovers.propose_takeover(
        made.pk,
        Outcome.JOINED,
        reason="样例：写明理由",
        proof_seen=[str(each.pk) for each in proof_of(made) if each.state == "clean"],
        officer=cast.provincial,
        at=MORNING,
    )
    assert takeovers.takeover_of(made) is not None


def test_so_many_scans_of_an_account_wait_and_a_claim_beyond_them_is_not_made(
    applicant: Applicant, stranger: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_OF_AN_ACCOUNT", 1)
    with pytest.raises(AttachmentRefused, match="too_many_waiting") as refused:
        claim(applicant, stranger.account)
    assert refused.value.facts["slot"] == "letter_of_authority"
    assert not MembershipClaim.objects.exists()
    assert not Attachment.objects.exists()
    assert not WaitingFile.objects.exists()


# ---------------------------------------------------------------- letters of authority


def agent_of(applicant: Applicant, owner: Account, account: Account, file: SimpleUploadedFile) -> Membership:
    return join(applicant, owner, account, letter=LetterGiven(file, Scope.ALL_ACTS, date(2026, 12, 31)))


def test_an_agent_hands_nothing_in_before_its_letter_was_read(cast: Cast, invited: Account) -> None:
    clock.set_for_tests(MORNING)
    case = register.submitted(cast)
    applicant = case.application.applicant
    agent = agent_of(applicant, cast.member, invited, scan())
    owner = Desk.of(cast.member)
    page = text_of(owner.get("members", applicant.pk))
    assert ("正在读取" in page, 'hx-trigger="load delay' in page) == (True, True)
    assert letters_on_file([(invited.pk, applicant.pk)]) == {}
    with pytest.raises(TransitionNotAllowed, match="letter_read"):
        walk.act(case, Act.WITHDRAW, by=invited, at=MORNING)
    assert "尚未读取完毕" in text_of(Desk.of(invited).get("application", case.application.pk))

    decode_all()
    page = text_of(owner.get("members", applicant.pk))
    assert ("正在读取" in page, "hx-trigger" in page, "有效" in page) == (False, False, True)
    agent.refresh_from_db()
    assert letters_on_file([(invited.pk, applicant.pk)])[invited.pk, applicant.pk].membership_id == agent.pk
    assert walk.act(case, Act.WITHDRAW, by=invited, at=MORNING).act == Act.WITHDRAW


def renewed(agent: Membership, file: SimpleUploadedFile, owner: Account, **terms: object) -> Membership:
    given = {"scope": Scope.ALL_ACTS, "valid_until": date(2027, 6, 30), **terms}
    return memberships.renew_letter(agent.pk, file=file, by=owner, at=MORNING, **given)  # type: ignore[arg-type]


def test_the_letter_before_stands_in_until_the_new_one_was_read(cast: Cast, invited: Account) -> None:
    clock.set_for_tests(MORNING)
    case = register.submitted(cast)
    applicant = case.application.applicant
    holder = (invited.pk, applicant.pk)
    agent = agent_of(applicant, cast.member, invited, scan())
    decode_all()
    renewed(agent, damaged(), cast.member)
    on_file = letters_on_file([holder])[holder]
    assert (on_file.valid_until, [each["id"] for each in on_file.files]) == (
        date(2026, 12, 31),
        [str(agent.letter_id)],
    )
    decode_all()
    assert letters_on_file([holder])[holder].valid_until == date(2026, 12, 31)
    sweep_notices()
    sweep_notices()
    assert told("letter_refused") == [cast.member.pk]
    page = text_of(Desk.of(cast.member).get("members", applicant.pk))
    assert ("无法读取" in page, "无法完整读取该文件" in page) == (True, True)

    renewed(agent, scan("second"), cast.member)
    decode_all()
    assert letters_on_file([holder])[holder].valid_until == date(2027, 6, 30)
    assert walk.act(case, Act.WITHDRAW, by=invited, at=MORNING).act == Act.WITHDRAW
    assert verify_register().violations == []


def test_a_new_letter_ends_the_former_on_the_earlier_of_their_last_days(cast: Cast, invited: Account) -> None:
    clock.set_for_tests(MORNING)
    case = register.submitted(cast)
    holder = (invited.pk, case.application.applicant_id)
    agent = agent_of(case.application.applicant, cast.member, invited, scan())
    decode_all()
    renewed(agent, damaged(), cast.member, valid_until=date(2026, 6, 30))
    assert letters_on_file([holder])[holder].valid_until == date(2026, 6, 30)
    decode_all()
    assert letters_on_file([holder])[holder].valid_until == date(2026, 6, 30)
    clock.set_for_tests(datetime(2026, 7, 1, 2, 0, tzinfo=UTC))
    with pytest.raises(TransitionNotAllowed, match="letter"):
        walk.act(case, Act.WITHDRAW, by=invited, at=clock.now())


def test_a_narrower_letter_narrows_from_its_own_moment(cast: Cast, invited: Account) -> None:
    clock.set_for_tests(MORNING)
    case = register.submitted(cast)
    agent = agent_of(case.application.applicant, cast.member, invited, scan())
    decode_all()
    renewed(agent, scan("second"), cast.member, scope=Scope.PREPARE_ONLY)
    with pytest.raises(TransitionNotAllowed, match="scope_covers"):
        walk.act(case, Act.WITHDRAW, by=invited, at=MORNING)
    assert letters_on_file([(invited.pk, case.application.applicant_id)]) == {}


def test_a_letter_whose_reading_broke_off_can_be_read_once_more(
    applicant: Applicant, cast: Cast, invited: Account
) -> None:
    agent = agent_of(applicant, cast.member, invited, SimpleUploadedFile("x.pdf", document(doubling_forms)))
    decode_all()
    assert agent.letter_id is not None
    owner, address = Desk.of(cast.member), reverse("applicants:read_letter_again", args=[agent.letter_id])
    assert address in text_of(owner.get("members", applicant.pk))
    assert address in text_of(owner.get("member", agent.pk))
    assert Desk.of(cast.stranger).client.post(address).status_code == 404
    # The agent did not hand it in.
    assert Desk.of(invited).client.post(address).status_code == 404
    QUARANTINE.write(agent.letter_id, png())
    Attachment.objects.filter(pk=agent.letter_id).update(content_type="image/png")
    assert owner.client.post(address).status_code == 302
    decode_all()
    held = membership_of(invited.pk, applicant.pk)
    assert held is not None
    assert held.letter is not None
    assert held.letter.state == "clean"
