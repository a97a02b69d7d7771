"""The form of the search of cases: its fields, their choices, and the criteria that follow."""

from __future__ import annotations

import uuid
from datetime import date
from itertools import chain
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.labels.act_words import NOT_DELIVERED, recorded_on_any_kind, state_on_any_kind
from registry.labels.clock_words import PLACES
from registry.labels.date_format import day
from registry.labels.province_words import full_name
from registry.labels.states import label_of
from registry.models import Account
from registry.presentation.day_fields import DayField, refusal_of_range
from registry.presentation.filter_fields import ANY, filter_choice
from registry.publication.search import MAXIMUM_QUERY_LENGTH
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.workflow.decision_clock import UNDELIVERED
from registry.rules.workflow.states import DECISIONS, Kind, State
from review.access import Office, colleagues_of, office_of
from review.desk.claims import NOBODY
from review.desk.work import officers_known_to
from review.search.cases import Criteria, Order

_DAYS = (("received_from", "received_to"), ("due_from", "due_to"), ("decided_from", "decided_to"))
_MINE = "mine"


def _day(label: Any) -> DayField:
    return DayField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )


def _stages() -> list[tuple[str, Any]]:
    """The states, that of a rejection which has reached nobody before that of one which has."""
    found: list[tuple[str, Any]] = []
    for state in State:
        if state is State.REJECTED:
            found.append((UNDELIVERED, NOT_DELIVERED))
        found.append((state.value, state_on_any_kind(state)))
    return found


class CaseFilters(forms.Form):
    """What the cases may be narrowed by; everything may be left out."""

    q = forms.CharField(
        label=_("Receipt or filing number, name, or credit code"),
        required=False,
        max_length=MAXIMUM_QUERY_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "data-shortcut-search": "", "autocomplete": "off"}),
    )
    stage = filter_choice(_("Stage"), _stages())
    place = filter_choice(_("Where it lies now"), [(place.value, words) for place, words in PLACES.items()])
    holder = filter_choice(_("Who works on it now"), [])
    kind = filter_choice(_("Kind"), [(kind.value, label_of(kind)) for kind in Kind])
    outcome = filter_choice(
        _("Outcome"), [(outcome.value, recorded_on_any_kind(act)) for act, outcome in DECISIONS.items()]
    )
    province = filter_choice(_("Province"), [])
    officer = forms.CharField(
        label=_("Name of an officer"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    received_from = _day(_("Received from"))
    received_to = _day(_("Received until"))
    due_from = _day(_("Last day to decide from"))
    due_to = _day(_("Last day to decide until"))
    decided_from = _day(_("Decided from"))
    decided_to = _day(_("Decided until"))
    cases = forms.ChoiceField(
        required=False, choices=[("", ""), (_MINE, _MINE)], widget=forms.HiddenInput, label=_("Whose cases")
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[(order.value, order.value) for order in Order],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, officer: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._officer = officer
        self._worked_on_by: tuple[uuid.UUID, ...] = ()
        holder = self.fields["holder"]
        if isinstance(holder, forms.ChoiceField):
            colleagues = [(str(each.pk), each.name) for each in colleagues_of(officer)]
            holder.choices = [ANY, (NOBODY, _("nobody")), *colleagues]
        province = self.fields["province"]
        if office_of(officer) is Office.PROVINCE:
            # Every case is of the officer's own.
            del self.fields["province"]
            self.order_fields(["q", "stage", "place", "kind", "outcome", *chain(*_DAYS), "holder", "officer"])
        elif isinstance(province, forms.ChoiceField):
            province.choices = [ANY, *((each.code, full_name(each.code)) for each in PROVINCES)]

    def clean_officer(self) -> str:
        """The name, of whom there is at least one officer, in office or not."""
        name = str(self.cleaned_data["officer"]).strip()
        if name:
            known = Account.objects.filter(officers_known_to(self._officer), name__icontains=name)
            self._worked_on_by = tuple(known.order_by("id").values_list("pk", flat=True))
            if not self._worked_on_by:
                raise forms.ValidationError(
                    _("No officer of this name is known here. Check the name, or leave it out.")
                )
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for earlier, later in _DAYS:
            first, last = cleaned.get(earlier), cleaned.get(later)
            if first and last and first > last:
                self.add_error(later, refusal_of_range())
        return cleaned

    @property
    def is_mine(self) -> bool:
        """Whether only cases that the officer worked on are asked for; read only when the form is valid."""
        return bool(self.cleaned_data["cases"] == _MINE)

    @property
    def criteria(self) -> Criteria:
        """The criteria of the search; read only when the form is valid."""
        given = self.cleaned_data
        return Criteria(
            text=given["q"],
            worked_on_by=self._worked_on_by,
            is_mine=self.is_mine,
            stage=given["stage"],
            province=given.get("province", ""),
            kind=given["kind"],
            outcome=given["outcome"],
            received_from=given["received_from"],
            received_to=given["received_to"],
            decided_from=given["decided_from"],
            decided_to=given["decided_to"],
            place=given["place"],
            holder=given["holder"],
            due_from=given["due_from"],
            due_to=given["due_to"],
        )

    @property
    def order(self) -> Order:
        """The order asked for; else the latest received first, of one's own cases those last worked on."""
        return Order(self.cleaned_data["sort"] or self.usual_order)

    @property
    def usual_order(self) -> Order:
        """The order where none is asked for; read only when the form is valid."""
        return Order.WORKED if self.is_mine else Order.RECEIVED

    @property
    def orders(self) -> list[Order]:
        """The orders to choose from; the last worked on is an order of one's own cases."""
        return [order for order in Order if self.is_mine or order is not Order.WORKED]

    @property
    def is_narrowing(self) -> bool:
        """Whether anything is asked beside the order and whose cases."""
        return any(self.data.get(name) for name in self.fields if name not in ("sort", "cases"))

    def _words_of(self, name: str, code: str) -> str:
        """The words of a code that the filter offers."""
        return next(str(each.choice_label) for each in self[name].subwidgets if each.data["value"] == code)

    def chosen(self) -> list[tuple[str, str, str]]:
        """The filters in use, each by its name with its label and what was given; read only when the form is valid."""
        found = []
        for name, field in self.fields.items():
            given = self.cleaned_data[name]
            if not given or name in ("q", "sort", "cases"):
                continue
            words = day(given) if isinstance(given, date) else str(given)
            if isinstance(field, forms.ChoiceField):
                words = self._words_of(name, given)
            found.append((name, str(field.label), words))
        return found
