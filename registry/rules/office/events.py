"""Acts of an office beside the cases themselves: what each states, and the only reader of their payloads.

Every act says what it was about, how that stood before and after, and why. A payload holds references and codes, never
what is personal of an applicant; names are looked up where it is shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.rules.workflow.effects import EffectKind


class OfficeSubject(StrEnum):
    """What an act is about; its key is an id, a code, or codes joined by a slash."""

    ACCOUNT = "account"
    CASE = "case"
    LIST_ENTRY = "list_entry"
    CHAIN_NAME = "chain_name"
    ANNOUNCEMENT_TEXT = "announcement_text"
    ARTICLE = "article"
    NOTICE_TEXT = "notice_text"
    CALENDAR = "calendar"
    TAKEOVER = "takeover"
    PAPER_SETTINGS = "paper_settings"


class OfficeAct(StrEnum):
    """Every such act that leaves an event."""

    ACCOUNT_OPENED = "account_opened"
    ACCOUNT_MOVED = "account_moved"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_REOPENED = "account_reopened"
    ACCOUNT_INVITED = "account_invited"
    CASE_REASSIGNED = "case_reassigned"
    CLAIM_RELEASED = "claim_released"
    CLAIM_EXPIRED = "claim_expired"
    CLAIM_HANDED_OVER = "claim_handed_over"
    WORK_HANDED_OVER = "work_handed_over"
    CASE_ASSIGNED = "case_assigned"
    CASES_ASSIGNED = "cases_assigned"
    LEAVE_ENTERED = "leave_entered"
    LEAVE_ENDED = "leave_ended"
    SIGNED_FORM_FILED = "signed_form_filed"
    ENTRY_ADDED = "entry_added"
    ENTRY_REWORDED = "entry_reworded"
    ENTRY_MOVED = "entry_moved"
    ENTRY_RETIRED = "entry_retired"
    ENTRY_RESTORED = "entry_restored"
    CHAIN_NAME_DECIDED = "chain_name_decided"
    ANNOUNCEMENT_SAVED = "announcement_saved"
    ARTICLE_DRAFTED = "article_drafted"
    ARTICLE_PUBLISHED = "article_published"
    ARTICLE_WITHDRAWN = "article_withdrawn"
    CHANGE_PROPOSED = "change_proposed"
    CHANGE_CONFIRMED = "change_confirmed"
    CHANGE_DECLINED = "change_declined"
    CHANGE_WITHDRAWN = "change_withdrawn"
    TAKEOVER_CONFIRMED = "takeover_confirmed"
    TAKEOVER_URGED = "takeover_urged"
    TAKEOVER_OBJECTED = "takeover_objected"
    TAKEOVER_UPHELD = "takeover_upheld"
    TAKEOVER_EFFECTED = "takeover_effected"
    TAKEOVER_LAPSED = "takeover_lapsed"


_TOLD = frozenset({EffectKind.TELL_OFFICE})
# A claim that is taken from somebody, and an officer who leaves an office, are told where the work lies; a proposal is
# told to those who may confirm it, and what became of it to whoever made it.
OFFICE_EFFECTS: Mapping[OfficeAct, frozenset[EffectKind]] = MappingProxyType(
    dict.fromkeys(
        (
            OfficeAct.ACCOUNT_CLOSED,
            OfficeAct.ACCOUNT_MOVED,
            OfficeAct.CASE_REASSIGNED,
            OfficeAct.CLAIM_EXPIRED,
            OfficeAct.WORK_HANDED_OVER,
            OfficeAct.CASES_ASSIGNED,
            OfficeAct.LEAVE_ENTERED,
            OfficeAct.LEAVE_ENDED,
            OfficeAct.CHANGE_PROPOSED,
            OfficeAct.CHANGE_CONFIRMED,
            OfficeAct.CHANGE_DECLINED,
            OfficeAct.TAKEOVER_CONFIRMED,
            OfficeAct.TAKEOVER_OBJECTED,
        ),
        _TOLD,
    )
)

_NAMESPACE = uuid.UUID("5b0c8b5e-5f0f-4c55-8f57-6a6f0b6a4f21")


def office_stream(subject: OfficeSubject, key: str) -> uuid.UUID:
    """The id of the stream in which the acts about one subject stand."""
    return uuid.uuid5(_NAMESPACE, f"{subject.value}:{key}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFacts:
    """What an act states. `before` and `after` hold the same names, with plain JSON values; those that differ alone."""

    subject: OfficeSubject
    key: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> OfficeFacts:
        """The facts that a payload holds."""
        return cls(
            subject=OfficeSubject(payload["subject"]),
            key=str(payload["key"]),
            before=payload.get("before") or {},
            after=payload.get("after") or {},
            reason=str(payload.get("reason") or ""),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload that holds these facts: of `before` and `after` what differs."""
        names = [name for name in {**self.before, **self.after} if self._differs(name)]
        return {
            "subject": self.subject.value,
            "key": self.key,
            "before": {name: self.before[name] for name in names if name in self.before},
            "after": {name: self.after[name] for name in names if name in self.after},
            "reason": self.reason,
        }

    def _differs(self, name: str) -> bool:
        return name not in self.before or name not in self.after or self.before[name] != self.after[name]


def with_content(payload: Mapping[str, Any], *, content_sha256: str) -> dict[str, Any]:
    """What the event of a proposal holds: what it states, and the digest of what is proposed."""
    return {**payload, "content_sha256": content_sha256}


def content_sha256_of(payload: Mapping[str, Any]) -> str:
    """The digest of what is proposed."""
    return str(payload["content_sha256"])


def hearing_until(answer_by: date) -> dict[str, str]:
    """What the confirmation of a takeover holds beside its reason: the last day for the owners to object."""
    return {"answer_by": answer_by.isoformat()}


def answer_by_of(payload: Mapping[str, Any]) -> date:
    """The last day for the owners to object."""
    return date.fromisoformat(payload["answer_by"])
