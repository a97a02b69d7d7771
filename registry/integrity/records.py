"""Compares public records that were written ahead with the filings they are of: what was altered would be served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import F

from registry.integrity.reading import FETCHED, SILENT, Progress
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Filing, PublishedRecord
from registry.publication.edition import edition
from registry.rules.particulars.public import published_columns


def find_record_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every record whose bytes are not those written, or say of a column what its filing does not.

    A record that an event or a deployment has made stale is served to nobody, and not compared.
    """
    current = PublishedRecord.objects.filter(sequence=F("filing__last_event_sequence"), edition=edition())
    rows = current.select_related("filing").order_by("pk").iterator(FETCHED)
    for kept in progress.through(rows, "records"):
        try:
            said = _read(kept)
            different = [name for name, value in _columns(kept.filing).items() if said.get(name) != value]
        except MALFORMED as error:
            yield Violation("record_altered", str(kept.pk), type(error).__name__)
            continue
        for name in different:
            yield Violation("record_differs", str(kept.pk), name)


def _read(kept: PublishedRecord) -> dict[str, Any]:
    body = bytes(kept.body)
    if hashlib.sha256(body).hexdigest() != kept.sha256:
        raise ValueError("the bytes have another digest")
    said: dict[str, Any] = json.loads(body)
    return said


def _columns(filing: Filing) -> dict[str, Any]:
    """The columns that a record has as the filing's row has them: no names of codes, no day by a clock."""
    stated = {
        column.name: filing.columns.get(column.name) or ([] if column.is_list else "")
        for column in published_columns()
        if column.is_stored and column.named_in is None
    }
    return {
        **stated,
        "number": filing.number,
        "province_code": filing.province_code,
        "standing": filing.standing,
        "cancelled_on": filing.cancelled_on.isoformat() if filing.cancelled_on else None,
        "is_imported": filing.is_imported,
    }
