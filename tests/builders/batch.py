"""Batch lists carried through the real acts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from registry import clock
from registry.batches import lists, publishing
from registry.batches.corrections import Wanted
from registry.batches.lists import Composition
from registry.book.act_request import Actor
from registry.book.in_force import materials_in_force
from registry.models import BatchEntry, BatchList, Filing
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ListKind, ListOrder
from registry.rules.workflow.states import Act, Kind
from registry.sample import walk
from tests.builders import register as build
from tests.builders.register import MORNING, Cast

# A Tuesday, some days after the numbers of the builders were issued.
LISTING = datetime(2026, 3, 10, 2, 0, tzinfo=MORNING.tzinfo)
ANNOUNCEMENT = "根据规定，现公布样例清单。\n任何单位和个人如有疑议，可以自公布之日起10个工作日内提出。"


def filings_in_force(cast: Cast, count: int) -> list[Filing]:
    """Filings of different applicants, each with its number."""
    return [
        build.filing_of(build.in_force(cast, seed=700 + place, at=MORNING + timedelta(hours=place)))
        for place in range(count)
    ]


def cancel(cast: Cast, filing: Filing, *, ends_on: date = date(2026, 3, 5)) -> Filing:
    """The filing cancelled on a day that is over when its approval comes, three days later."""
    case = walk.submit(
        materials_in_force(filing),
        member=cast.member,
        at=_noon(ends_on) - timedelta(days=1),
        kind=Kind.CANCELLATION,
        filing_id=filing.pk,
        details={"ends_on": ends_on.isoformat(), "arrangement": "样例安排", "late_reason": "样例"},
    )
    build.forward(cast, case, at=_noon(ends_on))
    walk.act(case, Act.APPROVE, by=cast.national, at=_noon(ends_on) + timedelta(days=1), text="样例")
    return Filing.objects.get(pk=filing.pk)


def _noon(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=12)


def composition(
    *,
    kind: ListKind = ListKind.FILINGS,
    cut_off_on: date = date(2026, 3, 9),
    order: ListOrder = ListOrder.NUMBERED,
    held_back: Mapping[uuid.UUID, str] | None = None,
    publish_at: datetime | None = None,
    announcement: str = ANNOUNCEMENT,
    wanted: tuple[Wanted, ...] = (),
) -> Composition:
    """A composition of everything up to the last day."""
    return Composition(
        kind=kind,
        cut_off_on=cut_off_on,
        order=order,
        announcement=announcement,
        held_back=held_back or {},
        publish_at=publish_at,
        wanted=wanted,
    )


def corrected(
    entry: BatchEntry,
    *,
    column: CorrectedColumn = CorrectedColumn.SERVICE_NAME,
    after: str = "样例更正后的服务名称",
    reason: str = "样例：名称录入有误",
) -> Wanted:
    """What a head wants to correct of an entry: by default the name of the service."""
    is_withdrawal = column is CorrectedColumn.ENTRY
    return Wanted(entry_id=entry.pk, column=column, after="" if is_withdrawal else after, reason=reason)


def corrigendum(cast: Cast, *wanted: Wanted, at: datetime) -> BatchList:
    """A corrigendum in public."""
    return published(cast, composition(kind=ListKind.CORRIGENDA, wanted=wanted), at=at)


def proposed(cast: Cast, composed: Composition | None = None, *, at: datetime = LISTING) -> BatchList:
    """A list that waits for the second officer."""
    return lists.propose(composed or composition(), actor=Actor.of(cast.national_head), at=at)


def confirmed(cast: Cast, composed: Composition | None = None, *, at: datetime = LISTING) -> BatchList:
    """A list that the system may publish."""
    batch_list = proposed(cast, composed, at=at)
    return lists.confirm(batch_list.pk, actor=Actor.of(cast.national), at=at + timedelta(minutes=5))


def published(cast: Cast, composed: Composition | None = None, *, at: datetime = LISTING) -> BatchList:
    """A list in public, its files made, its entries noted."""
    batch_list = confirmed(cast, composed, at=at)
    with clock.stopped_at(at + timedelta(minutes=10)):
        publishing.publish_list(batch_list.pk)
        for event in publishing.to_note():
            publishing.note_entries(event)
    return BatchList.objects.get(pk=batch_list.pk)
