"""The documents of a case as the viewer beside the particulars shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.presentation.materials import PresentedFile, present_file
from registry.rules.particulars import slots
from registry.rules.particulars.materials import files_of
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Kind


def view_url(file_id: str, page: int = 1) -> str:
    """The address of the case page with this file and page in the viewer; works without scripts."""
    return "?" + urlencode({"file": file_id, "page": page}) + "#documents"


class ViewedFile(PresentedFile):
    """A file whose name opens it in the viewer; the viewer offers the original."""

    @property
    def url(self) -> str:
        return view_url(self.id)


def viewed(file: PresentedFile) -> ViewedFile:
    """The file with a link that opens it in the viewer."""
    return ViewedFile(**{each.name: getattr(file, each.name) for each in fields(PresentedFile)})


@dataclass(frozen=True, slots=True)
class ViewedPage:
    """One page of a file: its picture, and the case page that shows it."""

    number: int
    url: str
    picture_url: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the materials, with the slot it was submitted in."""

    label: Promise
    slot: str
    file: PresentedFile
    is_shown: bool

    @property
    def url(self) -> str:
        return view_url(self.file.id)


@dataclass(frozen=True, slots=True)
class DocumentViewer:
    """The document viewer: all documents, one of them open at a page."""

    documents: list[Document]
    shown: Document | None
    page: ViewedPage | None
    pages: list[ViewedPage]

    @property
    def page_count(self) -> int:
        return len(self.pages)

    def shows(self, file_id: str, page_number: int | None) -> bool:
        """Whether this page of this file is what is shown, and not another in its place."""
        is_file = self.shown is not None and self.shown.file.id == file_id
        return is_file and self.page is not None and self.page.number == page_number


def viewer_of(
    kind: Kind, materials: Mapping[str, Any], *, file_id: str = "", page_number: int = 1
) -> DocumentViewer:
    """The viewer with the documents that an application of this kind is about, open at the requested page or the first.

    They are in the order of the forms.
    """
    concerned = [slot for slot in slots() if is_about(kind, slot.key)]
    entries = [(slot, entry) for slot in concerned for entry in files_of(materials, slot.key)]
    ids = [str(entry.get("id", "")) for _slot, entry in entries]
    place = ids.index(file_id) if file_id in ids else 0
    documents = [
        Document(words.label_of(slot.key), slot.key, present_file(entry), index == place)
        for index, (slot, entry) in enumerate(entries)
    ]
    if not documents:
        return DocumentViewer([], None, None, [])
    shown = documents[place]
    pages = [
        ViewedPage(each["number"], view_url(shown.file.id, each["number"]), each["picture_url"])
        for each in shown.file.pages
    ]
    page = pages[page_number - 1] if 1 <= page_number <= len(pages) else pages[0]
    return DocumentViewer(documents, shown, page, pages)
