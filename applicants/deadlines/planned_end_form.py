"""The form for the day on which an applicant plans to end a service."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Filing
from registry.presentation.day_fields import DayField
from registry.rules.days.deadlines import cancellation_due
from registry.rules.days.working_days import Calendar
from registry.rules.errors import CalendarOutOfRange


class PlannedEndForm(forms.Form):
    """The planned day; an empty field removes the plan."""

    ends_on = DayField(
        label=_("Planned end of the service"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter the day as 2027-01-31.")},
    )

    def __init__(self, *args: Any, filing: Filing, calendar: Calendar, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{filing.pk.hex}_%s")
        super().__init__(*args, **kwargs)
        self.filing = filing
        self._calendar, self._today = calendar, today

    def clean_ends_on(self) -> date | None:
        ends_on: date | None = self.cleaned_data["ends_on"]
        if ends_on is None:
            return None
        if ends_on <= self._today:
            raise forms.ValidationError(_("The planned end lies in the future."), code="past")
        try:
            cancellation_due(ends_on, self._calendar)
        except CalendarOutOfRange:
            raise forms.ValidationError(
                _("The working days of that year are not known yet."), code="out_of_range"
            ) from None
        return ends_on
