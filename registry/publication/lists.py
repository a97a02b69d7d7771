"""The public batch lists: the only queries behind their pages, the API and the record's line about its list.

A list is public once it is shown, and never before: what is proposed, confirmed or frozen is nobody's to read here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from registry.clock import china_date
from registry.models import BatchEntry, BatchFile, BatchList
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind, ListState
from registry.rules.workflow.states import Standing

ENTRIES_A_PAGE = 100
_PUBLIC = [state.value for state in PUBLIC_STATES]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicList:
    """A list as it was published. `announcement` is Chinese; `objections_until` is the day first announced.

    An imported one was published elsewhere: its window is not known here, and it has no announcement and no files.
    """

    kind: ListKind
    number: int
    state: ListState
    dated_on: date
    published_at: datetime
    objections_until: date | None
    final_on: date | None
    count: int
    announcement: str
    is_imported: bool

    @property
    def published_on(self) -> date:
        """The day in China on which it was shown."""
        return china_date(self.published_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEntry:
    """One row of a list as it was printed, and where its filing stands today."""

    position: int
    number: str
    applicant_name: str
    service_name: str
    province_code: str
    standing: Standing
    end_ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """One file of a list, with the digest and size of the bytes that are served."""

    format: str
    sha256: str
    size_bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries in the order of the list; `total` counts all that match, over `pages` pages from 1."""

    entries: tuple[PublicEntry, ...]
    total: int
    page: int
    pages: int


def public_lists(kind: ListKind = ListKind.FILINGS, *, most: int | None = None) -> tuple[PublicList, ...]:
    """The published lists of a kind, the latest number first."""
    return tuple(_list(row) for row in _shown(kind).order_by("-number")[:most])


def lists_numbered(first: int, last: int, kind: ListKind = ListKind.FILINGS) -> tuple[PublicList, ...]:
    """The published lists with the numbers from `first` to `last`, both inclusive, the latest first."""
    found = _shown(kind).filter(number__gte=first, number__lte=last)
    return tuple(_list(row) for row in found.order_by("-number"))


def public_list(number: int, kind: ListKind = ListKind.FILINGS) -> PublicList | None:
    """The published list with this number, or None."""
    row = _shown(kind).filter(number=number).first()
    return None if row is None else _list(row)


def entries_of(shown: PublicList, *, text: str = "", page: int = 1, size: int = ENTRIES_A_PAGE) -> EntryPage:
    """One page of a list's entries, all or those whose names or number contain the text; a page too far is the last."""
    found = _entries(shown)
    for word in text.split():
        found = found.filter(
            Q(applicant_name__icontains=word) | Q(service_name__icontains=word) | Q(number__icontains=word)
        )
    total = found.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = found.select_related("filing").only(*_READ)[(page - 1) * size : page * size]
    return EntryPage(tuple(_entry(row) for row in rows), total, page, pages)


def provinces_of(shown: PublicList) -> list[tuple[str, int]]:
    """How many entries each province has, by the abbreviation of their numbers; the most first, then by code."""
    counted = Counter(_entries(shown).order_by().values_list("province_code", flat=True))
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def files_of(shown: PublicList) -> tuple[PublicFile, ...]:
    """The files of a list, in the order in which pages offer them."""
    order = list(BatchFile.Format.values)
    found = BatchFile.objects.filter(
        batch_list__kind=shown.kind.value, batch_list__number=shown.number, batch_list__state__in=_PUBLIC
    )
    return tuple(
        PublicFile(format=each.format, sha256=each.sha256, size_bytes=each.size_bytes, rows=each.rows)
        for each in sorted(found, key=lambda each: order.index(each.format))
    )


def list_number_of_filing() -> Subquery:
    """The number of the published list that names a filing, for an annotation of filings; null until one does."""
    naming = BatchEntry.objects.filter(
        filing=OuterRef("pk"), kind=ListKind.FILINGS.value, batch_list__state__in=_PUBLIC
    )
    return Subquery(naming.values("batch_list__number")[:1])


_READ = (
    "position",
    "number",
    "applicant_name",
    "service_name",
    "province_code",
    "filing__standing",
    "filing__end_ground",
)


def _shown(kind: ListKind) -> QuerySet[BatchList]:
    return BatchList.objects.filter(kind=kind.value, state__in=_PUBLIC)


def _entries(shown: PublicList) -> QuerySet[BatchEntry]:
    found = BatchEntry.objects.filter(
        batch_list__kind=shown.kind.value, batch_list__number=shown.number, batch_list__state__in=_PUBLIC
    )
    return found.order_by("position")


def _list(row: BatchList) -> PublicList:
    if row.number is None or row.dated_on is None or row.published_at is None:
        raise ValueError(f"batch list {row.pk} is public without being published")
    return PublicList(
        kind=ListKind(row.kind),
        number=row.number,
        state=ListState(row.state),
        dated_on=row.dated_on,
        published_at=row.published_at,
        objections_until=row.objections_until,
        final_on=china_date(row.final_at) if row.final_at else None,
        count=row.count or 0,
        announcement=row.announcement,
        is_imported=row.is_imported,
    )


def _entry(row: BatchEntry) -> PublicEntry:
    return PublicEntry(
        position=row.position,
        number=row.number,
        applicant_name=row.applicant_name,
        service_name=row.service_name,
        province_code=row.province_code,
        standing=Standing(row.filing.standing),
        end_ground=row.filing.end_ground,
    )
