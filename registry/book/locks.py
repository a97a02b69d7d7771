"""Rows of the register under their locks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models

from registry.errors import NotFound

Row = TypeVar("Row", bound=models.Model)


def lock_row(model: type[Row], row_id: uuid.UUID) -> Row:
    """The row, locked until the transaction ends. Raises NotFound."""
    row = lock_rows(model, [row_id]).get(row_id)
    if row is None:
        raise NotFound("row_unknown", table=model._meta.db_table, row=str(row_id))
    return row


def lock_rows(model: type[Row], row_ids: Iterable[Any]) -> dict[uuid.UUID, Row]:
    """The rows that there are of these, by id, locked until the transaction ends in the order of their ids."""
    rows = model._default_manager.select_for_update(no_key=True)
    return {row.pk: row for row in rows.filter(pk__in=row_ids).order_by("pk")}
