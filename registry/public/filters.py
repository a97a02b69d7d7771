"""The search form of the register: its fields, their choices, and the resulting criteria."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as words
from registry.public.words import STANDING_LABELS
from registry.publication.record import MAXIMUM_QUERY_LENGTH, Criteria, ListedName, listed_names
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.particulars.service_categories import CATEGORY_CODES

CHAIN_KINDS = ("public", "consortium", "private")
FIELDS_LIST, CHAINS_LIST = "application_fields", "main_chains"

_ANY = ("", pgettext_lazy("no filter chosen", "All"))


class RegisterFilters(forms.Form):
    """What a search may be narrowed by; everything may be left out."""

    q = forms.CharField(
        label=_("Filing number, or part of a name"), required=False, max_length=MAXIMUM_QUERY_LENGTH
    )
    province = forms.ChoiceField(label=_("Province"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    field = forms.ChoiceField(label=_("Application field"), required=False)
    chain_kind = forms.ChoiceField(label=_("Kind of chain"), required=False)
    chain = forms.ChoiceField(label=_("Main chain"), required=False)
    standing = forms.ChoiceField(label=_("Standing"), required=False)
    numbered_from = forms.DateField(
        label=_("Filed from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    numbered_to = forms.DateField(
        label=_("Filed until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = listed_names()
        choices: dict[str, list[tuple[str, Any]]] = {
            "province": [(each.code, each.name) for each in PROVINCES],
            "category": [(code, words.choice_label("content.categories", code)) for code in CATEGORY_CODES],
            "field": [(code, shown_name(each)) for code, each in names[FIELDS_LIST].items()],
            "chain_kind": [(code, words.choice_label("service.chain_kind", code)) for code in CHAIN_KINDS],
            "chain": [(code, shown_name(each)) for code, each in names[CHAINS_LIST].items()],
            "standing": [(str(code), label) for code, label in STANDING_LABELS.items()],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [_ANY, *offered]
                field.widget.attrs["class"] = "form-select"
        for name in ("numbered_from", "numbered_to"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("numbered_from"), cleaned.get("numbered_to")
        if first and last and first > last:
            self.add_error("numbered_to", _("This day lies before the first day. Change one of the two."))
        return cleaned

    @property
    def criteria(self) -> Criteria:
        """The criteria of the search; read only when the form is valid."""
        given = self.cleaned_data
        return Criteria(
            text=given["q"],
            province_code=given["province"],
            category=given["category"],
            chain_kind=given["chain_kind"],
            main_chain=given["chain"],
            application_field=given["field"],
            standing=given["standing"],
            numbered_from=given["numbered_from"],
            numbered_to=given["numbered_to"],
        )

    @property
    def narrowed_by(self) -> list[str]:
        """The labels of the filters in use, without the text field."""
        return [str(self[name].label) for name in self.fields if name != "q" and self.data.get(name)]


def shown_name(entry: ListedName) -> str:
    """The entry's name in the active language."""
    return entry.name_en if (get_language() or "").startswith("en") else entry.name_zh
