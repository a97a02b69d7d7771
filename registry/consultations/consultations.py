"""THE ONLY WRITER of consultations: an act locks, asks the table, appends, saves the folded row.

A question locks its application, so that the case cannot leave the desk meanwhile; every later act locks the
consultation. The decision clock is nowhere touched: it runs on (Art. 12).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from registry import clock
from registry.book.act_request import SYSTEM, Actor
from registry.book.examination import answer_days
from registry.book.locks import lock_row
from registry.calendar.current import current_calendar
from registry.consultations.particulars import Particular, chosen
from registry.documents.paper_settings import office_code_of
from registry.errors import NotFound, OutOfDate
from registry.jobs import doorbell
from registry.models import (
    Account,
    Application,
    Consultation,
    ConsultationFile,
    ConsultationPart,
    Event,
    PaperNumber,
)
from registry.rules.consultations.events import (
    QUESTION,
    Answer,
    Question,
    kind_of_answer,
    withdrawn,
)
from registry.rules.consultations.fold import fold_consultation
from registry.rules.consultations.lifecycle import (
    Body,
    ConsultationAct,
    ConsultationFacts,
    ConsultationState,
    acts_open_to,
    decide_on_consultation,
)
from registry.rules.days.deadlines import working_days_late
from registry.rules.days.working_days import is_provisional_day
from registry.rules.office.papers import LONGEST_NAME, NATIONAL_OFFICE_CODE
from registry.rules.substance import says_something
from registry.rules.visible_text import clean, is_visible
from registry.rules.workflow.sealed import EvidenceFile
from registry.rules.workflow.states import DESKS, OFFICERS, OPEN_STATES, PROVINCE, State, StreamKind
from registry.storage import sealed_texts
from registry.storage.evidence import CONSULTATION_FILES, Unread
from registry.streams import writer
from registry.streams.chain import events_of, id_opened_by

NOTICES_TASK = "review.tasks.sweep_desk_notices"
_OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked of whom until when, and the keys of the particulars that go along, some of them in full.

    `asked_code` is the code of the office that answers inside the portal, empty for a body outside.
    """

    body: Body
    body_name: str
    text: str
    due_on: date
    asked_code: str = ""
    keys: Sequence[str] = ()
    in_full: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was answered, on which day, and by whom; `files` wait to be read."""

    text: str
    who: str
    answered_on: date
    files: Sequence[Unread] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question with what went along; empty once they are erased."""

    text: str = ""
    particulars: tuple[Particular, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An answer as it was entered: its words, who gave it, and who entered it when."""

    answer: Answer
    text: str
    who: str
    entered_by: str
    entered_at: datetime
    is_corrected: bool
    files: tuple[ConsultationFile, ...] = field(default=())


# ---------------------------------------------------------------- acts


@transaction.atomic
def send(
    application_id: uuid.UUID,
    asking: Asking,
    *,
    actor: Actor,
    key: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Consultation:
    """Puts a question to another body about a case that the actor's office holds.

    The same `key` of the same officer gives the consultation that it opened before. Raises NotFound,
    TransitionNotAllowed.
    """
    at = at or clock.now()
    application = lock_row(Application, application_id)
    new_id = uuid.uuid4() if key is None else id_opened_by(key, by=str(actor.account_id))
    found = Consultation.objects.filter(pk=new_id).first()
    if found is not None:
        return found
    office_code = _office_of(actor)
    today, calendar = clock.china_date(at), current_calendar()
    body_name = clean(asking.body_name, line_breaks=False)
    particulars = chosen(application, asking.keys, in_full=asking.in_full)
    decide_on_consultation(
        ConsultationAct.SEND,
        ConsultationFacts(
            state=None,
            role=actor.role,
            is_at_desk=holder_code_of(application) == office_code,
            is_body_possible=(
                is_visible(body_name)
                and len(body_name) <= LONGEST_NAME
                and asking.asked_code != office_code
                and (not asking.asked_code or asking.body is Body.OFFICE)
            ),
            has_text=says_something(asking.text),
            is_due_day_possible=asking.due_on in answer_days(application, today=today, calendar=calendar),
            are_particulars_possible=(
                {each.key for each in particulars} == set(asking.keys)
                and set(asking.in_full) <= set(asking.keys)
            ),
        ),
    )
    consultation = Consultation(pk=new_id)
    part = ConsultationPart(consultation=consultation, kind=QUESTION)
    content = {
        "text": clean(asking.text, line_breaks=True),
        "particulars": [each.as_content() for each in particulars],
    }
    part, sealed = sealed_texts.seal(part, content)
    question = Question(
        application=str(application.pk),
        applicant=str(application.applicant_id),
        province=application.province_code,
        office=office_code,
        body=asking.body,
        body_name=body_name,
        asked=asking.asked_code,
        due_on=asking.due_on,
        provisional=is_provisional_day(asking.due_on, calendar),
        calendar_version=calendar.version,
        revision=application.revision_number,
        keys=[each.key for each in particulars],
        in_full=sorted(asking.in_full),
        text=sealed,
    )
    consultation.applicant_id = application.applicant_id
    consultation.province_code = application.province_code
    _append(consultation, ConsultationAct.SEND, question.as_payload(), actor=actor, at=at)
    part.save(force_insert=True)
    return consultation


@transaction.atomic
def answer(
    consultation_id: uuid.UUID,
    given: Given,
    *,
    actor: Actor,
    seen_sequence: int | None = None,
    sender: str = "",
    at: datetime | None = None,
) -> Consultation:
    """Enters an answer; a later one takes the place of the one before, which stays.

    An office that was asked inside the portal answers on the day that it does so. Raises NotFound, OutOfDate when
    something was done since the page was shown, TransitionNotAllowed, AttachmentRefused, StorageFull.
    """
    at = at or clock.now()
    consultation = _lock(consultation_id, actor, seen_sequence=seen_sequence)
    today = clock.china_date(at)
    by_asked = is_asked(consultation, actor)
    answered_on = today if by_asked else given.answered_on
    _permit(
        ConsultationAct.ANSWER,
        consultation,
        actor,
        at=at,
        has_text=is_visible(given.text) and is_visible(given.who),
        is_answer_day_possible=clock.china_date(consultation.sent_at) <= answered_on <= today,
    )
    number = consultation.answers + 1
    part = ConsultationPart(consultation=consultation, kind=kind_of_answer(number))
    content = {
        "text": clean(given.text, line_breaks=True),
        "who": clean(given.who, line_breaks=False),
    }
    part, sealed = sealed_texts.seal(part, content)
    part.save(force_insert=True)
    named = [(uuid.uuid4(), file) for file in given.files]
    stated = Answer(
        number=number,
        corrects=consultation.answers,
        answered_on=answered_on,
        by_asked=by_asked,
        late_by_working_days=working_days_late(consultation.due_on, answered_on, current_calendar()),
        text=sealed,
        files=[EvidenceFile(str(row_id), file.sha256) for row_id, file in named],
    )
    _append(consultation, ConsultationAct.ANSWER, stated.as_payload(), actor=actor, at=at)
    CONSULTATION_FILES.take_in(
        named,
        act_of=part.pk,
        uploaded_by=Account.objects.get(pk=actor.account_id) if named and actor.account_id else None,
        sender=sender,
        at=at,
        consultation=consultation,
        answer=number,
    )
    return consultation


@transaction.atomic
def withdraw(
    consultation_id: uuid.UUID,
    *,
    actor: Actor,
    explanation: str,
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> Consultation:
    """Withdraws a question that was not answered. Raises NotFound, OutOfDate, TransitionNotAllowed."""
    at = at or clock.now()
    consultation = _lock(consultation_id, actor, seen_sequence=seen_sequence)
    _permit(ConsultationAct.WITHDRAW, consultation, actor, at=at, has_reason=says_something(explanation))
    payload = withdrawn(clean(explanation, line_breaks=True))
    return _append(consultation, ConsultationAct.WITHDRAW, payload, actor=actor, at=at)


@transaction.atomic
def note_overdue(consultation_id: uuid.UUID, *, at: datetime) -> bool:
    """Notes once that the last day has passed without an answer; False where that is noted or no longer so."""
    consultation = lock_row(Consultation, consultation_id)
    if consultation.state != ConsultationState.AWAITED or consultation.overdue_noted_at is not None:
        return False
    if not is_overdue(consultation, today=clock.china_date(at)):
        return False
    _permit(ConsultationAct.NOTE_OVERDUE, consultation, SYSTEM, at=at)
    _append(consultation, ConsultationAct.NOTE_OVERDUE, {}, actor=SYSTEM, at=at)
    return True


def to_note_overdue(at: datetime) -> list[uuid.UUID]:
    """The consultations whose last day has passed, of cases that are not decided, the longest overdue first."""
    found = Consultation.objects.filter(
        state=ConsultationState.AWAITED.value,
        due_on__lt=clock.china_date(at),
        overdue_noted_at__isnull=True,
        application__state__in=_OPEN,
    )
    return list(found.order_by("due_on", "pk").values_list("pk", flat=True))


# ---------------------------------------------------------------- reading


def holder_code_of(application: Application) -> str:
    """The code of the office that holds a case now; empty once it is decided or closed."""
    desk = DESKS.get(State(application.state))
    if desk is None:
        return ""
    return application.province_code if desk in PROVINCE else NATIONAL_OFFICE_CODE


def is_asked(consultation: Consultation, actor: Actor) -> bool:
    """Whether the actor's office is the one that was asked inside the portal."""
    return bool(consultation.asked_code) and _office_of(actor) == consultation.asked_code


def is_within(consultation: Consultation, actor: Actor) -> bool:
    """Whether the case lies within the actor's jurisdiction: its province and the nation read all of it."""
    return _office_of(actor) in (consultation.province_code, NATIONAL_OFFICE_CODE)


def is_asking(consultation: Consultation, actor: Actor) -> bool:
    """Whether the actor's office asked, or holds the case now."""
    return _office_of(actor) in (consultation.office_code, holder_code_of(consultation.application))


def is_overdue(consultation: Consultation, *, today: date) -> bool:
    """Whether an answer is awaited still though its last day has passed, while the case is undecided."""
    return (
        consultation.state == ConsultationState.AWAITED
        and today > consultation.due_on
        and bool(holder_code_of(consultation.application))
    )


def is_awaited(consultation: Consultation) -> bool:
    """Whether the office waits for an answer: the case is undecided, and none has come."""
    return consultation.state == ConsultationState.AWAITED and bool(holder_code_of(consultation.application))


def waits_for_letter(consultation: Consultation) -> bool:
    """Whether the letter to a body outside the portal is still to be made, without which nothing is sent."""
    if consultation.asked_code or not is_awaited(consultation):
        return False
    made = getattr(consultation, "has_letter", None)
    return not (_letters(consultation.pk).exists() if made is None else made)


def _with_letter(found: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """These consultations, each knowing whether its letter has its number."""
    return found.annotate(has_letter=Exists(_letters(OuterRef("pk"))))


def _letters(consultation: uuid.UUID | OuterRef) -> QuerySet[PaperNumber]:
    act = ConsultationAct.SEND.value
    return PaperNumber.objects.filter(event__stream_id=consultation, event__act=act)


def about(application: Application) -> list[Consultation]:
    """The consultations about a case, newest first."""
    found = Consultation.objects.filter(application=application).select_related("application", "sender")
    return list(_with_letter(found).order_by("-sent_at", "-pk"))


def awaited_about(applications: Iterable[Application]) -> dict[uuid.UUID, list[Consultation]]:
    """The consultations of these cases that wait for an answer, the first due first; one query for all."""
    ids = [application.pk for application in applications]
    found: dict[uuid.UUID, list[Consultation]] = defaultdict(list)
    awaited = Consultation.objects.filter(
        application__in=ids, state=ConsultationState.AWAITED.value, application__state__in=_OPEN
    )
    for each in _with_letter(awaited).select_related("application").order_by("due_on", "pk"):
        found[each.application_id].append(each)
    return found


def sent_by(office_code: str) -> QuerySet[Consultation]:
    """The consultations that an office sent, newest first."""
    found = Consultation.objects.filter(office_code=office_code).select_related("application__filing")
    return _with_letter(found).order_by("-sent_at", "-pk")


def asked_of(office_code: str) -> QuerySet[Consultation]:
    """The consultations in which an office was asked inside the portal, newest first."""
    return Consultation.objects.filter(asked_code=office_code).order_by("-sent_at", "-pk")


def asked_in(consultation: Consultation) -> Asked:
    """The words of the question with what went along; empty once they are erased."""
    content = sealed_texts.content_of(_parts_of(consultation).get(QUESTION))
    if content is None:
        return Asked()
    return Asked(content["text"], tuple(Particular(**each) for each in content["particulars"]))


def answers_in(consultation: Consultation) -> list[Entered]:
    """The answers, the last that was entered first; only that one holds."""
    parts = _parts_of(consultation)
    files: dict[int, list[ConsultationFile]] = defaultdict(list)
    for file in (
        ConsultationFile.objects.filter(consultation=consultation)
        .select_related("attachment")
        .order_by("answer", "position")
    ):
        files[file.answer].append(file)
    entered = []
    for event in history_of(consultation):
        if event.act != ConsultationAct.ANSWER:
            continue
        stated = Answer.of(event.payload)
        content = sealed_texts.content_of(parts.get(kind_of_answer(stated.number))) or {}
        entered.append(
            Entered(
                answer=stated,
                text=content.get("text", ""),
                who=content.get("who", ""),
                entered_by=event.actor.name if event.actor is not None else "",
                entered_at=event.at,
                is_corrected=stated.number < consultation.answers,
                files=tuple(files[stated.number]),
            )
        )
    return entered[::-1]


def sent_event(consultation: Consultation) -> Event:
    """The event of the question, with the number of its letter where it has one. Raises NotFound."""
    found = events_of(consultation.pk).filter(act=ConsultationAct.SEND.value)
    event = found.select_related("paper_number").first()
    if event is None:
        raise NotFound("consultation_unknown", consultation=str(consultation.pk))
    return event


def history_of(consultation: Consultation) -> list[Event]:
    """The events of a consultation with who acted, in sequence."""
    return list(events_of(consultation.pk).select_related("actor"))


def with_histories(consultations: Iterable[Consultation]) -> list[tuple[Consultation, list[Event]]]:
    """Each of these consultations with its events, in sequence; one query, and none where there are none."""
    found = {each.pk: each for each in consultations}
    events: dict[uuid.UUID, list[Event]] = defaultdict(list)
    if found:
        streams = Event.objects.filter(stream_kind=StreamKind.CONSULTATION.value, stream_id__in=list(found))
        for event in streams.select_related("actor").order_by("stream_id", "sequence"):
            events[event.stream_id].append(event)
    return [(each, events[key]) for key, each in found.items()]


def acts_open(consultation: Consultation, actor: Actor, *, today: date) -> frozenset[ConsultationAct]:
    """The acts that this actor may do now, but for what the act itself will carry."""
    return acts_open_to(facts_of(consultation, actor, today=today))


def facts_of(consultation: Consultation, actor: Actor, *, today: date, **carried: bool) -> ConsultationFacts:
    """What the table looks at."""
    return ConsultationFacts(
        state=ConsultationState(consultation.state),
        role=actor.role,
        is_asking=actor.role in OFFICERS and is_asking(consultation, actor),
        is_asked=actor.role in OFFICERS and is_asked(consultation, actor),
        is_day_over=today > consultation.due_on,
        is_case_undecided=bool(holder_code_of(consultation.application)),
        is_overdue_noted=consultation.overdue_noted_at is not None,
        **carried,
    )


def _parts_of(consultation: Consultation) -> dict[str, ConsultationPart]:
    return {each.kind: each for each in ConsultationPart.objects.filter(consultation=consultation)}


def _office_of(actor: Actor) -> str:
    return office_code_of(actor.role, actor.province_code)


def _permit(
    act: ConsultationAct, consultation: Consultation, actor: Actor, *, at: datetime, **carried: bool
) -> None:
    decide_on_consultation(act, facts_of(consultation, actor, today=clock.china_date(at), **carried))


def _lock(consultation_id: uuid.UUID, actor: Actor, *, seen_sequence: int | None = None) -> Consultation:
    found = Consultation.objects.select_for_update(no_key=True, of=("self",)).select_related("application")
    consultation = found.filter(pk=consultation_id).first()
    if consultation is None or not (is_within(consultation, actor) or is_asked(consultation, actor)):
        # To whoever it is none of the business of, it does not exist.
        raise NotFound("consultation_unknown", consultation=str(consultation_id))
    if seen_sequence is not None and seen_sequence != consultation.last_event_sequence:
        raise OutOfDate("consultation_moved_on", state=consultation.state)
    return consultation


def _append(
    consultation: Consultation,
    act: ConsultationAct,
    payload: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> Consultation:
    doorbell.ring_on_commit(NOTICES_TASK)
    return writer.append_folded(
        consultation,
        StreamKind.CONSULTATION,
        act,
        payload,
        fold_consultation,
        actor_id=actor.account_id,
        role=actor.role,
        at=at,
        province_code=consultation.province_code,
        applicant_id=consultation.applicant_id,
    )
