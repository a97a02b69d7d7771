"""The form for recording that the office notified an applicant itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Notice
from registry.presentation.text_fields import ProseField


class NotifiedByOfficeForm(forms.Form):
    """How the office notified the applicant itself, with a note."""

    how = forms.ChoiceField(
        label=_("How the applicant was told"), choices=Notice.ToldHow.choices, widget=forms.RadioSelect
    )
    note = ProseField(
        label=_("Note"),
        max_length=300,
        help_text=_(
            "For example the day, and who answered, or the number of the registered letter. It stays in "
            "the record: no identity numbers and no telephone numbers."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
