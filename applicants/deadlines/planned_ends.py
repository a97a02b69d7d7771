"""The days on which applicants plan to end their services, kept for their own deadlines only."""

from __future__ import annotations

from datetime import date, datetime

from registry.models import Account, Filing, PlannedEnd


def note_planned_end(filing: Filing, *, ends_on: date, by: Account, at: datetime) -> None:
    """Notes the day a service is planned to end, in place of any earlier one."""
    noted = {"ends_on": ends_on, "noted_at": at, "noted_by": by}
    PlannedEnd.objects.update_or_create(filing=filing, defaults=noted)


def forget_planned_end(filing: Filing) -> None:
    """Removes the planned end of a service, if it has one."""
    PlannedEnd.objects.filter(filing=filing).delete()
