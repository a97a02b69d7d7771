"""An office that told the recipient of a notice itself: the form it fills in, and the note with a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from registry import clock
from registry.models import Account, Notice, Telling
from registry.notices.tellings import Told, note_told_by_office
from registry.sample import walk
from registry.storage import evidence


def telling(officer: Account, *, at: datetime, **changed: str) -> dict[str, str]:
    """The form of a telephone call of this moment, as a browser sends it."""
    day = at.astimezone(clock.CHINA)
    called = {
        "told_on": day.strftime("%Y-%m-%d"),
        "told_time": day.strftime("%H:%M"),
        "told_by": str(officer.pk),
        "told_to": "样例前台",
        "how": "phone",
        "tracking_number": "",
        "note": "样例：已电话告知。",
    }
    return called | changed


def receipt() -> SimpleUploadedFile:
    """The receipt of the post, as a picture."""
    return SimpleUploadedFile("sample.png", walk.sample_scan("receipt"), "image/png")


def told(
    notice: Notice, officer: Account, *, at: datetime, files: Sequence[SimpleUploadedFile] = ()
) -> Telling:
    """A note of a letter, with these files, or the receipt of the post."""
    by_post = Told(
        how=Notice.ToldHow.POST, note="样例：已挂号寄出。", to="样例收件人", tracking_number="XA12345678911"
    )
    return note_told_by_office(notice, by_post, by=officer, at=at, files=evidence.take(files or [receipt()]))
