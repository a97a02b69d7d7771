"""The office's standing text of announcements (公告正文), the places it may have and those it must have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.documents.texts import document_text
from registry.errors import OutOfDate
from registry.models import Account
from registry.rules.batches.lifecycle import ListKind
from registry.rules.notice_texts import LONGEST_BODY, NoticeTextRefused, check_text, faults_in
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.streams import office_acts
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


def check_standing_text(text: str, kind: ListKind) -> None:
    """Raises NoticeTextRefused unless the text has the required places and no unknown one."""
    check_text(text, part="announcement", known=PLACES[kind], required=required(kind), longest=LONGEST)


def faults_of_text(text: str, kind: ListKind, *, is_standing: bool) -> list[NoticeTextRefused]:
    """Everything for which an announcement cannot be used; which places it uses is up to who composes."""
    needed = required(kind) if is_standing else ()
    return faults_in(text, part="announcement", known=PLACES[kind], required=needed, longest=LONGEST)


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
    newest = next(iter(versions_of(kind)), None)
    last, before = (newest.version, newest.text) if newest is not None else (0, "")
    try:
        if last != seen_version:
            raise OutOfDate("announcement_text_saved_meanwhile")
        with transaction.atomic():
            saved = AnnouncementText.objects.create(
                kind=kind.value,
                version=last + 1,
                text=(text or "").strip(),
                changed_at=at,
                changed_by=by,
            )
            office_acts.record(
                OfficeAct.ANNOUNCEMENT_SAVED,
                OfficeSubject.ANNOUNCEMENT_TEXT,
                kind.value,
                by=by,
                at=at,
                before={"version": last, "is_shipped": not before},
                after={"version": saved.version, "is_shipped": not saved.text},
            )
            return saved
    except IntegrityError as error:
        raise OutOfDate("announcement_text_saved_meanwhile") from error
