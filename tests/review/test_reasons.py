"""One rule for every reason that an officer records: at least a sentence, wherever it is written (Art. 12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from registry import clock
from registry.accounts.officers import OfficerRefused, set_active
from registry.batches import lists as batch_lists
from registry.batches import objections
from registry.book.act_request import Actor
from registry.consultations import consultations
from registry.endings import striking_off
from registry.errors import FilingError
from registry.models import ListEntry, OfficeProposal
from registry.notices.kinds import Wording, kind_of
from registry.notices.wording import propose_wording
from registry.office import lists
from registry.rules.batches.corrections import CorrectedColumn, Correction, faults_of
from registry.rules.batches.lifecycle import ListAct, ListKind
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.streams import office_proposals
from review.desk import claims, handover
from review.reveals.reveals import reveal
from tests.builders import batch, objection
from tests.builders import consultation as build_consultation
from tests.builders import striking_off as proceedings
from tests.builders.batch import LISTING
from tests.builders.objection import OBJECTING
from tests.builders.register import MORNING, Cast, filing_of, in_force, submitted
from tests.builders.striking_off import BASIS, HOUR, STRIKING
from tests.filing_portal.test_kept_forms import left_alone, sign_in_again
from tests.registry.notices.test_two_hands import TEXT
from tests.review.officers import sign_in, text_of

pytestmark = pytest.mark.django_db

WORDS = ["好", "样例", "样例样例样例样例", "20261127", "。。。！", "Sample reason", " \u200b"]
SENTENCE = "样例：原经办人本周外出，改由同事办理。"


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


def _revealing(cast: Cast) -> Callable[[str], object]:
    case = submitted(cast)
    return lambda why: reveal(
        case.application, "person_in_charge.mobile", reason=why, officer=cast.provincial, at=MORNING
    )


def _reassigning(cast: Cast) -> Callable[[str], object]:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    return lambda why: claims.reassign(
        case.application_id,
        to=cast.provincial_second.pk,
        reason=why,
        head=cast.provincial_head,
        at=MORNING,
    )


def _handing_over(cast: Cast) -> Callable[[str], object]:
    case = submitted(cast)
    claims.claim(case.application_id, officer=cast.provincial, at=MORNING)
    return lambda why: handover.hand_over(
        cast.provincial.pk,
        to=cast.provincial_second.pk,
        seen=frozenset({case.application_id}),
        reason=why,
        by=cast.provincial,
        at=MORNING,
    )


def _closing_an_account(cast: Cast) -> Callable[[str], object]:
    return lambda why: set_active(cast.provincial.pk, is_active=False, reason=why, by=cast.administrator)


def _retiring_an_entry(cast: Cast) -> Callable[[str], object]:
    entry = ListEntry.objects.filter(is_active=True).first()
    assert entry is not None
    return lambda why: lists.set_offered(entry.pk, is_offered=False, reason=why, by=cast.administrator)


def _recalling_a_list(cast: Cast) -> Callable[[str], object]:
    batch.filings_in_force(cast, 1)
    confirmed = batch.confirmed(cast)
    return lambda why: batch_lists.drop(
        confirmed.pk,
        act=ListAct.RECALL,
        actor=Actor.of(cast.national_head),
        explanation=why,
        at=LISTING + HOUR,
    )


def _holding_an_entry_back(cast: Cast) -> Callable[[str], object]:
    first, _second = batch.filings_in_force(cast, 2)

    def propose(why: str) -> object:
        composed = batch.composition(held_back={first.pk: why})
        return batch.proposed(cast, composed)

    return propose


def _refusing_an_objection(cast: Cast) -> Callable[[str], object]:
    batch.filings_in_force(cast, 1)
    made = objection.received(batch.published(cast)).objection
    return lambda why: objections.explain(
        made.pk, act=ObjectionAct.REFUSE, actor=Actor.of(cast.national), explanation=why, at=OBJECTING + HOUR
    )


def _proposing_to_strike_off(cast: Cast) -> Callable[[str], object]:
    filing = filing_of(in_force(cast))
    ground = proceedings.grounds().ground
    return lambda why: striking_off.propose(
        filing.pk,
        striking_off.Grounds(ground=ground, reason=why, basis=BASIS),
        actor=Actor.of(cast.national),
        at=STRIKING,
    )


def _dropping_a_striking_off(cast: Cast) -> Callable[[str], object]:
    proceeding = proceedings.proposed(cast, filing_of(in_force(cast)))
    return lambda why: striking_off.drop(
        proceeding.pk, actor=Actor.of(cast.national), explanation=why, at=STRIKING + HOUR
    )


def _proposing_a_text(cast: Cast) -> Callable[[str], object]:
    return lambda why: propose_wording(
        kind_of("lapsed"), "en", Wording(**TEXT), reason=why, by=cast.administrator, at=MORNING
    )


def _declining_a_text(cast: Cast) -> Callable[[str], object]:
    _proposing_a_text(cast)(SENTENCE)
    proposal = OfficeProposal.objects.get()
    return lambda why: office_proposals.end(
        proposal.pk,
        OfficeAct.CHANGE_DECLINED,
        subject=OfficeSubject.NOTICE_TEXT,
        reason=why,
        by=cast.national_head,
        at=MORNING,
    )


def _withdrawing_a_question(cast: Cast) -> Callable[[str], object]:
    asked = build_consultation.sent(cast, submitted(cast))
    return lambda why: consultations.withdraw(asked.pk, actor=Actor.of(cast.provincial), explanation=why)


PLACES = [
    _revealing,
    _reassigning,
    _handing_over,
    _closing_an_account,
    _retiring_an_entry,
    _recalling_a_list,
    _holding_an_entry_back,
    _refusing_an_objection,
    _proposing_to_strike_off,
    _dropping_a_striking_off,
    _proposing_a_text,
    _declining_a_text,
    _withdrawing_a_question,
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.strip("_"))
def test_art_12_a_word_is_no_reason_wherever_one_is_recorded(
    cast: Cast, place: Callable[[Cast], Callable[[str], object]]
) -> None:
    act = place(cast)
    for word in WORDS:
        with pytest.raises((FilingError, OfficerRefused)):
            act(word)
    act(SENTENCE)


@pytest.mark.parametrize("reason", WORDS)
def test_a_correction_is_published_with_a_sentence_only(reason: str) -> None:
    told: dict[str, Any] = {
        "entry": "1",
        "list_kind": ListKind.FILINGS,
        "list_number": 1,
        "position": 1,
        "column": CorrectedColumn.SERVICE_NAME,
        "before": "样例旧名",
        "after": "样例新名",
    }
    faults = faults_of(Correction(**told, reason=reason), others=(), is_withdrawn=False)
    assert faults == ("correction_without_reason",)
    assert faults_of(Correction(**told, reason=SENTENCE), others=(), is_withdrawn=False) == ()


# ---------------------------------------------------------------- what was typed stays


TEXT_URL = "/office/notices/lapsed/en/"


def test_a_refused_reason_to_decline_a_text_stays_typed_and_so_does_one_after_the_session_ended(
    cast: Cast,
) -> None:
    _proposing_a_text(cast)(SENTENCE)
    proposal = OfficeProposal.objects.get()
    head = sign_in(cast.national_head)
    sent = {"proposal": str(proposal.pk), "act": "change_declined", "reason": "好 abc"}
    answer = head.post(f"{TEXT_URL}decide/", sent)
    assert answer.status_code == 400
    assert 'value="好 abc"' in answer.content.decode()
    assert "Write at least a sentence" in text_of(answer)

    typed = {**sent, "reason": SENTENCE}
    asked = left_alone(head).post(f"{TEXT_URL}decide/", typed)
    assert asked["Location"] == f"/account/login/?next={TEXT_URL}decide/"
    sign_in_again(head, cast.national_head)
    shown = head.get(f"{TEXT_URL}decide/")
    assert f'value="{SENTENCE}"' in shown.content.decode()
    assert "What you typed is back in the form." in text_of(shown)
    proposal.refresh_from_db()
    assert proposal.state == "proposed"
    assert head.post(f"{TEXT_URL}decide/", typed).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == ("declined", SENTENCE)
    # Nothing is put back a second time.
    assert head.get(f"{TEXT_URL}decide/")["Location"] == TEXT_URL


def test_a_reason_for_the_shipped_text_stays_typed(cast: Cast) -> None:
    _proposing_a_text(cast)(SENTENCE)
    proposal = OfficeProposal.objects.get()
    sign_in(cast.national_head).post(
        f"{TEXT_URL}decide/", {"proposal": str(proposal.pk), "act": "change_confirmed"}
    )
    editor = sign_in(cast.administrator)
    answer = editor.post(f"{TEXT_URL}shipped/", {"reason": "好 abc"})
    assert answer.status_code == 400
    assert 'value="好 abc"' in answer.content.decode()
    left_alone(editor).post(f"{TEXT_URL}shipped/", {"reason": SENTENCE})
    sign_in_again(editor, cast.administrator)
    assert f'value="{SENTENCE}"' in editor.get(f"{TEXT_URL}shipped/").content.decode()
    assert editor.post(f"{TEXT_URL}shipped/", {"reason": SENTENCE}).status_code == 302
    assert OfficeProposal.objects.filter(state="proposed").count() == 1


def test_the_pages_ask_for_the_sentence_and_keep_what_was_typed(cast: Cast) -> None:
    batch.filings_in_force(cast, 1)
    confirmed = batch.confirmed(cast, at=LISTING)
    clock.set_for_tests(LISTING + timedelta(hours=1))
    head = sign_in(cast.national_head)
    answer = head.post(
        reverse("review:batch_act", args=[confirmed.pk, ListAct.RECALL.value]),
        {"explanation": "好 abc", "event": "2"},
    )
    assert answer.status_code == 400
    assert "好 abc" in answer.content.decode()
    assert "Write at least a sentence" in text_of(answer)
