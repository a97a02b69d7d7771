"""What an act is asked with: by whom, from which screen, carrying what."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.encryption import blind_index
from registry.models import Account
from registry.rules.workflow.hash_chain import canonical_json
from registry.rules.workflow.states import Act, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Whose hand acts: the role and office it acts in, and the applicant it acts for."""

    role: Role
    account_id: uuid.UUID | None = None
    province_code: str = ""

    @classmethod
    def of(cls, account: Account) -> Actor:
        """The actor that a signed-in account is."""
        return cls(account.acts_as, account.pk, account.province_code)


SYSTEM = Actor(Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was on the screen the act was done from."""

    revision_number: int
    event_sequence: int


@dataclass(frozen=True, slots=True)
class Request:
    """What an act carries: words in `details`, materials for submissions, and what vouches for them."""

    details: Mapping[str, Any] = field(default_factory=dict)
    materials: Mapping[str, Any] | None = None
    declaration_accepted: bool = False
    checklist_answered: bool = False
    seen: Seen | None = None
    idempotency_key: uuid.UUID | None = None

    def digest(self, act: Act, subject: uuid.UUID) -> str:
        """A keyed digest of what is asked for: tells a repeated idempotency key from a reused one."""
        content = {
            "act": act.value,
            "subject": str(subject),
            "details": self.details,
            "materials": self.materials,
        }
        return blind_index(canonical_json(content).decode(), purpose="request")
