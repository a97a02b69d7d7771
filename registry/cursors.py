"""Cursors for lists in pages: the last row of a page, after which the next page begins."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Position:
    """The moment and id of the row after which a page begins."""

    at: datetime
    event_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.event_id}"

    @classmethod
    def parse(cls, text: str) -> Position | None:
        """The position written as a text; None when the text is no position."""
        at, separator, event_id = text.rpartition("_")
        try:
            moment = datetime.fromisoformat(at)
            return cls(moment, uuid.UUID(event_id)) if separator and moment.tzinfo else None
        except ValueError:
            return None
