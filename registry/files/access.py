"""Who may read a stored file."""

from __future__ import annotations

import uuid

from registry.errors import NotFound
from registry.members.claims import is_proof_within
from registry.models import Account, Application, Attachment, Filing, Membership, RevisionFile
from registry.rules.workflow.states import NATION, PROVINCE, Role


def find_readable(attachment_id: uuid.UUID, account: Account) -> Attachment:
    """The checked file, if this account may read it. Raises NotFound, whether or not it exists."""
    attachment = Attachment.objects.filter(pk=attachment_id, state=Attachment.State.CLEAN).first()
    if attachment is None or not may_read(attachment, account):
        raise NotFound("not_found")
    return attachment


def may_read(attachment: Attachment, account: Account) -> bool:
    """Members of the applicant; until it belongs to one, whoever uploaded it; officers once it was submitted.

    An officer reads what a revision within the own jurisdiction uses, nothing of a draft; the office that
    decides on a claim also reads its proof. A member whose membership was revoked reads nothing of the
    applicant any more, own uploads included.
    """
    role = account.acts_as
    if role is Role.APPLICANT:
        if attachment.applicant_id is None:
            return attachment.uploaded_by_id == account.pk
        return _is_member(account, attachment.applicant_id)
    uses = RevisionFile.objects.filter(attachment=attachment)
    if role in PROVINCE:
        if is_proof_within(attachment, account):
            return True
        return uses.filter(revision__application__province_code=account.province_code).exists()
    return role in NATION and uses.exists()


def find_case(application_id: uuid.UUID, account: Account) -> Application:
    """The application whose papers this account may read. Raises NotFound, whether or not it exists."""
    application = Application.objects.select_related("filing").filter(pk=application_id).first()
    if application is None or not may_read_papers(application, account):
        raise NotFound("not_found")
    return application


def find_filing(filing_id: uuid.UUID, account: Account) -> Filing:
    """The filing whose papers this account may read. Raises NotFound, whether or not it exists."""
    filing = Filing.objects.filter(pk=filing_id).first()
    if filing is None or not may_read_papers(filing, account):
        raise NotFound("not_found")
    return filing


def may_read_papers(of: Application | Filing, account: Account) -> bool:
    """Members of the applicant, and the offices within whose jurisdiction the case or the filing lies."""
    role = account.acts_as
    if role is Role.APPLICANT:
        return _is_member(account, of.applicant_id)
    if role in PROVINCE:
        return of.province_code == account.province_code
    return role in NATION


def _is_member(account: Account, applicant_id: uuid.UUID) -> bool:
    return Membership.objects.filter(
        applicant=applicant_id, account=account, revoked_at__isnull=True
    ).exists()
