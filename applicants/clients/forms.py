"""The filter and the order of the table of clients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applicants.clients.clients import ClientRow
from registry.rules.search_form import form_of

LONGEST_SEARCH = 100
_SOON_WORKING_DAYS = 10
_LAST = date.max

_ORDERS: Mapping[str, Callable[[ClientRow], tuple[Any, ...]]] = {
    "due": lambda row: (row.on or _LAST, row.client, row.service, row.url),
    "client": lambda row: (row.client, row.service, row.on or _LAST, row.url),
    "letter": lambda row: (row.letter_until or _LAST, row.client, row.on or _LAST, row.url),
}
_NARROWED: Mapping[str, Callable[[ClientRow], bool]] = {
    "overdue": lambda row: row.days_late > 0,
    "soon": lambda row: row.days_left is not None and row.days_left <= _SOON_WORKING_DAYS,
    "letter": lambda row: row.letter_ends_soon,
}


class ClientsForm(forms.Form):
    """What the table shows, and in which order; everything is optional."""

    q = forms.CharField(label=_("Client, service or number"), max_length=LONGEST_SEARCH, required=False)
    only = forms.ChoiceField(
        label=pgettext_lazy("filter", "Show"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("overdue", _("What is overdue")),
            ("soon", _("What is due within 10 working days")),
            ("letter", _("Whose letter has ended or ends within 30 days")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("By last day")),
            ("client", _("By client")),
            ("letter", _("By the end of the letter")),
        ],
    )

    def selected(self, rows: Iterable[ClientRow]) -> list[ClientRow]:
        """The rows that a valid form asks for, in its order."""
        sought = form_of(self.cleaned_data["q"])
        holds = _NARROWED.get(self.cleaned_data["only"])
        found = [
            row
            for row in rows
            if (holds is None or holds(row))
            and (
                not sought
                or any(sought in form_of(text) for text in (row.client, row.service, row.reference))
            )
        ]
        return sorted(found, key=_ORDERS[self.cleaned_data["sort"] or "due"])
