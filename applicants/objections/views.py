"""The applicant's page of an objection to its entry: what it was asked, until when, and its statement."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants import access
from applicants.drafts.pages.frame import account_of, crumbs
from applicants.statements.statement import StatementForm, statement_page
from registry import clock
from registry.batches import objections
from registry.book.act_request import Actor
from registry.calendar.current import current_calendar
from registry.calendar.objection_days import statement_due
from registry.errors import NotFound, RegisterIncomplete
from registry.files.views import inert_answer, saved_as
from registry.labels.list_words import short_title
from registry.labels.objection_words import OBJECTION_STATES
from registry.models import Account, Objection, ObjectionPart
from registry.rules.days.working_days import count_working_days
from registry.rules.objections.lifecycle import ObjectionState
from registry.storage import objection_parts
from registry.storage.evidence import OBJECTION_FILES


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, objection_id: uuid.UUID) -> HttpResponse:
    """An objection that the applicant was sent. Who objects is not on the page; one that was not sent answers 404."""
    account = account_of(request)
    found = _find(account, objection_id)

    def send(data: dict[str, Any]) -> None:
        objections.answer(found.pk, actor=Actor.of(account), text=data["text"])

    def show(form: StatementForm, refusal: str, status: int) -> HttpResponse:
        return _page(request, found, form, refusal=refusal, status=status)

    return statement_page(request, StatementForm, show=show, send=send)


def _page(
    request: HttpRequest, found: Objection, form: StatementForm, *, refusal: str, status: int
) -> HttpResponse:
    due = statement_due(found)
    if found.sent_at is None or due is None:
        raise RegisterIncomplete("objection_without_days", objection=str(found.pk))
    sent_on = clock.china_date(found.sent_at)
    may_answer = found.state == ObjectionState.WITH_APPLICANT and found.answered_at is None
    context = {
        "objection": found,
        "entry": found.entry,
        "list_title": short_title(found.entry.batch_list.number or 0),
        "state_label": OBJECTION_STATES[shown_state(found)],
        "state": shown_state(found).value,
        "sent_on": sent_on,
        "due": due,
        "working_days": count_working_days(sent_on, due.due_on, current_calendar()),
        "question": objection_parts.text_of(found, ObjectionPart.Kind.QUESTION),
        "files": objections.released_files(found),
        "answer": objection_parts.text_of(found, ObjectionPart.Kind.ANSWER),
        "reasons": objections.reasons_of(found),
        "form": form if may_answer else None,
        "typed": form["text"].value() if refusal and not may_answer else "",
        "refusal": refusal,
        "is_late": may_answer and clock.today() > due.due_on,
        "crumbs": crumbs(_("Objection")),
    }
    return render(request, "applicants/objections/objection.html", context, status=status)


@require_safe
def objection_file(request: HttpRequest, objection_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file of an objection that the office released, under a name of the portal's own. Raises NotFound."""
    found = _find(account_of(request), objection_id)
    file = objections.released_files(found).filter(pk=file_id).first()
    if file is None:
        raise NotFound("file_unknown")
    content, content_type = OBJECTION_FILES.read_file(file)
    ending = content_type.rpartition("/")[2]
    return saved_as(inert_answer(content, content_type), f"evidence-{file.position}.{ending}")


def shown_state(found: Objection) -> ObjectionState:
    """The state as the applicant reads it: what the office proposes to decide is not shown before it is decided."""
    state = ObjectionState(found.state)
    is_proposed = state in (ObjectionState.UPHOLDING_PROPOSED, ObjectionState.DISMISSAL_PROPOSED)
    return ObjectionState.WITH_APPLICANT if is_proposed else state


def _find(account: Account, objection_id: uuid.UUID) -> Objection:
    sent = Objection.objects.filter(sent_at__isnull=False, applicant__in=access.applicants_of(account))
    return get_object_or_404(sent.select_related("entry__batch_list"), pk=objection_id)
