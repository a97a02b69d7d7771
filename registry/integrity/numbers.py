"""Verifies numbers: filing numbers against what their applicant's numbers share; receipts and papers without gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from registry.integrity.reading import FETCHED, SILENT, Progress, side_by_side
from registry.integrity.violations import Report
from registry.models import Application, Filing, NumberHead, PaperCounter, PaperNumber, ReceiptCounter
from registry.rules.codes.filing_number import parse
from registry.rules.errors import FilingError
from registry.rules.workflow.states import Standing


@dataclass(slots=True)
class _Run:
    """Which numbers were seen: all from 1 to `last`, and those that stand apart."""

    last: int = 0
    apart: set[int] = field(default_factory=set)

    def add(self, number: int) -> None:
        if not 1 <= number <= self.last:
            self.apart.add(number)
        while self.last + 1 in self.apart:
            self.last += 1
            self.apart.remove(self.last)

    def is_whole(self, last: int) -> bool:
        """Whether exactly the numbers from 1 to `last` were seen."""
        return self.last == last and not self.apart


def verify_numbers(report: Report, progress: Progress = SILENT) -> None:
    """Every filing number is its applicant's, stands with the filing's standing, and the sequences have no gap."""
    heads = NumberHead.objects.order_by("applicant_id").values_list(
        "applicant_id", "division_code", "year", "serial", "last_sequence", "is_imported"
    )
    filings = Filing.objects.order_by("applicant_id", "pk").values_list(
        "applicant_id", "pk", "standing", "number"
    )
    in_order = progress.through(filings.iterator(FETCHED), "numbers")
    for applicant_id, (head, own) in side_by_side(heads.iterator(FETCHED), in_order):
        shared, last, is_imported = (head[0][1:4], *head[0][4:]) if head else (None, 0, False)
        used: set[int] = set()
        for _applicant_id, filing_id, standing, number in own:
            sequence = _sequence_of(report, filing_id, standing, number, shared)
            if sequence in used:
                report.add("number_sequence_twice", filing_id, number)
            if sequence is not None:
                used.add(sequence)
        if head and not _is_whole(used, last, is_imported=is_imported):
            report.add("number_sequence_has_gaps", applicant_id, f"last {last}")


def _is_whole(used: set[int], last: int, *, is_imported: bool) -> bool:
    """Whether the sequences have no gap; of an imported head lists name some, and the highest of them is the last."""
    return max(used, default=0) == last if is_imported else used == set(range(1, last + 1))


def _sequence_of(
    report: Report, filing_id: object, standing: str, number: str | None, shared: tuple[Any, ...] | None
) -> int | None:
    """Verifies the number of one filing; gives its sequence when it is one of its applicant's numbers."""
    approved = standing not in (Standing.PENDING, Standing.AWAITING_NUMBER)
    if number is None:
        if approved:
            report.add("approved_without_number", filing_id)
        return None
    if not approved:
        report.add("number_without_approval", filing_id, number)
    report.count("numbers")
    try:
        found = parse(number)
    except FilingError as error:
        report.add("number_malformed", filing_id, error.code)
        return None
    if (found.division_code, int(found.year), found.serial) != shared:
        report.add("number_differs_from_head", filing_id, number)
        return None
    return int(found.sequence)


def verify_receipts(report: Report, progress: Progress = SILENT) -> None:
    """The receipt numbers of each province and year run from 1 to the counter without a gap."""
    given: dict[str, _Run] = {}
    # In order, so that few numbers stand apart until those before them come.
    numbers = Application.objects.order_by("receipt_number").values_list("receipt_number", flat=True)
    for text in progress.through(numbers.iterator(FETCHED), "receipts"):
        head, _, number = text.rpartition("-")
        given.setdefault(head, _Run()).add(int(number) if number.isdecimal() else 0)
    counters = {
        f"{counter.year}-{counter.province_code[:2]}": counter.last
        for counter in ReceiptCounter.objects.all()
    }
    for head in sorted(given.keys() | counters.keys()):
        if not given.get(head, _Run()).is_whole(counters.get(head, 0)):
            report.add("receipt_numbers_have_gaps", head, f"last {counters.get(head, 0)}")


def verify_papers(report: Report, progress: Progress = SILENT) -> None:
    """The numbers of papers under each office's characters run from 1 to the counter of the year without a gap."""
    given: dict[tuple[str, int], _Run] = {}
    numbers = PaperNumber.objects.order_by("mark", "year", "serial").values_list("mark", "year", "serial")
    for mark, year, serial in progress.through(numbers.iterator(FETCHED), "paper numbers"):
        given.setdefault((mark, year), _Run()).add(serial)
    counters = {(counter.mark, counter.year): counter.last for counter in PaperCounter.objects.all()}
    for head in sorted(given.keys() | counters.keys()):
        if not given.get(head, _Run()).is_whole(counters.get(head, 0)):
            report.add("paper_numbers_have_gaps", f"{head[0]}〔{head[1]}〕", f"last {counters.get(head, 0)}")
