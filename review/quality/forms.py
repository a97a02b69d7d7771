"""The forms of quality sampling: the draw, the second look, and the two acts of heads about a drawn case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry import clock
from registry.labels.quality_words import CASE_STATES
from registry.labels.refusal_words import REFUSAL_MESSAGES, SENTENCE_WANTED
from registry.models import Account
from registry.presentation.day_fields import DayField, refusal_of_range
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import ReasonField, SentenceField
from registry.quality.rounds import Asked
from registry.rules.quality.draw import LEAST_PERCENT, MOST_PERCENT
from registry.rules.quality.lifecycle import FINDINGS, LONGEST_FINDING, MOST_DAYS, CaseState
from registry.rules.substance import LONGEST_REASON
from review.form_hints import that_stays

_USUAL_PERCENT = 5


def _last_possible() -> date:
    return clock.today() - timedelta(days=1)


def _day(label: Any) -> DayField:
    return DayField(
        label=label,
        last=_last_possible,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )


class DrawForm(NamedForm):
    """The days of decision, both inclusive and over, and how many of a hundred cases are drawn."""

    first_on = _day(pgettext_lazy("quality sampling", "Decided from"))
    last_on = _day(pgettext_lazy("quality sampling", "Decided to"))
    percent = forms.IntegerField(
        label=pgettext_lazy("quality sampling", "Share in percent"),
        min_value=LEAST_PERCENT,
        max_value=MOST_PERCENT,
        help_text=_("Rounded up to whole cases: of any number at least one is drawn."),
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first_on, last_on = cleaned.get("first_on"), cleaned.get("last_on")
        if first_on and last_on:
            if first_on > last_on:
                self.add_error("last_on", refusal_of_range())
            elif last_on - first_on >= timedelta(days=MOST_DAYS):
                self.add_error("last_on", str(REFUSAL_MESSAGES["quality_days"]))
        return cleaned

    @property
    def asked(self) -> Asked:
        """What is asked for; call on a valid form."""
        data = self.cleaned_data
        return Asked(first_on=data["first_on"], last_on=data["last_on"], percent=data["percent"])


def first_asked(today: date) -> dict[str, Any]:
    """What the form of a draw begins with: the month before this one."""
    last_on = today.replace(day=1) - timedelta(days=1)
    return {"first_on": last_on.replace(day=1), "last_on": last_on, "percent": _USUAL_PERCENT}


class LookForm(NamedForm):
    """What the second look found: in order, or something, which is said in a sentence."""

    finding = forms.ChoiceField(
        label=_("What the second look found"),
        choices=[(each.value, CASE_STATES[each]) for each in FINDINGS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the case is in order.")},
    )
    text = SentenceField(
        label=pgettext_lazy("second look", "What was found"),
        required=False,
        max_length=LONGEST_FINDING,
        help_text=that_stays(
            _(
                "Needed where something was found: what, and where in the case. The officers who had a part in the "
                "decision and the heads read it."
            )
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_found = cleaned.get("finding") == CaseState.FOUND
        if is_found and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", SENTENCE_WANTED)
        return cleaned


class TakerForm(NamedForm):
    """To whom the second look is given."""

    officer = forms.ChoiceField(
        label=_("Who looks again"),
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Choose an officer.")},
    )

    def __init__(self, *args: Any, able: Iterable[Account], **options: Any) -> None:
        """`able` are the officers who may be chosen."""
        super().__init__(*args, **options)
        self._able = {str(each.pk): each for each in able}
        self.fields["officer"].choices = [  # type: ignore[attr-defined]
            ("", "—"),
            *((key, each.name) for key, each in self._able.items()),
        ]

    @property
    def taker(self) -> Account:
        """Who was chosen; call on a valid form."""
        return self._able[self.cleaned_data["officer"]]


class AsideForm(NamedForm):
    """Why a drawn case gets no second look."""

    reason = ReasonField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=that_stays(
            _("Stays with the round, and is read by the heads of the office and the auditor.")
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
        error_messages={"required": _("Say in at least a sentence why the case is set aside.")},
    )
