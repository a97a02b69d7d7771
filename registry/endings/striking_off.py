"""THE ONLY WRITER of proceedings to strike filings off: an act locks, asks the table, appends, saves the folded row.

A proposal locks its filing; every later act locks the proceeding, and its confirmation the filing after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from registry import clock
from registry.book import endings
from registry.book.act_request import SYSTEM, Actor
from registry.book.counters import count_on, lock_counter
from registry.book.locks import lock_row
from registry.calendar.current import current_calendar
from registry.errors import NotFound, OutOfDate
from registry.jobs import doorbell
from registry.members.authority import facts_of as member_facts_of
from registry.members.authority import membership_of
from registry.models import (
    Account,
    Event,
    Filing,
    StrikingOff,
    StrikingOffCounter,
    StrikingOffFile,
    StrikingOffPart,
)
from registry.models.evidence import READ_FOR_THE_FIRST_TIME
from registry.notices.notice import Arrival, arrival_of, arrived_notices
from registry.rules.days.deadlines import Deadline, Period, deadline, working_days_late
from registry.rules.days.working_days import Calendar
from registry.rules.end_grounds import EndGround
from registry.rules.endings.events import (
    Proposal,
    Service,
    answered,
    confirmed,
    dropped,
    explanation_of,
    stated,
)
from registry.rules.endings.fold import fold_striking_off
from registry.rules.endings.lifecycle import (
    OPEN_STATES,
    StrikingOffAct,
    StrikingOffFacts,
    StrikingOffState,
    acts_open_to,
    decide_on_reading_again,
    decide_on_striking_off,
    latest_day_of_statement,
)
from registry.rules.members.permissions import MemberAct, permit
from registry.rules.substance import says_something
from registry.rules.visible_text import clean, clean_texts, is_visible
from registry.rules.workflow.events import StruckOff, file_replaced, on_evidence
from registry.rules.workflow.sealed import EvidenceFile
from registry.rules.workflow.states import PUBLIC_STANDINGS, Role, Standing, StreamKind
from registry.storage import attachments, sealed_texts
from registry.storage.evidence import STRIKING_OFF_FILES, Unread, seen_in
from registry.streams import writer
from registry.streams.chain import events_of, id_opened_by, text_of_id

NOTICES_TASK = "registry.tasks.sweep_notices"
_OPEN = [state.value for state in OPEN_STATES]
_Side = StrikingOffFile.Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why a filing is to be struck off: the ground, the facts, the legal basis, and where the service goes on."""

    ground: EndGround
    reason: str
    basis: str
    successor_number: str | None = None
    objection_id: uuid.UUID | None = None


# ---------------------------------------------------------------- the national office


@transaction.atomic
def propose(
    filing_id: uuid.UUID,
    grounds: Grounds,
    *,
    actor: Actor,
    files: Sequence[Unread] = (),
    sender: str = "",
    key: uuid.UUID | None = None,
    at: datetime | None = None,
) -> StrikingOff:
    """Opens a proceeding about a filing in force and gives it a number.

    The same `key` of the same officer gives the proceeding that it opened before. The files wait to be read; `sender`
    is the address that they came from. Raises NotFound, TransitionNotAllowed, AttachmentRefused, StorageFull.
    """
    at = at or clock.now()
    filing = lock_row(Filing, filing_id)
    new_id = uuid.uuid4() if key is None else id_opened_by(key, by=str(actor.account_id))
    found = StrikingOff.objects.filter(pk=new_id).first()
    if found is not None:
        return found
    reason, basis = clean_texts([grounds.reason, grounds.basis])
    decide_on_striking_off(
        StrikingOffAct.PROPOSE,
        StrikingOffFacts(
            state=None,
            role=actor.role,
            is_filing_in_force=filing.standing == Standing.IN_FORCE,
            is_only_proceeding=open_about(filing) is None,
            has_reason=says_something(reason),
            has_basis=bool(basis),
            is_successor_possible=_is_successor_possible(filing, grounds.successor_number),
        ),
    )
    named = [(uuid.uuid4(), file) for file in files]
    proposal = Proposal(
        filing=str(filing.pk),
        applicant=str(filing.applicant_id),
        number=_next_number(clock.china_date(at).year),
        ground=grounds.ground,
        reason=reason,
        basis=basis,
        successor_number=grounds.successor_number,
        objection=str(grounds.objection_id) if grounds.objection_id is not None else None,
        files=_stated_files(named),
    )
    proceeding = StrikingOff(pk=new_id, filing=filing, applicant_id=filing.applicant_id)
    _append(proceeding, StrikingOffAct.PROPOSE, proposal.as_payload(), actor=actor, at=at)
    _take_in(proceeding, _Side.OFFICE, named, act_of=proceeding.pk, actor=actor, sender=sender, at=at)
    return proceeding


@transaction.atomic
def send_notice(
    proceeding_id: uuid.UUID, *, actor: Actor, seen_sequence: int | None = None, at: datetime | None = None
) -> StrikingOff:
    """Sends the applicant the notice; it is served when it arrives. Raises OutOfDate, TransitionNotAllowed."""
    at = at or clock.now()
    proceeding = _lock(proceeding_id, seen_sequence=seen_sequence)
    _permit(StrikingOffAct.SEND_NOTICE, proceeding, actor, at=at)
    payload = on_evidence({}, _seen(proceeding))
    return _append(proceeding, StrikingOffAct.SEND_NOTICE, payload, actor=actor, at=at)


@transaction.atomic
def announce(
    proceeding_id: uuid.UUID, *, actor: Actor, seen_sequence: int | None = None, at: datetime | None = None
) -> StrikingOff:
    """Announces the notice in public, because nobody can be reached; it counts as served after the days of a setting.

    Raises OutOfDate when something was done since the page was shown, TransitionNotAllowed.
    """
    at = at or clock.now()
    proceeding = _lock(proceeding_id, seen_sequence=seen_sequence)
    _permit(StrikingOffAct.ANNOUNCE, proceeding, actor, at=at)
    today = clock.china_date(at)
    service = _service(today + timedelta(days=settings.STRIKING_OFF_ANNOUNCEMENT_DAYS), announced_on=today)
    payload = on_evidence(service.as_payload(), _seen(proceeding))
    return _append(proceeding, StrikingOffAct.ANNOUNCE, payload, actor=actor, at=at)


@transaction.atomic
def answer(
    proceeding_id: uuid.UUID,
    *,
    actor: Actor,
    text: str,
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> StrikingOff:
    """Answers the applicant's statement, which comes before any decision. Raises OutOfDate, TransitionNotAllowed."""
    at = at or clock.now()
    proceeding = _lock(proceeding_id, seen_sequence=seen_sequence)
    _permit(StrikingOffAct.ANSWER, proceeding, actor, at=at, has_text=is_visible(text))
    part = StrikingOffPart(proceeding=proceeding, kind=StrikingOffPart.Kind.ANSWER.value)
    part, sealed = sealed_texts.seal(part, sealed_texts.text_content(clean(text, line_breaks=True)))
    part.save(force_insert=True)
    payload = on_evidence(answered(sealed), _seen(proceeding))
    return _append(proceeding, StrikingOffAct.ANSWER, payload, actor=actor, at=at)


@transaction.atomic
def confirm(
    proceeding_id: uuid.UUID, *, actor: Actor, seen_sequence: int | None = None, at: datetime | None = None
) -> StrikingOff:
    """Strikes the filing off as proposed, from today; what is open about it is closed in the same transaction.

    Raises OutOfDate when something was done since the page was shown, TransitionNotAllowed.
    """
    at = at or clock.now()
    proceeding = _lock(proceeding_id, seen_sequence=seen_sequence)
    proceeding.filing = lock_row(Filing, proceeding.filing_id)
    _permit(StrikingOffAct.CONFIRM, proceeding, actor, at=at)
    today = clock.china_date(at)
    struck = StruckOff(
        struck_off_on=today,
        ground=EndGround(proceeding.ground),
        reason=proceeding.reason,
        basis=proceeding.basis,
        successor_number=proceeding.successor_number,
        proceeding=str(proceeding.pk),
    )
    endings.strike_off(proceeding.filing_id, struck, actor=actor, at=at)
    payload = on_evidence(confirmed(struck_off_on=today), _seen(proceeding))
    return _append(proceeding, StrikingOffAct.CONFIRM, payload, actor=actor, at=at)


@transaction.atomic
def drop(
    proceeding_id: uuid.UUID,
    *,
    actor: Actor,
    explanation: str,
    seen_sequence: int | None = None,
    at: datetime | None = None,
) -> StrikingOff:
    """Ends a proceeding with nothing done to the filing. Raises OutOfDate, TransitionNotAllowed."""
    at = at or clock.now()
    proceeding = _lock(proceeding_id, seen_sequence=seen_sequence)
    _permit(StrikingOffAct.DROP, proceeding, actor, at=at, has_reason=says_something(explanation))
    return _append(
        proceeding, StrikingOffAct.DROP, dropped(clean(explanation, line_breaks=True)), actor=actor, at=at
    )


# ---------------------------------------------------------------- the system


@transaction.atomic
def record_service(proceeding_id: uuid.UUID, *, at: datetime | None = None) -> StrikingOff:
    """Records that the notice has arrived: the time for a statement runs from that day. Raises TransitionNotAllowed."""
    at = at or clock.now()
    proceeding = _lock(proceeding_id)
    arrival = arrival_of_notice(proceeding)
    _permit(StrikingOffAct.RECORD_SERVICE, proceeding, SYSTEM, at=at, has_arrived=arrival is not None)
    if arrival is None:
        raise NotFound("notice_not_arrived", proceeding=str(proceeding_id))
    service = _service(clock.china_date(arrival.at), how=arrival.how)
    return _append(proceeding, StrikingOffAct.RECORD_SERVICE, service.as_payload(), actor=SYSTEM, at=at)


def to_record_service() -> list[uuid.UUID]:
    """Proceedings whose notice has arrived and is not recorded as served, earliest first."""
    arrived = arrived_notices().filter(
        event__stream_id=OuterRef("pk"), event__act=StrikingOffAct.SEND_NOTICE.value
    )
    found = StrikingOff.objects.filter(Exists(arrived), state=StrikingOffState.NOTICE_SENT.value)
    return list(found.order_by("notified_at", "pk").values_list("pk", flat=True))


def arrival_of_notice(proceeding: StrikingOff) -> Arrival | None:
    """When and how the notice first arrived at a member of the applicant; None before."""
    sent = events_of(proceeding.pk).filter(act=StrikingOffAct.SEND_NOTICE.value).first()
    return None if sent is None else arrival_of(sent)


# ---------------------------------------------------------------- the applicant


@transaction.atomic
def state(
    proceeding_id: uuid.UUID,
    *,
    actor: Actor,
    text: str,
    files: Sequence[Unread] = (),
    sender: str = "",
    at: datetime | None = None,
) -> StrikingOff:
    """Takes the applicant's statement and defence, once; a late one is taken until the decision, and recorded as late.

    The files wait to be read; `sender` is the address that they came from. Raises NotFound for who is no member of the
    applicant, MemberActRefused, TransitionNotAllowed, AttachmentRefused, StorageFull.
    """
    at = at or clock.now()
    proceeding = _lock_for_member(proceeding_id, actor, at=at)
    _permit(StrikingOffAct.STATE, proceeding, actor, at=at, has_text=is_visible(text))
    part = StrikingOffPart(proceeding=proceeding, kind=StrikingOffPart.Kind.STATEMENT.value)
    part, sealed = sealed_texts.seal(part, sealed_texts.text_content(clean(text, line_breaks=True)))
    part.save(force_insert=True)
    named = [(uuid.uuid4(), file) for file in files]
    last_day, today = last_day_of_statement(proceeding), clock.china_date(at)
    late = 0 if last_day is None else working_days_late(last_day, today, current_calendar())
    payload = stated(sealed, late_by_working_days=late, files=_stated_files(named))
    _append(proceeding, StrikingOffAct.STATE, payload, actor=actor, at=at)
    _take_in(proceeding, _Side.APPLICANT, named, act_of=part.pk, actor=actor, sender=sender, at=at)
    return proceeding


@transaction.atomic
def waive(proceeding_id: uuid.UUID, *, actor: Actor, at: datetime | None = None) -> StrikingOff:
    """Takes it that the applicant makes no statement: the office need not wait for the last day.

    Raises NotFound for who is no member of the applicant, MemberActRefused, TransitionNotAllowed.
    """
    at = at or clock.now()
    proceeding = _lock_for_member(proceeding_id, actor, at=at)
    _permit(StrikingOffAct.WAIVE, proceeding, actor, at=at)
    return _append(proceeding, StrikingOffAct.WAIVE, {}, actor=actor, at=at)


# ---------------------------------------------------------------- files


@transaction.atomic
def replace_file(
    proceeding_id: uuid.UUID,
    file_id: uuid.UUID,
    file: Unread,
    *,
    actor: Actor,
    sender: str = "",
    at: datetime | None = None,
) -> StrikingOff:
    """Puts another file in the place of one that could not be read, for the side that handed it in.

    So often as may be; the office before the notice, the applicant before the answer. Raises NotFound for a file that
    was not refused and for who is no member of the applicant, MemberActRefused, TransitionNotAllowed,
    AttachmentRefused, StorageFull.
    """
    at = at or clock.now()
    proceeding, before, is_own = _lock_refused_file(proceeding_id, file_id, actor=actor, at=at)
    left = before.has_replacements_left
    _permit(
        StrikingOffAct.REPLACE_FILE, proceeding, actor, at=at, is_own_file=is_own, has_replacements_left=left
    )
    if before.attachment is None:
        raise NotFound("file_unknown", proceeding=str(proceeding_id))
    new_id, act_of = uuid.uuid4(), before.attachment.draft_id
    payload = file_replaced(str(before.pk), EvidenceFile(str(new_id), file.sha256))
    _append(proceeding, StrikingOffAct.REPLACE_FILE, payload, actor=actor, at=at)
    before.delete()
    attachments.discard(before.attachment)
    _take_in(
        proceeding,
        _Side(before.side),
        [(new_id, file)],
        act_of=act_of,
        actor=actor,
        sender=sender,
        at=at,
        in_place_of=before,
    )
    return proceeding


@transaction.atomic
def read_file_again(
    proceeding_id: uuid.UUID,
    file_id: uuid.UUID,
    *,
    actor: Actor,
    sender: str = "",
    at: datetime | None = None,
) -> None:
    """Has a file read once more whose reading broke off, for its side, so often as may be, until the decision.

    Raises as `replace_file`.
    """
    at = at or clock.now()
    proceeding, refused, is_own = _lock_refused_file(proceeding_id, file_id, actor=actor, at=at)
    today, left = clock.china_date(at), refused.has_readings_left
    decide_on_reading_again(
        facts_of(proceeding, actor, today=today, is_own_file=is_own, has_readings_left=left)
    )
    STRIKING_OFF_FILES.read_again(refused, sender=sender, at=at)


def files_of(proceeding: StrikingOff, side: StrikingOffFile.Side) -> list[StrikingOffFile]:
    """The files of a side, in order, each with what became of it."""
    found = StrikingOffFile.objects.filter(proceeding=proceeding, side=side.value)
    return list(found.select_related("attachment").order_by("position"))


def file_of(
    proceeding: StrikingOff, file_id: uuid.UUID, side: StrikingOffFile.Side | None = None
) -> StrikingOffFile:
    """One of the files of a proceeding, or of a side of it. Raises NotFound."""
    found = StrikingOffFile.objects.select_related("attachment").filter(proceeding=proceeding, pk=file_id)
    file = found.first() if side is None else found.filter(side=side.value).first()
    if file is None:
        raise NotFound("file_unknown", proceeding=str(proceeding.pk))
    return file


def _lock_refused_file(
    proceeding_id: uuid.UUID, file_id: uuid.UUID, *, actor: Actor, at: datetime
) -> tuple[StrikingOff, StrikingOffFile, bool]:
    """The proceeding, locked, its file that could not be read, and whether it is of the actor's side."""
    is_member = actor.role is Role.APPLICANT
    proceeding = _lock_for_member(proceeding_id, actor, at=at) if is_member else _lock(proceeding_id)
    found = file_of(proceeding, file_id)
    if not found.is_refused:
        raise NotFound("file_unknown", proceeding=str(proceeding_id))
    own = _Side.APPLICANT if is_member else _Side.OFFICE
    return proceeding, found, found.side == own


def _take_in(
    proceeding: StrikingOff,
    side: StrikingOffFile.Side,
    named: Sequence[tuple[uuid.UUID, Unread]],
    *,
    act_of: uuid.UUID,
    actor: Actor,
    sender: str,
    at: datetime,
    in_place_of: StrikingOffFile | None = None,
) -> None:
    STRIKING_OFF_FILES.take_in(
        named,
        act_of=act_of,
        uploaded_by=Account.objects.get(pk=actor.account_id) if named and actor.account_id else None,
        sender=sender,
        at=at,
        in_place_of=in_place_of,
        # What a side handed in its members may read.
        applicant=proceeding.applicant if named and side is _Side.APPLICANT else None,
        proceeding=proceeding,
        side=side.value,
    )


# ---------------------------------------------------------------- reading


def open_about(filing: Filing) -> StrikingOff | None:
    """The open proceeding about a filing; there is one at most."""
    return StrikingOff.objects.filter(filing=filing, state__in=_OPEN).first()


def history_of(proceeding: StrikingOff) -> list[Event]:
    """The events of a proceeding with who acted, in sequence."""
    return list(events_of(proceeding.pk).select_related("actor"))


def acts_open(proceeding: StrikingOff, actor: Actor, *, today: date) -> frozenset[StrikingOffAct]:
    """The acts that this actor may do now, but for what the act itself will carry."""
    return acts_open_to(facts_of(proceeding, actor, today=today))


def text_of(proceeding: StrikingOff, kind: StrikingOffPart.Kind) -> str:
    """The statement or the answer to it; empty when there is none or it is erased."""
    part = StrikingOffPart.objects.filter(proceeding=proceeding, kind=kind.value).first()
    return sealed_texts.text_of(part)


def explanation_of_drop(proceeding: StrikingOff) -> str:
    """Why nothing came of a proceeding; empty for any other."""
    event = events_of(proceeding.pk).filter(act=StrikingOffAct.DROP.value).first()
    return "" if event is None else explanation_of(event.payload)


def statement_deadline(proceeding: StrikingOff, *, calendar: Calendar | None = None) -> Deadline | None:
    """The time for a statement by the calendar in force now; None before the notice is served.

    `calendar` is for who asks for many.
    """
    if proceeding.served_on is None:
        return None
    return deadline(Period.STATEMENT, proceeding.served_on, calendar or current_calendar())


def last_day_of_statement(proceeding: StrikingOff, *, calendar: Calendar | None = None) -> date | None:
    """The last day to state; a holiday notice that comes later may give more days, and takes none away."""
    due = statement_deadline(proceeding, calendar=calendar)
    if due is None or proceeding.statement_by is None:
        return None
    return latest_day_of_statement(proceeding.statement_by, due)


def facts_of(proceeding: StrikingOff, actor: Actor, *, today: date, **carried: bool) -> StrikingOffFacts:
    """What the table looks at."""
    last_day = last_day_of_statement(proceeding)
    return StrikingOffFacts(
        state=StrikingOffState(proceeding.state),
        role=actor.role,
        actor_id=text_of_id(actor.account_id),
        proposer_id=text_of_id(proceeding.proposer_id),
        is_filing_in_force=proceeding.filing.standing == Standing.IN_FORCE,
        is_successor_possible=_is_successor_possible(proceeding.filing, proceeding.successor_number),
        is_statement_day_over=last_day is not None and today > last_day,
        is_evidence_read=not proceeding.files.filter(READ_FOR_THE_FIRST_TIME).exists(),
        **carried,
    )


def _is_successor_possible(filing: Filing, number: str | None) -> bool:
    """Whether nothing, or another filing that the public may see, is named as where the service goes on."""
    if number is None:
        return True
    public = Filing.objects.filter(number=number, standing__in=[each.value for each in PUBLIC_STANDINGS])
    return public.exclude(pk=filing.pk).exists()


def _service(served_on: date, *, how: str = "", announced_on: date | None = None) -> Service:
    due = deadline(Period.STATEMENT, served_on, current_calendar())
    return Service(
        served_on=served_on,
        statement_by=due.due_on,
        provisional=due.provisional,
        calendar_version=due.calendar_version,
        how=how,
        announced_on=announced_on,
    )


def _stated_files(named: Iterable[tuple[uuid.UUID, Unread]]) -> tuple[EvidenceFile, ...]:
    return tuple(EvidenceFile(str(row_id), file.sha256) for row_id, file in named)


def _seen(proceeding: StrikingOff) -> list[EvidenceFile]:
    return seen_in([file for side in _Side for file in files_of(proceeding, side)])


def _next_number(year: int) -> str:
    return f"{year}-CX-{count_on(lock_counter(StrikingOffCounter, year=year)):06d}"


def _permit(
    act: StrikingOffAct, proceeding: StrikingOff, actor: Actor, *, at: datetime, **carried: bool
) -> None:
    decide_on_striking_off(act, facts_of(proceeding, actor, today=clock.china_date(at), **carried))


def _lock(proceeding_id: uuid.UUID, *, seen_sequence: int | None = None) -> StrikingOff:
    found = StrikingOff.objects.select_for_update(no_key=True, of=("self",)).select_related("filing")
    proceeding = found.filter(pk=proceeding_id).first()
    if proceeding is None:
        raise NotFound("striking_off_unknown", proceeding=str(proceeding_id))
    if seen_sequence is not None and seen_sequence != proceeding.last_event_sequence:
        raise OutOfDate("moved_on", state=proceeding.state)
    return proceeding


def _lock_for_member(proceeding_id: uuid.UUID, actor: Actor, *, at: datetime) -> StrikingOff:
    proceeding = _lock(proceeding_id)
    member = membership_of(actor.account_id, proceeding.applicant_id)
    if member is None or proceeding.notified_at is None:
        raise NotFound("striking_off_unknown", proceeding=str(proceeding_id))
    permit(MemberAct.HAND_IN, member_facts_of(member, today=clock.china_date(at)))
    return proceeding


def _append(
    proceeding: StrikingOff, act: StrikingOffAct, payload: Mapping[str, Any], *, actor: Actor, at: datetime
) -> StrikingOff:
    doorbell.ring_on_commit(NOTICES_TASK)
    return writer.append_folded(
        proceeding,
        StreamKind.STRIKING_OFF,
        act,
        payload,
        fold_striking_off,
        actor_id=actor.account_id,
        role=actor.role,
        at=at,
        province_code=proceeding.filing.province_code,
        applicant_id=proceeding.applicant_id,
    )
