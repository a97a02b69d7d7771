"""What an office changes by two people: one proposes, another looks at the effect and confirms or declines.

One table of acts for every such matter. An applicant is taken over only when its owners have been told and had days to
object, or for a head's recorded urgency; an objection stops it, and only a head carries it through after that.
Otherwise Whoever confirms is another person than whoever proposed, and confirms the
effect that was on the screen. A proposal is declined with a reason, or withdrawn by whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from registry.rules.errors import FilingError
from registry.rules.office.events import (
    OfficeAct,
    OfficeFacts,
    OfficeSubject,
    answer_by_of,
    content_sha256_of,
)
from registry.rules.workflow.act_table import ActRecord, ActTable, Condition, Step, fold_stream
from registry.rules.workflow.states import APPLICANT, HEADS, NATION, PROVINCE, SYSTEM, Role


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    WAITING = "waiting"
    OBJECTED = "objected"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (ProposalState.PROPOSED, ProposalState.WAITING, ProposalState.OBJECTED)
# How long the owners of an applicant that is to be taken over have to object, from the day after they were told.
OBJECTION_WORKING_DAYS = 3


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
        OfficeSubject.TAKEOVER: Parts(PROVINCE, PROVINCE),
        # Of an office's own papers: its head proposes, another officer of the same office confirms.
        OfficeSubject.PAPER_SETTINGS: Parts(HEADS, PROVINCE | NATION),
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
    # Of a takeover: whether whoever acts has looked at every scan of the proof, the applicant has owners beside the
    # claimant, the days to object are over, and the claim was decided otherwise or withdrawn meanwhile.
    is_proof_seen: bool = True
    has_owners: bool = False
    are_days_over: bool = False
    is_claim_closed: bool = False


ProposalGuard = Condition[ProposalFacts]
_S, _A = ProposalState, OfficeAct
_MAY_PROPOSE = ProposalGuard("may_propose_this", lambda facts: facts.role in PARTS[facts.subject].proposing)
_MAY_CONFIRM = ProposalGuard("may_confirm_this", lambda facts: facts.role in PARTS[facts.subject].confirming)
_ONLY_ONE = ProposalGuard("only_proposal", lambda facts: facts.is_only_one)
_SECOND = ProposalGuard("second_officer", lambda facts: facts.actor_id != facts.proposer_id)
_OWN = ProposalGuard("own_proposal", lambda facts: facts.actor_id == facts.proposer_id)
_AS_SEEN = ProposalGuard("effect_as_seen", lambda facts: facts.is_effect_as_seen)
_REASON = ProposalGuard("proposal_reason_given", lambda facts: facts.has_reason)
_PROOF_SEEN = ProposalGuard("takeover_proof_seen", lambda facts: facts.is_proof_seen)
_OWNERS = ProposalGuard("takeover_owners_to_hear", lambda facts: facts.has_owners)
_NO_OWNERS = ProposalGuard("takeover_without_hearing", lambda facts: not facts.has_owners)
_DAYS_OVER = ProposalGuard("takeover_days_over", lambda facts: facts.are_days_over)
_CLAIM_CLOSED = ProposalGuard("takeover_claim_closed", lambda facts: facts.is_claim_closed)
_ANYBODY = frozenset(Role)
_OFFICE_HEAD = frozenset({Role.PROVINCIAL_HEAD})

_TABLE: ActTable[OfficeAct, ProposalState, ProposalFacts] = ActTable(
    (
        Step(
            _A.CHANGE_PROPOSED, _ANYBODY, None, _S.PROPOSED, (_MAY_PROPOSE, _PROOF_SEEN, _REASON, _ONLY_ONE)
        ),
        Step(
            _A.CHANGE_CONFIRMED,
            _ANYBODY,
            _S.PROPOSED,
            _S.CONFIRMED,
            (_MAY_CONFIRM, _SECOND, _NO_OWNERS, _PROOF_SEEN, _AS_SEEN),
        ),
        *(
            Step(_A.CHANGE_DECLINED, _ANYBODY, source, _S.DECLINED, (_MAY_CONFIRM, _SECOND, _REASON))
            for source in OPEN_STATES
        ),
        *(Step(_A.CHANGE_WITHDRAWN, _ANYBODY, source, _S.WITHDRAWN, (_OWN,)) for source in OPEN_STATES),
        Step(
            _A.TAKEOVER_CONFIRMED,
            PROVINCE,
            _S.PROPOSED,
            _S.WAITING,
            (_SECOND, _OWNERS, _PROOF_SEEN, _AS_SEEN),
        ),
        *(
            Step(
                _A.TAKEOVER_URGED,
                _OFFICE_HEAD,
                source,
                _S.CONFIRMED,
                (_SECOND, _OWNERS, _REASON, _PROOF_SEEN, _AS_SEEN),
            )
            for source in (_S.PROPOSED, _S.WAITING)
        ),
        Step(_A.TAKEOVER_OBJECTED, APPLICANT, _S.WAITING, _S.OBJECTED, (_REASON,)),
        Step(
            _A.TAKEOVER_UPHELD,
            _OFFICE_HEAD,
            _S.OBJECTED,
            _S.CONFIRMED,
            (_SECOND, _REASON, _PROOF_SEEN, _AS_SEEN),
        ),
        Step(_A.TAKEOVER_EFFECTED, SYSTEM, _S.WAITING, _S.CONFIRMED, (_DAYS_OVER,)),
        *(Step(_A.TAKEOVER_LAPSED, SYSTEM, source, _S.WITHDRAWN, (_CLAIM_CLOSED,)) for source in OPEN_STATES),
    )
)
proposal_state_after, decide_on_proposal = _TABLE.state_after, _TABLE.decide


def acts_open_to(facts: ProposalFacts) -> frozenset[OfficeAct]:
    """The acts that are open to somebody before the act itself is looked at. Decides the buttons."""
    return _TABLE.open_to(
        facts, asking=(_MAY_PROPOSE, _MAY_CONFIRM, _SECOND, _OWN, _ONLY_ONE, _OWNERS, _NO_OWNERS)
    )


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
    answer_by: date | None = None


_BY_OFFICERS = frozenset(
    {
        OfficeAct.CHANGE_CONFIRMED,
        OfficeAct.CHANGE_DECLINED,
        OfficeAct.CHANGE_WITHDRAWN,
        OfficeAct.TAKEOVER_CONFIRMED,
        OfficeAct.TAKEOVER_URGED,
        OfficeAct.TAKEOVER_UPHELD,
    }
)
ProposalRecord = ActRecord[OfficeAct]


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
        content_sha256=content_sha256_of(event.payload),
        reason=facts.reason,
        state=proposal_state_after(None, event.act),
        proposed_at=event.at,
        proposed_by_id=event.actor_id,
        last_event_sequence=event.sequence,
    )


def _after(row: ProposalRow, event: ProposalRecord) -> ProposalRow:
    row = replace(row, state=proposal_state_after(row.state, event.act), last_event_sequence=event.sequence)
    if event.act is OfficeAct.TAKEOVER_CONFIRMED:
        row = replace(row, answer_by=answer_by_of(event.payload))
    if event.act not in _BY_OFFICERS:
        # What the owners and the system do leaves standing who decided.
        return row
    return replace(
        row,
        decided_at=event.at,
        decided_by_id=event.actor_id,
        decision_reason=OfficeFacts.of(event.payload).reason,
    )
