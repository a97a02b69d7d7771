"""Sample working papers: some claims and marks, so that a queue looks as it does on a working day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from registry.models import Account, Application
from registry.sample.notices import tell_as_it_happened
from review.access import office_of
from review.desk import claims
from review.desk.checklist import checklist_of, mark, mark_rest_of_section
from review.models import ChecklistMark
from review.notices import desk_notices

_CLAIMING = ("beijing_one", "beijing_two", "guangdong_one", "national_one")
_CLAIMS_EACH = 2


def make_sample_papers(accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Claims of the oldest unclaimed cases, the first of each officer examined in part, and the desks' notices."""
    at = now - timedelta(minutes=90)
    for key in _CLAIMING:
        officer = accounts[key]
        for number in range(_CLAIMS_EACH):
            application = claims.claim_next(officer=officer, at=at)
            if application is not None and number == 0:
                _examine(application, officer, at=at + timedelta(minutes=20))
    tell_as_it_happened(desk_notices.events_for_desks(), desk_notices.notify_desk)


def _examine(application: Application, officer: Account, *, at: datetime) -> None:
    """The applicant's section done, one fault found in the service."""
    revision_number = application.revision_number
    mark_rest_of_section(application, "applicant", revision_number=revision_number, officer=officer, at=at)
    if "service.description" in checklist_of(application, office_of(officer)).items:
        mark(
            application,
            ["service.description"],
            verdict=ChecklistMark.Verdict.DEFICIENT,
            remark="样例：未写明节点部署地点。",
            revision_number=revision_number,
            officer=officer,
            at=at,
        )
