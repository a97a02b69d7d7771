"""Conditions on answers: when each holds, and how it is written out for the scripts of a page."""

from __future__ import annotations

from typing import Any

import pytest

from registry.rules.particulars.conditions import (
    ALWAYS,
    NEVER,
    AllOf,
    Answered,
    AnsweredOtherThan,
    AnyRow,
    Condition,
    Given,
    Not,
)

ABROAD = Answered("service.has_nodes_abroad", (True,))
PUBLIC = Answered("kind", ("public",))
CHAINS = AnyRow("content.chains", PUBLIC)


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        (ALWAYS, {}, True),
        (NEVER, {}, False),
        (ABROAD, {"service": {"has_nodes_abroad": True}}, True),
        (ABROAD, {"service": {"has_nodes_abroad": False}}, False),
        # A count of one is no yes.
        (ABROAD, {"service": {"has_nodes_abroad": 1}}, False),
        (ABROAD, {}, False),
        (PUBLIC, {"kind": ["private", "public"]}, True),
        (PUBLIC, {"kind": []}, False),
        (AnsweredOtherThan("field", ("finance",)), {"field": ["finance", "law"]}, True),
        (AnsweredOtherThan("field", ("finance",)), {"field": ["finance"]}, False),
        (AnsweredOtherThan("field", ("finance",)), {"field": ""}, False),
        (Given("name"), {"name": "样例"}, True),
        (Given("name"), {"name": ""}, False),
        (CHAINS, {"content": {"chains": [{"kind": "private"}, {"kind": "public"}]}}, True),
        (CHAINS, {"content": {"chains": [{"kind": "private"}]}}, False),
        (CHAINS, {"content": {"chains": "public"}}, False),
        (CHAINS, {"content": {"chains": ["public", None]}}, False),
        (AllOf((PUBLIC, Given("name"))), {"kind": "public", "name": "样例"}, True),
        (AllOf((PUBLIC, Given("name"))), {"kind": "public"}, False),
        (AllOf(()), {}, True),
        (Not(PUBLIC), {"kind": "private"}, True),
        (Not(PUBLIC), {"kind": "public"}, False),
    ],
)
def test_a_condition_holds_for_these_answers(
    condition: Condition, answers: dict[str, Any], holds: bool
) -> None:
    assert condition(answers) is holds


def test_a_condition_is_written_out_as_the_scripts_read_it() -> None:
    assert ALWAYS.as_data() == {"always": True}
    assert NEVER.as_data() == {"always": False}
    assert AnsweredOtherThan("field", ("finance",)).as_data() == {"key": "field", "other_than": ["finance"]}
    assert Given("name").as_data() == {"key": "name", "given": True}
    assert AllOf((CHAINS, Not(Given("name")))).as_data() == {
        "all": [
            {"key": "content.chains", "any_row": {"key": "kind", "in": ["public"]}},
            {"not": {"key": "name", "given": True}},
        ]
    }
