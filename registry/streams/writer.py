"""Appends an act to a stream of any kind but a filing's, whose events the ledger itself makes with their rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from registry.models import Event
from registry.rules.workflow.act_table import ActRecord, AnyAct
from registry.rules.workflow.events import FIRST_VERSION, known_form
from registry.rules.workflow.states import Role, StreamKind
from registry.streams import effects
from registry.streams.chain import events_of, put_last, text_of_id

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

AnyRow = TypeVar("AnyRow", bound=models.Model)


def append(
    kind: StreamKind,
    stream_id: uuid.UUID,
    act: str,
    payload: Mapping[str, Any],
    *,
    actor_id: uuid.UUID | None,
    role: Role | str,
    at: datetime,
    province_code: str = "",
    applicant_id: uuid.UUID | None = None,
    after: Event | None = None,
    event_id: uuid.UUID | None = None,
) -> Event:
    """Appends an act, with what it calls for; call with the row locked that the stream belongs to.

    `province_code` is empty for what is the nation's. `after` is the last event, for a caller that has read the
    stream; `event_id` is for an act that has been given one before.
    """
    event = Event(
        id=event_id or uuid.uuid4(),
        stream_kind=kind.value,
        stream_id=stream_id,
        applicant_id=applicant_id,
        province_code=province_code,
        act=act,
        at=at,
        actor_id=actor_id,
        actor_role=str(role),
        version=FIRST_VERSION,
        payload=dict(payload),
    )
    put_last(event, after=after)
    event.save(force_insert=True)
    effects.insert_for(event)
    return event


def append_folded(
    row: AnyRow,
    kind: StreamKind,
    act: AnyAct,
    payload: Mapping[str, Any],
    fold: Callable[[Iterable[ActRecord[AnyAct]]], DataclassInstance],
    *,
    actor_id: uuid.UUID | None,
    role: Role,
    at: datetime,
    province_code: str = "",
    applicant_id: uuid.UUID | None = None,
) -> AnyRow:
    """Appends an act as `append` does, to the stream that a row folds, and saves the row as it is after it.

    Raises what the fold raises for a step that its table does not know.
    """
    history = list(events_of(row.pk))
    event = append(
        kind,
        row.pk,
        act.value,
        payload,
        actor_id=actor_id,
        role=role,
        at=at,
        province_code=province_code,
        applicant_id=applicant_id,
        after=history[-1] if history else None,
    )
    folded = fold(act_record(each, type(act)) for each in (*history, event))
    for name, value in column_values(folded).items():
        setattr(row, name, value)
    row.save(force_insert=row._state.adding)
    return row


def act_record(event: Event, acts: type[AnyAct]) -> ActRecord[AnyAct]:
    """The event as input of a fold. Raises FilingError for a payload in a form that is not known."""
    return ActRecord(
        sequence=event.sequence,
        act=acts(event.act),
        at=event.at,
        actor_id=text_of_id(event.actor_id),
        payload=known_form(event.payload, version=event.version),
    )


def column_values(row: DataclassInstance) -> dict[str, Any]:
    """A folded row as values of its table's columns."""
    values = {each.name: getattr(row, each.name) for each in fields(row)}
    return {
        name: uuid.UUID(value)
        if name.endswith("_id") and value is not None
        else getattr(value, "value", value)
        for name, value in values.items()
    }
