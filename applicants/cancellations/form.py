"""The cancellation form: last day of the service, arrangements for users, and the reason for lateness."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.cancellations.cancellation import LONGEST_TEXT, Cancellation, Plan
from registry.labels.date_format import day
from registry.models import Filing
from registry.presentation.day_fields import DayField
from registry.presentation.rounds import AnsweredReason
from registry.presentation.text_fields import ProseField

_STAYS = _("Stays in the record for good: no identity numbers, mobiles or other personal data here.")


def _text(label: Any, help_text: Any, *, required: bool = True) -> ProseField:
    return ProseField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class CancellationForm(forms.Form):
    """The cancellation form of a filing, which its declaration names.

    `reasons` adds an answer to each reason or point, a supplement without any explains.
    """

    ends_on = DayField(
        label=_("The service ends on"),
        help_text=_("The first day on which the service is no longer offered."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Write the day as 2026-11-22.")},
    )
    arrangement = _text(
        _("Arrangement for the users"),
        _("How they are told, how they get their data and assets, whom they ask afterwards (Art. 11)."),
    )
    is_declared_late = forms.BooleanField(
        label=_("Declare the cancellation late: the service ends before the earliest lawful day"),
        required=False,
    )
    late_reason = _text(
        _("Why it comes late"),
        _("Only for a cancellation declared late; the office takes it into account."),
        required=False,
    )
    declaration = forms.BooleanField(
        label=_(
            "I declare that the service will end and its users be provided for as stated here, "
            "and that I know the consequences of false materials (Art. 22)."
        ),
        required=False,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        filing: Filing,
        reasons: Iterable[AnsweredReason] = (),
        is_supplement: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["declaration"].help_text = _("It concerns this filing: %(service)s · %(number)s") % {
            "service": filing.service_name,
            "number": filing.number,
        }
        self.fields["arrangement"].help_text = f"{self.fields['arrangement'].help_text} {_STAYS}"
        # Shown as required, but not enforced by the field: the planner works before the declaration is ticked.
        self.fields["declaration"].asked = True  # type: ignore[attr-defined]
        self.reasons = list(reasons)
        for reason in self.reasons:
            self.fields[f"answer_{reason.id}"] = _text(
                (
                    _("Your answer to point %(number)s")
                    if is_supplement
                    else _("Your answer to reason %(number)s")
                )
                % {"number": reason.id},
                f"{reason.fault}{'：' if reason.remedy else ''}{reason.remedy}",
            )
        if is_supplement and not self.reasons:
            self.fields["explanation"] = _text(
                _("What is supplemented, and why"), _("The office reads it. The decision period goes on.")
            )
        first = [name for name in self.fields if name.startswith("answer_") or name == "explanation"]
        self.order_fields([*first, *CancellationForm.base_fields])

    def cancellation(self) -> Cancellation:
        """The cancellation as typed, valid or not."""
        value = self.data if self.is_bound else self.initial
        return Cancellation(
            ends_on=str(value.get("ends_on") or "").strip(),
            arrangement=str(value.get("arrangement") or ""),
            late_reason=str(value.get("late_reason") or "") if value.get("is_declared_late") else "",
            is_declared_late=bool(value.get("is_declared_late")),
            explanation=str(value.get("explanation") or ""),
            answers=tuple(
                (reason.id, str(value.get(f"answer_{reason.id}") or "").strip()) for reason in self.reasons
            ),
        )

    def judge(self, plan: Plan) -> bool:
        """Whether the form can be submitted; adds the errors of the planner and the declaration."""
        if plan.is_out_of_range:
            self.add_error("ends_on", _("This day lies outside the days the calendar knows. Check the year."))
        if plan.is_late and plan.is_past and not self.data.get("is_declared_late"):
            text = _(
                "This day is past. Give the day on which the service will end; if it has ended already, declare the "
                "cancellation late and say why (Art. 11)."
            )
            self.add_error("ends_on", text)
        elif plan.is_late and not self.data.get("is_declared_late"):
            text = _("Too early: submitted today, the service may end on %(day)s at the earliest (Art. 11). ")
            choice = _("Take that day, or declare the cancellation late and say why.")
            self.add_error("ends_on", str(text) % {"day": day(plan.earliest_end)} + str(choice))
        elif plan.is_late and not str(self.data.get("late_reason") or "").strip():
            self.add_error("late_reason", _("Say why the cancellation comes late."))
        if self.is_valid() and not self.cleaned_data["declaration"]:
            self.add_error("declaration", _("Declare that the materials are true, then send them."))
        return self.is_valid()

    @property
    def idempotency_key(self) -> uuid.UUID:
        return uuid.UUID(str(self.cleaned_data["key"]))
