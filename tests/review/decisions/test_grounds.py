"""What a decision rests on, at the pages: marks, words of one's own, and what the officers before said (Art. 3, 12)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from registry import clock
from registry.book import ledger
from registry.book.act_request import Actor, Request, Seen
from registry.errors import FilingError
from registry.models import Account, Event
from registry.rules.workflow.grounds import Marks
from registry.rules.workflow.states import Act, Outcome, State
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.streams.applications import latest_sequence
from review.access import office_of
from review.desk import claims
from review.desk.checklist import MarkRefused, checklist_of, mark, mark_rest_of_section
from review.models import ChecklistMark, MarkVersion
from review.sample import examine
from tests.applicants.amendments.amending import ANSWER, CLEAR, answer_reasons, begin, mend
from tests.applicants.amendments.amending import send as send_amendment
from tests.applicants.pages import Desk
from tests.builders.register import MORNING, Cast, forwarded, rejected, submitted
from tests.review.decisions.test_decisions import VAGUE, reasons
from tests.review.officers import mark_all, seen, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DESCRIPTION = "service.description"
SENTENCE = "样例：主体名称仅有繁简差异，不影响备案"
EMPTY_WORDS = ["好", "1", "。。。", "好好好好好好好好好好"]


def page_of(client: Client, case: SampleCase, act: Act) -> str:
    return client.get(url("act", case, act.value), seen(case.application)).content.decode()


def typed_text(page: str) -> str:
    """What stands in the opinion's field."""
    found = re.search(r'<textarea name="text"[^>]*>\n?(.*?)</textarea>', page, flags=re.S)
    assert found is not None
    return unescape(found[1])


def drafted(page: str) -> dict[str, str]:
    """The draft that each choice carries."""
    found = {}
    for control in re.findall(r'<input[^>]*name="recommends"[^>]*>', page):
        value, draft = (re.search(rf'{name}="([^"]*)"', control) for name in ("value", "data-draft"))
        assert value is not None
        assert draft is not None
        found[value[1]] = unescape(draft[1])
    return found


# ---------------------------------------------------------------- every item is marked


@pytest.mark.parametrize("outcome", Outcome)
def test_art_12_a_proposal_is_not_confirmed_while_items_are_unmarked(cast: Cast, outcome: Outcome) -> None:
    """The office's marks fell away, or were never made: nothing was checked."""
    case = forwarded(cast)
    what = Act.PROPOSE_REJECTION
    given: dict[str, Any] = {"reasons": [dict(walk.SAMPLE_REASON)]}
    if outcome is Outcome.APPROVAL:
        case = submitted(cast, seed=2)
        walk.act(case, Act.FORWARD, by=cast.provincial, at=MORNING, recommends="rejection", text=SENTENCE)
        what, given = Act.PROPOSE_APPROVAL, {"text": SENTENCE}
    walk.act(case, what, by=cast.national, at=MORNING + HOUR, **given)
    clock.set_for_tests(MORNING + 2 * HOUR)
    second = sign_in(cast.national_second)
    assert "Items of the checklist are still unmarked" in page_of(second, case, Act.CONFIRM)
    refused = send(second, case, Act.CONFIRM, {})
    assert refused.status_code == 409
    assert "Mark every item of the checklist" in text_of(refused)
    assert case.application.state == State.NATIONAL_CONFIRMATION
    wrong = [DESCRIPTION] if outcome is Outcome.REJECTION else []
    mark_all(case, cast.national_second, at=MORNING + 2 * HOUR, deficient=wrong)
    assert send(second, case, Act.CONFIRM, {}).status_code == 302


def test_art_12_a_province_proposes_and_confirms_a_rejection_only_over_marks(cast: Cast) -> None:
    case = submitted(cast)
    client, rejection = sign_in(cast.provincial), reasons(VAGUE) | {"text": ""}
    client.post(url("mark", case), {"key": DESCRIPTION, "revision": "1", "verdict": "deficient"})
    refused = send(client, case, Act.PROPOSE_REJECTION, rejection)
    assert refused.status_code == 409
    assert "Mark every item of the checklist" in text_of(refused)
    mark_all(case, cast.provincial, at=MORNING, deficient=[DESCRIPTION])
    assert send(client, case, Act.PROPOSE_REJECTION, rejection).status_code == 302
    # Between proposal and confirmation a colleague finds the item in order.
    mark_all(case, cast.provincial_second, at=MORNING)
    second = sign_in(cast.provincial_second)
    answer = send(second, case, Act.CONFIRM, {})
    assert answer.status_code == 409
    assert "What the rejection rests on is not marked deficient" in text_of(answer)
    mark_all(case, cast.provincial_second, at=MORNING, deficient=[DESCRIPTION])
    assert send(second, case, Act.CONFIRM, {}).status_code == 302
    assert case.application.state == State.REJECTED


def test_art_12_an_approval_is_not_confirmed_over_a_mark_made_since_the_proposal(cast: Cast) -> None:
    case = submitted(cast)
    walk.act(case, Act.FORWARD, by=cast.provincial, at=MORNING, recommends="rejection", text=SENTENCE)
    mark_all(case, cast.national, at=MORNING)
    assert send(sign_in(cast.national), case, Act.PROPOSE_APPROVAL, {"text": SENTENCE}).status_code == 302
    mark_all(case, cast.national_second, at=MORNING, deficient=[DESCRIPTION])
    answer = send(sign_in(cast.national_second), case, Act.CONFIRM, {})
    assert answer.status_code == 409
    assert "does not pass over" in text_of(answer)
    assert case.application.state == State.NATIONAL_CONFIRMATION


def test_the_ledger_asks_it_whatever_page_or_program_acts(cast: Cast) -> None:
    case = submitted(cast)
    row = case.application

    def refusal(by: Account, act: Act, marks: Marks, **details: Any) -> str:
        request = Request(details=details, marks=marks, seen=Seen(row.revision_number, latest_sequence(row)))
        with pytest.raises(FilingError) as raised:
            ledger.record(act, case.application_id, actor=Actor.of(by), request=request, at=MORNING)
        return raised.value.code

    whole = Marks(is_answered=True)
    wrong = Marks(is_answered=True, deficient=(DESCRIPTION,))
    rejection = {"reasons": [dict(walk.SAMPLE_REASON)]}
    assert [
        refusal(cast.provincial, Act.FORWARD, Marks(), recommends="approval", text=SENTENCE),
        refusal(cast.provincial, Act.FORWARD, whole, recommends="rejection", text=SENTENCE),
        refusal(cast.provincial, Act.FORWARD, whole, recommends="approval", text="好"),
        refusal(cast.provincial, Act.FORWARD, wrong, recommends="approval", text=SENTENCE),
        refusal(cast.provincial, Act.PROPOSE_REJECTION, Marks(), **rejection),
        refusal(cast.provincial, Act.PROPOSE_REJECTION, whole, **rejection),
    ] == [
        "checklist_answered",
        "fault_marked",
        "sentence_given",
        "deficiencies_passed_over",
        "checklist_answered",
        "fault_marked",
    ]


# ---------------------------------------------------------------- words with substance


@pytest.mark.parametrize("words", EMPTY_WORDS)
def test_art_12_no_act_takes_words_that_say_nothing(cast: Cast, words: str) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING, deficient=[DESCRIPTION])
    client = sign_in(cast.provincial)
    over = {"recommends": "approval", "text": words, "over_marks": "on"}
    row = VAGUE | {"remedy": words}
    answers = [
        send(client, case, Act.FORWARD, over),
        send(client, case, Act.FORWARD, {"recommends": "rejection", "text": words}),
        send(client, case, Act.PROPOSE_REJECTION, reasons(row) | {"text": ""}),
    ]
    national = forwarded(cast, seed=2)
    mark_all(national, cast.national, at=MORNING, deficient=[DESCRIPTION])
    nation = sign_in(cast.national)
    answers += [
        send(nation, national, Act.APPROVE, {"text": words, "over_marks": "on"}),
        send(nation, national, Act.RETURN_TO_PROVINCE, {"question": words}),
    ]
    assert [answer.status_code for answer in answers] == [400] * 5
    assert ["Write at least a sentence" in text_of(answer) for answer in answers] == [True] * 5
    assert [words in answer.content.decode() for answer in answers] == [True] * 5
    walk.act(
        national,
        Act.PROPOSE_REJECTION,
        by=cast.national,
        at=MORNING + HOUR,
        reasons=[dict(walk.SAMPLE_REASON)],
    )
    back = send(sign_in(cast.national_second), national, Act.SEND_BACK, {"explanation": words})
    assert (back.status_code, "Write at least a sentence" in text_of(back)) == (400, True)
    assert (case.application.state, national.application.state) == (
        State.PROVINCIAL_REVIEW,
        State.NATIONAL_CONFIRMATION,
    )


def test_the_draft_alone_does_not_say_why_a_deficient_item_is_passed_over(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING, deficient=[DESCRIPTION], remark="样例：未写明共识机制")
    client = sign_in(cast.provincial)
    draft = drafted(page_of(client, case, Act.FORWARD))["approval"]
    fields = {"recommends": "approval", "over_marks": "on", "drafted": draft}
    assert send(client, case, Act.FORWARD, fields | {"text": draft}).status_code == 400
    assert send(client, case, Act.FORWARD, fields | {"text": f"{draft}好"}).status_code == 400
    assert send(client, case, Act.FORWARD, fields | {"text": f"{draft}{SENTENCE}"}).status_code == 302


# ---------------------------------------------------------------- the text follows the choice


@pytest.mark.parametrize(("language", "all_well"), [("en", "all in order"), ("zh-hans", "均符合要求")])
def test_art_3_no_rejection_is_recommended_in_words_that_say_all_is_well(
    cast: Cast, language: str, all_well: str
) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    client = sign_in(cast.provincial)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    page = page_of(client, case, Act.FORWARD)
    text = typed_text(page)
    assert all_well in text
    assert drafted(page) == {"approval": text, "rejection": ""}
    answer = send(client, case, Act.FORWARD, {"recommends": "rejection", "text": text, "drafted": text})
    assert answer.status_code == 400
    assert typed_text(answer.content.decode()) == ""
    with override(language):
        assert case.application.state == State.PROVINCIAL_REVIEW
    # Typed over, it is refused as well: nothing is marked that would bear it out.
    own = send(client, case, Act.FORWARD, {"recommends": "rejection", "text": SENTENCE, "drafted": text})
    assert own.status_code == 400
    assert typed_text(own.content.decode()) == SENTENCE
    assert case.application.state == State.PROVINCIAL_REVIEW


def test_the_choice_drafts_an_untouched_text_anew_and_leaves_a_typed_one(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING, deficient=[DESCRIPTION], remark="样例：未写明共识机制")
    client = sign_in(cast.provincial)
    drafts = drafted(page_of(client, case, Act.FORWARD))
    assert "Reject the filing" in drafts["rejection"]
    assert "Approve the filing" in drafts["approval"]
    # A browser sends every end of a line as CR LF.
    sent = drafts["approval"].replace("\n", "\r\n")
    fields = {"recommends": "rejection", "text": sent, "drafted": sent}
    answer = send(client, case, Act.FORWARD, fields)
    assert answer.status_code == 400
    assert "It now follows yours" in text_of(answer)
    assert typed_text(answer.content.decode()) == drafts["rejection"]
    again = {"recommends": "rejection", "text": drafts["rejection"], "drafted": drafts["rejection"]}
    assert send(client, case, Act.FORWARD, again).status_code == 302
    assert (
        Event.objects.get(application=case.application_id, act="forward").payload["text"]
        == drafts["rejection"]
    )
    # What was typed goes as it was typed.
    other = submitted(cast, seed=2)
    mark_all(other, cast.provincial, at=MORNING, deficient=[DESCRIPTION])
    own = {"recommends": "rejection", "text": "样例：技术描述过于笼统", "drafted": drafts["approval"]}
    assert send(client, other, Act.FORWARD, own).status_code == 302


def test_a_reason_is_pinned_to_what_is_marked_deficient(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    answer = send(sign_in(cast.provincial), case, Act.PROPOSE_REJECTION, reasons(VAGUE) | {"text": ""})
    assert answer.status_code == 400
    assert "What the rejection rests on is not marked deficient" in text_of(answer)
    assert VAGUE["remedy"] in answer.content.decode()


# ---------------------------------------------------------------- beside the decision


def test_what_the_officers_before_said_stands_beside_the_decision(cast: Cast) -> None:
    case = submitted(cast)
    opinion = "样例：网站与主体不一致，建议不予备案"
    walk.act(case, Act.FORWARD, by=cast.provincial, at=MORNING, recommends="rejection", text=opinion)
    for act in (Act.REJECT, Act.PROPOSE_APPROVAL, Act.RETURN_TO_PROVINCE):
        page = text_of(sign_in(cast.national).get(url("act", case, act.value), seen(case.application)))
        assert (opinion in page, cast.provincial.name in page) == (True, True)
    walk.act(case, Act.PROPOSE_APPROVAL, by=cast.national, at=MORNING + HOUR, text=SENTENCE)
    for act in (Act.CONFIRM, Act.SEND_BACK):
        page = text_of(sign_in(cast.national_second).get(url("act", case, act.value), seen(case.application)))
        assert [each in page for each in (opinion, SENTENCE, cast.national.name)] == [True] * 3


def test_what_was_said_in_an_earlier_round_is_not_said_of_this_one(cast: Cast) -> None:
    case = rejected(cast)
    desk = Desk.of(cast.member)
    draft, _url = begin(desk, case, key=DESCRIPTION)
    mend(desk, draft, "service", description=CLEAR)
    answer_reasons(desk, draft, {"1": ANSWER})
    assert send_amendment(desk, draft).status_code == 302
    page = sign_in(cast.provincial).get(url("act", case, "forward"), seen(case.application))
    assert page.context["said_before"] == []


# ---------------------------------------------------------------- sample data follows it


def test_every_fault_of_the_sample_reasons_is_asked_about_where_it_is_marked(cast: Cast) -> None:
    case = submitted(cast)
    application = case.application
    examine(application, cast.provincial, deficient=[DESCRIPTION, "attachments.icp_proof"], at=MORNING)
    checklist = checklist_of(application, office_of(cast.provincial))
    assert checklist.is_answered
    assert {each.key for each in checklist.deficient} == {DESCRIPTION, "attachments.icp_proof"}


# ---------------------------------------------------------------- what cannot be sent is not opened


@pytest.mark.parametrize("what", [Act.FORWARD, Act.PROPOSE_REJECTION])
def test_a_form_that_cannot_be_sent_is_not_opened_and_links_to_the_unmarked_sections(
    cast: Cast, what: Act
) -> None:
    case = submitted(cast)
    officer = sign_in(cast.provincial)
    page = page_of(officer, case, what)
    assert 'class="act-form"' not in page
    for section in ("applicant", "service", "attachments"):
        assert f'{url("case", case)}#section-{section}"' in page
    mark_rest_of_section(case.application, "service", revision_number=1, officer=cast.provincial, at=MORNING)
    page = page_of(officer, case, what)
    assert 'class="act-form"' not in page
    assert "#section-service" not in page
    mark_all(case, cast.provincial, at=MORNING, deficient=[DESCRIPTION])
    page = page_of(officer, case, what)
    assert 'class="act-form"' in page
    assert "#section-" not in page


def test_what_asks_for_no_marks_opens_without_them(cast: Cast) -> None:
    case = submitted(cast)
    assert 'class="act-form"' in page_of(sign_in(cast.provincial), case, Act.ASK)


def test_what_was_typed_before_a_mark_was_taken_back_stands_in_the_form_again(cast: Cast) -> None:
    case = submitted(cast)
    mark_all(case, cast.provincial, at=MORNING)
    officer = sign_in(cast.provincial)
    mark(
        case.application,
        [DESCRIPTION],
        verdict=MarkVersion.Verdict.REMOVED,
        revision_number=1,
        officer=cast.provincial_second,
        at=MORNING,
    )
    typed = "样例：逐项核对，材料齐全，建议予以备案。"
    answer = send(officer, case, Act.FORWARD, {"recommends": "approval", "text": typed})
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Mark every item of the checklist" in shown
    assert typed in shown
    assert typed in page_of(officer, case, Act.FORWARD)
    mark_all(case, cast.provincial, at=MORNING)
    page = page_of(officer, case, Act.FORWARD)
    assert 'class="act-form"' in page
    assert typed in page


def test_art_12_who_proposed_changes_no_mark_while_a_colleague_looks_at_it(cast: Cast) -> None:
    case = submitted(cast, at=MORNING)
    mark_all(
        case, cast.provincial, at=MORNING, deficient=(DESCRIPTION,), remark="样例：说明过于简略，请补充。"
    )
    reason = {**walk.SAMPLE_REASON, "key": DESCRIPTION}
    walk.act(
        case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING + HOUR, reasons=[reason], text=SENTENCE
    )
    with pytest.raises(MarkRefused, match="marks_of_own_proposal"):
        mark(
            case.application,
            [DESCRIPTION],
            verdict=ChecklistMark.Verdict.FINE,
            revision_number=1,
            officer=cast.provincial,
            at=MORNING + 2 * HOUR,
        )
    own, colleagues = (
        sign_in(each).get(url("case", case)).content.decode()
        for each in (cast.provincial, cast.provincial_second)
    )
    assert ('name="verdict"' in own, 'name="verdict"' in colleagues) == (False, True)
    # The proposer is not asked to claim what somebody else decides on.
    assert (url("claim", case) in own, url("claim", case) in colleagues) == (False, True)
    # Once it is sent back the marks are the office's again.
    walk.act(
        case,
        Act.SEND_BACK,
        by=cast.provincial_second,
        at=MORNING + 3 * HOUR,
        explanation="样例：请再核对一次",
    )
    assert 'name="verdict"' in sign_in(cast.provincial).get(url("case", case)).content.decode()


def test_art_12_the_page_says_before_it_is_sent_that_a_rejection_is_not_borne_out_any_more(
    cast: Cast,
) -> None:
    case = submitted(cast, at=MORNING)
    mark_all(
        case, cast.provincial, at=MORNING, deficient=(DESCRIPTION,), remark="样例：说明过于简略，请补充。"
    )
    reason = {**walk.SAMPLE_REASON, "key": DESCRIPTION}
    walk.act(
        case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING + HOUR, reasons=[reason], text=SENTENCE
    )
    client = sign_in(cast.provincial_second)
    assert "is not marked deficient any more" not in page_of(client, case, Act.CONFIRM)
    mark(
        case.application,
        [DESCRIPTION],
        verdict=ChecklistMark.Verdict.FINE,
        revision_number=1,
        officer=cast.provincial_second,
        at=MORNING + 2 * HOUR,
    )
    page = page_of(client, case, Act.CONFIRM)
    assert "is not marked deficient any more" in page
    assert "Description" in page
    assert f'action="{url("act", case, "confirm")}"' not in page


def test_the_page_names_documents_that_nobody_opened_and_who_works_on_the_case(cast: Cast) -> None:
    materials = walk.complete_materials(1, member=cast.member, at=MORNING, division_code="110108")
    case = walk.submit(materials, member=cast.member, at=MORNING)
    mark_all(case, cast.provincial, at=MORNING)
    claims.claim(case.application_id, officer=cast.provincial_second, at=MORNING)
    client = sign_in(cast.provincial)
    page = page_of(client, case, Act.FORWARD)
    assert f"{cast.provincial_second.name} works on this case" in page
    assert "nobody of your office has opened" in page
    for file_id in re.findall(r"\?file=([0-9a-f-]{36})#documents", page):
        client.get(url("case", case), {"file": file_id})
    assert "nobody of your office has opened" not in page_of(client, case, Act.FORWARD)
    # Asking for more does not say that anything was examined.
    assert "nobody of your office has opened" not in page_of(sign_in(cast.provincial_second), case, Act.ASK)
    own = page_of(sign_in(cast.provincial_second), case, Act.FORWARD)
    assert f"{cast.provincial_second.name} works on this case" not in own
