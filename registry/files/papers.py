"""Views of the documents that the portal issues; each checks who may read and makes a missing document."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from registry.documents import issuing
from registry.documents.case_files import office_case, own_case
from registry.documents.certificates import certificate_of
from registry.documents.papers import event_of_paper, issue_paper, name_of
from registry.documents.printing import LANGUAGE
from registry.errors import NotFound
from registry.files.access import find_case, find_filing
from registry.files.views import inert_answer, saved_as
from registry.models import Account, IssuedDocument

PDF = "application/pdf"


@require_safe
def paper(request: HttpRequest, event_id: uuid.UUID) -> HttpResponse:
    """The receipt or decision that an event calls for."""
    event, account = event_of_paper(event_id), _account(request)
    if event.application_id is not None:
        number = find_case(event.application_id, account).receipt_number
    elif event.filing_id is not None:
        number = find_filing(event.filing_id, account).number or ""
    else:
        raise NotFound("not_found")
    return document_answer(issue_paper(event_id), number)


@require_safe
def certificate(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """The certificate of a filing in force."""
    filing = find_filing(filing_id, _account(request))
    return document_answer(certificate_of(filing.pk), filing.number or "")


@require_safe
def case_file(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The case file: in full for its applicant, masked for the office."""
    account = _account(request)
    application = find_case(application_id, account)
    document = office_case(application) if account.is_officer else own_case(application)
    return document_answer(document, application.receipt_number)


def document_answer(document: IssuedDocument, number: str) -> HttpResponse:
    """The response with an issued document, named in Chinese by what it is, and by `number`."""
    with override(LANGUAGE):
        name = f"{name_of(document)}-{number}.pdf"
    return saved_as(inert_answer(issuing.bytes_of(document), PDF), name)


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)
