"""Forms for revealing a masked value, and for filtering the list of reveals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.models import Account
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import SentenceField
from registry.presentation.trails import DaysForm
from registry.rules.workflow.states import Role
from review.form_hints import that_stays
from review.models import PersonalDataReveal


class RevealForm(NamedForm):
    """The reason for revealing a masked value."""

    reason = SentenceField(
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

    def selected(self) -> QuerySet[PersonalDataReveal] | None:
        """The reveals that the form selects, with the columns that the auditor sees; None when it is not valid."""
        shown = PersonalDataReveal.objects.select_related("officer", "application").only(
            "at",
            "province_code",
            "key",
            "revision_number",
            "reason",
            "officer__name",
            "application__receipt_number",
        )
        found = self.narrowed(shown)
        if found is None or not self.is_bound:
            return found
        officer = self.cleaned_data["officer"]
        return found.filter(officer=officer) if officer else found
