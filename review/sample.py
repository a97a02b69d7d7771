"""Sample working papers: claims and marks, so that a queue looks like on a working day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from registry.models import Account, Application, Event
from registry.rules.workflow.states import OFFICERS
from registry.sample.notices import notify_as_it_happened
from review.access import office_of
from review.desk import claims
from review.desk.checklist import checklist_of, mark, mark_rest_of_section
from review.desk.work import note_work
from review.models import ChecklistMark
from review.notices import desk_notices

_CLAIMING = ("beijing_one", "beijing_two", "guangdong_one", "national_one")
_CLAIMS_EACH = 2
_REMARK = "样例：未写明节点部署地点。"


def make_working_papers(accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Claims the oldest unclaimed cases, marks part of each officer's first one, and creates the offices' notices."""
    _note_work()
    at = now - timedelta(minutes=90)
    for key in _CLAIMING:
        officer = accounts[key]
        for number in range(_CLAIMS_EACH):
            application = claims.claim_next(officer=officer, at=at)
            if application is not None and number == 0:
                _examine(application, officer, at=at + timedelta(minutes=20))
    notify_as_it_happened(desk_notices.events_for_desks(), desk_notices.notify_desk)


def _note_work() -> None:
    """Notes who acted on the cases: the ledger took them through their acts, and no desk was by."""
    acts = Event.objects.filter(actor_role__in=OFFICERS, application__isnull=False)
    for event in acts.select_related("application", "actor").order_by("at"):
        if event.application is not None and event.actor is not None:
            note_work(event.application, officer=event.actor, at=event.at)


def examine(application: Application, officer: Account, *, deficient: Sequence[str], at: datetime) -> None:
    """Marks what the case asks of an officer: what the act will speak against as deficient, the rest as fine.

    An item that this kind of application does not ask about is not marked.
    """
    checklist = checklist_of(application, office_of(officer))
    wrong = [key for key in checklist.items if key in deficient]
    fine = [key for key in checklist.wanted if key not in deficient]
    verdicts = ((wrong, ChecklistMark.Verdict.DEFICIENT, _REMARK), (fine, ChecklistMark.Verdict.FINE, ""))
    for keys, verdict, remark in verdicts:
        if not keys:
            continue
        mark(
            application,
            keys,
            verdict=verdict,
            remark=remark,
            revision_number=application.revision_number,
            officer=officer,
            at=at,
        )


def _examine(application: Application, officer: Account, *, at: datetime) -> None:
    """Marks the applicant's section as fine, and one item of the service as deficient."""
    revision_number = application.revision_number
    mark_rest_of_section(application, "applicant", revision_number=revision_number, officer=officer, at=at)
    if "service.description" in checklist_of(application, office_of(officer)).items:
        mark(
            application,
            ["service.description"],
            verdict=ChecklistMark.Verdict.DEFICIENT,
            remark=_REMARK,
            revision_number=revision_number,
            officer=officer,
            at=at,
        )
