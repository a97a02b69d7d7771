"""The table of quality sampling, written down a second time: every act × role, each condition, and the folds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from registry.rules.errors import FilingError
from registry.rules.quality.events import Finding, assigned, set_aside
from registry.rules.quality.fold import fold_cases, fold_round, parts_in
from registry.rules.quality.lifecycle import (
    ROUND_EFFECTS,
    CaseState,
    RoundAct,
    RoundFacts,
    RoundState,
    acts_open_to,
    decide_on_round,
)
from registry.rules.workflow.act_table import ActRecord
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Role

HEADS = {"provincial_head", "national_head"}
OFFICERS = HEADS | {"provincial_reviewer", "national_reviewer"}
TABLE = {
    (None, "quality_round_drawn"): HEADS,
    ("drawn", "quality_case_assigned"): HEADS,
    ("drawn", "quality_case_looked_at"): OFFICERS,
    ("drawn", "quality_case_set_aside"): HEADS,
}
EVERYTHING = RoundFacts(
    state=None,
    role=Role.PROVINCIAL_HEAD,
    is_own_office=True,
    are_days_possible=True,
    is_share_possible=True,
    are_days_undrawn=True,
    has_cases=True,
    is_few_enough=True,
    is_waiting=True,
    is_assigned=True,
    is_taker_possible=True,
    is_taker_new=True,
    is_finding_given=True,
    has_reason=True,
)
NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("state", "act", "role"), list(product([None, *RoundState], RoundAct, Role)))
def test_every_act_is_for_whom_the_table_says(state: RoundState | None, act: RoundAct, role: Role) -> None:
    roles = TABLE.get((state.value if state else None, act.value))
    facts = replace(EVERYTHING, state=state, role=role)
    if roles is not None and role.value in roles:
        assert decide_on_round(act, facts).target == "drawn"
        return
    with pytest.raises(TransitionNotAllowed) as refused:
        decide_on_round(act, facts)
    assert refused.value.code == ("not_in_this_state" if roles is None else "not_this_role")


@pytest.mark.parametrize(
    ("act", "otherwise", "code"),
    [
        ("quality_round_drawn", {"is_own_office": False}, "quality_of_office"),
        ("quality_round_drawn", {"are_days_possible": False}, "quality_days"),
        ("quality_round_drawn", {"is_share_possible": False}, "quality_share"),
        ("quality_round_drawn", {"are_days_undrawn": False}, "quality_days_drawn"),
        ("quality_round_drawn", {"has_cases": False}, "quality_no_cases"),
        ("quality_round_drawn", {"is_few_enough": False}, "quality_too_many"),
        ("quality_case_assigned", {"is_own_office": False}, "quality_of_office"),
        ("quality_case_assigned", {"is_waiting": False}, "quality_case_done"),
        ("quality_case_assigned", {"is_taker_possible": False}, "quality_taker"),
        ("quality_case_assigned", {"is_taker_new": False}, "quality_taker_same"),
        ("quality_case_looked_at", {"is_own_office": False}, "quality_of_office"),
        ("quality_case_looked_at", {"is_waiting": False}, "quality_case_done"),
        ("quality_case_looked_at", {"had_part": True}, "quality_own_case"),
        ("quality_case_looked_at", {"is_assigned": False}, "quality_not_assigned"),
        ("quality_case_looked_at", {"is_finding_given": False}, "quality_finding_given"),
        ("quality_case_set_aside", {"is_own_office": False}, "quality_of_office"),
        ("quality_case_set_aside", {"is_waiting": False}, "quality_case_done"),
        ("quality_case_set_aside", {"had_part": True}, "quality_own_case"),
        ("quality_case_set_aside", {"has_reason": False}, "quality_reason_given"),
    ],
)
def test_each_condition_refuses_by_its_name(act: str, otherwise: dict[str, Any], code: str) -> None:
    state = None if act == "quality_round_drawn" else RoundState.DRAWN
    with pytest.raises(TransitionNotAllowed) as refused:
        decide_on_round(RoundAct(act), replace(EVERYTHING, state=state, **otherwise))
    assert refused.value.code == code


def test_buttons_show_what_is_possible_but_for_what_the_act_carries() -> None:
    bare = RoundFacts(state=RoundState.DRAWN, role=Role.PROVINCIAL_HEAD, is_own_office=True, is_waiting=True)
    acts = {act.value for act in acts_open_to(bare)}
    assert acts == {"quality_case_assigned", "quality_case_set_aside"}
    assert acts_open_to(replace(bare, is_waiting=False)) == frozenset()
    officer = replace(bare, role=Role.PROVINCIAL_REVIEWER, is_assigned=True)
    assert acts_open_to(officer) == frozenset({RoundAct.LOOK})
    assert acts_open_to(replace(officer, had_part=True)) == frozenset()


def test_every_act_is_told_to_the_office() -> None:
    assert {act: {kind.value for kind in kinds} for act, kinds in ROUND_EFFECTS.items()} == {
        act: {"tell_office"} for act in RoundAct
    }


# ---------------------------------------------------------------- folds

DRAW = {
    "number": 3,
    "office": "110000",
    "first_on": "2026-03-02",
    "last_on": "2026-03-06",
    "percent": 10,
    "seed": "5eed",
    "population": 20,
    "population_sha256": "ab",
    "cases": [
        {
            "case": name,
            "receipt": f"2026-03-{name}",
            "province": "110000",
            "decision": f"decision {name}",
            "revision": 1,
            "parts": ["officer 1"],
            "officer": officer,
        }
        for name, officer in (("one", "officer 2"), ("two", ""))
    ],
}


def _records(*acts: tuple[str, dict[str, Any]]) -> list[ActRecord[RoundAct]]:
    made = [("quality_round_drawn", DRAW), *acts]
    return [
        ActRecord(number, RoundAct(act), NOON, f"actor {number}", payload)
        for number, (act, payload) in enumerate(made, start=1)
    ]


def test_a_round_begins_with_all_its_cases_waiting() -> None:
    row, cases = fold_round(_records()), fold_cases(_records())
    assert (row.drawn, row.waiting, row.found, row.aside, row.done_at) == (2, 2, 0, 0, None)
    assert (row.number, row.office_code, row.drawn_by_id) == (3, "110000", "actor 1")
    assert {key: (case.state, case.officer_id) for key, case in cases.items()} == {
        "one": (CaseState.WAITING, "officer 2"),
        "two": (CaseState.WAITING, None),
    }
    assert parts_in(_records()) == {("one", "officer 1"), ("two", "officer 1")}


def test_a_round_is_done_once_no_case_waits() -> None:
    found = Finding(case="one", finding=CaseState.FOUND, text="样例：漏查住所。").as_payload()
    acts = _records(
        ("quality_case_assigned", assigned("two", "officer 3")),
        ("quality_case_looked_at", found),
        ("quality_case_set_aside", set_aside("two", "样例：无人可复查。")),
    )
    half, whole = fold_round(acts[:3]), fold_round(acts)
    assert (half.waiting, half.found, half.aside, half.done_at) == (1, 1, 0, None)
    assert (whole.waiting, whole.found, whole.aside, whole.done_at) == (0, 1, 1, NOON)
    cases = fold_cases(acts)
    assert (cases["one"].state, cases["one"].text, cases["one"].done_by_id) == (
        CaseState.FOUND,
        "样例：漏查住所。",
        "actor 3",
    )
    assert (cases["two"].state, cases["two"].officer_id) == (CaseState.SET_ASIDE, "officer 3")


def test_what_was_found_once_is_not_found_again() -> None:
    found = Finding(case="one", finding=CaseState.IN_ORDER).as_payload()
    acts = _records(("quality_case_looked_at", found), ("quality_case_looked_at", found))
    with pytest.raises(KeyError):
        fold_cases(acts)


@pytest.mark.parametrize("fold", [fold_round, fold_cases])
def test_a_stream_begins_with_its_draw(fold: Any) -> None:
    with pytest.raises(FilingError):
        fold([])
    with pytest.raises(FilingError):
        fold(_records(("quality_case_set_aside", set_aside("one", "x")))[1:])
    with pytest.raises(KeyError):
        fold([_records()[0], _records()[0]])
