"""The list of reveals for auditors: who viewed which masked value, when and why; never the value itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from registry import clock
from registry.cursors import Position
from review.models import PersonalDataReveal

PAGE_SIZE = 50


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


def page_of_reveals(
    narrowed: RevealFilter, after: Position | None
) -> tuple[list[RevealLine], Position | None]:
    """One page of reveals, newest first, and the position of the next page, None on the last."""
    reveals = _reveals(narrowed)
    if after is not None:
        reveals = reveals.filter(Q(at__lt=after.at) | Q(at=after.at, id__lt=after.event_id))
    lines = [_line(reveal) for reveal in reveals[: PAGE_SIZE + 1]]
    shown = lines[:PAGE_SIZE]
    return shown, Position(shown[-1].at, shown[-1].id) if len(lines) > PAGE_SIZE else None


def all_reveals(narrowed: RevealFilter) -> Iterator[RevealLine]:
    """All reveals that match the filter, newest first, read in chunks."""
    return (_line(reveal) for reveal in _reveals(narrowed).iterator(chunk_size=500))


def _reveals(narrowed: RevealFilter) -> QuerySet[PersonalDataReveal]:
    reveals = PersonalDataReveal.objects.select_related("officer", "application").only(
        "at",
        "province_code",
        "key",
        "revision_number",
        "reason",
        "officer__name",
        "application__receipt_number",
    )
    if narrowed.first_on is not None:
        reveals = reveals.filter(at__gte=clock.start_of(narrowed.first_on))
    if narrowed.last_on is not None:
        reveals = reveals.filter(at__lt=clock.start_of(narrowed.last_on + timedelta(days=1)))
    if narrowed.officer_id is not None:
        reveals = reveals.filter(officer_id=narrowed.officer_id)
    return reveals.order_by("-at", "-id")


def _line(reveal: PersonalDataReveal) -> RevealLine:
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
