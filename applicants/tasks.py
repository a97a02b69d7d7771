"""Background jobs of the applicants' desk. They find their work in the database and may run twice or late."""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery import shared_task

from applicants import reminders
from registry import clock, jobs, member_notices
from registry.members import owners_of
from registry.models import Membership
from registry.rules.members import LETTER_REMINDER_DAYS

_log = structlog.get_logger(__name__)


@shared_task(name="applicants.tasks.sweep_letters")
def sweep_letters() -> int:
    """Tells agents and owners of letters of authority that end within 30 days. Gives how many were told.

    Each letter is told of once: the notice is unique by membership and last day.
    """
    at = clock.now()
    today = clock.china_date(at)
    ending = Membership.objects.filter(
        is_agent=True,
        revoked_at__isnull=True,
        letter_valid_until__gte=today,
        letter_valid_until__lte=today + timedelta(days=LETTER_REMINDER_DAYS),
    ).select_related("applicant", "account")
    told = sum(
        member_notices.letter_expires(
            membership, {membership.account, *owners_of(membership.applicant)}, at=at
        )
        for membership in ending
    )
    if told:
        _log.info("letters_told", count=told)
    return told


@shared_task(name="applicants.tasks.remind_applicants")
def remind_applicants() -> int:
    """Reminds applicants of what they have to do by when. Gives how many deadlines were looked after."""
    at = clock.now()
    found = {each.subject_id: each for each in reminders.deadlines_to_remind_of(at)}
    return jobs.do_each("remind_applicant", found, lambda subject: reminders.remind(found[subject], at=at))
