"""Forms for the queue's filters, and for saving them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import LineField
from review.queue.saved_filters import NAME_LENGTH


class SaveFiltersForm(NamedForm):
    """The name under which to save the filters."""

    name = LineField(
        label=_("Keep these filters as"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Give the filters a name to keep them.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )


class FiltersForm(forms.Form):
    """The filter controls of the queue; the query itself is read by the more lenient `queue.Filters`."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    left = forms.ChoiceField(label=_("Working days left"), required=False)
    q = forms.CharField(
        label=_("Receipt number, applicant or service"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "data-shortcut-search": "", "autocomplete": "off"}),
    )
