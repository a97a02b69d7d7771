"""Who worked on a case: the officers who claimed it or acted on it, kept when the case has left the desk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from registry.models import Account, Application
from registry.rules.workflow.states import OFFICERS, PROVINCE
from review.access import Office, office_of
from review.models import CaseWork

_OFFICER_ROLES = sorted(role.value for role in OFFICERS)
_PROVINCIAL_ROLES = sorted(role.value for role in PROVINCE)


def note_work(application: Application, officer: Account, *, at: datetime) -> None:
    """Records that the officer works on the case now, in one statement."""
    work = CaseWork(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        officer=officer,
        first_at=at,
        last_at=at,
    )
    CaseWork.objects.bulk_create(
        [work], update_conflicts=True, unique_fields=["officer", "application"], update_fields=["last_at"]
    )


def officers_known_to(officer: Account) -> Q:
    """The condition of accounts whose work this officer sees: at a province its own officers, else all of them.

    Those who have left are among them: a case stays one that they worked on.
    """
    if office_of(officer) is Office.PROVINCE:
        return Q(role__in=_PROVINCIAL_ROLES, province_code=officer.province_code)
    return Q(role__in=_OFFICER_ROLES)


def workers_on(application_ids: Iterable[uuid.UUID], officer: Account) -> dict[uuid.UUID, list[str]]:
    """The names of those who worked on each case, in the order in which they began, as far as the officer sees them.

    One query for all.
    """
    known = Account.objects.filter(officers_known_to(officer))
    work = CaseWork.objects.filter(application__in=list(application_ids), officer__in=known)
    found: dict[uuid.UUID, list[str]] = {}
    for key, name in work.order_by("first_at", "id").values_list("application_id", "officer__name"):
        found.setdefault(key, []).append(name)
    return found
