"""The one field of forms and filters for a day: with bounds, so that every day it takes has a moment on either side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

# Before and after these nothing is filed, decided or asked; Python's own bounds have no moment beyond them.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

Bound = date | Callable[[], date]


def refusal_of_day(day: date, *, first: Bound, last: Bound) -> str:
    """Why a day is not taken; empty for one within the bounds, both inclusive."""
    first_day, last_day = (bound() if callable(bound) else bound for bound in (first, last))
    if first_day <= day <= last_day:
        return ""
    return _("Give a day from %(first)s to %(last)s.") % {"first": first_day, "last": last_day}


def refusal_of_range() -> str:
    """Why a range is not taken whose last day lies before its first."""
    return _("This day lies before the first day. Change one of the two.")


class DayField(forms.DateField):
    """A day within bounds, both inclusive; a bound may be known only when it is asked."""

    def __init__(self, *, first: Bound = FIRST_DAY, last: Bound = LAST_DAY, **options: Any) -> None:
        super().__init__(**options)
        self._first, self._last = first, last

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, date) and (refusal := refusal_of_day(value, first=self._first, last=self._last)):
            raise forms.ValidationError(refusal, code="out_of_bounds")
