"""The forms of a consultation: the question with what goes along, an answer, and a withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.consultations.consultations import Asking, Given
from registry.labels.consultation_words import BODIES
from registry.labels.offices import office_name
from registry.presentation.day_fields import DayField
from registry.presentation.evidence_field import EvidenceField
from registry.presentation.materials import Section
from registry.presentation.named_form import NamedForm, needed_when
from registry.presentation.text_fields import LineField, ProseField, QuestionField, ReasonField, SentenceField
from registry.rules.consultations.lifecycle import Body
from registry.rules.office.papers import LONGEST_NAME, default_name
from review.desk.stream_acts import LONGEST
from review.reveals.reveals import REASON_LENGTH

_LONGEST_SHOWN = 160
# What a letter that named nothing else would leave the reader to guess.
_FROM_THE_START = frozenset({"applicant.name", "service.service_name"})


class QuestionForm(NamedForm):
    """Who is asked what until when, and which particulars go along."""

    body = forms.ChoiceField(
        label=gettext_lazy("Who is asked"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose who is asked.")},
    )
    asked_code = forms.ChoiceField(
        label=gettext_lazy("Office that answers inside the portal"),
        required=False,
        help_text=gettext_lazy(
            "Only for an office of the cyberspace administration that works in this portal. It sees the question and "
            "what you choose below, and nothing else of the case."
        ),
    )
    body_name = LineField(
        label=gettext_lazy("Full name of the body"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy(
            "As it stands at the head of the letter. Not needed for an office chosen above."
        ),
    )
    question = QuestionField(
        label=gettext_lazy("Question"),
        max_length=LONGEST,
        help_text=gettext_lazy(
            "Printed in the letter as you write it. Write no identity numbers or telephone numbers."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    due_on = forms.ChoiceField(
        label=gettext_lazy("Last day for the answer"),
        help_text=gettext_lazy(
            "Inside the 20 working days, with a day left to decide. The decision clock runs on (Art. 12)."
        ),
    )
    in_full = forms.MultipleChoiceField(
        label=gettext_lazy("Not masked in the letter"),
        required=False,
        help_text=gettext_lazy(
            "Only what the body cannot answer without. Each value is recorded as shown in full, with your reason."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    in_full_reason = ReasonField(
        label=gettext_lazy("Why these values are not masked"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=gettext_lazy("Stays with the record of values shown, for the auditor."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        sections: Sequence[Section],
        days: Sequence[tuple[str, str]],
        offices: Sequence[str],
        **options: Any,
    ) -> None:
        """`offices` are the codes of the offices that can be asked inside the portal."""
        super().__init__(data, **options)
        self._choose("body", [(each.value, str(words)) for each, words in BODIES.items()])
        self._choose(
            "asked_code",
            [("", _("None: the letter is sent")), *((code, office_name(code)) for code in offices)],
        )
        self._choose("due_on", days)
        self._sections = {f"with_{section.key}": section for section in sections}
        for name, section in self._sections.items():
            self.fields[name] = forms.MultipleChoiceField(
                label=_("Goes along: %(section)s") % {"section": section.label},
                choices=[(row.key, _shown(row.label, row.text)) for row in section.rows],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[row.key for row in section.rows if row.key in _FROM_THE_START],
            )
        needed_when(self.fields["body_name"], _("(not needed for an office chosen above)"))
        needed_when(self.fields["in_full_reason"], _("(needed where something is ticked above)"))
        masked = [row for section in sections for row in section.rows if row.is_masked]
        self._choose("in_full", [(row.key, _shown(row.label, row.text)) for row in masked])
        if not masked:
            del self.fields["in_full"], self.fields["in_full_reason"]
        names = ["body", "asked_code", "body_name", "question", "due_on", *self._sections]
        self.order_fields([*names, "in_full", "in_full_reason"])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def keys(self) -> list[str]:
        """The keys of what goes along; call on a valid form."""
        return [key for name in self._sections for key in self.cleaned_data.get(name, [])]

    @property
    def asking(self) -> Asking:
        """What is asked; call on a valid form."""
        data = self.cleaned_data
        return Asking(
            body=Body(data["body"]),
            body_name=data["body_name"],
            text=data["question"],
            due_on=date.fromisoformat(data["due_on"]),
            asked_code=data["asked_code"],
            keys=self.keys,
            in_full=data.get("in_full", []),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code = data.get("asked_code", "")
        if code and data.get("body") not in (None, Body.OFFICE.value):
            self.add_error(
                "asked_code",
                _(
                    "Only an office of the cyberspace administration answers inside the portal. Choose one of the two."
                ),
            )
        elif code:
            data["body_name"] = default_name(code)
        elif not data.get("body_name") and "body_name" not in self.errors:
            self.add_error(
                "body_name", _("Give the full name of the body, or choose an office of this portal.")
            )
        in_full = data.get("in_full", [])
        if missing := [key for key in in_full if key not in self.keys]:
            labels = dict(self.fields["in_full"].choices)  # type: ignore[attr-defined]
            self.add_error(
                "in_full",
                _("Not chosen to go along: %(what)s. Tick it above as well, or take it out here.")
                % {"what": "; ".join(str(labels[key]) for key in missing)},
            )
        if in_full and not data.get("in_full_reason") and "in_full_reason" not in self.errors:
            self.add_error("in_full_reason", _("Say in at least a sentence why you need to show it."))
        return data


class AnswerForm(NamedForm):
    """What was answered, when and by whom, with its scan."""

    answered_on = DayField(
        label=gettext_lazy("Day of the answer"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The day that the answer bears, or on which it was given."),
    )
    who = LineField(
        label=gettext_lazy("Who answered"),
        max_length=120,
        help_text=gettext_lazy("Department and name, as the answer gives them."),
    )
    text = ProseField(
        label=gettext_lazy("Answer"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 7})
    )
    scan = EvidenceField(label=gettext_lazy("Scan of the answer, and what came with it"))

    def __init__(
        self, data: Any = None, files: Any = None, *, sent_on: date, today: date, is_own: bool, **options: Any
    ) -> None:
        """`is_own` says that the officer's own office answers, which it does today."""
        super().__init__(data, files, **options)
        if is_own:
            del self.fields["answered_on"]
        else:
            self.fields["answered_on"] = DayField(
                first=sent_on,
                last=today,
                label=self.fields["answered_on"].label,
                help_text=self.fields["answered_on"].help_text,
                widget=self.fields["answered_on"].widget,
            )
            self.order_fields(["answered_on", "who", "text", "scan"])
        self._today = today

    def given(self, files: Sequence[Any]) -> Given:
        """What was answered, with files that were looked at; call on a valid form."""
        data = self.cleaned_data
        return Given(
            text=data["text"],
            who=data["who"],
            answered_on=data.get("answered_on", self._today),
            files=files,
        )


class WithdrawalForm(NamedForm):
    """Why a question is withdrawn."""

    explanation = SentenceField(
        label=gettext_lazy("Why the question is withdrawn"),
        max_length=LONGEST,
        help_text=gettext_lazy("Stays in the record for good: no personal data here."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def _shown(label: object, text: str) -> str:
    """A particular to choose: what it is called, and the beginning of what it says."""
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
    return _("%(label)s: %(text)s") % {"label": label, "text": short}
