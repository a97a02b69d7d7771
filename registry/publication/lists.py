"""The public lists: the only queries behind their pages, the API and the record's lines about its lists.

A list is public once it is shown, and never before: what is proposed, confirmed or frozen is nobody's to read here.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from registry.clock import china_date
from registry.models import BatchEntry, BatchFile, BatchList, Filing
from registry.publication.search import Criteria, matching
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind, ListState
from registry.rules.workflow.states import Standing

ENTRIES_A_PAGE = 100
_PUBLIC = [state.value for state in PUBLIC_STATES]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicList:
    """A list as it was published. `announcement` is Chinese; `objections_until` is the day first announced.

    Nobody objects to a list of endings or a corrigendum: it has no such day. An imported one was published elsewhere:
    its window is not known here, and it has no announcement and no files.
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
class PublicCorrection:
    """What a corrigendum in public says of an entry; `column` "entry" is its withdrawal."""

    corrigendum: int
    position: int
    column: CorrectedColumn
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEntry:
    """One row of a list as it was printed, where its filing stands today, and what corrigenda say of the row."""

    row: PublishedRow
    standing: Standing
    end_ground: str
    corrections: tuple[PublicCorrection, ...]

    @property
    def number(self) -> str:
        return self.row.number

    @property
    def position(self) -> int:
        return self.row.position

    @property
    def corrected_by(self) -> list[int]:
        """The numbers of the corrigenda that correct or withdraw it."""
        return sorted({each.corrigendum for each in self.corrections})


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
    """One page of a list's entries, all or those whose filings the search of the register finds by the text.

    A page too far is the last.
    """
    found = _entries(shown)
    if text.strip():
        found = found.filter(filing__in=matching(Filing.objects.all(), Criteria(text=text)))
    pages = Paginator(found.select_related("filing", "corrects__batch_list"), size)
    shown_page = pages.get_page(max(1, page))
    rows = list(shown_page.object_list)
    corrections = corrections_of(row.pk for row in rows)
    entries = tuple(_entry(row, corrections) for row in rows)
    return EntryPage(entries, pages.count, shown_page.number, pages.num_pages)


def position_of(number: str) -> int | None:
    """The place of a filing in the published list that names it; None where none does, or it was withdrawn from it."""
    withdrawals = BatchEntry.objects.filter(
        corrects=OuterRef("pk"), column=CorrectedColumn.ENTRY.value, batch_list__state__in=_PUBLIC
    )
    found = BatchEntry.objects.filter(
        ~Exists(withdrawals),
        kind=ListKind.FILINGS.value,
        filing__number=number,
        batch_list__state__in=_PUBLIC,
    )
    return found.values_list("position", flat=True).first()


def corrections_of(entries: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[PublicCorrection]]:
    """What corrigenda in public say of entries, by the entry's id; the first corrigendum first."""
    found = BatchEntry.objects.filter(corrects__in=list(entries), batch_list__state__in=_PUBLIC)
    by_entry: dict[uuid.UUID, list[PublicCorrection]] = defaultdict(list)
    for each in found.select_related("batch_list").order_by("batch_list__number", "position"):
        if each.corrects_id is not None:
            by_entry[each.corrects_id].append(_correction(each))
    return by_entry


def corrections_of_filing(number: str) -> list[PublicCorrection]:
    """What corrigenda in public say of the entries of a filing, the first corrigendum first."""
    found = BatchEntry.objects.filter(
        kind=ListKind.CORRIGENDA.value, filing__number=number, batch_list__state__in=_PUBLIC
    )
    ordered = found.select_related("batch_list").order_by("batch_list__number", "position")
    return [_correction(each) for each in ordered]


def corrigenda_of(shown: PublicList) -> list[tuple[int, int]]:
    """The corrigenda that say something of a list's entries, by number, and of how many entries each."""
    found = BatchEntry.objects.filter(
        corrects__batch_list__kind=shown.kind.value,
        corrects__batch_list__number=shown.number,
        batch_list__state__in=_PUBLIC,
    )
    counted = found.values("batch_list__number").annotate(entries=Count("corrects", distinct=True))
    return [
        (row["batch_list__number"] or 0, row["entries"]) for row in counted.order_by("batch_list__number")
    ]


def rows_of_corrigenda(numbers: Iterable[int]) -> dict[int, list[PublishedRow]]:
    """The rows of corrigenda in public, by the corrigendum's number."""
    found = BatchEntry.objects.filter(
        kind=ListKind.CORRIGENDA.value, batch_list__number__in=list(numbers), batch_list__state__in=_PUBLIC
    )
    by_number: dict[int, list[PublishedRow]] = defaultdict(list)
    for each in found.select_related("batch_list", "corrects__batch_list").order_by("position"):
        by_number[each.batch_list.number or 0].append(each.row)
    return by_number


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


def list_number_of_filing(*kinds: ListKind) -> RawSQL:
    """The number of the published list of these kinds that names a filing, for an annotation; null until one does.

    Every search asks for it twice: written once, it costs none of the time in which a query is put together.
    """
    of_kinds, states = ", ".join(["%s"] * len(kinds)), ", ".join(["%s"] * len(_PUBLIC))
    return RawSQL(  # noqa: S611  # nosec B611
        "SELECT list.number FROM registry_batchentry AS entry"  # noqa: S608  # nosec B608
        " JOIN registry_batchlist AS list ON list.id = entry.batch_list_id"
        " WHERE entry.filing_id = registry_filing.id"
        f" AND entry.kind IN ({of_kinds}) AND list.state IN ({states}) LIMIT 1",
        [*(kind.value for kind in kinds), *_PUBLIC],
        IntegerField(),
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


def _entry(row: BatchEntry, corrections: Mapping[uuid.UUID, Sequence[PublicCorrection]]) -> PublicEntry:
    return PublicEntry(
        row=row.row,
        standing=Standing(row.filing.standing),
        end_ground=row.filing.end_ground,
        corrections=tuple(corrections.get(row.pk, ())),
    )


def _correction(row: BatchEntry) -> PublicCorrection:
    return PublicCorrection(
        corrigendum=row.batch_list.number or 0,
        position=row.position,
        column=CorrectedColumn(row.column),
        before=row.before,
        after=row.after,
        reason=row.reason,
    )
