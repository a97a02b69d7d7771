"""Pages of a draft's files: one block for every slot that its answers require."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applicants.drafts import statement, steps
from applicants.drafts import store as drafts
from applicants.drafts.pages.frame import account_of, draft_or_404, examine, wizard
from applicants.drafts.pages.slots import slot_blocks, upload_error_list
from applicants.drafts.pages.statement import show_statement
from applicants.identity_consent import consent_url
from applicants.models import Draft
from registry import clock
from registry.errors import AttachmentRefused
from registry.gateways.addresses import counted_address
from registry.labels.files import refusal_message
from registry.presentation.posted import posted_id
from registry.rules.particulars import IDENTITY_DOCUMENT_SLOTS, find_slot, is_slot
from registry.storage.attachments import refused_files


@require_safe
def attachments(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Every slot with its files."""
    found = draft_or_404(request, draft_id)
    return show(request, found)


@require_POST
def upload(request: HttpRequest, draft_id: uuid.UUID, slot_name: str) -> HttpResponse:
    """Receives files into a slot, where they wait to be read; shows one that is refused at once at the slot.

    Those taken before it are kept.
    """
    found = draft_or_404(request, draft_id)
    key = f"attachments.{slot_name}"
    if not is_slot(key) or not find_slot(key).applies(found.materials):
        raise Http404
    if slot_name in IDENTITY_DOCUMENT_SLOTS and (url := consent_url(request)):
        return redirect(url)
    files = request.FILES.getlist("file")
    # The form names the refused files that its page lists: only those has the sender been shown.
    seen = [each for text in request.POST.getlist("seen") if (each := posted_id(text)) is not None]
    errors = [] if files else [_("Choose a file first.")]
    for file in files:
        try:
            drafts.attach_file(
                found.pk,
                key,
                file=file,
                account=account_of(request),
                sender=counted_address(request),
                seen=seen,
                at=clock.now(),
            )
        except AttachmentRefused as refusal:
            reason = refusal_message(refusal)
            several = _("%(name)s: %(reason)s") % {"name": file.name, "reason": reason}
            errors.append(several if len(files) > 1 else reason)
    if errors:
        # Found anew: what was taken is on the list now, and what was read meanwhile.
        found = draft_or_404(request, draft_id)
        return show(request, found, errors={slot_name: errors}, status=400)
    return redirect(_slot_url(found, key))


@require_POST
def try_again(request: HttpRequest, draft_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Has a refused file read once more."""
    found = draft_or_404(request, draft_id)
    slot = next((each.slot for each in refused_files(found.pk) if each.pk == attachment_id), None)
    if slot is None:
        raise Http404
    try:
        key = drafts.try_file_again(found.pk, attachment_id, sender=counted_address(request), at=clock.now())
    except AttachmentRefused as refusal:
        return show(request, found, errors={slot: [refusal_message(refusal)]}, status=409)
    return redirect(_slot_url(found, key))


@require_POST
def remove(request: HttpRequest, draft_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Removes a file from the draft."""
    found = draft_or_404(request, draft_id)
    return redirect(_slot_url(found, drafts.remove_file(found.pk, attachment_id, at=clock.now())))


@require_POST
def move_up(request: HttpRequest, draft_id: uuid.UUID, attachment_id: uuid.UUID) -> HttpResponse:
    """Moves a file one place up in its slot."""
    found = draft_or_404(request, draft_id)
    return redirect(_slot_url(found, drafts.move_file_up(found.pk, attachment_id, at=clock.now())))


def show(
    request: HttpRequest,
    draft: Draft,
    *,
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with the slot concerned: the attachments, or the statement's own page."""
    errors = errors or {}
    if find_slot(statement.SLOT).name in errors:
        return show_statement(request, draft, errors=errors, status=status)
    examination = examine(draft)
    with_missing = "gaps" in request.GET
    blocks = slot_blocks(
        draft,
        examination,
        errors=errors,
        with_missing=with_missing,
        consent_url=consent_url(request) or "",
    )
    context = {
        **wizard(draft, "attachments", examination),
        "has_locked": any(block.locked and not block.letter_url for block in blocks),
        "slot_blocks": [block for block in blocks if f"attachments.{block.name}" != statement.SLOT],
        "error_list": upload_error_list(errors),
        "is_reading": any(block.is_reading for block in blocks),
    }
    return render(request, "applicants/drafts/attachments.html", context, status=status)


def _slot_url(draft: Draft, key: str) -> str:
    return f"{steps.step_url(draft.pk, steps.step_of(key))}#slot-{find_slot(key).name}"
