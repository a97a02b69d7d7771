"""Stored files, each behind the question who may read it, never opened as a page of this site."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from registry.errors import NotFound
from registry.files.access import find_readable
from registry.models import Account, Attachment
from registry.presentation.materials import LARGE_PAGE_WIDTH, PAGE_WIDTH, THUMBNAIL_WIDTH
from registry.storage import attachments

# Few widths, so that nobody makes the server draw at will.
_WIDTHS = {str(width): width for width in (THUMBNAIL_WIDTH, PAGE_WIDTH, LARGE_PAGE_WIDTH)}


@require_safe
def download(request: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """The file as it was normalised, to be saved."""
    attachment = _readable(request, attachment_id)
    response = inert_answer(attachments.open_bytes(attachment), attachment.content_type)
    return saved_as(response, attachment.name)


@require_safe
def page(request: HttpRequest, attachment_id: uuid.UUID, page_number: int) -> HttpResponse:
    """One page as a picture, as wide as `width` asks."""
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
    """An answer that no browser runs, frames, guesses about or keeps."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
            "Cache-Control": "no-store, private",
        },
    )


def saved_as(response: HttpResponse, name: str) -> HttpResponse:
    """The answer as a file to be saved under a name, Chinese or not."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    if disposition is not None:
        response.headers["Content-Disposition"] = disposition
    return response
