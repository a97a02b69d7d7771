"""The guards as objects: each used by the table, each with its article, each looking where it says."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from registry.rules.provisions import find_provision
from registry.rules.workflow import guards
from registry.rules.workflow.guards import Facts, Guard, Looks
from registry.rules.workflow.lifecycle import TRANSITIONS, decide, refusal_beforehand
from registry.rules.workflow.states import Act, Role, State

GUARDS = [value for value in vars(guards).values() if isinstance(value, Guard)]
FACTS = Facts(role=Role.NATIONAL_REVIEWER, in_jurisdiction=True, state=State.NATIONAL_REVIEW, actor_id="a")


class Watched:
    """Facts that note which of their fields are read."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(FACTS, name)


def fields_read_by(guard: Guard) -> set[str]:
    watched = Watched()
    guard.holds(watched)  # type: ignore[arg-type]  # stands for the facts
    return watched.read - {"actor_id"}


def test_every_guard_has_a_name_of_its_own_and_is_in_the_table() -> None:
    assert {id(guard) for guard in GUARDS} == {id(guard) for row in TRANSITIONS for guard in row.guards}
    assert len({guard.name for guard in GUARDS}) == len(GUARDS) == 42
    assert [guard for guard in GUARDS if vars(guards)[guard.name.upper()] is not guard] == []


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_every_guard_says_what_an_article_asks(guard: Guard) -> None:
    assert find_provision(guard.article).law.key == "regulation"
    assert guard.asks


def test_a_guard_looks_where_it_says() -> None:
    """A fact is either known beforehand or comes with the act; the guards that read it agree on which."""
    looked = {
        looks_at: set[str]().union(*(fields_read_by(guard) for guard in GUARDS if guard.looks_at is looks_at))
        for looks_at in Looks
    }
    assert looked[Looks.ACT] & (looked[Looks.ROW] | looked[Looks.CALENDAR]) == set()
    assert looked[Looks.ROW] & looked[Looks.CALENDAR] == set()
    names = {field.name for field in fields(Facts)}
    unread = names - looked[Looks.ACT] - looked[Looks.ROW] - looked[Looks.CALENDAR]
    assert unread == {
        "role",
        "in_jurisdiction",
        "kind",
        "state",
        "actor_id",
        "date_refusal",
        "authority_refusal",
        "proposal",
    }


def test_what_the_act_will_carry_does_not_hide_why_it_is_refused_beforehand() -> None:
    late = replace(FACTS, escalation_due=True)
    refusal = refusal_beforehand(Act.RETURN_TO_PROVINCE, late)
    assert refusal is not None
    assert refusal.code == "day_15_not_ended"
    assert refusal_beforehand(Act.RETURN_TO_PROVINCE, FACTS) is None
    carried = replace(FACTS, question_given=True, sentence_given=True)
    assert decide(Act.RETURN_TO_PROVINCE, carried).target is State.PROVINCIAL_REVIEW
