"""The history of an applicant's members: each act recorded as an event in the stream of the applicant's members."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from registry.models import Account, Applicant, Event, Invitation, MembershipClaim
from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.workflow.states import StreamKind
from registry.streams import memberships
from registry.streams.backfill import carry_over_members_of


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act of the history, with the rows that it names: the member it concerns, the invitation, the claim."""

    event: Event
    applicant: Applicant
    actor: Account
    act: MembershipAct
    facts: MembershipFacts
    account: Account | None
    invitation: Invitation | None
    claim: MembershipClaim | None

    @property
    def at(self) -> datetime:
        return self.event.at


def record(
    applicant: Applicant,
    act: MembershipAct,
    *,
    actor: Account,
    at: datetime,
    account: Account | None = None,
    invitation: Invitation | None = None,
    claim: MembershipClaim | None = None,
    facts: MembershipFacts | None = None,
) -> HistoryEntry:
    """Appends one act to the history; call with the applicant locked. `facts` are its terms, outcome and reason."""
    facts = replace(
        facts or MembershipFacts(),
        account=_id_of(account),
        invitation=_id_of(invitation),
        claim=_id_of(claim),
    )
    carry_over_members_of(applicant)
    event = memberships.append(
        applicant.pk, act.value, facts, actor=actor, province_code=applicant.province_code, at=at
    )
    event.applicant = applicant
    return HistoryEntry(event, applicant, actor, act, facts, account, invitation, claim)


def history_of(applicant_id: uuid.UUID) -> list[HistoryEntry]:
    """The applicant's history of members, newest act first."""
    events = Event.objects.filter(stream_kind=StreamKind.MEMBERSHIP.value, stream_id=applicant_id)
    return entries_of(events.select_related("actor", "applicant").order_by("-sequence"))


def entries_of(events: Iterable[Event]) -> list[HistoryEntry]:
    """The entries of membership events, in their order, in three queries besides that of the events."""
    found = [(event, MembershipFacts.of(event.payload)) for event in events]
    accounts = Account.objects.in_bulk(_ids(facts.account for _event, facts in found))
    invitations = Invitation.objects.in_bulk(_ids(facts.invitation for _event, facts in found))
    claims = MembershipClaim.objects.in_bulk(_ids(facts.claim for _event, facts in found))
    return [
        HistoryEntry(
            event,
            event.applicant,
            event.actor,
            MembershipAct(event.act),
            facts,
            account=accounts.get(_id_in(facts.account)),
            invitation=invitations.get(_id_in(facts.invitation)),
            claim=claims.get(_id_in(facts.claim)),
        )
        for event, facts in found
        if event.applicant is not None and event.actor is not None
    ]


def _id_of(row: Account | Invitation | MembershipClaim | None) -> str:
    return "" if row is None else str(row.pk)


def _id_in(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _ids(texts: Iterable[str]) -> Sequence[uuid.UUID]:
    return [uuid.UUID(text) for text in sorted(set(texts)) if text]
