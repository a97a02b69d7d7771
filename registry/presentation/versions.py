"""The versions of a text that an office edits, as `includes/versions.html` shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One saved version; without words it went back to the shipped text."""

    number: int
    changed_at: datetime
    changed_by: str
    words: str
    heading: str = ""
    text_message: str = ""
