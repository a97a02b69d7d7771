"""The fold: a batch list's row, made from nothing but its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.rules.batches.events import Freeze, ImportedList, Proposal, Window, objections_until_of
from registry.rules.batches.lifecycle import ListAct, ListKind, ListOrder, ListState, list_state_after
from registry.rules.errors import FilingError
from registry.rules.workflow.act_table import ActRecord, fold_stream

ListEventRecord = ActRecord[ListAct]


@dataclass(frozen=True, slots=True)
class ListRow:
    """Everything the register keeps in a list's row; an imported list stands in the order it was published in."""

    kind: ListKind
    state: ListState
    cut_off_on: date
    order: ListOrder | None
    announcement: str
    proposed_at: datetime
    proposer_id: str | None
    publish_at: datetime | None
    last_event_sequence: int
    confirmer_id: str | None = None
    number: int | None = None
    dated_on: date | None = None
    count: int | None = None
    rows_sha256: str = ""
    published_at: datetime | None = None
    objections_until: date | None = None
    final_at: datetime | None = None
    is_imported: bool = False


def fold_list(events: Iterable[ListEventRecord]) -> ListRow:
    """The row that results from a list's events, taken in sequence.

    Raises FilingError for a stream that begins with neither a proposal nor an import, KeyError for a step that no
    row of the table allows.
    """
    return fold_stream(events, _first, _after, missing="stream_without_proposal")


def _first(event: ListEventRecord) -> ListRow:
    return _imported(event) if event.act is ListAct.IMPORT else _proposed(event)


def _imported(event: ListEventRecord) -> ListRow:
    """A list as it was published elsewhere; its window and announcement were not the register's."""
    brought = ImportedList.of(event.payload)
    return ListRow(
        kind=brought.kind,
        state=list_state_after(None, event.act),
        cut_off_on=brought.published_on,
        order=None,
        announcement="",
        proposed_at=event.at,
        proposer_id=event.actor_id,
        publish_at=None,
        last_event_sequence=event.sequence,
        number=brought.number,
        dated_on=brought.published_on,
        count=brought.count,
        rows_sha256=brought.rows_sha256,
        published_at=brought.published_at,
        is_imported=True,
    )


def _proposed(event: ListEventRecord) -> ListRow:
    if event.act is not ListAct.PROPOSE:
        raise FilingError("stream_without_proposal", act=event.act.value)
    proposal = Proposal.of(event.payload)
    return ListRow(
        kind=proposal.kind,
        state=list_state_after(None, event.act),
        cut_off_on=proposal.cut_off_on,
        order=proposal.order,
        announcement=proposal.announcement,
        proposed_at=event.at,
        proposer_id=event.actor_id,
        publish_at=proposal.publish_at,
        last_event_sequence=event.sequence,
    )


def _after(row: ListRow, event: ListEventRecord) -> ListRow:
    row = replace(row, state=list_state_after(row.state, event.act), last_event_sequence=event.sequence)
    if event.act is ListAct.CONFIRM:
        # "As soon as it is confirmed" is the moment of the confirmation.
        return replace(row, confirmer_id=event.actor_id, publish_at=row.publish_at or event.at)
    if event.act is ListAct.FREEZE:
        freeze = Freeze.of(event.payload)
        return replace(
            row,
            number=freeze.number,
            dated_on=freeze.dated_on,
            count=freeze.count,
            rows_sha256=freeze.rows_sha256,
            announcement=row.announcement if freeze.announcement is None else freeze.announcement,
        )
    if event.act is ListAct.PUBLISH:
        return replace(row, published_at=event.at, objections_until=objections_until_of(event.payload))
    if event.act is ListAct.FINALISE:
        return replace(row, final_at=event.at, objections_until=Window.of(event.payload).objections_until)
    return row
