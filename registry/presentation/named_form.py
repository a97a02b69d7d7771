"""A form that says what is missing by the field's own name: what to choose, to tick or to fill in."""

from __future__ import annotations

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.labels.gap_words import GAP_MESSAGES

_PLAIN = forms.Field.default_error_messages["required"]
_CHOOSE = _("Choose “%(label)s”.")
_TICK = _("Tick “%(label)s”.")


class NamedForm(forms.Form):
    """The base of officers' forms: where a required field is empty, it names what to choose, to tick or to fill in.

    A field with words of its own for that keeps them.
    """

    def full_clean(self) -> None:
        """Checks the form, with the names that its fields have by then."""
        for field in self.fields.values():
            if field.label and field.error_messages.get("required") == _PLAIN:
                field.error_messages["required"] = _wanted(field) % {"label": field.label}
        super().full_clean()


def needed_when(field: forms.Field, when: Promise | str) -> None:
    """Says beside an optional field when it is needed, in the place of “(optional)”."""
    field.needed_when = when  # type: ignore[attr-defined]


def needed_now(field: forms.Field) -> None:
    """Says that an optional field is needed here, though the form itself can do without."""
    field.asked = True  # type: ignore[attr-defined]


def _wanted(field: forms.Field) -> Promise:
    if isinstance(field, forms.BooleanField):
        return _TICK
    return (
        _CHOOSE if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else GAP_MESSAGES["missing"]
    )
