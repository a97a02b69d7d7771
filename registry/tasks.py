"""Background jobs of the book. Each finds its work in the database, and may run twice, late or be killed."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog
from celery import shared_task

from registry import clock
from registry.accounts import limits
from registry.accounts.sessions import SessionStore
from registry.batches import erasure, files, lists, publishing
from registry.book import endings, ledger, numbering
from registry.book.act_request import SYSTEM, Request
from registry.calendar.current import current_calendar
from registry.deadlines import application_clock, due
from registry.documents import issuing, papers
from registry.endings import striking_off
from registry.errors import RegisterIncomplete
from registry.files import decoding
from registry.integrity.register import verify_register
from registry.jobs import doorbell
from registry.jobs import runs as jobs
from registry.jobs.clock_watch import require_right_clock
from registry.lists import note_names
from registry.members import refused_files
from registry.models import Application, Delivery
from registry.notices import delivery, ending_notices, filing_notices, objector_notices, tellings
from registry.notices.notice import DELIVER_TASKS
from registry.office.daily_summary import summarise
from registry.rules.workflow.lifecycle import TransitionNotAllowed
from registry.rules.workflow.states import Act
from registry.snapshot import files as snapshot
from registry.snapshot import records
from registry.statistics import daily
from registry.storage import attachments, evidence

_DOCUMENTS_AT_ONCE = 40
_RECORDS_AT_ONCE = 200
_DRAWN_AT_ONCE = 200
RECORDS_TASK = "registry.tasks.sweep_records"

_log = structlog.get_logger(__name__)


@shared_task(name="registry.tasks.watch_clock")
def watch_clock() -> int:
    """Notes that the clock is right. Raises ClockWrong, which the administrators are told of, where it cannot be."""
    require_right_clock()
    return 1


@shared_task(name="registry.tasks.sweep_filing_numbers")
def sweep_filing_numbers() -> int:
    """Issues a number to every filing that awaits one, oldest first. Gives how many were issued."""
    return jobs.do_each(
        "issue_number", due.to_number(), numbering.issue_number, do_together=numbering.issue_numbers
    )


@shared_task(name="registry.tasks.sweep_clocks")
def sweep_clocks() -> int:
    """Records the acts that the calendar has made due, and closes the clocks of decisions that have arrived.

    Arrivals are recorded first, so that a decision which arrived in time is not late. Gives how many.
    """
    at = clock.now()
    return (
        jobs.do_each("notice_delivered", due.to_note_delivery(), lambda found: _note_delivery(found, at))
        + jobs.do_each("escalate", due.to_escalate(at), _recorder(Act.ESCALATE, at, due.to_escalate))
        + jobs.do_each(
            "record_lateness",
            due.to_record_lateness(at),
            _recorder(Act.RECORD_LATENESS, at, due.to_record_lateness),
        )
        + jobs.do_each("lapse", due.to_lapse(at), _recorder(Act.LAPSE, at, due.to_lapse))
        + jobs.do_each(
            "take_effect", due.to_take_effect(at), lambda filing: endings.take_effect(filing, at=at)
        )
        + jobs.do_each(
            "record_service",
            striking_off.to_record_service(),
            lambda proceeding: striking_off.record_service(proceeding, at=at),
        )
    )


@shared_task(name="registry.tasks.sweep_notices")
def sweep_notices() -> int:
    """Makes the notices of every event, and of every file that could not be read, that nobody is told of yet.

    Gives how many.
    """
    at = clock.now()
    notified = (
        jobs.do_each(
            "tell_applicant", filing_notices.events_for_applicants(), filing_notices.notify_applicant
        )
        + jobs.do_each(
            "tell_objector", objector_notices.events_for_objectors(), objector_notices.notify_objector
        )
        + jobs.do_each(
            "tell_file", refused_files.files_to_tell(), lambda file: refused_files.tell_of_file(file, at=at)
        )
        + jobs.do_each(
            "tell_evidence",
            objector_notices.files_to_tell(),
            lambda file: objector_notices.tell_of_file(file, at=at),
        )
        + jobs.do_each(
            "tell_proceeding_file",
            ending_notices.files_to_tell(),
            lambda file: ending_notices.tell_of_file(file, at=at),
        )
        + jobs.do_each(
            "tell_telling_file", tellings.files_to_tell(), lambda file: tellings.tell_of_file(file, at=at)
        )
    )
    if notified:
        for task in DELIVER_TASKS.values():
            doorbell.ring_on_commit(task)
    return notified


@shared_task(name="registry.tasks.sweep_emails")
def sweep_emails() -> int:
    """Sends the notices that are due by e-mail. Gives how many the server accepted."""
    return delivery.sweep(Delivery.Channel.EMAIL)


@shared_task(name="registry.tasks.sweep_text_messages")
def sweep_text_messages() -> int:
    """Sends the notices that are due by text message. Gives how many the gateway accepted."""
    return delivery.sweep(Delivery.Channel.SMS)


@shared_task(name="registry.tasks.daily_summary")
def daily_summary() -> int:
    """Stores the day's digest of the register and sends it to the administrators. Gives how many got it."""
    return summarise(clock.now())


@shared_task(name="registry.tasks.verify_register")
def verify_whole_register() -> int:
    """Verifies all rows, chains, numbers, documents and digests of the register. Gives how many were checked.

    Raises RegisterIncomplete("register_violated") on any violation, so that the jobs page and the daily
    summary show it; the command `check_register` lists the violations.
    """
    report = verify_register()
    if report.violations:
        codes = Counter(violation.code for violation in report.violations)
        _log.error("register_violated", **codes)
        raise RegisterIncomplete("register_violated", count=len(report.violations))
    return sum(report.counts.values())


@shared_task(name="registry.tasks.sweep_documents")
def sweep_documents() -> int:
    """Makes the papers of submissions, requests and decisions that are not made yet, oldest first. Gives how many.

    Makes few enough at a time that other work waits seconds and not minutes; the next sweep goes on.
    """
    waiting = papers.to_make(most=_DOCUMENTS_AT_ONCE)
    has_more = len(waiting) == _DOCUMENTS_AT_ONCE
    return jobs.do_each(papers.FAILURES, waiting, papers.issue_paper, has_more=has_more)


@shared_task(name="registry.tasks.sweep_batch_lists")
def sweep_batch_lists() -> int:
    """Takes every batch list on: freezes, makes files, shows, notes its entries, ends its window. Gives how many."""
    at = clock.now()
    done = jobs.do_each(publishing.PUBLISHING, publishing.to_publish(at), publishing.publish_list)
    noted = jobs.do_each(publishing.NOTING, publishing.to_note(), publishing.note_entries)
    # Where nothing could be noted the next regular sweep tries again: a ring would come back at once, for ever.
    if noted and publishing.to_note():
        doorbell.ring_on_commit(lists.PUBLISH_TASK)
    return done + noted + jobs.do_each(publishing.FINALISING, publishing.to_finalise(at), lists.finalise)


@shared_task(name=RECORDS_TASK)
def sweep_records() -> int:
    """Writes the public records of filings that had an event, and those of an earlier edition. Gives how many.

    First the files of an earlier edition are taken away, so that a web server passes what it has not on to the portal.
    """
    names = note_names()
    if (tree := snapshot.tree_of(names)) is not None:
        tree.show()
        snapshot.put_lists(tree)
        snapshot.put_site_map(tree)
    waiting = records.to_write(names, most=_RECORDS_AT_ONCE)
    has_more = len(waiting) == _RECORDS_AT_ONCE
    written = jobs.do_each(records.FAILURES, waiting, records.write, has_more=has_more)
    # Where nothing could be written the next regular sweep tries again.
    if has_more and written:
        doorbell.ring_on_commit(RECORDS_TASK)
    return written


@shared_task(name="registry.tasks.sweep_attachments")
def sweep_attachments() -> int:
    """Removes stored files that an interrupted upload or removal left without a row. Gives how many."""
    at = clock.now()
    removed = sum(store.remove_orphans(now=at) for store in (attachments, issuing, files, evidence))
    if removed:
        _log.info("orphan_files_removed", count=removed)
    return removed


@shared_task(name="registry.tasks.sweep_pictures")
def sweep_pictures() -> int:
    """Has the decoder draw checked files that have no pictures, the newest first. Gives how many were asked for."""
    return decoding.ask_for_undrawn(most=_DRAWN_AT_ONCE, at=clock.now())


@shared_task(name="registry.tasks.erase_objectors")
def erase_objectors() -> int:
    """Erases who made the objections that ended long ago. Gives how many objections."""
    at = clock.now()
    return jobs.do_each(
        erasure.FAILURES, erasure.to_erase(at), lambda objection: erasure.erase(objection, at=at)
    )


@shared_task(name="registry.tasks.keep_day_figures")
def keep_day_figures() -> int:
    """Counts the offices' figures of the days that are over and not kept yet. Gives how many days."""
    return daily.keep_days(calendar=current_calendar(), at=clock.now())


@shared_task(name="registry.tasks.sweep_sign_in_traces")
def sweep_sign_in_traces() -> int:
    """Forgets sessions that have ended and counters whose windows have closed. Gives how many counters."""
    SessionStore.clear_expired()
    return limits.forget_old()


def _note_delivery(application_id: uuid.UUID, at: datetime) -> None:
    reached = application_clock.rejection_arrival(Application.objects.get(pk=application_id))
    if reached is None:
        return
    request = Request(details=reached.as_details())
    try:
        ledger.record(Act.NOTICE_DELIVERED, application_id, actor=SYSTEM, request=request, at=at)
    except TransitionNotAllowed:
        if application_id in due.to_note_delivery():
            raise


def _recorder(
    act: Act, at: datetime, find: Callable[[datetime], list[uuid.UUID]]
) -> Callable[[uuid.UUID], None]:
    """A function that records the act, and ignores a refusal once `find` no longer lists the application."""

    def record(application_id: uuid.UUID) -> None:
        try:
            ledger.record(act, application_id, actor=SYSTEM, at=at)
        except TransitionNotAllowed:
            if application_id in find(at):
                raise

    return record
