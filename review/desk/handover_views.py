"""The page on which an officer hands over all own cases, or a head those of anybody in the office."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.models import Account
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import ReasonField
from registry.rules.substance import LONGEST_REASON
from review.access import colleagues_of, is_head, officer_of
from review.desk import handover
from review.desk.claims import ClaimRefused
from review.desk.leave import names_with_leave
from review.desk.refusals import desk_refusal
from review.form_hints import that_stays


class HandoverForm(NamedForm):
    """Who takes the cases over, and why."""

    to = forms.ChoiceField(
        label=gettext_lazy("Handed over to"),
        error_messages={
            "required": gettext_lazy("Choose an officer of your own office."),
            "invalid_choice": gettext_lazy("Choose an officer of your own office."),
        },
    )
    reason = ReasonField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=that_stays(gettext_lazy("Both officers read it, and the auditor.")),
        error_messages={
            "required": gettext_lazy("Say why the cases are handed over. The reason stays with the act.")
        },
    )

    def __init__(self, *args: object, giver: Account, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        others = names_with_leave(colleagues_of(giver).exclude(pk=giver.pk), at=clock.now())
        self.fields["to"].choices = [("", gettext_lazy("Choose an officer")), *others]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Shows what an officer holds, and hands over what the page showed."""
    by, at = officer_of(request), clock.now()
    givers = list(colleagues_of(by)) if is_head(by) else [by]
    kept = kept_form(request) if request.method != "POST" else None
    typed = kept.get("officer") if kept is not None else None
    asked = request.POST.get("officer") or request.GET.get("officer") or typed or str(by.pk)
    giver = next((each for each in givers if str(each.pk) == asked), by)
    form = HandoverForm(
        request.POST if request.method == "POST" else None,
        initial=kept.dict() if kept is not None else None,
        giver=giver,
    )
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            found = handover.hand_over(
                giver.pk,
                to=uuid.UUID(form.cleaned_data["to"]),
                seen=_ids(request.POST.getlist("case")),
                reason=form.cleaned_data["reason"],
                by=by,
                at=at,
            )
        except ClaimRefused as refusal:
            form.add_error(None, desk_refusal(refusal))
            status = HTTPStatus.CONFLICT
        else:
            forget_form(request)
            _say(request, found)
            return redirect(f"{reverse('review:hand_over')}?officer={giver.pk}")
    elif form.errors:
        status = HTTPStatus.BAD_REQUEST
    context = {
        "form": form,
        "giver": giver,
        "givers": givers,
        "is_own": giver.pk == by.pk,
        "held": handover.held_by(giver, at=at),
        "is_restored": kept is not None,
    }
    return render(request, "review/heads/handover.html", context, status=status)


def _say(request: HttpRequest, found: handover.Handover) -> None:
    comma = _(", ")
    messages.success(
        request,
        ngettext(
            "%(count)s case was handed over: %(cases)s.",
            "%(count)s cases were handed over: %(cases)s.",
            len(found.done),
        )
        % {"count": len(found.done), "cases": comma.join(each.receipt_number for each in found.done)},
    )
    if found.left:
        lines = [
            _("%(case)s (%(why)s)") % {"case": each.receipt_number, "why": desk_refusal(ClaimRefused(code))}
            for each, code in found.left
        ]
        messages.warning(request, _("Not handed over: %(cases)s.") % {"cases": comma.join(lines)})


def _ids(texts: list[str]) -> frozenset[uuid.UUID]:
    """The ids among what a form sends; what is none is left out."""
    found = set()
    for text in texts:
        try:
            found.add(uuid.UUID(text))
        except ValueError:
            continue
    return frozenset(found)
