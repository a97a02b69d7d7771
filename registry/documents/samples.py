"""A sample of an office's papers, with invented names, for who looks at a change of what they carry."""

from __future__ import annotations

from datetime import date

from registry.documents.issuers import Issuer
from registry.documents.paper_settings import remedies_of
from registry.documents.printing import render
from registry.labels.act_words import outcome_words
from registry.rules.office.papers import PaperSeries, PaperSettings, paper_number
from registry.rules.workflow.states import Kind, Outcome


def sample_paper(settings: PaperSettings, *, on: date) -> bytes:
    """A notice of non-filing as the office would issue it under these settings, as PDF."""
    number = paper_number(settings.marks[PaperSeries.DECISION], on.year, 1)
    context = {
        "issuer": Issuer(name=settings.office_name, number=number),
        "remedies": remedies_of(settings),
        "signed_on": on,
        "words": outcome_words(Kind.INITIAL, Outcome.REJECTION),
    }
    return render("documents/sample_paper.html", context)
