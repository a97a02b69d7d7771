"""What an objector, the office and the applicant write: sealed apart from the events, which hold a commitment to it.

Erasing a part leaves the chain whole, and nobody can test guesses against the events.
"""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from registry.encryption import commitment
from registry.models import Objection, ObjectionPart
from registry.rules.objections.events import Sealed
from registry.rules.workflow.hash_chain import canonical_json

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an objector states. `contact` is a mobile in E.164 or an e-mail address; empty only for one by post."""

    name: str
    contact: str
    facts: str


def prepare(
    objection_id: uuid.UUID, kind: ObjectionPart.Kind, content: dict[str, Any]
) -> tuple[ObjectionPart, Sealed]:
    """An unsaved part, and what the event holds of it."""
    text, key = canonical_json(content), secrets.token_bytes(_KEY_BYTES)
    part = ObjectionPart(objection_id=objection_id, kind=kind.value)
    part.content = text.decode()
    part.commitment_key = base64.b64encode(key).decode()
    return part, Sealed(str(part.pk), commitment(text, key=key))


def is_as_sealed(part: ObjectionPart, sealed: Sealed) -> bool:
    """Whether a part is the one that the event recorded."""
    key = base64.b64decode(part.commitment_key)
    return str(part.pk) == sealed.part and commitment(part.content.encode(), key=key) == sealed.commitment


def statement_content(statement: Statement) -> dict[str, Any]:
    """The content of the part STATEMENT."""
    return asdict(statement)


def text_content(text: str) -> dict[str, Any]:
    """The content of the parts QUESTION and ANSWER."""
    return {"text": text}


def statement_of(objection: Objection) -> Statement | None:
    """What the objector states; None once it is erased."""
    content = _content(objection, ObjectionPart.Kind.STATEMENT)
    return None if content is None else Statement(**content)


def text_of(objection: Objection, kind: ObjectionPart.Kind) -> str:
    """What the applicant was sent or answered; empty when there is none or it is erased."""
    content = _content(objection, kind)
    return "" if content is None else str(content["text"])


def _content(objection: Objection, kind: ObjectionPart.Kind) -> dict[str, Any] | None:
    part = ObjectionPart.objects.filter(objection=objection, kind=kind.value).first()
    return None if part is None else json.loads(part.content)
