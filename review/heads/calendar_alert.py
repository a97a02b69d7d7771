"""The alert of national heads: a live deadline reaches a year whose holiday notice is not loaded."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from registry.calendar.current import current_calendar
from registry.deadlines.open_deadlines import unannounced_years
from registry.models import Account
from registry.rules.days.working_days import Calendar
from registry.rules.workflow.states import Role


def missing_years(calendar: Calendar) -> list[dict[str, Any]]:
    """The years without a notice that open deadlines reach, each with how many do and where to load it."""
    address = reverse("review:calendar_import")
    return [
        {"year": year, "count": count, "url": f"{address}?year={year}"}
        for year, count in unannounced_years(calendar).items()
    ]


def missing_years_for(officer: Account) -> list[dict[str, Any]]:
    """The same for whoever can do something about it; nothing for anybody else."""
    return missing_years(current_calendar()) if officer.acts_as is Role.NATIONAL_HEAD else []
