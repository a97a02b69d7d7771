"""An objection from its receipt to its decision, and what it holds back, through the real acts."""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry import clock
from registry.batches import holds, lists, objections
from registry.batches.holds import EntryStanding
from registry.book.act_request import Actor
from registry.calendar.objection_days import decision_due
from registry.errors import AttachmentRefused, NotFound, OutOfDate, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import BatchList, Event, Filing, Notice, Objection, ObjectionFile, ObjectionPart
from registry.notices import filing_notices
from registry.rules.batches.lifecycle import ListState
from registry.rules.objections.events import Closing, Receipt
from registry.rules.objections.lifecycle import ObjectionAct, ObjectionState, ObjectionWay
from registry.rules.particulars.attachments import MAX_FILE_BYTES
from registry.rules.workflow.states import Standing
from registry.storage import evidence, objection_parts, sealed_texts
from registry.streams.chain import events_of
from tests.builders import batch as batches
from tests.builders import objection as build
from tests.builders.objection import OBJECTING
from tests.builders.odd_pictures import png
from tests.builders.register import MORNING, Cast, member_of

pytestmark = pytest.mark.django_db

# The tenth working day after 10 March 2026, and the day from which the list can be final.
LAST_DAY, FINAL_FROM = date(2026, 3, 24), date(2026, 4, 1)


@pytest.fixture
def batch_list(cast: Cast) -> BatchList:
    """A published list of three filings."""
    batches.filings_in_force(cast, 3)
    return batches.published(cast)


def _in_china(day: date, hour: int = 10) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)


def _upload(name: str = "样例.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(), "image/png")


def _told() -> list[str]:
    for event in filing_notices.events_for_applicants():
        filing_notices.notify_applicant(event)
    return list(
        Notice.objects.filter(kind__startswith="objection")
        .order_by("created_at")
        .values_list("kind", flat=True)
    )


# ---------------------------------------------------------------- receipt and time


def test_the_window_is_ten_working_days_and_the_last_day_counts(batch_list: BatchList) -> None:
    assert lists.window_of(batch_list).due_on == LAST_DAY
    last_minute = clock.start_of(LAST_DAY + timedelta(days=1)) - timedelta(seconds=1)
    in_time = build.received(batch_list, at=last_minute).objection
    late = build.received(batch_list, at=last_minute + timedelta(seconds=1)).objection
    assert (in_time.in_time, late.in_time) == (True, False)
    assert (in_time.receipt_number, late.receipt_number) == ("2026-YY-000001", "2026-YY-000002")


def test_a_late_one_is_received_and_recorded_as_late_and_cannot_be_admitted(
    cast: Cast, batch_list: BatchList
) -> None:
    late = build.received(batch_list, at=_in_china(LAST_DAY + timedelta(days=1))).objection
    with pytest.raises(TransitionNotAllowed, match="objection_in_time"):
        objections.admit(late.pk, actor=Actor.of(cast.national))
    with pytest.raises(TransitionNotAllowed, match="explanation_given"):
        objections.explain(late.pk, act=ObjectionAct.REFUSE, actor=Actor.of(cast.national), explanation=" ")
    refused = objections.explain(
        late.pk, act=ObjectionAct.REFUSE, actor=Actor.of(cast.national), explanation="样例：写明理由"
    )
    assert refused.state == ObjectionState.NOT_ADMITTED
    assert verify_register().violations == []


@pytest.mark.parametrize(("posted_on", "in_time"), [(LAST_DAY, True), (LAST_DAY + timedelta(days=1), False)])
def test_a_letter_is_in_time_by_its_postmark(
    cast: Cast, batch_list: BatchList, posted_on: date, in_time: bool
) -> None:
    came_on = LAST_DAY + timedelta(days=3)
    letter = build.posted(
        cast, batch_list, posted_on=posted_on, received_on=came_on, at=_in_china(came_on, hour=15)
    )
    assert (letter.way, letter.in_time, letter.link_digest) == (ObjectionWay.POST, in_time, None)
    assert (letter.posted_on, letter.received_on) == (posted_on, came_on)


@pytest.mark.parametrize(
    ("posted_on", "received_on"),
    [
        (date(2026, 3, 9), date(2026, 3, 12)),
        (date(2026, 3, 12), date(2026, 3, 11)),
        (date(2026, 3, 12), date(2026, 3, 14)),
    ],
)
def test_days_of_a_letter_that_cannot_be_are_refused(
    cast: Cast, batch_list: BatchList, posted_on: date, received_on: date
) -> None:
    with pytest.raises(TransitionNotAllowed, match="objection_days_possible"):
        build.posted(
            cast,
            batch_list,
            posted_on=posted_on,
            received_on=received_on,
            at=_in_china(date(2026, 3, 13)),
        )


def test_a_list_that_is_not_public_takes_no_objection(cast: Cast) -> None:
    batches.filings_in_force(cast, 1)
    batch_list = lists.freeze(batches.confirmed(cast).pk, at=batches.LISTING + timedelta(minutes=10))
    with pytest.raises(TransitionNotAllowed, match="objection_list_public"):
        build.received(batch_list)
    with pytest.raises(NotFound):
        objections.receive(uuid.uuid4(), build.statement())


def test_an_objection_needs_facts_and_a_way_to_answer(batch_list: BatchList) -> None:
    entry = build.entry_of(batch_list)
    for statement in (build.statement(facts=" "), build.statement(contact="")):
        with pytest.raises(TransitionNotAllowed, match="objection_facts_given"):
            objections.receive(entry.pk, statement, at=OBJECTING)
    assert not Objection.objects.exists()


def test_the_same_form_sent_twice_is_one_objection(batch_list: BatchList) -> None:
    key = uuid.uuid4()
    first, again = build.received(batch_list, key=key), build.received(batch_list, key=key)
    assert (first.objection, again.secret) == (again.objection, "")
    assert objections.by_secret(first.secret) == first.objection
    assert objections.by_secret("") is None
    assert Objection.objects.count() == 1


def test_events_hold_nothing_of_who_objects_or_of_what_was_written(cast: Cast, batch_list: BatchList) -> None:
    files = evidence.take([_upload("样例证据.png")])
    received = build.received(batch_list, files=files, position=2)
    objection = build.answered(cast, batch_list)
    events = [*events_of(received.objection.pk), *events_of(objection.pk)]
    text = json.dumps([event.payload for event in events], ensure_ascii=False)
    for written in (build.NAME, build.CONTACT, build.FACTS, build.QUESTION, build.ANSWER, "样例证据"):
        assert written not in text
    assert received.secret not in text
    part = ObjectionPart.objects.filter(objection=received.objection).get()
    assert objection_parts.statement_of(received.objection) == build.statement()
    assert sealed_texts.is_as_sealed(part, Receipt.of(events[0].payload).statement)
    kept = ObjectionFile.objects.get()
    assert (kept.name, kept.content_type) == ("样例证据.png", "image/png")
    assert kept.sha256 == files[0].sha256
    assert evidence.OBJECTION_FILES.read_file(kept)[1] == "image/png"


def test_files_of_more_than_ten_megabytes_together_are_refused() -> None:
    content = png() + b" " * (MAX_FILE_BYTES // 2)
    with pytest.raises(AttachmentRefused, match="file_too_large"):
        evidence.take([SimpleUploadedFile("样例.png", content, "image/png") for _ in range(2)])


def test_more_than_five_files_are_refused() -> None:
    with pytest.raises(AttachmentRefused, match="too_many_files"):
        evidence.take([_upload() for _ in range(evidence.MOST_FILES + 1)])


# ---------------------------------------------------------------- the office and the applicant


def test_the_applicant_is_asked_for_a_statement_in_five_working_days_and_not_told_who_objects(
    cast: Cast, batch_list: BatchList
) -> None:
    objection = build.sent(cast, batch_list)
    assert objection.answer_by == date(2026, 3, 18)
    assert _told() == ["objection_sent"]
    notice = Notice.objects.get(kind="objection_sent")
    assert objection.receipt_number in notice.body
    for hidden in (build.NAME, build.CONTACT.removeprefix("+86"), build.FACTS):
        assert hidden not in notice.body
    assert objection_parts.text_of(objection, ObjectionPart.Kind.QUESTION) == build.QUESTION


def test_only_a_member_answers_and_once(cast: Cast, batch_list: BatchList) -> None:
    objection = build.sent(cast, batch_list)
    stranger = Actor.of(cast.stranger)
    with pytest.raises(NotFound):
        objections.answer(objection.pk, actor=stranger, text=build.ANSWER, at=OBJECTING)
    member = member_of(objection)
    late = _in_china(date(2026, 3, 20))
    answered = objections.answer(objection.pk, actor=member, text=build.ANSWER, at=late)
    assert (answered.state, answered.answered_at) == (ObjectionState.WITH_APPLICANT, late)
    with pytest.raises(TransitionNotAllowed, match="objection_not_answered"):
        objections.answer(objection.pk, actor=member, text=build.ANSWER, at=late)
    assert verify_register().violations == []


def test_nothing_is_proposed_while_the_applicant_has_time_for_its_statement(
    cast: Cast, batch_list: BatchList
) -> None:
    objection = build.sent(cast, batch_list)

    def propose(at: datetime) -> Objection:
        return objections.explain(
            objection.pk,
            act=ObjectionAct.PROPOSE_DISMISSAL,
            actor=Actor.of(cast.national),
            explanation=build.REASONS,
            at=at,
        )

    with pytest.raises(TransitionNotAllowed, match="applicant_heard"):
        propose(_in_china(date(2026, 3, 18)))
    assert propose(_in_china(date(2026, 3, 19))).state == ObjectionState.DISMISSAL_PROPOSED


def test_a_decision_rests_on_two_officers_the_second_of_them_a_head(
    cast: Cast, batch_list: BatchList
) -> None:
    objection = build.answered(cast, batch_list)
    head = Actor.of(cast.national_head)
    proposed = objections.explain(
        objection.pk, act=ObjectionAct.PROPOSE_UPHOLDING, actor=head, explanation=build.REASONS
    )
    with pytest.raises(TransitionNotAllowed, match="second_officer"):
        objections.confirm(objection.pk, actor=head)
    with pytest.raises(TransitionNotAllowed, match="not_this_role"):
        objections.confirm(objection.pk, actor=Actor.of(cast.national))
    with pytest.raises(OutOfDate):
        objections.confirm(objection.pk, actor=head, seen_sequence=proposed.last_event_sequence - 1)


def test_a_proposal_that_is_sent_back_may_be_made_again(cast: Cast, batch_list: BatchList) -> None:
    objection = build.proposed(cast, batch_list, uphold=True)
    back = objections.explain(
        objection.pk,
        act=ObjectionAct.SEND_BACK,
        actor=Actor.of(cast.national_head),
        explanation="样例：理由不足",
    )
    assert (back.state, back.proposer_id) == (ObjectionState.WITH_APPLICANT, None)
    with pytest.raises(TransitionNotAllowed, match="not_in_this_state"):
        objections.confirm(objection.pk, actor=Actor.of(cast.national_head))


@pytest.mark.parametrize(
    ("uphold", "state", "kind"),
    [
        (True, ObjectionState.UPHELD, "objection_upheld"),
        (False, ObjectionState.DISMISSED, "objection_dismissed"),
    ],
)
def test_a_decision_ends_no_number_and_the_applicant_reads_its_reasons(
    cast: Cast, batch_list: BatchList, uphold: bool, state: ObjectionState, kind: str
) -> None:
    objection = build.decided(cast, batch_list, uphold=uphold)
    assert objection.state == state
    assert _told() == ["objection_sent", kind]
    assert build.REASONS in Notice.objects.get(kind=kind).body
    assert Filing.objects.get(pk=objection.filing_id).standing == Standing.IN_FORCE
    assert verify_register().violations == []


# A Monday, and the Saturday before it, which counts as that Monday everywhere.
@pytest.mark.parametrize("decided_on", [date(2026, 4, 13), date(2026, 4, 11)])
def test_a_decision_is_due_in_twenty_working_days_and_a_late_one_says_so(
    cast: Cast, batch_list: BatchList, decided_on: date
) -> None:
    objection = build.proposed(cast, batch_list, uphold=False)
    due = decision_due(objection)
    assert due.due_on == date(2026, 4, 9)
    objections.confirm(objection.pk, actor=Actor.of(cast.national_head), at=_in_china(decided_on))
    closing = Closing.of(Event.objects.get(act=ObjectionAct.DISMISS.value).payload)
    assert (closing.due_on, closing.late_by_working_days) == (due.due_on, 2)


def test_who_objects_may_withdraw_until_it_is_decided(cast: Cast, batch_list: BatchList) -> None:
    silent = build.received(batch_list).objection
    assert objections.withdraw(silent.pk).state == ObjectionState.WITHDRAWN
    assert _told() == []
    asked = build.sent(cast, batch_list, position=2)
    objections.withdraw(asked.pk)
    assert _told() == ["objection_sent", "objection_withdrawn"]
    decided = build.decided(cast, batch_list, uphold=False, position=3)
    with pytest.raises(TransitionNotAllowed, match="not_in_this_state"):
        objections.withdraw(decided.pk)


def test_the_buttons_are_what_the_table_permits(cast: Cast, batch_list: BatchList) -> None:
    reviewer, today = Actor.of(cast.national), clock.china_date(OBJECTING)
    received = build.received(batch_list).objection
    received.refresh_from_db()
    assert objections.acts_open(received, reviewer, today=today) == {ObjectionAct.ADMIT, ObjectionAct.REFUSE}
    assert objections.acts_open(received, Actor.of(cast.provincial), today=today) == frozenset()
    late = build.received(batch_list, at=_in_china(LAST_DAY + timedelta(days=1))).objection
    assert objections.acts_open(late, reviewer, today=today) == {ObjectionAct.REFUSE}


# ---------------------------------------------------------------- what becomes final


def test_only_an_admitted_objection_holds_its_entry_and_the_rest_becomes_final(
    cast: Cast, batch_list: BatchList
) -> None:
    admitted = build.admitted(cast, batch_list, position=2)
    build.received(batch_list, position=3)
    assert [holds.standing_of(build.entry_of(batch_list, place)) for place in (1, 2, 3)] == [
        EntryStanding.OPEN,
        EntryStanding.HELD,
        EntryStanding.OPEN,
    ]
    final = lists.finalise(batch_list.pk, at=_in_china(FINAL_FROM))
    assert (final.state, holds.held_at_the_end(final)) == (ListState.FINAL, (2,))
    assert [holds.standing_of(build.entry_of(final, place)) for place in (1, 2, 3)] == [
        EntryStanding.FINAL,
        EntryStanding.HELD,
        EntryStanding.FINAL,
    ]
    objections.withdraw(admitted.pk, at=_in_china(FINAL_FROM, hour=12))
    assert holds.standing_of(build.entry_of(final, 2)) == EntryStanding.FINAL
    assert verify_register().violations == []


def test_an_entry_with_an_upheld_objection_does_not_become_final(cast: Cast, batch_list: BatchList) -> None:
    build.decided(cast, batch_list, uphold=True)
    final = lists.finalise(batch_list.pk, at=_in_china(FINAL_FROM))
    assert holds.standing_of(build.entry_of(final)) == EntryStanding.OBJECTION_UPHELD
    assert holds.standing_of(build.entry_of(final, 2)) == EntryStanding.FINAL


def test_what_is_admitted_after_the_list_became_final_holds_nothing_back(
    cast: Cast, batch_list: BatchList
) -> None:
    waiting = build.received(batch_list).objection
    final = lists.finalise(batch_list.pk, at=_in_china(FINAL_FROM))
    objections.admit(waiting.pk, actor=Actor.of(cast.national), at=_in_china(FINAL_FROM, hour=12))
    assert holds.standing_of(build.entry_of(final)) == EntryStanding.FINAL


def test_the_moment_of_the_receipt_is_in_the_row(batch_list: BatchList) -> None:
    objection = build.received(batch_list, at=MORNING + timedelta(days=60)).objection
    assert objection.received_at == MORNING + timedelta(days=60)
