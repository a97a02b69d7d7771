"""Pages of the working-day calendar, and of loading a year's holiday notice."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.calendar.current import current_calendar, notices_in_force
from registry.calendar.months import months_of_year
from registry.deadlines import holiday_loading
from registry.deadlines.holiday_loading import Preview
from registry.errors import OutOfDate
from registry.labels.calendar_words import PERIOD_LABELS, contradiction_message
from registry.models import CalendarNotice
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.posted import posted_count
from registry.presentation.text_fields import LineField, ProseField
from registry.rules.days.holiday_notice import HolidayNoticeRefused, as_table
from registry.rules.days.official_days import shipped_days
from registry.rules.days.working_days import Calendar
from review.access import national_head
from review.heads.calendar_alert import missing_years


class NoticeForm(forms.Form):
    """A year's holiday notice as text or table, and where it was published."""

    year = forms.IntegerField(label=gettext_lazy("Year"), widget=forms.NumberInput)
    source = LineField(
        label=gettext_lazy("Published as"),
        max_length=200,
        help_text=gettext_lazy("Title or document number of the notice."),
    )
    text = ProseField(
        label=gettext_lazy("Text of the notice, or a table"),
        max_length=20_000,
        help_text=gettext_lazy(
            "Paste the official text as published, or lines of date,off or work,name: "
            "2027-01-01,off,元旦 and 2027-01-09,work."
        ),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, last = calendar.first_day.year, calendar.last_day.year
        year = self.fields["year"]
        year.widget.attrs |= {"min": first, "max": last}
        self._years = range(first, last + 1)
        self.preview: Preview | None = None

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if year not in self._years:
            raise forms.ValidationError(
                _("The calendar knows the years %(first)s to %(last)s.")
                % {"first": self._years[0], "last": self._years[-1]}
            )
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.preview = holiday_loading.preview(cleaned["text"], year=cleaned["year"])
            except HolidayNoticeRefused as refusal:
                for found in refusal.contradictions:
                    self.add_error(
                        "text", _located(found.line_number, found.line, contradiction_message(found))
                    )
        return cleaned


def _located(number: int, line: str, message: str) -> str:
    if not number:
        return message
    shown = line if len(line) <= 60 else f"{line[:60]}…"
    return _("Line %(number)s (%(line)s): %(message)s") % {
        "number": number,
        "line": shown,
        "message": message,
    }


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A year's calendar, the loaded notices, and the years without one."""
    national_head(request)
    current = current_calendar()
    year = _year(request, current, default=clock.today().year)
    context = {
        "year": year,
        "is_announced": year in current.announced_years,
        "months": months_of_year(year, current),
        "previous_year": year - 1 if year > current.first_day.year else None,
        "next_year": year + 1 if year < current.last_day.year else None,
        "loadings": CalendarNotice.objects.select_related("loaded_by").order_by("-loaded_at"),
        "missing": missing_years(current),
        "last_shipped": max(shipped_days().announced),
    }
    return render(request, "review/heads/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_import_view(request: HttpRequest) -> HttpResponse:
    """The form for a notice, the preview of the deadlines it moves, and loading it as previewed."""
    national_head(request)
    current = current_calendar()
    if request.method != "POST":
        kept = kept_form(request)
        form = (
            NoticeForm(kept, calendar=current)
            if kept is not None
            else NoticeForm(initial=_initial(request, current), calendar=current)
        )
        return _form_page(request, form, current)
    form = NoticeForm(request.POST, calendar=current)
    if not form.is_valid() or form.preview is None:
        return _form_page(request, form, current, status=HTTPStatus.BAD_REQUEST)
    if request.POST.get("step") == "change":
        return _form_page(request, form, current)
    if request.POST.get("step") != "load":
        return _preview_page(request, form)
    if form.preview.is_correction and request.POST.get("acknowledged") != "yes":
        error = _("Confirm that the year is announced already and is to be corrected.")
        return _preview_page(request, form, error=error, status=HTTPStatus.BAD_REQUEST)
    return _load(request, form)


def _load(request: HttpRequest, form: NoticeForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        notice = holiday_loading.load(
            given["text"],
            year=given["year"],
            source=given["source"],
            digest=request.POST.get("digest", ""),
            by=national_head(request),
            at=clock.now(),
        )
    except OutOfDate as refusal:
        return _preview_page(request, form, error=str(_REFUSALS[refusal.code]), status=HTTPStatus.CONFLICT)
    forget_form(request)
    messages.success(
        request,
        ngettext(
            "The notice for %(year)s is in force. %(count)s open deadline moved; both sides are being told.",
            "The notice for %(year)s is in force. %(count)s open deadlines moved; both sides are being told.",
            notice.moved_count,
        )
        % {"year": notice.year, "count": notice.moved_count},
    )
    return HttpResponseRedirect(f"{reverse('review:calendar')}?year={notice.year}")


_REFUSALS: dict[str, Promise] = {
    "calendar_preview_outdated": gettext_lazy(
        "Something has changed since the preview. Nothing was loaded; this is what would move now."
    ),
    "calendar_year_unchanged": gettext_lazy("These days are in force already. Nothing was changed."),
}


def _form_page(
    request: HttpRequest, form: NoticeForm, current: Calendar, *, status: int = 200
) -> HttpResponse:
    given = form["year"].value()
    is_correction = posted_count(str(given)) in current.announced_years
    context = {"form": form, "is_correction": is_correction, "year": given}
    return render(request, "review/heads/calendar_import.html", context, status=status)


def _preview_page(
    request: HttpRequest, form: NoticeForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    # Computed anew, also after a refused loading, so that all numbers are of one moment.
    given = form.cleaned_data
    found = holiday_loading.preview(given["text"], year=given["year"])
    changed = frozenset(day.on for day in found.changed_days)
    months = months_of_year(found.year, found.after, changed=changed)
    if any(day.year < found.year for day in changed):
        months = [months_of_year(found.year - 1, found.after, changed=changed)[-1], *months]
    context = {
        "preview": found,
        "given": given,
        "error": error,
        "months": months,
        "moves": [{"move": move, "what": PERIOD_LABELS[move.of.period]} for move in found.moves],
    }
    return render(request, "review/heads/calendar_preview.html", context, status=status)


def _initial(request: HttpRequest, current: Calendar) -> dict[str, Any]:
    """Initial values: the requested year or the first without a notice; for a correction, the days in force."""
    year = _year(request, current, default=max(current.announced_years) + 1)
    if year not in current.announced_years:
        return {"year": year}
    announced = notices_in_force().get(year) or shipped_days().announced[year]
    return {"year": year, "text": as_table(announced)}


def _year(request: HttpRequest, current: Calendar, *, default: int) -> int:
    year = posted_count(request.GET.get("year")) or default
    return min(max(year, current.first_day.year), current.last_day.year)
