"""Who may read a stored file."""

from __future__ import annotations

import uuid

from registry.errors import NotFound
from registry.membership_claims import is_proof_within
from registry.models import Account, Attachment, Membership, RevisionFile
from registry.rules.states import NATION, PROVINCE, Role


def find_readable(attachment_id: uuid.UUID, account: Account) -> Attachment:
    """The checked file, if this account may read it. Raises NotFound, whether or not it exists."""
    attachment = Attachment.objects.filter(pk=attachment_id, state=Attachment.State.CLEAN).first()
    if attachment is None or not may_read(attachment, account):
        raise NotFound("not_found")
    return attachment


def may_read(attachment: Attachment, account: Account) -> bool:
    """Members of the applicant; until it belongs to one, whoever uploaded it; officers once it was submitted.

    An officer reads what a revision within the own jurisdiction uses, nothing of a draft; the office that
    decides on a claim also reads its proof. A member whose
    membership was revoked reads nothing of the applicant any more, own uploads included.
    """
    role = account.acts_as
    if role is Role.APPLICANT:
        if attachment.applicant_id is None:
            return attachment.uploaded_by_id == account.pk
        return Membership.objects.filter(
            applicant=attachment.applicant_id, account=account, revoked_at__isnull=True
        ).exists()
    uses = RevisionFile.objects.filter(attachment=attachment)
    if role in PROVINCE:
        if is_proof_within(attachment, account):
            return True
        return uses.filter(revision__application__province_code=account.province_code).exists()
    return role in NATION and uses.exists()
