"""Serializes cache values as JSON: unlike pickle, a manipulated value in Redis cannot run code."""

from __future__ import annotations

import json
from typing import Any


class JsonSerializer:
    """A JSON serializer for Django's Redis cache. Raises TypeError for a value that JSON cannot hold."""

    def dumps(self, value: Any) -> int | bytes:
        # Redis increments integers itself, so they are stored as they are.
        return value if type(value) is int else json.dumps(value, separators=(",", ":")).encode()

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)
