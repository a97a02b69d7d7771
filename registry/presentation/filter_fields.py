"""Fields of filters: everything may be left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

ANY = ("", pgettext_lazy("no filter chosen", "All"))


def filter_choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    """A select of codes with their labels, led by one that leaves everything."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[ANY, *choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
