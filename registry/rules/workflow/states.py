"""The words of the workflow: kinds, states, standings, roles, acts and outcomes (Art. 3, 11, 12)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What an application asks for (Art. 11)."""

    INITIAL = "initial"
    CHANGE = "change"
    APPLICANT_CHANGE = "applicant_change"
    CANCELLATION = "cancellation"


class State(StrEnum):
    """Where an application stands."""

    PROVINCIAL_REVIEW = "provincial_review"
    PROVINCIAL_CONFIRMATION = "provincial_confirmation"
    NATIONAL_REVIEW = "national_review"
    NATIONAL_CONFIRMATION = "national_confirmation"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Standing(StrEnum):
    """Where a filing stands in the register."""

    PENDING = "pending"
    AWAITING_NUMBER = "awaiting_number"
    IN_FORCE = "in_force"
    CANCELLED = "cancelled"
    STRUCK_OFF = "struck_off"


class Role(StrEnum):
    """In which role somebody acts."""

    APPLICANT = "applicant"
    PROVINCIAL_REVIEWER = "provincial_reviewer"
    PROVINCIAL_HEAD = "provincial_head"
    NATIONAL_REVIEWER = "national_reviewer"
    NATIONAL_HEAD = "national_head"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PUBLIC = "public"
    SYSTEM = "system"


class Act(StrEnum):
    """Every act that leaves an event."""

    SUBMIT = "submit"
    SUPPLEMENT = "supplement"
    ASK = "ask"
    FORWARD = "forward"
    ESCALATE = "escalate"
    RETURN_TO_PROVINCE = "return_to_province"
    PROPOSE_APPROVAL = "propose_approval"
    PROPOSE_REJECTION = "propose_rejection"
    APPROVE = "approve"
    REJECT = "reject"
    CONFIRM = "confirm"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"
    RESUBMIT = "resubmit"
    LAPSE = "lapse"
    WITHDRAW_CANCELLATION = "withdraw_cancellation"
    ISSUE_NUMBER = "issue_number"
    TAKE_EFFECT = "take_effect"
    CLOSE_BY_CANCELLATION = "close_by_cancellation"
    APPLICANT_CHANGED = "applicant_changed"
    NOTICE_DELIVERED = "notice_delivered"
    RECORD_LATENESS = "record_lateness"
    ENTER_IN_LIST = "enter_in_list"
    IMPORT = "import"
    STRIKE_OFF = "strike_off"
    CLOSE_BY_STRIKING_OFF = "close_by_striking_off"
    NOTE_PREDECESSOR = "note_predecessor"


class StreamKind(StrEnum):
    """What a stream of events is about; each kind has its table of acts, its fold and its words."""

    FILING = "filing"
    MEMBERSHIP = "membership"
    BATCH_LIST = "batch_list"
    OBJECTION = "objection"
    STRIKING_OFF = "striking_off"
    CONSULTATION = "consultation"
    QUALITY_ROUND = "quality_round"
    OFFICE = "office"


class Outcome(StrEnum):
    """What an opinion recommends, a proposal proposes and a decision decides."""

    APPROVAL = "approval"
    REJECTION = "rejection"


# What an act decides or proposes by itself; a confirmation decides what was proposed.
DECISIONS: Mapping[Act, Outcome] = MappingProxyType(
    {Act.APPROVE: Outcome.APPROVAL, Act.REJECT: Outcome.REJECTION}
)
PROPOSALS: Mapping[Act, Outcome] = MappingProxyType(
    {Act.PROPOSE_APPROVAL: Outcome.APPROVAL, Act.PROPOSE_REJECTION: Outcome.REJECTION}
)

PROVINCE = frozenset({Role.PROVINCIAL_REVIEWER, Role.PROVINCIAL_HEAD})
NATION = frozenset({Role.NATIONAL_REVIEWER, Role.NATIONAL_HEAD})
OFFICERS = PROVINCE | NATION
HEADS = frozenset({Role.PROVINCIAL_HEAD, Role.NATIONAL_HEAD})
APPLICANT = frozenset({Role.APPLICANT})
SYSTEM = frozenset({Role.SYSTEM})

REVIEWS = (State.PROVINCIAL_REVIEW, State.NATIONAL_REVIEW)
CONFIRMATIONS = (State.PROVINCIAL_CONFIRMATION, State.NATIONAL_CONFIRMATION)
OPEN_STATES = REVIEWS + CONFIRMATIONS
# What may still be decided: a rejected application can be resubmitted until it lapses.
UNDECIDED_STATES = (*OPEN_STATES, State.REJECTED)
ALL_KINDS = frozenset(Kind)

DESKS: Mapping[State, Role] = MappingProxyType(
    {
        State.PROVINCIAL_REVIEW: Role.PROVINCIAL_REVIEWER,
        State.PROVINCIAL_CONFIRMATION: Role.PROVINCIAL_REVIEWER,
        State.NATIONAL_REVIEW: Role.NATIONAL_REVIEWER,
        State.NATIONAL_CONFIRMATION: Role.NATIONAL_REVIEWER,
    }
)


def proposes_name(*, kind: str, state: str) -> bool:
    """Whether an application's name of the applicant is only proposed: that of a change before its approval."""
    return kind == Kind.APPLICANT_CHANGE and state != State.APPROVED


# The standings in which a filing follows its applicant's facts.
LIVE_STANDINGS = (Standing.PENDING, Standing.AWAITING_NUMBER, Standing.IN_FORCE)
PUBLIC_STANDINGS = frozenset({Standing.IN_FORCE, Standing.CANCELLED, Standing.STRUCK_OFF})
