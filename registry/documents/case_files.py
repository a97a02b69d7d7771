"""The case file: a whole application as one document, with particulars, files, rounds and timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import override

from registry.book.application_details import details_of
from registry.book.in_force import materials_before_change
from registry.book.revisions import get_revision, materials_of
from registry.deadlines.case_standing import standing_of
from registry.documents.issuing import issue
from registry.documents.printing import LANGUAGE, render
from registry.documents.receipts import digest_shown
from registry.errors import RegisterIncomplete
from registry.labels import particulars as words
from registry.labels.act_words import whole_application, whole_case
from registry.labels.states import label_of
from registry.models import Application, Event, IssuedDocument
from registry.notices.subject import filings_touched, subject_of
from registry.presentation.comparison import changes_between
from registry.presentation.materials import REVEAL_EVERYTHING, PresentedFile, present_file, sections_about
from registry.presentation.rounds import rounds_of
from registry.presentation.timeline import timeline
from registry.rules.particulars import slots
from registry.rules.particulars.materials import files_of
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Kind


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file of the case, with its full SHA-256 and the short form of it.

    `said` is what the pages say of it: its signatures, a line each, and the files that it carried.
    """

    slot: str
    name: str
    page_count: int
    size_bytes: int
    digest: str
    short_digest: str
    said: tuple[str, ...] = ()
    names_somebody: bool = False


def own_case(application: Application) -> IssuedDocument:
    """The case file for the applicant, with all values unmasked. Raises StorageFull."""
    row, event = at_latest_event(application)
    return issue(IssuedDocument.Kind.OWN_CASE, event, lambda: case_file(row, for_office=False))


def office_case(application: Application) -> IssuedDocument:
    """The case file for the office: personal values masked, officers named. Raises StorageFull."""
    row, event = at_latest_event(application)
    return issue(IssuedDocument.Kind.OFFICE_CASE, event, lambda: case_file(row, for_office=True))


def case_file(application: Application, *, for_office: bool) -> bytes:
    """The case file as PDF."""
    with override(LANGUAGE):
        materials = materials_of(get_revision(application.pk, application.revision_number))
        kind, reveal = Kind(application.kind), () if for_office else REVEAL_EVERYTHING
        sections = sections_about(kind, materials, reveal=reveal, on=application.received_on)
        asked, before = details_of(application, materials), materials_before_change(application)
        context = {
            "application": application,
            "title": (whole_case if for_office else whole_application)(kind).paper,
            "subject": subject_of(application),
            "for_office": for_office,
            "kind_label": label_of(kind),
            "standing": standing_of(application),
            "number": application.filing.number if application.filing is not None else None,
            "asked": asked,
            "changes": []
            if before is None
            else changes_between(
                before, materials, reveal=reveal, on=application.received_on, days=asked.days
            ),
            "touched": filings_touched(application),
            "sections": [section for section in sections if section.key != "attachments"],
            "files": (files := _files(kind, materials)),
            "names_somebody": any(each.names_somebody for each in files),
            "rounds": rounds_of(application),
            "timeline": timeline(application, internal=for_office),
        }
        return render("documents/case.html", context)


@transaction.atomic
def at_latest_event(application: Application) -> tuple[Application, Event]:
    """The application and its latest event, consistent with each other: every act locks the application first."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).select_related("filing")
    row = rows.get(pk=application.pk)
    event = Event.objects.filter(application=row).order_by("sequence").last()
    if event is None:
        raise RegisterIncomplete("row_without_events", application=str(row.pk))
    return row, event


def _said_of(file: PresentedFile) -> tuple[str, ...]:
    lines = [line.text for line in file.signatures.lines]
    if file.carried:
        lines.append(f"该 PDF 内嵌的其他文件已被剔除，不随本文件提交：{file.carried}。")
    return tuple(lines)


def _files(kind: Kind, materials: dict[str, Any]) -> list[ListedFile]:
    return [
        ListedFile(
            slot=str(words.label_of(slot.key)),
            name=str(entry.get("name", "")),
            page_count=int(entry.get("page_count") or 1),
            size_bytes=int(entry.get("size_bytes") or 0),
            digest=str(entry.get("sha256", "")),
            short_digest=digest_shown(str(entry.get("sha256", ""))),
            said=_said_of(shown := present_file(entry)),
            names_somebody=shown.signatures.names_somebody,
        )
        for slot in slots()
        if is_about(kind, slot.key)
        for entry in files_of(materials, slot.key)
    ]
