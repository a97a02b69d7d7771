"""The letter by which another body is consulted (征求意见函), with its number, in the look of official papers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import override

from registry import clock
from registry.consultations.consultations import asked_in, sent_event
from registry.documents.issuers import issuer_of
from registry.documents.issuing import issue
from registry.documents.printing import LANGUAGE, render
from registry.models import Consultation, Event, IssuedDocument
from registry.rules.consultations.events import Question
from registry.rules.office.papers import PaperSeries, paper_number


def letter_of(consultation: Consultation) -> IssuedDocument:
    """The letter as it was issued, made now if it is not yet. Raises NotFound, StorageFull."""
    event = sent_event(consultation)
    return issue(IssuedDocument.Kind.CONSULTATION, event, lambda: _letter(consultation, event))


def number_of_letter(consultation: Consultation) -> str:
    """The number of the letter; empty before it was made."""
    given = getattr(sent_event(consultation), "paper_number", None)
    return "" if given is None else paper_number(given.mark, given.year, given.serial)


def letter_context(consultation: Consultation, event: Event) -> dict[str, Any]:
    """The context of the letter's template, in the active language."""
    question, asked = Question.of(event.payload), asked_in(consultation)
    return {
        "body_name": question.body_name,
        "is_inside": bool(question.asked),
        "question": asked.text,
        "particulars": asked.particulars,
        "due_on": question.due_on,
        "sent_on": clock.china_date(event.at),
    }


def _letter(consultation: Consultation, event: Event) -> bytes:
    with override(LANGUAGE):
        issued = issuer_of(event, PaperSeries.CONSULTATION, office_code=consultation.office_code)
        # Unlike a decision, it goes to nobody but the body that is asked.
        issuer = replace(issued, copies_to="")
        context = letter_context(consultation, event) | {"issuer": issuer}
        return render("documents/consultation.html", context)
