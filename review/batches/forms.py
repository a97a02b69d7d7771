"""The forms of the composer: last day, order, announcement and moment; why an entry is held back; why a list ends."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import clock
from registry.batches.corrections import Wanted
from registry.batches.lists import Composition
from registry.labels.list_words import LIST_ORDERS
from registry.labels.place_words import refusal_words
from registry.labels.refusal_words import SENTENCE_WANTED
from registry.presentation.day_fields import DayField
from registry.presentation.named_form import NamedForm, needed_when
from registry.presentation.text_fields import ProseField, SentenceField
from registry.rules.batches.lifecycle import ListKind, ListOrder
from registry.rules.printable import unprintable
from registry.rules.substance import LONGEST_REASON, says_something
from registry.rules.visible_text import clean
from review.batches.announcement import LONGEST, PLACES, faults_of_text
from review.batches.wording import unprintable_words

AT_ONCE, AT_MOMENT = "at_once", "at_moment"
_MOMENT_FORMAT = "%Y-%m-%dT%H:%M"
_STAYS = gettext_lazy(
    "Stays in the record for good: no identity numbers, mobiles or other personal data here."
)


class CompositionForm(NamedForm):
    """What a list has beside its entries; a corrigendum has no last day and no order."""

    cut_off_on = DayField(
        label=gettext_lazy("Last day of numbers"),
        help_text=gettext_lazy(
            "The list names what is in force, has its number up to and on this day, and stands in no list yet."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order of the entries"),
        choices=[(order.value, label) for order, label in LIST_ORDERS.items()],
        widget=forms.RadioSelect,
    )
    moment = forms.ChoiceField(
        label=gettext_lazy("When it is published"),
        choices=[
            (AT_ONCE, gettext_lazy("As soon as a second officer has confirmed it")),
            (AT_MOMENT, gettext_lazy("At a set moment, if it is confirmed by then")),
        ],
        widget=forms.RadioSelect,
    )
    publish_at = forms.DateTimeField(
        label=gettext_lazy("Set moment, China time (UTC+8)"),
        required=False,
        input_formats=[_MOMENT_FORMAT, "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("In the future. A list that is confirmed later is published at once."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT_FORMAT),
    )
    announcement = ProseField(
        label=gettext_lazy("Announcement (in Chinese)"),
        help_text=gettext_lazy(
            "Frozen with the list. Places in braces are filled in by the preview, and for good at the freeze."
        ),
        widget=forms.Textarea(attrs={"rows": 14, "lang": "zh-Hans", "maxlength": LONGEST}),
    )

    def __init__(self, data: Any = None, *, kind: ListKind, **options: Any) -> None:
        super().__init__(data, **options)
        self._kind = kind
        needed_when(self.fields["publish_at"], gettext_lazy("(for a set moment)"))
        if kind is ListKind.CORRIGENDA:
            del self.fields["cut_off_on"], self.fields["order"]
        elif kind is not ListKind.FILINGS:
            self.fields["cut_off_on"].label = _("Last day of endings")
            self.fields["cut_off_on"].help_text = _(
                "The list names what ended up to and on this day and stands in no such list yet."
            )

    def clean_cut_off_on(self) -> date:
        day: date = self.cleaned_data["cut_off_on"]
        if day >= clock.today():
            raise forms.ValidationError(_("Choose a day that is over in China: yesterday or earlier."))
        return day

    def clean_announcement(self) -> str:
        return _checked(self.cleaned_data["announcement"], self._kind, is_standing=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("moment") == AT_ONCE:
            data["publish_at"] = None
            self.errors.pop("publish_at", None)
        elif data.get("moment") == AT_MOMENT and "publish_at" in data:
            if data["publish_at"] is None:
                self.add_error("publish_at", _("Give the day and the time."))
            elif data["publish_at"] <= clock.now():
                self.add_error("publish_at", _("This moment is over. Set one in the future."))
        return data

    def content(self, *, held_back: Mapping[uuid.UUID, str], wanted: tuple[Wanted, ...]) -> Composition:
        """What a valid form says, with what is held back or corrected."""
        data = self.cleaned_data
        publish_at: datetime | None = data["publish_at"]
        return Composition(
            kind=self._kind,
            cut_off_on=data.get("cut_off_on") or clock.today(),
            order=ListOrder(data.get("order") or ListOrder.PROVINCE),
            announcement=data["announcement"],
            publish_at=publish_at,
            held_back=held_back,
            wanted=wanted,
        )


def initial_of(content: Composition) -> dict[str, Any]:
    """A draft as the form shows it."""
    return {
        "cut_off_on": content.cut_off_on,
        "order": content.order.value,
        "announcement": content.announcement,
        "moment": AT_ONCE if content.publish_at is None else AT_MOMENT,
        "publish_at": content.publish_at,
    }


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons to hold back that one page of candidates sent: by filing, empty where it is to be listed."""

    typed: Mapping[uuid.UUID, str]

    @classmethod
    def posted(cls, data: QueryDict) -> Reasons:
        """The reasons of the rows that a form had."""
        return cls({key: _plain(data.get(reason_name(key), "")) for key in _ids(data.getlist("row"))})

    @property
    def faults(self) -> dict[uuid.UUID, str]:
        """What is to be mended in the reason of a filing; empty when nothing is."""
        found = {key: _fault_of(reason) for key, reason in self.typed.items() if reason}
        return {key: fault for key, fault in found.items() if fault}

    @property
    def is_valid(self) -> bool:
        return not self.faults

    def merged_into(self, held_back: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
        """The reasons of all pages, with those of this one as they were sent."""
        merged = {**held_back, **self.typed}
        return {key: reason for key, reason in merged.items() if reason}


def _fault_of(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        return _("At most %(most)s characters.") % {"most": LONGEST_REASON}
    return "" if says_something(reason) else str(SENTENCE_WANTED)


def reason_name(filing_id: uuid.UUID) -> str:
    """The name of the field with the reason to hold a filing back."""
    return f"reason-{filing_id}"


class StandingTextForm(NamedForm):
    """The text with which announcements begin."""

    text = ProseField(
        label=gettext_lazy("Standing text (in Chinese)"),
        widget=forms.Textarea(attrs={"rows": 18, "lang": "zh-Hans", "maxlength": LONGEST}),
    )

    def __init__(self, data: Any = None, *, kind: ListKind, **options: Any) -> None:
        super().__init__(data, **options)
        self._kind = kind

    def clean_text(self) -> str:
        return _checked(self.cleaned_data["text"], self._kind, is_standing=True)


class ExplanationForm(NamedForm):
    """Why a list is sent back or recalled."""

    explanation = SentenceField(
        label=gettext_lazy("Explanation"),
        max_length=1000,
        help_text=_STAYS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def _checked(text: str, kind: ListKind, *, is_standing: bool) -> str:
    """The text with one kind of line end; its places known, its characters such as every file can print."""
    text = clean(text, line_breaks=True)
    faults = [
        refusal_words(each, known=PLACES[kind])
        for each in faults_of_text(text, kind, is_standing=is_standing)
    ]
    if missing := unprintable(text):
        faults.append(unprintable_words(missing))
    if faults:
        raise forms.ValidationError(faults)
    return text


def _plain(text: str) -> str:
    """A reason without what nobody can see."""
    return clean(text, line_breaks=False)


def _ids(texts: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found
