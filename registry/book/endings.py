"""How filings in force end: cancelled on their day, or struck off by the office; what is open about them is closed."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from registry import clock
from registry.book.act_request import Actor
from registry.book.appending import Entry, append, undecided
from registry.book.locks import lock_row, lock_rows
from registry.models import Event, Filing
from registry.rules.workflow import events
from registry.rules.workflow.events import StruckOff
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import PUBLIC_STANDINGS, Act, Kind, Standing


@transaction.atomic
def take_effect(filing_id: uuid.UUID, *, at: datetime | None = None) -> Event | None:
    """Cancels a filing whose approved end of service has come (Art. 11); None when it is not due."""
    at = at or clock.now()
    filing = lock_row(Filing, filing_id)
    today = clock.china_date(at)
    if filing.standing != Standing.IN_FORCE or filing.ends_on is None or filing.ends_on > today:
        return None
    payload = events.effect_taken(cancelled_on=filing.ends_on)
    return append(Entry(Act.TAKE_EFFECT, at=at, filing=filing, payload=payload))


@transaction.atomic
def strike_off(filing_id: uuid.UUID, struck: StruckOff, *, actor: Actor, at: datetime | None = None) -> Event:
    """Strikes off a filing in force, closes the applications about it, and notes it in its successor's stream.

    Only `registry.endings` calls this, in the transaction of a confirmed proceeding. Raises NotFound,
    TransitionNotAllowed ("filing_in_force", "successor_in_register").
    """
    at = at or clock.now()
    successor_id = _successor_of(filing_id, struck)
    locked = lock_rows(Filing, [filing_id] if successor_id is None else [filing_id, successor_id])
    filing = locked.get(filing_id)
    if filing is None or filing.standing != Standing.IN_FORCE:
        raise TransitionNotAllowed("filing_in_force", act=Act.STRIKE_OFF.value)
    for application in undecided(filing):
        application.filing = filing
        append(Entry(Act.CLOSE_BY_STRIKING_OFF, at=at, application=application, filing=filing))
    event = append(Entry(Act.STRIKE_OFF, at=at, filing=filing, actor=actor, payload=struck.as_payload()))
    if successor_id is not None:
        payload = events.predecessor_noted(number=str(filing.number))
        append(Entry(Act.NOTE_PREDECESSOR, at=at, filing=locked[successor_id], payload=payload))
    return event


def _successor_of(filing_id: uuid.UUID, struck: StruckOff) -> uuid.UUID | None:
    if struck.successor_number is None:
        return None
    found = Filing.objects.filter(
        number=struck.successor_number, standing__in=[each.value for each in PUBLIC_STANDINGS]
    )
    successor_id = found.exclude(pk=filing_id).values_list("pk", flat=True).first()
    if successor_id is None:
        raise TransitionNotAllowed("successor_in_register", act=Act.STRIKE_OFF.value)
    return successor_id


def close_open_changes(filing: Filing, *, at: datetime) -> None:
    """Closes the open changes of a filing, because its cancellation is submitted."""
    for change in undecided(filing):
        if change.kind != Kind.CHANGE:
            continue
        change.filing = filing
        append(Entry(Act.CLOSE_BY_CANCELLATION, at=at, application=change, filing=filing))
