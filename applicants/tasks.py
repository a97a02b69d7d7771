"""Background jobs for applicants. They find their work in the database and may run twice or late."""

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
    """Notifies agents and owners of letters of authority that end within 30 days; returns the number examined.

    Each letter is announced once: the notice is unique by membership and last day.
    """
    at = clock.now()
    return jobs.do_each(
        "tell_letter", letters_ending(at), lambda membership: _notify_of_letter(membership, at=at)
    )


def letters_ending(at: datetime) -> list[uuid.UUID]:
    """The memberships of agents whose letter of authority ends within 30 days, the first to end first."""
    today = clock.china_date(at)
    ending = Membership.objects.filter(
        is_agent=True,
        revoked_at__isnull=True,
        letter_valid_until__gte=today,
        letter_valid_until__lte=today + timedelta(days=LETTER_REMINDER_DAYS),
    )
    return list(ending.order_by("letter_valid_until", "pk").values_list("pk", flat=True))


@shared_task(name="applicants.tasks.remind_applicants")
def remind_applicants() -> int:
    """Reminds applicants of their deadlines; returns the number of subjects examined."""
    at = clock.now()
    subjects = reminders.subjects_to_look_at()
    return jobs.do_each("remind_applicant", subjects, lambda subject: reminders.remind(subject, at=at))


@shared_task(name="applicants.tasks.sweep_moved_deadlines")
def sweep_moved_deadlines() -> int:
    """Notifies applicants of deadlines of drafts and planned ends that a holiday notice moved.

    Returns the number of subjects examined. A notice is done once all of them were announced; until then each
    run repeats what failed.
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
def _notify_of_letter(membership_id: uuid.UUID, *, at: datetime) -> int:
    membership = Membership.objects.select_related("applicant", "account").get(pk=membership_id)
    recipients = {membership.account, *owners_of(membership.applicant)}
    return member_notices.notify_letter_expires(membership, recipients, at=at)
