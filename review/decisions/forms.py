"""The forms of the acts; each gives the details of its event."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.book.act_request import Seen
from registry.labels.act_words import outcome_words
from registry.labels.refusal_words import REFUSAL_MESSAGES, SENTENCE_WANTED
from registry.presentation.named_form import NamedForm
from registry.presentation.text_fields import ProseField, QuestionField, SentenceField
from registry.rules.substance import adds_to
from registry.rules.visible_text import clean
from registry.rules.workflow.guards import FAULT_MARKED
from registry.rules.workflow.states import Act, Kind, Outcome
from review.form_hints import format_html_lazy, that_stays

TEXT_LENGTH = 4000

_CONFIRM_MARKS = _("Confirm that you pass over the items marked deficient, or mark them anew.")
_DRAFTED = _("Draft from the marks: change it as you see fit.")
_DRAFTED_ANEW = _("The draft was for the other choice. It now follows yours: read it, then send it again.")


class OutcomeChoice(forms.RadioSelect):
    """The outcomes to choose from; each carries the opinion drafted for it, which a script copies into the form."""

    def __init__(self, attrs: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(attrs, **options)
        self.drafts: Mapping[Outcome, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        if self.drafts:
            option["attrs"]["data-draft"] = self.drafts.get(Outcome(value), "")
        return option


def _text(
    label: Any, *, required: bool = True, help_text: Any, kind: type[ProseField] = SentenceField
) -> ProseField:
    return kind(
        label=label,
        required=required,
        help_text=that_stays(help_text),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ActForm(NamedForm):
    """The base of all act forms: what the page showed of the case, and an idempotency key."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    event = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    # The items that the office had marked deficient.
    found = forms.CharField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        deficient: Sequence[str] = (),
        drafts: Mapping[Outcome, str] | None = None,
        **options: Any,
    ) -> None:
        """`deficient` are the items the office has marked deficient; an approval must name them.

        `drafts` are the opinions drafted from the marks, by what the act may recommend.
        """
        super().__init__(*args, **options)
        self._kind = kind
        self._deficient = list(deficient)
        self._drafts = drafts or {}
        if self.initial.get("text"):
            self.fields["text"].help_text = format_html_lazy(
                "<strong>{}</strong><br>{}", _DRAFTED, self.fields["text"].help_text
            )
        if not deficient:
            self.fields.pop("over_marks", None)

    @property
    def seen(self) -> Seen:
        return Seen(self.cleaned_data["revision"], self.cleaned_data["event"])

    @property
    def deficient_seen(self) -> frozenset[str]:
        """The items that the page showed as marked deficient."""
        return frozenset(self.cleaned_data["found"].split())

    @property
    def idempotency_key(self) -> uuid.UUID:
        return uuid.UUID(str(self.cleaned_data["key"]))

    def details(self) -> dict[str, Any]:
        """The details of the act, by their names in the event."""
        hidden = {*ActForm.base_fields, "over_marks", "drafted"}
        return {name: value for name, value in self.cleaned_data.items() if name not in hidden and value}


class ApprovalForm(ActForm):
    """An act that may approve: it confirms any items marked deficient, and gives the reason."""

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
            if "text" not in self.errors:
                self._demand_own_words(data.get("text") or "")
        return data

    def _demand_own_words(self, text: str) -> None:
        """What was drafted lists the deficient items; why they do not stand in the way only the officer can say."""
        if not text:
            self.add_error("text", _("Say why the items marked deficient do not stand in the way."))
        elif not adds_to(text, self._drafts.get(Outcome.APPROVAL, "")):
            wanted = _("Say why the items marked deficient do not stand in the way.")
            self.add_error("text", format_html_lazy("{} {}", wanted, SENTENCE_WANTED))

    def details(self) -> dict[str, Any]:
        passed_over = {"passed_over": self._deficient} if self._deficient and self.approves else {}
        return super().details() | passed_over


class ConfirmForm(ActForm):
    """The confirmation of a proposal, without details of its own."""


class ForwardForm(ApprovalForm):
    """The province's opinion, with which it forwards the case."""

    over_marks = forms.BooleanField(
        label=_("I recommend this although items are marked deficient; my opinion says why"),
        required=False,
    )
    recommends = forms.ChoiceField(
        label=_("The province recommends"),
        widget=OutcomeChoice,
    )
    text = _text(_("Opinion"), help_text=_("What was checked and what speaks for the recommendation."))
    # The draft that the text began with: a text that is still the same was not touched.
    drafted = ProseField(widget=forms.HiddenInput, required=False)

    field_order = ("recommends", "text", "over_marks", "drafted")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cast(OutcomeChoice, self.fields["recommends"].widget).drafts = self._drafts
        self.fields["recommends"].choices = [  # type: ignore[attr-defined]
            (outcome.value, outcome_words(self._kind, outcome).decide) for outcome in Outcome
        ]
        if "over_marks" in self.fields:
            approval = outcome_words(self._kind, Outcome.APPROVAL).decide
            self.fields["over_marks"].help_text = _("Needed only for “%(approval)s”.") % {
                "approval": approval
            }

    @property
    def approves(self) -> bool:
        return bool(self.cleaned_data.get("recommends") == Outcome.APPROVAL)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("recommends"):
            return data
        draft = self._drafts.get(Outcome(data["recommends"]), "")
        if self._is_untouched() and not _is_same(self["text"].value(), draft):
            self._draft_anew(draft)
        if not self.approves and not self._deficient:
            self.add_error("recommends", str(REFUSAL_MESSAGES[FAULT_MARKED.name]))
        return data

    def _is_untouched(self) -> bool:
        """Whether the text is what was drafted for it; an empty one was drafted by nobody."""
        text = self["text"].value() or ""
        return bool(text.strip()) and _is_same(text, self["drafted"].value())

    def _draft_anew(self, draft: str) -> None:
        """Shows the draft of the outcome that was chosen, for the officer to read before it is sent."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        for name in ("text", "drafted"):
            self.data[self.add_prefix(name)] = draft  # type: ignore[index]
        self.errors.pop("text", None)
        self.add_error("text", _DRAFTED_ANEW)


def _is_same(text: Any, other: Any) -> bool:
    return clean(str(text or ""), line_breaks=True) == clean(str(other or ""), line_breaks=True)


class ApproveForm(ApprovalForm):
    """The national approval, with an optional note that only officers read."""

    text = _text(
        _("Note for the file"),
        required=False,
        help_text=_("Kept with the decision; officers read it."),
        kind=ProseField,
    )

    field_order = ("text", "over_marks")


class ProposalForm(ApprovalForm):
    """A proposal for a second officer to confirm."""

    text = _text(_("Grounds"), help_text=_("The officer who confirms reads this."))

    field_order = ("text", "over_marks")


class QuestionForm(ActForm):
    """A question to the province."""

    question = _text(
        _("Question to the provincial office"),
        help_text=_("What is to be cleared up, and how."),
        kind=QuestionField,
    )


class AskForm(ActForm):
    """A request for corrections: until when the applicant is to answer; its points are a separate formset."""

    answer_by = forms.ChoiceField(
        label=_("To be answered by"),
        help_text=_(
            "That day included. It lies before the last day to decide: the period goes on (Art. 12), "
            "and without an answer the case is decided on the materials as they are."
        ),
    )

    def __init__(self, *args: Any, days: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        """`days` are the days to choose from, with their labels."""
        super().__init__(*args, **options)
        self.fields["answer_by"].choices = list(days)  # type: ignore[attr-defined]


class ExplanationForm(ActForm):
    """The explanation with which a proposal is sent back."""

    explanation = _text(_("Reason for sending it back"), help_text=_("The officer who proposed reads this."))


class RejectionForm(ActForm):
    """A rejection, or the proposal of one; its reasons are a separate formset."""

    text = _text(
        _("Supplement to the reasons"),
        required=False,
        help_text=_("Only a supplement: every fault belongs in a reason of its own above."),
        kind=ProseField,
    )


ACT_FORMS: Mapping[Act, type[ActForm]] = {
    Act.FORWARD: ForwardForm,
    Act.APPROVE: ApproveForm,
    Act.CONFIRM: ConfirmForm,
    Act.PROPOSE_APPROVAL: ProposalForm,
    Act.RETURN_TO_PROVINCE: QuestionForm,
    Act.ASK: AskForm,
    Act.SEND_BACK: ExplanationForm,
    Act.REJECT: RejectionForm,
    Act.PROPOSE_REJECTION: RejectionForm,
}
ACTS_WITH_REASONS = frozenset({Act.REJECT, Act.PROPOSE_REJECTION, Act.ASK})
