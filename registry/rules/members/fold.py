"""The members of an applicant, folded from the history of membership acts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.members.permissions import MemberRole


@dataclass(frozen=True, slots=True)
class MemberTerms:
    """What a member may do: its role, and for an agent the letter's scope, scan and last day (ISO date)."""

    role: str
    scope: str = ""
    letter: str = ""
    valid_until: str = ""


Members = dict[str, MemberTerms]


def fold_members(events: Iterable[tuple[MembershipAct, MembershipFacts]]) -> Members:
    """The members after these acts of one applicant, by account, in the order the acts happened.

    Raises KeyError for an act on an account that is no member, ValueError for one that states no role.
    """
    members: Members = {}
    for act, facts in events:
        step = _STEPS.get(act)
        if step is not None:
            step(members, facts)
    return members


def _joined(members: Members, facts: MembershipFacts) -> None:
    members[facts.account] = _terms(facts, role=facts.role)


def _ended(members: Members, facts: MembershipFacts) -> None:
    del members[facts.account]


def _role_changed(members: Members, facts: MembershipFacts) -> None:
    members[facts.account] = MemberTerms(role=MemberRole(facts.role).value)


def _letter_renewed(members: Members, facts: MembershipFacts) -> None:
    members[facts.account] = _terms(facts, role=members[facts.account].role)


def _terms(facts: MembershipFacts, *, role: str) -> MemberTerms:
    return MemberTerms(
        role=MemberRole(role).value, scope=facts.scope, letter=facts.letter, valid_until=facts.valid_until
    )


# What each act does to the members; an act without a step changes none.
_STEPS: Mapping[MembershipAct, Callable[[Members, MembershipFacts], None]] = {
    MembershipAct.FOUNDED: _joined,
    MembershipAct.INVITATION_ACCEPTED: _joined,
    MembershipAct.CLAIM_GRANTED: _joined,
    MembershipAct.ROLE_CHANGED: _role_changed,
    MembershipAct.LETTER_RENEWED: _letter_renewed,
    MembershipAct.REVOKED: _ended,
    MembershipAct.LEFT: _ended,
}
