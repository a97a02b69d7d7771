"""Sending a question: what goes along unmasked is recorded as shown, in the transaction of the question."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from registry.book.act_request import Actor
from registry.book.locks import lock_row
from registry.consultations import consultations
from registry.consultations.consultations import Asking
from registry.models import Account, Application, Consultation
from review.desk.claims import note_activity
from review.reveals.reveals import reveal


@transaction.atomic
def send_question(
    application: Application,
    asking: Asking,
    *,
    officer: Account,
    reason: str,
    key: uuid.UUID | None,
    at: datetime,
) -> Consultation:
    """Sends a question about a case, and records each value that it shows in full with the reason for it.

    A repeated call with the same key records nothing again. Raises RevealRefused without a reason, and what
    `consultations.send` raises; nothing is recorded then.
    """
    lock_row(Application, application.pk)
    known = set(Consultation.objects.filter(application=application).values_list("pk", flat=True))
    sent = consultations.send(application.pk, asking, actor=Actor.of(officer), key=key, at=at)
    if sent.pk not in known:
        for each in asking.in_full:
            reveal(application, each, reason=reason, officer=officer, at=at)
        note_activity(application, officer=officer, at=at)
    return sent
