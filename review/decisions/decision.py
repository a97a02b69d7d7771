"""Records an officer's acts on a case, and finds what has happened since the officer opened it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.book import ledger
from registry.book.act_request import Actor, Request, Seen
from registry.book.revisions import get_revision, materials_of
from registry.book.uptake import end_uptake
from registry.errors import NotFound, OutOfDate
from registry.labels import particulars as words
from registry.models import Account, Application, Event
from registry.presentation.timeline import TimelineEntry, timeline
from registry.rules.particulars import changed_keys
from registry.rules.workflow.grounds import Marks
from registry.rules.workflow.guards import CHECKLIST_ANSWERED
from registry.rules.workflow.lifecycle import acts_that_ask
from registry.rules.workflow.states import PROPOSALS, Act
from review.access import Office, find_case, is_at_desk, office_of
from review.desk.actions import OFFICER_ACTS
from review.desk.checklist import checklist_of
from review.desk.claims import note_activity
from review.desk.passing_on import pass_on_returned
from review.models import Assignment, MarkVersion
from review.review_forms.signed_forms import require_signed_form

# The code of the refusal of an act whose page did not show what the office has marked deficient.
FOUND_SINCE = "found_deficient_since"

# After these an officer who takes the next step is another one.
_AWAITS_A_COLLEAGUE = frozenset({*PROPOSALS, Act.SEND_BACK})


@dataclass(frozen=True, slots=True)
class CaseUpdates:
    """The events and changed particulars of a case since a page was rendered."""

    events: list[TimelineEntry]
    changed: list[str]

    @property
    def anything(self) -> bool:
        return bool(self.events)


@transaction.atomic
def decide(
    act: Act,
    application_id: uuid.UUID,
    *,
    officer: Account,
    seen: Seen,
    deficient_seen: Collection[str],
    details: Mapping[str, Any],
    idempotency_key: uuid.UUID,
    at: datetime,
) -> Event:
    """Records one act, bound to the revision and event the officer saw, and to the items seen marked deficient.

    What the officer's office has marked goes with it (`registry.rules.workflow.grounds`); what a colleague found
    deficient since then is looked at first, whatever the act. A repeated call with the same key and content returns the
    first call's event. Raises NotFound, OutOfDate, TransitionNotAllowed, IdempotencyConflict.
    """
    if act not in OFFICER_ACTS:
        raise NotFound("act_unknown")
    application, office = find_case(officer, application_id), office_of(officer)
    require_signed_form(act, application, officer)
    made = _marks_made(application, office)
    checklist = checklist_of(application, office)
    new = [mark for mark in checklist.deficient if mark.key not in deficient_seen]
    if new and rests_on_marks(act):
        raise OutOfDate(
            FOUND_SINCE, keys=[mark.key for mark in new], names=sorted({mark.officer.name for mark in new})
        )
    request = Request(
        details=details,
        marks=Marks(
            checklist.is_answered,
            tuple(mark.key for mark in checklist.deficient),
            checklist.examined if rests_on_marks(act) else None,
        ),
        seen=seen,
        idempotency_key=idempotency_key,
    )
    event = ledger.record(act, application_id, actor=Actor.of(officer), request=request, at=at)
    # The ledger holds the case locked, as who marks does: nothing is marked from here on.
    if _marks_made(application, office) != made:
        raise OutOfDate("moved_on")
    _end_claim(act, application_id, officer, at=at)
    pass_on_returned(application_id, event, at=at)
    return event


def rests_on_marks(act: Act) -> bool:
    """Whether the act asks that everything is marked."""
    return act in acts_that_ask(CHECKLIST_ANSWERED)


def _marks_made(application: Application, office: Office) -> int:
    """How often the office has marked something, or taken a mark back."""
    return MarkVersion.objects.filter(application=application, office=office.value).count()


def updates_since(application: Application, seen: Seen) -> CaseUpdates:
    """The events after those the officer has seen, newest first, and the particulars changed since."""
    changed: list[str] = []
    if 0 < seen.revision_number < application.revision_number:
        before = materials_of(get_revision(application.pk, seen.revision_number))
        after = materials_of(get_revision(application.pk, application.revision_number))
        changed = [str(words.label_of(key)) for key in changed_keys(before, after)]
    events = timeline(application, internal=True, after=seen.event_sequence, newest_first=True)
    return CaseUpdates(events, changed)


def _end_claim(act: Act, application_id: uuid.UUID, officer: Account, *, at: datetime) -> None:
    """Ends the office's claim if the case has left the desk or awaits a colleague; else keeps the officer's alive.

    A proposal awaits a second officer, what is sent back awaits whoever examines it: while the claim stood, nobody
    would be offered the case.
    """
    application = find_case(officer, application_id)
    note_activity(application, officer=officer, at=at)
    is_here = is_at_desk(application, officer)
    if is_here and act not in _AWAITS_A_COLLEAGUE:
        return
    Assignment.objects.filter(
        application=application, office=office_of(officer).value, released_at__isnull=True
    ).update(released_at=at)
    if not is_here:
        end_uptake(application)
