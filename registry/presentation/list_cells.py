"""A row of a list as a table shows it: one cell a column, a number with its record page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from registry.labels.list_columns import LIST_COLUMNS, shown_cells
from registry.publication.addresses import list_path
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind


@dataclass(frozen=True, slots=True)
class ListCell:
    """One cell; `url` is where it leads."""

    name: str
    label: Promise
    value: object
    url: str = ""


def cells_of(kind: ListKind, row: PublishedRow) -> list[ListCell]:
    """The cells of a row in the columns of its kind of list."""
    values = shown_cells(kind, row)
    urls = {"number": reverse("public:filing", args=[row.number])}
    if row.correction is not None:
        correction = row.correction
        urls["list"] = list_path(correction.list_number, ListKind(correction.list_kind))
    return [
        ListCell(column.name, column.label, values[column.name], urls.get(column.name, ""))
        for column in LIST_COLUMNS[kind]
    ]
