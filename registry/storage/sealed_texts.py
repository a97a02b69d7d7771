"""Texts that people write, sealed apart from the events, which hold a commitment to them.

Erasing a text leaves the chain whole, and nobody can test guesses against the events.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any, TypeVar

from registry.encryption import commitment
from registry.models import SealedText
from registry.rules.workflow.hash_chain import canonical_json
from registry.rules.workflow.sealed import Sealed

_KEY_BYTES = 32

AnyText = TypeVar("AnyText", bound=SealedText)


def seal(row: AnyText, content: dict[str, Any]) -> tuple[AnyText, Sealed]:
    """The unsaved row with its content and the key of its commitment, and what the event holds of it."""
    text, key = canonical_json(content), secrets.token_bytes(_KEY_BYTES)
    row.content = text.decode()
    row.commitment_key = base64.b64encode(key).decode()
    return row, Sealed(str(row.pk), commitment(text, key=key))


def is_as_sealed(row: SealedText, sealed: Sealed) -> bool:
    """Whether a text is the one that the event recorded."""
    key = base64.b64decode(row.commitment_key)
    return str(row.pk) == sealed.part and commitment(row.content.encode(), key=key) == sealed.commitment


def content_of(row: SealedText | None) -> dict[str, Any] | None:
    """What a text holds; None when there is none or it is erased."""
    return None if row is None else json.loads(row.content)


def text_of(row: SealedText | None) -> str:
    """A text that is nothing but text; empty when there is none or it is erased."""
    content = content_of(row)
    return "" if content is None else str(content["text"])


def text_content(text: str) -> dict[str, Any]:
    """The content of a text that is nothing but text."""
    return {"text": text}
