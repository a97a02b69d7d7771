"""The filters of the office accounts: by name, e-mail address or mobile, role, office and standing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.accounts.officers import OFFICE_ROLES
from registry.labels.province_words import full_name
from registry.labels.states import label_of
from registry.models import Account
from registry.models.account import email_index
from registry.presentation.filter_fields import ANY, filter_choice
from registry.rules.codes.jurisdictions import PROVINCES
from registry.rules.workflow.states import NATION, Role

_NATION = "national"
_CLOSED = Q(is_active=False)
_WITHOUT_PASSWORD = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
_STANDINGS = {
    "open": (_("open"), ~_CLOSED & ~_WITHOUT_PASSWORD),
    "invited": (_("no password yet"), ~_CLOSED & _WITHOUT_PASSWORD),
    "closed": (_("closed"), _CLOSED),
}


class AccountFilters(forms.Form):
    """What the list of office accounts may be narrowed by; everything may be left out."""

    q = forms.CharField(
        label=_("Name or e-mail address"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control", "autocomplete": "off"}),
    )
    role = filter_choice(_("Role"), [(role.value, label_of(role)) for role in Role if role in OFFICE_ROLES])
    office = filter_choice(_("Office"), [])
    standing = filter_choice(_("Account"), [(code, label) for code, (label, _met) in _STANDINGS.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.fields["office"]
        if isinstance(office, forms.ChoiceField):
            provinces = [(each.code, full_name(each.code)) for each in PROVINCES]
            office.choices = [ANY, (_NATION, _("National office")), *provinces]

    def found(self) -> QuerySet[Account]:
        """The accounts that the filters leave, by office, role and name; none where a filter is not understood."""
        officers = Account.objects.exclude(role=Role.APPLICANT.value).order_by(
            "province_code", "role", "name"
        )
        if not self.is_valid():
            return officers.none()
        given = self.cleaned_data
        if text := given["q"].strip():
            # Addresses are encrypted: only a whole one can be looked up.
            officers = officers.filter(Q(name__icontains=text) | Q(email_index=email_index(text)))
        if given["role"]:
            officers = officers.filter(role=given["role"])
        if given["office"] == _NATION:
            officers = officers.filter(role__in=[role.value for role in NATION])
        elif given["office"]:
            officers = officers.filter(province_code=given["office"])
        if given["standing"]:
            officers = officers.filter(_STANDINGS[given["standing"]][1])
        return officers

    @property
    def is_narrowing(self) -> bool:
        """Whether anything is asked."""
        return any(self.data.get(name) for name in self.fields)
