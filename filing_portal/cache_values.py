"""How values are written into the cache: as JSON, so that who can write to Redis cannot have code run here."""

from __future__ import annotations

import json
from typing import Any


class JsonSerializer:
    """For Django's Redis cache. Raises TypeError for a value that JSON cannot hold."""

    def dumps(self, value: Any) -> int | bytes:
        # Redis counts up whole numbers itself, so they are left as they are.
        return value if type(value) is int else json.dumps(value, separators=(",", ":")).encode()

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)
