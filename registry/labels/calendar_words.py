"""The words of the calendar: why a day counts or not, what each period is for, what is wrong with a holiday notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.rules.days.deadlines import Period
from registry.rules.days.holiday_reading import Contradiction
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
    Period.STATEMENT: pgettext_lazy("what a deadline is for", "Statement on a proposed striking off"),
}


def reason_label(reason: str) -> Promise:
    """Why a day counts or does not; an unknown reason reads as a public holiday."""
    return REASON_LABELS.get(reason, _OTHER_HOLIDAY)


_CONTRADICTIONS: Mapping[str, Promise] = {
    "year_differs": _("The text is the notice for %(stated)s, but the year chosen is %(year)s."),
    "weekday_differs": _("%(day)s is a %(weekday)s, not a %(stated)s."),
    "day_count_differs": _("%(stated)s days off are stated, but %(counted)s are listed."),
    "no_such_day": _("There is no day “%(found)s”."),
    "range_reversed": _("The last day %(last)s lies before the first day %(first)s."),
    "range_too_long": _("From %(first)s to %(last)s is too long for a holiday. Check the month."),
    "day_in_another_year": _("%(day)s does not belong to the notice for %(year)s."),
    "day_named_twice": _("%(day)s was named in line %(other_line)s already."),
    "day_off_and_worked": _("%(day)s is off and worked at once: see line %(other_line)s."),
    "make_up_day_on_weekday": _("%(day)s is a %(weekday)s and worked anyway. Make-up days lie at a weekend."),
    "holiday_unknown": _(
        "No holiday is known under “%(found)s”. Name it as the notice does, such as 春节：."
    ),
    "extension_of_nothing": _("The holiday “%(found)s” that is extended has no days before, or ends later."),
    "not_understood": _(
        "“%(clause)s” names days but cannot be read. Write it like the other lines, or as a table."
    ),
    "table_line": _("A line of the table needs a date and off or work, with a comma between them."),
    "table_kind": _("“%(found)s” is neither off nor work."),
    "holidays_missing": _("These holidays have no days: %(names)s. Give the notice of the whole year."),
    "too_long": _("The text is too long: at most %(most)s characters."),
}


def contradiction_message(found: Contradiction) -> str:
    """What is wrong with a line of a holiday notice, in the language now active."""
    facts: dict[str, Any] = dict(found.facts)
    for name in ("weekday", "stated"):
        if found.code in ("weekday_differs", "make_up_day_on_weekday") and name in facts:
            facts[name] = WEEKDAYS[facts[name]]
    if "names" in facts:
        facts["names"] = ", ".join(str(reason_label(name)) for name in facts["names"])
    return str(_CONTRADICTIONS[found.code]) % facts
