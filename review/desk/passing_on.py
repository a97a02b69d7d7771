"""What goes to a substitute: the cases chosen when a leave begins, and those that come back while it lasts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from registry import clock
from registry.book.locks import lock_row
from registry.models import Account, Application, Event
from registry.rules.office.events import OfficeAct
from registry.rules.workflow.states import PROPOSALS, PROVINCE, Act, Role
from review.access import cases_of, is_at_desk, office_of
from review.desk.claims import ClaimRefused, assign, is_own_proposal, live_claims, record_change
from review.desk.handover import Handover, record_handover
from review.desk.leave import stand_in_of
from review.models import OfficerLeave

# To whom a case comes back by each of these acts: to who took the latest of those.
_COMES_BACK_TO: Mapping[Act, frozenset[Act]] = {
    Act.RETURN_TO_PROVINCE: frozenset({Act.FORWARD}),
    Act.SEND_BACK: frozenset(PROPOSALS),
}


def pass_on_returned(application_id: uuid.UUID, event: Event, *, at: datetime) -> Account | None:
    """Gives a case that has just come back to somebody on leave to the substitute; gives whom, if anybody.

    Call after the act that brought it back: a repeated call changes nothing.
    """
    acts = _COMES_BACK_TO.get(Act(event.act))
    if acts is None:
        return None
    earlier = Event.objects.select_related("actor").filter(
        application=application_id, act__in=[act.value for act in acts], sequence__lt=event.sequence
    )
    latest = earlier.order_by("-sequence").first()
    author = latest.actor if latest is not None else None
    if latest is None or author is None or not author.is_officer:
        return None
    # Who has gone to another office is not whom it comes back to.
    if (Role(latest.actor_role) in PROVINCE) != (author.acts_as in PROVINCE):
        return None
    substitute = stand_in_of(author, at=at)
    if substitute is None:
        return None
    return substitute if _give(application_id, author, substitute, at=at) == "" else None


def leaves_to_begin(at: datetime) -> list[uuid.UUID]:
    """The leaves whose first day has come and whose cases have not been handed over yet."""
    today = clock.china_date(at)
    found = OfficerLeave.objects.filter(
        first_on__lte=today, last_on__gte=today, begun_at__isnull=True, ended_at__isnull=True
    )
    return list(found.order_by("first_on", "id").values_list("pk", flat=True))


@transaction.atomic
def begin_leave(leave_id: uuid.UUID, *, at: datetime) -> Handover:
    """Hands over the cases that the officer chose, once, and names what could not be; a repeated call does nothing.

    They go to the substitute, or to who stands in for one who is away too; where nobody does, they stay.
    """
    rows = OfficerLeave.objects.select_for_update(of=("self",)).select_related("officer", "substitute")
    leave = rows.filter(pk=leave_id, begun_at__isnull=True, ended_at__isnull=True).first()
    if leave is None:
        return Handover((), ())
    leave.begun_at = at
    leave.save(update_fields=["begun_at"])
    substitute = stand_in_of(leave.officer, at=at)
    done, left = [], []
    chosen = Application.objects.filter(pk__in=[uuid.UUID(each) for each in leave.cases]).order_by("pk")
    for application in chosen:
        refused = "substitute_not_there"
        if substitute is not None:
            refused = _give(application.pk, leave.officer, substitute, at=at, only_held=True)
        if refused:
            left.append((application, refused))
        else:
            done.append(application)
    found = Handover(tuple(done), tuple(left))
    if done or left:
        taker = substitute if substitute is not None else leave.substitute
        record_handover(found, giver=leave.officer, taker=taker, by=None, at=at, reason="")
    return found


@transaction.atomic
def _give(
    application_id: uuid.UUID, officer: Account, substitute: Account, *, at: datetime, only_held: bool = False
) -> str:
    """Gives one case to the substitute; the code of why not, or an empty text.

    `only_held` gives only what the officer holds; else what a colleague holds stays with the colleague.
    """
    application = lock_row(Application, application_id)
    is_theirs = cases_of(substitute).filter(pk=application_id).exists()
    if not is_theirs or not is_at_desk(application, substitute):
        return "not_at_this_desk"
    held = live_claims(office_of(substitute), at=at).filter(application=application).first()
    if held is not None and held.officer_id == substitute.pk:
        return "" if not only_held else "held_by_another_meanwhile"
    if (held is None and only_held) or (held is not None and held.officer_id != officer.pk):
        return "held_by_another_meanwhile"
    if is_own_proposal(application, substitute):
        return "own_proposal_of_substitute"
    try:
        given = assign(application, substitute, at=at)
    except ClaimRefused as refusal:
        return refusal.code
    before = held.officer_id if held is not None else None
    record_change(OfficeAct.CLAIM_HANDED_OVER, application, before, given, by=None, at=at, reason="")
    return ""
