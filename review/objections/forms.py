"""The forms of objections at the national office: the words of an act, and a letter that came by post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import BatchEntry
from registry.presentation.day_fields import DayField
from registry.presentation.evidence_field import EvidenceField
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import LineField, ProseField
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind
from registry.rules.objections.lifecycle import ObjectionAct
from review.desk.stream_acts import LONGEST

_STAYS = gettext_lazy(
    "The applicant or the objector reads it, and it stays in the record for good: name nobody, and no personal data."
)
_INTERNAL = gettext_lazy("Stays in the record for good: no personal data here.")

# Label and help of the words that an act takes; an act that is not here takes none.
WORDS: Mapping[ObjectionAct, tuple[Promise, Promise]] = {
    ObjectionAct.REFUSE: (gettext_lazy("Why it is not admitted"), _STAYS),
    ObjectionAct.SEND: (
        gettext_lazy("What the applicant is asked"),
        gettext_lazy(
            "Begins with what the objector wrote. Take out whatever says who objects, before you send it."
        ),
    ),
    ObjectionAct.PROPOSE_UPHOLDING: (gettext_lazy("Reasons to uphold it"), _STAYS),
    ObjectionAct.PROPOSE_DISMISSAL: (gettext_lazy("Reasons to dismiss it"), _STAYS),
    ObjectionAct.EXTEND: (gettext_lazy("Why it takes more time"), _STAYS),
    ObjectionAct.SEND_BACK: (gettext_lazy("Why the proposal goes back"), _INTERNAL),
}


class LetterForm(NamedForm):
    """An objection that came by post. The day of the postmark decides whether it is in time."""

    list_number = forms.IntegerField(label=gettext_lazy("Number of the batch list"), min_value=1)
    position = forms.IntegerField(label=gettext_lazy("Position of the entry"), min_value=1)
    posted_on = DayField(
        label=gettext_lazy("Day of the postmark"), widget=forms.DateInput(attrs={"type": "date"})
    )
    received_on = DayField(
        label=gettext_lazy("Day on which it came"), widget=forms.DateInput(attrs={"type": "date"})
    )
    name = LineField(label=gettext_lazy("Who objects"), max_length=120)
    contact = LineField(
        label=gettext_lazy("Address, telephone or e-mail"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("As the letter gives it. The answer goes there by post or telephone."),
    )
    facts = ProseField(
        label=gettext_lazy("What the letter states"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    scans = EvidenceField(label=gettext_lazy("Scan of the letter, and what came with it"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "list_number" in data and "position" in data:
            data["entry"] = BatchEntry.objects.filter(
                batch_list__kind=ListKind.FILINGS.value,
                batch_list__number=data["list_number"],
                batch_list__state__in=[state.value for state in PUBLIC_STATES],
                position=data["position"],
            ).first()
            if data["entry"] is None:
                self.add_error("position", _("No published list has this entry."))
        return data
