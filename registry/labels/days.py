"""The words of the calendar: why a day counts or not, what each period is for."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.rules.days.deadlines import Period
from registry.rules.days.working_days import DayReason

_OTHER_HOLIDAY = _("Public holiday")

REASON_LABELS: Mapping[str, Promise] = {
    DayReason.WEEKDAY: _("Working day"),
    DayReason.MAKE_UP: _("Make-up working day"),
    DayReason.WEEKEND: _("Weekend"),
    DayReason.EVENT_DAY: _("Day of the event, not counted"),
    DayReason.NEW_YEAR: _("New Year"),
    DayReason.SPRING_FESTIVAL: _("Spring Festival"),
    DayReason.TOMB_SWEEPING_DAY: _("Tomb-sweeping Day"),
    DayReason.LABOUR_DAY: _("Labour Day"),
    DayReason.DRAGON_BOAT_FESTIVAL: _("Dragon Boat Festival"),
    DayReason.MID_AUTUMN_FESTIVAL: _("Mid-autumn Festival"),
    DayReason.NATIONAL_DAY: _("National Day"),
    DayReason.VICTORY_DAY_2015: _("Victory Day"),
    DayReason.OTHER_HOLIDAY: _OTHER_HOLIDAY,
}

PERIOD_LABELS: Mapping[Period, Promise] = {
    Period.FILING: pgettext_lazy("what a deadline is for", "First filing"),
    Period.CHANGE: pgettext_lazy("what a deadline is for", "Change of a filed service"),
    Period.CANCELLATION: pgettext_lazy("what a deadline is for", "Cancellation"),
    Period.DECISION: pgettext_lazy("what a deadline is for", "Decision of the office"),
    Period.OBJECTION: pgettext_lazy("what a deadline is for", "Objection to a batch list"),
    Period.RESUBMISSION: pgettext_lazy("what a deadline is for", "Submitting again after a rejection"),
}


def reason_label(reason: str) -> Promise:
    """Why a day counts or does not; a reason nobody knows is a public holiday."""
    return REASON_LABELS.get(reason, _OTHER_HOLIDAY)
