"""When particulars that a change leaves as they are were checked last, and by whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.functional import Promise

from registry.models import Account, Application
from registry.rules.workflow.events import Base
from registry.rules.workflow.states import Act, Kind, State
from review.access import Office, office_of
from review.models import ChecklistMark


@dataclass(frozen=True, slots=True)
class LastCheck:
    """One particular's last check: `name` is that of the officer, empty where the case lay with another province.

    `verdict` is what was found; None where no mark is kept and the case was decided as a whole.
    """

    at: datetime
    name: str
    verdict: Promise | str | None


def last_checks_of(
    application: Application, keys: Collection[str], officer: Account
) -> Mapping[str, LastCheck]:
    """The last check of each of these particulars before a change is decided, by key, as this officer may see it.

    A check is an office's mark on an approved application of the filing or about its applicant. Where there is none
    the approval counts that brought the particular into force; where the register has none either, nothing is given.
    """
    base = Base.of(application.events.get(act=Act.SUBMIT.value).payload) if keys else None
    if base is None:
        return {}
    about = Q(pk=base.application_id) | Q(
        kind=Kind.APPLICANT_CHANGE.value, applicant=application.applicant_id
    )
    if application.filing_id is not None:
        about |= Q(filing=application.filing_id)
    earlier = Application.objects.filter(about, state=State.APPROVED.value).exclude(pk=application.pk)
    if application.decided_at is not None:
        earlier = earlier.filter(decided_at__lt=application.decided_at)
    decided_at = earlier.filter(pk=base.application_id).values_list("decided_at", flat=True).first()
    found = {} if decided_at is None else {key: LastCheck(decided_at, "", None) for key in keys}
    marks = ChecklistMark.objects.filter(application__in=earlier, key__in=list(keys))
    for mark in marks.select_related("officer").order_by("marked_at"):
        may_see = office_of(officer) is Office.NATION or mark.province_code == officer.province_code
        found[mark.key] = LastCheck(
            mark.marked_at, mark.officer.name if may_see else "", mark.get_verdict_display()
        )
    return found
