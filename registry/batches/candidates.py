"""What a list may name: everything in force that no list has named, up to the last day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from registry import clock
from registry.models import BatchEntry, Filing
from registry.rules.batches.lifecycle import ListKind, ListOrder
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.workflow.states import Standing

_ONE_DAY = timedelta(days=1)
_READ = (
    "pk",
    "applicant_id",
    "number",
    "applicant_name",
    "service_name",
    "division_code",
    "numbered_at",
    "opened_at",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A filing that a list may name, by the columns a list prints."""

    filing_id: uuid.UUID
    applicant_id: uuid.UUID
    number: str
    applicant_name: str
    service_name: str
    province_code: str
    numbered_at: datetime


def unlisted(*, cut_off_on: date, order: ListOrder) -> list[Candidate]:
    """The filings in force whose number was issued up to and on a day in China, and that no list names; in order."""
    listed = BatchEntry.objects.filter(filing=OuterRef("pk"), kind=ListKind.FILINGS.value)
    found = Filing.objects.filter(
        ~Exists(listed),
        standing=Standing.IN_FORCE.value,
        numbered_at__lt=clock.start_of(cut_off_on + _ONE_DAY),
    )
    return in_order(_candidates(found), order)


def still_in_force(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Candidate]:
    """Those of the filings that are in force, by id; locked until the transaction ends, in the order of their ids."""
    locked = Filing.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids)
    found = _candidates(locked.filter(standing=Standing.IN_FORCE.value).order_by("pk"))
    return {each.filing_id: each for each in found}


def named(ids: Sequence[uuid.UUID]) -> list[Candidate]:
    """The filings of these ids as a list prints them today, in this order, whether they are in force or not."""
    found = {each.filing_id: each for each in _candidates(Filing.objects.filter(pk__in=ids))}
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


def changed_since(
    proposed: Mapping[uuid.UUID, str], *, cut_off_on: date, held_back: Sequence[uuid.UUID]
) -> tuple[list[str], list[Candidate]]:
    """The proposed numbers that are no longer in force, and what a list composed now would name beside them."""
    now = unlisted(cut_off_on=cut_off_on, order=ListOrder.NUMBERED)
    names = {each.filing_id for each in now}
    gone = [number for key, number in proposed.items() if key not in names]
    return gone, [each for each in now if each.filing_id not in proposed and each.filing_id not in held_back]


def _candidates(found: QuerySet[Filing]) -> list[Candidate]:
    return [
        Candidate(
            filing_id=filing_id,
            applicant_id=applicant_id,
            number=number or "",
            applicant_name=applicant_name,
            service_name=service_name,
            province_code=province_code_of(division_code or ""),
            numbered_at=numbered_at or opened_at,
        )
        for (
            filing_id,
            applicant_id,
            number,
            applicant_name,
            service_name,
            division_code,
            numbered_at,
            opened_at,
        ) in found.values_list(*_READ)
    ]
