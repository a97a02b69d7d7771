"""The administrator's pages: lists and office accounts."""

from __future__ import annotations

import uuid
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.accounts.officer_words import officer_refusal
from registry.accounts.officers import (
    OfficerRefused,
    change_office,
    create_officer,
    invite,
    set_active,
)
from registry.labels.masking import mask_email
from registry.labels.province_words import full_name
from registry.labels.states import label_of
from registry.models import Account, ListEntry
from registry.office import lists
from registry.office.account_filters import AccountFilters
from registry.office.forms import EntryForm, MoveForm, NewEntryForm, NewOfficerForm, ReasonForm
from registry.presentation.kept_forms import forget_form, sent_or_kept
from registry.rules.workflow.states import Role

_form_page = require_http_methods(["GET", "POST"])


@require_GET
def list_overview(request: HttpRequest) -> HttpResponse:
    """The lists that administrators maintain, with the number of entries offered and retired."""
    entries = list(ListEntry.objects.all())
    overview = [
        {
            "name": name,
            "label": label,
            "offered": sum(entry.list_name == name and entry.is_active for entry in entries),
            "retired": sum(entry.list_name == name and not entry.is_active for entry in entries),
        }
        for name, label in ListEntry.ListName.choices
    ]
    return render(request, "office/lists.html", {"lists": overview})


@require_GET
def list_page(request: HttpRequest, list_name: str) -> HttpResponse:
    """The entries of one list, in order."""
    return render(
        request,
        "office/list.html",
        {
            "list_name": list_name,
            "label": _label(list_name),
            "entries": list(ListEntry.objects.filter(list_name=list_name)),
            "has_kinds": list_name == ListEntry.ListName.MAIN_CHAINS,
            "is_of_reasons": list_name == ListEntry.ListName.REASONS,
        },
    )


@_form_page
def list_entry_add(request: HttpRequest, list_name: str) -> HttpResponse:
    """Adds an entry to a list."""
    label = _label(list_name)
    form, is_restored = sent_or_kept(request, partial(NewEntryForm, list_name=list_name))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            lists.add_entry(
                list_name,
                code=data["code"],
                words=form.words,
                reason=data["reason"],
                by=_administrator(request),
            )
        except lists.CodeTaken:
            form.add_error("code", _("The list has an entry of this code, perhaps a retired one."))
        else:
            forget_form(request)
            messages.success(request, _("The entry is added."))
            return redirect("office:list", list_name)
    context = {"form": form, "is_restored": is_restored, "list_name": list_name, "label": label}
    return render(request, "office/list_entry.html", context)


@_form_page
def list_entry(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """Edits the names and texts of one entry."""
    entry = ListEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    make = partial(EntryForm, initial=model_to_dict(entry), list_name=entry.list_name)
    form, is_restored = sent_or_kept(request, make)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        lists.reword_entry(entry.pk, words=form.words, reason=reason, by=_administrator(request))
        forget_form(request)
        messages.success(request, _("The entry is changed."))
        return redirect("office:list", entry.list_name)
    context = {
        "form": form,
        "is_restored": is_restored,
        "entry": entry,
        "list_name": entry.list_name,
        "label": _label(entry.list_name),
    }
    return render(request, "office/list_entry.html", context)


@require_POST
def list_entry_move(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """Moves an entry one place up or down."""
    down = request.POST.get("direction") == "down"
    entry = lists.move_entry(entry_id, down=down, by=_administrator(request))
    return redirect("office:list", entry.list_name)


@_form_page
def list_entry_retire(request: HttpRequest, entry_id: uuid.UUID) -> HttpResponse:
    """Asks for the reason, and retires an entry or offers it again."""
    entry = ListEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    form, is_restored = sent_or_kept(request, ReasonForm)
    # What the page showed is done, not its opposite, whatever a colleague did meanwhile.
    is_offered = request.POST.get("act", "" if entry.is_active else "restore") == "restore"
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        lists.set_offered(entry.pk, is_offered=is_offered, reason=reason, by=_administrator(request))
        forget_form(request)
        messages.success(
            request, _("The entry is offered again.") if is_offered else _("The entry is retired.")
        )
        return redirect("office:list", entry.list_name)
    back_url = reverse("office:list", args=[entry.list_name])
    context = {
        "form": form,
        "is_restored": is_restored,
        "title": _("Offer this entry again") if is_offered else _("Retire this entry"),
        "lead": str(entry),
        "points": [
            _("Forms offer it again from now on.")
            if is_offered
            else _("From now on forms no longer offer it. Filings and decisions that chose it keep it.")
        ],
        "act": "restore" if is_offered else "retire",
        "button": _("Offer again") if is_offered else _("Retire"),
        "back_url": back_url,
        "crumbs": [
            {"url": reverse("office:lists"), "label": _("Lists")},
            {"url": back_url, "label": _label(entry.list_name)},
            {"url": "", "label": str(entry)},
        ],
    }
    return _confirmation(request, context, form)


@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """The office accounts that the filters leave, all without any."""
    form = AccountFilters(request.GET)
    officers = form.found()
    lines = [
        {
            "account": officer,
            "role": label_of(officer.acts_as),
            "email": mask_email(officer.email or ""),
            "office": _office_name(officer),
        }
        for officer in officers
    ]
    context = {"lines": lines, "form": form, "is_narrowing": form.is_narrowing}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "office/accounts.html", context, status=status)


@_form_page
def account_add(request: HttpRequest) -> HttpResponse:
    """Opens an office account and shows, once, the link for choosing its first password."""
    form, is_restored = sent_or_kept(request, NewOfficerForm)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            officer = create_officer(
                name=data["name"],
                role=Role(data["role"]),
                email=data["email"],
                mobile=data["mobile"],
                province_code=data["province_code"],
                by=_administrator(request),
            )
        except OfficerRefused as error:
            form.add_error(error.facts["field"], officer_refusal(error))
        else:
            forget_form(request)
            return _show_link(request, officer)
    return render(request, "office/account_add.html", {"form": form, "is_restored": is_restored})


@_form_page
def account(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Changes the role and province of one office account."""
    officer = _officer(account_id)
    given = {"role": officer.role, "province_code": officer.province_code}
    form, is_restored = sent_or_kept(request, partial(MoveForm, initial=given))
    if request.method == "POST" and form.is_valid():
        try:
            change_office(
                officer.pk,
                role=Role(form.cleaned_data["role"]),
                province_code=form.cleaned_data["province_code"],
                reason=form.cleaned_data["reason"],
                by=_administrator(request),
            )
        except OfficerRefused as error:
            field = error.facts["field"]
            form.add_error(field if field in form.fields else None, officer_refusal(error))
        else:
            forget_form(request)
            messages.success(request, _("Role and province are changed; the officer is signed out."))
            return redirect("office:accounts")
    context = {
        "form": form,
        "is_restored": is_restored,
        "officer": officer,
        "lead": " · ".join(filter(None, (str(label_of(officer.acts_as)), _office_name(officer)))),
        "is_self": _is_self(request, officer),
    }
    return render(request, "office/account.html", context)


@_form_page
def account_disable(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Says what follows, asks for the reason, and closes an office account or opens it again."""
    officer = _officer(account_id)
    if _is_self(request, officer):
        messages.error(request, officer_refusal(OfficerRefused("own_account", field="account")))
        return redirect("office:accounts")
    form, is_restored = sent_or_kept(request, ReasonForm)
    # What the page showed is done, not its opposite, whatever a colleague did meanwhile.
    is_active = request.POST.get("act", "" if officer.is_active else "enable") == "enable"
    if request.method == "POST" and form.is_valid():
        try:
            set_active(
                officer.pk,
                is_active=is_active,
                reason=form.cleaned_data["reason"],
                by=_administrator(request),
            )
        except OfficerRefused as error:
            messages.error(request, officer_refusal(error))
        else:
            forget_form(request)
            messages.success(
                request,
                _("The account is open again.") if is_active else _("The account is closed and signed out."),
            )
        return redirect("office:accounts")
    context = {
        "form": form,
        "is_restored": is_restored,
        "title": _("Open this account again") if is_active else _("Close this account"),
        "lead": " · ".join(
            filter(None, (officer.name, str(label_of(officer.acts_as)), _office_name(officer)))
        ),
        "points": _what_follows(officer, is_active=is_active),
        "act": "enable" if is_active else "disable",
        "is_grave": not is_active,
        "button": _("Open this account again") if is_active else _("Close this account"),
        "back_url": reverse("office:account", args=[officer.pk]),
        "crumbs": [
            {"url": reverse("office:accounts"), "label": _("Office accounts")},
            {"url": reverse("office:account", args=[officer.pk]), "label": officer.name},
            {"url": "", "label": _("Open this account again") if is_active else _("Close this account")},
        ],
    }
    return _confirmation(request, context, form)


def _what_follows(officer: Account, *, is_active: bool) -> list[str]:
    if is_active:
        return [_("The officer can sign in again, with the role and province shown here.")]
    points = [
        _("The officer is signed out everywhere and cannot sign in any more."),
        _("What the officer did stays under the officer's name."),
    ]
    if officer.is_officer:
        points.insert(
            1,
            _(
                "The cases that the officer works on return to the queue, and the head of the office is told which."
            ),
        )
    return points


def _confirmation(request: HttpRequest, context: dict[str, Any], form: ReasonForm) -> HttpResponse:
    return render(request, "office/confirm.html", context, status=400 if form.errors else 200)


@require_POST
def account_invite(request: HttpRequest, account_id: uuid.UUID) -> HttpResponse:
    """Shows a new link for choosing the first password, for an officer who has not chosen one."""
    return _show_link(request, _officer(account_id))


def _show_link(request: HttpRequest, officer: Account) -> HttpResponse:
    try:
        path = invite(officer.pk, by=_administrator(request))
    except OfficerRefused as error:
        messages.error(request, officer_refusal(error))
        return redirect("office:accounts")
    link = f"{settings.PORTAL_BASE_URL}{path}"
    return render(request, "office/account_link.html", {"officer": officer, "link": link})


def _label(list_name: str) -> str:
    if list_name not in ListEntry.ListName.values:
        raise Http404
    return str(ListEntry.ListName(list_name).label)


def _officer(account_id: uuid.UUID) -> Account:
    officer = Account.objects.filter(pk=account_id).exclude(role=Role.APPLICANT.value).first()
    if officer is None:
        raise Http404
    return officer


def _office_name(officer: Account) -> str:
    return full_name(officer.province_code) if officer.province_code else ""


def _administrator(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def _is_self(request: HttpRequest, officer: Account) -> bool:
    return bool(officer.pk == _administrator(request).pk)
