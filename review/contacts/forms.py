"""The forms of a contact note, and of a note of a site visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry import clock
from registry.presentation.day_fields import FIRST_DAY, DayField
from registry.presentation.evidence_field import EvidenceField
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import LineField, ProseField
from review.contacts.contacts import Noted
from review.desk.stream_acts import LONGEST
from review.models import ContactNote

_LONGEST_LINE = 200
_Kind = ContactNote.Kind
_BY_CONTACT = (_Kind.PHONE, _Kind.VISIT, _Kind.LETTER, _Kind.MAIL)


def _day(label: Any) -> DayField:
    return DayField(
        label=label,
        first=FIRST_DAY,
        last=clock.today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ContactForm(NamedForm):
    """A telephone call, a visit to the office, a letter or an e-mail."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of contact"),
        choices=[(each.value, each.label) for each in _BY_CONTACT],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how there was contact.")},
    )
    on = _day(gettext_lazy("Day of the contact"))
    with_whom = LineField(
        label=gettext_lazy("With whom"),
        max_length=_LONGEST_LINE,
        help_text=gettext_lazy("Name and function of the person you spoke or wrote to."),
    )
    content = ProseField(
        label=gettext_lazy("What was said or written"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    evidence = EvidenceField(label=pgettext_lazy("of a contact", "Files"))

    def noted(self, files: Sequence[Any]) -> Noted:
        """What is noted, with files that were looked at; call on a valid form."""
        data = self.cleaned_data
        return Noted(
            kind=_Kind(data["kind"]),
            on=data["on"],
            with_whom=data["with_whom"],
            content=data["content"],
            files=files,
        )


class SiteVisitForm(NamedForm):
    """What was seen where on which day, by whom, and what came of it."""

    on = _day(gettext_lazy("Day of the visit"))
    place = LineField(label=gettext_lazy("Place"), max_length=_LONGEST_LINE)
    officers = LineField(
        label=gettext_lazy("Officers who went"),
        max_length=_LONGEST_LINE,
        help_text=gettext_lazy("Everybody of the office who was there."),
    )
    with_whom = LineField(
        label=gettext_lazy("Met there"),
        max_length=_LONGEST_LINE,
        required=False,
        help_text=gettext_lazy("Name and function, where somebody was met."),
    )
    content = ProseField(
        label=gettext_lazy("What was seen"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6})
    )
    result = ProseField(
        label=gettext_lazy("Result"),
        max_length=LONGEST,
        help_text=gettext_lazy("Whether it agrees with what was filed, and what follows from it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    evidence = EvidenceField(label=gettext_lazy("Pictures and other files"))

    def noted(self, files: Sequence[Any]) -> Noted:
        """What is noted, with files that were looked at; call on a valid form."""
        data = self.cleaned_data
        return Noted(
            kind=_Kind.SITE,
            on=data["on"],
            place=data["place"],
            officers=data["officers"],
            with_whom=data["with_whom"],
            content=data["content"],
            result=data["result"],
            files=files,
        )
