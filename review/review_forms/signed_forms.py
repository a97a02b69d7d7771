"""The signed review form: filed with its case before a decision takes effect, and asked for where the office wants it.

Its scan goes through quarantine and decoder as every upload does; until it was read, the form does not count.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from registry import clock
from registry.book.revisions import get_revision
from registry.documents.paper_settings import office_code_of, settings_of
from registry.errors import TransitionNotAllowed
from registry.files.access import signed_forms_for
from registry.models import Account, Application, Attachment, SignedForm
from registry.rules.errors import FilingError
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.visible_text import clean, is_visible
from registry.rules.workflow.states import Act
from registry.storage import attachments
from registry.storage.attachments import Upload
from registry.streams import office_acts
from review.access import is_at_desk
from review.desk.actions import FINAL_ACTS

REFUSAL = "signed_form_filed"


class SignedFormRefused(FilingError):
    """A signed form is not filed; the code says why."""


def forms_of(application: Application, officer: Account) -> list[SignedForm]:
    """The signed forms of a case that the officer may see, newest first."""
    found = signed_forms_for(officer).filter(application=application)
    return list(found.select_related("scan", "event__actor").order_by("-event__at", "pk"))


def file_signed_form(
    application: Application,
    *,
    officer: Account,
    seen_revision: int,
    signer_name: str,
    signer_title: str,
    signed_on: date,
    file: Upload,
    sender: str = "",
    at: datetime,
) -> SignedForm:
    """Files the form that a leader of the officer's office signed, while the case lies there.

    `seen_revision` is that of the materials that the form is about; `sender` the address that the scan came from.
    Raises SignedFormRefused("not_at_this_desk", "materials_moved_on", "signer_missing", "signed_in_the_future",
    "signed_before_materials"), and AttachmentRefused for the file.
    """
    form = SignedForm(
        id=uuid.uuid4(),
        application=application,
        office_code=office_code_of(officer.acts_as, officer.province_code),
        revision_number=seen_revision,
        signer_name=clean(signer_name, line_breaks=False),
        signer_title=clean(signer_title, line_breaks=False),
        signed_on=signed_on,
    )
    _require_possible(form, application, officer, at=at)
    form.scan = attachments.quarantine(
        draft_id=form.pk,
        slot=attachments.EVIDENCE.name,
        uploaded_by=officer,
        file=file,
        sender=sender,
        at=at,
    )
    try:
        return _note(form, officer, at=at)
    except BaseException:
        attachments.discard(form.scan)
        raise


def is_missing(application: Application, officer: Account) -> bool:
    """Whether the officer's office wants a signed form before it decides, and has none that counts.

    One counts for the materials that it was signed about, once its scan was read.
    """
    office_code = office_code_of(officer.acts_as, officer.province_code)
    if not settings_of(office_code).needs_signed_form:
        return False
    return not SignedForm.objects.filter(
        application=application,
        office_code=office_code,
        revision_number=application.revision_number,
        scan__state=Attachment.State.CLEAN,
    ).exists()


def lacks_signed_form(act: Act, application: Application, officer: Account) -> bool:
    """Whether the act would decide, and the officer's office wants a signed form before that and has none."""
    return act in FINAL_ACTS and is_missing(application, officer)


def require_signed_form(act: Act, application: Application, officer: Account) -> None:
    """Raises TransitionNotAllowed("signed_form_filed") for a decision without the signed form that the office wants.

    Forms are only ever added and count for one revision, to which the act is bound: what was found here holds on.
    """
    if lacks_signed_form(act, application, officer):
        raise TransitionNotAllowed(
            REFUSAL, act=act.value, state=application.state, role=officer.acts_as.value
        )


def _require_possible(form: SignedForm, application: Application, officer: Account, *, at: datetime) -> None:
    if not is_at_desk(application, officer):
        raise SignedFormRefused("not_at_this_desk")
    if form.revision_number != application.revision_number:
        raise SignedFormRefused("materials_moved_on")
    if not is_visible(form.signer_name) or not is_visible(form.signer_title):
        raise SignedFormRefused("signer_missing")
    if form.signed_on > clock.china_date(at):
        raise SignedFormRefused("signed_in_the_future")
    handed_in_at = get_revision(application.pk, application.revision_number).created_at
    if form.signed_on < clock.china_date(handed_in_at):
        raise SignedFormRefused("signed_before_materials")


@transaction.atomic
def _note(form: SignedForm, officer: Account, *, at: datetime) -> SignedForm:
    # Under the lock that every submission and act takes.
    row = Application.objects.select_for_update(no_key=True).get(pk=form.application_id)
    _require_possible(form, row, officer, at=at)
    form.event = office_acts.record(
        OfficeAct.SIGNED_FORM_FILED,
        OfficeSubject.CASE,
        row.pk,
        by=officer,
        at=at,
        after={
            "receipt_number": row.receipt_number,
            "office_code": form.office_code,
            "signer_title": form.signer_title,
            "signer_name": form.signer_name,
            "signed_on": form.signed_on.isoformat(),
            "revision_number": form.revision_number,
            "scan_sha256": form.scan.received_sha256,
        },
        province_code=row.province_code,
    )
    form.save(force_insert=True)
    return form
