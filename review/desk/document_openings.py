"""Which pages of which documents officers had before them on a case: kept with it, so that a head can sample.

A page counts when somebody goes to it in the viewer beside the particulars. The page that comes with the case was asked
for by nobody: it counts once it has been in view for some seconds, or when its document is chosen. A document that is
downloaded or opened in its own window is not counted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from registry.models import Account, Application
from review.access import Office, office_of
from review.models import DocumentOpening


@dataclass(frozen=True, slots=True)
class Opened:
    """The pages of one document that an officer had before him or her, and when the first and the last of them."""

    name: str
    office: Office
    pages: str
    first_at: datetime
    last_at: datetime


def note_page(
    application: Application, officer: Account, *, file_id: uuid.UUID, page_number: int, at: datetime
) -> None:
    """Records that the officer has this page of a file before him or her; the first time alone is kept."""
    opening = DocumentOpening(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        office=office_of(officer).value,
        officer=officer,
        file_id=file_id,
        page_number=page_number,
        at=at,
    )
    DocumentOpening.objects.bulk_create([opening], ignore_conflicts=True)


def openings_on(application: Application, officer: Account) -> dict[str, tuple[Opened, ...]]:
    """Who had which pages of the case's files before them, by file and officer, as far as this officer may know.

    A province knows its own; the nation knows both offices'.
    """
    rows = DocumentOpening.objects.filter(application=application).select_related("officer").order_by("at")
    if office_of(officer) is Office.PROVINCE:
        rows = rows.filter(office=Office.PROVINCE.value, province_code=officer.province_code)
    made: dict[tuple[str, uuid.UUID], list[DocumentOpening]] = {}
    for row in rows:
        made.setdefault((str(row.file_id), row.officer_id), []).append(row)
    found: dict[str, tuple[Opened, ...]] = {}
    for (file_id, _officer), of_one in made.items():
        opened = Opened(
            name=of_one[0].officer.name,
            office=Office(of_one[0].office),
            pages=page_ranges(each.page_number for each in of_one),
            first_at=of_one[0].at,
            last_at=of_one[-1].at,
        )
        found[file_id] = (*found.get(file_id, ()), opened)
    return found


def page_ranges(numbers: Iterable[int]) -> str:
    """Page numbers in order, each once, with runs drawn together: "1–3, 5"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
