"""What the applicant is told of a proposed striking off: kind and facts by the event."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from registry.models import Attachment, Event, StrikingOff, StrikingOffFile
from registry.notices.fact_words import due_fact
from registry.notices.notice import not_told_of, notify
from registry.notices.told import Told
from registry.rules.days.deadlines import Period
from registry.rules.endings.events import Service, explanation_of
from registry.rules.endings.lifecycle import OPEN_STATES, StrikingOffAct, StrikingOffState
from registry.storage.attachments import MAY_BE_TRIED_AGAIN

FILE_REFUSED = "strike_off_file_refused"


def files_to_tell() -> list[uuid.UUID]:
    """The files of open proceedings that could not be read and of which nobody was told.

    Of one whose place takes no other any more: where it can be read once more.
    """
    side = StrikingOffFile.Side
    refused = StrikingOffFile.objects.filter(
        Q(side=side.OFFICE.value, proceeding__state=StrikingOffState.PROPOSED.value)
        | Q(side=side.APPLICANT.value, proceeding__state=StrikingOffState.STATED.value)
        | Q(attachment__refusal_code__in=MAY_BE_TRIED_AGAIN),
        attachment__state=Attachment.State.REFUSED,
        proceeding__state__in=[state.value for state in OPEN_STATES],
    )
    found = refused.order_by("attachment__uploaded_at", "pk").values_list("pk", flat=True)
    return not_told_of(found, FILE_REFUSED)


@transaction.atomic
def tell_of_file(file_id: uuid.UUID, *, at: datetime) -> int:
    """Tells whoever handed in a file of a proceeding, once, that it could not be read; gives how many notices are new.

    Nothing is told of a file that was tried again or replaced meanwhile.
    """
    file = (
        StrikingOffFile.objects.filter(pk=file_id, attachment__state=Attachment.State.REFUSED)
        .select_related("attachment__uploaded_by", "proceeding__filing", "proceeding__applicant")
        .first()
    )
    if file is None or file.attachment is None or file.attachment.uploaded_by is None:
        return 0
    proceeding, is_own = file.proceeding, file.side == StrikingOffFile.Side.APPLICANT
    desk = "applicants" if is_own else "review"
    return notify(
        FILE_REFUSED,
        key=str(file.pk),
        accounts=[file.attachment.uploaded_by],
        facts={
            "service_name": proceeding.filing.service_name,
            "proceeding_number": proceeding.number,
        },
        applicant=proceeding.applicant if is_own else None,
        link_path=reverse(f"{desk}:striking_off", args=[proceeding.pk]),
        at=at,
    )


def told_of_striking_off(event: Event) -> Told | None:
    """The notice of an event of a proceeding; None for a drop of what the applicant was never told of."""
    proceeding = StrikingOff.objects.select_related("filing").get(pk=event.stream_id)
    act, filing = StrikingOffAct(event.act), proceeding.filing
    facts: dict[str, object] = {
        "applicant_name": filing.applicant_name,
        "service_name": filing.service_name,
        "number": filing.number or "",
        "proceeding_number": proceeding.number,
    }
    path = reverse("applicants:striking_off", args=[proceeding.pk])
    grounds = {"ground": proceeding.ground, "reason": proceeding.reason, "basis": proceeding.basis}
    if act is StrikingOffAct.SEND_NOTICE:
        days = str(Period.STATEMENT.working_days)
        return Told("strike_off_notice", facts | grounds | {"statement_days": days}, filing, path)
    if act is StrikingOffAct.ANNOUNCE:
        service = Service.of(event.payload)
        dates = {
            "served_on": service.served_on.isoformat(),
            "statement_by": due_fact(service.statement_by, provisional=service.provisional),
        }
        return Told("strike_off_announced", facts | grounds | dates, filing, path)
    if act is StrikingOffAct.ANSWER:
        return Told("strike_off_answered", facts, filing, path)
    if proceeding.notified_at is None:
        return None
    return Told("strike_off_dropped", facts | {"reason": explanation_of(event.payload)}, filing, path)
