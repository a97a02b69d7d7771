"""Proposals of an office's changes: made by one person, confirmed by another, each act an event of the proposal.

What a confirmation brings about is done by the room of the matter, in the transaction of the confirmation.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from registry.errors import NotFound
from registry.models import Account, OfficeProposal
from registry.rules.office.events import OfficeAct, OfficeFacts, OfficeSubject, with_content
from registry.rules.office.proposals import (
    OPEN_STATES,
    ProposalFacts,
    ProposalState,
    acts_open_to,
    decide_on_proposal,
    fold_proposal,
)
from registry.rules.substance import says_something
from registry.rules.visible_text import clean
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Role, StreamKind
from registry.streams import writer


@transaction.atomic
def propose(
    subject: OfficeSubject,
    key: str,
    content: Mapping[str, Any],
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str,
    by: Account,
    at: datetime,
    province_code: str = "",
    has_reason: bool | None = None,
    **carried: bool,
) -> OfficeProposal:
    """Proposes a change; `before` and `after` are what the trail says of it. Raises TransitionNotAllowed.

    Of one thing only one change is proposed at a time. `carried` are further facts that the table looks at;
    `has_reason` is for what rests on something else than a sentence, such as a published notice.
    """
    reason = clean(reason, line_breaks=True)
    proposal = OfficeProposal(
        id=uuid.uuid4(), subject=subject.value, key=key, content=dict(content), proposed_by=by
    )
    facts = _facts(
        proposal,
        by,
        is_only_one=open_proposal(subject, key) is None,
        has_reason=says_something(reason) if has_reason is None else has_reason,
        **carried,
    )
    decide_on_proposal(OfficeAct.CHANGE_PROPOSED, facts)
    said = OfficeFacts(subject=subject, key=key, before=before, after=after, reason=reason)
    payload = with_content(said.as_payload(), content_sha256=digest_of(content))
    try:
        with transaction.atomic():
            return _append(
                proposal, OfficeAct.CHANGE_PROPOSED, payload, by=by, at=at, province_code=province_code
            )
    except IntegrityError as error:
        # Another transaction proposed a change of the same thing after the look above.
        raise TransitionNotAllowed(
            "only_proposal", act=OfficeAct.CHANGE_PROPOSED.value, state="", role=by.role
        ) from error


@transaction.atomic
def confirm(
    proposal_id: uuid.UUID,
    apply: Callable[[OfficeProposal], bool],
    *,
    subject: OfficeSubject,
    by: Account,
    at: datetime,
) -> OfficeProposal:
    """Confirms a proposal as another person, and has it applied in the same transaction.

    `apply` puts the change in force, or gives False and changes nothing where its effect is not what was seen. Raises
    NotFound, TransitionNotAllowed, and what `apply` raises.
    """
    proposal = _locked(proposal_id, subject)
    # Who may not confirm brings nothing about, whatever the effect is.
    decide_on_proposal(OfficeAct.CHANGE_CONFIRMED, _facts(proposal, by))
    is_as_seen = apply(proposal)
    decide_on_proposal(OfficeAct.CHANGE_CONFIRMED, _facts(proposal, by, is_effect_as_seen=is_as_seen))
    return _append(proposal, OfficeAct.CHANGE_CONFIRMED, _said(proposal), by=by, at=at)


@transaction.atomic
def end(
    proposal_id: uuid.UUID,
    act: OfficeAct,
    *,
    subject: OfficeSubject,
    reason: str = "",
    by: Account,
    at: datetime,
) -> OfficeProposal:
    """Declines a proposal with a reason, or withdraws one's own. Raises NotFound, TransitionNotAllowed."""
    if act not in (OfficeAct.CHANGE_DECLINED, OfficeAct.CHANGE_WITHDRAWN):
        raise NotFound("act_unknown")
    return take_step(_locked(proposal_id, subject), act, reason=reason, by=by, at=at)


@transaction.atomic
def take_step(
    proposal: OfficeProposal,
    act: OfficeAct,
    *,
    reason: str = "",
    stated: Mapping[str, Any] | None = None,
    by: Account | None,
    at: datetime,
    province_code: str = "",
    has_reason: bool | None = None,
    **carried: bool,
) -> OfficeProposal:
    """Takes one step of a locked proposal, as the table allows it; `by` is None for the system.

    `stated` is what the event holds beside the reason, `carried` are facts that the table looks at; `has_reason` is
    for a reason that is kept apart from the event. Raises TransitionNotAllowed.
    """
    reason = clean(reason, line_breaks=True)
    is_given = says_something(reason) if has_reason is None else has_reason
    decide_on_proposal(act, _facts(proposal, by, has_reason=is_given, **carried))
    payload = _said(proposal, reason) | dict(stated or {})
    return _append(proposal, act, payload, by=by, at=at, province_code=province_code)


def lock_proposal(proposal_id: uuid.UUID, subject: OfficeSubject) -> OfficeProposal:
    """The proposal, locked until the transaction ends. Raises NotFound."""
    return _locked(proposal_id, subject)


def open_proposal(subject: OfficeSubject, key: str) -> OfficeProposal | None:
    """The proposal about one thing that nobody has decided yet."""
    undecided = [state.value for state in OPEN_STATES]
    found = OfficeProposal.objects.filter(subject=subject.value, key=key, state__in=undecided)
    return found.select_related("proposed_by").first()


def acts_open_on(proposal: OfficeProposal, account: Account, **carried: bool) -> frozenset[OfficeAct]:
    """What an account may do with a proposal now."""
    return acts_open_to(_facts(proposal, account, **carried))


def digest_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of what is proposed."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _facts(proposal: OfficeProposal, account: Account | None, **carried: bool) -> ProposalFacts:
    return ProposalFacts(
        state=ProposalState(proposal.state) if proposal.state else None,
        role=account.acts_as if account is not None else Role.SYSTEM,
        subject=OfficeSubject(proposal.subject),
        actor_id=str(account.pk) if account is not None else "",
        proposer_id=str(proposal.proposed_by_id) if proposal.state else None,
        **carried,
    )


def _said(proposal: OfficeProposal, reason: str = "") -> dict[str, Any]:
    said = OfficeFacts(subject=OfficeSubject(proposal.subject), key=proposal.key, reason=reason)
    return said.as_payload()


def _locked(proposal_id: uuid.UUID, subject: OfficeSubject) -> OfficeProposal:
    found = OfficeProposal.objects.select_for_update(no_key=True, of=("self",)).select_related("proposed_by")
    proposal = found.filter(pk=proposal_id, subject=subject.value).first()
    if proposal is None:
        raise NotFound("proposal_unknown", proposal=str(proposal_id))
    return proposal


def _append(
    proposal: OfficeProposal,
    act: OfficeAct,
    payload: Mapping[str, Any],
    *,
    by: Account | None,
    at: datetime,
    province_code: str = "",
) -> OfficeProposal:
    return writer.append_folded(
        proposal,
        StreamKind.OFFICE,
        act,
        payload,
        fold_proposal,
        actor_id=by.pk if by is not None else None,
        role=by.acts_as if by is not None else Role.SYSTEM,
        at=at,
        province_code=province_code,
    )
