"""The filters of the queue, and the name under which they are kept."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from review.queue.saved_filters import NAME_LENGTH


class SaveFiltersForm(forms.Form):
    """The name under which the filters of the queue are kept."""

    name = forms.CharField(
        label=_("Keep these filters as"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )


class FiltersForm(forms.Form):
    """The filters of the queue; what is sent is read by `queue.Filters`, which forgives more."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    left = forms.ChoiceField(label=_("Working days left"), required=False)
    q = forms.CharField(
        label=_("Receipt number, applicant or service"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "data-shortcut-search": "", "autocomplete": "off"}),
    )
