"""Tables of acts for the streams beside filings: one row a lawful step, one way to ask them, one record to fold.

A room of rules brings its states, acts, facts and rows; whatever has no row is refused. Applications have a table of
their own (`lifecycle`), whose rows know kinds, proposals and jurisdictions.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from registry.rules.errors import FilingError
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Role

AnyAct = TypeVar("AnyAct", bound=StrEnum)
AnyState = TypeVar("AnyState", bound=StrEnum)
AnyRow = TypeVar("AnyRow")


class ActFacts(Protocol):
    """What every table looks at: the state before the act (None before the first), and the role of who acts."""

    @property
    def state(self) -> StrEnum | None: ...
    @property
    def role(self) -> Role: ...


AnyFacts = TypeVar("AnyFacts", bound=ActFacts)

# Without slots: Python 3.11 makes no instance of a named generic that has them and is frozen.


@dataclass(frozen=True)
class Condition(Generic[AnyFacts]):
    """A named condition of an act; its name is the code of the refusal."""

    name: str
    holds: Callable[[AnyFacts], bool]


@dataclass(frozen=True)
class Step(Generic[AnyAct, AnyState, AnyFacts]):
    """One row of a table: who may take its subject from where to where, and on what conditions."""

    act: AnyAct
    roles: frozenset[Role]
    source: AnyState | None
    target: AnyState
    guards: tuple[Condition[AnyFacts], ...] = ()


@dataclass(frozen=True)
class ActRecord(Generic[AnyAct]):
    """One event of a stream as its fold reads it; `at` is aware."""

    sequence: int
    act: AnyAct
    at: datetime
    actor_id: str | None
    payload: Mapping[str, Any]


class ActTable(Generic[AnyAct, AnyState, AnyFacts]):
    """The steps of one kind of stream; a state and an act have at most one."""

    def __init__(self, steps: Iterable[Step[AnyAct, AnyState, AnyFacts]]) -> None:
        self._steps: dict[tuple[StrEnum | None, StrEnum], Step[AnyAct, AnyState, AnyFacts]] = {
            (step.source, step.act): step for step in steps
        }

    def state_after(self, state: AnyState | None, act: AnyAct) -> AnyState:
        """The state after an act that is in the book. Raises KeyError for a step that no row allows."""
        return self._steps[state, act].target

    def decide(self, act: AnyAct, facts: AnyFacts) -> Step[AnyAct, AnyState, AnyFacts]:
        """The row that permits the act.

        Raises TransitionNotAllowed with code `not_in_this_state`, `not_this_role`, or the name of the first guard
        that does not hold.
        """
        refused = self.refusals(act, facts)
        if refused:
            raise refused[0]
        return self._steps[facts.state, act]

    def refusals(self, act: AnyAct, facts: AnyFacts) -> list[TransitionNotAllowed]:
        """Everything for which the act is refused, guards in the order of the row; empty when it is permitted."""
        step = self._steps.get((facts.state, act))
        if step is None:
            return [_refusal("not_in_this_state", act, facts)]
        if facts.role not in step.roles:
            return [_refusal("not_this_role", act, facts)]
        return [_refusal(guard.name, act, facts) for guard in step.guards if not guard.holds(facts)]

    def open_to(self, facts: AnyFacts, *, asking: Collection[Condition[AnyFacts]]) -> frozenset[AnyAct]:
        """The acts whose row is right and whose guards among `asking` hold: what is known before the act is done."""
        return frozenset(
            step.act
            for step in self._steps.values()
            if step.source is facts.state
            and facts.role in step.roles
            and all(guard.holds(facts) for guard in step.guards if guard in asking)
        )


def fold_stream(
    events: Iterable[ActRecord[AnyAct]],
    begin: Callable[[ActRecord[AnyAct]], AnyRow],
    go_on: Callable[[AnyRow, ActRecord[AnyAct]], AnyRow],
    *,
    missing: str,
) -> AnyRow:
    """The row that results from a stream's events, taken in sequence. Raises FilingError(`missing`) where none is."""
    row: AnyRow | None = None
    for event in events:
        row = begin(event) if row is None else go_on(row, event)
    if row is None:
        raise FilingError(missing)
    return row


def _refusal(code: str, act: StrEnum, facts: ActFacts) -> TransitionNotAllowed:
    state = facts.state.value if facts.state is not None else ""
    return TransitionNotAllowed(code, act=act.value, state=state, role=facts.role.value)
