"""Whole numbers, ids and moments as forms and addresses bring them, which anybody may write as they like."""

from __future__ import annotations

import uuid
from datetime import datetime

# What every column for a count or a version can be compared with.
_MOST_DIGITS = 9


def posted_count(text: object) -> int | None:
    """The number that these ASCII digits write; None for anything else, and for more than nine digits."""
    is_count = isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(str(text)) if is_count else None


def posted_version(text: object) -> int:
    """The version or revision that a page was made from; for anything else 0, which nothing saved has."""
    return posted_count(text) or 0


def posted_id(text: str) -> uuid.UUID | None:
    """The id that a form or an address brings; None for anything that is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def posted_moment(text: str) -> datetime | None:
    """The moment that a page brings back as `clock.iso_instant` wrote it; None for anything that is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
