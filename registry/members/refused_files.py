"""Scans of claims and letters of authority that could not be read: who handed them in is told, once for each.

The request that brought the file was answered before it was read, and whoever sent it may have left the page.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from registry.members.letters import LETTER_SLOT
from registry.members.notices import (
    LETTER_REFUSED,
    PROOF_REFUSED,
    notify_letter_refused,
    notify_proof_refused,
)
from registry.models import Attachment, Invitation, Membership, MembershipClaim
from registry.notices.notice import not_told_of


def files_to_tell() -> list[uuid.UUID]:
    """The refused files of open claims, and the letters of members and of open invitations, that nobody was told of."""
    of_claims = MembershipClaim.objects.filter(outcome="").values("pk")
    of_members = Membership.objects.filter(revoked_at__isnull=True, letter__isnull=False).values("letter")
    of_invitations = Invitation.objects.filter(outcome="", letter__isnull=False).values("letter")
    refused = Attachment.objects.filter(state=Attachment.State.REFUSED).filter(
        Q(draft_id__in=of_claims) | (Q(slot=LETTER_SLOT) & (Q(pk__in=of_members) | Q(pk__in=of_invitations)))
    )
    found = refused.order_by("uploaded_at", "pk").values_list("pk", flat=True)
    return not_told_of(found, PROOF_REFUSED, LETTER_REFUSED)


@transaction.atomic
def tell_of_file(file_id: uuid.UUID, *, at: datetime) -> int:
    """Tells whoever handed in this file that it could not be read; gives how many notices are new.

    Nothing is told of a file that was tried again or replaced meanwhile.
    """
    file = (
        Attachment.objects.filter(pk=file_id, state=Attachment.State.REFUSED)
        .select_related("uploaded_by", "applicant")
        .first()
    )
    if file is None:
        return 0
    claim = MembershipClaim.objects.filter(pk=file.draft_id, outcome="").select_related("account").first()
    if claim is not None:
        return notify_proof_refused(claim, file, at=at)
    return 0 if file.applicant is None else notify_letter_refused(file, file.applicant, at=at)
