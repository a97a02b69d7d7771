"""The rows of a list as the office's pages show them, before and after they are frozen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from registry.labels.date_format import day
from registry.labels.list_columns import LIST_COLUMNS
from registry.labels.list_words import LIST_ORDERS
from registry.presentation.list_cells import cells_of
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind, ListOrder


def table_of(kind: ListKind, rows: Sequence[PublishedRow]) -> dict[str, Any]:
    """Rows with their cells, in the columns of their kind of list."""
    return {
        "columns": LIST_COLUMNS[kind],
        "rows": [{"number": row.number, "cells": cells_of(kind, row)} for row in rows],
    }


def what_of(kind: ListKind, *, cut_off_on: date, order: ListOrder | None) -> str:
    """Up to when a list reaches, and in which order; empty for a corrigendum, which stands as it was written."""
    if order is None or kind is ListKind.CORRIGENDA:
        return ""
    reach = _("numbers up to %(day)s") if kind is ListKind.FILINGS else _("endings up to %(day)s")
    return f"{reach % {'day': day(cut_off_on)}} · {LIST_ORDERS[order]}"
