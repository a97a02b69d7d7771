"""Verifies the whole register: hash chains, rows against their events, revisions, numbers, members and files."""

from __future__ import annotations

import uuid

from django.db import connection, transaction

from registry.integrity.applicants import find_applicant_violations
from registry.integrity.consultations import find_consultation_violations
from registry.integrity.digests import find_digest_violations
from registry.integrity.effects import find_effect_violations
from registry.integrity.endings import find_ending_violations
from registry.integrity.figures import find_figure_violations
from registry.integrity.files import verify_files
from registry.integrity.lists import find_list_violations
from registry.integrity.members import find_member_violations
from registry.integrity.numbers import verify_numbers, verify_papers, verify_receipts
from registry.integrity.objections import find_objection_violations
from registry.integrity.office_proposals import find_office_proposal_violations
from registry.integrity.quality import find_quality_violations
from registry.integrity.reading import FETCHED, SILENT, Progress
from registry.integrity.records import find_record_violations
from registry.integrity.revisions import verify_revisions
from registry.integrity.signed_forms import find_signed_form_violations
from registry.integrity.streams import verify_one_stream, verify_streams
from registry.integrity.tellings import find_telling_violations
from registry.integrity.violations import Report
from registry.models import Applicant, Event
from registry.rules.workflow.states import StreamKind
from registry.streams.chain import stored_events

_COUNTED = ("events", "filings", "applications", "revisions", "numbers", "applicants", "files", "documents")


def verify_register(progress: Progress = SILENT) -> Report:
    """Verifies everything and reports every violation; changes nothing.

    Called outside a transaction on PostgreSQL, it reads one snapshot: acts recorded meanwhile cause no violations. It
    reads in batches: neither its queries nor its memory grow with what one row or one stream has beside it.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _verify_everything(progress)


def _verify_everything(progress: Progress) -> Report:
    report = Report(counts=dict.fromkeys(_COUNTED, 0))
    verify_streams(report, progress)
    verify_revisions(report, progress)
    verify_numbers(report, progress)
    verify_receipts(report, progress)
    verify_papers(report, progress)
    # Every applicant has the members of its history, and the facts of its decisions.
    report.counts["applicants"] = Applicant.objects.count()
    report.violations += find_member_violations(progress=progress)
    report.violations += find_applicant_violations(progress)
    verify_files(report, progress)
    report.violations += find_effect_violations(progress)
    report.violations += find_digest_violations(progress)
    report.violations += find_list_violations(progress)
    report.violations += find_objection_violations(progress)
    report.violations += find_ending_violations(progress)
    report.violations += find_telling_violations(progress)
    report.violations += find_consultation_violations(progress)
    report.violations += find_quality_violations(progress)
    report.violations += find_office_proposal_violations(progress)
    report.violations += find_signed_form_violations(progress)
    report.violations += find_record_violations(progress)
    report.violations += find_figure_violations(progress)
    return report


def verify_stream(stream_id: uuid.UUID) -> Report:
    """Verifies one stream: its hash chain, and its rows against the fold of its events. Changes nothing."""
    report = Report(counts=dict.fromkeys(("events", "filings", "applications"), 0))
    events = list(stored_events(Event.objects.filter(stream_id=stream_id), fetched=FETCHED))
    if events:
        verify_one_stream(report, events)
        if events[0].stream_kind == StreamKind.MEMBERSHIP:
            report.violations += find_member_violations(of=stream_id)
    return report
