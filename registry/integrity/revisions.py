"""Verifies revisions: their hashes, files and personal parts, and that they are the ones that events recorded."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from registry.book.revisions import personal_part_matches, personal_part_of, revision_hash
from registry.integrity.reading import BATCH, FETCHED, SILENT, Progress, in_batches, side_by_side
from registry.integrity.violations import MALFORMED, Report
from registry.models import Event, Revision, RevisionFile
from registry.rules.workflow.events import HandedIn
from registry.rules.workflow.states import Act

# The id and the SHA-256 of each file of a revision, and that of it as it was sent (empty unless it was signed), by its
# slot and position.
Files = dict[tuple[str, int], tuple[str, str, str]]

_MATERIAL_ACTS = [act.value for act in (Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT)]


def verify_revisions(report: Report, progress: Progress = SILENT) -> None:
    """Verifies every revision, application by application, beside the events that handed them in."""
    stored = ((revision.application_id, revision, held) for revision, held in _revisions(progress))
    for application_id, (acts, revisions) in side_by_side(_acts(), stored):
        recorded = _recorded(report, acts)
        for _application_id, revision, held in revisions:
            report.count("revisions")
            _verify_revision(report, revision, held)
            if recorded.pop(revision.number, None) != revision.content_hash:
                report.add("revision_not_as_recorded", revision.pk)
        for number in recorded:
            report.add("recorded_revision_missing", application_id, f"revision {number}")
    nowhere = Event.objects.filter(act__in=_MATERIAL_ACTS, application__isnull=True).values_list(
        "pk", "payload"
    )
    for number in _recorded(report, [(None, *row) for row in nowhere.iterator(FETCHED)]):
        report.add("recorded_revision_missing", "", f"revision {number}")


def _acts() -> Iterator[tuple[Any, ...]]:
    """The acts that handed in materials, by application: its id, and the event's id and payload."""
    handed_in = Event.objects.filter(act__in=_MATERIAL_ACTS, application__isnull=False)
    return (
        handed_in.order_by("application_id", "sequence")
        .values_list("application_id", "pk", "payload")
        .iterator(FETCHED)
    )


def _revisions(progress: Progress) -> Iterator[tuple[Revision, Files]]:
    """All revisions by application with their personal parts, each with the files it holds."""
    rows = Revision.objects.select_related("personal_particulars").order_by("application_id", "number")
    for batch in in_batches(progress.through(rows.iterator(BATCH), "revisions")):
        held: dict[uuid.UUID, Files] = {revision.pk: {} for revision in batch}
        uses = RevisionFile.objects.filter(revision__in=held).values_list(
            "revision_id",
            "slot",
            "position",
            "attachment_id",
            "attachment__sha256",
            "attachment__original_sha256",
        )
        for revision_id, slot, position, attachment_id, *digests in uses.iterator(FETCHED):
            held[revision_id][slot, position] = (str(attachment_id), digests[0], digests[1])
        yield from ((revision, held[revision.pk]) for revision in batch)


def _recorded(report: Report, acts: list[tuple[Any, ...]]) -> dict[int, str]:
    """The hash of each revision that these events recorded, by its number."""
    recorded: dict[int, str] = {}
    for _application_id, event_id, payload in acts:
        try:
            handed_in = HandedIn.of(payload)
            recorded[handed_in.revision_number] = handed_in.revision_hash
        except MALFORMED as error:
            report.add("event_malformed", event_id, type(error).__name__)
    return recorded


def _verify_revision(report: Report, revision: Revision, held: Files) -> None:
    try:
        if revision_hash(revision) != revision.content_hash:
            report.add("revision_altered", revision.pk)
        if _files_stated(revision) != held:
            report.add("revision_files_differ", revision.pk)
    except MALFORMED as error:
        report.add("revision_malformed", revision.pk, type(error).__name__)
    personal = personal_part_of(revision)
    if personal is None:
        report.add("personal_part_missing", revision.pk)
        return
    try:
        if not personal_part_matches(revision, personal):
            report.add("personal_part_altered", personal.pk)
    except MALFORMED as error:
        report.add("personal_part_unreadable", personal.pk, getattr(error, "code", ""))


def _files_stated(revision: Revision) -> Files:
    return {
        (slot, position): (entry["id"], entry["sha256"], entry.get("original_sha256", ""))
        for slot, entries in revision.public_part.get("attachments", {}).items()
        for position, entry in enumerate(entries)
    }
