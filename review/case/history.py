"""The history of a case as its page tells it: what happened, and what the offices told the applicant themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.labels.date_format import moment
from registry.models import Application, Telling
from registry.notices.unreached import tellings_about
from registry.presentation.timeline import TimelineEntry
from review.desk.consulted import entries_of


def with_tellings(application: Application, entries: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """These entries with what the offices told the applicant themselves, and whom they asked, newest first."""
    told = [_told_entry(each) for each in tellings_about(application)]
    return sorted([*entries, *told, *entries_of(application)], key=lambda entry: entry.at, reverse=True)


def _told_entry(telling: Telling) -> TimelineEntry:
    """A line of the history: the office told a notice itself."""
    notice = telling.notice
    recipient = notice.account.name if notice.account is not None else ""
    lines = [_("Notice: %(subject)s") % {"subject": notice.subject}]
    lines.append(_("To %(name)s") % {"name": telling.told_to or recipient})
    if telling.tracking_number:
        lines.append(_("Tracking number: %(number)s") % {"number": telling.tracking_number})
    if telling.note:
        lines.append(telling.note)
    noted = {"name": telling.noted_by.name, "at": moment(telling.noted_at)}
    lines.append(_("Noted by %(name)s at %(at)s") % noted)
    return TimelineEntry(
        title=_("Told by the office itself: %(how)s") % {"how": telling.get_how_display()},
        at=telling.told_at,
        by=telling.told_by.name,
        text="\n".join(lines),
        tone="",
        sequence=0,
        url=reverse("review:told", args=[telling.notice_id]),
        link=_("The note and its evidence"),
    )
