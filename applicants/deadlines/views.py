"""Pages of an applicant's deadlines, planned ends and calendar feed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from applicants import access
from applicants.applicant_choice import choice_of
from applicants.deadlines import calendar_feed
from applicants.deadlines.own_deadlines import deadlines_of, years_of
from applicants.deadlines.planned_end_form import PlannedEndForm
from applicants.deadlines.planned_ends import forget_planned_end, note_planned_end
from applicants.drafts.pages.frame import account_of, crumbs
from registry import clock
from registry.calendar import ics
from registry.calendar.current import current_calendar
from registry.models import CalendarFeed, Filing, PlannedEnd
from registry.rules.workflow.states import Standing


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """The account's deadlines, soonest first."""
    return _page(request)


@require_POST
def plan_end(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """Saves the day a service is planned to end; an empty day removes it."""
    filing = get_object_or_404(_filings_that_can_end(request), pk=filing_id)
    form = PlannedEndForm(request.POST, filing=filing, calendar=current_calendar(), today=clock.today())
    if not form.is_valid():
        return _page(request, bad=form)
    ends_on = form.cleaned_data["ends_on"]
    if ends_on is None:
        forget_planned_end(filing)
        messages.success(request, _("The planned end is forgotten."))
    else:
        note_planned_end(filing, ends_on=ends_on, by=account_of(request), at=clock.now())
        messages.success(
            request, _("The planned end is noted. It tells nobody but you, and asks for nothing yet.")
        )
    return redirect("applicants:deadlines")


@require_POST
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Creates a new secret address and shows it once, or revokes the address."""
    account = account_of(request)
    if request.POST.get("act") == "withdraw":
        calendar_feed.withdraw_address(account)
        messages.success(request, _("The calendar has no address any more."))
        return redirect("applicants:deadlines")
    token = calendar_feed.make_address(account, at=clock.now())
    path = reverse("applicants:calendar_feed", args=[token])
    return _page(request, address=request.build_absolute_uri(path))


@require_safe
@never_cache
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The calendar file; its secret address is the only credential."""
    account = calendar_feed.account_of(token)
    text = calendar_feed.feed_text(account, at=clock.now())
    response = HttpResponse(text, content_type=ics.CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return response


def _page(request: HttpRequest, *, bad: PlannedEndForm | None = None, address: str = "") -> HttpResponse:
    account = account_of(request)
    calendar, today = current_calendar(), clock.today()
    planned = dict(
        PlannedEnd.objects.filter(filing__in=_filings_that_can_end(request)).values_list("filing", "ends_on")
    )
    forms = [
        bad
        if bad is not None and bad.filing.pk == filing.pk
        else PlannedEndForm(
            initial={"ends_on": planned.get(filing.pk)}, filing=filing, calendar=calendar, today=today
        )
        for filing in _filings_that_can_end(request).order_by("number")
    ]
    found = deadlines_of(account, today=today, calendar=calendar)
    context = {
        "deadlines": found,
        "names_clients": choice_of(request, account).is_choice,
        "years": years_of(found),
        "has_provisional": any(each.provisional for each in found),
        "forms": forms,
        "bad_form": bad,
        "address": address,
        "feed": CalendarFeed.objects.filter(account=account).first(),
        "crumbs": crumbs(_("Deadlines")),
    }
    return render(
        request, "applicants/deadlines/deadlines.html", context, status=400 if bad is not None else 200
    )


def _filings_that_can_end(request: HttpRequest) -> QuerySet[Filing]:
    filings = access.filings_of(account_of(request))
    return filings.filter(standing=Standing.IN_FORCE.value, ends_on__isnull=True)
