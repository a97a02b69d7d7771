"""Fields for texts that other people read: what nobody can see goes, and what leaves nothing is refused."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise

from registry.labels.gap_words import GAP_MESSAGES
from registry.labels.refusal_words import QUESTION_WANTED, SENTENCE_WANTED
from registry.rules.substance import says_something
from registry.rules.visible_text import clean, is_visible


class LineField(forms.CharField):
    """A text on one line."""

    takes_line_breaks = False

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        cleaned = clean(text, line_breaks=self.takes_line_breaks)
        if text and not is_visible(cleaned):
            message = GAP_MESSAGES["nothing_visible"] % {"label": self.label or ""}
            raise forms.ValidationError(message, code="nothing_visible")
        return cleaned


class ProseField(LineField):
    """A text on several lines."""

    takes_line_breaks = True
    widget = forms.Textarea


class _SaysWhy(LineField):
    """A text that says why: at least a sentence, where anything is written."""

    wanted: Promise = SENTENCE_WANTED

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not says_something(value):
            raise forms.ValidationError(str(self.wanted), code="sentence_given")


class SentenceField(_SaysWhy, ProseField):
    """Why something is done, on several lines."""


class QuestionField(SentenceField):
    """What somebody else is to clear up, on several lines."""

    wanted = QUESTION_WANTED


class ReasonField(_SaysWhy):
    """Why something is done, on one line."""
