"""The form of a note on a case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.presentation.text_fields import ProseField
from review.desk.notes import NOTE_LENGTH
from review.form_hints import that_stays


class NoteForm(forms.Form):
    """An internal note for colleagues."""

    text = ProseField(
        label=_("Note"),
        help_text=that_stays(
            _(
                "Read by your own office and the national office; never by the applicant. It cannot be changed."
            )
        ),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
