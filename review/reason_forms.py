"""Reasons for not filing, as a form: each names a place, a fault of the catalogue, an article and the remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as words
from registry.labels.reasons import FAULT_LABELS, WHOLE_LABEL
from registry.rules.completeness import checklist_items
from registry.rules.particulars import sections
from registry.rules.reasons import ARTICLES, FAULTS, WHOLE, reason
from review.models import ChecklistMark

PREFIX = "reasons"
MAX_REASONS = 40

Choices = list[tuple[Any, Any]]


class ReasonForm(forms.Form):
    """One reason; a row left wholly empty counts as none."""

    key = forms.ChoiceField(label=_("Where"), choices=())
    code = forms.ChoiceField(label=_("What is wrong"), choices=())
    article = forms.ChoiceField(label=_("Article"), required=False, choices=())
    remedy = forms.CharField(label=_("What to do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    text = forms.CharField(
        label=_("Supplement"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [("", _("Choose a particular")), *places]  # type: ignore[attr-defined]
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose what is wrong")),
            *((fault.code, FAULT_LABELS[fault.code]) for fault in FAULTS),
        ]
        self.fields["article"].choices = [  # type: ignore[attr-defined]
            ("", _("As in the catalogue")),
            *((article, _article(article)) for article in ARTICLES),
        ]


class BaseReasonFormSet(forms.BaseFormSet[ReasonForm]):
    """The reasons of one decision, counted from 1 in the order they stand."""

    def add_fields(self, form: ReasonForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this reason out")

    def reasons(self) -> list[dict[str, Any]]:
        """The reasons as the event keeps them; empty when none was filled in."""
        filled = [
            form.cleaned_data
            for form in self.forms
            if form.has_changed() or form.initial
            if form.cleaned_data.get("key") and not form.cleaned_data.get("DELETE")
        ]
        return [
            reason(
                number,
                key=row["key"],
                code=row["code"],
                article=row["article"],
                remedy=row["remedy"],
                text=row["text"],
            )
            for number, row in enumerate(filled, start=1)
        ]


def reason_formset(
    materials: Mapping[str, Any],
    *,
    data: Mapping[str, Any] | None = None,
    marks: Iterable[ChecklistMark] = (),
) -> BaseReasonFormSet:
    """The formset on a case; without data it starts with one row for every item marked deficient."""
    initial = [{"key": mark.key, "code": "", "remedy": mark.remark, "text": ""} for mark in marks]
    factory = forms.formset_factory(
        ReasonForm,
        formset=BaseReasonFormSet,
        extra=0 if initial else 1,
        max_num=MAX_REASONS,
        validate_max=True,
        can_delete=True,
    )
    places = _places(materials)
    given: dict[str, Any] = {"initial": initial} if data is None else {"data": data}
    made = factory(prefix=PREFIX, form_kwargs={"places": places}, **given)
    return cast(BaseReasonFormSet, made)


def with_one_more(data: Any) -> Any:
    """The posted data with room for one more reason."""
    more = data.copy()
    total = str(data.get(f"{PREFIX}-TOTAL_FORMS", ""))
    count = int(total) if total.isdigit() else 0
    more[f"{PREFIX}-TOTAL_FORMS"] = str(min(count + 1, MAX_REASONS))
    return more


def unjudge(reasons: BaseReasonFormSet) -> None:
    """Takes back every complaint about what is not yet filled in."""
    for row in reasons.forms:
        row._errors = {}  # type: ignore[attr-defined]
    reasons._errors = []  # type: ignore[attr-defined]
    reasons._non_form_errors = reasons.error_class()  # type: ignore[attr-defined]


def _places(materials: Mapping[str, Any]) -> Choices:
    items = checklist_items(materials)
    grouped: Choices = [(WHOLE, WHOLE_LABEL)]
    for section in sections():
        keys = [key for key in items if key.startswith(f"{section}.")]
        if keys:
            grouped.append((words.section_label(section), [(key, words.label_of(key)) for key in keys]))
    return grouped


def _article(article: str) -> str:
    return str(_("Art. %(article)s")) % {"article": article}
