"""What the visits do: addresses of cases that arrived are put on the list, and each is looked at and the look kept.

May run twice, late or be killed, with the same result.
"""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef

from registry import clock
from registry.book.held_facts import materials_as_of
from registry.jobs import runs
from registry.models import Application, JobFailure
from registry.rules.workflow.states import Kind
from review.access import OFFICE_STATES
from review.models import VisitedRevision
from review.visits import visitor, waiting
from review.visits.addresses import filed_addresses, words_of
from review.visits.seen import broken_off, read_answer

# Under these names the work that failed is kept, and the process says that it lives.
ASKING_FAILURES = "ask_for_visits"
FAILURES = "visit_site"
VISITS = "visits"

_log = structlog.get_logger(__name__)


def arrived(*, most: int) -> list[uuid.UUID]:
    """The applications at a desk whose present revision was not put on the list yet, the oldest first."""
    if not settings.SITE_VISITS:
        return []
    states = [state.value for found in OFFICE_STATES.values() for state in found]
    visited = VisitedRevision.objects.filter(
        application=OuterRef("pk"), revision_number=OuterRef("revision_number")
    )
    found = Application.objects.filter(~Exists(visited), state__in=states)
    return list(found.order_by("received_on", "pk").values_list("pk", flat=True)[:most])


@transaction.atomic
def ask_for_arrived(application_id: uuid.UUID, *, at: datetime) -> None:
    """Puts the filed addresses of a case on the list, once for each revision."""
    application = Application.objects.select_for_update().get(pk=application_id)
    _row, is_new = VisitedRevision.objects.get_or_create(
        application=application,
        revision_number=application.revision_number,
        defaults={
            "applicant_id": application.applicant_id,
            "province_code": application.province_code,
            "at": at,
        },
    )
    if not is_new:
        return
    materials = materials_as_of(application)
    addresses = filed_addresses(Kind(application.kind), materials)
    waiting.ask(application, addresses, words=words_of(materials), asked_by=None, at=at)


def work_once(worker: str) -> bool:
    """Takes one address from the list and has it looked at; gives whether there was one.

    While no visitor answers, the address stays on the list. A failure is kept with its reason and tried again a few
    times; an unreachable database raises.
    """
    if not settings.SITE_VISITS or not waiting.has_free() or not visitor.is_there():
        return False
    row = waiting.take(worker)
    if row is None:
        return False
    order = waiting.order_of(row)
    try:
        if row.attempts > waiting.MOST_ATTEMPTS:
            # Nobody who began with it lived to say what it saw.
            seen = broken_off(order.url)
        else:
            answer = visitor.ask_visitor(order.url, order.words)
            seen = read_answer(answer, url=order.url)
        waiting.finish(row, seen, at=clock.now())
    except waiting.Overtaken:
        pass
    except visitor.VisitorAway as error:
        _log.warning("visitor_away", reason=runs.reason_of(error))
        waiting.set_free(row, was_begun=False)
        return False
    except DatabaseError:
        raise
    except Exception as error:
        _log.error("site_not_visited", visit=str(row.pk), reason=runs.reason_of(error))
        runs.record_failure(FAILURES, row.pk, error)
        waiting.set_free(row, was_begun=True)
    else:
        JobFailure.objects.filter(job=FAILURES, subject_id=row.pk).delete()
        _log.info("site_visited", visit=str(row.pk), problem=seen.failure, status=seen.status)
    return True


def say_alive(*, at: datetime) -> None:
    """Notes that the visits live, if a visitor answers them."""
    if visitor.is_there():
        runs.say_alive(VISITS, at=at)


def is_alive(*, at: datetime) -> bool:
    """Whether the visits said so a moment ago."""
    return runs.is_alive(VISITS, at=at)
