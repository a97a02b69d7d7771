"""Taking an applicant over: what an office's grant of a claim gives and takes, and the steps until it takes effect.

One officer of the provincial office proposes to grant a claim, another confirms; both have looked at every scan of the
proof. The owners there are have been told and have days to object before it takes effect, unless a head records why it
is urgent. An objection stops it, and only a head carries it through after that. Declining a claim takes nothing over.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry import clock
from registry.book import head_claims
from registry.calendar.current import current_calendar
from registry.errors import MemberActRefused, NotFound
from registry.members import notices as member_notices
from registry.members.authority import active_memberships, facts_of
from registry.members.claims import Outcome, Way, claims_within, proof_to_see, refuse_unfit_proof
from registry.members.memberships import lock_applicant, lock_as_member
from registry.models import Account, Membership, MembershipClaim, OfficeProposal
from registry.rules.days.working_days import add_working_days
from registry.rules.members.permissions import MemberAct, MemberRole, permit
from registry.rules.office.events import OfficeAct, OfficeSubject, hearing_until
from registry.rules.office.proposals import OBJECTION_WORKING_DAYS, OPEN_STATES, ProposalState
from registry.rules.visible_text import clean, is_visible
from registry.streams import office_proposals

_SUBJECT = OfficeSubject.TAKEOVER


@dataclass(frozen=True, slots=True)
class Effect:
    """Who gains access and who loses it when a claim is granted, and the digest of all of it."""

    gains: Account
    loses: tuple[Membership, ...]
    stays: tuple[Membership, ...]
    digest: str

    @property
    def owners(self) -> list[Account]:
        """The owners there are beside the claimant: who is told and may object."""
        both = (*self.loses, *self.stays)
        return [each.account for each in both if each.role == MemberRole.OWNER]


def effect_of(claim: MembershipClaim, outcome: MembershipClaim.Outcome) -> Effect:
    """What granting a claim in this way brings about now."""
    others = tuple(active_memberships(claim.applicant_id).exclude(account=claim.account_id))
    is_replaced = outcome is Outcome.REPLACED
    said = [str(claim.account_id), outcome.value, sorted((str(each.pk), each.role) for each in others)]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return Effect(claim.account, others if is_replaced else (), () if is_replaced else others, digest)


def outcome_of(proposal: OfficeProposal) -> MembershipClaim.Outcome:
    """In which way the claim is to be granted."""
    return MembershipClaim.Outcome(proposal.content["outcome"])


def takeover_of(claim: MembershipClaim) -> OfficeProposal | None:
    """The undecided proposal to grant a claim."""
    return office_proposals.open_proposal(_SUBJECT, str(claim.pk))


def planned_for(applicant_id: uuid.UUID) -> list[OfficeProposal]:
    """The takeovers of an applicant of which its owners have been told and that are not decided yet."""
    claims = MembershipClaim.objects.filter(applicant=applicant_id, way=Way.OFFICE, outcome="")
    keys = [str(pk) for pk in claims.values_list("pk", flat=True)]
    told = [ProposalState.WAITING.value, ProposalState.OBJECTED.value]
    return list(OfficeProposal.objects.filter(subject=_SUBJECT.value, key__in=keys, state__in=told))


def claim_of(proposal: OfficeProposal) -> MembershipClaim:
    """The claim that is to be granted."""
    return MembershipClaim.objects.select_related("account", "applicant").get(pk=proposal.key)


@transaction.atomic
def propose_takeover(
    claim_id: uuid.UUID,
    outcome: MembershipClaim.Outcome,
    *,
    reason: str,
    proof_seen: Collection[str],
    officer: Account,
    at: datetime,
) -> OfficeProposal:
    """Proposes to grant a claim. Raises NotFound outside the province, TransitionNotAllowed, MemberActRefused.

    The latter while a scan of its proof is being read, and where one was refused.
    """
    claim = _open_claim(claim_id, officer)
    refuse_unfit_proof(claim)
    effect = effect_of(claim, outcome)
    members = len(effect.loses) + len(effect.stays)
    return office_proposals.propose(
        _SUBJECT,
        str(claim.pk),
        {"outcome": outcome.value, "proof": sorted(str(scan.pk) for scan in proof_to_see(claim))},
        before={"members": members},
        after={"members": len(effect.stays) + 1, "outcome": outcome.value},
        reason=reason,
        by=officer,
        at=at,
        province_code=claim.province_code,
        is_proof_seen=_is_seen(claim, proof_seen),
    )


@transaction.atomic
def confirm_takeover(
    claim_id: uuid.UUID,
    act: OfficeAct,
    *,
    reason: str,
    proof_seen: Collection[str],
    digest: str,
    officer: Account,
    at: datetime,
) -> OfficeProposal:
    """Confirms a proposal as another officer who saw the effect with this digest, as the table allows the act.

    Where there are owners to hear, it waits for their days to be over; a head's urgency, or a head's decision over an
    objection, puts it in effect at once. Raises NotFound, TransitionNotAllowed, MemberActRefused.
    """
    claim = _open_claim(claim_id, officer)
    proposal = _locked_of(claim)
    effect = effect_of(claim, outcome_of(proposal))
    stated = {}
    if act is OfficeAct.TAKEOVER_CONFIRMED:
        today = clock.china_date(at)
        answer_by = add_working_days(today, OBJECTION_WORKING_DAYS, current_calendar())
        stated = hearing_until(answer_by)
    proposal = office_proposals.take_step(
        proposal,
        act,
        reason=reason,
        stated=stated,
        by=officer,
        at=at,
        province_code=claim.province_code,
        is_proof_seen=_is_seen(claim, proof_seen),
        has_owners=bool(effect.owners),
        is_effect_as_seen=digest == effect.digest,
    )
    if proposal.state == ProposalState.CONFIRMED:
        _put_in_effect(proposal, claim, at=at)
    else:
        member_notices.notify_takeover_planned(proposal, claim, effect.owners, at=at)
    return proposal


@transaction.atomic
def end_takeover(
    claim_id: uuid.UUID, act: OfficeAct, *, reason: str, officer: Account, at: datetime
) -> OfficeProposal:
    """Declines or withdraws a proposal; the claim stays to be decided. Raises NotFound, TransitionNotAllowed."""
    claim = _open_claim(claim_id, officer)
    proposal = _locked_of(claim)
    was_told = proposal.state != ProposalState.PROPOSED
    if act not in (OfficeAct.CHANGE_DECLINED, OfficeAct.CHANGE_WITHDRAWN):
        raise NotFound("act_unknown")
    ended = office_proposals.take_step(
        proposal, act, reason=reason, by=officer, at=at, province_code=claim.province_code
    )
    if was_told:
        owners = effect_of(claim, outcome_of(proposal)).owners
        member_notices.notify_takeover_dropped(ended, claim, owners, at=at)
    return ended


@transaction.atomic
def object_to_takeover(proposal_id: uuid.UUID, *, text: str, by: Account, at: datetime) -> OfficeProposal:
    """An owner objects before it takes effect, which stops it; what is said is encrypted and stays out of the event.

    Raises NotFound for who is no member, MemberActRefused for who is no owner, TransitionNotAllowed.
    """
    found = OfficeProposal.objects.filter(pk=proposal_id, subject=_SUBJECT.value).first()
    if found is None:
        raise NotFound("proposal_unknown", proposal=str(proposal_id))
    claim = claim_of(found)
    _applicant, own = lock_as_member(claim.applicant_id, by=by)
    permit(MemberAct.ANSWER_REQUEST, facts_of(own, today=clock.china_date(at)))
    proposal = office_proposals.lock_proposal(proposal_id, _SUBJECT)
    text = clean(text, line_breaks=True)
    proposal.objection = text
    return office_proposals.take_step(
        proposal,
        OfficeAct.TAKEOVER_OBJECTED,
        by=by,
        at=at,
        province_code=claim.province_code,
        has_reason=is_visible(text),
    )


def takeovers_to_settle(at: datetime) -> list[uuid.UUID]:
    """The takeovers whose days to object are over, and those whose claim was closed otherwise."""
    undecided = OfficeProposal.objects.filter(
        subject=_SUBJECT.value, state__in=[state.value for state in OPEN_STATES]
    )
    today = clock.china_date(at)
    closed = {
        str(pk)
        for pk in MembershipClaim.objects.filter(way=Way.OFFICE)
        .exclude(outcome="")
        .filter(pk__in=[uuid.UUID(key) for key in undecided.values_list("key", flat=True)])
        .values_list("pk", flat=True)
    }
    return [
        row.pk
        for row in undecided.order_by("proposed_at", "pk")
        if row.key in closed
        or (row.state == ProposalState.WAITING and row.answer_by is not None and row.answer_by < today)
    ]


@transaction.atomic
def settle_takeover(proposal_id: uuid.UUID, *, at: datetime) -> bool:
    """Puts one takeover in effect whose days are over, or ends it where its claim was closed; gives whether it did.

    The claim's applicant and the proposal are locked and read again, so that of two jobs, or of a job and an owner who
    objects, one is first.
    """
    found = OfficeProposal.objects.filter(pk=proposal_id, subject=_SUBJECT.value).first()
    if found is None:
        return False
    claim = claim_of(found)
    # The applicant first, as everybody locks who changes its members: otherwise two at once could deadlock.
    lock_applicant(claim.applicant_id)
    proposal = office_proposals.lock_proposal(proposal_id, _SUBJECT)
    claim.refresh_from_db(fields=["outcome"])
    if ProposalState(proposal.state) not in OPEN_STATES:
        return False
    are_days_over = proposal.answer_by is not None and proposal.answer_by < clock.china_date(at)
    if claim.outcome:
        act = OfficeAct.TAKEOVER_LAPSED
    elif proposal.state == ProposalState.WAITING and are_days_over:
        act = OfficeAct.TAKEOVER_EFFECTED
    else:
        return False
    proposal = office_proposals.take_step(
        proposal,
        act,
        by=None,
        at=at,
        province_code=claim.province_code,
        is_claim_closed=bool(claim.outcome),
        are_days_over=are_days_over,
    )
    if act is OfficeAct.TAKEOVER_EFFECTED:
        _put_in_effect(proposal, claim, at=at)
    return True


def _put_in_effect(proposal: OfficeProposal, claim: MembershipClaim, *, at: datetime) -> None:
    head_claims.decide_claim(
        claim.pk,
        outcome_of(proposal),
        reason=proposal.reason,
        officer=proposal.proposed_by,
        at=at,
        is_by_two=True,
    )


def _open_claim(claim_id: uuid.UUID, officer: Account) -> MembershipClaim:
    claim = claims_within(officer).filter(pk=claim_id).first()
    if claim is None:
        raise NotFound("claim_unknown")
    if claim.outcome:
        raise MemberActRefused("claim_decided", by=claim.decided_by_id, at=claim.decided_at)
    return claim


def _locked_of(claim: MembershipClaim) -> OfficeProposal:
    """The undecided proposal to grant the claim, locked after its applicant, as everybody does."""
    lock_applicant(claim.applicant_id)
    found = takeover_of(claim)
    if found is None:
        raise NotFound("proposal_unknown")
    return office_proposals.lock_proposal(found.pk, _SUBJECT)


def _is_seen(claim: MembershipClaim, seen: Collection[str]) -> bool:
    return {str(scan.pk) for scan in proof_to_see(claim)} <= set(seen)
