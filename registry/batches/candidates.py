"""What a list may name: every filing with the standing that its kind announces, up to the last day, and in no list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from registry import clock
from registry.models import BatchEntry, Filing
from registry.rules.batches.corrections import Correction
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind, ListOrder
from registry.rules.codes.jurisdictions import province_code_of

_ONE_DAY = timedelta(days=1)
# The day on which a filing came to the standing that a kind of list announces.
_ENDED_ON: Mapping[ListKind, str] = {
    ListKind.CANCELLED: "cancelled_on",
    ListKind.STRUCK_OFF: "struck_off_on",
}
_READ = (
    "pk",
    "applicant_id",
    "number",
    "applicant_name",
    "service_name",
    "division_code",
    "numbered_at",
    "opened_at",
    "end_ground",
    *_ENDED_ON.values(),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A filing that a list may name, by the columns a list prints; of a corrigendum, what it corrects."""

    filing_id: uuid.UUID
    applicant_id: uuid.UUID
    number: str
    applicant_name: str
    service_name: str
    province_code: str
    numbered_at: datetime
    ended_on: date | None = None
    end_ground: str = ""
    correction: Correction | None = None


def unlisted(kind: ListKind, *, cut_off_on: date, order: ListOrder) -> list[Candidate]:
    """What a list of a kind may name up to and on a day in China, in order.

    Of filings those in force whose number was issued by then, of endings those that ended by then, listed or not.
    """
    listed = BatchEntry.objects.filter(filing=OuterRef("pk"), kind=kind.value)
    found = Filing.objects.filter(~Exists(listed), _known_by(kind, cut_off_on), standing=kind.standing)
    return in_order(_candidates(found, kind), order)


def still_standing(kind: ListKind, ids: Sequence[uuid.UUID], *, locks: bool) -> list[Candidate]:
    """Those of the filings that still have the standing of the kind, in this order.

    With `locks` they are locked in the order of their ids, until the transaction ends.
    """
    filings = Filing.objects.filter(pk__in=ids, standing=kind.standing).order_by("pk")
    if locks:
        filings = filings.select_for_update(no_key=True, of=("self",))
    found = _candidates(filings, kind)
    by_id = {each.filing_id: each for each in found}
    return [by_id[key] for key in ids if key in by_id]


def as_today(kind: ListKind, ids: Sequence[uuid.UUID]) -> list[Candidate]:
    """The filings of these ids as a list prints them today, in this order, whatever their standing is."""
    found = {each.filing_id: each for each in _candidates(Filing.objects.filter(pk__in=ids), kind)}
    return [found[key] for key in ids if key in found]


def in_order(candidates: Sequence[Candidate], order: ListOrder) -> list[Candidate]:
    """Candidates as a list prints them.

    By province the code's order holds, within a province and by applicant the services of one applicant stand
    together where its first one stands; otherwise it is the order in which the numbers were issued.
    """
    by_number = sorted(candidates, key=lambda each: (each.numbered_at, each.number))
    if order is ListOrder.NUMBERED:
        return by_number
    first: dict[uuid.UUID, int] = {}
    for position, each in enumerate(by_number):
        first.setdefault(each.applicant_id, position)
    if order is ListOrder.APPLICANT:
        return sorted(by_number, key=lambda each: first[each.applicant_id])
    return sorted(by_number, key=lambda each: (each.province_code, first[each.applicant_id]))


def as_rows(candidates: Sequence[Candidate], *, first: int = 1) -> list[PublishedRow]:
    """Candidates as a list prints them, numbered from `first`."""
    return [
        PublishedRow(
            position=position,
            applicant_name=each.applicant_name,
            service_name=each.service_name,
            number=each.number,
            province_code=each.province_code,
            ended_on=each.ended_on,
            end_ground=each.end_ground,
            correction=each.correction,
        )
        for position, each in enumerate(candidates, start=first)
    ]


def changed_since(
    kind: ListKind,
    proposed: Mapping[uuid.UUID, str],
    *,
    cut_off_on: date,
    held_back: Sequence[uuid.UUID],
) -> tuple[list[str], list[Candidate]]:
    """The proposed numbers that cannot be listed any more, and what a list composed now would name beside them."""
    now = unlisted(kind, cut_off_on=cut_off_on, order=ListOrder.NUMBERED)
    names = {each.filing_id for each in now}
    gone = [number for key, number in proposed.items() if key not in names]
    return gone, [each for each in now if each.filing_id not in proposed and each.filing_id not in held_back]


def _known_by(kind: ListKind, day: date) -> Q:
    if kind is ListKind.FILINGS:
        return Q(numbered_at__lt=clock.start_of(day + _ONE_DAY))
    return Q(**{f"{_ENDED_ON[kind]}__lte": day})


def _candidates(found: QuerySet[Filing], kind: ListKind) -> list[Candidate]:
    return [
        Candidate(
            filing_id=row["pk"],
            applicant_id=row["applicant_id"],
            number=row["number"] or "",
            applicant_name=row["applicant_name"],
            service_name=row["service_name"],
            province_code=province_code_of(row["division_code"] or ""),
            numbered_at=row["numbered_at"] or row["opened_at"],
            ended_on=row[_ENDED_ON[kind]] if kind in _ENDED_ON else None,
            end_ground=row["end_ground"] if kind is ListKind.STRUCK_OFF else "",
        )
        for row in found.values(*_READ)
    ]
