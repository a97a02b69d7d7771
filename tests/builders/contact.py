"""Contact notes on cases, written by the real act."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from registry import clock
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.storage import evidence
from review.contacts.contacts import Noted, note_contact
from review.models import ContactNote
from tests.builders.register import MORNING, Cast


def called(cast: Cast, case: SampleCase, *, at: datetime = MORNING) -> ContactNote:
    """A telephone call that the province's reviewer noted, with a file."""
    scan = SimpleUploadedFile("sample.png", walk.sample_scan("contact"), "image/png")
    noted = Noted(
        kind=ContactNote.Kind.PHONE,
        on=clock.china_date(at),
        with_whom="样例联系人",
        place="样例地点",
        content="样例：已说明情况。",
        result="样例：一致。",
        files=evidence.take([scan]),
    )
    return note_contact(case.application, noted, officer=cast.provincial, at=at)
