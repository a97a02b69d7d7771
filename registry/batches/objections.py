"""THE ONLY WRITER of objections: each act locks, asks the table, appends an event and saves the folded row.

Locks are taken in the order list, objection, so that the end of a list's window and an admission take turns; a receipt
locks the year's counter alone.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from registry import clock
from registry.batches import lists
from registry.book.act_request import Actor
from registry.book.counters import count_on, lock_counter
from registry.calendar.current import current_calendar
from registry.calendar.objection_days import answer_due, decision_due
from registry.errors import NotFound, OutOfDate
from registry.jobs import doorbell
from registry.members.authority import facts_of as member_facts_of
from registry.members.authority import membership_of
from registry.models import (
    Account,
    Attachment,
    BatchEntry,
    BatchList,
    Event,
    Objection,
    ObjectionCounter,
    ObjectionFile,
    ObjectionPart,
)
from registry.models.evidence import READ_FOR_THE_FIRST_TIME
from registry.models.objection import DEFAULT_LANGUAGE
from registry.notices.objection_notices import reason_of
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind, ListState
from registry.rules.days.deadlines import working_days_late
from registry.rules.members.permissions import MemberAct, permit
from registry.rules.objections.events import (
    Closing,
    Extension,
    Question,
    Receipt,
    admitted,
    answered,
    explained,
    explanation_of,
    released_of,
)
from registry.rules.objections.fold import fold_objection
from registry.rules.objections.lifecycle import (
    CONFIRMATIONS,
    ObjectionAct,
    ObjectionFacts,
    ObjectionState,
    ObjectionWay,
    acts_open_to,
    decide_on_objection,
    decide_on_reading_again,
    may_be_read_again,
)
from registry.rules.substance import says_something
from registry.rules.visible_text import clean, is_visible
from registry.rules.workflow.events import file_replaced, on_evidence
from registry.rules.workflow.sealed import EvidenceFile
from registry.rules.workflow.states import NATION, Role, StreamKind
from registry.storage import attachments
from registry.storage.evidence import OBJECTION_FILES, Unread, seen_in
from registry.storage.objection_parts import Statement, prepare, statement_content
from registry.storage.sealed_texts import text_content
from registry.streams import writer
from registry.streams.chain import events_of, id_opened_by, text_of_id

OBJECTOR = Actor(Role.PUBLIC)
NOTICES_TASK = "registry.tasks.sweep_notices"
_TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter: the day of its postmark, and the day it came to the office."""

    posted_on: date
    received_on: date


@dataclass(frozen=True, slots=True)
class Received:
    """A received objection; `secret` is the end of the address where the objector follows it, and is kept nowhere.

    It is empty for a letter, and for a form that was sent before.
    """

    objection: Objection
    secret: str


# ---------------------------------------------------------------- the objector


@transaction.atomic
def receive(
    entry_id: uuid.UUID,
    statement: Statement,
    *,
    actor: Actor = OBJECTOR,
    files: Sequence[Unread] = (),
    posted: Posted | None = None,
    key: uuid.UUID | None = None,
    language: str = DEFAULT_LANGUAGE,
    sender: str = "",
    at: datetime | None = None,
) -> Received:
    """Receives an objection and gives it a receipt number; a late one is received as late and cannot be admitted.

    `posted` is for a letter that an officer enters. The objector is told in `language`. The same `key` of the same
    account or contact gives the objection that it made before. The files wait to be read; `sender` is the address that
    they came from. Raises NotFound, TransitionNotAllowed, AttachmentRefused, StorageFull.
    """
    at = at or clock.now()
    entry = BatchEntry.objects.select_related("batch_list", "filing").filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("entry_unknown", entry=str(entry_id))
    counter = lock_counter(ObjectionCounter, year=clock.china_date(at).year)
    new_id = uuid.uuid4() if key is None else id_opened_by(key, by=str(actor.account_id or statement.contact))
    found = Objection.objects.filter(pk=new_id).first()
    if found is not None:
        return Received(found, "")
    today, batch_list = clock.china_date(at), entry.batch_list
    # Nobody objects to a list of endings or a corrigendum.
    is_public = batch_list.state in PUBLIC_STATES and ListKind(batch_list.kind).has_window
    by_post = actor.role is not Role.PUBLIC
    decide_on_objection(
        ObjectionAct.RECEIVE,
        ObjectionFacts(
            state=None,
            role=actor.role,
            is_list_public=is_public,
            has_facts=is_visible(statement.facts) and bool(statement.contact or by_post),
            are_days_possible=_are_days_possible(batch_list, posted, by_post=by_post, today=today),
        ),
    )
    count_on(counter)
    secret = "" if by_post else secrets.token_urlsafe(_TOKEN_BYTES)
    link_digest = digest_of(secret) if secret else None
    objection = Objection(pk=new_id, link_digest=link_digest, language=language)
    part, sealed = prepare(objection.pk, ObjectionPart.Kind.STATEMENT, statement_content(statement))
    named = [(uuid.uuid4(), file) for file in files]
    until, provisional, version = _window(batch_list)
    sent_on = posted.posted_on if posted is not None else today
    receipt = Receipt(
        entry=str(entry.pk),
        filing=str(entry.filing_id),
        applicant=str(entry.filing.applicant_id),
        receipt_number=f"{counter.year}-YY-{counter.last:06d}",
        way=ObjectionWay.POST if by_post else ObjectionWay.WEB,
        received_on=posted.received_on if posted is not None else today,
        posted_on=posted.posted_on if posted is not None else None,
        in_time=sent_on <= until,
        objections_until=until,
        provisional=provisional,
        calendar_version=version,
        statement=sealed,
        files=[EvidenceFile(str(row_id), file.sha256) for row_id, file in named],
    )
    objection.entry, objection.filing = entry, entry.filing
    objection.applicant_id = entry.filing.applicant_id
    _append(objection, ObjectionAct.RECEIVE, receipt.as_payload(), actor=actor, at=at)
    part.save(force_insert=True)
    _take_in(objection, named, actor=actor, sender=sender, at=at)
    return Received(objection, secret)


@transaction.atomic
def replace_file(
    objection_id: uuid.UUID,
    file_id: uuid.UUID,
    file: Unread,
    *,
    actor: Actor = OBJECTOR,
    sender: str = "",
    at: datetime | None = None,
) -> Objection:
    """Puts another file in the place of one that could not be read; an officer does so for a letter.

    So often as may be, and before the objection is admitted. Raises NotFound for a file that was not refused,
    TransitionNotAllowed, AttachmentRefused, StorageFull.
    """
    at = at or clock.now()
    objection = _lock(objection_id)
    before, today = _refused_file(objection, file_id), clock.china_date(at)
    decide_on_objection(
        ObjectionAct.REPLACE_FILE,
        facts_of(objection, actor, today=today, has_replacements_left=before.has_replacements_left),
    )
    new_id = uuid.uuid4()
    payload = file_replaced(str(before.pk), EvidenceFile(str(new_id), file.sha256))
    _append(objection, ObjectionAct.REPLACE_FILE, payload, actor=actor, at=at)
    before.delete()
    if before.attachment is not None:
        attachments.discard(before.attachment)
    named = [(new_id, file)]
    _take_in(objection, named, actor=actor, sender=sender, at=at, in_place_of=before)
    return objection


@transaction.atomic
def read_file_again(
    objection_id: uuid.UUID,
    file_id: uuid.UUID,
    *,
    actor: Actor = OBJECTOR,
    sender: str = "",
    at: datetime | None = None,
) -> None:
    """Has a file read once more whose reading broke off, for whose it is, so often as may be, until the decision.

    Raises NotFound, TransitionNotAllowed, AttachmentRefused.
    """
    at = at or clock.now()
    objection = _lock(objection_id)
    refused, today = _refused_file(objection, file_id), clock.china_date(at)
    decide_on_reading_again(
        facts_of(objection, actor, today=today, has_readings_left=refused.has_readings_left)
    )
    OBJECTION_FILES.read_again(refused, sender=sender, at=at)


def files_of(objection: Objection) -> list[ObjectionFile]:
    """The files of an objection, in order, each with what became of it."""
    return list(objection.files.select_related("attachment").order_by("position"))


def file_of(objection: Objection, file_id: uuid.UUID) -> ObjectionFile:
    """One of the files of an objection. Raises NotFound."""
    found = objection.files.select_related("attachment").filter(pk=file_id).first()
    if found is None:
        raise NotFound("file_unknown", objection=str(objection.pk))
    return found


def _refused_file(objection: Objection, file_id: uuid.UUID) -> ObjectionFile:
    found = file_of(objection, file_id)
    if not found.is_refused:
        raise NotFound("file_unknown", objection=str(objection.pk))
    return found


def _take_in(
    objection: Objection,
    named: Sequence[tuple[uuid.UUID, Unread]],
    *,
    actor: Actor,
    sender: str,
    at: datetime,
    in_place_of: ObjectionFile | None = None,
) -> None:
    officer = Account.objects.filter(pk=actor.account_id).first() if named and actor.account_id else None
    OBJECTION_FILES.take_in(
        named,
        act_of=objection.pk,
        uploaded_by=officer,
        sender=sender,
        at=at,
        in_place_of=in_place_of,
        objection=objection,
    )


@transaction.atomic
def withdraw(objection_id: uuid.UUID, *, at: datetime | None = None) -> Objection:
    """Withdraws an objection that is not decided, for who holds its secret address. Raises TransitionNotAllowed."""
    at = at or clock.now()
    objection = _lock(objection_id)
    decide_on_objection(ObjectionAct.WITHDRAW, facts_of(objection, OBJECTOR, today=clock.china_date(at)))
    return _append(objection, ObjectionAct.WITHDRAW, {}, actor=OBJECTOR, at=at)


def by_secret(secret: str) -> Objection | None:
    """The objection that a secret address leads to, or None."""
    found = Objection.objects.select_related("entry__batch_list", "filing")
    return found.filter(link_digest=digest_of(secret)).first() if secret else None


def digest_of(secret: str) -> str:
    """The digest under which the secret of an address is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


# ---------------------------------------------------------------- the national office


@transaction.atomic
def admit(
    objection_id: uuid.UUID,
    *,
    actor: Actor,
    released: Collection[uuid.UUID] = (),
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> Objection:
    """Admits an objection that came in time: it holds its entry back.

    `released` are those of its files that the applicant may open once it is asked. Raises NotFound for a file of
    another objection and for one that could not be read, OutOfDate, TransitionNotAllowed.
    """
    at = at or clock.now()
    objection = _lock(objection_id, seen_sequence=seen_sequence)
    decide_on_objection(ObjectionAct.ADMIT, facts_of(objection, actor, today=clock.china_date(at)))
    readable = Q(attachment=None) | Q(attachment__state=Attachment.State.CLEAN)
    files = (
        objection.files.filter(readable, pk__in=released).order_by("position").values_list("pk", flat=True)
    )
    if len(files) != len(set(released)):
        raise NotFound("file_unknown", objection=str(objection_id))
    payload = on_evidence(admitted([str(file_id) for file_id in files]), seen_in(files_of(objection)))
    return _append(objection, ObjectionAct.ADMIT, payload, actor=actor, at=at)


@transaction.atomic
def explain(
    objection_id: uuid.UUID,
    *,
    act: ObjectionAct,
    actor: Actor,
    explanation: str,
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> Objection:
    """Does an act that carries reasons: not to admit, to propose a decision, or to send a proposal back.

    Raises OutOfDate when something was done since the page was shown, TransitionNotAllowed.
    """
    at = at or clock.now()
    objection = _lock(objection_id, seen_sequence=seen_sequence)
    has_explanation = says_something(explanation)
    facts = facts_of(objection, actor, today=clock.china_date(at), has_explanation=has_explanation)
    decide_on_objection(act, facts)
    payload = explained(clean(explanation, line_breaks=True))
    if act is not ObjectionAct.SEND_BACK:
        payload = on_evidence(payload, seen_in(files_of(objection)))
    return _append(objection, act, payload, actor=actor, at=at)


@transaction.atomic
def send(
    objection_id: uuid.UUID,
    *,
    actor: Actor,
    text: str,
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> Objection:
    """Asks the applicant for a statement on `text`, which the officer has freed of whatever says who objects.

    Raises OutOfDate when something was done since the page was shown, TransitionNotAllowed.
    """
    at = at or clock.now()
    objection = _lock(objection_id, seen_sequence=seen_sequence)
    today = clock.china_date(at)
    decide_on_objection(ObjectionAct.SEND, facts_of(objection, actor, today=today, has_text=is_visible(text)))
    part, sealed = prepare(
        objection.pk, ObjectionPart.Kind.QUESTION, text_content(clean(text, line_breaks=True))
    )
    part.save(force_insert=True)
    due = answer_due(today)
    question = Question(
        text=sealed,
        answer_by=due.due_on,
        provisional=due.provisional,
        calendar_version=due.calendar_version,
    )
    return _append(objection, ObjectionAct.SEND, question.as_payload(), actor=actor, at=at)


@transaction.atomic
def extend(
    objection_id: uuid.UUID,
    *,
    actor: Actor,
    explanation: str,
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> Objection:
    """Gives the office more time to decide, once, with reasons. Raises OutOfDate, TransitionNotAllowed."""
    at = at or clock.now()
    objection = _lock(objection_id, seen_sequence=seen_sequence)
    facts = facts_of(
        objection, actor, today=clock.china_date(at), has_explanation=says_something(explanation)
    )
    decide_on_objection(ObjectionAct.EXTEND, facts)
    objection.extended_by_working_days = settings.OBJECTION_EXTENSION_WORKING_DAYS
    due = decision_due(objection)
    extension = Extension(
        explanation=clean(explanation, line_breaks=True),
        working_days=objection.extended_by_working_days,
        due_on=due.due_on,
        provisional=due.provisional,
        calendar_version=due.calendar_version,
    )
    return _append(objection, ObjectionAct.EXTEND, extension.as_payload(), actor=actor, at=at)


@transaction.atomic
def confirm(
    objection_id: uuid.UUID, *, actor: Actor, seen_sequence: int | None = None, at: datetime | None = None
) -> Objection:
    """Decides as proposed: upholds or dismisses. Its event says when the decision was due, and how late it came.

    Raises OutOfDate when something was done since the page was shown, TransitionNotAllowed.
    """
    at = at or clock.now()
    objection = _lock(objection_id, seen_sequence=seen_sequence)
    today = clock.china_date(at)
    act = CONFIRMATIONS.get(ObjectionState(objection.state), ObjectionAct.DISMISS)
    decide_on_objection(act, facts_of(objection, actor, today=today))
    due = decision_due(objection)
    closing = Closing(
        due_on=due.due_on,
        calendar_version=due.calendar_version,
        late_by_working_days=working_days_late(due.due_on, today, current_calendar()),
    )
    payload = on_evidence(closing.as_payload(), seen_in(files_of(objection)))
    return _append(objection, act, payload, actor=actor, at=at)


# ---------------------------------------------------------------- the applicant


@transaction.atomic
def answer(objection_id: uuid.UUID, *, actor: Actor, text: str, at: datetime | None = None) -> Objection:
    """Takes the applicant's statement, once; one that comes after its day is taken and recorded as late.

    Raises NotFound for who is no member of the applicant, MemberActRefused, TransitionNotAllowed.
    """
    at = at or clock.now()
    objection = _lock(objection_id)
    member, today = membership_of(actor.account_id, objection.applicant_id), clock.china_date(at)
    if member is None or objection.sent_at is None:
        raise NotFound("objection_unknown", objection=str(objection_id))
    permit(MemberAct.HAND_IN, member_facts_of(member, today=today))
    decide_on_objection(
        ObjectionAct.ANSWER, facts_of(objection, actor, today=today, has_text=is_visible(text))
    )
    part, sealed = prepare(
        objection.pk, ObjectionPart.Kind.ANSWER, text_content(clean(text, line_breaks=True))
    )
    part.save(force_insert=True)
    late = (
        0
        if objection.answer_by is None
        else working_days_late(objection.answer_by, today, current_calendar())
    )
    return _append(
        objection, ObjectionAct.ANSWER, answered(sealed, late_by_working_days=late), actor=actor, at=at
    )


# ---------------------------------------------------------------- reading


def history_of(objection: Objection) -> list[Event]:
    """The events of an objection with who acted, in sequence."""
    return list(events_of(objection.pk).select_related("actor"))


def acts_open(objection: Objection, actor: Actor, *, today: date) -> frozenset[ObjectionAct]:
    """The acts that this actor may do now, but for what the act itself will carry."""
    return acts_open_to(facts_of(objection, actor, today=today))


def may_read_again(objection: Objection, actor: Actor, *, today: date) -> bool:
    """Whether this actor may have files of the objection read once more whose reading broke off."""
    return may_be_read_again(facts_of(objection, actor, today=today))


def reasons_of(objection: Objection) -> str:
    """Why an objection was not admitted, upheld or dismissed; empty before."""
    deciding = [act.value for act in (ObjectionAct.REFUSE, *CONFIRMATIONS.values())]
    decision = events_of(objection.pk).filter(act__in=deciding).first()
    if decision is None:
        return ""
    is_refusal = decision.act == ObjectionAct.REFUSE
    return explanation_of(decision.payload) if is_refusal else reason_of(decision)


def released_files(objection: Objection) -> QuerySet[ObjectionFile]:
    """The files that the office released to the applicant when it admitted the objection, in order."""
    event = events_of(objection.pk).filter(act=ObjectionAct.ADMIT.value).first()
    released = frozenset[str]() if event is None else released_of(event.payload)
    files = ObjectionFile.objects.filter(objection=objection, pk__in=released)
    return files.select_related("attachment").order_by("position")


def extension_of(objection: Objection) -> Extension | None:
    """The time that was added to the office's, and why; None when none was."""
    event = events_of(objection.pk).filter(act=ObjectionAct.EXTEND.value).first()
    return None if event is None else Extension.of(event.payload)


def facts_of(objection: Objection, actor: Actor, *, today: date, **carried: bool) -> ObjectionFacts:
    """What the table looks at. What came in time stays in time; a day that moved on makes a late one timely."""
    until, _provisional, _version = _window(objection.entry.batch_list)
    return ObjectionFacts(
        state=ObjectionState(objection.state),
        role=actor.role,
        actor_id=text_of_id(actor.account_id),
        proposer_id=text_of_id(objection.proposer_id),
        is_in_time=objection.in_time or (objection.posted_on or objection.received_on) <= until,
        is_answered=objection.answered_at is not None,
        is_answer_day_over=objection.answer_by is not None and today > objection.answer_by,
        is_extended=objection.extended_by_working_days > 0,
        is_own_file=(objection.way == ObjectionWay.POST) == (actor.role in NATION),
        is_evidence_read=not objection.files.filter(READ_FOR_THE_FIRST_TIME).exists(),
        **carried,
    )


def _are_days_possible(batch_list: BatchList, posted: Posted | None, *, by_post: bool, today: date) -> bool:
    """Whether a letter has both its days, in their order, after the list was published; the web needs none."""
    if posted is None:
        return not by_post
    published_at = batch_list.published_at
    return (
        published_at is not None
        and clock.china_date(published_at) <= posted.posted_on <= posted.received_on <= today
    )


def _window(batch_list: BatchList) -> tuple[date, bool, str]:
    """The last day to object, whether it is provisional, and the calendar's version; fixed once the list is final."""
    if batch_list.published_at is None:
        return date.min, False, ""
    due = lists.window_of(batch_list)
    if batch_list.state == ListState.FINAL and batch_list.objections_until is not None:
        return batch_list.objections_until, False, due.calendar_version
    return due.due_on, due.provisional, due.calendar_version


def _lock(objection_id: uuid.UUID, *, seen_sequence: int | None = None) -> Objection:
    found = Objection.objects.filter(pk=objection_id).values_list("entry__batch_list", flat=True).first()
    if found is None:
        raise NotFound("objection_unknown", objection=str(objection_id))
    BatchList.objects.select_for_update(no_key=True).get(pk=found)
    objection = (
        Objection.objects.select_for_update(no_key=True, of=("self",))
        .select_related("entry__batch_list", "filing")
        .get(pk=objection_id)
    )
    if seen_sequence is not None and seen_sequence != objection.last_event_sequence:
        raise OutOfDate("moved_on", state=objection.state)
    return objection


def _append(
    objection: Objection, act: ObjectionAct, payload: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Objection:
    doorbell.ring_on_commit(NOTICES_TASK)
    return writer.append_folded(
        objection,
        StreamKind.OBJECTION,
        act,
        payload,
        fold_objection,
        actor_id=actor.account_id,
        role=actor.role,
        at=at,
        province_code=objection.filing.province_code,
        applicant_id=objection.applicant_id,
    )
