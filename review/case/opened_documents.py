"""The documents of a case with who had them open: beside each section, and as a list for heads."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.presentation.materials import PresentedRow
from review.access import Office
from review.case.documents import Document
from review.case.evidence import proofs_of
from review.desk.document_openings import Opened


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """One document of the case with who had which pages of it open; nobody where there is nothing."""

    document: Document
    openings: tuple[Opened, ...]

    @property
    def page_count(self) -> int:
        return self.document.file.page_count


@dataclass(frozen=True, slots=True)
class SectionDocuments:
    """How many of the documents that a section is examined with an office had open."""

    opened: int
    total: int


def opened_documents(
    documents: Iterable[Document], openings: Mapping[str, tuple[Opened, ...]]
) -> list[OpenedDocument]:
    """The documents in their order, each with its openings."""
    return [OpenedDocument(each, openings.get(each.file.id, ())) for each in documents]


def unopened(
    documents: Iterable[OpenedDocument], office: Office, *, wanted: Container[str]
) -> list[OpenedDocument]:
    """The documents in these slots that nobody of the office had open."""
    return [
        each
        for each in documents
        if each.document.slot in wanted and all(opened.office is not office for opened in each.openings)
    ]


def documents_of_section(
    rows: Iterable[PresentedRow],
    materials: Mapping[str, Any],
    openings: Mapping[str, tuple[Opened, ...]],
    office: Office,
) -> SectionDocuments:
    """Of the files in these rows, and those that prove these rows, how many the office had open."""
    files = {
        file_id
        for row in rows
        for file_id in (
            *(file.id for file in row.files),
            *(proof.file_id for proof in proofs_of(row.key, materials)),
        )
    }
    seen = {file_id for file_id in files for opened in openings.get(file_id, ()) if opened.office is office}
    return SectionDocuments(len(seen), len(files))
