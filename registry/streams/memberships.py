"""Appends acts to the stream of an applicant's members."""

from __future__ import annotations

import uuid
from datetime import datetime

from registry.models import Account, Event
from registry.rules.members.events import MembershipFacts
from registry.rules.workflow.states import StreamKind
from registry.streams import writer


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
    return writer.append(
        StreamKind.MEMBERSHIP,
        applicant_id,
        act,
        facts.as_payload(),
        actor_id=actor.pk,
        role=actor.role,
        at=at,
        province_code=province_code,
        applicant_id=applicant_id,
        event_id=event_id,
    )
