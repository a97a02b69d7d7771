"""The forms of a striking off at the national office: the filing, the proposal, and the words of an act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.documents.texts import document_text
from registry.labels.ending_words import GROUNDS, STRUCK_OFF_STANDINGS
from registry.models import Filing
from registry.presentation.evidence_field import EvidenceField
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import ProseField, SentenceField
from registry.rules.codes import filing_number
from registry.rules.end_grounds import EndGround
from registry.rules.endings.lifecycle import StrikingOffAct
from registry.rules.errors import NotAFilingNumber
from registry.rules.workflow.states import PUBLIC_STANDINGS
from review.desk.stream_acts import LONGEST

_PUBLIC = [standing.value for standing in PUBLIC_STANDINGS]

# Label and help of the words that an act takes; an act that is not here takes none.
WORDS: Mapping[StrikingOffAct, tuple[Promise, Promise]] = {
    StrikingOffAct.ANSWER: (
        gettext_lazy("Answer to the statement"),
        gettext_lazy("What was examined, and what is accepted or not and why. The applicant reads it."),
    ),
    StrikingOffAct.DROP: (
        gettext_lazy("Why it is dropped"),
        gettext_lazy("The applicant reads it, and it stays in the record for good: no personal data here."),
    ),
}


def basis_of(ground: EndGround) -> str:
    """The legal basis that a proposal on this ground begins with."""
    return document_text(f"striking_off_basis_{ground.value}")


def _filing_with(text: str) -> Filing:
    """The filing whose number this is, however it is typed. Raises ValidationError."""
    try:
        number = str(filing_number.stated_in(text))
    except NotAFilingNumber:
        raise forms.ValidationError(_("This is no filing number.")) from None
    found = Filing.objects.filter(number=number, standing__in=_PUBLIC).first()
    if found is None:
        raise forms.ValidationError(_("The register has no filing of this number."))
    return found


class NumberForm(NamedForm):
    """Which filing is to be struck off."""

    number = forms.CharField(label=gettext_lazy("Filing number"), max_length=60)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "number" in data:
            try:
                data["filing"] = _filing_with(data["number"])
            except forms.ValidationError as error:
                self.add_error("number", error)
        return data


class ProposalForm(NamedForm):
    """The ground, the facts, the legal basis, and where the service goes on."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"),
        widget=forms.RadioSelect,
    )
    reason = SentenceField(
        label=gettext_lazy("Facts and reasons"),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "The applicant reads it, the decision prints it, and a notice that has to be announced publishes it: "
            "no personal data here."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    basis = ProseField(
        label=gettext_lazy("Legal basis"),
        max_length=600,
        required=False,
        help_text=gettext_lazy(
            "It is published with the record. Left empty, it is the one that the office keeps for the ground:"
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    successor = forms.CharField(
        label=gettext_lazy("Number of the filing under which the service goes on"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only if it goes on elsewhere. Both records will then name each other."),
    )
    evidence = EvidenceField()

    def __init__(self, data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        ground = self.fields["ground"]
        if isinstance(ground, forms.ChoiceField):
            ground.choices = [(each.value, _choice(each)) for each in EndGround]
        kept = [
            _("%(standing)s: %(basis)s")
            % {"standing": STRUCK_OFF_STANDINGS[each], "basis": basis_of(each).rstrip("。")}
            for each in EndGround
        ]
        self.fields["basis"].help_text = f"{self.fields['basis'].help_text} {_('; ').join(kept)}"

    def clean_successor(self) -> str | None:
        typed = self.cleaned_data["successor"]
        return _filing_with(typed).number if typed else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "ground" in data and not data.get("basis"):
            data["basis"] = basis_of(EndGround(data["ground"]))
        return data


def _choice(ground: EndGround) -> str:
    return _("%(ground)s: shown as “%(standing)s”") % {
        "ground": GROUNDS[ground],
        "standing": STRUCK_OFF_STANDINGS[ground],
    }
