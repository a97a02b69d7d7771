"""Compares what proves that somebody was told with what was handed in."""

from __future__ import annotations

from collections.abc import Iterator

from registry.integrity.files import verify_store
from registry.integrity.reading import FETCHED, SILENT, Progress
from registry.integrity.violations import Report, Violation
from registry.models import TellingFile
from registry.storage.evidence import TELLING_FILES


def find_telling_violations(progress: Progress = SILENT) -> Iterator[Violation]:
    """Yields every file whose bytes are not those that the officer handed in, and those from before that are lost."""
    handed_in = TellingFile.objects.select_related("attachment").order_by("pk")
    for file in progress.through(handed_in.iterator(FETCHED), "telling files"):
        if not file.is_as_received:
            yield Violation("telling_file_not_as_received", str(file.pk))
    report = Report()
    verify_store(report, "telling_file", TELLING_FILES, TELLING_FILES.kept_here(), progress)
    yield from report.violations
