"""The history of a case as its page tells it: what happened, what the offices told, what a leader signed."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.labels.date_format import day, moment
from registry.models import Account, Application, Consultation, SignedForm, Telling
from registry.notices.tellings import tellings_about
from registry.presentation.timeline import TimelineEntry
from review.desk.consulted import entries_of
from review.models import ContactNote
from review.review_forms.signed_forms import forms_of


def whole_history(
    application: Application,
    officer: Account,
    entries: Iterable[TimelineEntry],
    *,
    consulted: Iterable[Consultation],
    noted: Iterable[ContactNote],
) -> list[TimelineEntry]:
    """These entries with what the offices told the applicant's members, the steps of the case's consultations, the
    notes of contacts and the signed forms, newest first."""
    told = [_told_entry(each) for each in tellings_about(application)]
    signed = [_signed_entry(each) for each in forms_of(application, officer)]
    contacts = [_noted_entry(each) for each in noted]
    return sorted(
        [*entries, *told, *signed, *contacts, *entries_of(consulted)],
        key=lambda entry: entry.at,
        reverse=True,
    )


def _signed_entry(form: SignedForm) -> TimelineEntry:
    """A line of the history: the review form that a leader signed was filed."""
    actor = form.event.actor
    return TimelineEntry(
        title=_("Signed review form filed"),
        at=form.event.at,
        by=actor.name if actor is not None else "",
        text=_("Signed by %(signer)s on %(day)s") % {"signer": form.signer, "day": day(form.signed_on)},
        tone="",
        sequence=0,
        url=reverse("review:signed_form", args=[form.application_id]),
        link=_("The form and its scan"),
    )


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


def _noted_entry(note: ContactNote) -> TimelineEntry:
    """A line of the history: a contact or a site visit was noted, and where it stands on the page."""
    lines = [day(note.on), _("corrects an earlier note") if note.corrects_id is not None else ""]
    return TimelineEntry(
        title=_("%(kind)s noted") % {"kind": note.get_kind_display()},
        at=note.noted_at,
        by=note.officer.name,
        text="\n".join(line for line in lines if line),
        tone="",
        sequence=0,
        url="#contacts",
        link=_("The note"),
    )
