"""The forms of the desk. Each act's form knows the details its event keeps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registry.book.act_request import Seen
from registry.labels.states import label_of
from registry.models import Account, MembershipClaim
from registry.rules.workflow.states import Act, Outcome, Role
from review.case.notes import NOTE_LENGTH
from review.queue.saved_filters import NAME_LENGTH
from review.reveals.trail import RevealFilter

TEXT_LENGTH = 4000

_CONFIRM_MARKS = _("Confirm that you pass over the items marked deficient, or mark them anew.")

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

    def __init__(self, *args: Any, deficient: Sequence[str] = (), **options: Any) -> None:
        """`deficient` are the items that the office has marked so; an approval passes over them by name."""
        super().__init__(*args, **options)
        self._deficient = list(deficient)
        if self.initial.get("text"):
            drafted = _("Draft from the marks: change it as you see fit.")
            self.fields["text"].help_text = _format_html_lazy(
                "<strong>{}</strong><br>{}", drafted, self.fields["text"].help_text
            )
        if not deficient:
            self.fields.pop("over_marks", None)

    @property
    def seen(self) -> Seen:
        return Seen(self.cleaned_data["revision"], self.cleaned_data["event"])

    @property
    def idempotency_key(self) -> uuid.UUID:
        return uuid.UUID(str(self.cleaned_data["key"]))

    def details(self) -> dict[str, Any]:
        """The details of the act, by the names its event keeps them under."""
        hidden = {*ActForm.base_fields, "over_marks"}
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden and value}


class ApprovalForm(ActForm):
    """An act that approves, or may: passing over items marked deficient is said, with its reason."""

    over_marks = forms.BooleanField(
        label=_("I approve although items are marked deficient; my text says why"),
        error_messages={"required": _CONFIRM_MARKS},
    )

    @property
    def approves(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self._deficient and self.approves:
            if not data.get("over_marks") and "over_marks" not in self.errors:
                self.add_error("over_marks", _CONFIRM_MARKS)
            if not data.get("text") and "text" not in self.errors:
                self.add_error("text", _("Say why the items marked deficient do not stand in the way."))
        return data

    def details(self) -> dict[str, Any]:
        passed_over = {"passed_over": self._deficient} if self._deficient and self.approves else {}
        return super().details() | passed_over


class ConfirmForm(ActForm):
    """Confirming carries nothing of its own."""


class ForwardForm(ApprovalForm):
    """The province's opinion."""

    over_marks = forms.BooleanField(
        label=_("I recommend approval although items are marked deficient; my opinion says why"),
        required=False,
        help_text=_("Needed only when you recommend approval."),
    )
    recommends = forms.ChoiceField(
        label=_("The province recommends"),
        widget=forms.RadioSelect,
        choices=[(outcome.value, label_of(outcome)) for outcome in Outcome],
    )
    text = _text(_("Opinion"), help_text=_("What was checked and what speaks for the recommendation."))

    field_order = ("recommends", "text", "over_marks")

    @property
    def approves(self) -> bool:
        return bool(self.cleaned_data.get("recommends") == Outcome.APPROVAL)


class RemarkForm(ApprovalForm):
    """A decision that may be explained."""

    text = _text(
        _("Note for the file"), required=False, help_text=_("Kept with the decision; officers read it.")
    )

    field_order = ("text", "over_marks")


class ProposalForm(ApprovalForm):
    """A proposal that another officer has to follow."""

    text = _text(_("Grounds"), help_text=_("The officer who confirms reads this."))

    field_order = ("text", "over_marks")


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
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )


class ClaimDecisionForm(forms.Form):
    """What the office decides on an account's claim to a known applicant."""

    outcome = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (MembershipClaim.Outcome.JOINED.value, _("Grant: an owner beside the members there are")),
            (
                MembershipClaim.Outcome.REPLACED.value,
                _("Grant instead: the members there are lose their access at once"),
            ),
            (MembershipClaim.Outcome.DECLINED.value, _("Decline")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_that_stays(_("The claimant and the owners read it.")),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give a reason; both sides read it.")},
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
