"""Pages of one application: its status, events and materials, its withdrawal, and its copy."""

from __future__ import annotations

import uuid
from collections.abc import Container
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants import access, words
from applicants.amendments import amendment as amendments
from applicants.applications import status
from applicants.applications.withdrawal import WithdrawalWords, confirm_withdrawal
from applicants.changes import anew
from applicants.drafts import steps
from applicants.drafts import store as drafts
from applicants.drafts.pages.frame import account_of, crumbs
from registry import clock
from registry.book import ledger
from registry.book.act_request import Actor, Request
from registry.book.application_details import ApplicationDetails, details_of
from registry.book.asked import asked_context
from registry.book.held_facts import materials_as_of
from registry.book.in_force import materials_before_change
from registry.book.receipt_numbers import query_code
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.deadlines.application_clock import closing_days
from registry.documents.papers import papers_for_applicant
from registry.errors import TransitionNotAllowed
from registry.labels import states as state_words
from registry.models import Application
from registry.notices.inbox import applicant_notices_about
from registry.notices.subject import filings_touched
from registry.presentation.comparison import Change, changes_between
from registry.presentation.materials import REVEAL_EVERYTHING, Section, sections_about
from registry.presentation.timeline import timeline
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import PUBLIC_STANDINGS, Act, Kind


@require_safe
def application(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The application with its clock, its events and the materials as submitted."""
    found = _application_or_404(request, application_id)
    calendar, today = current_calendar(), clock.today()
    reasons = status.reasons_of(found)
    together = list(access.submitted_jointly_with(found, account_of(request)))
    closings = closing_days([found, *together])
    shows_numbers = "show" in request.GET
    acts = status.acts_open_to(found, account_of(request))
    row = status.row_of(found, calendar=calendar, today=today, closings=closings)
    is_over = row.answer_by is not None and today > row.answer_by
    materials = materials_of(get_revision(found.pk, found.revision_number))
    asked = details_of(found, materials)
    context = {
        "application": found,
        "row": row,
        "query_code": query_code(found.receipt_number),
        "deadline": status.decision_clock(found, calendar, today=today),
        "number": found.filing.number if found.filing is not None else None,
        "is_public": found.filing is not None and found.filing.standing in PUBLIC_STANDINGS,
        "timeline": timeline(found, internal=False, newest_first=True),
        "reasons": reasons,
        "corrections": asked_context(found, calendar=calendar, today=today),
        "decided": row.rejected_words,
        "sections": _sections(found, submitted=materials, shows_numbers=shows_numbers, reasons=reasons),
        "moved_facts": _moved_facts(found, submitted=materials, shows_numbers=shows_numbers),
        "shows_numbers": shows_numbers,
        "may_withdraw": Act.WITHDRAW in acts,
        "may_withdraw_cancellation": Act.WITHDRAW_CANCELLATION in acts,
        "asked": asked,
        "changes": _changes(found, materials, asked, shows_numbers=shows_numbers),
        "touched": filings_touched(found),
        "may_resubmit": Act.RESUBMIT in acts and not is_over and not row.is_superseded,
        "begin_anew": words.BEGIN_ANEW if row.is_superseded else "",
        "resubmission_over": words.RESUBMISSION_OVER,
        "answer_clock": status.resubmission_clock(found, calendar, today=today),
        "may_supplement": Act.SUPPLEMENT in acts,
        "has_amendment": amendments.open_draft(found) is not None,
        "earlier_rounds": status.rounds_to_read(found),
        "together": [
            status.row_of(each, calendar=calendar, today=today, closings=closings) for each in together
        ],
        "papers": papers_for_applicant(found),
        "notices": applicant_notices_about(found),
        "may_copy": drafts.may_be_copied(found),
        "crumbs": crumbs(found.receipt_number),
    }
    return render(request, "applicants/applications/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Withdraws the application after a confirmation; a repeated request changes nothing."""
    found = _application_or_404(request, application_id)

    def record(explanation: str) -> None:
        ledger.record(
            Act.WITHDRAW,
            found.pk,
            actor=Actor.of(account_of(request)),
            request=Request(details={"explanation": explanation} if explanation else {}),
            at=clock.now(),
        )

    wording = WithdrawalWords(
        title=_("Withdraw the application"),
        consequence=_(
            "The office stops its review, and the application ends. You can copy it into a new draft "
            "afterwards; a new application begins with a new period."
        ),
        stay=_("Do not withdraw"),
        done=_("The application is withdrawn."),
        crumb=_("Withdraw"),
    )
    return confirm_withdrawal(request, found, Act.WITHDRAW, wording=wording, record=record)


@require_POST
def copy(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Creates a draft from a withdrawn or lapsed application, or for another service from one in force.

    A rejected one that has been superseded is begun anew.
    """
    found = _application_or_404(request, application_id)
    if anew.may_begin_anew(found):
        return _begin_anew(request, found)
    draft = drafts.copy_application(found, account=account_of(request), at=clock.now())
    messages.info(request, _("Copied into a new draft. Sign the authenticity statement anew."))
    return redirect(steps.step_url(draft.pk, "applicant"))


def _begin_anew(request: HttpRequest, found: Application) -> HttpResponse:
    if found.kind == Kind.CANCELLATION:
        url = reverse("applicants:cancel", args=[found.filing_id])
        return redirect(f"{url}?{urlencode({'anew': found.pk})}")
    try:
        draft = anew.begin_anew(found, account=account_of(request), at=clock.now())
    except TransitionNotAllowed as refusal:
        messages.warning(request, state_words.refusal_message(refusal))
        return redirect("applicants:application", found.pk)
    messages.info(
        request,
        _("Begun anew from what is in force, with what you typed. Check it, and sign the statement anew."),
    )
    return redirect(steps.step_url(draft.pk, "changes"))


def _application_or_404(request: HttpRequest, application_id: uuid.UUID) -> Application:
    return get_object_or_404(access.applications_of(account_of(request)), pk=application_id)


def _changes(
    found: Application, materials: dict[str, Any], asked: ApplicationDetails, *, shows_numbers: bool
) -> list[Change]:
    """What a change replaces, before and after; none for first filings and cancellations."""
    before = materials_before_change(found)
    if before is None:
        return []
    reveal = _revealed(shows_numbers=shows_numbers)
    return changes_between(before, materials, reveal=reveal, on=found.received_on, days=asked.days)


def _revealed(*, shows_numbers: bool) -> Container[str]:
    return REVEAL_EVERYTHING if shows_numbers else status.keys_shown_by_default()


def _sections(
    found: Application, *, submitted: dict[str, Any], shows_numbers: bool, reasons: list[dict[str, object]]
) -> list[Section]:
    """The sections as they are decided on, with the reasons of a rejection and what has moved at their rows."""
    presented = sections_about(
        Kind(found.kind),
        materials_as_of(found),
        reveal=_revealed(shows_numbers=shows_numbers),
        before=submitted,
        on=found.received_on,
    )
    named = {str(reason["target"]).removeprefix("row-"): reason for reason in reasons}
    for section in presented:
        for row in section.rows:
            if row.is_masked:
                row.reveal_url = f"?show=numbers#row-{row.key}"
            if row.key in named:
                row.deficient = True
                row.note = _note(named[row.key])
    return presented


def _moved_facts(found: Application, *, submitted: dict[str, Any], shows_numbers: bool) -> list[Change]:
    """What the register has of the applicant otherwise than it was submitted, before and after."""
    reveal = _revealed(shows_numbers=shows_numbers)
    changes = changes_between(submitted, materials_as_of(found), reveal=reveal, on=clock.today())
    return [each for each in changes if is_about(Kind(found.kind), each.key)]


def _note(reason: dict[str, object]) -> str:
    """The fault, followed by the remedy if the reason gives one."""
    if not reason["remedy"]:
        return str(reason["fault"])
    return _("%(fault)s: %(remedy)s") % {"fault": reason["fault"], "remedy": reason["remedy"]}
