"""The search form of the register: its fields, their choices, and the resulting criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry import clock
from registry.labels import particulars as words
from registry.labels.ending_words import STRUCK_OFF_STANDINGS
from registry.labels.list_words import short_title
from registry.labels.province_words import full_name
from registry.presentation.day_fields import DayField, refusal_of_range
from registry.presentation.filter_fields import ANY
from registry.presentation.materials import service_type_text
from registry.public.words import STANDING_LABELS
from registry.publication.lists import public_lists
from registry.publication.record import MAXIMUM_QUERY_LENGTH, Criteria, ListedName, Order, listed_names
from registry.rules.codes.filing_number import FIRST_YEAR
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.facets import FACETS
from registry.rules.particulars.service_categories import CATEGORIES, CATEGORY_CODES

CHAIN_KINDS = ("public", "consortium", "private")
FIELDS_LIST, CHAINS_LIST = "application_fields", "main_chains"
# What all numbers of one applicant share.
APPLICANT_HEAD = r"^[0-9]{16}$"

Names = Mapping[str, Mapping[str, ListedName]]
Choices = list[tuple[str, Any]]


def service_types() -> dict[str, str]:
    """The words of every service type by its code, "category.type"; two categories have a type "other"."""
    return {
        f"{category.code}.{code}": _("%(category)s: %(type)s")
        % {
            "category": words.choice_label("content.categories", category.code),
            "type": service_type_text(f"{category.code}.{code}"),
        }
        for category in CATEGORIES
        for code in category.type_codes
    }


def years() -> range:
    """The years in which numbers can have been issued."""
    return range(clock.today().year, FIRST_YEAR - 1, -1)


# The codes that each facet offers, with their words. `names` are those of the administrator's lists.
CHOICES: Mapping[str, Callable[[Names], Choices]] = {
    "province": lambda _names: [(each.code, full_name(each.code)) for each in PROVINCES],
    "batch": lambda _names: [(str(each.number), short_title(each.number)) for each in public_lists()],
    "category": lambda _names: [
        (code, words.choice_label("content.categories", code)) for code in CATEGORY_CODES
    ],
    "type": lambda _names: list(service_types().items()),
    "field": lambda names: [(code, shown_name(each)) for code, each in names[FIELDS_LIST].items()],
    "chain_kind": lambda _names: [
        (code, words.choice_label("service.chain_kind", code)) for code in CHAIN_KINDS
    ],
    "chain": lambda names: [(code, shown_name(each)) for code, each in names[CHAINS_LIST].items()],
    "standing": lambda _names: [(str(code), label) for code, label in STANDING_LABELS.items()],
    "ground": lambda _names: [(ground.value, label) for ground, label in STRUCK_OFF_STANDINGS.items()],
    "year": lambda _names: [(str(year), str(year)) for year in years()],
}


class RegisterFilters(forms.Form):
    """What a search may be narrowed by; everything may be left out."""

    q = forms.CharField(
        label=_("Filing number, or part of a name"), required=False, max_length=MAXIMUM_QUERY_LENGTH
    )
    province = forms.ChoiceField(label=_("Province"), required=False)
    batch = forms.ChoiceField(label=_("Batch list"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    type = forms.ChoiceField(label=_("Type of service"), required=False)
    field = forms.ChoiceField(label=_("Application field"), required=False)
    chain_kind = forms.ChoiceField(label=_("Kind of chain"), required=False)
    chain = forms.ChoiceField(label=_("Main chain"), required=False)
    standing = forms.ChoiceField(label=_("Standing"), required=False)
    ground = forms.ChoiceField(label=_("Kind of striking off"), required=False)
    year = forms.ChoiceField(label=_("Year of filing"), required=False)
    numbered_from = DayField(
        label=_("Filed from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    numbered_to = DayField(
        label=_("Filed until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    applicant = forms.CharField(
        label=_("Applicant"),
        required=False,
        validators=[
            RegexValidator(APPLICANT_HEAD, _("This is not what the numbers of one applicant share."))
        ],
        widget=forms.HiddenInput,
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[(order.value, order.value) for order in Order],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = listed_names()
        self._offered = {facet.name: CHOICES[facet.name](names) for facet in FACETS}
        for name, offered in self._offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [ANY, *offered]
                field.widget.attrs["class"] = "form-select"
        for name in ("numbered_from", "numbered_to"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("numbered_from"), cleaned.get("numbered_to")
        if first and last and first > last:
            self.add_error("numbered_to", refusal_of_range())
        return cleaned

    @property
    def criteria(self) -> Criteria:
        """The criteria of the search; read only when the form is valid."""
        given = self.cleaned_data
        return Criteria(
            text=given["q"],
            chosen={facet.name: given[facet.name] for facet in FACETS if given[facet.name]},
            numbered_from=given["numbered_from"],
            numbered_to=given["numbered_to"],
            applicant_head=given["applicant"],
        )

    @property
    def order(self) -> Order:
        """The order asked for, the latest number first unless another is; read only when the form is valid."""
        return Order(self.cleaned_data["sort"] or Order.NEWEST)

    @property
    def narrowed_by(self) -> list[str]:
        """The labels of the filters in use, without the text field and the order."""
        return [
            str(self[name].label) for name in self.fields if name not in ("q", "sort") and self.data.get(name)
        ]

    def words_of(self, name: str, code: str) -> str:
        """The words of a code that a facet offers; empty for one that it does not."""
        return next((str(label) for offered, label in self._offered[name] if offered == code), "")


def shown_name(entry: ListedName) -> str:
    """The entry's name in the active language."""
    return entry.name_en if (get_language() or "").startswith("en") else entry.name_zh
