"""The forms of the desk. Each act's form knows the details its event keeps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.acts import Seen
from registry.labels.states import label_of
from registry.models import Account
from registry.rules.states import Act, Outcome, Role
from review.notes import NOTE_LENGTH
from review.reveal_trail import RevealFilter
from review.saved_filters import NAME_LENGTH

TEXT_LENGTH = 4000

_format_html_lazy = lazy(format_html, SafeString)
# These texts become part of events and of the list of reveals, which are plain and never erased.
_STAYS = _("Stays in the record for good: no identity numbers, mobiles or other personal data here.")


def _that_stays(help_text: Any) -> Any:
    return _format_html_lazy("{}<br>{}", help_text, _STAYS)


def _text(label: Any, *, required: bool = True, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=_that_stays(help_text),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ActForm(forms.Form):
    """What every act carries: the revision and event on the screen, and a key that makes it happen once."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    event = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    key = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def seen(self) -> Seen:
        return Seen(self.cleaned_data["revision"], self.cleaned_data["event"])

    @property
    def idempotency_key(self) -> uuid.UUID:
        return uuid.UUID(str(self.cleaned_data["key"]))

    def details(self) -> dict[str, Any]:
        """The details of the act, by the names its event keeps them under."""
        hidden = set(ActForm.base_fields)
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden and value}


class ConfirmForm(ActForm):
    """Confirming carries nothing of its own."""


class ForwardForm(ActForm):
    """The province's opinion."""

    recommends = forms.ChoiceField(
        label=_("The province recommends"),
        widget=forms.RadioSelect,
        choices=[(outcome.value, label_of(outcome)) for outcome in Outcome],
    )
    text = _text(_("Opinion"), help_text=_("What was checked and what speaks for the recommendation."))


class RemarkForm(ActForm):
    """A decision that may be explained."""

    text = _text(
        _("Note for the file"), required=False, help_text=_("Kept with the decision; officers read it.")
    )


class ProposalForm(ActForm):
    """A proposal that another officer has to follow."""

    text = _text(_("Grounds"), help_text=_("The officer who confirms reads this."))


class QuestionForm(ActForm):
    """A question to the province."""

    question = _text(
        _("Question to the provincial office"), help_text=_("What is to be cleared up, and how.")
    )


class ExplanationForm(ActForm):
    """Why a proposal goes back."""

    explanation = _text(_("Reason for sending it back"), help_text=_("The officer who proposed reads this."))


class RejectionForm(ActForm):
    """A rejection or the proposal of one; its reasons are a formset beside it."""

    text = _text(
        _("Supplement to the reasons"),
        required=False,
        help_text=_("Only supplements: every fault belongs into a reason of its own above."),
    )


ACT_FORMS: Mapping[Act, type[ActForm]] = {
    Act.FORWARD: ForwardForm,
    Act.APPROVE: RemarkForm,
    Act.CONFIRM: ConfirmForm,
    Act.PROPOSE_APPROVAL: ProposalForm,
    Act.RETURN_TO_PROVINCE: QuestionForm,
    Act.SEND_BACK: ExplanationForm,
    Act.REJECT: RejectionForm,
    Act.PROPOSE_REJECTION: RejectionForm,
}
ACTS_WITH_REASONS = frozenset({Act.REJECT, Act.PROPOSE_REJECTION})


class RevealForm(forms.Form):
    """Why a masked value has to be seen."""

    reason = forms.CharField(
        label=_("Why do you need to see it?"),
        help_text=_that_stays(_("Recorded with your name and the time; auditors read it.")),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(forms.Form):
    """A note for colleagues."""

    text = forms.CharField(
        label=_("Note"),
        help_text=_that_stays(
            _(
                "Read by your own office and the national office; never by the applicant. It cannot be changed."
            )
        ),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SaveFiltersForm(forms.Form):
    """The name under which the filters of the queue are kept."""

    name = forms.CharField(
        label=_("Keep these filters as"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class FiltersForm(forms.Form):
    """The filters of the queue; what is sent is read by `queue.Filters`, which forgives more."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    left = forms.ChoiceField(label=_("Working days left"), required=False)
    q = forms.CharField(
        label=_("Receipt number, applicant or service"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "data-shortcut-search": "", "autocomplete": "off"}),
    )


class RevealFilterForm(forms.Form):
    """What the auditor narrows the reveals to; nothing is required."""

    first_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_on = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    officer = forms.ChoiceField(label=_("Officer"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        officers = Account.objects.exclude(role=Role.APPLICANT.value).order_by("name", "id")
        offered = [(str(officer.pk), officer.name) for officer in officers]
        self.fields["officer"].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]

    def narrowed(self) -> RevealFilter | None:
        """The filter that the form stands for; None when it is wrong."""
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
