"""What an office's papers carry is proposed by its head and confirmed by another officer of the same office."""

from __future__ import annotations

import re
from typing import Any

import pytest

from registry import clock
from registry.documents.paper_settings import settings_of
from registry.integrity.register import verify_register
from registry.models import Account, Event, Notice, OfficeProposal, PaperSetting
from registry.rules.office.events import OfficeAct, OfficeFacts
from registry.rules.office.papers import NATIONAL_OFFICE_CODE, PaperSeries
from registry.rules.workflow.states import Act
from review.tasks import sweep_desk_notices
from tests.builders.register import BEIJING, MORNING, Cast, forwarded
from tests.filing_portal.test_kept_forms import left_alone, sign_in_again
from tests.registry.documents.reading import words_of
from tests.review.officers import seen, sign_in, text_of, url

pytestmark = pytest.mark.django_db

URL = "/review/papers/"
GIVEN = {
    "office_name": "北京市互联网信息办公室",
    "mark_receipt": "京网信备收",
    "mark_request": "京网信备补",
    "mark_decision": "京网信审",
    "mark_striking_off": "京网信备撤",
    "mark_consultation": "京网信备函",
    "reconsideration_body": "样例复议机关",
    "court": "样例人民法院",
    "reason": "样例：填写救济机关",
}


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


def send(account: Account, act: str = "propose", **changes: str) -> Any:
    return sign_in(account).post(URL, {**GIVEN, "act": act, **changes})


def decide(account: Account, act: str, reason: str = "") -> int:
    fields = {"proposal": str(OfficeProposal.objects.get().pk), "act": act, "reason": reason}
    return sign_in(account).post(f"{URL}decide/", fields).status_code


def test_a_change_is_proposed_seen_and_confirmed_by_another_officer_of_the_office(cast: Cast) -> None:
    page = text_of(sign_in(cast.provincial_head).get(URL))
    assert "the body for administrative reconsideration" in page
    assert "the court for an action" in page
    assert send(cast.provincial_head).status_code == 302
    assert settings_of(BEIJING).court == ""
    shown = text_of(sign_in(cast.provincial).get(URL))
    for said in (
        "京网信审〔2026〕1号",
        "向样例复议机关申请行政复议",
        "向样例人民法院提起行政诉讼",
        GIVEN["reason"],
    ):
        assert said in shown
    assert decide(cast.provincial, "change_confirmed") == 302
    settings = settings_of(BEIJING)
    assert (settings.court, settings.marks[PaperSeries.DECISION]) == ("样例人民法院", "京网信审")
    version = PaperSetting.objects.get()
    assert (version.proposed_by, version.confirmed_by) == (cast.provincial_head, cast.provincial)
    assert "the court for an action" not in text_of(sign_in(cast.provincial_head).get(URL))
    acts = Event.objects.filter(stream_id=OfficeProposal.objects.get().pk).order_by("sequence")
    assert [each.act for each in acts] == [OfficeAct.CHANGE_PROPOSED, OfficeAct.CHANGE_CONFIRMED]
    said_by_act = OfficeFacts.of(acts[0].payload)
    assert (said_by_act.before["court"], said_by_act.after["court"]) == ("", "样例人民法院")
    assert "office_name" not in said_by_act.after
    assert verify_register().violations == []


def test_the_office_is_told_of_the_proposal_and_its_head_of_the_outcome_and_nobody_elsewhere(
    cast: Cast,
) -> None:
    for officer in (cast.elsewhere, cast.national, cast.provincial, cast.provincial_second):
        assert officer.pk
    send(cast.provincial_head)
    sweep_desk_notices()
    told = Notice.objects.filter(kind="change_proposed").values_list("account__name", flat=True)
    assert sorted(told) == sorted([cast.provincial.name, cast.provincial_second.name])
    decide(cast.provincial, "change_declined", "样例：法院名称有误")
    sweep_desk_notices()
    (answer,) = Notice.objects.filter(kind="change_decided")
    assert answer.account == cast.provincial_head
    assert "样例：法院名称有误" in answer.body


def test_only_heads_propose_and_nobody_confirms_the_own_proposal(cast: Cast) -> None:
    refused = send(cast.provincial)
    assert refused.status_code == 409
    assert "Your role does not propose this." in text_of(refused)
    assert not OfficeProposal.objects.exists()
    send(cast.provincial_head)
    assert decide(cast.provincial_head, "change_confirmed") == 302
    assert (OfficeProposal.objects.get().state, PaperSetting.objects.count()) == ("proposed", 0)
    assert decide(cast.provincial_head, "change_withdrawn") == 302
    assert OfficeProposal.objects.get().state == "withdrawn"


@pytest.mark.parametrize("act", ["change_confirmed", "change_declined", "change_withdrawn"])
def test_another_offices_proposal_does_not_exist(cast: Cast, act: str) -> None:
    send(cast.provincial_head)
    for stranger in (cast.elsewhere, cast.national, cast.national_head):
        assert decide(stranger, act, "样例") == 404
        assert "京网信审" not in text_of(sign_in(stranger).get(URL))
    assert OfficeProposal.objects.get().state == "proposed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mark_decision": "京网信备收"}, "Each kind of paper needs characters of its own"),
        ({"mark_decision": "津网信备审"}, "Another office numbers its papers"),
        ({"mark_decision": "京〔2026〕"}, "Two to sixteen Chinese characters"),
        ({"office_name": " "}, "Fill in “Full official name of the office”."),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_would_spoil_a_paper_is_refused_in_words_and_stays_typed(
    cast: Cast, changes: dict[str, str], words: str
) -> None:
    answer = send(cast.provincial_head, **changes)
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert 'value="样例人民法院"' in answer.content.decode()
    assert not OfficeProposal.objects.exists()


def test_while_a_change_waits_the_form_is_not_offered_and_what_is_sent_all_the_same_stays_typed(
    cast: Cast,
) -> None:
    send(cast.provincial_head)
    page = sign_in(cast.provincial_head).get(URL).content.decode()
    assert "A change is proposed already" in page
    assert 'name="court"' not in page
    again = send(cast.provincial_head, court="样例另一法院")
    assert again.status_code == 409
    assert 'value="样例另一法院"' in again.content.decode()


def test_a_preview_needs_no_reason_and_saves_nothing(cast: Cast) -> None:
    answer = send(cast.provincial_head, "preview", reason="")
    assert answer.status_code == 200
    assert "向样例人民法院提起行政诉讼" in text_of(answer)
    assert not OfficeProposal.objects.exists()


def test_the_sample_paper_shows_what_is_in_force_and_what_is_proposed(cast: Cast) -> None:
    send(cast.provincial_head)
    client = sign_in(cast.provincial)
    now, proposed = (client.get(f"{URL}sample/{query}") for query in ("", "?proposed"))
    assert now.headers["Content-Type"] == "application/pdf"
    assert "样例人民法院" not in words_of(now.content)
    assert "京网信审〔2026〕1号" in words_of(proposed.content)
    assert "六个月内向样例人民法院提起行政诉讼" in words_of(proposed.content)


@pytest.mark.parametrize("typed", ["", "不行", "……"])
def test_a_change_is_declined_with_a_sentence_and_what_was_typed_stays(cast: Cast, typed: str) -> None:
    send(cast.provincial_head)
    fields = {"proposal": str(OfficeProposal.objects.get().pk), "act": "change_declined", "reason": typed}
    answer = sign_in(cast.provincial).post(f"{URL}decide/", fields)
    assert answer.status_code == 400
    assert typed in answer.content.decode()
    assert OfficeProposal.objects.get().state == "proposed"


def test_a_typed_reason_comes_back_after_the_session_has_ended(cast: Cast) -> None:
    send(cast.provincial_head)
    client, address = left_alone(sign_in(cast.provincial)), f"{URL}decide/"
    reason = "样例：落款机关名称与印章不一致，请先核对。"
    proposal = str(OfficeProposal.objects.get().pk)
    client.post(address, {"proposal": proposal, "act": "change_declined", "reason": reason})
    sign_in_again(client, cast.provincial)
    assert reason in client.get(address).content.decode()
    assert OfficeProposal.objects.get().state == "proposed"


def test_where_a_rejection_is_decided_the_page_says_what_its_notice_will_not_name(cast: Cast) -> None:
    case = forwarded(cast)
    officer = sign_in(cast.national)

    def page(act: Act) -> str:
        return text_of(officer.get(url("act", case, act.value), seen(case.application)))

    gaps = ("the body for administrative reconsideration", "the court for an action")
    assert all(each in page(Act.PROPOSE_REJECTION) for each in gaps)
    assert not any(each in page(Act.APPROVE) for each in gaps)
    PaperSetting.objects.create(
        **settings_of(NATIONAL_OFFICE_CODE).as_content() | {"court": "样例人民法院"},
        office_code=NATIONAL_OFFICE_CODE,
        version=1,
        proposed_by=cast.national_head,
        confirmed_by=cast.national,
        confirmed_at=MORNING,
    )
    assert [each in page(Act.PROPOSE_REJECTION) for each in gaps] == [True, False]


def test_the_reason_of_a_change_is_shown_as_needed(cast: Cast) -> None:
    page = text_of(sign_in(cast.provincial_head).get(URL))
    assert re.search(r"Reason\s*\(required\)", page)
    assert send(cast.provincial_head, "preview", reason="").status_code == 200
