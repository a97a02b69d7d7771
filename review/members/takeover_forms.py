"""The forms of a takeover: what the second officer, and a head, decide on a proposal to grant a claim."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Attachment
from registry.presentation.named_form import NamedForm, needed_when
from registry.presentation.text_fields import ReasonField
from registry.rules.substance import LONGEST_REASON
from review.form_hints import that_stays


class ProofField(forms.MultipleChoiceField):
    """The scans of a proof, each to be ticked by whoever has looked at it."""

    def __init__(self, scans: Iterable[tuple[Attachment, Any]]) -> None:
        super().__init__(
            label=_("Looked at and compared with the register"),
            choices=[(str(scan.pk), label) for scan, label in scans],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class TakeoverStepForm(NamedForm):
    """What an officer decides on a proposed takeover."""

    reason = ReasonField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=that_stays(
            _("Needed to decline, to put it in effect at once, and to carry it through over an objection.")
        ),
    )

    def __init__(self, *args: Any, scans: Iterable[tuple[Attachment, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        needed_when(self.fields["reason"], _("(needed for the steps named below)"))
        self.fields["proof"] = ProofField(scans)
        self.order_fields(("proof", "reason"))
