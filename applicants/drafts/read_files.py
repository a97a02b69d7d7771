"""What the decoder did meanwhile with the files of a draft: nobody tells the draft, so it asks when it is opened.

A file that was not read yet has no pages. In a slot for one file it names those that stand back for it: they are gone
once it was read, and come back once it was refused. A refused file stands in no draft; the slot's page shows it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from applicants.models import Draft
from registry.models import Attachment
from registry.storage import attachments

STANDING_BACK = "standing_back"


def is_unread(entry: Mapping[str, Any]) -> bool:
    """Whether the decoder had not read this file when the draft was last saved."""
    return not entry.get("page_count")


def has_unread(materials: Mapping[str, Any]) -> bool:
    """Whether a file of the materials waits for the decoder."""
    return any(is_unread(entry) for entries in materials["attachments"].values() for entry in entries)


def read_entries(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Of these files the ones that were read; for one that was not, those that stand back for it."""
    return [
        dict(each)
        for entry in entries
        for each in (entry.get(STANDING_BACK, ()) if is_unread(entry) else (entry,))
    ]


def without_file(entries: Iterable[Mapping[str, Any]], file_id: uuid.UUID) -> list[dict[str, Any]]:
    """These files without one of them; what stood back for it comes back."""
    return [
        dict(each)
        for entry in entries
        for each in (entry.get(STANDING_BACK, ()) if entry["id"] == str(file_id) else (entry,))
    ]


def take_read_files(drafts: Iterable[Draft]) -> None:
    """Puts what is known now of files that were not read into these drafts; nothing is saved before the drafts are."""
    unread = {each.pk: each for each in drafts if has_unread(each.materials)}
    if not unread:
        return
    ids = {
        entry["id"]
        for draft in unread.values()
        for entries in draft.materials["attachments"].values()
        for entry in entries
        if is_unread(entry)
    }
    rows = {str(each.pk): each for each in Attachment.objects.filter(pk__in=ids)}
    for draft in unread.values():
        materials = draft.materials
        superseded: set[str] = set()
        for name, entries in materials["attachments"].items():
            materials["attachments"][name] = [
                each for entry in entries for each in _as_read(entry, rows, superseded)
            ]
        materials["attachments"] = {name: files for name, files in materials["attachments"].items() if files}
        draft.materials = materials
        draft.superseded_files |= superseded


def _as_read(
    entry: dict[str, Any], rows: Mapping[str, Attachment], superseded: set[str]
) -> list[dict[str, Any]]:
    row = rows.get(entry["id"])
    if not is_unread(entry) or (row is not None and row.state == Attachment.State.WAITING):
        return [entry]
    standing_back = entry.get(STANDING_BACK, [])
    # One that is gone was refused, and went when another was chosen.
    if row is None or row.state == Attachment.State.REFUSED:
        return [dict(each) for each in standing_back]
    superseded |= {each["id"] for each in standing_back}
    return [attachments.entry_of(row)]
