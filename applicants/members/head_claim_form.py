"""The form that claims filings of an earlier list: who the applicant is, who claims it, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.drafts.forms.conditions import applicability
from applicants.drafts.forms.controls import RENDERER, ControlFactory, Lists
from applicants.members.forms import LONGEST_EXPLANATION, scan_field
from registry.labels.particulars import gap_message
from registry.lists import current_lists
from registry.members.claims import PROOF, SECOND_SIDE, StatedIdentity, proof_slots
from registry.presentation.held_fields import HoldsFiles
from registry.presentation.text_fields import ProseField
from registry.rules.particulars import clear_irrelevant, find_particular
from registry.rules.particulars.completeness import canonical_materials, find_gaps
from registry.rules.particulars.materials import empty_materials

# The particulars of the filing forms that say who an applicant is, by the name of their field here.
_ASKED: Mapping[str, str] = {
    "name": "applicant.name",
    "nature": "applicant.nature",
    "document_type": "applicant.document_type",
    "nationality": "applicant.nationality",
    "document_number": "applicant.document_number",
    "person": "person_in_charge.name",
}


class HeadClaimForm(HoldsFiles):
    """The controls and checks of the filing's own forms, an explanation, and the scans that prove a claim."""

    default_renderer = RENDERER

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today = today
        typed = _materials_of(self.data if self.is_bound else self.initial)
        factory = ControlFactory(typed, places=(), lists=Lists())
        for name, key in _ASKED.items():
            particular = find_particular(key)
            where = applicability(particular.applies, typed, section="applicant")
            field = factory.field(particular, None, where=where, asked=True)
            # Shown until the script knows the answer: without scripts nothing may be out of reach.
            field.starts_hidden = False
            self.fields[name] = field
        self.fields["name"].help_text = _(
            "As the document states it now. If it is not the name in the list, say below how it changed."
        )
        self.fields["explanation"] = ProseField(
            label=_("Who you are, and why you act for this applicant"),
            max_length=LONGEST_EXPLANATION,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("The provincial office reads this."),
            error_messages={"required": _("Say who you are, and why you act for this applicant.")},
        )
        for slot, condition in PROOF.items():
            scan = scan_field(slot)
            scan.asked = True  # type: ignore[attr-defined]
            scan.applies_when = applicability(condition, typed, section="applicant").when  # type: ignore[attr-defined]
            self.fields[slot] = scan

    def clean(self) -> dict[str, Any]:
        """Checks the answers as a filing's are checked, and asks for every scan.

        The first may show both sides of a card.
        """
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        fields = {key: name for name, key in _ASKED.items()}
        materials = clear_irrelevant(_materials_of(self.data))
        for gap in find_gaps(materials, lists=current_lists(), today=self._today):
            if gap.key in fields:
                self.add_error(fields[gap.key], str(gap_message(gap)))
        for slot in self.slots:
            if not cleaned.get(slot) and slot not in (*self.errors, SECOND_SIDE):
                self.add_error(slot, _("Choose a file first."))
        return cleaned

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots of the scans that the stated document asks for."""
        return proof_slots(str(self.data.get("nature", "")), str(self.data.get("document_type", "")))

    def identity(self) -> StatedIdentity:
        """What a valid form states, in canonical form."""
        stated = self._canonical()
        return StatedIdentity(
            nature=stated["applicant"]["nature"],
            document_type=stated["applicant"]["document_type"],
            document_number=stated["applicant"]["document_number"],
            person=stated["person_in_charge"].get("name", ""),
            nationality=stated["applicant"].get("nationality", ""),
        )

    def stated_name(self) -> str:
        """The applicant's name in a valid form."""
        return str(self._canonical()["applicant"]["name"])

    def proof(self) -> Mapping[str, Any]:
        """The scans in a valid form, by slot."""
        return {slot: self.cleaned_data[slot] for slot in self.slots if self.cleaned_data.get(slot)}

    def _canonical(self) -> dict[str, Any]:
        materials = clear_irrelevant(_materials_of(self.data))
        return canonical_materials(materials, today=self._today, lists=current_lists())


def _materials_of(given: Mapping[str, Any]) -> dict[str, Any]:
    materials = empty_materials()
    for name, key in _ASKED.items():
        section, particular = key.split(".")
        if answer := str(given.get(name) or ""):
            materials[section][particular] = answer
    return materials
