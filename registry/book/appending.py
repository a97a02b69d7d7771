"""How an act of a filing's stream is recorded: appended, folded into the rows, saved with what it calls for.

Only the ledger's own modules call this, with the rows locked and the act permitted.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from registry.book import examination
from registry.book.act_request import SYSTEM, Actor, Request
from registry.book.revisions import save_revision
from registry.book.rows import event_record, fill_filing, save_application, save_filing
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock
from registry.errors import RegisterIncomplete
from registry.jobs import doorbell
from registry.models import Application, Event, Filing, PersonalParticulars, Revision
from registry.rules.days.working_days import Calendar
from registry.rules.workflow import events
from registry.rules.workflow.projection import fold
from registry.rules.workflow.states import UNDECIDED_STATES, Act, Standing, StreamKind
from registry.streams import effects
from registry.streams.chain import events_of, put_first, put_last

ISSUE_NUMBERS_TASK = "registry.tasks.sweep_filing_numbers"
NOTICES_TASK = "registry.tasks.sweep_notices"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act to be appended, complete: about a filing, one of its applications, or an application of its own.

    The system acts unless an actor is given; `new` is the revision of an act that hands in materials.
    """

    act: Act = field(kw_only=False)
    at: datetime
    application: Application | None = None
    filing: Filing | None = None
    actor: Actor = SYSTEM
    request: Request = field(default_factory=Request)
    payload: Mapping[str, Any] = field(default_factory=dict)
    new: tuple[Revision, PersonalParticulars] | None = None

    @property
    def owner(self) -> Application | Filing:
        """The row that says whose act this is."""
        return self.application or require(self.filing)

    @property
    def stream_id(self) -> uuid.UUID:
        """The stream that the act is appended to."""
        return self.filing.pk if self.filing is not None else self.owner.pk


def append(entry: Entry) -> Event:
    """Appends an act to its stream, folds the stream and saves every folded row."""
    return append_each([entry])[0]


def append_each(entries: Sequence[Entry]) -> list[Event]:
    """Appends acts as `append` does, each to a stream of its own."""
    for entry in entries:
        if entry.application is not None and entry.act is not Act.SUBMIT:
            _record_lateness_before(entry)
    histories: dict[uuid.UUID, list[Event]] = {entry.stream_id: [] for entry in entries}
    for earlier in events_of(*histories):
        histories[earlier.stream_id].append(earlier)
    calendar = cache(current_calendar)
    appended = [_fold_in(entry, histories[entry.stream_id], calendar) for entry in entries]
    # Only imported filings come in numbers.
    Filing.objects.bulk_create(entry.filing for entry in entries if entry.filing and entry.act is Act.IMPORT)
    Event.objects.bulk_create(appended)
    effects.insert_for(*appended)
    if any(entry.filing and entry.filing.standing == Standing.AWAITING_NUMBER for entry in entries):
        doorbell.ring_on_commit(ISSUE_NUMBERS_TASK)
    doorbell.ring_on_commit(NOTICES_TASK)
    return appended


def _fold_in(entry: Entry, history: Sequence[Event], calendar: Callable[[], Calendar]) -> Event:
    """The act as the last event of its stream, unsaved; the rows that it changes are saved."""
    act, application, filing = entry.act, entry.application, entry.filing
    payload = dict(entry.payload)
    if application is not None and act is not Act.SUBMIT:
        payload = application_clock.with_clock(
            act, application, payload, at=entry.at, history=history, calendar=calendar
        )
    revision_number = application.revision_number if application is not None else None
    if entry.new is not None:
        revision_number = entry.new[0].number
    event = Event(
        stream_kind=StreamKind.FILING.value,
        stream_id=entry.stream_id,
        application=application,
        filing=filing,
        applicant_id=entry.owner.applicant_id,
        province_code=entry.owner.province_code,
        act=act.value,
        at=entry.at,
        actor_id=entry.actor.account_id,
        actor_role=entry.actor.role.value,
        revision_number=revision_number,
        version=events.VERSION,
        payload=payload,
        idempotency_key=entry.request.idempotency_key,
    )
    if event.idempotency_key is not None:
        subject = examination.digest_subject(act, event)
        event.payload = events.with_digest(payload, entry.request.digest(act, subject))
    if history:
        put_last(event, after=history[-1])
    else:
        put_first(event)
    projection = fold(event_record(each) for each in (*history, event))
    if filing is not None and projection.filing is not None:
        (fill_filing if act is Act.IMPORT else save_filing)(filing, projection.filing)
    if application is not None:
        save_application(application, projection.applications[str(application.pk)])
    elif act is Act.APPLICANT_CHANGED:
        # Whatever is not decided for good names the applicant as it is now.
        for each in undecided(require(filing)):
            save_application(each, projection.applications[str(each.pk)])
    if entry.new is not None:
        save_revision(*entry.new, entry.request.materials or {})
    return event


def _record_lateness_before(entry: Entry) -> None:
    """Records an overdue decision before the act itself, when the sweep has not recorded it yet."""
    application = require(entry.application)
    is_recorded = entry.act is Act.RECORD_LATENESS or application.late_desk
    if is_recorded or not application_clock.is_running(application):
        return
    moment = entry.at
    if entry.act is Act.NOTICE_DELIVERED:
        moment = events.delivered_at_of(entry.payload)
    if application_clock.is_overdue(application, at=moment):
        append(Entry(Act.RECORD_LATENESS, at=entry.at, application=application, filing=entry.filing))


def undecided(filing: Filing) -> Iterable[Application]:
    """The applications about a locked filing that may still be decided, locked as well."""
    states = [state.value for state in UNDECIDED_STATES]
    return Application.objects.select_for_update().filter(filing=filing, state__in=states).order_by("pk")


def require(value: Value | None) -> Value:
    """The value, which this step must have. Raises RegisterIncomplete."""
    if value is None:
        raise RegisterIncomplete("row_incomplete")
    return value
