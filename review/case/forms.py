"""The form of a note on a case."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import ProseField
from registry.rules.substance import has_words
from review.desk.notes import NOTE_LENGTH, NoteRefused
from review.desk.refusals import desk_refusal
from review.form_hints import that_stays


class NoteForm(NamedForm):
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

    def clean_text(self) -> str:
        """Raises ValidationError for signs alone: what is noted stays for good."""
        text: str = self.cleaned_data["text"]
        if not has_words(text):
            raise forms.ValidationError(desk_refusal(NoteRefused("note_without_text")))
        return text
