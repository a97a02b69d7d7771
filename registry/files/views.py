"""Views of stored files; each checks who may read, and none lets the browser run or display the file as a page."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from registry import clock
from registry.errors import NotFound
from registry.files.access import find_readable
from registry.files.placeholders import BEING_DRAWN, NOT_DRAWABLE, placeholder
from registry.models import Account, Attachment, WaitingFile
from registry.rules.particulars.definitions import PDF
from registry.storage import attachments, pictures, waiting
from registry.storage.checks import kinds
from registry.storage.evidence import EvidenceStore

SVG = "image/svg+xml"
# When to look again for a picture that is being drawn.
_RETRY_SECONDS = 2


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
    """The picture of a page as the decoder drew it; `size` is one of those that are kept.

    A page that has none yet is put on the decoder's list and answered with a picture that says so, and with
    Retry-After; one that cannot be drawn with a picture that says so. This never waits for a decoder.
    """
    attachment = _readable(request, attachment_id)
    size = request.GET.get("size", pictures.Size.FULL.value)
    if size not in set(pictures.Size) or not 1 <= page_number <= attachment.page_count:
        raise Http404
    picture = pictures.read(attachment.pk, page_number, pictures.Size(size))
    if picture is None:
        waiting.ask([attachment.pk], urgency=WaitingFile.Urgency.VIEWED, at=clock.now())
        response = inert_answer(placeholder(BEING_DRAWN), SVG)
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
        return response
    if picture == pictures.UNDRAWABLE:
        return inert_answer(placeholder(NOT_DRAWABLE), SVG)
    return inert_answer(picture, pictures.type_of(picture))


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
    content, content_type = store.read_file(file)
    # Read, it may be of another type than it was sent as.
    return saved_as(inert_answer(content, content_type), kinds.clean_name(file.name, content_type))


def saved_as(response: HttpResponse, name: str) -> HttpResponse:
    """The response as a download with this file name, which may be Chinese."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    if disposition is not None:
        response.headers["Content-Disposition"] = disposition
    return response
