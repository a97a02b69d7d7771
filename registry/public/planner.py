"""The deadline planner: given an event and its day in the URL, the due day and each day up to it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from registry import clock
from registry.calendar.current import current_calendar
from registry.calendar.explanations import Explanation, explain_deadline
from registry.calendar.ics import CONTENT_TYPE, AllDayEvent, calendar_text
from registry.calendar.months import months_of_period
from registry.labels.calendar_words import PERIOD_LABELS
from registry.presentation.day_fields import DayField
from registry.public.limits import limited
from registry.public.navigation import crumbs
from registry.publication.addresses import portal_url
from registry.rules.days.deadlines import Period, deadline, earliest_service_end
from registry.rules.days.working_days import Calendar
from registry.rules.errors import CalendarOutOfRange

_QUESTIONS = (
    (Period.DECISION.value, gettext_lazy("The office received the materials on this day")),
    (Period.FILING.value, gettext_lazy("The service started on this day")),
    (Period.CHANGE.value, gettext_lazy("The service changed on this day")),
    (Period.CANCELLATION.value, gettext_lazy("The service is to end on this day")),
    (Period.RESUBMISSION.value, gettext_lazy("The notice of rejection arrived on this day")),
)
_DATE_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


class PlannerForm(forms.Form):
    """The event that starts a period, and its day."""

    period = forms.ChoiceField(
        label=gettext_lazy("Kind of event"), choices=_QUESTIONS, widget=forms.RadioSelect
    )
    event_date = DayField(
        label=gettext_lazy("Date of the event"),
        help_text=gettext_lazy("Written as year-month-day; the day in China."),
        input_formats=_DATE_FORMATS,
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("There is no such day. Write it like 2026-11-22."),
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar
        self.explanation: Explanation | None = None
        self.fields["period"].error_messages["required"] = _("Choose what happened.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                found = deadline(Period(cleaned["period"]), cleaned["event_date"], self.calendar)
            except CalendarOutOfRange as refusal:
                message = _("The calendar knows the days from %(first_day)s to %(last_day)s.")
                self.add_error("event_date", message % refusal.facts)
            else:
                self.explanation = explain_deadline(found, self.calendar)
        if "event_date" in self.errors:
            # A date control cannot show what is not a date; a text control keeps what was typed.
            cast(forms.DateInput, self.fields["event_date"].widget).input_type = "text"
        return cleaned


@require_safe
@limited
def planner(request: HttpRequest) -> HttpResponse:
    """The planner: empty, with its answer, or with the errors of the question (400)."""
    calendar, today = current_calendar(), clock.today()
    asked = "event_date" in request.GET or "period" in request.GET
    form = (
        PlannerForm(request.GET, calendar=calendar)
        if asked
        else PlannerForm(initial={"period": Period.DECISION.value}, calendar=calendar)
    )
    context: dict[str, Any] = {"form": form, "crumbs": crumbs((_("Deadline planner"), "")), "today": today}
    if asked and not form.is_valid():
        return render(request, "registry/planner.html", context, status=HTTPStatus.BAD_REQUEST)
    if form.explanation is not None:
        found = form.explanation.deadline
        query = _query(form.explanation)
        context |= {
            "found": found,
            "explanation": form.explanation,
            "period_label": PERIOD_LABELS[found.period],
            "months": months_of_period(form.explanation.days, found.due_on, calendar),
            "ics_url": f"{reverse('public:planner_ics')}?{query}",
            "api_url": f"{reverse('api:deadlines')}?{query}",
            "earliest_end": _earliest_end(form.explanation, calendar),
            "is_over": found.due_on < today,
        }
    return render(request, "registry/planner.html", context)


@require_safe
@limited
def planner_ics(request: HttpRequest) -> HttpResponse:
    """The due day as an iCalendar file; an invalid question redirects to the planner, which shows the errors."""
    form = PlannerForm(request.GET, calendar=current_calendar())
    if not form.is_valid() or form.explanation is None:
        return HttpResponseRedirect(f"{reverse('public:planner')}?{request.GET.urlencode()}")
    found = form.explanation.deadline
    label = PERIOD_LABELS[found.period]
    address = portal_url(f"{reverse('public:planner')}?{_query(form.explanation)}")
    event = AllDayEvent(
        key=f"{found.period}-{found.event_on.isoformat()}",
        on=found.due_on,
        summary=_("%(what)s: last day") % {"what": label},
        description="\n".join(form.explanation.sentences),
        url=address,
        is_tentative=found.provisional,
    )
    text = calendar_text(
        [event],
        name=_("%(what)s, counted from %(day)s") % {"what": label, "day": found.event_on.isoformat()},
        description="\n".join(form.explanation.sentences),
        at=clock.now(),
    )
    response = HttpResponse(text, content_type=CONTENT_TYPE)
    name = f"{found.period}-{found.due_on.isoformat()}.ics"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _query(explanation: Explanation) -> str:
    found = explanation.deadline
    return urlencode({"period": found.period.value, "event_date": found.event_on.isoformat()})


def _earliest_end(explanation: Explanation, calendar: Calendar) -> dict[str, Any] | None:
    """For a cancellation, the earliest end of service if it is submitted today; None for other periods."""
    if explanation.deadline.period is not Period.CANCELLATION:
        return None
    today = clock.today()
    try:
        on = earliest_service_end(today, calendar)
        return {
            "submitted_on": today,
            "on": on,
            "provisional": deadline(Period.CANCELLATION, on, calendar).provisional,
        }
    except CalendarOutOfRange:
        return None
