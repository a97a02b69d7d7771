"""What an office changes by two people: one proposes, another looks at the effect and confirms or declines.

One table of acts for every such matter. Whoever confirms is another person than whoever proposed, and confirms the
effect that was on the screen. A proposal is declined with a reason, or withdrawn by whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.rules.errors import FilingError
from registry.rules.office_acts import OfficeAct, OfficeFacts, OfficeSubject
from registry.rules.workflow.act_table import ActRecord, ActTable, Condition, Step, fold_stream
from registry.rules.workflow.states import NATION, Role


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Parts:
    """Who may propose a matter, and who may confirm or decline it as the second person."""

    proposing: frozenset[Role]
    confirming: frozenset[Role]


_EDITORS = frozenset({Role.ADMINISTRATOR, Role.NATIONAL_HEAD})
PARTS: Mapping[OfficeSubject, Parts] = MappingProxyType(
    {
        OfficeSubject.NOTICE_TEXT: Parts(_EDITORS, _EDITORS),
        OfficeSubject.CALENDAR: Parts(frozenset({Role.NATIONAL_HEAD}), NATION),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFacts:
    """What the table looks at: the proposal, who acts, and whether the effect that was seen is that of now."""

    state: ProposalState | None
    role: Role
    subject: OfficeSubject
    actor_id: str
    proposer_id: str | None = None
    is_only_one: bool = True
    is_effect_as_seen: bool = True
    has_reason: bool = False


ProposalGuard = Condition[ProposalFacts]
_S, _A = ProposalState, OfficeAct
_MAY_PROPOSE = ProposalGuard("may_propose_this", lambda facts: facts.role in PARTS[facts.subject].proposing)
_MAY_CONFIRM = ProposalGuard("may_confirm_this", lambda facts: facts.role in PARTS[facts.subject].confirming)
_ONLY_ONE = ProposalGuard("only_proposal", lambda facts: facts.is_only_one)
_SECOND = ProposalGuard("second_officer", lambda facts: facts.actor_id != facts.proposer_id)
_OWN = ProposalGuard("own_proposal", lambda facts: facts.actor_id == facts.proposer_id)
_AS_SEEN = ProposalGuard("effect_as_seen", lambda facts: facts.is_effect_as_seen)
_REASON = ProposalGuard("proposal_reason_given", lambda facts: facts.has_reason)
_ANYBODY = frozenset(Role)

_TABLE: ActTable[OfficeAct, ProposalState, ProposalFacts] = ActTable(
    (
        Step(_A.CHANGE_PROPOSED, _ANYBODY, None, _S.PROPOSED, (_MAY_PROPOSE, _REASON, _ONLY_ONE)),
        Step(_A.CHANGE_CONFIRMED, _ANYBODY, _S.PROPOSED, _S.CONFIRMED, (_MAY_CONFIRM, _SECOND, _AS_SEEN)),
        Step(_A.CHANGE_DECLINED, _ANYBODY, _S.PROPOSED, _S.DECLINED, (_MAY_CONFIRM, _SECOND, _REASON)),
        Step(_A.CHANGE_WITHDRAWN, _ANYBODY, _S.PROPOSED, _S.WITHDRAWN, (_OWN,)),
    )
)
proposal_state_after, decide_on_proposal = _TABLE.state_after, _TABLE.decide


def acts_open_to(facts: ProposalFacts) -> frozenset[OfficeAct]:
    """The acts that are open to somebody before the act itself is looked at. Decides the buttons."""
    return _TABLE.open_to(facts, asking=(_MAY_PROPOSE, _MAY_CONFIRM, _SECOND, _OWN, _ONLY_ONE))


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """Everything that a proposal's row keeps but its content, which the event of the proposal commits to."""

    subject: OfficeSubject
    key: str
    content_sha256: str
    reason: str
    state: ProposalState
    proposed_at: datetime
    proposed_by_id: str | None
    last_event_sequence: int
    decided_at: datetime | None = None
    decided_by_id: str | None = None
    decision_reason: str = ""


ProposalRecord = ActRecord[OfficeAct]


def proposal_payload(facts: OfficeFacts, *, content_sha256: str) -> dict[str, Any]:
    """What the event of a proposal holds."""
    return facts.as_payload() | {"content_sha256": content_sha256}


def fold_proposal(events: Iterable[ProposalRecord]) -> ProposalRow:
    """The row that results from a proposal's events, taken in sequence.

    Raises FilingError for a stream that does not begin with a proposal, KeyError for a step no row of the table allows.
    """
    return fold_stream(events, _proposed, _after, missing="stream_without_proposal")


def _proposed(event: ProposalRecord) -> ProposalRow:
    if event.act is not OfficeAct.CHANGE_PROPOSED:
        raise FilingError("stream_without_proposal", act=event.act.value)
    facts = OfficeFacts.of(event.payload)
    return ProposalRow(
        subject=facts.subject,
        key=facts.key,
        content_sha256=str(event.payload["content_sha256"]),
        reason=facts.reason,
        state=proposal_state_after(None, event.act),
        proposed_at=event.at,
        proposed_by_id=event.actor_id,
        last_event_sequence=event.sequence,
    )


def _after(row: ProposalRow, event: ProposalRecord) -> ProposalRow:
    return replace(
        row,
        state=proposal_state_after(row.state, event.act),
        last_event_sequence=event.sequence,
        decided_at=event.at,
        decided_by_id=event.actor_id,
        decision_reason=OfficeFacts.of(event.payload).reason,
    )
