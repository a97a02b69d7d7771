"""Consulting other bodies at the desk: the question, the letter, the answer, and what another province sees of it."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry import clock
from registry.consultations import consultations
from registry.models import Account, Consultation, ConsultationFile, Event, Notice
from registry.rules.workflow.states import Act
from registry.sample.walk import SampleCase
from registry.storage.attachments import EVIDENCE
from review.models import PersonalDataReveal, UnsentForm
from review.tasks import remind_desks, sweep_desk_notices
from tests.builders import consultation as build
from tests.builders import register
from tests.builders.odd_pictures import png
from tests.builders.register import GUANGDONG, MORNING, Cast, submitted
from tests.client import ClientResponse
from tests.review.officers import mark_all, materials_now, seen, send, sign_in, text_of, url

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MASKED = "person_in_charge.mobile"
SHOWN_IN_FULL = "样例：公安机关须据此核对身份。"


@pytest.fixture(autouse=True)
def _later_that_morning() -> None:
    clock.set_for_tests(MORNING + build.HOUR)


def _question(**changed: object) -> dict[str, object]:
    return {
        "key": str(uuid.uuid4()),
        "body": "police",
        "body_name": build.POLICE,
        "question": build.QUESTION,
        "due_on": "2026-03-06",
        "with_service": ["service.service_name"],
    } | changed


def _ask(client: Client, case: SampleCase, **changed: object) -> ClientResponse:
    return client.post(url("consult", case), _question(**changed))


def _at(name: str, consultation: Consultation, *more: object) -> str:
    return reverse(f"review:{name}", args=[consultation.pk, *more])


def _answer(consultation: Consultation, **changed: object) -> dict[str, object]:
    consultation.refresh_from_db()
    return {
        "event": consultation.last_event_sequence,
        "answered_on": "2026-03-02",
        "who": build.WHO,
        "text": build.ANSWER,
    } | changed


@pytest.mark.usefixtures("files_wait")
def test_a_question_goes_from_the_case_to_its_letter_and_back_with_the_answer(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    page = client.get(url("case", case))
    assert "No other body has been consulted" in text_of(page)
    assert url("consult", case) in page.content.decode()
    form = text_of(client.get(url("consult", case)))
    assert "The decision clock runs on" in form
    sent = _ask(client, case)
    consultation = Consultation.objects.get()
    assert sent["Location"] == _at("consultation", consultation), text_of(sent)
    shown = text_of(client.get(_at("consultation", consultation)))
    for said in (build.QUESTION, build.POLICE, "2026-03-06", "Letter to be made", "Make the letter"):
        assert said in shown
    assert "Answer awaited" not in shown
    assert "Not sent yet, to be answered by 2026-03-06" in text_of(client.get(url("case", case)))
    listed = client.get(reverse("review:consultations"))
    assert "not sent yet" in text_of(listed)
    assert f'href="{url("case", case)}"' in listed.content.decode()
    letter = client.get(_at("consultation_letter", consultation))
    assert letter.content.startswith(b"%PDF")
    shown = text_of(client.get(_at("consultation", consultation)))
    for said in ("京网信备函〔2026〕1号", "Answer awaited"):
        assert said in shown
    case_page = text_of(client.get(url("case", case)))
    assert "to be answered by 2026-03-06" in case_page
    assert "by 2026-03-06 Friday; the clock runs on" in case_page
    assert "Question to another body entered" in case_page
    assert "Answer awaited" in case_page
    assert "other body asked, by 2026-03-06" in text_of(client.get("/review/"))
    scan = SimpleUploadedFile("样例.png", png(), "image/png")
    entered = client.post(_at("answer_consultation", consultation), _answer(consultation, scan=scan))
    assert entered["Location"] == _at("consultation", consultation), text_of(entered)
    # The decoder reads the scan; the request does not.
    assert ConsultationFile.objects.get().is_waiting
    shown = text_of(client.get(_at("consultation", consultation)))
    for said in (build.ANSWER, build.WHO, "Answered", "still being read"):
        assert said in shown
    assert "other body asked" not in text_of(client.get("/review/"))


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    for changed, said in (
        ({"body_name": ""}, "Give the full name of the body"),
        ({"body": ""}, "Choose who is asked."),
        ({"question": "?"}, "at least a sentence"),
        ({"due_on": "2026-03-30"}, "2026-03-30"),
        ({"asked_code": GUANGDONG}, "Only an office of the cyberspace administration"),
        ({"in_full": [MASKED]}, "Not chosen to go along"),
    ):
        _ = cast.elsewhere
        refused = _ask(client, case, **changed)
        assert refused.status_code == HTTPStatus.BAD_REQUEST
        assert said in text_of(refused)
        if "question" not in changed:
            assert build.QUESTION in refused.content.decode()
    assert not Consultation.objects.exists()


def test_a_website_goes_along_with_each_of_its_parts_on_a_line(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    site = materials_now(case)["service"]["websites"][0]
    _ask(client, case, with_service=["service.websites"])
    shown = client.get(_at("consultation", Consultation.objects.get())).content.decode()
    lines = re.findall(r'<dd lang="zh-CN">(.*?)</dd>', shown, flags=re.S)
    found = next(each for each in lines if site["url"] in each)
    assert " · " not in found
    assert len(re.split(r"<br>|<br />", found)) == len([part for part in site.values() if part])
    assert all("：" in line for line in re.split(r"<br>|<br />", found))


def test_an_identity_value_goes_in_full_only_with_a_reason_that_is_recorded_like_any_reveal(
    cast: Cast,
) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    number = materials_now(case)["person_in_charge"]["mobile"].removeprefix("+86")
    chosen = {"with_person_in_charge": [MASKED]}
    _ask(client, case, **chosen)
    hidden = Consultation.objects.get()
    assert number not in text_of(client.get(_at("consultation", hidden)))
    assert not PersonalDataReveal.objects.exists()
    silent = _ask(client, case, in_full=[MASKED], **chosen)
    assert silent.status_code == HTTPStatus.BAD_REQUEST
    assert "why you need to show it" in text_of(silent)
    data = _question(in_full=[MASKED], in_full_reason=SHOWN_IN_FULL, **chosen)
    for _time in range(2):
        client.post(url("consult", case), data)
    assert Consultation.objects.count() == 2
    recorded = PersonalDataReveal.objects.get()
    assert (recorded.key, recorded.reason, recorded.officer) == (MASKED, SHOWN_IN_FULL, cast.provincial)
    shown = Consultation.objects.exclude(pk=hidden.pk).get()
    assert number in text_of(client.get(_at("consultation", shown)))


def test_another_province_sees_the_question_and_what_was_chosen_and_nothing_else(cast: Cast) -> None:
    case, other = submitted(cast), submitted(cast, seed=2)
    assert cast.elsewhere.province_code == GUANGDONG
    client = sign_in(cast.provincial)
    sent = _ask(
        client,
        case,
        body="office",
        body_name="",
        asked_code=GUANGDONG,
        with_applicant=[],
        question=build.QUESTION,
    )
    assert sent.status_code == HTTPStatus.FOUND, text_of(sent)
    asked, unasked = Consultation.objects.get(), build.sent(cast, other)
    sweep_desk_notices()
    elsewhere = sign_in(cast.elsewhere)
    told = Notice.objects.get(kind="desk_consulted", account=cast.elsewhere)
    materials = materials_now(case)
    canaries = {
        case.application.receipt_number,
        materials["applicant"]["name"],
        materials["applicant"]["document_number"],
        materials["service"]["description"],
        materials["person_in_charge"]["name"],
        cast.provincial.name,
    }
    pages = [
        reverse("review:consultations"),
        _at("consultation", asked),
        _at("answer_consultation", asked),
        reverse("review:notice", args=[told.pk]),
        reverse("review:inbox"),
        "/review/",
        "/review/search/?q=" + case.application.receipt_number,
    ]
    seen_there = "".join(elsewhere.get(page, follow=True).content.decode() for page in pages[:-1])
    assert build.QUESTION in seen_there
    assert materials["service"]["service_name"] in seen_there
    # Each of these would have been found by the office that asks.
    own = "".join(
        client.get(page).content.decode() for page in (url("case", case), _at("consultation", asked))
    )
    for canary in canaries - {cast.provincial.name}:
        assert canary in own or canary == materials["applicant"]["document_number"]
        assert canary not in seen_there
    assert cast.provincial.name not in elsewhere.get(_at("consultation", asked)).content.decode().replace(
        asked.body_name, ""
    )
    for page in (
        url("case", case),
        url("consult", case),
        _at("consultation", unasked),
        _at("consultation_letter", unasked),
        _at("answer_consultation", unasked),
        _at("withdraw_consultation", unasked),
    ):
        assert elsewhere.get(page).status_code == HTTPStatus.NOT_FOUND
    answered = elsewhere.post(
        _at("answer_consultation", asked), {"event": 1, "who": build.WHO, "text": build.ANSWER}
    )
    assert answered["Location"] == _at("consultation", asked), text_of(answered)
    sweep_desk_notices()
    assert Notice.objects.filter(kind="desk_consultation_answered").exists()
    assert build.ANSWER in text_of(client.get(_at("consultation", asked)))
    withdrawn = elsewhere.post(
        _at("withdraw_consultation", asked), {"event": 2, "explanation": build.QUESTION}
    )
    assert withdrawn.status_code == HTTPStatus.CONFLICT


def test_two_windows_one_records_and_the_other_is_told_with_what_was_typed(cast: Cast) -> None:
    consultation = build.sent(cast, submitted(cast))
    one, two = sign_in(cast.provincial), sign_in(cast.provincial_second)
    typed, why = "样例：第二个窗口的答复。", "样例：第二个窗口撤回的理由。"
    stale = _answer(consultation, text=typed)
    withdrawal = {"event": stale["event"], "explanation": why}
    assert one.post(_at("answer_consultation", consultation), _answer(consultation)).status_code == 302
    refused = two.post(_at("answer_consultation", consultation), stale)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "Something was done in this consultation" in text_of(refused)
    assert typed in refused.content.decode()
    gone = two.post(_at("withdraw_consultation", consultation), withdrawal)
    assert gone.status_code == HTTPStatus.CONFLICT
    assert why in gone.content.decode()
    assert Event.objects.filter(stream_id=consultation.pk).count() == 2
    # Seen and sent again, it takes the place of the first, and both stay.
    two.post(_at("answer_consultation", consultation), _answer(consultation, text=typed))
    shown = text_of(one.get(_at("consultation", consultation)))
    assert typed in shown
    assert "Answer 1, entered anew since" in shown
    assert build.ANSWER in shown


def test_the_case_moves_on_while_a_question_is_written_and_it_is_kept(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    register.forward(cast, case, at=MORNING + build.HOUR)
    refused = _ask(client, case)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "Only the office that holds the case now" in text_of(refused)
    assert build.QUESTION in refused.content.decode()
    assert not Consultation.objects.exists()


def test_what_is_typed_is_kept_while_typing_and_gone_once_it_is_sent(cast: Cast) -> None:
    case = submitted(cast)
    client = sign_in(cast.provincial)
    kept = client.post(reverse("review:typed", args=[case.application_id, "consultation"]), _question())
    assert kept.status_code == HTTPStatus.OK
    page = client.get(url("consult", case)).content.decode()
    assert build.QUESTION in page
    assert build.POLICE in page
    assert "You began a question" in text_of(client.get(url("case", case)))
    _ask(client, case)
    assert not UnsentForm.objects.exists()


def test_art_12_a_case_may_be_decided_without_the_answer_and_says_so(cast: Cast) -> None:
    case = submitted(cast)
    register.forward(cast, case, at=MORNING + build.HOUR)
    consultation = build.sent(cast, case, by=cast.national)
    mark_all(case, cast.national, at=MORNING + build.HOUR)
    client = sign_in(cast.national)
    form = text_of(client.get(url("act", case, "approve"), seen(case.application)))
    assert "Other bodies have not answered yet" in form
    assert build.POLICE in form
    assert "You may decide without the answer" in form
    decided = send(client, case, Act.APPROVE, {"text": "样例：均已核对。"})
    assert decided.status_code == HTTPStatus.FOUND, text_of(decided)
    page = text_of(client.get(url("case", case)))
    assert "Case decided without an answer" in page
    # A late answer is entered all the same.
    entered = client.post(_at("answer_consultation", consultation), _answer(consultation))
    assert entered.status_code == HTTPStatus.FOUND, text_of(entered)


def test_an_overdue_answer_shows_on_the_case_in_the_queue_and_in_the_list(cast: Cast) -> None:
    case = submitted(cast)
    build.sent(cast, case)
    clock.set_for_tests(MORNING + 8 * DAY)
    remind_desks()
    sweep_desk_notices()
    client = sign_in(cast.provincial)
    assert "An answer of another body is overdue" in text_of(client.get(url("case", case)))
    assert "answer of another body overdue" in text_of(client.get("/review/"))
    assert "Answer overdue" in text_of(client.get(reverse("review:consultations")))
    told = Notice.objects.filter(kind="desk_consultation_overdue")
    assert told.exists()
    assert "2026年3月30日" in told[0].body


@pytest.mark.parametrize("role", ["provincial_second", "provincial_head", "national", "national_head"])
def test_later_officers_of_the_jurisdiction_read_it(cast: Cast, role: str) -> None:
    consultation = build.answered(build.sent(cast, submitted(cast)), by=cast.provincial)
    officer: Account = getattr(cast, role)
    assert build.ANSWER in text_of(sign_in(officer).get(_at("consultation", consultation)))


def test_the_queue_asks_no_more_of_thirty_cases_than_of_one(cast: Cast) -> None:
    client = sign_in(cast.provincial)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get("/review/")
        return len(found)

    build.sent(cast, submitted(cast))
    queries()
    one = queries()
    for number in range(2, 6):
        build.sent(cast, submitted(cast, seed=number))
    assert queries() == one


def test_evidence_of_an_answer_is_an_upload_like_any_other(cast: Cast) -> None:
    consultation = build.sent(cast, submitted(cast))
    client = sign_in(cast.provincial)
    too_many = [SimpleUploadedFile(f"{n}.png", png(), "image/png") for n in range(EVIDENCE.max_files + 1)]
    refused = client.post(_at("answer_consultation", consultation), _answer(consultation, scan=too_many))
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert build.ANSWER in refused.content.decode()
    consultation.refresh_from_db()
    assert consultation.state == "awaited"
    assert consultations.answers_in(consultation) == []
