"""Forms for revealing a masked value, and for filtering the list of reveals."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Account
from registry.presentation.trails import DaysForm
from registry.rules.workflow.states import Role
from review.form_hints import that_stays
from review.reveals.trail import RevealFilter


class RevealForm(forms.Form):
    """The reason for revealing a masked value."""

    reason = forms.CharField(
        label=_("Why do you need to see it?"),
        help_text=that_stays(_("Recorded with your name and the time; auditors read it.")),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RevealFilterForm(DaysForm):
    """The auditor's filters for the list of reveals; all optional."""

    officer = forms.ChoiceField(label=_("Officer"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        officers = Account.objects.exclude(role=Role.APPLICANT.value).order_by("name", "id")
        offered = [(str(officer.pk), officer.name) for officer in officers]
        self.fields["officer"].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]

    def narrowed(self) -> RevealFilter | None:
        """The filter of a valid form; None for an invalid one."""
        if not self.is_bound:
            return RevealFilter()
        if not self.is_valid():
            return None
        officer = self.cleaned_data["officer"]
        return RevealFilter(
            first_on=self.cleaned_data["first_on"],
            last_on=self.cleaned_data["last_on"],
            officer_id=uuid.UUID(officer) if officer else None,
        )
