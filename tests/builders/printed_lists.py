"""Lists published before the register began, taken over by the import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.test import override_settings

from registry.batches.importing.importing import import_rows
from registry.batches.importing.reading import ReadRow
from registry.models import BatchList
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes import filing_number
from registry.sample.published_lists import fill_published_lists

BEIJING, GUANGDONG, JIANGSU = "110000", "440000", "320000"
INNER_MONGOLIA, HEILONGJIANG = "150000", "230000"


def five_printed_lists() -> None:
    """The five sample lists: the real counts, the shares known of them, invented applicants."""
    with override_settings(SAMPLE_DATA=True):
        fill_published_lists()


def print_list(number: int, *, published_on: date, services: Mapping[str, Sequence[int]]) -> BatchList:
    """A list taken over from before the register; `services` has for each province how many each applicant has."""
    rows: list[ReadRow] = []
    applicants = 0
    for code, of_applicants in services.items():
        for count in of_applicants:
            serial = f"{number:04d}{applicants:04d}"
            applicants += 1
            for sequence in range(1, count + 1):
                filed = filing_number.compose(f"{code[:2]}0101", published_on.year, serial, sequence)
                rows.append(
                    ReadRow(
                        line=len(rows) + 2,
                        position=str(len(rows) + 1),
                        applicant_name=f"样例第{serial}号科技有限公司",
                        service_name=f"样例服务{serial}-{sequence}",
                        number=str(filed),
                        province="",
                    )
                )
    outcome = import_rows(
        rows, number=number, published_on=published_on, source=("sample.csv", "0" * 64), writes=True
    )
    assert outcome.is_written, outcome.faults
    return BatchList.objects.get(kind=ListKind.FILINGS.value, number=number)
