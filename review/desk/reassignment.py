"""The page on which a head gives a case to another officer, or back to the queue."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.errors import NotFound
from registry.models import Account
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.named_form import NamedForm, needed_now, needed_when
from registry.presentation.text_fields import ReasonField
from registry.rules.substance import LONGEST_REASON
from review.access import colleagues_of, find_case, is_at_desk, is_head, office_of, officer_of
from review.desk import claims
from review.desk.claims import ClaimRefused
from review.desk.leave import names_with_leave
from review.desk.refusals import desk_refusal
from review.form_hints import that_stays

# In the place of an officer: the case returns to the queue.
NOBODY = "nobody"
# The field that each refusal is about; others are about the form.
_FIELDS = {"reassigned_without_reason": "reason", "proposed_by_the_chosen": "officer"}


class ReassignForm(NamedForm):
    """Who is to work on a case, and why; `held` is who worked on it when the page was shown."""

    held = forms.CharField(widget=forms.HiddenInput, required=False)

    officer = forms.ChoiceField(
        label=gettext_lazy("Works on it from now on"),
        error_messages={
            "required": gettext_lazy("Choose an officer of your own office."),
            "invalid_choice": gettext_lazy("Choose an officer of your own office."),
        },
    )
    reason = ReasonField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=that_stays(
            gettext_lazy(
                "Needed where a colleague works on the case. Both officers read it, and the auditor."
            )
        ),
    )

    def __init__(self, *args: object, head: Account, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        colleagues = names_with_leave(colleagues_of(head), at=clock.now())
        if self.initial.get("held"):
            needed_now(self.fields["reason"])
        elif "held" not in self.fields:
            needed_when(self.fields["reason"], gettext_lazy("(needed where a colleague works on a case)"))
        nobody = (NOBODY, gettext_lazy("Nobody: back to the queue"))
        self.fields["officer"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("Choose an officer")),
            *colleagues,
            nobody,
        ]

    @property
    def to(self) -> uuid.UUID | None:
        """The officer chosen; None for nobody."""
        chosen = self.cleaned_data["officer"]
        return None if chosen == NOBODY else uuid.UUID(chosen)

    @property
    def chosen_name(self) -> str:
        """How the choice is named."""
        choices = dict(self.fields["officer"].choices)  # type: ignore[attr-defined]
        return str(choices[self.cleaned_data["officer"]])


@require_http_methods(["GET", "HEAD", "POST"])
def reassign(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Gives the case to a colleague or back to the queue, with the reason; what is refused stays typed."""
    head = officer_of(request)
    application = find_case(head, application_id)
    if not is_head(head):
        raise NotFound("not_found")
    kept = kept_form(request) if request.method != "POST" else None
    held = claims.claims_on([application], office_of(head), at=clock.now()).get(application.pk)
    held_now = str(held.officer_id) if held is not None else ""
    form = ReassignForm(
        request.POST if request.method == "POST" else None,
        initial={**(kept.dict() if kept is not None else {}), "held": held_now},
        head=head,
    )
    case_url = reverse("review:case", args=[application.pk])
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            given = claims.reassign(
                application.pk,
                to=form.to,
                reason=reason,
                head=head,
                at=clock.now(),
                # A page that was opened before an update of the portal carries none.
                held_seen=request.POST.get("held"),
            )
        except ClaimRefused as refusal:
            form.add_error(_FIELDS.get(refusal.code), desk_refusal(refusal))
            # What is sent again is bound to what the page says now.
            form.data = {**request.POST.dict(), "held": held_now}
            status = HTTPStatus.CONFLICT
        else:
            forget_form(request)
            if given is None:
                messages.success(request, _("The case is back in the queue."))
            else:
                messages.success(
                    request, _("%(name)s works on this case now.") % {"name": given.officer.name}
                )
            return redirect(case_url)
    elif form.errors:
        status = HTTPStatus.BAD_REQUEST
    context = {
        "application": application,
        "form": form,
        "held": held,
        "is_ours": is_at_desk(application, head),
        "case_url": case_url,
        "is_restored": kept is not None,
        "crumbs": [
            {"url": reverse("review:queue"), "label": _("Queue")},
            {"url": case_url, "label": application.receipt_number},
            {"url": "", "label": _("Reassign")},
        ],
    }
    return render(request, "review/case/reassign.html", context, status=status)
