"""A row of a list as its entry in the register; `BatchEntry.row` is the way back."""

from __future__ import annotations

import uuid

from registry.models import BatchEntry, BatchList
from registry.rules.batches.events import PublishedRow


def entry_of(batch_list: BatchList, row: PublishedRow, filing_id: uuid.UUID) -> BatchEntry:
    """The entry that keeps a row; not saved."""
    entry = BatchEntry(
        batch_list=batch_list,
        kind=batch_list.kind,
        position=row.position,
        filing_id=filing_id,
        number=row.number,
        applicant_name=row.applicant_name,
        service_name=row.service_name,
        province_code=row.province_code,
        ended_on=row.ended_on,
        end_ground=row.end_ground,
    )
    if row.correction is not None:
        entry.corrects_id = uuid.UUID(row.correction.entry)
        entry.column = row.correction.column.value
        entry.before = row.correction.before
        entry.after = row.correction.after
        entry.reason = row.correction.reason
    return entry
