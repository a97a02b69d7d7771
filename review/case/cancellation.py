"""What a cancellation states itself, as a section of the case beside those of the materials that it repeats."""

from __future__ import annotations

from registry.book.application_details import ApplicationDetails
from registry.labels import particulars as words
from registry.labels.date_format import day
from registry.presentation.materials import PresentedRow, Section
from registry.rules.particulars.cancellation import ARRANGEMENT, ENDS_ON, LATE_REASON, SECTION, stated_keys


def section_of_cancellation(asked: ApplicationDetails) -> Section:
    """The rows that the offices mark on a cancellation."""
    stated = {
        ENDS_ON: day(asked.ends_on) if asked.ends_on is not None else "",
        ARRANGEMENT: asked.arrangement,
        LATE_REASON: asked.late_reason,
    }
    rows = [
        PresentedRow(key=key, label=words.label_of(key), kind="text", value=stated[key])
        for key in stated_keys(is_late=asked.late_by > 0)
    ]
    return Section(SECTION, words.section_label(SECTION), rows)
