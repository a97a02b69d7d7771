"""The words of a decision clock: how it closed, and why it goes on after a decision (Art. 12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry.labels.date_format import day
from registry.rules.workflow.decision_clock import Place
from registry.rules.workflow.states import State

GOES_ON: Mapping[State, Promise] = {
    State.REJECTED: gettext_lazy("The notice has not been delivered yet: the period goes on until it is."),
    State.APPROVED: gettext_lazy(
        "The filing number has not been issued yet: the period goes on until it is."
    ),
}
# Where a case lies while its clock runs.
PLACES: Mapping[Place, Promise] = {
    Place.PROVINCE: pgettext_lazy("where a case lies", "At the province"),
    Place.NATION: pgettext_lazy("where a case lies", "At the national office"),
    Place.UNDELIVERED: pgettext_lazy("where a case lies", "Decided, not yet delivered"),
}


def closed_on_day(number: int, *, was_stopped: bool) -> str:
    """On which working day of the period a clock closed, by a decision or without one."""
    if not number:
        return _("Ended on the day of receipt") if was_stopped else _("Closed on the day of receipt")
    words = _("Ended on working day %(number)s") if was_stopped else _("Closed on working day %(number)s")
    return words % {"number": number}


def service_ends_first(end: date, due_on: date) -> str:
    """That a service ends before the decision on its cancellation is due."""
    words = _("The service ends on %(end)s, before the decision is due on %(due)s.")
    return words % {"end": day(end), "due": day(due_on)}
