"""Forwarding, approving, proposing, confirming and rejecting through the pages, bound to what was seen."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client

from registry import clock
from registry.models import Event
from registry.rules.particulars.reasons import WHOLE
from registry.rules.workflow.states import Act, Outcome, State
from registry.sample.walk import SampleCase
from tests.builders.register import MORNING, Cast, forwarded, submitted
from tests.review.desk.test_marks import LONGER
from tests.review.officers import mark_all, seen, send, sign_in, supplement, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
OPINION = {"recommends": Outcome.APPROVAL.value, "text": "样例意见：材料齐全"}


def reasons(*rows: dict[str, str], extra: int = 0) -> dict[str, str]:
    """The reasons' part of a form."""
    data = {
        "reasons-TOTAL_FORMS": str(len(rows) + extra),
        "reasons-INITIAL_FORMS": "0",
        "reasons-MIN_NUM_FORMS": "0",
        "reasons-MAX_NUM_FORMS": "40",
    }
    for index, row in enumerate(rows):
        data |= {f"reasons-{index}-{name}": value for name, value in row.items()}
    return data


VAGUE = {
    "key": "service.description",
    "code": "technical_description_vague",
    "remedy": "请写明共识机制。",
    "text": "",
}


def in_national_review(cast: Cast) -> tuple[SampleCase, Client]:
    """A case recommended for approval whose national checklist is answered, and the national officer."""
    case = forwarded(cast)
    clock.set_for_tests(MORNING + 2 * HOUR)
    mark_all(case, cast.national, at=MORNING + 2 * HOUR)
    return case, sign_in(cast.national)


def last_event(case: SampleCase) -> Event:
    event = Event.objects.filter(application=case.application_id).order_by("sequence").last()
    assert event is not None
    return event


def test_a_province_forwards_with_its_opinion(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    client = sign_in(cast.provincial)
    answer = send(client, case, Act.FORWARD, OPINION)
    assert answer["Location"] == url("case", case)
    assert case.application.state == State.NATIONAL_REVIEW
    event = last_event(case)
    assert (event.act, event.actor, event.payload["text"]) == ("forward", cast.provincial, OPINION["text"])
    assert "Forwarded to the national office." in text_of(client.get(url("case", case)))


def test_the_nation_approves_and_the_filing_awaits_its_number(cast: Cast) -> None:
    case, client = in_national_review(cast)
    page = text_of(client.get(url("act", case, "approve"), seen(case.application)))
    assert "The system issues the filing number at once" in page
    assert send(client, case, Act.APPROVE, {"text": ""}).status_code == 302
    application = case.application
    assert application.filing is not None
    assert (application.state, application.filing.standing) == ("approved", "awaiting_number")


def test_the_form_sent_twice_approves_once(cast: Cast) -> None:
    case, client = in_national_review(cast)
    screen, key = seen(case.application), str(uuid.uuid4())
    answers = [
        send(client, case, Act.APPROVE, {"text": "样例"}, on_screen=screen, key=key).status_code
        for _ in range(2)
    ]
    assert answers == [302, 302]
    assert Event.objects.filter(application=case.application_id, act="approve").count() == 1


def test_a_second_reviewer_sees_who_decided_and_keeps_the_text(cast: Cast) -> None:
    case, client = in_national_review(cast)
    screen = seen(case.application)
    send(client, case, Act.APPROVE, {"text": ""})
    late = send(sign_in(cast.national_second), case, Act.APPROVE, {"text": "我写的说明"}, on_screen=screen)
    text = text_of(late)
    assert late.status_code == 409
    assert f"{cast.national.name} moved this case on at 2026-03-02 12:00" in text
    assert "我写的说明" in late.content.decode()
    assert Event.objects.filter(application=case.application_id, act="approve").count() == 1


def test_an_approval_of_a_screen_before_the_supplement_is_refused_with_the_text_kept(cast: Cast) -> None:
    case, client = in_national_review(cast)
    screen = seen(case.application)
    supplement(case, at=MORNING + 3 * HOUR, description=LONGER)
    mark_all(case, cast.national, at=MORNING + 3 * HOUR)
    stale = send(client, case, Act.APPROVE, {"text": "我写的说明"}, on_screen=screen)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert case.application.state == State.NATIONAL_REVIEW
    assert "我写的说明" in page
    assert "Materials supplemented" in text_of(stale)
    now = seen(case.application)
    assert f'name="revision" value="{now["revision"]}"' in page
    assert f'name="event" value="{now["event"]}"' in page


def test_the_page_of_an_act_is_bound_to_the_case_page_it_came_from(cast: Cast) -> None:
    case, client = in_national_review(cast)
    screen = seen(case.application)
    supplement(case, at=MORNING + 3 * HOUR, description=LONGER)
    mark_all(case, cast.national, at=MORNING + 3 * HOUR)
    page = client.get(url("act", case, "approve"), screen)
    assert f'name="revision" value="{screen["revision"]}"' in page.content.decode()
    assert "Materials supplemented" in text_of(page)
    assert client.get(url("act", case, "approve"))["Location"] == url("case", case)


def test_a_decision_rests_on_two_officers(cast: Cast) -> None:
    case = forwarded(cast)
    clock.set_for_tests(MORNING + 20 * timedelta(days=1))
    at = MORNING + 20 * timedelta(days=1)
    mark_all(case, cast.national, at=at, deficient=[VAGUE["key"]])
    rejection = reasons(VAGUE) | {"text": ""}
    proposer = sign_in(cast.national)
    assert send(proposer, case, Act.PROPOSE_REJECTION, rejection).status_code == 302
    assert case.application.state == State.NATIONAL_CONFIRMATION
    assert send(proposer, case, Act.CONFIRM, {}).status_code == 409
    assert "a colleague has to confirm it" in text_of(proposer.get(url("case", case)))
    second = sign_in(cast.national_second)
    confirm_page = text_of(second.get(url("act", case, "confirm"), seen(case.application)))
    assert "请写明共识机制。" in confirm_page
    assert send(second, case, Act.CONFIRM, {}).status_code == 302
    assert case.application.state == State.REJECTED


def test_the_nation_approves_against_the_province_by_proposal_and_confirmation(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]])
    opinion = {"recommends": Outcome.REJECTION.value, "text": "样例意见：技术描述过于笼统"}
    send(sign_in(cast.provincial), case, Act.FORWARD, opinion)
    mark_all(case, cast.national, at=MORNING)
    client = sign_in(cast.national)
    assert send(client, case, Act.APPROVE, {"text": "样例"}).status_code == 409
    assert send(client, case, Act.PROPOSE_APPROVAL, {"text": "样例：理由已经说明"}).status_code == 302
    assert send(sign_in(cast.national_second), case, Act.CONFIRM, {}).status_code == 302
    assert case.application.state == State.APPROVED


def test_a_question_returns_the_case_to_its_province(cast: Cast) -> None:
    case = forwarded(cast)
    clock.set_for_tests(MORNING + 2 * HOUR)
    client = sign_in(cast.national)
    empty = send(client, case, Act.RETURN_TO_PROVINCE, {"question": " "})
    assert empty.status_code == 400
    answer = send(client, case, Act.RETURN_TO_PROVINCE, {"question": "样例：网站归谁所有？"})
    assert answer.status_code == 302
    assert case.application.state == State.PROVINCIAL_REVIEW
    assert "网站归谁所有" in text_of(sign_in(cast.provincial).get(url("case", case)))


def test_a_colleague_sends_a_proposal_back(cast: Cast) -> None:
    case = submitted(cast)
    rejection = reasons(VAGUE) | {"text": ""}
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]])
    send(sign_in(cast.provincial), case, Act.PROPOSE_REJECTION, rejection)
    assert case.application.state == State.PROVINCIAL_CONFIRMATION
    answer = send(sign_in(cast.provincial_second), case, Act.SEND_BACK, {"explanation": "样例：理由不足"})
    assert answer.status_code == 302
    assert case.application.state == State.PROVINCIAL_REVIEW


def test_art_12_a_rejection_names_particular_fault_article_and_remedy(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]])
    whole = {"key": WHOLE, "code": "other", "article": "7", "remedy": "请补正全部材料。", "text": "补充"}
    answer = send(client, case, Act.PROPOSE_REJECTION, reasons(VAGUE, whole) | {"text": "总的说明"})
    assert answer.status_code == 302
    assert last_event(case).payload["reasons"] == [
        {
            "id": "1",
            "key": "service.description",
            "code": "technical_description_vague",
            "name_zh": "技术描述过于笼统",
            "name_en": "Technical description too vague",
            "article": "11",
            "remedy": "请写明共识机制。",
            "remedy_en": "",
            "text": "",
        },
        {
            "id": "2",
            "key": WHOLE,
            "code": "other",
            "name_zh": "其他，见说明",
            "name_en": "Something else, as described",
            "article": "7",
            "remedy": "请补正全部材料。",
            "remedy_en": "",
            "text": "补充",
        },
    ]


def test_a_rejection_without_a_whole_reason_is_refused_and_nothing_is_lost(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    mark_all(case, cast.provincial, at=MORNING, deficient=[VAGUE["key"]])
    half = VAGUE | {"code": "other", "remedy": "", "text": "只写了补充"}
    incomplete = send(client, case, Act.PROPOSE_REJECTION, reasons(half) | {"text": ""})
    none = send(client, case, Act.PROPOSE_REJECTION, reasons(extra=1) | {"text": "只有文字"})
    left_out = send(
        client, case, Act.PROPOSE_REJECTION, reasons(VAGUE | {"DELETE": "on"}) | {"text": "只有文字"}
    )
    assert [incomplete.status_code, none.status_code, left_out.status_code] == [400, 400, 400]
    assert "只写了补充" in incomplete.content.decode()
    page = none.content.decode()
    assert "Give at least one reason" in text_of(none)
    assert '<a href="#id_reasons-0-key">' in page
    assert re.search(r'<select name="reasons-0-key"[^>]*aria-invalid="true"[^>]*>', page)
    assert re.search(r'<select name="reasons-0-key"[^>]*aria-describedby="[^"]*id_reasons-0-key_error', page)
    assert 'id="id_reasons-0-key_error"' in page
    assert "只有文字" in page
    # Without a row to stand at, the error stands at the reasons as a whole.
    whole = left_out.content.decode()
    assert '<a href="#reasons">' in whole
    assert 'id="reasons" tabindex="-1" aria-describedby="reasons-errors"' in whole
    assert "请写明共识机制。" in whole
    assert case.application.state == State.PROVINCIAL_REVIEW


def test_another_reason_can_be_asked_for_without_a_script(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    data = reasons(VAGUE) | {"text": "", "add_reason": "yes"}
    page = send(sign_in(cast.provincial), case, Act.PROPOSE_REJECTION, data)
    assert page.status_code == 200
    assert 'name="reasons-1-key"' in page.content.decode()
    assert "请写明共识机制。" in page.content.decode()
    assert "Please correct" not in text_of(page)
    for total in ("²", "9" * 5_000):
        odd = send(
            sign_in(cast.provincial), case, Act.PROPOSE_REJECTION, data | {"reasons-TOTAL_FORMS": total}
        )
        assert 'name="reasons-0-key"' in odd.content.decode()


def test_the_reasons_begin_with_what_was_marked_deficient(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    client = sign_in(cast.provincial)
    mark = {"key": "service.description", "revision": "1", "verdict": "deficient", "remark": "未写共识"}
    client.post(url("mark", case), mark)
    page = client.get(url("act", case, "propose_rejection"), seen(case.application)).content.decode()
    assert '<option value="service.description" selected>' in page
    assert "未写共识" in page


def test_a_reused_key_with_other_content_is_refused(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    client, key, screen = sign_in(cast.provincial), str(uuid.uuid4()), seen(case.application)
    first = send(client, case, Act.FORWARD, OPINION, on_screen=screen, key=key)
    other = send(
        client, case, Act.FORWARD, OPINION | {"text": "样例意见：另一种说法"}, on_screen=screen, key=key
    )
    assert [first.status_code, other.status_code] == [302, 409]
    assert "already sent with other content" in text_of(other)


def test_a_decided_case_stays_readable_and_offers_nothing(cast: Cast) -> None:
    case, client = in_national_review(cast)
    send(client, case, Act.APPROVE, {"text": ""})
    page = client.get(url("case", case))
    assert page.status_code == 200
    assert "/acts/" not in page.content.decode()
    assert url("mark", case) not in page.content.decode()


@pytest.mark.parametrize("data", [{}, {"revision": "x", "event": "1"}, {"revision": "9" * 40, "event": "1"}])
def test_a_form_without_what_was_seen_does_nothing(cast: Cast, data: dict[str, str]) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    answer = sign_in(cast.provincial).post(url("act", case, "forward"), data | OPINION)
    assert answer.status_code in {400, 409}
    assert case.application.state == State.PROVINCIAL_REVIEW
