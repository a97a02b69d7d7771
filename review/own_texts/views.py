"""The page of an officer's own texts: adding, changing, ordering and removing them."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from registry import clock
from registry.presentation.kept_forms import forget_form, kept_form
from review.access import officer_of
from review.desk.refusals import desk_refusal
from review.models import OwnText
from review.own_texts import own_texts as texts
from review.own_texts.forms import OwnTextForm
from review.own_texts.own_texts import MOST_KEPT, OwnTextRefused


@require_http_methods(["GET", "HEAD", "POST"])
def own_texts(request: HttpRequest) -> HttpResponse:
    """The officer's texts by the forms they fit, and the form of a new one."""
    officer = officer_of(request)
    if request.method == "POST":
        form = OwnTextForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                texts.add(officer, form.fits, name=data["name"], text=data["text"], at=clock.now())
            except OwnTextRefused as refusal:
                return _list(request, form, refusal=desk_refusal(refusal), status=HTTPStatus.CONFLICT)
            forget_form(request)
            messages.success(request, _("The template is kept."))
            return redirect("review:own_texts")
        return _list(request, form, status=HTTPStatus.BAD_REQUEST)
    kept = kept_form(request)
    initial = kept.dict() if kept is not None else {"place": OwnText.Place.OPINION}
    return _list(request, OwnTextForm(initial=initial), is_restored=kept is not None)


@require_http_methods(["GET", "HEAD", "POST"])
def own_text(request: HttpRequest, text_id: uuid.UUID) -> HttpResponse:
    """One text, to be changed."""
    officer = officer_of(request)
    found = texts.own_text(officer, text_id)
    refusal, status, is_restored = "", HTTPStatus.OK, False
    if request.method == "POST":
        form, status = OwnTextForm(request.POST), HTTPStatus.BAD_REQUEST
        if form.is_valid():
            data, at = form.cleaned_data, clock.now()
            try:
                texts.change(officer, text_id, form.fits, name=data["name"], text=data["text"], at=at)
            except OwnTextRefused as error:
                refusal, status = desk_refusal(error), HTTPStatus.CONFLICT
            else:
                forget_form(request)
                messages.success(request, _("The template is changed."))
                return redirect("review:own_texts")
    else:
        kept = kept_form(request)
        is_restored = kept is not None
        initial = {"place": found.place, "name": found.name, "text": found.text}
        form = OwnTextForm(initial=kept.dict() if kept is not None else initial)
    context = {
        "form": form,
        "found": found,
        "refusal": refusal,
        "is_restored": is_restored,
        "crumbs": [
            {"url": reverse("review:own_texts"), "label": _("My templates")},
            {"url": "", "label": found.name},
        ],
    }
    return render(request, "review/own_texts/own_text.html", context, status=status)


@require_POST
def move_own_text(request: HttpRequest, text_id: uuid.UUID) -> HttpResponse:
    """Moves a text up or down among those of its kind."""
    texts.move(officer_of(request), text_id, is_up=request.POST.get("to") == "up")
    return redirect(f"{reverse('review:own_texts')}#text-{text_id}")


@require_POST
def remove_own_text(request: HttpRequest, text_id: uuid.UUID) -> HttpResponse:
    """Removes a text; what was put into forms stays there."""
    texts.remove(officer_of(request), text_id)
    messages.success(request, _("The template is removed. What you inserted from it stays."))
    return redirect("review:own_texts")


def _list(
    request: HttpRequest,
    form: OwnTextForm,
    *,
    refusal: str = "",
    is_restored: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    found = texts.texts_of(officer_of(request))
    by_place = groupby(found, key=lambda each: OwnText.Place(each.place))
    context = {
        "groups": [(place.label, list(each)) for place, each in by_place],
        "count": len(found),
        "most": MOST_KEPT,
        "form": form,
        "refusal": refusal,
        "is_restored": is_restored,
    }
    return render(request, "review/own_texts/own_texts.html", context, status=status)
