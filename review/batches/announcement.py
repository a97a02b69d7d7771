"""The announcement (公告正文) of a list: the office's standing text, its places, and the text with them filled in.

The text is Chinese, as announcements are. Its places stay in the draft and are filled in by the preview and the
proposal, so that what they say is what the list holds then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.batches.candidates import Candidate
from registry.batches.lists import next_number
from registry.calendar.current import current_calendar
from registry.documents.texts import document_text
from registry.errors import OutOfDate
from registry.labels.list_words import printed_title
from registry.models import Account
from registry.publication.addresses import list_url
from registry.rules.batches.lifecycle import ListKind
from registry.rules.days.deadlines import PERIOD_WORKING_DAYS, Period, deadline
from registry.rules.notice_texts import LONGEST_BODY, check_text, fill
from review.models import AnnouncementText


def _without(places: Mapping[str, Promise], *names: str) -> dict[str, Promise]:
    return {name: words for name, words in places.items() if name not in names}


_PLACES: dict[str, Promise] = {
    "title": _("the title with the number the list gets if it is published next"),
    "count": _("how many services it names"),
    "applicants": _("how many applicants they have"),
    "cut_off_on": _("the last day on which a number may have been issued"),
    "until": _("the last day for doubts: a date when the moment is set, otherwise the 10th working day"),
    "page": _("the address of the list's page"),
    "organiser": _("the organiser of this site"),
    "address": _("the organiser's address"),
    "email": _("the organiser's e-mail"),
}
_OF_ENDINGS: dict[str, Promise] = _PLACES | {"cut_off_on": _("the last day on which a filing may have ended")}
_OF_CORRIGENDA: dict[str, Promise] = _PLACES | {"count": _("how many corrections it makes")}
PLACES: Mapping[ListKind, Mapping[str, Promise]] = {
    ListKind.FILINGS: _PLACES,
    ListKind.CANCELLED: _without(_OF_ENDINGS, "until"),
    ListKind.STRUCK_OFF: _without(_OF_ENDINGS, "until"),
    ListKind.CORRIGENDA: _without(_OF_CORRIGENDA, "until", "cut_off_on", "applicants"),
}
# The shipped text with which announcements of a kind begin.
_SHIPPED: Mapping[ListKind, str] = {
    ListKind.FILINGS: "list_announcement",
    ListKind.CANCELLED: "list_announcement_cancelled",
    ListKind.STRUCK_OFF: "list_announcement_struck_off",
    ListKind.CORRIGENDA: "list_announcement_corrigenda",
}
LONGEST = LONGEST_BODY


def required(kind: ListKind) -> tuple[str, ...]:
    """The places that no announcement may leave out: how many there are, and until when doubts may be sent."""
    return ("count", "until") if kind.has_window else ("count",)


def until_words(publish_at: datetime | None) -> str:
    """The last day for doubts as an announcement says it; `publish_at` None is "as soon as it is confirmed".

    A date only where it is certain: for a set moment, when the calendar of those days is announced.
    """
    if publish_at is not None:
        due = deadline(Period.OBJECTION, clock.china_date(publish_at), current_calendar())
        if not due.provisional:
            return printed_day(due.due_on)
    return f"公布之日起第{PERIOD_WORKING_DAYS[Period.OBJECTION]}个工作日"


def printed_day(day: date) -> str:
    """A day as announcements write it: 2026年3月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def check_standing_text(text: str, kind: ListKind) -> None:
    """Raises NoticeTextRefused unless the text has the required places and no unknown one."""
    check_text(text, part="announcement", known=PLACES[kind], required=required(kind), longest=LONGEST)


def check_announcement(text: str, kind: ListKind) -> None:
    """Raises NoticeTextRefused for a place that is not known; which it uses is up to who composes."""
    check_text(text, part="announcement", known=PLACES[kind], longest=LONGEST)


def standing_text(kind: ListKind) -> str:
    """The text with which announcements begin: the office's newest version, or else the shipped one."""
    newest = versions_of(kind)[:1]
    return next((each.text for each in newest if each.text), document_text(_SHIPPED[kind]))


def versions_of(kind: ListKind) -> list[AnnouncementText]:
    """Every version that the office saved, newest first."""
    found = AnnouncementText.objects.filter(kind=kind.value).select_related("changed_by")
    return list(found.order_by("-version"))


def save_standing_text(
    kind: ListKind, text: str | None, *, seen_version: int, by: Account, at: datetime
) -> AnnouncementText:
    """Saves the next version; None goes back to the shipped text.

    Raises NoticeTextRefused, and OutOfDate ("announcement_text_saved_meanwhile") when the version seen is not the last.
    """
    if text is not None:
        check_standing_text(text, kind)
    last = next((each.version for each in versions_of(kind)), 0)
    try:
        if last != seen_version:
            raise OutOfDate("announcement_text_saved_meanwhile")
        with transaction.atomic():
            return AnnouncementText.objects.create(
                kind=kind.value,
                version=last + 1,
                text=(text or "").strip(),
                changed_at=at,
                changed_by=by,
            )
    except IntegrityError as error:
        raise OutOfDate("announcement_text_saved_meanwhile") from error


def filled(
    text: str, *, kind: ListKind, entries: Sequence[Candidate], cut_off_on: date, publish_at: datetime | None
) -> str:
    """The text with its places filled in for these entries."""
    number = next_number(kind)
    identity = settings.SITE_IDENTITY
    values = {
        "title": printed_title(kind, number),
        "count": str(len(entries)),
        "applicants": str(len({each.applicant_id for each in entries})),
        "cut_off_on": printed_day(cut_off_on),
        "until": until_words(publish_at),
        "page": list_url(number, kind),
        "organiser": identity["organiser"],
        "address": identity["address"],
        "email": identity["contact_email"],
    }
    return fill(text, values).strip()
