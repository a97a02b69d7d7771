"""Canonical JSON and the chain of hashes that binds each event to the one before it (SHA-256)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = "0" * 64


# Values that hold no others: most of what is hashed, passed over without a call for each.
_PLAIN = frozenset({str, int, bool, type(None)})
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: object) -> bytes:
    """The one byte form of a JSON value: keys sorted, no white space, UTF-8. Floats are refused."""
    _refuse_floats(value)
    return _ENCODER.encode(value).encode()


def content_digest(value: object) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal characters."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def event_hash(fields: Mapping[str, Any], *, previous_hash: str) -> str:
    """The hash of an event, over all its fields and the hash of the event before it in its stream."""
    return content_digest({**fields, "previous_hash": previous_hash})


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no canonical form")
    items: Iterable[object] = ()
    if isinstance(value, dict | Mapping):
        items = value.values()
    elif isinstance(value, list | tuple):
        items = value
    for item in items:
        if type(item) not in _PLAIN:
            _refuse_floats(item)
