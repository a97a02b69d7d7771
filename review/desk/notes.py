"""Internal notes on a case: for colleagues, never for the applicant.

A note belongs to the office that wrote it and cannot be edited or deleted. A province reads its own notes; the
national office reads all, because it is responsible for the whole decision. Notes are not events: no trail or export
includes them.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from registry.errors import FilingError
from registry.models import Account, Application
from registry.rules.substance import has_words
from registry.rules.visible_text import clean
from review.access import Office, office_of
from review.desk.claims import note_activity
from review.models import WorkingNote

NOTE_LENGTH = 2000


class NoteRefused(FilingError):
    """The note was not written; the code says why."""


def notes_on(application: Application, officer: Account) -> QuerySet[WorkingNote]:
    """The notes on a case that this officer may read, newest first."""
    notes = WorkingNote.objects.filter(application=application).select_related("officer")
    if office_of(officer) is Office.PROVINCE:
        notes = notes.filter(office=Office.PROVINCE.value)
    return notes.order_by("-written_at", "-id")


@transaction.atomic
def write_note(application: Application, text: str, *, officer: Account, at: datetime) -> WorkingNote:
    """Adds a note, also to a closed case or one at another desk. Raises NoteRefused."""
    text = clean(text, line_breaks=True)[:NOTE_LENGTH]
    if not has_words(text):
        raise NoteRefused("note_without_text")
    written = WorkingNote.objects.create(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        office=office_of(officer).value,
        officer=officer,
        text=text,
        written_at=at,
    )
    note_activity(application, officer=officer, at=at)
    return written
