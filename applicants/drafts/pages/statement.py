"""Pages of the authenticity statement: downloaded prefilled, signed on paper or electronically, uploaded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applicants.drafts import statement as statements
from applicants.drafts import steps
from applicants.drafts.matter import matter_of
from applicants.drafts.pages import service_rows as rows
from applicants.drafts.pages.frame import draft_or_404, examine, name_of, wizard
from applicants.drafts.pages.slots import slot_blocks, upload_error_list
from applicants.drafts.progress import Examination
from applicants.drafts.unsigned import statement_for
from applicants.models import Draft
from registry import clock
from registry.documents.statement import signed_for
from registry.documents.statement_words import Language, StatementWords, words_of
from registry.labels import particulars as particular_words
from registry.rules.particulars.gaps import Gap


@require_safe
def statement(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The state of the statement: to be printed, uploaded, or signed anew."""
    return show_statement(request, draft_or_404(request, draft_id))


@require_safe
def statement_pdf(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """The prefilled statement as PDF; unavailable while a printed value is missing or wrong."""
    found = draft_or_404(request, draft_id)
    examination = examine(found)
    if not examination.statement.can_be_printed:
        raise Http404
    first, *further = rows.examinations_in_order(examination)
    return HttpResponse(
        statement_for(found, first.materials, [each.materials for each in further], today=clock.today()),
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
    """The statement's page, with the errors of a refused upload."""
    examination = examine(draft)
    state = examination.statement
    blocks = slot_blocks(draft, examination, errors=errors or {}, with_missing="gaps" in request.GET)
    parts = _parts(draft, state)
    context = {
        **wizard(draft, "statement", examination),
        "state": state,
        "statement_slot": next(block for block in blocks if f"attachments.{block.name}" == statements.SLOT),
        "printing_points": [
            {
                "url": steps.point_url(part.draft.pk, gap, in_parts=matter_of(part.draft).in_parts),
                "message": particular_words.gap_message(gap),
                "service": part.name,
            }
            for part in parts
            for gap in part.gaps
        ],
        "changes": _changes(state, parts),
        "gloss": _gloss(draft, examination),
        "error_list": upload_error_list(errors or {}),
        "is_reading": any(block.is_reading for block in blocks),
    }
    return render(request, "applicants/drafts/statement.html", context, status=status)


def _gloss(draft: Draft, examination: Examination) -> StatementWords | None:
    """The statement in English, for those who read the pages in English; it is signed in Chinese."""
    if get_language() != "en":
        return None
    materials = rows.examinations_in_order(examination)[0].materials
    change = matter_of(draft).stated_change(materials)
    return words_of(signed_for(change), materials, language=Language.ENGLISH)


class _Part(NamedTuple):
    """One service that the statement lists; `name` is empty for a single service."""

    draft: Draft
    name: str
    gaps: tuple[Gap, ...]
    changed_keys: tuple[str, ...]


def _parts(draft: Draft, state: statements.StatementState) -> list[_Part]:
    others = [_Part(each.draft, name_of(each.draft), each.gaps, each.changed_keys) for each in state.others]
    return [_Part(draft, name_of(draft) if others else "", state.gaps, state.changed_keys), *others]


def _label_of(key: str) -> str:
    """What the statement prints under a key: a particular, or the day on which it changed."""
    if not key.startswith(statements.DAY_OF):
        return str(particular_words.label_of(key))
    changed = particular_words.label_of(key.removeprefix(statements.DAY_OF))
    return _("Day of the change: %(label)s") % {"label": changed}


def _changes(state: statements.StatementState, parts: list[_Part]) -> list[str]:
    """The reasons why the signed statement is outdated, one line each."""
    lines = []
    for part in parts:
        for key in part.changed_keys:
            label = _label_of(key)
            is_of_service = part.name and key.split(".")[0] not in steps.SHARED_SECTIONS
            text = _("%(name)s: %(label)s") % {"name": part.name, "label": label}
            lines.append(text if is_of_service else label)
    lines += [_("Added: %(name)s") % {"name": name_of(each)} for each in state.added]
    if state.lists_removed:
        lines.append(_("A service that it lists has been removed."))
    if state.other_codes:
        found = ", ".join(state.other_codes)
        lines.append(_("The check code: the signed PDF bears %(found)s.") % {"found": found})
    return lines
