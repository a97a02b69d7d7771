"""The alert to national heads that an open deadline reaches a year without a loaded holiday notice."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from registry.calendar.current import current_calendar
from registry.deadlines.open_deadlines import unannounced_years
from registry.models import Account
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.states import Role


def missing_years(calendar: Calendar) -> list[dict[str, Any]]:
    """The years without a notice that open deadlines reach, each with their number and the link to load it."""
    address = reverse("review:calendar_import")
    return [
        {"year": year, "count": count, "url": f"{address}?year={year}"}
        for year, count in unannounced_years(calendar).items()
    ]


def missing_years_for(officer: Account) -> list[dict[str, Any]]:
    """The missing years for a national head, who can load a notice; empty for any other officer."""
    return missing_years(current_calendar()) if officer.acts_as is Role.NATIONAL_HEAD else []
