"""Appends acts to the stream of an applicant's members."""

from __future__ import annotations

import uuid
from datetime import datetime

from registry.models import Account, Event
from registry.rules.members.events import MembershipFacts
from registry.rules.workflow.events import FIRST_VERSION
from registry.rules.workflow.states import StreamKind
from registry.streams.chain import put_last


def append(
    applicant_id: uuid.UUID,
    act: str,
    facts: MembershipFacts,
    *,
    actor: Account,
    province_code: str,
    at: datetime,
    event_id: uuid.UUID | None = None,
) -> Event:
    """Appends an act; call with the applicant locked. `event_id` is for an act that has been given one before."""
    event = Event(
        id=event_id or uuid.uuid4(),
        stream_kind=StreamKind.MEMBERSHIP.value,
        stream_id=applicant_id,
        applicant_id=applicant_id,
        province_code=province_code,
        act=act,
        at=at,
        actor=actor,
        actor_role=actor.role,
        version=FIRST_VERSION,
        payload=facts.as_payload(),
    )
    put_last(event)
    event.save(force_insert=True)
    return event
