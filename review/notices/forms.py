"""The forms for recording that the office told a recipient itself: evidence of when, by whom, to whom and how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.models import Account, Notice
from registry.notices.tellings import Told
from registry.presentation.day_fields import DayField
from registry.presentation.evidence_field import EvidenceField
from registry.presentation.named_form import NamedForm, needed_when
from registry.presentation.text_fields import LineField, ProseField
from registry.rules.tellings import LONGEST_TRACKING_NUMBER, faults_of_telling
from review.access import colleagues_of

_FAULTS: Mapping[str, Promise] = {
    "told_in_the_future": _("This moment has not come yet. Give the day and the hour at which it was told."),
    "told_before_there_was_anything": _("The notice was made later than this. Check the day and the hour."),
    "tracking_number_without_letter": _(
        "Only a letter has a tracking number: choose the post as the way, or leave the number empty."
    ),
    "tracking_number_missing": _(
        "A letter is proven by its tracking number: give it as the post printed it."
    ),
}


class ToldByOfficeForm(NamedForm):
    """When, by whom and how the office told the recipient itself, with what proves it."""

    told_on = DayField(
        label=_("Day on which it was told"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    told_time = forms.TimeField(
        label=_("Hour at which it was told"),
        help_text=_("In China, for example 10:42. Of a letter, when it was handed over."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    told_by = forms.ModelChoiceField(
        Account.objects.none(), label=_("Who told it"), empty_label=None, required=False
    )
    how = forms.ChoiceField(
        label=_("How the recipient was told"), choices=Notice.ToldHow.choices, widget=forms.RadioSelect
    )
    tracking_number = LineField(
        label=_("Tracking number of the letter"),
        required=False,
        max_length=LONGEST_TRACKING_NUMBER,
        help_text=_("For a letter, as the post printed it."),
    )
    note = ProseField(
        label=_("Note"),
        max_length=300,
        help_text=_(
            "What was said, and what the recipient answered. It stays in the record: no identity numbers and no "
            "telephone numbers."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    proof = EvidenceField(label=_("What proves it: receipt of the post, signed copy, record of the call"))

    def __init__(self, *args: Any, notice: Notice, officer: Account, at: datetime, **options: Any) -> None:
        """`at` is when it is noted: the form begins with that moment, and takes no later one."""
        super().__init__(*args, **options)
        needed_when(self.fields["tracking_number"], _("(for a letter)"))
        self._notice, self._officer, self._at = notice, officer, at
        by = self.fields["told_by"]
        by.queryset = colleagues_of(officer)  # type: ignore[attr-defined]
        by.label_from_instance = lambda account: account.name  # type: ignore[attr-defined]
        now = at.astimezone(clock.CHINA)
        for name, value in (("told_on", now.date()), ("told_time", now.time()), ("told_by", officer.pk)):
            self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"told_on", "told_time", "how"} <= set(data):
            data["told_at"] = datetime.combine(data["told_on"], data["told_time"], tzinfo=clock.CHINA)
            faults = faults_of_telling(
                told_at=data["told_at"],
                by_post=data["how"] == Notice.ToldHow.POST,
                tracking_number=data.get("tracking_number", ""),
                made_at=self._notice.created_at,
                noted_at=self._at,
            )
            for name, code in faults.items():
                self.add_error("told_time" if name == "told_at" else name, str(_FAULTS[code]))
        return data

    @property
    def told(self) -> Told:
        """What the form says."""
        data = self.cleaned_data
        return Told(
            how=Notice.ToldHow(data["how"]),
            note=data["note"],
            at=data["told_at"],
            by=data["told_by"] or self._officer,
            to=data.get("told_to", ""),
            tracking_number=data["tracking_number"],
        )


class NotifiedByOfficeForm(ToldByOfficeForm):
    """How the office told an applicant itself, and who took it."""

    told_to = LineField(
        label=_("Who took it"),
        max_length=120,
        help_text=_("Name, and what they are to the applicant: the person in charge, the front desk."),
    )

    field_order = ("told_on", "told_time", "told_by", "told_to", "how", "tracking_number", "note", "proof")


class ObjectorToldForm(ToldByOfficeForm):
    """How the office told the objector itself, with a note."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["how"].label = _("How the objector was told")
