"""The acts of the history of an applicant's members, and what each states; the only reader of their payloads.

Payloads of version 1 hold each fact under its name below, as a text; an empty one is left out. Histories written before
all kinds of events had one table may hold it as null or as an empty text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class MembershipAct(StrEnum):
    """Every act about the members of an applicant that leaves an event."""

    FOUNDED = "founded"
    INVITED = "invited"
    INVITATION_ACCEPTED = "invitation_accepted"
    INVITATION_DECLINED = "invitation_declined"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    ROLE_CHANGED = "role_changed"
    LETTER_RENEWED = "letter_renewed"
    REVOKED = "revoked"
    LEFT = "left"
    CLAIMED = "claimed"
    CLAIM_WITHDRAWN = "claim_withdrawn"
    CLAIM_GRANTED = "claim_granted"
    CLAIM_DECLINED = "claim_declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFacts:
    """What an act states; each fact is empty where the act does not state it.

    `account` is the id of the member the act concerns, `invitation` and `claim` are the ids of what it answers.
    `role`, `scope`, `letter` (the id of the scan) and `valid_until` (an ISO date) are the terms of the membership,
    `before` is the role before. `way`, `outcome` and `reason` are those of a claim.
    """

    account: str = ""
    invitation: str = ""
    claim: str = ""
    role: str = ""
    before: str = ""
    scope: str = ""
    letter: str = ""
    valid_until: str = ""
    way: str = ""
    outcome: str = ""
    reason: str = ""

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> MembershipFacts:
        """The facts that a payload holds."""
        return cls(**{name: str(payload.get(name) or "") for name in _NAMES})

    def as_payload(self) -> dict[str, str]:
        """The payload that holds these facts."""
        return {name: text for name in _NAMES if (text := getattr(self, name))}


_NAMES = tuple(field.name for field in fields(MembershipFacts))
