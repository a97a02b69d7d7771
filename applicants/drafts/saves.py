"""Counts the saves of each part of a draft, and detects a save from an outdated page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from applicants.models import Draft
from registry.errors import OutOfDate


def is_stale(draft: Draft, section: str, *, version: int, window: str, is_autosave: bool) -> bool:
    """Whether another page has saved this part since `version`; an autosave of the same page does not count."""
    if version == draft.version_of(section):
        return False
    saved = draft.section_saves.get(section, {})
    return not (window and saved.get("window") == window and not is_autosave)


def saved_meanwhile(draft: Draft, section: str, saved: Mapping[str, Any]) -> OutOfDate:
    """The error for a stale save, with the stored answers."""
    moment = draft.section_saves.get(section, {}).get("at")
    return OutOfDate(
        "draft_saved_meanwhile",
        version=draft.version_of(section),
        saved=saved,
        at=datetime.fromisoformat(moment) if moment else draft.saved_at,
    )


def count_save(
    draft: Draft, section: str, *, at: datetime, window: str = "", also: Iterable[str] = ()
) -> None:
    """Counts a save of one part of the draft, made from the page `window`.

    `also` are the other parts that it saved something of, so that their pages are outdated as well.
    """
    draft.version += 1
    draft.saved_at = at
    counted = {
        each: {"version": draft.version_of(each) + 1, "window": window, "at": at.isoformat()}
        for each in (section, *also)
    }
    draft.section_saves = {**draft.section_saves, **counted}
