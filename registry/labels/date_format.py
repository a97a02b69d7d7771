"""Days and moments as pages, papers and notices write them."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _


def day(value: date | datetime | None) -> str:
    """A day as 2026-11-22 with its weekday, in China when a moment is given; empty for none."""
    if not value:
        return ""
    on = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{on.isoformat()} {date_format(on, 'l')}"


def due_day(value: date | None, *, provisional: bool) -> str:
    """The last day of a period as papers and notices write it, with the word that it is provisional where it is."""
    if not (value and provisional):
        return day(value)
    return _("%(day)s (provisional)") % {"day": day(value)}


def last_day(value: date, *, provisional: bool = False) -> str:
    """The last day of a period as pages write it in a sentence: that day is included, and provisional where it is."""
    if provisional:
        return _("%(day)s (provisional), that day included") % {"day": day(value)}
    return _("%(day)s, that day included") % {"day": day(value)}


def last_day_in_notice(value: date, *, provisional: bool = False) -> str:
    """The last day of a period as notices write it: that day is included, and where it is provisional, until when."""
    said = {"day": _day_in_letter(value)}
    if provisional:
        return (
            pgettext(
                "last day in a notice",
                "%(day)s (provisional until the holidays are published), that day included",
            )
            % said
        )
    return pgettext("last day in a notice", "%(day)s, that day included") % said


def last_day_in_subject(value: date, *, provisional: bool = False) -> str:
    """The last day of a period in the subject of a notice, where there is room for little."""
    said = {"day": _day_in_letter(value)}
    if provisional:
        return pgettext("last day in a subject", "%(day)s (provisional)") % said
    return pgettext("last day in a subject", "%(day)s") % said


def _day_in_letter(value: date) -> str:
    """A day as official letters write it: in Chinese 2026年11月22日."""
    if (get_language() or "").startswith("en"):
        return day(value)
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """A moment in China as 2026-11-22 10:42; empty for none."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def time_of_day(value: datetime | None) -> str:
    """The time of a moment in China as 10:42; empty for none."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""
