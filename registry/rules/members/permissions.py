"""Which member of an applicant may do which act: the one table behind checks, buttons and tests.

An owner may do everything. An editor fills in and hands in. An agent is an editor under a letter of authority
(授权委托书): it hands in only while the letter could be read, is in force and covers all acts. Where an agent entered
the applicant and nobody owns it yet, the agent offers ownership to the person in charge and renews its own letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from registry.rules.errors import FilingError

INVITATION_VALID_FOR = timedelta(days=14)
LETTER_REMINDER_DAYS = 30


class MemberRole(StrEnum):
    """The role a member has with the applicant."""

    OWNER = "owner"
    EDITOR = "editor"


class Scope(StrEnum):
    """What a letter of authority covers."""

    ALL_ACTS = "all_acts"
    PREPARE_ONLY = "prepare_only"


class MemberAct(StrEnum):
    """The acts of members, grouped where they are permitted together."""

    READ = "read"
    FILL = "fill"
    HAND_IN = "hand_in"
    INVITE = "invite"
    CHANGE_ROLE = "change_role"
    RENEW_LETTER = "renew_letter"
    REVOKE = "revoke"
    ANSWER_REQUEST = "answer_request"
    LEAVE = "leave"
    OFFER_OWNERSHIP = "offer_ownership"
    RENEW_OWN_LETTER = "renew_own_letter"


class MemberActRefused(FilingError):
    """A member may not do this; `code` names the reason."""


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """The facts that the guards look at: the member who acts, and the member the act concerns."""

    role: MemberRole
    scope: Scope | None = None
    letter_in_force: bool = True
    letter_read: bool = True
    leaves_no_owner: bool = False
    has_owner: bool = True
    concerns_agent: bool = False


MemberGuard = Callable[[MemberFacts], bool]

MEMBER_GUARDS: Mapping[str, MemberGuard] = MappingProxyType(
    {
        "letter_read": lambda f: f.letter_read,
        "letter_in_force": lambda f: f.letter_in_force,
        "scope_covers": lambda f: f.scope is not Scope.PREPARE_ONLY,
        "owner_remains": lambda f: not f.leaves_no_owner,
        "without_owner": lambda f: not f.has_owner,
        "concerns_agent": lambda f: f.concerns_agent,
        "concerns_no_agent": lambda f: not f.concerns_agent,
    }
)

_ANY = frozenset(MemberRole)
_OWNER = frozenset({MemberRole.OWNER})


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the table: who may do an act, and what must hold."""

    act: MemberAct
    roles: frozenset[MemberRole]
    guards: tuple[str, ...] = ()


PERMISSIONS: tuple[Permission, ...] = (
    Permission(MemberAct.READ, _ANY),
    # A draft is no act before the office: what an agent has typed is kept, and an owner may hand it in.
    Permission(MemberAct.FILL, _ANY),
    Permission(MemberAct.HAND_IN, _ANY, ("letter_read", "letter_in_force", "scope_covers")),
    Permission(MemberAct.INVITE, _OWNER),
    Permission(MemberAct.CHANGE_ROLE, _OWNER, ("concerns_no_agent", "owner_remains")),
    Permission(MemberAct.RENEW_LETTER, _OWNER, ("concerns_agent",)),
    Permission(MemberAct.REVOKE, _OWNER, ("owner_remains",)),
    Permission(MemberAct.ANSWER_REQUEST, _OWNER),
    Permission(MemberAct.LEAVE, _ANY, ("owner_remains",)),
    Permission(MemberAct.OFFER_OWNERSHIP, _ANY, ("without_owner",)),
    # Afterwards the owner says what the agent may do.
    Permission(MemberAct.RENEW_OWN_LETTER, _ANY, ("concerns_agent", "without_owner")),
)

_BY_ACT: Mapping[MemberAct, Permission] = MappingProxyType({row.act: row for row in PERMISSIONS})


def refusal_of(act: MemberAct, facts: MemberFacts) -> str | None:
    """Why a member may not do this: `not_this_role` or the first guard that does not hold; None if it may."""
    row = _BY_ACT[act]
    if facts.role not in row.roles:
        return "not_this_role"
    return next((name for name in row.guards if not MEMBER_GUARDS[name](facts)), None)


def permit(act: MemberAct, facts: MemberFacts) -> None:
    """Raises MemberActRefused when the table does not permit the act."""
    code = refusal_of(act, facts)
    if code is not None:
        raise MemberActRefused(code, act=act.value, role=facts.role.value)


def is_letter_in_force(valid_until: date | None, *, today: date) -> bool:
    """Whether a letter of authority is in force; its last day counts, and None never expires."""
    return valid_until is None or today <= valid_until


def invitation_expires_at(created_at: datetime) -> datetime:
    """The moment from which an invitation can no longer be accepted."""
    return created_at + INVITATION_VALID_FOR
