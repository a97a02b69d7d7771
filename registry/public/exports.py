"""The register as files: exactly the filings that a search shows, in its order, as CSV, XLSX and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.utils.encoders import JSONEncoder

from registry.labels import particulars as words
from registry.labels.ending_words import GROUNDS
from registry.labels.list_words import short_title
from registry.labels.public_words import column_label
from registry.presentation.csv_lines import csv_lines
from registry.presentation.materials import service_type_text
from registry.presentation.workbooks import Sheet
from registry.public.filters import shown_name
from registry.public.serializers import FilingSerializer
from registry.public.words import STANDING_LABELS
from registry.publication.record import ListedName, PublicFiling, listed_names
from registry.rules.batches.lifecycle import ENDING_LISTS
from registry.rules.codes.jurisdictions import province_of
from registry.rules.particulars.public import PublicColumn, Shown, published_columns
from registry.rules.provisions import DISCLAIMER

Names = Mapping[str, Mapping[str, ListedName]]


def as_csv(filings: Iterable[PublicFiling]) -> Iterator[str]:
    """The lines of a CSV file; the last one says how many filings are in it, so that a shorter file is noticed."""
    columns = published_columns()
    counted = _Counted(filings)
    yield from csv_lines([str(column_label(column)) for column in columns], _rows(columns, counted))
    yield from list(csv_lines([_("Filings in this file"), str(counted.number)], ()))[1:]


def as_sheets(filings: Iterable[PublicFiling], *, address: str, on: str) -> Iterator[Sheet]:
    """The sheets of a workbook: the filings, and how many they are, where and when they were asked for."""
    columns = published_columns()
    counted = _Counted(filings)
    head = [str(column_label(column)) for column in columns]
    yield Sheet(_("Filings"), head, _rows(columns, counted))
    facts = [
        (_("Filings in this file"), str(counted.number)),
        (_("As of"), on),
        (_("Address of the search"), address),
        (_("Disclaimer"), DISCLAIMER),
    ]
    yield Sheet(_("About this file"), (), facts)


def as_json(filings: Iterable[PublicFiling], *, address: str, on: str) -> Iterator[str]:
    """The parts of a JSON document: the filings as the API has them, then how many they are."""
    serializer = FilingSerializer(context={"names": listed_names()})
    counted = _Counted(filings)
    yield '{"results": ['
    for filing in counted:
        before = ",\n" if counted.number > 1 else "\n"
        yield before + json.dumps(
            serializer.to_representation(filing), cls=JSONEncoder, ensure_ascii=False, separators=(",", ":")
        )
    facts = {"count": counted.number, "as_of": on, "search": address, "disclaimer": DISCLAIMER}
    yield "\n], " + json.dumps(facts, ensure_ascii=False)[1:] + "\n"


class _Counted:
    """Filings that are counted as they pass."""

    def __init__(self, filings: Iterable[PublicFiling]) -> None:
        self._filings = filings
        self.number = 0

    def __iter__(self) -> Iterator[PublicFiling]:
        for filing in self._filings:
            self.number += 1
            yield filing


def _rows(columns: Iterable[PublicColumn], filings: Iterable[PublicFiling]) -> Iterator[list[str]]:
    """The cells of each filing, in the active language."""
    names = listed_names()
    cells = [_cell(column, names) for column in columns]
    for filing in filings:
        yield [cell(filing) for cell in cells]


def _cell(column: PublicColumn, names: Names) -> Callable[[PublicFiling], str]:
    """How this column of a filing is written in a cell; what has several parts is joined by semicolons."""
    word = _word(column, names)

    def cell(filing: PublicFiling) -> str:
        value = getattr(filing, column.name)
        if value is None:
            return ""
        if column.shown is Shown.ENDING_LIST:
            return short_title(value, ENDING_LISTS[filing.standing])
        return _("; ").join(word(one) for one in value) if column.is_list else word(value)

    return cell


def _word(column: PublicColumn, names: Names) -> Callable[[Any], str]:
    if column.shown is Shown.PROVINCE:
        return lambda code: province_of(code).name
    if column.shown is Shown.SERVICE_TYPES:
        return service_type_text
    if column.shown is Shown.BATCH:
        return short_title
    if column.named_in is not None:
        listed = {code: shown_name(each) for code, each in names[column.named_in].items()}
        return lambda code: listed.get(code, code)
    known = {code: str(words.choice_label(column.key, code)) for code in column.known_codes if column.key}
    if column.shown is Shown.GROUND:
        known = {code.value: str(label) for code, label in GROUNDS.items()}
    if column.name == "standing":
        known = {code: str(label) for code, label in STANDING_LABELS.items()}
    return lambda value: known.get(value, str(value))
