"""The input of an act: who acts, what was on the screen, and what the act carries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.encryption import blind_index
from registry.models import Account
from registry.rules.visible_text import clean_texts
from registry.rules.workflow.grounds import Marks
from registry.rules.workflow.hash_chain import canonical_json
from registry.rules.workflow.states import Act, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the role, the account (None for the system), and the province of a provincial officer."""

    role: Role
    account_id: uuid.UUID | None = None
    province_code: str = ""

    @classmethod
    def of(cls, account: Account) -> Actor:
        """The actor of a signed-in account."""
        return cls(account.acts_as, account.pk, account.province_code)


SYSTEM = Actor(Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of the case on the screen from which the act was done."""

    revision_number: int
    event_sequence: int


@dataclass(frozen=True, slots=True)
class Request:
    """What an act carries: its details, the materials of a submission, what the acting office marked, and the actor's
    confirmations.

    The texts of its details are cleaned, wherever they come from: what nobody can see explains nothing.
    """

    details: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, Any] | None = None
    declaration_accepted: bool = False
    marks: Marks = field(default_factory=Marks)
    seen: Seen | None = None
    idempotency_key: uuid.UUID | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "details", clean_texts(self.details))

    def digest(self, act: Act, subject: uuid.UUID) -> str:
        """A keyed digest of the act and its content.

        It tells a repeated request from another request under the same idempotency key.
        """
        content = {
            "act": act.value,
            "subject": str(subject),
            "details": self.details,
            "materials": self.materials,
        }
        return blind_index(canonical_json(content).decode(), purpose="request")
