"""The texts of objections: what an objector states, what the applicant was sent, and what it answers."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from registry.models import Objection, ObjectionPart
from registry.rules.workflow.sealed import Sealed
from registry.storage import sealed_texts


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
    return sealed_texts.seal(ObjectionPart(objection_id=objection_id, kind=kind.value), content)


def statement_content(statement: Statement) -> dict[str, Any]:
    """The content of the part STATEMENT."""
    return asdict(statement)


def statement_of(objection: Objection) -> Statement | None:
    """What the objector states; None once it is erased."""
    content = sealed_texts.content_of(_part(objection, ObjectionPart.Kind.STATEMENT))
    return None if content is None else Statement(**content)


def text_of(objection: Objection, kind: ObjectionPart.Kind) -> str:
    """What the applicant was sent or answered; empty when there is none or it is erased."""
    return sealed_texts.text_of(_part(objection, kind))


def _part(objection: Objection, kind: ObjectionPart.Kind) -> ObjectionPart | None:
    return ObjectionPart.objects.filter(objection=objection, kind=kind.value).first()
