"""Who at an office is told of a case: the officer who has claimed it, else its heads, else all its officers."""

from __future__ import annotations

from datetime import datetime

from registry.models import Account, Application
from registry.rules.workflow.states import Role
from review.access import OFFICE_ROLES, Office
from review.desk.claims import claims_on
from review.desk.leave import present

_HEADS = {Office.PROVINCE: Role.PROVINCIAL_HEAD, Office.NATION: Role.NATIONAL_HEAD}


def holders_of(application: Application, office: Office, *, at: datetime) -> list[Account]:
    """The recipients of an office's notices about a case: the claimant, else the heads, else all officers.

    For who is on leave it is the substitute.
    """
    claim = claims_on([application], office, at=at).get(application.pk)
    officers = officers_for(application, office)
    chosen = [officer for officer in officers if claim is not None and officer.pk == claim.officer_id]
    heads = [officer for officer in officers if officer.acts_as is _HEADS[office]]
    return present(chosen or heads or officers, at=at)


def officers_for(application: Application, office: Office) -> list[Account]:
    """The active officers of an office who may have the case."""
    roles = [role.value for role in OFFICE_ROLES[office]]
    found = Account.objects.filter(role__in=roles, is_active=True)
    if office is Office.PROVINCE:
        found = found.filter(province_code=application.province_code)
    return list(found.order_by("pk"))
