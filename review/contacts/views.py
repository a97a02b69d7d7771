"""The pages of contact notes and of notes of site visits: writing one, correcting one, and its files."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.errors import AttachmentRefused, StorageFull
from registry.files.views import evidence_answer
from registry.gateways.addresses import counted_address
from registry.labels.states import refusal_message
from registry.models import Account, Application
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.posted import posted_id
from registry.storage import evidence
from review.access import find_case, officer_of
from review.contacts import contacts
from review.contacts.contacts import CONTACT_FILES, ContactRefused
from review.contacts.forms import ContactForm, SiteVisitForm
from review.desk import unsent
from review.desk.refusals import desk_refusal
from review.models import ContactNote
from review.queue.lists import way_back

AnyForm = ContactForm | SiteVisitForm


@require_http_methods(["GET", "HEAD", "POST"])
def note_contact(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Notes a call, a visit to the office, a letter or an e-mail; a refused form stays as it was typed."""
    return _note(request, application_id, is_site_visit=False)


@require_http_methods(["GET", "HEAD", "POST"])
def note_site_visit(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Notes what was seen on a site visit; a refused form stays as it was typed."""
    return _note(request, application_id, is_site_visit=True)


@require_safe
def contact_file(request: HttpRequest, note_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file of a note, as a download."""
    file = contacts.file_of(note_id, file_id, officer_of(request))
    return evidence_answer(CONTACT_FILES, pk=file.pk)


def _note(request: HttpRequest, application_id: uuid.UUID, *, is_site_visit: bool) -> HttpResponse:
    officer, at = officer_of(request), clock.now()
    application = find_case(officer, application_id)
    before = _corrected(request, application, officer)
    kind = SiteVisitForm if is_site_visit else ContactForm
    place = unsent.SITE_VISIT if is_site_visit else unsent.CONTACT
    refusal, status, is_restored = "", HTTPStatus.OK, False
    if request.method == "POST":
        form: AnyForm = kind(request.POST, request.FILES)
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                contacts.note_contact(
                    application,
                    form.noted(evidence.take(form.cleaned_data["evidence"])),
                    officer=officer,
                    at=at,
                    corrects=before.pk if before is not None else None,
                    key=posted_id(request.POST.get("key", "")),
                    sender=counted_address(request),
                )
            except (AttachmentRefused, StorageFull) as error:
                form.add_error("evidence", refusal_message(error))
            except ContactRefused as error:
                refusal, status = desk_refusal(error), HTTPStatus.CONFLICT
            else:
                forget_form(request)
                unsent.forget(application, place, officer=officer)
                messages.success(request, pgettext("a contact note", "The note is added."))
                return redirect(f"{reverse('review:case', args=[application.pk])}#contacts")
    else:
        # A correction has a page of its own, on which nothing is begun.
        typed = (
            unsent.kept_or_begun(request, application, officer, place, at=at)
            if before is None
            else kept_form(request)
        )
        is_restored = typed is not None
        form = kind(initial=typed.dict() if typed is not None else _first(before, officer))
    context = {
        "application": application,
        "form": form,
        "refusal": refusal,
        "is_site_visit": is_site_visit,
        "before": before,
        "is_restored": is_restored,
        "typed_url": unsent.address_of(application, place) if before is None else "",
        "owner": officer.pk,
        "key": posted_id(request.POST.get("key", "")) or uuid.uuid4(),
        "crumbs": [
            way_back(request),
            {
                "url": reverse("review:case", args=[application.pk]),
                "label": application.receipt_number,
            },
            {"url": "", "label": _("Note of a site visit") if is_site_visit else _("Contact note")},
        ],
    }
    return render(request, "review/contacts/note.html", context, status=status)


def _corrected(request: HttpRequest, application: Application, officer: Account) -> ContactNote | None:
    """The note that this one corrects, named by the address or the form. Raises NotFound."""
    named = request.POST.get("in_place_of") or request.GET.get("in_place_of", "")
    if not named:
        return None
    return contacts.own_note(application, posted_id(named) or uuid.UUID(int=0), officer)


def _first(before: ContactNote | None, officer: Account) -> dict[str, Any]:
    """What the form begins with: the note that is corrected, else today and the officer."""
    if before is None:
        return {"on": clock.today(), "officers": officer.name}
    names = ("kind", "on", "with_whom", "place", "officers", "content", "result")
    return {name: getattr(before, name) for name in names}
