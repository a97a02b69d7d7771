"""Consulting other bodies: inside the period, once, by whom it concerns, and checked like the rest of the register."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils.translation import override

from registry import clock
from registry.book.act_request import Actor
from registry.consultations import consultations
from registry.consultations.letter import letter_context, letter_of, number_of_letter
from registry.consultations.particulars import sections_to_choose
from registry.errors import NotFound, OutOfDate, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import (
    Attachment,
    Consultation,
    ConsultationFile,
    ConsultationPart,
    Event,
    IssuedDocument,
    Notice,
)
from registry.presentation.materials import PresentedRow
from registry.rules.consultations.events import Answer, Question
from registry.rules.consultations.lifecycle import Body
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.storage import evidence
from review.tasks import remind_desks, sweep_desk_notices
from tests.builders import consultation as build
from tests.builders import register
from tests.builders.consultation import FRIDAY, HOUR
from tests.builders.odd_pictures import png
from tests.builders.register import GUANGDONG, MORNING, Cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
PERSON = "applicant.person_in_charge_mobile"


@pytest.fixture(autouse=True)
def _morning(cast: Cast) -> None:
    # Made before anything is rolled back.
    assert {cast.provincial, cast.provincial_second, cast.elsewhere, cast.national}
    clock.set_for_tests(MORNING + HOUR)


def _refusal(do: Callable[..., object], *given: Any, **named: Any) -> str:
    with pytest.raises(TransitionNotAllowed) as refused, transaction.atomic():
        do(*given, **named)
    return refused.value.code


def test_art_12_a_question_stops_no_clock_and_its_last_day_lies_inside_the_period(cast: Cast) -> None:
    case = register.submitted(cast)
    # Received on Monday, 2 March: day 20 is Monday, 30 March; a day is left to decide.
    for outside in (date(2026, 3, 2), date(2026, 3, 7), date(2026, 3, 30), date(2026, 4, 1)):
        assert _refusal(build.sent, cast, case, due_on=outside) == "consultation_due_day"
    before = case.application
    sent = build.sent(cast, case, due_on=date(2026, 3, 27))
    after = case.application
    assert (sent.state, sent.due_on, sent.office_code) == ("awaited", date(2026, 3, 27), "110000")
    assert (after.received_on, after.state, after.last_event_sequence) == (
        before.received_on,
        before.state,
        before.last_event_sequence,
    )


def test_only_the_desk_that_holds_the_case_asks(cast: Cast) -> None:
    case = register.submitted(cast)
    for officer in (cast.national, cast.elsewhere):
        assert _refusal(build.sent, cast, case, by=officer) == "consultation_at_desk"
    register.forward(cast, case, at=MORNING + HOUR)
    assert _refusal(lambda: build.sent(cast, case)) == "consultation_at_desk"
    assert build.sent(cast, case, by=cast.national).office_code == "national"


def test_what_is_no_body_no_question_or_no_particular_is_refused(cast: Cast) -> None:
    case = register.submitted(cast)
    refusals: tuple[tuple[dict[str, Any], str], ...] = (
        ({"body_name": " "}, "consultation_body_given"),
        ({"body": Body.OFFICE, "asked_code": "110000"}, "consultation_body_given"),
        ({"body": Body.POLICE, "asked_code": GUANGDONG}, "consultation_body_given"),
        ({"text": "?"}, "consultation_question_given"),
        ({"keys": ["service.unknown"]}, "consultation_particulars"),
        ({"keys": ["service.service_name"], "in_full": [PERSON]}, "consultation_particulars"),
    )
    for what, code in refusals:
        assert _refusal(build.sent, cast, case, **what) == code
    assert not Consultation.objects.exists()
    assert not ConsultationPart.objects.exists()


def test_the_same_form_sent_twice_is_one_question(cast: Cast) -> None:
    case, key = register.submitted(cast), uuid.uuid4()
    actor = Actor.of(cast.provincial)
    one = consultations.send(case.application.pk, build.asking(), actor=actor, key=key)
    two = consultations.send(case.application.pk, build.asking(), actor=actor, key=key)
    assert one.pk == two.pk
    assert Event.objects.filter(stream_id=one.pk).count() == 1


def test_an_answer_is_entered_with_its_day_and_a_later_one_names_it_and_both_stay(cast: Cast) -> None:
    case = register.submitted(cast)
    sent = build.sent(cast, case)
    for day in (date(2026, 3, 1), date(2026, 3, 4)):
        refused = _refusal(build.answered, sent, by=cast.provincial, answered_on=day)
        assert refused == "consultation_answer_day"
    build.answered(sent, by=cast.provincial)
    build.answered(sent, by=cast.provincial_second, text="样例：更正后的答复。", at=MORNING + 2 * DAY)
    sent.refresh_from_db()
    assert (sent.state, sent.answers, sent.answered_on, sent.answered_late) == (
        "answered",
        2,
        date(2026, 3, 3),
        False,
    )
    last, first = consultations.answers_in(sent)
    assert (first.text, first.who, first.is_corrected) == (build.ANSWER, build.WHO, True)
    assert (last.text, last.answer.corrects, last.is_corrected) == ("样例：更正后的答复。", 1, False)


def test_a_late_answer_is_taken_and_recorded_as_late(cast: Cast) -> None:
    sent = build.sent(cast, register.submitted(cast))
    # The Tuesday after the Friday: two working days late.
    late = MORNING + 8 * DAY
    build.answered(sent, by=cast.provincial, answered_on=date(2026, 3, 10), at=late)
    sent.refresh_from_db()
    assert sent.answered_late
    answer = Answer.of(Event.objects.get(stream_id=sent.pk, act="consultation_answered").payload)
    assert answer.late_by_working_days == 2


def test_two_officers_at_once_one_answer_and_the_other_is_told(cast: Cast) -> None:
    sent = build.sent(cast, register.submitted(cast))
    given = consultations.Given(text=build.ANSWER, who=build.WHO, answered_on=date(2026, 3, 2))
    consultations.answer(sent.pk, given, actor=Actor.of(cast.provincial), seen_sequence=1)
    with pytest.raises(OutOfDate) as stale:
        consultations.answer(sent.pk, given, actor=Actor.of(cast.provincial_second), seen_sequence=1)
    assert stale.value.code == "consultation_moved_on"
    with pytest.raises(OutOfDate):
        consultations.withdraw(
            sent.pk, actor=Actor.of(cast.provincial_second), explanation=build.QUESTION, seen_sequence=1
        )
    assert Event.objects.filter(stream_id=sent.pk).count() == 2


def test_an_office_of_another_province_sees_and_answers_only_what_it_was_asked(cast: Cast) -> None:
    case = register.submitted(cast)
    other = build.sent(cast, case)
    asked = build.sent_to_guangdong(cast, case)
    with pytest.raises(NotFound):
        build.answered(other, by=cast.elsewhere)
    assert [each.pk for each in consultations.asked_of(GUANGDONG)] == [asked.pk]
    # What day is stated is not asked of an office that answers by itself: it is today.
    build.answered(asked, by=cast.elsewhere, answered_on=date(2020, 1, 1))
    asked.refresh_from_db()
    assert (asked.state, asked.answered_on) == ("answered", date(2026, 3, 3))
    assert consultations.answers_in(asked)[0].answer.by_asked
    with pytest.raises(TransitionNotAllowed):
        consultations.withdraw(asked.pk, actor=Actor.of(cast.provincial), explanation=build.QUESTION)


def test_the_office_that_was_asked_withdraws_nothing(cast: Cast) -> None:
    asked = build.sent_to_guangdong(cast, register.submitted(cast))
    refused = _refusal(
        lambda: consultations.withdraw(asked.pk, actor=Actor.of(cast.elsewhere), explanation=build.QUESTION)
    )
    assert refused == "consultation_of_office"
    consultations.withdraw(asked.pk, actor=Actor.of(cast.provincial), explanation=build.QUESTION)
    assert _refusal(lambda: build.answered(asked, by=cast.elsewhere)) == "not_in_this_state"


def test_an_identity_value_goes_masked_unless_it_was_chosen_in_full(cast: Cast) -> None:
    case = register.submitted(cast)
    sections = _rows_to_choose(case)
    masked = next(row for row in sections if row.is_masked)
    hidden = build.sent(cast, case, keys=[masked.key])
    (one,) = consultations.asked_in(hidden).particulars
    assert (one.text, one.is_masked) == (masked.text, True)
    assert "*" in one.text
    shown = build.sent(cast, case, keys=[masked.key], in_full=[masked.key])
    (two,) = consultations.asked_in(shown).particulars
    assert not two.is_masked
    assert "*" not in two.text
    assert two.text not in one.text
    assert Question.of(Event.objects.get(stream_id=shown.pk).payload).in_full == (masked.key,)


def _rows_to_choose(case: SampleCase) -> list[PresentedRow]:
    with override("zh-hans"):
        return [row for section in sections_to_choose(case.application) for row in section.rows]


def test_an_overdue_answer_is_noted_once_also_three_days_late_and_twice(cast: Cast) -> None:
    case = register.submitted(cast)
    sent = build.sent_to_guangdong(cast, case)
    sweep_desk_notices()
    # The last day counts.
    clock.set_for_tests(MORNING + 4 * DAY)
    remind_desks()
    assert Event.objects.filter(stream_id=sent.pk).count() == 1
    # The job was down from Saturday to Tuesday.
    clock.set_for_tests(MORNING + 8 * DAY)
    remind_desks()
    remind_desks()
    sweep_desk_notices()
    sweep_desk_notices()
    assert [event.act for event in consultations.history_of(sent)] == [
        "consultation_sent",
        "consultation_overdue",
    ]
    assert Notice.objects.filter(kind="desk_consultation_overdue").count() >= 1
    assert (
        Notice.objects.filter(kind="desk_consultation_reminder").count()
        == Notice.objects.filter(kind="desk_consulted").count()
    )
    told = Notice.objects.filter(kind="desk_consultation_reminder", account=cast.elsewhere).get()
    assert case.application.receipt_number not in told.body + told.subject
    assert (case.application.service_name or "-") not in told.body + told.subject


def test_nobody_is_reminded_once_the_case_is_decided_or_the_answer_is_there(cast: Cast) -> None:
    case, other = register.submitted(cast), register.submitted(cast, seed=2)
    build.answered(build.sent(cast, other), by=cast.provincial)
    build.sent(cast, case)
    walk.act(case, Act.WITHDRAW, by=case.member, at=MORNING + DAY, explanation="样例：写明理由")
    clock.set_for_tests(MORNING + 8 * DAY)
    assert consultations.to_note_overdue(clock.now()) == []
    remind_desks()
    assert not Event.objects.filter(act="consultation_overdue").exists()


def test_the_letter_has_a_number_of_its_own_series_and_is_issued_once(cast: Cast) -> None:
    case = register.submitted(cast)
    first, second = build.sent(cast, case), build.sent(cast, case)
    assert number_of_letter(first) == ""
    kept, again = letter_of(first), letter_of(first)
    letter_of(second)
    assert kept.pk == again.pk
    assert (kept.kind, kept.application_id) == (IssuedDocument.Kind.CONSULTATION, None)
    assert (number_of_letter(first), number_of_letter(second)) == (
        "京网信备函〔2026〕1号",
        "京网信备函〔2026〕2号",
    )
    context = letter_context(first, consultations.sent_event(first))
    assert (context["body_name"], context["question"], context["due_on"]) == (
        build.POLICE,
        build.QUESTION,
        FRIDAY,
    )


@pytest.mark.usefixtures("files_wait")
def test_the_register_is_whole_with_consultations_and_finds_what_was_altered(cast: Cast) -> None:
    case = register.submitted(cast)
    scan = SimpleUploadedFile("样例.png", png(), "image/png")
    sent = build.sent(cast, case)
    build.answered(sent, by=cast.provincial, files=evidence.take([scan]))
    build.sent_to_guangdong(cast, case)
    letter_of(sent)
    file = ConsultationFile.objects.get()
    assert file.attachment is not None
    assert file.attachment.state == Attachment.State.WAITING
    sweep_desk_notices()
    assert [str(each) for each in verify_register().violations] == []
    with pgtrigger.ignore():
        ConsultationPart.objects.filter(kind="answer:1").update(kind="answer:2")
        Consultation.objects.filter(pk=sent.pk).update(body_name="样例他人")
        ConsultationFile.objects.update(sha256="0" * 64)
    found = {each.code for each in verify_register().violations}
    assert {
        "consultation_part_altered",
        "row_differs_from_events",
        "consultation_file_not_as_received",
    } <= found


def test_texts_that_were_erased_leave_the_register_whole(cast: Cast) -> None:
    sent = build.sent(cast, register.submitted(cast))
    ConsultationPart.objects.all().delete()
    assert consultations.asked_in(sent).text == ""
    sweep_desk_notices()
    assert [str(each) for each in verify_register().violations] == []


def test_events_of_consultations_are_append_only(cast: Cast) -> None:
    sent = build.sent(cast, register.submitted(cast))
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(stream_id=sent.pk).delete()
