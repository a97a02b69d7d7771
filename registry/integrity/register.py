"""Verifies the whole register: hash chains, rows against their events, revisions, numbers, members and files."""

from __future__ import annotations

import hashlib
import uuid
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from registry.book.revisions import personal_part_matches, revision_hash
from registry.book.rows import event_record, row_values
from registry.documents import issuing
from registry.integrity.applicants import find_applicant_violations
from registry.integrity.digests import find_digest_violations
from registry.integrity.effects import find_effect_violations
from registry.integrity.lists import find_list_violations
from registry.integrity.members import find_member_violations
from registry.integrity.violations import Report
from registry.models import (
    Applicant,
    Application,
    Attachment,
    Event,
    Filing,
    IssuedDocument,
    NumberHead,
    PersonalParticulars,
    ReceiptCounter,
    Revision,
    RevisionFile,
)
from registry.rules.codes.filing_number import parse
from registry.rules.errors import FilingError
from registry.rules.workflow.events import HandedIn
from registry.rules.workflow.hash_chain import GENESIS
from registry.rules.workflow.projection import Projection, fold
from registry.rules.workflow.states import Act, Standing, StreamKind
from registry.storage import attachments
from registry.storage.encrypted_files import FileStore, storage_name
from registry.streams.chain import events_of, hash_of

_BATCH = 500
_MATERIAL_ACTS = [act.value for act in (Act.SUBMIT, Act.SUPPLEMENT, Act.RESUBMIT)]
# What reading a row may raise after somebody altered it by hand.
_MALFORMED = (FilingError, KeyError, ValueError, TypeError, AttributeError, ValidationError)


def verify_register() -> Report:
    """Verifies everything and reports every violation; changes nothing.

    Called outside a transaction on PostgreSQL, it reads one snapshot: acts recorded meanwhile cause no violations.
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
    report.violations += find_effect_violations()
    report.violations += find_digest_violations()
    report.violations += find_list_violations()
    return report


def verify_stream(stream_id: uuid.UUID) -> Report:
    """Verifies one stream: its hash chain, and its rows against the fold of its events. Changes nothing."""
    report = Report(counts=dict.fromkeys(("events", "filings", "applications"), 0))
    events = list(events_of(stream_id))
    _verify_stream(report, stream_id, events)
    if events and events[0].stream_kind == StreamKind.MEMBERSHIP:
        report.violations += (each for each in find_member_violations() if each.subject == str(stream_id))
    return report


def _verify_streams(report: Report) -> None:
    filings: set[uuid.UUID] = set()
    applications: set[uuid.UUID] = set()
    ordered = Event.objects.order_by("stream_id", "sequence").iterator(_BATCH)
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
                report.add("row_without_events", key, model._meta.model_name or "")


def _verify_stream(report: Report, stream_id: uuid.UUID, events: list[Event]) -> Projection | None:
    """Verifies one stream's chain and rows; gives its projection, or None when it is no filing's or does not fold."""
    try:
        _verify_chain(report, stream_id, events)
        if not any(event.stream_kind == StreamKind.FILING for event in events):
            return None
        projection = fold(event_record(event) for event in events)
        _compare_rows(report, stream_id, projection)
    except _MALFORMED as error:
        report.add("stream_does_not_fold", stream_id, type(error).__name__)
        return None
    return projection


def _verify_chain(report: Report, stream_id: uuid.UUID, events: list[Event]) -> None:
    previous = GENESIS
    for position, event in enumerate(events, start=1):
        report.count("events")
        if event.sequence != position:
            report.add("sequence_broken", stream_id, f"{event.sequence} instead of {position}")
        if event.previous_hash != previous:
            report.add("chain_broken", stream_id, f"event {event.sequence}")
        if hash_of(event) != event.hash:
            report.add("event_altered", stream_id, f"event {event.sequence}")
        previous = event.hash
        is_of_members = event.stream_kind == StreamKind.MEMBERSHIP
        if event.filing_id not in (None, stream_id) or (is_of_members and event.applicant_id != stream_id):
            report.add("event_in_another_stream", stream_id, f"event {event.sequence}")


def _compare_rows(report: Report, stream_id: uuid.UUID, projection: Projection) -> None:
    if projection.filing is not None:
        report.count("filings")
        filing = Filing.objects.filter(pk=stream_id).first()
        _compare(report, "filing", stream_id, filing, row_values(Filing, projection.filing))
    for key, row in projection.applications.items():
        report.count("applications")
        application = Application.objects.filter(pk=key).first()
        if application is not None and application.stream_id != stream_id:
            report.add("application_in_another_stream", key, str(application.filing_id))
        _compare(report, "application", key, application, row_values(Application, row))


def _compare(
    report: Report,
    table: str,
    subject: object,
    instance: models.Model | None,
    values: dict[str, Any],
) -> None:
    if instance is None:
        report.add("events_without_row", subject, table)
        return
    for name, expected in values.items():
        if getattr(instance, name) != expected:
            report.add("row_differs_from_events", subject, f"{table}.{name}")


def _verify_revisions(report: Report) -> None:
    recorded: dict[tuple[uuid.UUID | None, Any], Any] = {}
    for event in Event.objects.filter(act__in=_MATERIAL_ACTS).iterator(_BATCH):
        try:
            handed_in = HandedIn.of(event.payload)
            recorded[event.application_id, handed_in.revision_number] = handed_in.revision_hash
        except _MALFORMED as error:
            report.add("event_malformed", event.pk, type(error).__name__)
    for revision in Revision.objects.prefetch_related("files__attachment").iterator(_BATCH):
        report.count("revisions")
        try:
            _verify_revision(report, revision)
        except _MALFORMED as error:
            report.add("revision_malformed", revision.pk, type(error).__name__)
        if recorded.pop((revision.application_id, revision.number), None) != revision.content_hash:
            report.add("revision_not_as_recorded", revision.pk)
    for application_id, number in recorded:
        report.add("recorded_revision_missing", application_id or "", f"revision {number}")
    for pk in Revision.objects.filter(personal_particulars__isnull=True).values_list("pk", flat=True):
        report.add("personal_part_missing", pk)
    for personal in PersonalParticulars.objects.select_related("revision").iterator(_BATCH):
        try:
            matches = personal_part_matches(personal.revision, personal)
        except _MALFORMED as error:
            report.add("personal_part_unreadable", personal.pk, getattr(error, "code", ""))
            continue
        if not matches:
            report.add("personal_part_altered", personal.pk)


def _verify_revision(report: Report, revision: Revision) -> None:
    if revision_hash(revision) != revision.content_hash:
        report.add("revision_altered", revision.pk)
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
        report.add("revision_files_differ", revision.pk)


def _verify_numbers(report: Report) -> None:
    heads = {head.applicant_id: head for head in NumberHead.objects.all()}
    used: dict[uuid.UUID, set[int]] = {}
    for filing in Filing.objects.iterator(_BATCH):
        approved = filing.standing not in (Standing.PENDING, Standing.AWAITING_NUMBER)
        if approved and filing.number is None:
            report.add("approved_without_number", filing.pk)
        if not approved and filing.number is not None:
            report.add("number_without_approval", filing.pk, filing.number)
        if filing.number is None:
            continue
        report.count("numbers")
        try:
            number = parse(filing.number)
        except FilingError as error:
            report.add("number_malformed", filing.pk, error.code)
            continue
        head = heads.get(filing.applicant_id)
        if head is None or (
            (number.division_code, int(number.year), number.serial)
            != (head.division_code, head.year, head.serial)
        ):
            report.add("number_differs_from_head", filing.pk, filing.number)
            continue
        sequences = used.setdefault(filing.applicant_id, set())
        if int(number.sequence) in sequences:
            report.add("number_sequence_twice", filing.pk, filing.number)
        sequences.add(int(number.sequence))
    for applicant_id, head in heads.items():
        if used.get(applicant_id, set()) != set(range(1, head.last_sequence + 1)):
            report.add("number_sequence_has_gaps", applicant_id, f"last {head.last_sequence}")


def _verify_receipts(report: Report) -> None:
    """The receipt numbers of each province and year run from 1 to the counter without a gap."""
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
            report.add("receipt_numbers_have_gaps", head, f"last {counters.get(head, 0)}")


def _verify_members(report: Report) -> None:
    """Every applicant has the members of its history, and the facts of its decisions."""
    report.counts["applicants"] = Applicant.objects.count()
    report.violations += find_member_violations()
    report.violations += find_applicant_violations()


def _verify_files(report: Report) -> None:
    uploads = Attachment.objects.exclude(state=Attachment.State.REFUSED)
    _verify_store(report, "file", attachments.STORE, uploads)
    _verify_store(report, "document", issuing.STORE, IssuedDocument.objects.all())
    lost = RevisionFile.objects.exclude(attachment__state=Attachment.State.CLEAN)
    for use in lost.iterator(_BATCH):
        report.add("revision_uses_unchecked_file", use.revision_id, use.slot)


def _verify_store(
    report: Report,
    what: str,
    store: FileStore,
    rows: models.QuerySet[Attachment] | models.QuerySet[IssuedDocument],
) -> None:
    """Every row has a file with its SHA-256, and every file has a row."""
    known: set[str] = set()
    for row in rows.iterator(_BATCH):
        report.count(f"{what}s")
        known.add(storage_name(row.pk))
        if not store.path(row.pk).is_file():
            report.add(f"{what}_missing", row.pk)
            continue
        try:
            content = store.read(row.pk)
        except FilingError as error:
            report.add(f"{what}_unreadable", row.pk, error.code)
            continue
        if hashlib.sha256(content).hexdigest() != row.sha256:
            report.add(f"{what}_altered", row.pk)
    for name in store.names():
        if name not in known:
            report.add(f"{what}_without_row", name)
