"""The page of leaves: who is away and who stands in; entering a leave, and ending one early."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from registry import clock
from registry.calendar.current import current_calendar
from registry.models import Account
from registry.presentation.day_fields import DayField
from registry.presentation.kept_forms import forget_form, kept_form, without_errors
from registry.presentation.named_form import NamedForm
from registry.rules.office.leave import LeaveDays, working_days_of
from review.access import colleagues_of, is_head, officer_of
from review.desk import handover, leave
from review.desk.leave import LeaveRefused
from review.desk.passing_on import begin_leave, leaves_to_begin
from review.desk.refusals import desk_refusal
from review.models import OfficerLeave


class LeaveForm(NamedForm):
    """The days of a leave, who stands in, and which of the officer's cases go to the substitute when it begins."""

    first_on = DayField(
        label=gettext_lazy("First day of leave"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last_on = DayField(
        label=gettext_lazy("Last day of leave"),
        help_text=gettext_lazy("Both days are working days by the official calendar, and both are included."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    substitute = forms.ChoiceField(
        label=gettext_lazy("Who stands in"),
        help_text=gettext_lazy(
            "Somebody of the same office, who acts in their own name and with their own rights: only a head reassigns."
        ),
        error_messages={
            "required": gettext_lazy("Choose an officer of your own office."),
            "invalid_choice": gettext_lazy("Choose an officer of your own office."),
        },
    )
    cases = forms.MultipleChoiceField(
        label=gettext_lazy("Cases that go to the substitute when the leave begins"),
        help_text=gettext_lazy("What is not ticked stays claimed by the officer."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, officer: Account, held: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        others = leave.names_with_leave(leave.substitutes_of(officer), at=clock.now())
        self.fields["substitute"].choices = [("", _("Choose who stands in")), *others]  # type: ignore[attr-defined]
        if not held:
            del self.fields["cases"]
            return
        self.fields["cases"].choices = [  # type: ignore[attr-defined]
            (str(each.application_id), each.application.receipt_number) for each in held
        ]
        self.fields["cases"].initial = [str(each.application_id) for each in held]

    @property
    def days(self) -> LeaveDays:
        return LeaveDays(self.cleaned_data["first_on"], self.cleaned_data["last_on"])

    @property
    def chosen(self) -> list[uuid.UUID]:
        """The cases that were ticked."""
        return [uuid.UUID(each) for each in self.cleaned_data.get("cases") or ()]


@require_http_methods(["GET", "HEAD", "POST"])
def leaves(request: HttpRequest) -> HttpResponse:
    """Shows the leaves of the office, and enters one: an officer's own, a head's for anybody of the office."""
    by, at = officer_of(request), clock.now()
    people = list(colleagues_of(by)) if is_head(by) else [by]
    kept = kept_form(request) if request.method != "POST" else None
    told = request.POST if request.method == "POST" else kept if kept is not None else request.GET
    asked = told.get("officer") or str(by.pk)
    officer = next((each for each in people if str(each.pk) == asked), by)
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(kept) if kept is not None else None,
        officer=officer,
        held=handover.held_by(officer, at=at),
    )
    status = HTTPStatus.OK
    # Another person was chosen than the one whose cases the page shows: they are shown first, with what was typed.
    is_shown_first = request.method == "POST" and ("show" in told or told.get("shown", asked) != asked)
    if is_shown_first:
        form = without_errors(form)
    elif form.is_valid() and is_head(by) and str(officer.pk) != asked:
        # Whom the page was about has left meanwhile: nobody else goes on leave in their place.
        form.add_error(None, desk_refusal(LeaveRefused("not_a_colleague")))
    if not is_shown_first and form.is_valid():
        try:
            made = leave.enter_leave(
                officer.pk,
                form.days,
                substitute_id=uuid.UUID(form.cleaned_data["substitute"]),
                cases=form.chosen,
                by=by,
                at=at,
            )
        except LeaveRefused as refusal:
            form.add_error(refusal.facts["field"], desk_refusal(refusal))
            status = HTTPStatus.CONFLICT
        else:
            forget_form(request)
            if made.pk in leaves_to_begin(at):
                begin_leave(made.pk, at=at)
            messages.success(
                request,
                _("The leave is entered: %(substitute)s stands in for %(name)s.")
                % {"substitute": made.substitute.name, "name": made.officer.name},
            )
            return redirect("review:leave")
    elif form.errors:
        status = HTTPStatus.BAD_REQUEST
    context = {
        "form": form,
        "officer": officer,
        "is_shown_first": is_shown_first,
        "people": people,
        "has_substitutes": leave.substitutes_of(officer).exists(),
        "rows": [_row(each, by) for each in leave.leaves_at_office_of(by, at=at)],
        "is_restored": kept is not None,
    }
    return render(request, "review/desk/leave.html", context, status=status)


@require_POST
def end(request: HttpRequest, leave_id: uuid.UUID) -> HttpResponse:
    """Ends a leave early, or takes back one that has not begun."""
    try:
        at = clock.now()
        ended = leave.end_leave(leave_id, by=officer_of(request), at=at)
    except LeaveRefused as refusal:
        messages.warning(request, desk_refusal(refusal))
    else:
        has_begun = ended.first_on <= clock.china_date(at)
        said = (
            _("The leave of %(name)s has ended.") if has_begun else _("The leave of %(name)s is cancelled.")
        )
        messages.success(request, said % {"name": ended.officer.name})
    return redirect("review:leave")


def _row(each: OfficerLeave, by: Account) -> dict[str, Any]:
    return {
        "leave": each,
        "working_days": working_days_of(leave.days_of(each), current_calendar()),
        "is_now": each.first_on <= clock.today(),
        "may_end": leave.may_enter_for(each.officer, by),
    }


def _initial(kept: Any) -> dict[str, Any]:
    return {**kept.dict(), "cases": kept.getlist("cases")}
