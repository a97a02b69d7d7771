"""Forms for reasons of rejection: each has a place, a fault of the catalogue, an article and a remedy."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as words
from registry.labels.reasons import WHOLE_LABEL, article_label, fault_remedy
from registry.labels.refusal_words import REFUSAL_MESSAGES, SENTENCE_WANTED
from registry.labels.states import refusal_message
from registry.lists import current_catalogue
from registry.presentation.named_form import NamedForm, needed_when
from registry.presentation.posted import posted_count
from registry.presentation.text_fields import ProseField
from registry.rules.particulars.reasons import ARTICLES, WHOLE, Catalogue, InvalidReason, place_of, reason
from registry.rules.substance import says_something
from registry.rules.workflow.guards import FAULT_MARKED, POINTS_GIVEN, REASONS_GIVEN
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from review.desk.faults import Choices, fault_choices
from review.models import ChecklistMark

PREFIX = "reasons"
MAX_REASONS = 40


class FaultSelect(forms.Select):
    """A select of faults; each option carries the catalogue's remedy, which a script copies into the form."""

    def __init__(self, attrs: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(attrs, **options)
        self.catalogue: Catalogue = {}

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **options)
        fault = self.catalogue.get(str(value))
        if fault is not None:
            option["attrs"]["data-remedy"] = fault_remedy(fault)
        return option


class ReasonForm(NamedForm):
    """One reason; an empty form counts as none."""

    key = forms.ChoiceField(label=_("Where"), choices=())
    code = forms.ChoiceField(label=_("What is wrong"), choices=(), widget=FaultSelect)
    article = forms.ChoiceField(label=_("Article"), required=False, choices=())
    remedy = ProseField(
        label=_("What to do"),
        required=False,
        help_text=_("Left empty, the applicant reads the words of the catalogue."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = ProseField(
        label=_("Supplement"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self,
        *args: Any,
        places: Choices,
        catalogue: Catalogue,
        deficient: Collection[str],
        **kwargs: Any,
    ) -> None:
        """A reason is pinned to one of the places that the office has marked `deficient`, or to the whole."""
        super().__init__(*args, **kwargs)
        self._catalogue = catalogue
        needed_when(self.fields["remedy"], _("(needed where the catalogue has no words for it)"))
        self._deficient = deficient
        self.fields["key"].choices = [("", _("Choose a particular")), *places]  # type: ignore[attr-defined]
        code = self.fields["code"]
        code.choices = [("", _("Choose what is wrong")), *fault_choices(catalogue)]  # type: ignore[attr-defined]
        cast(FaultSelect, code.widget).catalogue = catalogue
        self.fields["article"].choices = [  # type: ignore[attr-defined]
            ("", _("As in the catalogue")),
            *((article, article_label(article)) for article in ARTICLES),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        key = data.get("key")
        if key and key != WHOLE and key not in self._deficient:
            self.add_error("key", str(REFUSAL_MESSAGES[FAULT_MARKED.name]))
        fault = self._catalogue.get(data.get("code", ""))
        if fault is None:
            return data
        if data.get("key") and place_of(data["key"]) not in fault.places:
            self.add_error("code", _("The catalogue does not pin this to such a place. Choose another."))
        remedy = data.get("remedy") or ""
        if not (remedy or fault.remedy_zh):
            self.add_error("remedy", _("Say what the applicant has to do: the catalogue cannot know."))
        elif remedy and remedy not in (fault.remedy_zh, fault.remedy_en) and not says_something(remedy):
            self.add_error("remedy", SENTENCE_WANTED)
        return data


class BaseReasonFormSet(forms.BaseFormSet[ReasonForm]):
    """The reasons of one decision, or the points to be corrected, numbered from 1 in their order.

    `is_restored` is true for input restored after a sign-in ended: it is shown again without errors.
    """

    is_restored = False
    # Whether they ask for corrections before anything is decided.
    are_points = False

    def add_fields(self, form: ReasonForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = (
            _("Leave this point out") if self.are_points else _("Leave this reason out")
        )

    def clean(self) -> None:
        """A rejection has a reason (Art. 12): where none is given, the first row asks for it."""
        kept = [form for form in self.forms if not form.cleaned_data.get("DELETE")]
        if any(form.has_changed() or form.initial for form in kept):
            return
        guard = POINTS_GIVEN if self.are_points else REASONS_GIVEN
        missing = refusal_message(TransitionNotAllowed(guard.name))
        if not kept:
            raise ValidationError(missing)
        kept[0].add_error("key", missing)

    def reasons(self) -> list[dict[str, Any]]:
        """The reasons as stored in the event; empty when none was filled in."""
        catalogue = self.form_kwargs["catalogue"]
        filled = [
            form.cleaned_data
            for form in self.forms
            if form.has_changed() or form.initial
            if form.cleaned_data.get("key") and not form.cleaned_data.get("DELETE")
        ]
        return [
            reason(
                number,
                catalogue=catalogue,
                key=row["key"],
                code=row["code"],
                article=row["article"],
                remedy=row["remedy"],
                text=row["text"],
            )
            for number, row in enumerate(filled, start=1)
        ]

    def reasons_so_far(self) -> list[dict[str, Any]]:
        """The reasons as they would be stored now; empty while one of them is incomplete."""
        if self.is_bound:
            return self.reasons() if not self.is_restored and self.is_valid() else []
        begun = [form.initial for form in self.forms if form.initial]
        try:
            return [
                reason(number, catalogue=self.form_kwargs["catalogue"], **row)
                for number, row in enumerate(begun, start=1)
            ]
        except InvalidReason:
            return []


def reason_formset(
    items: Iterable[str],
    *,
    data: Mapping[str, Any] | None = None,
    marks: Iterable[ChecklistMark] = (),
    deficient: Collection[str] = (),
    are_points: bool = False,
) -> BaseReasonFormSet:
    """The formset of a case whose checklist has these items, of which the office has marked some `deficient`.

    Points to be corrected are pinned to any item, marked or not, and never to the materials as a whole.

    Without data it starts with a form for every mark of `marks`.
    """
    catalogue = current_catalogue()
    initial = [_from_mark(mark, catalogue) for mark in marks]
    factory = forms.formset_factory(
        ReasonForm,
        formset=BaseReasonFormSet,
        extra=0 if initial else 1,
        max_num=MAX_REASONS,
        validate_max=True,
        can_delete=True,
    )
    keys = tuple(items)
    places = _places(keys)[1:] if are_points else _places(keys)
    given: dict[str, Any] = {"initial": initial} if data is None else {"data": data}
    kwargs = {"places": places, "catalogue": catalogue, "deficient": keys if are_points else deficient}
    made = cast(BaseReasonFormSet, factory(prefix=PREFIX, form_kwargs=kwargs, **given))
    made.are_points = are_points
    return made


def with_added_form(data: Any) -> Any:
    """The posted data with an additional empty form."""
    more = data.copy()
    count = posted_count(data.get(f"{PREFIX}-TOTAL_FORMS")) or 0
    more[f"{PREFIX}-TOTAL_FORMS"] = str(min(count + 1, MAX_REASONS))
    return more


def clear_errors(reasons: BaseReasonFormSet) -> None:
    """Clears all errors of a restored formset, so that it is shown without them."""
    reasons.is_restored = True
    for row in reasons.forms:
        row._errors = {}  # type: ignore[attr-defined]
    reasons._errors = []  # type: ignore[attr-defined]
    reasons._non_form_errors = reasons.error_class()  # type: ignore[attr-defined]


def _from_mark(mark: ChecklistMark, catalogue: Catalogue) -> dict[str, str]:
    """Initial values of a reason from a mark: the fault with its remedy, and the remark as text."""
    fault = catalogue.get(mark.code)
    return {
        "key": mark.key,
        "code": fault.code if fault is not None else "",
        "remedy": fault_remedy(fault) if fault is not None else "",
        "text": mark.remark,
    }


def _places(items: Collection[str]) -> Choices:
    grouped: Choices = [(WHOLE, WHOLE_LABEL)]
    for section in dict.fromkeys(key.split(".")[0] for key in items):
        keys = [key for key in items if key.startswith(f"{section}.")]
        grouped.append((words.section_label(section), [(key, words.label_of(key)) for key in keys]))
    return grouped
