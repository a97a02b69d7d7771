"""Views of stored files; each checks who may read, and none lets the browser run or display the file as a page."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from registry.errors import NotFound
from registry.files.access import find_readable
from registry.models import Account, Attachment
from registry.presentation.materials import LARGE_PAGE_WIDTH, PAGE_WIDTH, THUMBNAIL_WIDTH
from registry.rules.particulars.definitions import PDF
from registry.storage import attachments
from registry.storage.evidence import EvidenceStore

# The only widths, so that a visitor cannot make the server render arbitrary sizes.
_WIDTHS = {str(width): width for width in (THUMBNAIL_WIDTH, PAGE_WIDTH, LARGE_PAGE_WIDTH)}


@require_safe
def download(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """The normalised file as a download."""
    attachment = _readable(request, attachment_id)
    response = inert_answer(attachments.open_bytes(attachment), attachment.content_type)
    return saved_as(response, attachment.name)


@require_safe
def original(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """A signed PDF as it was sent, as a download: nothing of it is ever shown on a page."""
    attachment = _readable(request, attachment_id)
    if not attachment.is_kept_as_sent:
        raise Http404
    return saved_as(inert_answer(attachments.open_original(attachment), PDF), attachment.name)


@require_safe
def page(request: HttpRequest, attachment_id: uuid.UUID, page_number: int) -> HttpResponse:
    """One page of a file as a PNG; `width`, in pixels, is one of the fixed widths."""
    attachment = _readable(request, attachment_id)
    width = _WIDTHS.get(request.GET.get("width", str(PAGE_WIDTH)))
    if width is None or not 1 <= page_number <= attachment.page_count:
        raise Http404
    return inert_answer(attachments.page_image(attachment, page_number, width=width), "image/png")


def _readable(request: HttpRequest, attachment_id: uuid.UUID) -> Attachment:
    try:
        return find_readable(attachment_id, cast(Account, request.user))
    except NotFound as error:
        raise Http404 from error


def inert_answer(content: bytes, content_type: str) -> HttpResponse:
    """A response that browsers do not execute, frame, sniff or cache."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Cache-Control": "no-store, private",
        },
    )


def evidence_answer(store: EvidenceStore, **which: Any) -> HttpResponse:
    """The file of evidence with these columns as a download. Raises NotFound."""
    file = store.rows._default_manager.filter(**which).first()
    if file is None:
        raise NotFound("file_unknown")
    return saved_as(inert_answer(store.read(file.pk), file.content_type), file.name)


def saved_as(response: HttpResponse, name: str) -> HttpResponse:
    """The response as a download with this file name, which may be Chinese."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    if disposition is not None:
        response.headers["Content-Disposition"] = disposition
    return response
