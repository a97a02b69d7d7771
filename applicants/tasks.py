"""Background jobs of the applicants' desk. They find their work in the database and may run twice or late."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from celery import shared_task
from django.db import transaction

from applicants.deadlines import moved_deadlines, reminders
from registry import clock
from registry.jobs import runs as jobs
from registry.members import notices as member_notices
from registry.members.memberships import owners_of
from registry.models import Membership
from registry.rules.members.permissions import LETTER_REMINDER_DAYS


@shared_task(name="applicants.tasks.sweep_letters")
def sweep_letters() -> int:
    """Tells agents and owners of letters of authority that end within 30 days. Gives how many letters it looked at.

    Each letter is told of once: the notice is unique by membership and last day.
    """
    at = clock.now()
    today = clock.china_date(at)
    ending = Membership.objects.filter(
        is_agent=True,
        revoked_at__isnull=True,
        letter_valid_until__gte=today,
        letter_valid_until__lte=today + timedelta(days=LETTER_REMINDER_DAYS),
    )
    found = list(ending.order_by("letter_valid_until", "pk").values_list("pk", flat=True))
    return jobs.do_each("tell_letter", found, lambda membership: _tell_letter(membership, at=at))


@shared_task(name="applicants.tasks.remind_applicants")
def remind_applicants() -> int:
    """Reminds applicants of what they have to do by when. Gives how many subjects were looked at."""
    at = clock.now()
    subjects = reminders.subjects_to_look_at()
    return jobs.do_each("remind_applicant", subjects, lambda subject: reminders.remind(subject, at=at))


@shared_task(name="applicants.tasks.sweep_moved_deadlines")
def sweep_moved_deadlines() -> int:
    """Tells applicants of drafts and planned ends whose last day a holiday notice moved. Gives how many it looked at.

    A notice is done when every one of them was told; until then each run takes up what failed.
    """
    at = clock.now()
    waiting = moved_deadlines.notices_to_announce()
    subjects = moved_deadlines.subjects_of(waiting)
    looked_at = jobs.do_each(
        "tell_own_move", subjects, lambda subject: moved_deadlines.notify_of_moves(subject, waiting, at=at)
    )
    if looked_at == len(subjects):
        moved_deadlines.mark_announced(waiting, at=at)
    return looked_at


@transaction.atomic
def _tell_letter(membership_id: uuid.UUID, *, at: datetime) -> int:
    membership = Membership.objects.select_related("applicant", "account").get(pk=membership_id)
    told = {membership.account, *owners_of(membership.applicant)}
    return member_notices.notify_letter_expires(membership, told, at=at)
