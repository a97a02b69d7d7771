"""Appends acts to the stream of an objection."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.models import Event
from registry.rules.objections.fold import ObjectionEventRecord, ObjectionRow, fold_objection
from registry.rules.objections.lifecycle import ObjectionAct
from registry.rules.workflow.events import known_form
from registry.rules.workflow.states import Role, StreamKind
from registry.streams import writer
from registry.streams.chain import events_of


def append(
    objection_id: uuid.UUID,
    act: ObjectionAct,
    payload: Mapping[str, Any],
    *,
    actor_id: uuid.UUID | None,
    role: Role,
    applicant_id: uuid.UUID,
    province_code: str,
    at: datetime,
) -> tuple[Event, ObjectionRow]:
    """Appends an act, with its effects; gives the event and the row as it is after it. Call with the objection locked.

    Raises what the fold raises for a step that the table does not know.
    """
    history = list(events_of(objection_id))
    event = writer.append(
        StreamKind.OBJECTION,
        objection_id,
        act.value,
        payload,
        actor_id=actor_id,
        role=role,
        at=at,
        applicant_id=applicant_id,
        province_code=province_code,
        after=history[-1] if history else None,
    )
    return event, fold_objection(objection_event_record(each) for each in (*history, event))


def objection_event_record(event: Event) -> ObjectionEventRecord:
    """The event as input of the fold."""
    return ObjectionEventRecord(
        sequence=event.sequence,
        act=ObjectionAct(event.act),
        at=event.at,
        actor_id=None if event.actor_id is None else str(event.actor_id),
        payload=known_form(event.payload, version=event.version),
    )
