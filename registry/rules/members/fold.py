"""The members of an applicant, folded from the history of membership acts alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.rules.members.permissions import MemberRole

# The acts that make an account a member, on the terms they state, and the acts that end a membership.
_JOINED = frozenset({"founded", "invitation_accepted", "claim_granted"})
_ENDED = frozenset({"revoked", "left"})


@dataclass(frozen=True, slots=True)
class MemberTerms:
    """What a member may do: its role, and for an agent the letter's scope, scan and last day (ISO date)."""

    role: str
    scope: str = ""
    letter: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class MemberEvent:
    """One act of the history: what was done, to which account (empty for an invitation), and what was agreed."""

    act: str
    account: str
    facts: Mapping[str, Any]


def fold_members(events: Iterable[MemberEvent]) -> dict[str, MemberTerms]:
    """The members after these acts of one applicant, by account, in the order the acts happened.

    Raises KeyError for an act on an account that is no member, and for one that states no role.
    """
    members: dict[str, MemberTerms] = {}
    for event in events:
        if event.act in _JOINED:
            members[event.account] = _terms(event.facts)
        elif event.act in _ENDED:
            del members[event.account]
        elif event.act == "role_changed":
            members[event.account] = MemberTerms(role=MemberRole(event.facts["role"]).value)
        elif event.act == "letter_renewed":
            members[event.account] = _terms({**event.facts, "role": members[event.account].role})
    return members


def _terms(facts: Mapping[str, Any]) -> MemberTerms:
    return MemberTerms(
        role=MemberRole(facts["role"]).value,
        scope=facts.get("scope") or "",
        letter=facts.get("letter") or "",
        valid_until=facts.get("valid_until") or "",
    )
