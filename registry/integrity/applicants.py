"""Compares every applicant with the home of its facts: one applicant, one name, everywhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from registry.book.applicants import homes_by_decisions
from registry.book.in_force import applicant_columns_in_force, applicant_materials_in_force
from registry.errors import FilingError
from registry.integrity.violations import Violation
from registry.models import Applicant, Filing
from registry.models.applicant import document_index
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.states import Standing

_BATCH = 500
_APPROVED_STANDINGS = (Standing.AWAITING_NUMBER.value, Standing.IN_FORCE.value)


def find_applicant_violations() -> Iterator[Violation]:
    """Yields every applicant whose row, home of facts or filings do not agree; no name is given, only ids."""
    for applicant in Applicant.objects.order_by("pk").iterator(_BATCH):
        yield from _violations_of(applicant)


def applicants_at_fault() -> list[uuid.UUID]:
    """The ids of the applicants whose row, home of facts or filings do not agree."""
    found = Applicant.objects.order_by("pk").iterator(_BATCH)
    return [applicant.pk for applicant in found if any(_violations_of(applicant))]


def _violations_of(applicant: Applicant) -> Iterator[Violation]:
    try:
        number = applicant.credit_code or applicant.document_number or ""
    except FilingError as error:
        yield Violation("applicant_document_unreadable", str(applicant.pk), error.code)
        return
    if applicant.document_index != document_index(applicant.document_type, number):
        yield Violation("applicant_row_differs", str(applicant.pk), "document_index")
    if applicant.province_code != province_code_of(applicant.division_code):
        yield Violation("applicant_row_differs", str(applicant.pk), "province_code")
    stated = (applicant.facts_application_id, applicant.facts_revision_number)
    homes: set[tuple[object, object]] = set(homes_by_decisions(applicant))
    if stated not in (homes or {(None, None)}):
        yield Violation("applicant_facts_without_decision", str(applicant.pk), f"{stated[0]} r{stated[1]}")
        return
    if applicant.facts_application_id is None:
        return
    try:
        facts, columns = applicant_materials_in_force(applicant), applicant_columns_in_force(applicant)
    except FilingError as error:
        yield Violation("applicant_facts_unreadable", str(applicant.pk), error.code)
        return
    row = {
        "applicant.nature": applicant.nature,
        "applicant.name": applicant.name,
        "applicant.division_code": applicant.division_code,
        "applicant.document_type": applicant.document_type,
        "applicant.document_number": number,
    }
    for key, value in row.items():
        if value_of(facts, key) != value:
            yield Violation("applicant_row_differs", str(applicant.pk), key)
    filings = Filing.objects.filter(applicant=applicant, standing__in=_APPROVED_STANDINGS).order_by("pk")
    for filing in filings:
        for name, value in columns.items():
            if filing.columns.get(name) != value:
                yield Violation("filing_names_applicant_differently", str(filing.pk), name)
        if filing.province_code != applicant.province_code:
            yield Violation("filing_in_another_province", str(filing.pk), filing.province_code)
