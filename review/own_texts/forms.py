"""The form of one of an officer's own texts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import LineField, ProseField
from review.models import OwnText
from review.own_texts.own_texts import NAME_LENGTH, TEXT_LENGTH


class OwnTextForm(NamedForm):
    """Which forms a text fits, its name, and itself."""

    place = forms.ChoiceField(
        label=_("Fits"),
        choices=OwnText.Place.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which fields it fits.")},
    )
    name = LineField(
        label=_("Name of the template"),
        max_length=NAME_LENGTH,
        help_text=_("By which you find it in the list beside a field."),
    )
    text = ProseField(
        label=_("Text of the template"),
        max_length=TEXT_LENGTH,
        help_text=_("Only you read it. No identity numbers, mobiles or other personal data here."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    @property
    def fits(self) -> OwnText.Place:
        """Call on a valid form."""
        return OwnText.Place(self.cleaned_data["place"])
