"""Fields for texts that other people read: what cannot be seen, or turns the reading direction, is refused."""

from __future__ import annotations

from typing import Any

from django import forms

from registry.labels.gap_words import GAP_MESSAGES
from registry.rules.visible_text import holds_hidden


class LineField(forms.CharField):
    """A text on one line."""

    takes_line_breaks = False

    def validate(self, value: Any) -> None:
        super().validate(value)
        if holds_hidden(str(value or ""), line_breaks=self.takes_line_breaks):
            message = GAP_MESSAGES["control_characters"] % {"label": self.label or ""}
            raise forms.ValidationError(message, code="control_characters")


class ProseField(LineField):
    """A text on several lines."""

    takes_line_breaks = True
    widget = forms.Textarea
