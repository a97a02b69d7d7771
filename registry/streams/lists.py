"""Appends acts to the stream of a batch list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.models import Event
from registry.rules.batches.fold import ListEventRecord, ListRow, fold_list
from registry.rules.batches.lifecycle import ListAct
from registry.rules.workflow.events import known_form
from registry.rules.workflow.states import Role, StreamKind
from registry.streams import writer
from registry.streams.chain import events_of


def append(
    list_id: uuid.UUID,
    act: ListAct,
    payload: Mapping[str, Any],
    *,
    actor_id: uuid.UUID | None,
    role: Role,
    at: datetime,
) -> tuple[Event, ListRow]:
    """Appends an act, with its effects; gives the event and the row as it is after it. Call with the list locked.

    Raises what the fold raises for a step that the table does not know.
    """
    history = list(events_of(list_id))
    event = writer.append(
        StreamKind.BATCH_LIST,
        list_id,
        act.value,
        payload,
        actor_id=actor_id,
        role=role,
        at=at,
        after=history[-1] if history else None,
    )
    return event, fold_list(list_event_record(each) for each in (*history, event))


def list_event_record(event: Event) -> ListEventRecord:
    """The event as input of the fold."""
    return ListEventRecord(
        sequence=event.sequence,
        act=ListAct(event.act),
        at=event.at,
        actor_id=None if event.actor_id is None else str(event.actor_id),
        payload=known_form(event.payload, version=event.version),
    )
