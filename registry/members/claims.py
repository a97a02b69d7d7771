"""Claims: an account that entered a known identity document asks to act for its applicant.

It asks the owners, or the provincial office at the applicant's place, which examines proof and decides with a
reason. Until then the claimant learns nothing about the applicant's members. The office's decision also settles
squatting: it can remove an account that filed first under a document of somebody else.

The claim is made when it is sent; its scans are read afterwards. It is granted when each that is asked for could be
read; the claimant puts another in the place of one that could not. Declining waits for none of them: the claimant
could keep the office from it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from registry import clock
from registry.accounts.limits import Limit, consume
from registry.errors import AttachmentRefused, NotFound
from registry.members import notices as member_notices
from registry.members.authority import active_memberships, facts_of, membership_of
from registry.members.history import HistoryEntry, record
from registry.members.memberships import (
    Terms,
    end_membership,
    lock_applicant,
    lock_as_member,
    owners_of,
    take_in,
    withdraw_all,
)
from registry.models import (
    Account,
    Applicant,
    Attachment,
    HeadClaim,
    Invitation,
    Membership,
    MembershipClaim,
)
from registry.models.applicant import document_index
from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.members.permissions import MemberAct, MemberActRefused, MemberRole, permit
from registry.rules.particulars.applicant import CARDS
from registry.rules.particulars.conditions import (
    ALWAYS,
    IS_INDIVIDUAL,
    IS_ORGANISATION,
    Condition,
    all_of,
    answered,
)
from registry.rules.particulars.definitions import HEIC, JPEG, PNG, WEBP
from registry.rules.substance import says_something
from registry.rules.visible_text import clean
from registry.rules.workflow.states import PROVINCE
from registry.storage import attachments

_DAY = timedelta(days=1)
CLAIMS_PER_DAY = 5

FIRST_SIDE, SECOND_SIDE = "identity_document_front", "identity_document_back"
# The scans that prove a claim, with whom each is asked of: the applicant's document, both sides of a card as in a
# filing, and the letter its principal signed.
PROOF: Mapping[str, Condition] = {
    "business_licence": IS_ORGANISATION,
    FIRST_SIDE: IS_INDIVIDUAL,
    SECOND_SIDE: all_of(IS_INDIVIDUAL, answered("applicant.document_type", *CARDS)),
    "letter_of_authority": ALWAYS,
}
_BOTH_SIDES = 2
# What shows one page, whatever is in it.
_PHOTOGRAPHS = frozenset({JPEG, PNG, HEIC, WEBP})

Way = MembershipClaim.Way
Outcome = MembershipClaim.Outcome


@dataclass(frozen=True, slots=True)
class StatedIdentity:
    """Who an imported applicant is, as a claimant states it; `person` is empty for an individual."""

    nature: str
    document_type: str
    document_number: str
    person: str = ""
    nationality: str = ""


def proof_slots(nature: str, document_type: str) -> tuple[str, ...]:
    """The slots of the scans that prove a claim to an applicant with this document."""
    stated = {"applicant": {"nature": nature, "document_type": document_type}}
    return tuple(slot for slot, is_asked in PROOF.items() if is_asked(stated))


def open_claim(
    applicant: Applicant,
    *,
    account: Account,
    way: MembershipClaim.Way,
    stated_name: str,
    explanation: str,
    draft_id: uuid.UUID | None,
    at: datetime,
    proof: Mapping[str, attachments.Upload] | None = None,
    identity: StatedIdentity | None = None,
    sender: str = "",
) -> MembershipClaim:
    """Opens a claim towards the owners, or towards the office with a scan for each of the `proof_slots`.

    A claim to an imported applicant, whose document the register does not know, states its `identity`. The scans wait
    to be read. Of a card the first file may show both sides: what cannot have two pages is refused here without the
    second, anything else is `lacking` it once it was read. `sender` is the address that the scans came from. Raises
    MemberActRefused("already_member", "already_claimed", "head_claimed", "document_is_of_own_applicant",
    "proof_missing", "second_side_missing"), LimitReached, and AttachmentRefused with the `slot` of the file.
    """
    stated = applicant if identity is None else identity
    wanted = proof_slots(stated.nature, stated.document_type) if way is Way.OFFICE else ()
    given = {slot: (proof or {})[slot] for slot in wanted if slot in (proof or {})}
    if any(slot not in given for slot in wanted if slot != SECOND_SIDE):
        raise MemberActRefused("proof_missing")
    _refuse_second(applicant, account, way)
    if identity is not None:
        _refuse_identity(applicant, account, identity)
    consume([Limit("membership_claim", str(account.pk), CLAIMS_PER_DAY, _DAY)], at=at)
    claim = MembershipClaim(
        applicant=applicant,
        province_code=applicant.province_code,
        account=account,
        draft_id=draft_id,
        way=way.value,
        created_at=at,
    )
    claim.stated_name, claim.explanation = stated_name, explanation
    with ExitStack() as undo:
        scans = {}
        for slot, file in given.items():
            scans[slot] = _take(claim, slot, file, account=account, sender=sender, at=at)
            undo.callback(attachments.discard, scans[slot])
        if SECOND_SIDE in wanted and SECOND_SIDE not in scans and _shows_one_side(scans[FIRST_SIDE]):
            raise MemberActRefused("second_side_missing")
        with transaction.atomic():
            locked = lock_applicant(applicant.pk)
            _refuse_second(locked, account, way)
            claim.save(force_insert=True)
            if identity is not None:
                _refuse_identity(locked, account, identity)
                _state(claim, identity)
            event = record(
                locked,
                MembershipAct.CLAIMED,
                actor=account,
                at=at,
                account=account,
                claim=claim,
                facts=MembershipFacts(way=way.value),
            )
            member_notices.notify_claimed(event, owners_of(locked))
        undo.pop_all()
    return claim


def put_scan(
    claim_id: uuid.UUID,
    slot: str,
    *,
    file: attachments.Upload,
    account: Account,
    sender: str,
    at: datetime,
) -> Attachment:
    """Puts a scan where the account's own open claim is `lacking` one; the refused one that stood there goes.

    Raises NotFound for the claim of somebody else and for a slot that lacks none, MemberActRefused("claim_decided"),
    and AttachmentRefused.
    """
    found = claims_of(account).filter(pk=claim_id).first()
    if found is None or (not found.outcome and slot not in lacking(found)):
        raise NotFound("claim_unknown")
    scan = _take(found, slot, file, account=account, sender=sender, at=at)
    try:
        with transaction.atomic():
            _applicant, claim = _lock_open(claims_of(account), claim_id)
            in_place = [each for each in proof_of(claim) if each.slot == slot]
            # Sent twice at the same moment: the older stays, whichever of them comes here first.
            oldest = min((each for each in in_place if _stands(each)), key=_age, default=None)
            if oldest is None or oldest.pk != scan.pk:
                raise NotFound("claim_unknown")
            for before in in_place:
                if before.pk != scan.pk:
                    attachments.discard(before)
    except BaseException:
        attachments.discard(scan)
        raise
    return scan


@transaction.atomic
def read_scan_again(
    claim_id: uuid.UUID, scan_id: uuid.UUID, *, account: Account, sender: str, at: datetime
) -> Attachment:
    """Has a scan of the account's own open claim read once more whose reading broke off.

    Raises NotFound, MemberActRefused("claim_decided"), AttachmentRefused.
    """
    _applicant, claim = _lock_open(claims_of(account), claim_id)
    scan = next((each for each in proof_of(claim) if each.pk == scan_id), None)
    if scan is None:
        raise NotFound("file_unknown")
    return attachments.try_again(scan, in_place_of=(), sender=sender, at=at)


def is_unread(claim: MembershipClaim) -> bool:
    """Whether a scan of the claim still waits to be read."""
    return any(scan.state == Attachment.State.WAITING for scan in proof_of(claim))


def lacking(claim: MembershipClaim) -> tuple[str, ...]:
    """The slots whose scan the claimant has to hand in again, in order: it was refused, or shows one side alone."""
    if claim.way != Way.OFFICE:
        return ()
    scans = proof_of(claim)
    standing = {scan.slot: scan for scan in scans if _stands(scan)}
    found = {scan.slot for scan in scans} - standing.keys()
    identity = stated_in(claim) or claim.applicant
    wanted = proof_slots(identity.nature, identity.document_type)
    first = standing.get(FIRST_SIDE)
    if SECOND_SIDE in wanted and SECOND_SIDE not in standing and first is not None and _shows_one_side(first):
        found.add(SECOND_SIDE)
    return tuple(slot for slot in PROOF if slot in found)


def refuse_unfit_proof(claim: MembershipClaim) -> None:
    """Refuses to grant while a scan is being read, and where the claimant has to hand another in.

    Raises MemberActRefused("proof_unread", "proof_lacking").
    """
    if is_unread(claim):
        raise MemberActRefused("proof_unread")
    if lacking(claim):
        raise MemberActRefused("proof_lacking")


def proof_to_see(claim: MembershipClaim) -> list[Attachment]:
    """The scans that a grant rests on: all but those that were refused and in whose place another stands."""
    scans = proof_of(claim)
    standing = {scan.slot for scan in scans if _stands(scan)}
    return [scan for scan in scans if _stands(scan) or scan.slot not in standing]


def _stands(scan: Attachment) -> bool:
    return scan.state != Attachment.State.REFUSED


def _age(scan: Attachment) -> tuple[datetime, uuid.UUID]:
    return scan.uploaded_at, scan.pk


def _shows_one_side(scan: Attachment) -> bool:
    """Whether a scan is known to have one page; of a PDF or TIFF that is known when it was read."""
    if scan.state == Attachment.State.CLEAN:
        return scan.page_count < _BOTH_SIDES
    return scan.content_type in _PHOTOGRAPHS


def _take(
    claim: MembershipClaim,
    slot: str,
    file: attachments.Upload,
    *,
    account: Account,
    sender: str,
    at: datetime,
) -> Attachment:
    """Takes a scan without an applicant: the applicant's current members must not read the proof."""
    try:
        return attachments.quarantine(
            draft_id=claim.pk, slot=slot, uploaded_by=account, file=file, sender=sender, at=at
        )
    except AttachmentRefused as refusal:
        refusal.facts["slot"] = slot
        raise


def _refuse_identity(applicant: Applicant, account: Account, identity: StatedIdentity) -> None:
    """Refuses a stated document where the register knows one, and one of an applicant the account acts for.

    Of other accounts' applicants nothing is said: which documents are registered is nobody else's to know.
    """
    if applicant.nature:
        raise MemberActRefused("head_claimed")
    own = Membership.objects.filter(account=account, revoked_at__isnull=True)
    if own.filter(applicant__document_index=_index_of(identity)).exists():
        raise MemberActRefused("document_is_of_own_applicant")


def _index_of(identity: StatedIdentity) -> str:
    return document_index(identity.document_type, identity.document_number, identity.nationality)


def _state(claim: MembershipClaim, identity: StatedIdentity) -> None:
    stated = HeadClaim(
        claim=claim,
        applicant=claim.applicant,
        province_code=claim.province_code,
        nature=identity.nature,
        document_type=identity.document_type,
        document_index=_index_of(identity),
    )
    stated.document_number, stated.person = identity.document_number, identity.person
    stated.nationality = identity.nationality or None
    stated.save(force_insert=True)


def stated_in(claim: MembershipClaim) -> HeadClaim | None:
    """What a claim states of an imported applicant; None for a claim to an applicant with a document."""
    return HeadClaim.objects.filter(claim=claim).first()


def _refuse_second(applicant: Applicant, account: Account, way: MembershipClaim.Way) -> None:
    if membership_of(account.pk, applicant.pk) is not None:
        raise MemberActRefused("already_member")
    if MembershipClaim.objects.filter(applicant=applicant, account=account, way=way, outcome="").exists():
        raise MemberActRefused("already_claimed")


def claims_of(account: Account) -> QuerySet[MembershipClaim]:
    """The claims of an account, newest first."""
    return MembershipClaim.objects.filter(account=account).order_by("-created_at")


def claims_within(officer: Account) -> QuerySet[MembershipClaim]:
    """The claims filed at the officer's own provincial office; none for other officers."""
    found = MembershipClaim.objects.filter(way=Way.OFFICE).exclude(outcome=Outcome.WITHDRAWN)
    if officer.acts_as not in PROVINCE:
        return found.none()
    return found.filter(province_code=officer.province_code).select_related("account", "applicant")


def claims_at_offices(officer: Account, *, is_by_two: bool) -> QuerySet[MembershipClaim]:
    """The claims that may be decided in an officer's name: those within the office.

    What two officers of it have decided takes effect as well when one of them has left the office since.
    """
    if not is_by_two:
        return claims_within(officer)
    return MembershipClaim.objects.filter(way=Way.OFFICE).exclude(outcome=Outcome.WITHDRAWN)


def open_claims_beside(claim: MembershipClaim) -> QuerySet[MembershipClaim]:
    """The other undecided claims to the same applicant at the office."""
    found = MembershipClaim.objects.filter(applicant=claim.applicant_id, way=Way.OFFICE, outcome="")
    return found.exclude(pk=claim.pk)


def proof_of(claim: MembershipClaim) -> list[Attachment]:
    """The scans of a claim, in the order in which they are asked for."""
    order = tuple(PROOF)
    found = Attachment.objects.filter(draft_id=claim.pk)
    return sorted(found, key=lambda scan: order.index(scan.slot) if scan.slot in order else len(order))


def is_proof_within(attachment: Attachment, officer: Account) -> bool:
    """Whether the file is proof of a claim at the officer's own provincial office."""
    return claims_within(officer).filter(pk=attachment.draft_id).exists()


@transaction.atomic
def withdraw_claim(claim_id: uuid.UUID, *, account: Account, at: datetime) -> None:
    """Withdraws the account's own open claim. Raises NotFound, MemberActRefused("claim_decided")."""
    applicant, claim = _lock_open(claims_of(account), claim_id)
    _withdraw(applicant, claim, at=at)


@transaction.atomic
def answer_request(
    claim_id: uuid.UUID, *, role: MemberRole | None, by: Account, at: datetime
) -> Membership | None:
    """Makes the claimant a member with `role`, or declines with None, as an owner; gives the new membership.

    Raises NotFound, MemberActRefused.
    """
    asked = MembershipClaim.objects.filter(way=Way.OWNERS)
    found = asked.filter(pk=claim_id).first()
    if found is None:
        raise NotFound("claim_unknown")
    applicant, own = lock_as_member(found.applicant_id, by=by)
    permit(MemberAct.ANSWER_REQUEST, facts_of(own, today=clock.china_date(at)))
    applicant, claim = _lock_open(asked, claim_id)
    if role is None:
        _close(applicant, claim, Outcome.DECLINED, by=by, at=at)
        return None
    membership = take_in(applicant, claim.account, Terms(role), at=at)
    _close(applicant, claim, Outcome.JOINED, by=by, at=at, role=role)
    close_claims_of(claim.account, applicant, at=at)
    return membership


@transaction.atomic
def decide_claim(
    claim_id: uuid.UUID,
    outcome: MembershipClaim.Outcome,
    *,
    reason: str,
    officer: Account,
    at: datetime,
    is_by_two: bool = False,
) -> MembershipClaim:
    """Decides a claim for the office; a granted claim makes the claimant an owner.

    A claim is declined by one officer; it is granted where two have decided so (`registry.book.takeovers`).

    The outcome REPLACED also ends every other membership and withdraws the open invitations. Raises NotFound
    outside the officer's province, MemberActRefused("claim_decided", "reason_missing", "proof_unread",
    "proof_lacking").
    """
    reason = clean(reason, line_breaks=True)
    if not says_something(reason):
        raise MemberActRefused("reason_missing")
    applicant, claim = _lock_open(claims_at_offices(officer, is_by_two=is_by_two), claim_id)
    if outcome is not Outcome.DECLINED and not is_by_two:
        raise MemberActRefused("takeover_by_two")
    if outcome is not Outcome.DECLINED:
        refuse_unfit_proof(claim)
    before = owners_of(applicant)
    if outcome is Outcome.REPLACED:
        _remove_others(applicant, claim, officer=officer, at=at)
    if outcome in (Outcome.JOINED, Outcome.REPLACED):
        _make_owner(applicant, claim.account, at=at)
    event = _close(
        applicant,
        claim,
        outcome,
        by=officer,
        at=at,
        role=MemberRole.OWNER,
        reason=reason,
    )
    if outcome in (Outcome.JOINED, Outcome.REPLACED):
        close_claims_of(claim.account, applicant, at=at)
    member_notices.notify_owners_of_decision(event, [each for each in before if each != claim.account])
    return claim


def close_claims_of(account: Account, applicant: Applicant, *, at: datetime) -> None:
    """Withdraws the open claims of a new member; call with the applicant locked."""
    for claim in MembershipClaim.objects.filter(account=account, applicant=applicant, outcome=""):
        _withdraw(applicant, claim, at=at)


def _lock_open(among: QuerySet[MembershipClaim], claim_id: uuid.UUID) -> tuple[Applicant, MembershipClaim]:
    found = among.filter(pk=claim_id).first()
    if found is None:
        raise NotFound("claim_unknown")
    applicant = lock_applicant(found.applicant_id)
    claim = MembershipClaim.objects.select_related("account", "applicant").get(pk=claim_id)
    if claim.outcome:
        raise MemberActRefused("claim_decided", by=claim.decided_by_id, at=claim.decided_at)
    return applicant, claim


def _make_owner(applicant: Applicant, account: Account, *, at: datetime) -> None:
    membership = membership_of(account.pk, applicant.pk)
    if membership is not None:
        end_membership(membership, at=at)
    take_in(applicant, account, Terms(MemberRole.OWNER), at=at)


def _remove_others(applicant: Applicant, claim: MembershipClaim, *, officer: Account, at: datetime) -> None:
    """Ends every membership but the claimant's, and withdraws the applicant's open invitations."""
    for membership in active_memberships(applicant.pk).exclude(account=claim.account):
        end_membership(membership, at=at)
        event = record(
            applicant,
            MembershipAct.REVOKED,
            actor=officer,
            at=at,
            account=membership.account,
            claim=claim,
        )
        if membership.role != MemberRole.OWNER:
            # Owners are notified of the decision itself.
            member_notices.notify_revoked(event, membership.account)
    withdraw_all(Invitation.objects.filter(applicant=applicant, outcome=""), by=officer, at=at)


def _withdraw(applicant: Applicant, claim: MembershipClaim, *, at: datetime) -> None:
    claim.outcome, claim.decided_by, claim.decided_at = Outcome.WITHDRAWN.value, claim.account, at
    claim.save(update_fields=["outcome", "decided_by", "decided_at"])
    record(
        applicant,
        MembershipAct.CLAIM_WITHDRAWN,
        actor=claim.account,
        at=at,
        account=claim.account,
        claim=claim,
    )


def _close(
    applicant: Applicant,
    claim: MembershipClaim,
    outcome: MembershipClaim.Outcome,
    *,
    by: Account,
    at: datetime,
    role: MemberRole | None = None,
    reason: str = "",
) -> HistoryEntry:
    claim.outcome, claim.decided_by, claim.decided_at = outcome.value, by, at
    claim.reason = reason
    claim.save(update_fields=["outcome", "decided_by", "decided_at", "reason"])
    is_declined = outcome is Outcome.DECLINED
    facts = MembershipFacts(
        outcome=outcome.value,
        way=claim.way,
        reason=reason,
        role=role.value if role is not None and not is_declined else "",
    )
    act = MembershipAct.CLAIM_DECLINED if is_declined else MembershipAct.CLAIM_GRANTED
    event = record(applicant, act, actor=by, at=at, account=claim.account, claim=claim, facts=facts)
    member_notices.notify_claim_answered(event, claim)
    return event
