"""Contact notes and notes of site visits: an office's working papers, on a case and on its applicant.

They decide nothing, so they are no events: like internal notes they belong to the office that wrote them. A province
reads its own, the national office all. A row is never changed: a correction is a new note that names the one before,
and a note has one correction at most.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from registry import clock
from registry.book.locks import lock_row
from registry.errors import FilingError, NotFound
from registry.models import Account, Application
from registry.rules.visible_text import clean, is_visible
from registry.storage.evidence import EvidenceStore, Unread
from review.access import Office, office_of
from review.desk.claims import note_activity
from review.models import ContactFile, ContactNote

# On the page of a case, of the notes on the applicant's other cases.
MOST_SHOWN = 20
CONTACT_FILES = EvidenceStore("CONTACT_ROOT", ContactFile._meta.db_table, ContactFile)


class ContactRefused(FilingError):
    """The note was not written; the code says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What is noted: how and when there was contact, with whom, and what was said, or seen and found."""

    kind: ContactNote.Kind
    on: date
    content: str
    with_whom: str = ""
    place: str = ""
    officers: str = ""
    result: str = ""
    files: Sequence[Unread] = ()

    def words_on(self, application: Application) -> str:
        """All that it says of the case, in one text: what is sent again after a change is another note."""
        words = (self.kind, self.on, self.content, self.with_whom, self.place, self.officers, self.result)
        return "\x1f".join(map(str, (application.pk, *words)))


@transaction.atomic
def note_contact(
    application: Application,
    noted: Noted,
    *,
    officer: Account,
    at: datetime,
    corrects: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    sender: str = "",
) -> ContactNote:
    """Adds a note, also to a closed case or one at another desk; the same words with one `key` are added once.

    `corrects` is the note of the own office whose place it takes. Raises ContactRefused, NotFound, AttachmentRefused,
    StorageFull.
    """
    lock_row(Application, application.pk)
    new_id = uuid.uuid4() if key is None else uuid.uuid5(officer.pk, f"{key} {noted.words_on(application)}")
    found = ContactNote.objects.filter(pk=new_id, officer=officer).first()
    if found is not None:
        return found
    before = None if corrects is None else own_note(application, corrects, officer)
    if before is not None and ContactNote.objects.filter(corrects=before).exists():
        raise ContactRefused("contact_corrected_meanwhile")
    if not is_visible(noted.content):
        raise ContactRefused("contact_without_content")
    if noted.on > clock.china_date(at):
        raise ContactRefused("contact_in_future")
    note = ContactNote(
        pk=new_id,
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        office=office_of(officer).value,
        kind=noted.kind.value,
        on=noted.on,
        officers=clean(noted.officers, line_breaks=False),
        corrects=before,
        officer=officer,
        noted_at=at,
    )
    note.with_whom = clean(noted.with_whom, line_breaks=False)
    note.place = clean(noted.place, line_breaks=False)
    note.content = clean(noted.content, line_breaks=True)
    note.result = clean(noted.result, line_breaks=True)
    note.save(force_insert=True)
    note_activity(application, officer=officer, at=at)
    CONTACT_FILES.take_in(
        [(uuid.uuid4(), file) for file in noted.files],
        act_of=note.pk,
        uploaded_by=officer,
        sender=sender,
        at=at,
        note=note,
    )
    return note


@dataclass(frozen=True, slots=True)
class Shown:
    """A note with its files, the note that corrects it, if one does, and whether it is of the officer's office."""

    note: ContactNote
    files: tuple[ContactFile, ...]
    corrected_by: ContactNote | None
    is_own: bool


def notes_on(application: Application, officer: Account) -> list[Shown]:
    """The notes on a case that the officer may read, the latest contact first."""
    return _shown(_readable(officer).filter(application=application), officer)


@dataclass(frozen=True, slots=True)
class OfApplicant:
    """The notes on other cases of an applicant: how many there are, and the latest MOST_SHOWN of them."""

    count: int
    latest: list[Shown]


def notes_on_applicant(application: Application, officer: Account) -> OfApplicant:
    """The notes on other cases of the applicant that the officer may read, the latest contact first."""
    of_applicant = _readable(officer).filter(applicant_id=application.applicant_id)
    others = of_applicant.exclude(application=application)
    return OfApplicant(others.count(), _shown(others, officer, most=MOST_SHOWN))


def own_note(application: Application, note_id: uuid.UUID, officer: Account) -> ContactNote:
    """A note of the officer's own office on a case. Raises NotFound."""
    found = _readable(officer).filter(application=application, pk=note_id, office=office_of(officer).value)
    note = found.first()
    if note is None:
        raise NotFound("contact_unknown")
    return note


def file_of(note_id: uuid.UUID, file_id: uuid.UUID, officer: Account) -> ContactFile:
    """A file of a note that the officer may read. Raises NotFound."""
    readable = _readable(officer).filter(pk=note_id)
    file = ContactFile.objects.select_related("attachment").filter(pk=file_id, note__in=readable).first()
    if file is None:
        raise NotFound("file_unknown")
    return file


def _readable(officer: Account) -> QuerySet[ContactNote]:
    notes = ContactNote.objects.select_related("officer", "application__filing")
    if office_of(officer) is Office.PROVINCE:
        notes = notes.filter(office=Office.PROVINCE.value, province_code=officer.province_code)
    return notes


def _shown(notes: QuerySet[ContactNote], officer: Account, *, most: int | None = None) -> list[Shown]:
    found = list(notes.order_by("-on", "-noted_at", "-id")[:most])
    files: dict[uuid.UUID, list[ContactFile]] = defaultdict(list)
    for file in _files_of(found):
        files[file.note_id].append(file)
    later = {
        each.corrects_id: each
        for each in ContactNote.objects.filter(corrects__in=[each.pk for each in found])
    }
    own = office_of(officer).value
    return [
        Shown(each, tuple(files[each.pk]), later.get(each.pk), is_own=each.office == own) for each in found
    ]


def _files_of(notes: Iterable[ContactNote]) -> QuerySet[ContactFile]:
    of = ContactFile.objects.filter(note__in=[each.pk for each in notes])
    return of.select_related("attachment").order_by("note", "position")
