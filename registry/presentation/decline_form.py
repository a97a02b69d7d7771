"""The form with which a proposal of an office is decided: why it is declined."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.labels.refusal_words import SENTENCE_WANTED
from registry.presentation.named_form import NamedForm, needed_when
from registry.presentation.text_fields import LineField
from registry.rules.substance import LONGEST_REASON, says_something


class DeclineForm(NamedForm):
    """Why a proposal is declined; confirming or withdrawing it takes no reason."""

    reason = LineField(
        label=_("Reason to decline"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, is_declined: bool = False, **options: Any) -> None:
        super().__init__(data, auto_id="decline-%s", **options)
        needed_when(self.fields["reason"], _("(needed to decline)"))
        self._is_declined = is_declined

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self._is_declined and not says_something(reason):
            raise forms.ValidationError(SENTENCE_WANTED, code="sentence_given")
        return reason
