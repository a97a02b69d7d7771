"""Who among the members of an applicant may do what: every act for every role, and every guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from registry.rules.members.permissions import (
    MEMBER_GUARDS,
    PERMISSIONS,
    MemberAct,
    MemberActRefused,
    MemberFacts,
    MemberRole,
    Scope,
    is_letter_in_force,
    permit,
    refusal_of,
)

# Written by hand from workflow.md: the table must say the same.
OWNER_ONLY = {
    MemberAct.INVITE,
    MemberAct.CHANGE_ROLE,
    MemberAct.RENEW_LETTER,
    MemberAct.REVOKE,
    MemberAct.ANSWER_REQUEST,
}
CONDITIONS = {
    MemberAct.HAND_IN: {"letter_read", "letter_in_force", "scope_covers"},
    MemberAct.CHANGE_ROLE: {"concerns_no_agent", "owner_remains"},
    MemberAct.RENEW_LETTER: {"concerns_agent"},
    MemberAct.REVOKE: {"owner_remains"},
    MemberAct.LEAVE: {"owner_remains"},
    MemberAct.OFFER_OWNERSHIP: {"without_owner"},
    MemberAct.RENEW_OWN_LETTER: {"concerns_agent", "without_owner"},
}
BREAKS: dict[str, Callable[[MemberFacts], MemberFacts]] = {
    "letter_read": lambda facts: replace(facts, letter_read=False),
    "letter_in_force": lambda facts: replace(facts, letter_in_force=False),
    "scope_covers": lambda facts: replace(facts, scope=Scope.PREPARE_ONLY),
    "owner_remains": lambda facts: replace(facts, leaves_no_owner=True),
    "without_owner": lambda facts: replace(facts, has_owner=True),
    "concerns_agent": lambda facts: replace(facts, concerns_agent=False),
    "concerns_no_agent": lambda facts: replace(facts, concerns_agent=True),
}


def _met(act: MemberAct, role: MemberRole) -> MemberFacts:
    """Facts under which every guard of the act holds."""
    met = CONDITIONS.get(act, set())
    return MemberFacts(
        role=role, concerns_agent="concerns_agent" in met, has_owner="without_owner" not in met
    )


@pytest.mark.parametrize("role", list(MemberRole))
@pytest.mark.parametrize("act", list(MemberAct))
def test_every_act_is_decided_for_every_role(act: MemberAct, role: MemberRole) -> None:
    expected = "not_this_role" if act in OWNER_ONLY and role is MemberRole.EDITOR else None

    assert refusal_of(act, _met(act, role)) == expected


def test_the_table_has_one_row_for_each_act_with_these_conditions() -> None:
    assert [row.act for row in PERMISSIONS] == list(MemberAct)
    assert {row.act: set(row.guards) for row in PERMISSIONS if row.guards} == CONDITIONS
    assert set(BREAKS) == set(MEMBER_GUARDS)


@pytest.mark.parametrize(
    ("act", "guard"), [(act, guard) for act, guards in CONDITIONS.items() for guard in sorted(guards)]
)
def test_each_condition_alone_refuses_its_act(act: MemberAct, guard: str) -> None:
    facts = BREAKS[guard](_met(act, MemberRole.OWNER))

    with pytest.raises(MemberActRefused) as refused:
        permit(act, facts)

    assert refused.value.code == guard


def test_the_last_day_of_a_letter_counts() -> None:
    until = date(2026, 11, 30)

    assert is_letter_in_force(until, today=date(2026, 11, 30))
    assert not is_letter_in_force(until, today=date(2026, 12, 1))
    assert is_letter_in_force(None, today=date(2030, 1, 1))
