"""Answers to the questions of the check page."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants import words
from applicants.drafts.pages.check import show_check
from applicants.drafts.pages.frame import draft_or_404
from applicants.drafts.pages.questions import read_answers
from applicants.drafts.questions import answer_questions
from registry import clock
from registry.errors import OutOfDate
from registry.presentation.kept_forms import forget_form, kept_form
from registry.rules.particulars.consistency.catalogue import LONGEST_ANSWER


@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Keeps the answers; what cannot be kept stays on the page as it was typed."""
    found = draft_or_404(request, draft_id)
    if request.method != "POST":
        if (kept := kept_form(request)) is not None:
            return show_check(request, found, typed=kept)
        return redirect("applicants:check", found.pk)
    typed = read_answers(request.POST)
    if any(len(each.text) > LONGEST_ANSWER for each in typed.values()):
        return show_check(request, found, typed=request.POST, status=HTTPStatus.BAD_REQUEST)
    try:
        answer_questions(found.pk, typed, at=clock.now())
    except OutOfDate:
        text = str(words.QUESTION_CHANGED)
        return show_check(request, found, error=text, typed=request.POST, status=HTTPStatus.CONFLICT)
    forget_form(request)
    messages.success(request, _("Your answers are kept with the draft."))
    return redirect(f"{reverse('applicants:check', args=[found.pk])}#questions")
