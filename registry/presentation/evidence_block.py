"""The files of evidence as `includes/evidence_files.html` takes them: how far each is, and another in its place."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.labels.refusal_words import REFUSAL_MESSAGES
from registry.models import EvidenceFile
from registry.presentation.evidence_field import ReplacementForm
from registry.presentation.file_rows import asking_again, evidence_row

AddressOf = Callable[[uuid.UUID], str]


def nowhere(_file_id: uuid.UUID) -> str:
    """No address: what it would lead to is not offered."""
    return ""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a file is opened, replaced and read once more, by its id; the page itself, and the element of its files.

    The page is asked again for that element while a file is being read; without an element it is loaded by hand.
    """

    page: str
    element: str = ""
    opens: AddressOf = nowhere
    replaces: AddressOf = nowhere
    reads_again: AddressOf = nowhere


@dataclass(frozen=True, slots=True)
class EvidenceBlock:
    """Rows, whether one is being read, and a form for each file that could not be read and may be replaced."""

    page: str
    element: str
    rows: list[dict[str, Any]]
    is_reading: bool
    replacements: list[dict[str, Any]]
    sent: ReplacementForm | None = field(default=None)


def evidence_block(
    files: Iterable[EvidenceFile],
    at: Addresses,
    *,
    notes: Mapping[uuid.UUID, str] | None = None,
    sent: Mapping[uuid.UUID, ReplacementForm] | None = None,
) -> EvidenceBlock:
    """The block of these files. `notes` stand beside their files; `sent` are forms that were refused, by their files.

    Where the element is taken anew while a file is read no form stands in it: a file that was being chosen would be
    lost.
    """
    found, sent = list(files), sent or {}
    is_reading = any(file.is_waiting for file in found)
    goes_on = is_reading and bool(at.element)
    rows = [
        evidence_row(
            file,
            url=at.opens(file.pk),
            try_again_url=at.reads_again(file.pk) if file.has_readings_left else "",
        )
        | {"note": (notes or {}).get(file.pk) or _nothing_left(file, at)}
        for file in found
    ]
    if goes_on:
        rows = asking_again(rows, poll_url=at.page, poll_list=at.element)
    replacements = [
        {
            "name": file.name,
            "form": sent.get(file.pk) or ReplacementForm(file_id=file.pk),
            "url": at.replaces(file.pk),
        }
        for file in found
        if file.is_refused and file.has_replacements_left and at.replaces(file.pk) and not goes_on
    ]
    refused = next(iter(sent.values()), None)
    return EvidenceBlock(at.page, at.element, rows, is_reading, replacements, refused)


def _nothing_left(file: EvidenceFile, at: Addresses) -> str:
    """What is said of a file that could not be read, and whose place takes no other any more."""
    if not file.is_refused or file.has_replacements_left or not at.replaces(file.pk):
        return ""
    return str(REFUSAL_MESSAGES["evidence_replacements_left"])
