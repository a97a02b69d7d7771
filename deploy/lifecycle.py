"""Writes docs/lifecycle.md from the tables of applications, filings, batch lists, objections and strikings off."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from registry.rules.batches.lifecycle import LIST_TRANSITIONS, ListTransition
from registry.rules.endings.lifecycle import STRIKING_OFF_TRANSITIONS, StrikingOffTransition
from registry.rules.objections.lifecycle import OBJECTION_TRANSITIONS, ObjectionTransition
from registry.rules.workflow.lifecycle import STANDING_TRANSITIONS, TRANSITIONS, Transition
from registry.rules.workflow.states import ALL_KINDS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "lifecycle.md"
_START = "[*]"


def page() -> str:
    """The page as the tables are now."""
    return "\n".join(
        (
            "# The lifecycle",
            "",
            "Made by `make lifecycle` from the tables in `registry/rules/workflow/lifecycle.py`, "
            "`registry/rules/batches/lifecycle.py`, `registry/rules/objections/lifecycle.py` and "
            "`registry/rules/endings/lifecycle.py`.",
            "",
            "## An application",
            "",
            *_diagram(
                (row.source, row.target, row.act) for row in TRANSITIONS if row.source is not row.target
            ),
            "",
            *_table(("act", "by", "from", "to", "asks", "articles"), map(_step, TRANSITIONS)),
            "",
            "## What a step asks",
            "",
            "Buttons ask what the row and the calendar say; what the act carries is asked when it is recorded.",
            "",
            *_table(("guard", "article", "looks at the", "asks that"), _guards()),
            "",
            "## A filing",
            "",
            *_diagram((row.source, row.target, row.act) for row in STANDING_TRANSITIONS),
            "",
            "## A batch list",
            "",
            *_diagram((row.source, row.target, row.act) for row in LIST_TRANSITIONS),
            "",
            *_table(("act", "by", "from", "to", "asks"), map(_list_step, LIST_TRANSITIONS)),
            "",
            "## An objection to an entry of a list",
            "",
            *_diagram(
                (row.source, row.target, row.act)
                for row in OBJECTION_TRANSITIONS
                if row.source is not row.target
            ),
            "",
            *_table(("act", "by", "from", "to", "asks"), map(_list_step, OBJECTION_TRANSITIONS)),
            "",
            "## A striking off",
            "",
            *_diagram((row.source, row.target, row.act) for row in STRIKING_OFF_TRANSITIONS),
            "",
            *_table(("act", "by", "from", "to", "asks"), map(_list_step, STRIKING_OFF_TRANSITIONS)),
            "",
        )
    )


def _diagram(steps: Iterable[tuple[str | None, str, str]]) -> list[str]:
    drawn = dict.fromkeys(f"    {source or _START} --> {target}: {act}" for source, target, act in steps)
    return ["```mermaid", "stateDiagram-v2", *drawn, "```"]


def _step(row: Transition) -> tuple[str, ...]:
    act = f"{row.act} ({row.proposal})" if row.proposal else row.act
    kinds = "" if row.kinds == ALL_KINDS else f", {' and '.join(sorted(row.kinds))} only"
    guards = ", ".join(guard.name for guard in row.guards)
    return (
        act,
        ", ".join(sorted(row.roles)),
        row.source or "",
        row.target + kinds,
        guards,
        ", ".join(row.basis),
    )


def _list_step(row: ListTransition | ObjectionTransition | StrikingOffTransition) -> tuple[str, ...]:
    guards = ", ".join(guard.name for guard in row.guards)
    return row.act, ", ".join(sorted(row.roles)), row.source or "", row.target, guards


def _guards() -> Iterable[tuple[str, ...]]:
    found = dict.fromkeys(guard for row in TRANSITIONS for guard in row.guards)
    return ((guard.name, guard.article, guard.looks_at, guard.asks) for guard in found)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = (head, ("---",) * len(head), *rows)
    return [f"| {' | '.join(cells)} |" for cells in lines]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
