"""The columns of the cases found: the same words on the page and in the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from registry.clock import china_date
from registry.labels.act_words import outcome_words, state_label
from registry.labels.offices import office_label
from registry.labels.province_words import full_name
from registry.labels.states import label_of
from registry.presentation.csv_lines import csv_lines
from registry.presentation.workbooks import Sheet
from review.search.cases import FoundCase


def stage_words(case: FoundCase) -> Promise:
    """Where the case stands."""
    return state_label(case.kind, case.state, awaits_delivery=case.awaits_delivery)


def decision_words(case: FoundCase) -> str:
    """What was decided, in the words of its kind; empty before a decision."""
    return str(outcome_words(case.kind, case.decision).decided) if case.decision else ""


def office_words(case: FoundCase) -> str:
    """The office that decided; empty before a decision."""
    return office_label(case.decided_by, case.province_code) if case.decided_by else ""


def head() -> list[str]:
    """The names of the columns in a file."""
    return [
        _("Receipt number"),
        _("Filing number"),
        _("Service"),
        _("Applicant"),
        _("Province"),
        _("Kind"),
        _("Round"),
        _("Received"),
        _("Stage"),
        _("Outcome"),
        _("Decided on"),
        _("Decided by"),
        _("Officers"),
        _("Last day to decide"),
        _("Who works on it now"),
    ]


def cells(case: FoundCase) -> list[str]:
    """One case as the cells of its row in a file."""
    return [
        case.receipt_number,
        case.filing_number or "",
        case.service_name,
        case.applicant_name,
        full_name(case.province_code),
        str(label_of(case.kind)),
        str(case.round_number),
        case.received_on.isoformat(),
        str(stage_words(case)),
        decision_words(case),
        china_date(case.decided_at).isoformat() if case.decided_at else "",
        office_words(case),
        _("; ").join(case.officers),
        case.due_on.isoformat() if case.due_on else "",
        case.holder,
    ]


def as_csv(cases: Iterable[FoundCase]) -> Iterator[str]:
    """The lines of a CSV file; the last one says how many cases are in it, so that a shorter file is noticed."""
    number = 0

    def rows() -> Iterator[list[str]]:
        nonlocal number
        for case in cases:
            number += 1
            yield cells(case)

    yield from csv_lines(head(), rows())
    yield from list(csv_lines([_("Cases in this file"), str(number)], ()))[1:]


def as_sheets(cases: Iterable[FoundCase], *, address: str, on: str) -> Iterator[Sheet]:
    """The sheets of a workbook: the cases, and how many they are, when and where they were asked for."""
    found = [cells(case) for case in cases]
    yield Sheet(_("Cases"), head(), found)
    facts = [
        (_("Cases in this file"), str(len(found))),
        (_("As of"), on),
        (_("Address of the search"), address),
    ]
    yield Sheet(_("About this file"), (), facts)
