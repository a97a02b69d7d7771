"""The administrator's page of jobs: last runs, work left undone, and ordering a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.deadlines import due
from registry.jobs import runs as jobs
from registry.jobs.periodic import PERIODIC_JOBS, PeriodicJob, find_job
from registry.models import Account, Delivery, JobFailure, JobOrder, JobRun, RegisterDigest
from registry.notices import filing_notices

_DIGESTS_SHOWN = 7
_FAILURES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as the page shows it; `standing` is its condition in words, `tone` the colour of it."""

    job: PeriodicJob
    rhythm: str
    succeeded_at: datetime | None
    done: int
    failed_at: datetime | None
    last_error: str
    attempts: int
    next_at: datetime | None
    left: int
    order: JobOrder | None
    tone: str
    standing: Promise


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many items of one kind of work are waiting."""

    label: Promise
    count: int


@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """Every periodic job with its last run, failures and backlogs; names no case and no person."""
    at = clock.now()
    failures = JobFailure.objects.order_by("-last_attempt_at", "job")
    return render(
        request,
        "office/jobs.html",
        {
            "lines": _lines(at),
            "failures": list(failures[:_FAILURES_SHOWN]),
            "failure_count": failures.count(),
            "backlogs": _backlogs(at),
            "digests": list(RegisterDigest.objects.order_by("-day")[:_DIGESTS_SHOWN]),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def run_job(request: HttpRequest, job_name: str) -> HttpResponse:
    """Asks for confirmation, then orders a run of a job; the order records who gave it."""
    job = find_job(job_name)
    if job is None:
        raise Http404
    if request.method == "POST":
        jobs.order_run(job.name, by=cast(Account, request.user), at=clock.now())
        messages.success(request, _("The job has been asked to run. Look again in a moment."))
        return redirect("office:jobs")
    context = {"job": job, "left": JobFailure.objects.filter(job__in=job.failures).count()}
    return render(request, "office/run_job.html", context)


def _lines(at: datetime) -> list[JobLine]:
    runs: dict[str, list[JobRun]] = {}
    for run in JobRun.objects.order_by("-started_at"):
        runs.setdefault(run.job, []).append(run)
    orders: dict[str, JobOrder] = {}
    for order in JobOrder.objects.select_related("ordered_by").order_by("ordered_at"):
        orders[order.job] = order
    left = dict.fromkeys(PERIODIC_JOBS, 0)
    names = list(JobFailure.objects.values_list("job", flat=True))
    for job in PERIODIC_JOBS:
        left[job] = sum(name in job.failures for name in names)
    return [
        _line(job, runs.get(job.name, []), left=left[job], order=orders.get(job.name), at=at)
        for job in PERIODIC_JOBS
    ]


def _line(
    job: PeriodicJob, runs: list[JobRun], *, left: int, order: JobOrder | None, at: datetime
) -> JobLine:
    """The line of a job; `runs` are its runs, newest first."""
    latest = runs[0] if runs else None
    succeeded = next((run for run in runs if run.succeeded_at is not None), None)
    failed = next((run for run in runs if run.failed_at is not None and run.last_error), None)
    tone, standing = _standing(latest, left=left, at=at)
    return JobLine(
        job=job,
        rhythm=_rhythm(job),
        succeeded_at=succeeded.succeeded_at if succeeded is not None else None,
        done=succeeded.done if succeeded is not None else 0,
        failed_at=failed.failed_at if failed is not None else None,
        last_error=failed.last_error if failed is not None else "",
        attempts=latest.attempts if latest is not None else 0,
        next_at=_next(job, latest),
        left=left,
        order=order,
        tone=tone,
        standing=standing,
    )


def _standing(latest: JobRun | None, *, left: int, at: datetime) -> tuple[str, Promise]:
    if latest is None:
        return "open", gettext_lazy("has not run yet")
    if latest.failed_at is not None and latest.failed_at >= (latest.succeeded_at or latest.started_at):
        return "bad", gettext_lazy("failed")
    if latest.succeeded_at is None or latest.succeeded_at < latest.started_at:
        if latest.started_at < at - jobs.KILLED_AFTER:
            return "bad", gettext_lazy("did not end")
        return "working", gettext_lazy("running")
    return ("warning", gettext_lazy("left work undone")) if left else ("good", gettext_lazy("in order"))


def _rhythm(job: PeriodicJob) -> str:
    if job.daily_from is not None:
        return _("once a day, from %(time)s") % {"time": job.daily_from.strftime("%H:%M")}
    seconds = round(job.every_seconds)
    if seconds < 60:
        return ngettext("every %(count)s second", "every %(count)s seconds", seconds) % {"count": seconds}
    minutes = seconds // 60
    if minutes < 60:
        return ngettext("every %(count)s minute", "every %(count)s minutes", minutes) % {"count": minutes}
    hours = minutes // 60
    return ngettext("every %(count)s hour", "every %(count)s hours", hours) % {"count": hours}


def _next(job: PeriodicJob, latest: JobRun | None) -> datetime | None:
    """The earliest time of the job's next run; None when it has never run."""
    if latest is None:
        return None
    if job.daily_from is None:
        return latest.started_at + timedelta(seconds=job.every_seconds)
    if latest.succeeded_at is None:
        return latest.started_at + timedelta(seconds=job.every_seconds)
    tomorrow = clock.china_date(latest.started_at) + timedelta(days=1)
    return datetime.combine(tomorrow, job.daily_from, tzinfo=clock.CHINA)


def _backlogs(at: datetime) -> list[Backlog]:
    state = Delivery.State
    deliveries = Delivery.objects
    return [
        Backlog(gettext_lazy("Filings that await their number"), len(due.to_number())),
        Backlog(gettext_lazy("Cases to pass on after day 15"), len(due.to_escalate(at))),
        Backlog(gettext_lazy("Late cases not yet recorded"), len(due.to_record_lateness(at))),
        Backlog(gettext_lazy("Rejected applications to let lapse"), len(due.to_lapse(at))),
        Backlog(gettext_lazy("Cancellations to take effect"), len(due.to_take_effect(at))),
        Backlog(gettext_lazy("Events nobody was told of yet"), len(filing_notices.events_for_applicants())),
        Backlog(
            gettext_lazy("Messages waiting to be sent"),
            deliveries.filter(state__in=[state.WAITING, state.REFUSED]).count(),
        ),
        Backlog(
            gettext_lazy("Messages given up or of unknown outcome"),
            deliveries.filter(state__in=[state.GIVEN_UP, state.UNKNOWN]).count(),
        ),
    ]
