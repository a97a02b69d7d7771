"""Ends claims on which nothing was done for the time that is set, so that nobody seems to work on what lies."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from registry.book.locks import lock_row
from registry.book.uptake import idle_limit
from registry.models import Application
from registry.rules.office.events import OfficeAct
from registry.rules.workflow.states import State
from review.access import OFFICE_STATES, Office
from review.desk.claims import end_claim, record_change
from review.models import Assignment


def idle_claims(at: datetime) -> list[uuid.UUID]:
    """The unreleased claims that have expired, the longest idle first."""
    found = Assignment.objects.filter(released_at__isnull=True, active_at__lt=idle_limit(at))
    return list(found.order_by("active_at", "pk").values_list("pk", flat=True))


@transaction.atomic
def end_idle_claim(claim_id: uuid.UUID, *, at: datetime) -> bool:
    """Ends one expired claim; gives whether it did.

    The case is locked and the claim read again: what its officer did meanwhile keeps it, and of two jobs one ends it.
    Where the case has left the office nobody loses anything by it, and no act is recorded.
    """
    found = Assignment.objects.filter(pk=claim_id).first()
    if found is None:
        return False
    application = lock_row(Application, found.application_id)
    claim = Assignment.objects.select_related("officer").get(pk=claim_id)
    if claim.released_at is not None or claim.active_at >= idle_limit(at):
        return False
    end_claim(claim, application, at=at)
    if State(application.state) in OFFICE_STATES[Office(claim.office)]:
        record_change(OfficeAct.CLAIM_EXPIRED, application, claim.officer_id, None, by=None, at=at, reason="")
    return True
