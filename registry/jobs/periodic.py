"""The one list of periodic jobs: when each runs, what it does, and under which names it keeps failures.

Celery beat starts them (`filing_portal.celery`) and `registry.jobs.runs` records their runs; the administrator
sees both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A job that Celery beat starts every `every_seconds`.

    With `daily_from` it does its work once a day, at the first start after that time in China; later starts
    find it done. `failures` are the names under which it keeps the work that failed. What a job `by_calendar` does
    on a day cannot be taken back: it does nothing while the machine's clock cannot be right.
    """

    name: str
    task: str
    every_seconds: float
    words: Promise | str
    daily_from: time | None = None
    failures: tuple[str, ...] = ()
    by_calendar: bool = False


_QUARTER_HOUR = 900
_OFFICE_OPENS = time(8)

PERIODIC_JOBS: tuple[PeriodicJob, ...] = (
    PeriodicJob(
        "watch-clock",
        "registry.tasks.watch_clock",
        60,
        _(
            "Compares the clock of this machine with the database, the last event and the last time it was here."
        ),
    ),
    PeriodicJob(
        "sweep-filing-numbers",
        "registry.tasks.sweep_filing_numbers",
        30,
        _("Issues a number to every filing that awaits one."),
        failures=("issue_number",),
        by_calendar=True,
    ),
    PeriodicJob(
        "sweep-clocks",
        "registry.tasks.sweep_clocks",
        300,
        _(
            "Passes on what lies at a province after day 15, notes decisions that have reached the applicant,"
            " records lateness, lets rejected applications lapse and cancellations take effect, and records when a"
            " notice of a striking off was served."
        ),
        failures=(
            "escalate",
            "notice_delivered",
            "record_lateness",
            "lapse",
            "take_effect",
            "record_service",
        ),
        by_calendar=True,
    ),
    PeriodicJob(
        "sweep-notices",
        "registry.tasks.sweep_notices",
        30,
        _(
            "Makes the notices of what happened to applications, one for each member, and tells who objected and whose"
            " file could not be read."
        ),
        failures=("tell_applicant", "tell_objector", "tell_file", "tell_evidence", "tell_proceeding_file"),
    ),
    PeriodicJob(
        "sweep-desk-notices",
        "review.tasks.sweep_desk_notices",
        30,
        _(
            "Tells the desks of supplements, questions, proposals sent back and cases passed on, and of objections and"
            " statements that came."
        ),
        failures=("tell_desk",),
    ),
    PeriodicJob(
        "sweep-moved-deadlines",
        "review.tasks.sweep_moved_deadlines",
        30,
        _("Tells applicants and desks of the deadlines that a holiday notice moved."),
        failures=("tell_move",),
    ),
    PeriodicJob(
        "sweep-own-moved-deadlines",
        "applicants.tasks.sweep_moved_deadlines",
        60,
        _("Tells applicants of drafts and planned ends whose last day a holiday notice moved."),
        failures=("tell_own_move",),
    ),
    PeriodicJob(
        "sweep-emails",
        "registry.tasks.sweep_emails",
        30,
        _("Sends the notices that wait for e-mail, each at most once."),
    ),
    PeriodicJob(
        "sweep-text-messages",
        "registry.tasks.sweep_text_messages",
        30,
        _("Sends the notices that wait for the text message gateway, each at most once."),
    ),
    PeriodicJob(
        "sweep-documents",
        "registry.tasks.sweep_documents",
        30,
        _("Makes the papers of submissions, requests and decisions that are not made yet."),
        failures=("make_document",),
    ),
    PeriodicJob(
        "sweep-batch-lists",
        "registry.tasks.sweep_batch_lists",
        30,
        _("Publishes confirmed batch lists, notes their entries, and ends their objection windows."),
        failures=("publish_list", "note_entries", "finalise_list"),
        by_calendar=True,
    ),
    PeriodicJob(
        "sweep-records",
        "registry.tasks.sweep_records",
        30,
        _("Writes the public records of filings ahead, as the public interface answers them."),
        failures=("write_record",),
    ),
    PeriodicJob(
        "remind-desks",
        "review.tasks.remind_desks",
        _QUARTER_HOUR,
        _(
            "Reminds the desk that holds a case on days 10, 15 and 18, and of answers of other bodies that are overdue."
        ),
        daily_from=_OFFICE_OPENS,
        failures=("remind_desk", "note_overdue"),
        by_calendar=True,
    ),
    PeriodicJob(
        "sweep-idle-claims",
        "review.tasks.sweep_idle_claims",
        _QUARTER_HOUR,
        _(
            "Ends claims on which nothing was done for the working days that are set, and tells their officers."
        ),
        failures=("end_claim",),
        by_calendar=True,
    ),
    PeriodicJob(
        "begin-leaves",
        "review.tasks.begin_leaves",
        _QUARTER_HOUR,
        _("Hands the cases that an officer chose to the substitute when the officer's leave begins."),
        failures=("begin_leave",),
        by_calendar=True,
    ),
    PeriodicJob(
        "settle-takeovers",
        "review.tasks.settle_takeovers",
        _QUARTER_HOUR,
        _("Puts the takeover of an applicant in effect once its owners have had their days to object."),
        failures=("settle_takeover",),
        by_calendar=True,
    ),
    PeriodicJob(
        "remind-applicants",
        "applicants.tasks.remind_applicants",
        _QUARTER_HOUR,
        _("Reminds applicants of filings, changes, resubmissions and cancellations that are due."),
        daily_from=_OFFICE_OPENS,
        failures=("remind_applicant",),
        by_calendar=True,
    ),
    PeriodicJob(
        "verify-register",
        "registry.tasks.verify_register",
        3600,
        _("Checks the whole register against its events, chains, numbers and documents."),
        daily_from=time(3),
    ),
    PeriodicJob(
        "daily-summary",
        "registry.tasks.daily_summary",
        _QUARTER_HOUR,
        _(
            "Keeps the ends of all chains of events as one digest a day, and sends it to the administrators"
            " with what was left undone."
        ),
        daily_from=time(7),
    ),
    PeriodicJob(
        "sweep-likeness",
        "review.tasks.sweep_likeness",
        600,
        _("Makes the traits by which likely duplicates are found."),
        failures=("make_traits",),
    ),
    PeriodicJob(
        "sweep-attachments",
        "registry.tasks.sweep_attachments",
        6 * 3600,
        _("Removes stored files that an interruption left without a row."),
    ),
    PeriodicJob(
        "sweep-pictures",
        "registry.tasks.sweep_pictures",
        300,
        _("Asks the decoder for pictures of the pages of files that have none yet."),
        failures=("read_file",),
    ),
    PeriodicJob(
        "sweep-site-visits",
        "review.tasks.sweep_site_visits",
        60,
        _("Looks at the web addresses of cases that arrived at a desk."),
        failures=("ask_for_visits", "visit_site"),
    ),
    PeriodicJob(
        "sweep-letters",
        "applicants.tasks.sweep_letters",
        6 * 3600,
        _("Warns of letters of authority that run out within 30 days."),
        failures=("tell_letter",),
        by_calendar=True,
    ),
    PeriodicJob(
        "erase-objectors",
        "registry.tasks.erase_objectors",
        3600,
        _("Erases who objected, what they wrote and their files, once the time to keep them is over."),
        daily_from=time(4),
        failures=("erase_objector",),
        by_calendar=True,
    ),
    PeriodicJob(
        "keep-day-figures",
        "registry.tasks.keep_day_figures",
        3600,
        _("Counts the figures of heads for the days that are over."),
        by_calendar=True,
    ),
    PeriodicJob(
        "sweep-sign-in-traces",
        "registry.tasks.sweep_sign_in_traces",
        24 * 3600,
        _("Forgets sessions that have ended and counters whose windows have closed."),
        by_calendar=True,
    ),
)


def job_of_task(task: str) -> PeriodicJob | None:
    """The periodic job that this task runs; None for any other task."""
    return _BY_TASK.get(task)


def find_job(name: str) -> PeriodicJob | None:
    """The periodic job with this name, if there is one."""
    return next((job for job in PERIODIC_JOBS if job.name == name), None)


_BY_TASK = {job.task: job for job in PERIODIC_JOBS}
