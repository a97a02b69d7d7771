"""Appends acts of an office to the stream of what they are about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from registry.models import Account, Event
from registry.rules.office.events import OfficeAct, OfficeFacts, OfficeSubject, office_stream
from registry.rules.visible_text import clean
from registry.rules.workflow.states import Role, StreamKind
from registry.streams import writer


def record(
    act: OfficeAct,
    subject: OfficeSubject,
    key: uuid.UUID | str,
    *,
    by: Account | None,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    province_code: str = "",
) -> Event:
    """Appends an act with how its subject stood before and after; call with the subject's row locked.

    `by` is None for what the portal or a command on the server does. Values are plain JSON. Two acts at once about a
    subject without a row end in IntegrityError for the second.
    """
    facts = OfficeFacts(
        subject=subject,
        key=str(key),
        before=before or {},
        after=after or {},
        reason=clean(reason, line_breaks=True),
    )
    return writer.append(
        StreamKind.OFFICE,
        office_stream(subject, facts.key),
        act.value,
        facts.as_payload(),
        actor_id=by.pk if by is not None else None,
        role=by.role if by is not None else Role.SYSTEM,
        at=at,
        province_code=province_code,
    )
