"""Checks the whole register against itself: folds, chains, revisions, numbers, members and files."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from registry.book.revisions import personal_part_matches, revision_hash
from registry.book.streams import event_record, events_of, hashed_fields, row_values
from registry.documents import issuing
from registry.integrity import digests
from registry.integrity import members as members_verification
from registry.models import (
    Applicant,
    Application,
    Attachment,
    Filing,
    FilingEvent,
    IssuedDocument,
    NumberHead,
    PersonalParticulars,
    ReceiptCounter,
    Revision,
    RevisionFile,
)
from registry.rules.codes.filing_number import parse
from registry.rules.errors import FilingError
from registry.rules.workflow.hash_chain import GENESIS, event_hash
from registry.rules.workflow.projection import Projection, fold
from registry.rules.workflow.states import Act, Standing
from registry.storage import attachments
from registry.storage.encrypted_files import FileStore, storage_name

_BATCH = 500
_MATERIAL_ACTS = [act.value for act in (Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT)]
# What a row that somebody altered by hand may raise when it is read as what it ought to be.
_MALFORMED = (FilingError, KeyError, ValueError, TypeError, AttributeError, ValidationError)


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong: a code, the row it was found in, and what was found."""

    code: str
    subject: str
    detail: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, self.subject, self.detail) if part)


@dataclass(slots=True)
class Report:
    """What was checked and what was found wrong."""

    counts: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)

    def counted(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def found(self, code: str, subject: object, detail: str = "") -> None:
        self.violations.append(Violation(code, str(subject), detail))


def verify_register() -> Report:
    """Checks everything and reports every violation; changes nothing.

    Outside a transaction it looks at one moment of the register, so that acts done meanwhile do no harm.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _verify_everything()


def _verify_everything() -> Report:
    report = Report(
        counts=dict.fromkeys(
            (
                "events",
                "filings",
                "applications",
                "revisions",
                "numbers",
                "applicants",
                "files",
                "documents",
            ),
            0,
        )
    )
    _verify_streams(report)
    _verify_revisions(report)
    _verify_numbers(report)
    _verify_receipts(report)
    _verify_members(report)
    _verify_files(report)
    for fault in digests.find_faults():
        report.found(fault.code, fault.subject, fault.detail)
    return report


def verify_stream(stream_id: uuid.UUID) -> Report:
    """Checks one stream: its chain, and the rows folded from it. Changes nothing."""
    report = Report(counts=dict.fromkeys(("events", "filings", "applications"), 0))
    _verify_stream(report, stream_id, list(events_of(stream_id)))
    return report


def _verify_streams(report: Report) -> None:
    filings: set[uuid.UUID] = set()
    applications: set[uuid.UUID] = set()
    ordered = FilingEvent.objects.order_by("stream_id", "sequence").iterator(_BATCH)
    for stream_id, group in groupby(ordered, key=lambda event: event.stream_id):
        projection = _verify_stream(report, stream_id, list(group))
        if projection is None:
            continue
        if projection.filing is not None:
            filings.add(stream_id)
        applications |= {uuid.UUID(key) for key in projection.applications}
    for model, known in ((Filing, filings), (Application, applications)):
        for key in model._default_manager.values_list("pk", flat=True).iterator(_BATCH):
            if key not in known:
                report.found("row_without_events", key, model._meta.model_name or "")


def _verify_stream(report: Report, stream_id: uuid.UUID, events: list[FilingEvent]) -> Projection | None:
    """Checks one stream's chain and rows; gives what it folds into, None when it does not fold."""
    try:
        _verify_chain(report, stream_id, events)
        projection = fold(event_record(event) for event in events)
        _compare_rows(report, stream_id, projection)
    except _MALFORMED as error:
        report.found("stream_does_not_fold", stream_id, type(error).__name__)
        return None
    return projection


def _verify_chain(report: Report, stream_id: uuid.UUID, events: list[FilingEvent]) -> None:
    previous = GENESIS
    for position, event in enumerate(events, start=1):
        report.counted("events")
        if event.sequence != position:
            report.found("sequence_broken", stream_id, f"{event.sequence} instead of {position}")
        if event.previous_hash != previous:
            report.found("chain_broken", stream_id, f"event {event.sequence}")
        if event_hash(hashed_fields(event), previous_hash=event.previous_hash) != event.hash:
            report.found("event_altered", stream_id, f"event {event.sequence}")
        previous = event.hash
        if event.filing_id not in (None, stream_id):
            report.found("event_in_another_stream", stream_id, f"event {event.sequence}")


def _compare_rows(report: Report, stream_id: uuid.UUID, projection: Projection) -> None:
    if projection.filing is not None:
        report.counted("filings")
        filing = Filing.objects.filter(pk=stream_id).first()
        _compare(report, "filing", stream_id, filing, row_values(Filing, projection.filing))
    for key, row in projection.applications.items():
        report.counted("applications")
        application = Application.objects.filter(pk=key).first()
        if application is not None and application.stream_id != stream_id:
            report.found("application_in_another_stream", key, str(application.filing_id))
        _compare(report, "application", key, application, row_values(Application, row))


def _compare(
    report: Report,
    table: str,
    subject: object,
    instance: models.Model | None,
    values: dict[str, Any],
) -> None:
    if instance is None:
        report.found("events_without_row", subject, table)
        return
    for name, expected in values.items():
        if getattr(instance, name) != expected:
            report.found("row_differs_from_events", subject, f"{table}.{name}")


def _verify_revisions(report: Report) -> None:
    recorded: dict[tuple[uuid.UUID | None, Any], Any] = {}
    for event in FilingEvent.objects.filter(act__in=_MATERIAL_ACTS).iterator(_BATCH):
        try:
            revision = event.payload["revision"]
            recorded[event.application_id, revision["number"]] = revision["content_hash"]
        except _MALFORMED as error:
            report.found("event_malformed", event.pk, type(error).__name__)
    for revision in Revision.objects.prefetch_related("files__attachment").iterator(_BATCH):
        report.counted("revisions")
        try:
            _verify_revision(report, revision)
        except _MALFORMED as error:
            report.found("revision_malformed", revision.pk, type(error).__name__)
        if recorded.pop((revision.application_id, revision.number), None) != revision.content_hash:
            report.found("revision_not_as_recorded", revision.pk)
    for application_id, number in recorded:
        report.found("recorded_revision_missing", application_id or "", f"revision {number}")
    for pk in Revision.objects.filter(personal_particulars__isnull=True).values_list("pk", flat=True):
        report.found("personal_part_missing", pk)
    for personal in PersonalParticulars.objects.select_related("revision").iterator(_BATCH):
        try:
            matches = personal_part_matches(personal.revision, personal)
        except _MALFORMED as error:
            report.found("personal_part_unreadable", personal.pk, getattr(error, "code", ""))
            continue
        if not matches:
            report.found("personal_part_altered", personal.pk)


def _verify_revision(report: Report, revision: Revision) -> None:
    if revision_hash(revision) != revision.content_hash:
        report.found("revision_altered", revision.pk)
    stated = {
        (slot, position): (entry["id"], entry["sha256"])
        for slot, entries in revision.public_part.get("attachments", {}).items()
        for position, entry in enumerate(entries)
    }
    held = {
        (use.slot, use.position): (str(use.attachment_id), use.attachment.sha256)
        for use in revision.files.all()
    }
    if stated != held:
        report.found("revision_files_differ", revision.pk)


def _verify_numbers(report: Report) -> None:
    heads = {head.applicant_id: head for head in NumberHead.objects.all()}
    used: dict[uuid.UUID, set[int]] = {}
    for filing in Filing.objects.iterator(_BATCH):
        approved = filing.standing not in (Standing.PENDING, Standing.AWAITING_NUMBER)
        if approved and filing.number is None:
            report.found("approved_without_number", filing.pk)
        if not approved and filing.number is not None:
            report.found("number_without_approval", filing.pk, filing.number)
        if filing.number is None:
            continue
        report.counted("numbers")
        try:
            number = parse(filing.number)
        except FilingError as error:
            report.found("number_malformed", filing.pk, error.code)
            continue
        head = heads.get(filing.applicant_id)
        if head is None or (
            (number.division_code, int(number.year), number.serial)
            != (head.division_code, head.year, head.serial)
        ):
            report.found("number_differs_from_head", filing.pk, filing.number)
            continue
        sequences = used.setdefault(filing.applicant_id, set())
        if int(number.sequence) in sequences:
            report.found("number_sequence_twice", filing.pk, filing.number)
        sequences.add(int(number.sequence))
    for applicant_id, head in heads.items():
        if used.get(applicant_id, set()) != set(range(1, head.last_sequence + 1)):
            report.found("number_sequence_has_gaps", applicant_id, f"last {head.last_sequence}")


def _verify_receipts(report: Report) -> None:
    """Every receipt number of a province and year is held by an application, and none is beyond the counter."""
    given: dict[str, set[int]] = {}
    for text in Application.objects.values_list("receipt_number", flat=True).iterator(_BATCH):
        head, _, number = text.rpartition("-")
        given.setdefault(head, set()).add(int(number) if number.isdecimal() else 0)
    counters = {
        f"{counter.year}-{counter.province_code[:2]}": counter.last
        for counter in ReceiptCounter.objects.all()
    }
    for head in given.keys() | counters.keys():
        if given.get(head, set()) != set(range(1, counters.get(head, 0) + 1)):
            report.found("receipt_numbers_have_gaps", head, f"last {counters.get(head, 0)}")


def _verify_members(report: Report) -> None:
    """Whoever acts for an applicant was taken in by an act of its history, on these terms."""
    report.counts["applicants"] = Applicant.objects.count()
    for code, applicant_id, detail in members_verification.find_faults():
        report.found(code, applicant_id, detail)


def _verify_files(report: Report) -> None:
    uploads = Attachment.objects.exclude(state=Attachment.State.REFUSED)
    _verify_store(report, "file", attachments.STORE, uploads)
    _verify_store(report, "document", issuing.STORE, IssuedDocument.objects.all())
    lost = RevisionFile.objects.exclude(attachment__state=Attachment.State.CLEAN)
    for use in lost.iterator(_BATCH):
        report.found("revision_uses_unchecked_file", use.revision_id, use.slot)


def _verify_store(
    report: Report,
    what: str,
    store: FileStore,
    rows: models.QuerySet[Attachment] | models.QuerySet[IssuedDocument],
) -> None:
    """Every row has its file as its digest says, and every file has its row."""
    known: set[str] = set()
    for row in rows.iterator(_BATCH):
        report.counted(f"{what}s")
        known.add(storage_name(row.pk))
        if not store.path(row.pk).is_file():
            report.found(f"{what}_missing", row.pk)
            continue
        try:
            content = store.read(row.pk)
        except FilingError as error:
            report.found(f"{what}_unreadable", row.pk, error.code)
            continue
        if hashlib.sha256(content).hexdigest() != row.sha256:
            report.found(f"{what}_altered", row.pk)
    for name in store.names():
        if name not in known:
            report.found(f"{what}_without_row", name)
