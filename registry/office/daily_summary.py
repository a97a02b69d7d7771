"""The administrators' daily summary: failed jobs, work left undone, and the register's digest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from registry import clock
from registry.integrity import digests
from registry.jobs.clock_watch import ClockWrong, require_right_clock
from registry.models import Account, JobFailure, JobRun
from registry.notices import notice as notices
from registry.rules.workflow.states import Role

# In the place of a digest that was not made.
NO_DIGEST = "—"


@transaction.atomic
def summarise(at: datetime) -> int:
    """Makes the day's digest and notifies every administrator once; gives how many notices were new.

    While the clock cannot be right no digest is made, which would stand under a wrong day for good; the next one covers
    what it leaves out. The notice names jobs and counts, never the content of a case.
    """
    try:
        require_right_clock()
        digest = digests.make_digest(at).hash
    except ClockWrong:
        digest = NO_DIGEST
    day = clock.china_date(at).isoformat()
    failed = JobRun.objects.filter(Q(succeeded_at__isnull=True) | Q(failed_at__gt=F("succeeded_at")))
    names = failed.filter(failed_at__isnull=False).order_by("job").values_list("job", flat=True).distinct()
    administrators = Account.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    return notices.notify(
        "daily_summary",
        key=day,
        accounts=administrators,
        facts={
            "day": day,
            "failures": JobFailure.objects.count(),
            "jobs": list(names),
            "digest": digest,
        },
        link_path=reverse("office:jobs"),
        at=at,
    )
