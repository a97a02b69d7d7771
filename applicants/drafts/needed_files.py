"""The files that a filing needs, by kind of applicant, as the forms will ask for them: made from the table of slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.labels import particulars as particular_words
from registry.rules.particulars import APPLICANT_SLOTS, Slot, slots
from registry.rules.particulars.attachments import (
    MAX_FILE_MEGABYTES,
    MAX_TOTAL_MEGABYTES,
    related_licence_slot,
)
from registry.rules.particulars.definitions import HEIC, JPEG, PDF, PNG, TIFF, UPLOAD_TYPES, WEBP
from registry.rules.particulars.form_version import new_materials
from registry.rules.particulars.service import RELATED_LICENCE_KINDS
from registry.storage.checks.limits import MAX_PAGES

_RELATED_LICENCES = frozenset(related_licence_slot(kind) for kind in RELATED_LICENCE_KINDS)
_TYPE_NAMES: Mapping[str, str] = {
    PDF: "PDF",
    JPEG: "JPEG",
    PNG: "PNG",
    HEIC: "HEIC",
    WEBP: "WebP",
    TIFF: "TIFF",
}

# What the first questions of the form tell apart, as far as files depend on it.
_KINDS: tuple[tuple[Promise, Mapping[str, Any]], ...] = (
    (
        gettext_lazy("Enterprise"),
        {"nature": "organisation", "organisation_type": "enterprise"},
    ),
    (
        gettext_lazy("State organ, public institution or social organisation"),
        {"nature": "organisation", "organisation_type": "public_institution"},
    ),
    (
        gettext_lazy("Individual"),
        {"nature": "individual"},
    ),
)


@dataclass(frozen=True, slots=True)
class NeededFile:
    """A file to have at hand."""

    label: str
    help_text: str
    max_files: int


@dataclass(frozen=True, slots=True)
class NeededOfKind:
    """What one kind of applicant needs beside what everybody needs."""

    label: Promise
    files: tuple[NeededFile, ...]


@dataclass(frozen=True, slots=True)
class NeededFiles:
    """What everybody needs, what each kind of applicant needs, and what some answers make necessary."""

    by_all: tuple[NeededFile, ...]
    by_kind: tuple[NeededOfKind, ...]
    sometimes: tuple[NeededFile, ...]


def needed_files() -> NeededFiles:
    """Every file that may be asked for, in the order of the upload page."""
    required = {label: _required(applicant) for label, applicant in _KINDS}
    common = [slot for slot in slots() if all(slot in each for each in required.values())]
    sometimes = [
        _file(slot)
        for slot in slots()
        if slot.name not in APPLICANT_SLOTS and slot not in common and slot.key not in _RELATED_LICENCES
    ]
    most = max(slot.max_files for slot in slots() if slot.key in _RELATED_LICENCES)
    licences = NeededFile(_("Related licences"), _("A scan of each licence that you name."), most)
    return NeededFiles(
        by_all=tuple(_file(slot) for slot in common),
        by_kind=tuple(
            NeededOfKind(label, tuple(_file(slot) for slot in needed if slot not in common))
            for label, needed in required.items()
        ),
        sometimes=(*sometimes, licences),
    )


def file_limits() -> dict[str, Any]:
    """The limits that an upload is held to, for the pages that say them beforehand."""
    return {
        "types": [name for each, name in _TYPE_NAMES.items() if each in UPLOAD_TYPES],
        "file_megabytes": MAX_FILE_MEGABYTES,
        "total_megabytes": MAX_TOTAL_MEGABYTES,
        "pages": MAX_PAGES,
    }


def _required(applicant: Mapping[str, Any]) -> list[Slot]:
    """The slots that an applicant of this kind fills whatever its service is."""
    materials = {**new_materials(), "applicant": dict(applicant)}
    return [slot for slot in slots() if slot.applies(materials) and slot.required(materials)]


def _file(slot: Slot) -> NeededFile:
    label, help_text = particular_words.label_of(slot.key), particular_words.help_of(slot.key)
    return NeededFile(str(label), str(help_text), slot.max_files)
