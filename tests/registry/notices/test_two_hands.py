"""A notice's text is proposed by one person and confirmed by another who saw it as it will be sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.urls import reverse

from registry import clock
from registry.accounts.officers import create_officer
from registry.integrity.register import verify_register
from registry.models import Account, Event, NoticeText, OfficeProposal
from registry.notices.kinds import Wording, kind_of
from registry.notices.wording import confirm_wording, current_wording, propose_wording
from registry.rules.office.events import OfficeAct, OfficeFacts
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Role
from tests.builders.register import MORNING, Cast
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

URL = "/office/notices/lapsed/en/"
TEXT = {"subject": "Sample subject", "body": "Sample {receipt_number}: {link}", "sms": "Sample {link}"}
OURS = Wording(**TEXT)


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


def propose(cast: Cast, wording: Wording | None = OURS, *, by: Account | None = None) -> OfficeProposal:
    by = by or cast.administrator
    return propose_wording(kind_of("lapsed"), "en", wording, reason="样例：措辞调整", by=by, at=MORNING)


def decide(account: Account, proposal: OfficeProposal, act: str, reason: str = "") -> int:
    fields = {"proposal": str(proposal.pk), "act": act, "reason": reason}
    return sign_in(account).post(f"{URL}decide/", fields).status_code


def subject() -> str:
    return current_wording(kind_of("lapsed"), "en").subject


def test_a_proposed_text_is_shown_filled_in_and_says_nothing_until_it_is_confirmed(cast: Cast) -> None:
    administrator = sign_in(cast.administrator)
    answer = administrator.post(URL, {**TEXT, "act": "propose", "reason": "样例：措辞调整"})
    assert answer.status_code == 302
    assert (subject(), NoticeText.objects.count()) == (kind_of("lapsed").shipped["en"].subject, 0)
    shown = text_of(sign_in(cast.national_head).get(URL))
    assert "Sample 2026-11-000001:" in shown
    assert cast.administrator.name in shown
    assert "样例：措辞调整" in shown
    proposal = OfficeProposal.objects.get()
    assert decide(cast.national_head, proposal, "change_confirmed") == 302
    assert subject() == "Sample subject"
    assert NoticeText.objects.get().changed_by == cast.administrator
    acts = Event.objects.filter(stream_id=proposal.pk).order_by("sequence")
    assert [(each.act, each.actor) for each in acts] == [
        (OfficeAct.CHANGE_PROPOSED, cast.administrator),
        (OfficeAct.CHANGE_CONFIRMED, cast.national_head),
    ]
    said = OfficeFacts.of(acts[0].payload)
    assert (said.before["subject"], said.after["subject"]) == (
        kind_of("lapsed").shipped["en"].subject,
        "Sample subject",
    )
    assert verify_register().violations == []


def test_nobody_confirms_the_own_text_in_whatever_role(cast: Cast) -> None:
    for by in (cast.administrator, cast.national_head):
        proposal = propose(cast, by=by)
        assert decide(by, proposal, "change_confirmed") == 409
        assert decide(by, proposal, "change_declined", "样例：措辞不妥当") == 409
        proposal.refresh_from_db()
        assert (proposal.state, NoticeText.objects.count()) == ("proposed", 0)
        assert decide(by, proposal, "change_withdrawn") == 302


def test_a_second_administrator_confirms_too(cast: Cast) -> None:
    second = create_officer(name="样例", role=Role.ADMINISTRATOR, email="sample.second@example.com")
    assert decide(second, propose(cast), "change_confirmed") == 302
    assert subject() == "Sample subject"


def test_a_text_needs_a_reason_and_a_preview_none(cast: Cast) -> None:
    administrator = sign_in(cast.administrator)
    assert administrator.post(URL, {**TEXT, "act": "preview"}).status_code == 200
    answer = administrator.post(URL, {**TEXT, "act": "propose", "reason": " "})
    assert answer.status_code == 400
    assert "Sample subject" in answer.content.decode()
    assert not OfficeProposal.objects.exists()


def test_a_declined_text_keeps_its_reason_and_a_second_one_can_follow(cast: Cast) -> None:
    first = propose(cast)
    assert decide(cast.national_head, first, "change_declined", "") == 400
    first.refresh_from_db()
    assert first.state == "proposed"
    assert decide(cast.national_head, first, "change_declined", "样例：语气不妥") == 302
    first.refresh_from_db()
    assert (first.state, first.decision_reason) == ("declined", "样例：语气不妥")
    assert decide(cast.national_head, propose(cast), "change_confirmed") == 302
    assert subject() == "Sample subject"


def test_one_change_of_a_text_is_proposed_at_a_time_and_what_was_typed_stays(cast: Cast) -> None:
    propose(cast)
    answer = sign_in(cast.national_head).post(
        URL, {**TEXT, "subject": "Another subject", "act": "propose", "reason": "样例：写明理由"}
    )
    assert answer.status_code == 409
    assert "Another subject" in answer.content.decode()
    assert OfficeProposal.objects.count() == 1


def test_the_shipped_text_comes_back_by_two_as_well(cast: Cast) -> None:
    decide(cast.national_head, propose(cast), "change_confirmed")
    administrator = sign_in(cast.administrator)
    shipped = reverse("office:notice_text_shipped", args=["lapsed", "en"])
    administrator.post(shipped, {"reason": ""})
    assert OfficeProposal.objects.filter(state="proposed").count() == 0
    administrator.post(shipped, {"reason": "样例：写明理由"})
    assert subject() == "Sample subject"
    decide(cast.national_head, OfficeProposal.objects.get(state="proposed"), "change_confirmed")
    assert subject() == kind_of("lapsed").shipped["en"].subject


def test_a_proposal_is_decided_at_the_page_of_its_own_text_only(cast: Cast) -> None:
    proposal = propose(cast)
    fields = {"proposal": str(proposal.pk), "act": "change_confirmed"}
    answer = sign_in(cast.national_head).post("/office/notices/rejected/en/decide/", fields)
    assert answer.status_code == 404
    proposal.refresh_from_db()
    assert (proposal.state, NoticeText.objects.count()) == ("proposed", 0)


@pytest.mark.parametrize("who", ["auditor", "national", "provincial_head", "member"])
def test_who_keeps_no_texts_neither_proposes_nor_confirms(cast: Cast, who: str) -> None:
    account = getattr(cast, who)
    proposal = propose(cast)
    assert decide(account, proposal, "change_confirmed") == 404
    with pytest.raises(TransitionNotAllowed):
        confirm_wording(proposal.pk, kind_of("lapsed"), "en", by=account, at=MORNING)
    with pytest.raises(TransitionNotAllowed):
        propose_wording(kind_of("rejected"), "en", None, reason="样例：写明理由", by=account, at=MORNING)
    assert NoticeText.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_version_comes(cast: Cast) -> None:
    second = create_officer(name="样例", role=Role.ADMINISTRATOR, email="sample.second@example.com")
    proposal, start = propose(cast), Barrier(2)

    def confirm(account: Account) -> str:
        start.wait(timeout=20)
        try:
            confirm_wording(proposal.pk, kind_of("lapsed"), "en", by=account, at=MORNING)
        except TransitionNotAllowed as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(confirm, [second, cast.national_head])) == ["done", "not_in_this_state"]
    assert NoticeText.objects.count() == 1
