"""The list of reveals for auditors: who viewed which masked value, when and why; never the value itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from registry.presentation.trails import within_days
from review.models import PersonalDataReveal


@dataclass(frozen=True, slots=True)
class RevealFilter:
    """The filter of the list; days are China dates, both inclusive."""

    first_on: date | None = None
    last_on: date | None = None
    officer_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class RevealLine:
    """One reveal as the auditor sees it; `key` is the particular that was revealed."""

    id: uuid.UUID
    at: datetime
    officer_name: str
    province_code: str
    receipt_number: str
    key: str
    revision_number: int
    reason: str


def reveals_within(narrowed: RevealFilter) -> QuerySet[PersonalDataReveal]:
    """The reveals that match the filter, with the columns of a `RevealLine`."""
    reveals = PersonalDataReveal.objects.select_related("officer", "application").only(
        "at",
        "province_code",
        "key",
        "revision_number",
        "reason",
        "officer__name",
        "application__receipt_number",
    )
    reveals = within_days(reveals, narrowed.first_on, narrowed.last_on)
    if narrowed.officer_id is not None:
        reveals = reveals.filter(officer_id=narrowed.officer_id)
    return reveals


def line_of(reveal: PersonalDataReveal) -> RevealLine:
    """The reveal as the auditor sees it."""
    return RevealLine(
        id=reveal.pk,
        at=reveal.at,
        officer_name=reveal.officer.name,
        province_code=reveal.province_code,
        receipt_number=reveal.application.receipt_number,
        key=reveal.key,
        revision_number=reveal.revision_number,
        reason=reveal.reason,
    )
