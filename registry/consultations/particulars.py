"""The particulars of a case that may go along with a question, and how they read on the letter and on its page.

What was chosen is kept in the words of the letter, in Chinese, sealed with the question: whoever is asked inside the
portal reads these words, and nothing is read from the case for them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import override

from registry.book.held_facts import materials_as_of
from registry.documents.printing import LANGUAGE
from registry.labels import particulars as words
from registry.models import Application
from registry.presentation.materials import PresentedRow, Section, sections_about
from registry.rules.workflow.states import Kind


@dataclass(frozen=True, slots=True)
class Particular:
    """One particular that went along: its key, its words on the letter, and whether part of it is masked there."""

    key: str
    text: str
    is_masked: bool = False

    @property
    def label(self) -> str:
        """What the particular is called, in the language of the page."""
        return str(words.label_of(self.key))

    def as_content(self) -> dict[str, Any]:
        """The particular as plain JSON values."""
        return asdict(self)


def sections_to_choose(application: Application, *, reveal: Collection[str] = ()) -> list[Section]:
    """What a case says, by section, in the active language: no files, and nothing that is empty.

    What identifies a person or leads to one is masked unless `reveal` contains its key.
    """
    found = sections_about(
        Kind(application.kind),
        materials_as_of(application),
        reveal=reveal,
        on=application.received_on,
    )
    for section in found:
        section.rows = [row for row in section.rows if _may_go(row)]
    return [section for section in found if section.rows]


def chosen(application: Application, keys: Collection[str], *, in_full: Collection[str]) -> list[Particular]:
    """The chosen particulars in the order of the form and in Chinese; those of `in_full` are not masked.

    A key that is not to be chosen is left out.
    """
    with override(LANGUAGE):
        return [
            Particular(row.key, _on_letter(row), row.is_masked)
            for section in sections_to_choose(application, reveal=in_full)
            for row in section.rows
            if row.key in keys
        ]


def _on_letter(row: PresentedRow) -> str:
    """The answer as a letter gives it: of what has several parts, such as a website, each on a line with its name."""
    if not row.groups:
        return row.text
    return "\n".join(f"{part.label}：{part.value}" for group in row.groups for part in group if part.value)


def _may_go(row: PresentedRow) -> bool:
    return row.kind != "files" and bool(row.text.strip())
