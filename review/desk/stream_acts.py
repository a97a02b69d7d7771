"""The acts of officers on what folds a stream of its own (an objection, a striking off): their forms, and doing one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry.errors import FilingError, NotFound, OutOfDate, TransitionNotAllowed
from registry.labels.states import label_of, refusal_message
from registry.models import Event
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.named_form import NamedForm
from registry.presentation.posted import posted_count
from registry.presentation.text_fields import SentenceField
from registry.rules.workflow.states import Role
from review.access import national_officer

LONGEST = 4000

AnyAct = TypeVar("AnyAct", bound=StrEnum)
AnySubject = TypeVar("AnySubject", bound=models.Model)


class WordsForm(NamedForm):
    """The words of one act; `words` are their label and help."""

    text = SentenceField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(
        self, act: StrEnum, words: tuple[Promise, Promise], data: Any = None, **options: Any
    ) -> None:
        super().__init__(data, prefix=act.value, **options)
        self.fields["text"].label, self.fields["text"].help_text = map(str, words)


@dataclass(frozen=True, slots=True)
class Ticks(Generic[AnySubject]):
    """What an officer ticks with an act: label, help, and the choices of a subject, which may be none."""

    label: Promise
    help_text: Promise
    choices: Callable[[AnySubject], Sequence[tuple[str, str]]]


class TicksForm(NamedForm):
    """The ticks of one act; nothing is ticked before the officer does."""

    def __init__(
        self, act: StrEnum, ticks: Ticks[Any], choices: Sequence[tuple[str, str]], data: Any = None
    ) -> None:
        super().__init__(data, prefix=act.value)
        self.fields["ticked"] = forms.MultipleChoiceField(
            label=str(ticks.label),
            help_text=str(ticks.help_text),
            choices=choices,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


# Without slots: Python 3.11 makes no instance of a named generic that has them and is frozen.
@dataclass(frozen=True, kw_only=True)
class OfficerActs(Generic[AnySubject, AnyAct]):
    """What officers of the national office do on one kind of subject, in the order of the buttons.

    `words` has label and help of the text that an act takes; an act that is not there takes none. `ticks` are of acts
    that take ticks and no text. `seals` are decided with the seal's button. `perform` does an act with its text or
    ticks, on what was seen; `show` makes the subject's page, with the forms that were sent. The addresses are those of
    the page and of its acts.
    """

    buttons: Mapping[AnyAct, Promise]
    follows: Mapping[AnyAct, Promise]
    recorded: Mapping[AnyAct, Promise]
    words: Mapping[AnyAct, tuple[Promise, Promise]]
    seals: Collection[AnyAct]
    find: Callable[[uuid.UUID], AnySubject]
    perform: Callable[..., None]
    show: Callable[..., HttpResponse]
    page_name: str
    act_name: str
    ticks: Mapping[AnyAct, Ticks[AnySubject]] = field(default_factory=dict)

    def answer(self, request: HttpRequest, subject_id: uuid.UUID, name: str) -> HttpResponse:
        """Does one act; a refused one shows the page as it is now, with what was typed. Raises NotFound."""
        officer, subject = national_officer(request), self.find(subject_id)
        act = next((each for each in self.buttons if each.value == name), None)
        if act is None:
            raise NotFound("act_unknown")
        if request.method != "POST":
            kept = kept_form(request)
            if kept is None:
                return redirect(self.page_name, subject.pk)
            return self.show(request, subject, officer, forms=self._sent(act, subject, kept))
        sent = self._sent(act, subject, request.POST)
        form = sent.get(act)
        if form is not None and not form.is_valid():
            return self.show(request, subject, officer, forms=sent, status=HTTPStatus.BAD_REQUEST)
        given = form.cleaned_data if form is not None else {}
        carried = (
            {"ticked": given.get("ticked", [])} if act in self.ticks else {"text": given.get("text", "")}
        )
        seen = posted_count(request.POST.get("event")) or 0
        try:
            self.perform(subject, act, officer, seen=seen, **carried)
        except (OutOfDate, TransitionNotAllowed) as refusal:
            now = self.find(subject.pk)
            return self.show(request, now, officer, forms=sent, refusal=refusal, status=HTTPStatus.CONFLICT)
        forget_form(request)
        messages.success(request, recorded_words(self.recorded[act]))
        return redirect(self.page_name, subject.pk)

    def context(
        self,
        subject: AnySubject,
        offered: Collection[AnyAct],
        *,
        sent: Mapping[AnyAct, forms.Form],
        refusal: FilingError | None,
        begins: Mapping[AnyAct, str],
    ) -> dict[str, Any]:
        """What `review/includes/act_refused.html` and `act_panels.html` show.

        `offered` acts have a form: the one that was sent, or a fresh one that `begins` with a text. What was typed for
        an act that is no longer offered is kept readable.
        """
        return {
            "refusal": refusal_message(refusal) if refusal is not None else "",
            "errors": next((form for form in sent.values() if form.errors), None),
            "kept": [
                form["text"].value() for act, form in sent.items() if act in self.words and act not in offered
            ],
            "acts": [
                {
                    "act": act.value,
                    "url": reverse(self.act_name, args=[subject.pk, act.value]),
                    "label": label,
                    "follows": self.follows[act],
                    "is_seal": act in self.seals,
                    "form": sent.get(act) or self._fresh(act, subject, begins.get(act, "")),
                }
                for act, label in self.buttons.items()
                if act in offered
            ],
        }

    def _sent(self, act: AnyAct, subject: AnySubject, data: Any) -> dict[AnyAct, forms.Form]:
        if act in self.words:
            return {act: WordsForm(act, self.words[act], data)}
        form = self._ticks_form(act, subject, data)
        return {} if form is None else {act: form}

    def _fresh(self, act: AnyAct, subject: AnySubject, text: str) -> forms.Form | None:
        if act in self.words:
            return WordsForm(act, self.words[act], initial={"text": text})
        return self._ticks_form(act, subject)

    def _ticks_form(self, act: AnyAct, subject: AnySubject, data: Any = None) -> TicksForm | None:
        ticks = self.ticks.get(act)
        choices = ticks.choices(subject) if ticks is not None else ()
        return TicksForm(act, ticks, choices, data) if ticks is not None and choices else None


def actor_name(event: Event) -> str:
    """Who acted: the person by name, or the role of what has none."""
    return event.actor.name if event.actor is not None else str(label_of(Role(event.actor_role)))


def recorded_words(act: Promise) -> str:
    """What is said to the officer who has just done an act."""
    return _("Recorded: %(act)s.") % {"act": act}


def history_entry(event: Event, title: Promise, text: str) -> dict[str, Any]:
    """One event of a stream as input of `includes/timeline.html`."""
    return {"title": title, "at": event.at, "by": actor_name(event), "text": text}
