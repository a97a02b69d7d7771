"""Compares every applicant with the home of its facts: one applicant, one name, everywhere."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from registry.book.applicants import Home, homes_of_several
from registry.book.imported_heads import head_text
from registry.book.in_force import applicant_columns_of
from registry.book.revisions import materials_of, revisions_at
from registry.errors import FilingError, RegisterIncomplete
from registry.integrity.reading import FETCHED, SILENT, Progress, in_batches
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Applicant, Filing, HeadClaim, MembershipClaim, NumberHead, Revision
from registry.models.applicant import document_index, head_index
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.states import Standing

# What the public search lacks; `manage.py search_index` puts it right.
LACKS_FORMER_NAME = "filing_lacks_former_name"
_APPROVED_STANDINGS = (Standing.AWAITING_NUMBER.value, Standing.IN_FORCE.value)


def find_applicant_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every applicant whose row, home of facts or filings do not agree; no name is given, only ids."""
    for _applicant_id, violation in _found(progress):
        yield violation


def applicants_at_fault() -> list[uuid.UUID]:
    """The ids of the applicants whose row, home of facts or filings do not agree about those facts."""
    return sorted({applicant_id for applicant_id, found in _found(SILENT) if found.code != LACKS_FORMER_NAME})


def _found(progress: Progress) -> Iterator[tuple[uuid.UUID, Violation]]:
    """Every violation, with the id of the applicant it concerns."""
    applicants = Applicant.objects.select_related("number_head").order_by("pk")
    rows = progress.through(applicants.iterator(FETCHED), "applicants")
    for batch in in_batches(rows):
        homes = homes_of_several([applicant.pk for applicant in batch])
        revisions = revisions_at(
            {home for applicant in batch if (home := _stated_home(applicant)) is not None}
        )
        yield from _unproved(batch)
        established: dict[uuid.UUID, tuple[Applicant, Mapping[str, Any]]] = {}
        for applicant in batch:
            violations, columns = _compare(applicant, homes[applicant.pk], revisions)
            yield from ((applicant.pk, violation) for violation in violations)
            if columns is not None:
                established[applicant.pk] = (applicant, columns)
        former: dict[uuid.UUID, dict[uuid.UUID, set[str]]] = {}
        for filing in _approved_filings(established):
            applicant, columns = established[filing.applicant_id]
            yield from ((applicant.pk, violation) for violation in _differences(filing, applicant, columns))
            is_named_alike = filing.columns.get("applicant_name") == columns.get("applicant_name")
            if filing.standing == Standing.IN_FORCE and is_named_alike and not applicant.is_imported:
                names = set(filing.former_applicant_names.split("\n"))
                former.setdefault(applicant.pk, {})[filing.pk] = names - {""}
        for applicant_id, by_filing in former.items():
            known = set().union(*by_filing.values())
            for key, names in by_filing.items():
                if names != known:
                    yield applicant_id, Violation(LACKS_FORMER_NAME, str(key))


def _unproved(applicants: Collection[Applicant]) -> Iterator[tuple[uuid.UUID, Violation]]:
    """The imported applicants whose document no granted claim stated; once facts are in force they say it."""
    claimed = [each for each in applicants if each.is_imported and each.nature and _stated_home(each) is None]
    if not claimed:
        return
    granted = HeadClaim.objects.filter(
        applicant__in=claimed,
        claim__outcome__in=(MembershipClaim.Outcome.JOINED.value, MembershipClaim.Outcome.REPLACED.value),
    )
    stated = set(granted.values_list("applicant_id", "document_index"))
    for each in claimed:
        if (each.pk, each.document_index) not in stated:
            yield each.pk, Violation("applicant_document_unproved", str(each.pk))


def _index_of(applicant: Applicant, number: str) -> str:
    """The index of its document; an imported one without has that of the head of its numbers."""
    if not applicant.is_imported or applicant.document_type:
        return document_index(applicant.document_type, number, applicant.nationality)
    head: NumberHead | None = getattr(applicant, "number_head", None)
    return "" if head is None else head_index(head_text(head))


def _compare(
    applicant: Applicant, homes: Sequence[Home], revisions: Mapping[Home, Revision]
) -> tuple[list[Violation], Mapping[str, Any] | None]:
    """What is wrong with an applicant's row and home, and the public columns of a home that can be relied on."""
    subject, found = str(applicant.pk), []
    try:
        number = applicant.credit_code or applicant.document_number or ""
    except FilingError as error:
        return [Violation("applicant_document_unreadable", subject, error.code)], None
    if applicant.document_index != _index_of(applicant, number):
        found.append(Violation("applicant_row_differs", subject, "document_index"))
    if applicant.province_code != province_code_of(applicant.division_code):
        found.append(Violation("applicant_row_differs", subject, "province_code"))
    stated = (applicant.facts_application_id, applicant.facts_revision_number)
    if stated not in homes if homes else stated != (None, None):
        found.append(Violation("applicant_facts_without_decision", subject, f"{stated[0]} r{stated[1]}"))
        return found, None
    home = _stated_home(applicant)
    if home is None:
        return found, None
    try:
        if home not in revisions:
            raise RegisterIncomplete("revision_missing", application=str(home[0]), number=home[1])
        facts = materials_of(revisions[home])
        columns = applicant_columns_of(facts)
    except MALFORMED as error:
        code = error.code if isinstance(error, FilingError) else type(error).__name__
        return [*found, Violation("applicant_facts_unreadable", subject, code)], None
    row = {
        "applicant.nature": applicant.nature,
        "applicant.name": applicant.name,
        "applicant.division_code": applicant.division_code,
        "applicant.document_type": applicant.document_type,
        "applicant.document_number": number,
        "applicant.nationality": applicant.nationality,
    }
    found += [
        Violation("applicant_row_differs", subject, key)
        for key, value in row.items()
        if value_of(facts, key) != value
    ]
    return found, columns


def _stated_home(applicant: Applicant) -> Home | None:
    """The revision that the applicant's row names as the home of its facts."""
    if applicant.facts_application_id is None:
        return None
    return applicant.facts_application_id, applicant.facts_revision_number or 0


def _approved_filings(applicants: Collection[uuid.UUID]) -> Iterator[Filing]:
    filings = Filing.objects.filter(applicant__in=list(applicants), standing__in=_APPROVED_STANDINGS)
    return (
        filings.only("applicant_id", "province_code", "columns", "standing", "former_applicant_names")
        .order_by("pk")
        .iterator(FETCHED)
    )


def _differences(filing: Filing, applicant: Applicant, columns: Mapping[str, Any]) -> Iterator[Violation]:
    """What a filing says of its applicant otherwise than the applicant's home."""
    for name, value in columns.items():
        if filing.columns.get(name) != value:
            yield Violation("filing_names_applicant_differently", str(filing.pk), name)
    if filing.province_code != applicant.province_code:
        yield Violation("filing_in_another_province", str(filing.pk), filing.province_code)
