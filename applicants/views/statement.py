"""The authenticity statement: downloaded prefilled, signed on paper, uploaded as a scan."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applicants import progress
from applicants import statement as statements
from applicants.models import Draft
from applicants.slot_blocks import slot_blocks, upload_error_list
from applicants.views.frame import draft_or_404, examine, wizard
from registry import clock
from registry.documents import authenticity_statement
from registry.labels import particulars as particular_words
from registry.rules.particulars.attachments import MAX_FILE_BYTES


@require_safe
def statement(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Where the statement stands: to be printed, to be uploaded, or to be signed anew."""
    return show_statement(request, draft_or_404(request, draft_id))


@require_safe
def statement_pdf(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The prefilled statement; there is none while a value that it prints is missing or wrong."""
    found = draft_or_404(request, draft_id)
    examination = examine(found)
    if not examination.statement.can_be_printed:
        raise Http404
    return HttpResponse(
        authenticity_statement(examination.materials, today=clock.today()),
        content_type="application/pdf",
        headers={
            "Content-Disposition": 'attachment; filename="authenticity-statement.pdf"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def show_statement(
    request: HttpRequest,
    draft: Draft,
    *,
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with what was refused of an upload."""
    examination = examine(draft)
    state = examination.statement
    blocks = slot_blocks(draft, examination, errors=errors or {}, with_missing="gaps" in request.GET)
    context = {
        **wizard(draft, "statement", examination),
        "state": state,
        "statement_slot": next(block for block in blocks if f"attachments.{block.name}" == statements.SLOT),
        "printing_points": [
            {
                "url": progress.point_url(draft.pk, gap),
                "message": particular_words.gap_message(gap),
            }
            for gap in state.gaps
        ],
        "changed_labels": [particular_words.label_of(key) for key in state.changed_keys],
        "error_list": upload_error_list(errors or {}),
        "max_bytes": MAX_FILE_BYTES,
    }
    return render(request, "applicants/statement.html", context, status=status)
