"""Appends an act to a stream of any kind but a filing's, whose events the ledger itself makes with their rows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.models import Event
from registry.rules.workflow.events import FIRST_VERSION
from registry.rules.workflow.states import Role, StreamKind
from registry.streams import effects
from registry.streams.chain import put_last


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
