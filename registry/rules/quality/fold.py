"""The folds: the row of a round and those of its cases, made from nothing but its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from registry.rules.errors import FilingError
from registry.rules.quality.events import Draw, Finding, case_of, officer_of, text_of
from registry.rules.quality.lifecycle import CaseState, RoundAct, RoundState, round_state_after
from registry.rules.workflow.act_table import ActRecord, fold_stream

RoundRecord = ActRecord[RoundAct]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """Everything the register keeps in the row of a round; `waiting`, `found` and `aside` count its cases.

    `done_at` is the moment from which no case waits any more.
    """

    number: int
    office_code: str
    first_on: date
    last_on: date
    percent: int
    seed: str
    population: int
    population_sha256: str
    drawn: int
    drawn_at: datetime
    drawn_by_id: str | None
    waiting: int
    last_event_sequence: int
    found: int = 0
    aside: int = 0
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """Everything the register keeps of a drawn case; `text` says what was found, or why it was set aside."""

    application_id: str
    province_code: str
    decision_id: str
    revision_number: int
    officer_id: str | None
    state: CaseState = CaseState.WAITING
    text: str = ""
    done_by_id: str | None = None
    done_at: datetime | None = None


def fold_round(events: Iterable[RoundRecord]) -> RoundRow:
    """The row that results from a round's events, taken in sequence.

    Raises FilingError for a stream that does not begin with a draw, KeyError for a step no row of the table allows.
    """
    return fold_stream(events, _drawn, _after, missing="stream_without_draw")


def fold_cases(events: Iterable[RoundRecord]) -> dict[str, CaseRow]:
    """The rows of a round's cases by their ids, in the order of the draw. Raises as `fold_round` does."""
    return fold_stream(events, _cases_drawn, _cases_after, missing="stream_without_draw")


def parts_in(events: Iterable[RoundRecord]) -> set[tuple[str, str]]:
    """The id of each drawn case with that of each officer who had a part in it."""
    return {
        (each.case, officer)
        for event in events
        if event.act is RoundAct.DRAW
        for each in Draw.of(event.payload).cases
        for officer in each.parts
    }


def _draw_of(event: RoundRecord) -> Draw:
    if event.act is not RoundAct.DRAW:
        raise FilingError("stream_without_draw", act=event.act.value)
    return Draw.of(event.payload)


def _drawn(event: RoundRecord) -> RoundRow:
    draw = _draw_of(event)
    round_state_after(None, event.act)
    return RoundRow(
        number=draw.number,
        office_code=draw.office,
        first_on=draw.first_on,
        last_on=draw.last_on,
        percent=draw.percent,
        seed=draw.seed,
        population=draw.population,
        population_sha256=draw.population_sha256,
        drawn=len(draw.cases),
        drawn_at=event.at,
        drawn_by_id=event.actor_id,
        waiting=len(draw.cases),
        last_event_sequence=event.sequence,
    )


def _after(row: RoundRow, event: RoundRecord) -> RoundRow:
    round_state_after(RoundState.DRAWN, event.act)
    row = replace(row, last_event_sequence=event.sequence)
    if event.act is RoundAct.ASSIGN:
        return row
    waiting = row.waiting - 1
    is_found = event.act is RoundAct.LOOK and Finding.of(event.payload).finding is CaseState.FOUND
    return replace(
        row,
        waiting=waiting,
        found=row.found + is_found,
        aside=row.aside + (event.act is RoundAct.SET_ASIDE),
        done_at=event.at if not waiting else None,
    )


def _cases_drawn(event: RoundRecord) -> dict[str, CaseRow]:
    return {
        each.case: CaseRow(
            application_id=each.case,
            province_code=each.province,
            decision_id=each.decision,
            revision_number=each.revision,
            officer_id=each.officer or None,
        )
        for each in _draw_of(event).cases
    }


def _cases_after(rows: dict[str, CaseRow], event: RoundRecord) -> dict[str, CaseRow]:
    round_state_after(RoundState.DRAWN, event.act)
    case = case_of(event.payload)
    row = rows[case]
    if event.act is RoundAct.ASSIGN:
        return rows | {case: replace(row, officer_id=officer_of(event.payload))}
    if row.state is not CaseState.WAITING:
        # What was found once stays: a second finding is no step of a case.
        raise KeyError(case)
    if event.act is RoundAct.LOOK:
        finding = Finding.of(event.payload)
        row = replace(row, state=finding.finding, text=finding.text)
    else:
        row = replace(row, state=CaseState.SET_ASIDE, text=text_of(event.payload))
    return rows | {case: replace(row, done_by_id=event.actor_id, done_at=event.at)}
