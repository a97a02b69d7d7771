"""Objecting to an entry of a batch list: how to be reached, the form, and the page that follows an objection."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registry import clock
from registry.accounts.codes import CodeNotSent, Purpose, send_code
from registry.accounts.limits import Limit, LimitReached, consume
from registry.accounts.proven_contact import ProvenContact, proven_contact
from registry.accounts.refusals import refusal_text
from registry.batches import objections
from registry.calendar.objection_days import decision_due
from registry.errors import AttachmentRefused, StorageFull, TransitionNotAllowed
from registry.gateways.addresses import counted_address
from registry.labels.list_words import list_title, short_title
from registry.labels.objection_words import OBJECTION_STATES
from registry.labels.states import refusal_message
from registry.models import BatchEntry, Objection
from registry.notices.wording import language_of
from registry.objections.forms import ContactForm, ObjectionForm
from registry.presentation.evidence_block import Addresses, evidence_block
from registry.presentation.evidence_field import ReplacementForm, read_again
from registry.presentation.posted import posted_count, posted_id
from registry.public.answers import page_of
from registry.public.limits import limited
from registry.public.list_views import last_day_of, window_of
from registry.public.navigation import crumbs
from registry.publication import lists
from registry.publication.lists import PublicList
from registry.rules.objections.lifecycle import OPEN_STATES, ObjectionAct, ObjectionState
from registry.storage import evidence
from registry.storage.objection_parts import Statement

PER_CONTACT_PER_DAY = 10
_SECRETS = "objection_secrets"
_OPEN = {state.value for state in OPEN_STATES}
# What the office proposes is not told before it is decided.
_PROPOSED = (ObjectionState.UPHOLDING_PROPOSED, ObjectionState.DISMISSAL_PROPOSED)


@require_http_methods(["GET", "HEAD", "POST"])
@limited
@never_cache
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """Asks how who objects can be reached, and sends a code there."""
    shown, status, refusal = _shown(number), HTTPStatus.OK, ""
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            channel, address = form.recipient()
            next_url = _form_url(shown, request)
            try:
                send_code(request, Purpose.OBJECTION, channel, address, can_pass=True, next_url=next_url)
            except (LimitReached, CodeNotSent) as error:
                refusal, status = refusal_text(error), HTTPStatus.TOO_MANY_REQUESTS
            else:
                return redirect("account_confirm_code")
    elif proven_contact(request) is not None:
        return redirect(_form_url(shown, request))
    context = _head(shown) | {"form": form, "refusal": refusal}
    return page_of(request, "registry/objections/contact.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@limited
@never_cache
def objecting(request: HttpRequest, number: int) -> HttpResponse:
    """The form; what is typed stays on the page until it is received, and so do the files that were good."""
    shown, known = _shown(number), proven_contact(request)
    key = posted_id(request.POST.get("key", "")) or uuid.uuid4()
    sent_before = request.session.get(_SECRETS, {}).get(str(key))
    if sent_before:
        return redirect("objections:follow", secret=sent_before)
    if request.method != "POST":
        if known is None:
            return redirect("objections:contact", number=shown.number)
        form = _form(shown, initial={"position": posted_count(request.GET.get("entry")) or ""})
        form.hold_for(request, may_begin=True)
        return _form_page(request, shown, form, known, key=key)
    form = _form(shown, request.POST, request.FILES)
    form.hold_for(request)
    if known is None:
        text = _("Your code has run out. Ask for a new one on another tab, then send this form again.")
        return _form_page(request, shown, form, known, key=key, refusal=text, status=HTTPStatus.CONFLICT)
    if not form.is_valid() or form.entry is None:
        return _form_page(request, shown, form, known, key=key, status=HTTPStatus.BAD_REQUEST)
    try:
        # Counted before anything is kept: that is what a flood would be made of.
        consume([Limit("objection.contact", known.address, PER_CONTACT_PER_DAY, timedelta(days=1))])
        files = evidence.take(form.cleaned_data["evidence"])
        data = form.cleaned_data
        statement = Statement(name=data["name"], contact=known.address, facts=data["facts"])
        language = language_of(get_language() or "")
        received = objections.receive(
            form.entry.pk, statement, files=files, key=key, language=language, sender=counted_address(request)
        )
    except (AttachmentRefused, StorageFull) as error:
        form.add_error("evidence", str(refusal_message(error)))
        return _form_page(request, shown, form, known, key=key, status=HTTPStatus.BAD_REQUEST)
    except LimitReached as error:
        text, status = refusal_text(error), HTTPStatus.TOO_MANY_REQUESTS
        return _form_page(request, shown, form, known, key=key, refusal=text, status=status)
    except TransitionNotAllowed as error:
        text = str(refusal_message(error))
        return _form_page(request, shown, form, known, key=key, refusal=text, status=HTTPStatus.CONFLICT)
    if not received.secret:
        raise Http404
    form.forget_files()
    request.session[_SECRETS] = {**request.session.get(_SECRETS, {}), str(key): received.secret}
    messages.success(request, _("Your objection has been received."))
    return redirect("objections:follow", secret=received.secret)


@require_http_methods(["GET", "HEAD", "POST"])
@limited
@never_cache
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """The page of one objection, for who has its address; it can be withdrawn here until it is decided."""
    objection = objections.by_secret(secret)
    if objection is None:
        raise Http404
    refusal, status = "", HTTPStatus.OK
    if request.method == "POST":
        try:
            objections.withdraw(objection.pk)
        except TransitionNotAllowed as error:
            refusal, status = str(refusal_message(error)), HTTPStatus.CONFLICT
        else:
            messages.success(request, _("Your objection is withdrawn."))
            return redirect("objections:follow", secret=secret)
    context = _followed(objection, refusal, secret=secret)
    return page_of(request, "registry/objections/follow.html", context, status=status)


@require_POST
@limited
@never_cache
def replace_file(request: HttpRequest, secret: str, file_id: uuid.UUID) -> HttpResponse:
    """Puts another file in the place of one that could not be read."""
    objection = objections.by_secret(secret)
    if objection is None:
        raise Http404
    objections.file_of(objection, file_id)
    form, sender = ReplacementForm(request.POST, request.FILES, file_id=file_id), counted_address(request)
    if form.put(
        lambda file: objections.replace_file(objection.pk, file_id, file, sender=sender), TransitionNotAllowed
    ):
        return redirect("objections:follow", secret=secret)
    context = _followed(objection, form.refusal_text, secret=secret, sent={file_id: form})
    return page_of(request, "registry/objections/follow.html", context, status=form.status)


@require_POST
@limited
@never_cache
def read_file_again(request: HttpRequest, secret: str, file_id: uuid.UUID) -> HttpResponse:
    """Has a file read once more whose reading broke off."""
    objection, sender = objections.by_secret(secret), counted_address(request)
    if objection is None:
        raise Http404
    read_again(
        request,
        lambda: objections.read_file_again(objection.pk, file_id, sender=sender),
        TransitionNotAllowed,
    )
    return redirect("objections:follow", secret=secret)


def _followed(
    objection: Objection,
    refusal: str,
    *,
    secret: str,
    sent: Mapping[uuid.UUID, ReplacementForm] | None = None,
) -> dict[str, Any]:
    """What the page of an objection shows; `sent` are forms that were refused, by the file they replace."""
    entry, state = objection.entry, ObjectionState(objection.state)
    told = ObjectionState.WITH_APPLICANT if state in _PROPOSED else state
    is_open = objection.state in _OPEN
    addresses = Addresses(reverse("objections:follow", args=[secret]), element="evidence-files")
    today = clock.today()
    if ObjectionAct.REPLACE_FILE in objections.acts_open(objection, objections.OBJECTOR, today=today):
        addresses = replace(
            addresses, replaces=lambda file_id: reverse("objections:replace_file", args=[secret, file_id])
        )
    if objections.may_read_again(objection, objections.OBJECTOR, today=today):
        addresses = replace(
            addresses,
            reads_again=lambda file_id: reverse("objections:read_file_again", args=[secret, file_id]),
        )
    return {
        "evidence": evidence_block(objections.files_of(objection), addresses, sent=sent),
        "objection": objection,
        "entry": entry,
        "list_title": short_title(entry.batch_list.number or 0),
        "list_url": reverse("public:batch", args=[entry.batch_list.number]),
        "state": told.value,
        "state_label": OBJECTION_STATES[told],
        "is_open": is_open,
        "due": decision_due(objection) if is_open and objection.in_time else None,
        "extension": objections.extension_of(objection),
        "reasons": objections.reasons_of(objection),
        "refusal": refusal,
        "crumbs": crumbs((_("Batch lists"), reverse("public:batches")), (_("Objection"), "")),
    }


def _form(shown: PublicList, *given: Any, **options: Any) -> ObjectionForm:
    """The form of an objection to this list."""
    return ObjectionForm(*given, find_entry=partial(_entry_of, shown), **options)


def _form_page(
    request: HttpRequest,
    shown: PublicList,
    form: ObjectionForm,
    known: ProvenContact | None,
    *,
    key: uuid.UUID,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    if form.is_bound:
        form.keep_files(request)
    context = _head(shown) | {
        "form": form,
        "key": key,
        "known": known,
        "refusal": refusal,
        "entry": _entry_of(shown, posted_count(str(form["position"].value()))),
    }
    return page_of(request, "registry/objections/form.html", context, status=status)


def _head(shown: PublicList) -> dict[str, Any]:
    last_day = last_day_of(shown)
    # An imported list has none: what is said of it is counted from its publication.
    until = last_day.on or window_of(shown.published_on).due_on
    return {
        "title": list_title(shown.kind, shown.number),
        "list": shown,
        "until": until,
        "is_provisional": last_day.is_provisional,
        "is_over": clock.today() > until,
        "crumbs": crumbs(
            (_("Batch lists"), reverse("public:batches")),
            (short_title(shown.number), reverse("public:batch", args=[shown.number])),
            (_("Objection"), ""),
        ),
    }


def _shown(number: int) -> PublicList:
    shown = lists.public_list(number)
    if shown is None:
        raise Http404
    return shown


def _form_url(shown: PublicList, request: HttpRequest) -> str:
    path = reverse("objections:form", args=[shown.number])
    position = posted_count(request.GET.get("entry"))
    return f"{path}?entry={position}" if position else path


def _entry_of(shown: PublicList, position: int | None) -> BatchEntry | None:
    if position is None:
        return None
    return BatchEntry.objects.filter(
        batch_list__kind=shown.kind.value, batch_list__number=shown.number, position=position
    ).first()
