"""The cases an officer may see: those of the own province, or all for the national office.

Anything else does not exist for the officer: the views answer 404.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest

from registry.errors import NotFound
from registry.models import Account, Application
from registry.rules.workflow.states import HEADS, NATION, PROVINCE, Role, State


class Office(StrEnum):
    """The two levels that review (Art. 3); marks and claims belong to one of them."""

    PROVINCE = "province"
    NATION = "nation"


OFFICE_STATES: dict[Office, tuple[State, ...]] = {
    Office.PROVINCE: (State.PROVINCIAL_REVIEW, State.PROVINCIAL_CONFIRMATION),
    Office.NATION: (State.NATIONAL_REVIEW, State.NATIONAL_CONFIRMATION),
}
OFFICE_ROLES: dict[Office, frozenset[Role]] = {Office.PROVINCE: PROVINCE, Office.NATION: NATION}


def officer_of(request: HttpRequest) -> Account:
    """The signed-in officer. Raises NotFound for anybody else, whatever the access table allowed."""
    account = cast(Account, request.user)
    if not account.is_authenticated or not account.is_officer:
        raise NotFound("not_found")
    return account


def national_officer(request: HttpRequest) -> Account:
    """The officer of the national office who is signed in. Raises NotFound for anybody else."""
    return _in_role(request, NATION)


def national_head(request: HttpRequest) -> Account:
    """The head of the national office who is signed in. Raises NotFound for anybody else."""
    return _in_role(request, frozenset({Role.NATIONAL_HEAD}))


def _in_role(request: HttpRequest, roles: frozenset[Role]) -> Account:
    officer = officer_of(request)
    if officer.acts_as not in roles:
        raise NotFound("not_found")
    return officer


def office_of(officer: Account) -> Office:
    """The level an officer works at. Raises NotFound for an account that is no officer."""
    role = officer.acts_as
    for office, roles in OFFICE_ROLES.items():
        if role in roles:
            return office
    raise NotFound("not_found")


def is_head(officer: Account) -> bool:
    return officer.acts_as in HEADS


def cases_of(officer: Account) -> QuerySet[Application]:
    """Every application within the officer's jurisdiction, open or closed."""
    cases = Application.objects.select_related("filing")
    if office_of(officer) is Office.PROVINCE:
        return cases.filter(province_code=officer.province_code)
    return cases


def open_cases(officer: Account) -> QuerySet[Application]:
    """The cases that lie at the officer's office now."""
    states = [state.value for state in OFFICE_STATES[office_of(officer)]]
    return cases_of(officer).filter(state__in=states)


def find_case(officer: Account, application_id: uuid.UUID) -> Application:
    """One application within the jurisdiction. Raises NotFound, whether or not it exists elsewhere."""
    application = cases_of(officer).filter(pk=application_id).first()
    if application is None:
        raise NotFound("application_unknown")
    return application


def is_at_desk(application: Application, officer: Account) -> bool:
    """Whether the officer's office holds the case now."""
    return State(application.state) in OFFICE_STATES[office_of(officer)]


def colleagues_of(officer: Account) -> QuerySet[Account]:
    """The active officers of the same office, oneself included, by name."""
    return officers_at(office_of(officer), officer.province_code)


def officers_at(office: Office, province_code: str) -> QuerySet[Account]:
    """The active officers of an office, by name; `province_code` is that of a provincial office."""
    roles = [role.value for role in OFFICE_ROLES[office]]
    found = Account.objects.filter(role__in=roles, is_active=True)
    if office is Office.PROVINCE:
        found = found.filter(province_code=province_code)
    return found.order_by("name", "id")


def heads_at(office: Office, province_code: str) -> list[Account]:
    """The heads of an office; its officers where it has none, and the heads of the nation where nobody is left."""
    officers = list(officers_at(office, province_code))
    heads = [officer for officer in officers if is_head(officer)]
    if heads or officers or office is Office.NATION:
        return heads or officers
    return heads_at(Office.NATION, "")
