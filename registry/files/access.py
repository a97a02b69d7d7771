"""Who may read a stored file."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from registry.errors import NotFound
from registry.members.claims import is_proof_within
from registry.models import (
    Account,
    Application,
    Attachment,
    Filing,
    Membership,
    ObjectionFile,
    RevisionFile,
    SignedForm,
    StrikingOffFile,
    TellingFile,
)
from registry.rules.workflow.states import NATION, OFFICERS, PROVINCE, UNDECIDED_STATES, Role


def find_readable(attachment_id: uuid.UUID, account: Account) -> Attachment:
    """The checked file, if this account may read it. Raises the same NotFound for a missing and a forbidden file."""
    attachment = Attachment.objects.filter(pk=attachment_id, state=Attachment.State.CLEAN).first()
    if attachment is None or not may_read(attachment, account):
        raise NotFound("not_found")
    return attachment


def may_read(attachment: Attachment, account: Account) -> bool:
    """Whether an account may read a file.

    The applicant's members may; before the file belongs to an applicant, only the account that uploaded it. An officer
    may read the files of submitted revisions within the officer's jurisdiction, never those of a draft; those that
    prove the facts in force of an applicant whose application the own office decides, or has decided since; and the
    proof of a claim that it decides, what proves that the applicant of a case was told, and the scans of signed review
    forms (`signed_forms_for`). The national office may read those of all revisions, the evidence of objections and of
    strikings off, and what proves that somebody was told. A revoked member may read nothing of the applicant, not even
    own uploads.
    """
    role = account.acts_as
    if role is Role.APPLICANT:
        if attachment.applicant_id is None:
            return attachment.uploaded_by_id == account.pk
        return _is_member(account, attachment.applicant_id)
    if role in OFFICERS and signed_forms_for(account).filter(scan=attachment).exists():
        return True
    uses = RevisionFile.objects.filter(attachment=attachment)
    if role in PROVINCE:
        own = uses.filter(revision__application__province_code=account.province_code)
        told = TellingFile.objects.filter(
            attachment=attachment, telling__notice__application__province_code=account.province_code
        )
        return (
            is_proof_within(attachment, account)
            or own.exists()
            or told.exists()
            or _proves_facts_before(attachment, account.province_code)
        )
    return role in NATION and (
        uses.exists()
        or any(
            table._default_manager.filter(attachment=attachment).exists()
            for table in (ObjectionFile, StrikingOffFile, TellingFile)
        )
    )


def signed_forms_for(officer: Account) -> QuerySet[SignedForm]:
    """The signed review forms that an officer may see: a province's office its own, the national office all."""
    role = officer.acts_as
    if role in NATION:
        return SignedForm.objects.all()
    if role in PROVINCE:
        return SignedForm.objects.filter(office_code=officer.province_code)
    return SignedForm.objects.none()


def _proves_facts_before(attachment: Attachment, province_code: str) -> bool:
    """Whether the file proves facts in force that an office of this province has before it.

    The applicant may have moved: what it handed in before is decided where it was handed in.
    """
    applicant = attachment.applicant
    if applicant is None or applicant.facts_application_id is None:
        return False
    home = RevisionFile.objects.filter(
        attachment=attachment,
        revision__application=applicant.facts_application_id,
        revision__number=applicant.facts_revision_number or 0,
    ).select_related("revision__application")
    since = next((use.revision.application.decided_at for use in home), None)
    if since is None:
        return False
    undecided = Q(state__in=[state.value for state in UNDECIDED_STATES])
    return (
        Application.objects.filter(undecided | Q(decided_at__gte=since))
        .filter(applicant=applicant, province_code=province_code)
        .exists()
    )


def find_case(application_id: uuid.UUID, account: Account) -> Application:
    """The application, if this account may read its papers. Raises the same NotFound when missing or forbidden."""
    application = Application.objects.select_related("filing").filter(pk=application_id).first()
    if application is None or not may_read_papers(application, account):
        raise NotFound("not_found")
    return application


def find_filing(filing_id: uuid.UUID, account: Account) -> Filing:
    """The filing, if this account may read its papers. Raises the same NotFound when missing or forbidden."""
    filing = Filing.objects.filter(pk=filing_id).first()
    if filing is None or not may_read_papers(filing, account):
        raise NotFound("not_found")
    return filing


def may_read_papers(of: Application | Filing, account: Account) -> bool:
    """Whether an account may read these papers: members of the applicant, and the competent offices, may."""
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
