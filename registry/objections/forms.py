"""The forms of who objects: how to be reached, and the objection itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.accounts.codes import Channel
from registry.accounts.forms import EmailField, MobileField
from registry.models import BatchEntry
from registry.presentation.evidence_field import EvidenceField
from registry.presentation.held_fields import HoldsFiles
from registry.presentation.text_fields import LineField, ProseField

_LONGEST = 4000


class ContactForm(forms.Form):
    """Where the code goes, and later the outcome: a mobile or an e-mail address."""

    mobile = MobileField(
        required=False, help_text=gettext_lazy("Of mainland China. Or give an e-mail address.")
    )
    email = EmailField(required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("mobile") and not data.get("email"):
            self.add_error("mobile", _("Give a mobile or an e-mail address."))
        return data

    def recipient(self) -> tuple[Channel, str]:
        """The channel and address of a valid form; a mobile goes first."""
        if self.cleaned_data["mobile"]:
            return Channel.SMS, self.cleaned_data["mobile"]
        return Channel.EMAIL, self.cleaned_data["email"]


class ObjectionForm(HoldsFiles):
    """What is not right with which entry; `find_entry` gives the one that the list has under a number."""

    position = forms.IntegerField(
        label=gettext_lazy("Number of the entry in the list"),
        min_value=1,
        help_text=gettext_lazy("The number at the beginning of its row."),
    )
    name = LineField(
        label=gettext_lazy("Your name, or that of your organisation"),
        max_length=120,
        help_text=gettext_lazy("The office does not tell the applicant who objects."),
    )
    facts = ProseField(
        label=gettext_lazy("Facts and reasons"),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    evidence = EvidenceField()

    def __init__(self, *args: Any, find_entry: Callable[[int], BatchEntry | None], **options: Any) -> None:
        super().__init__(*args, **options)
        self._find_entry = find_entry
        self.entry: BatchEntry | None = None

    def clean_position(self) -> int:
        """Refuses a number that the list does not have."""
        position: int = self.cleaned_data["position"]
        self.entry = self._find_entry(position)
        if self.entry is None:
            raise forms.ValidationError(_("The list has no entry of this number."))
        return position
