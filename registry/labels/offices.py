"""The names of the offices, and the office that holds an application."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy as _

from registry.rules.codes.jurisdictions import province_of
from registry.rules.workflow.states import DESKS, PROVINCE, Role, State

_NATIONAL_OFFICE = _("National office")
_PROVINCIAL_OFFICE = _("Provincial office of %(province)s")


class HeldApplication(Protocol):
    """The attributes of an application that tell which office holds it."""

    @property
    def state(self) -> str: ...
    @property
    def clock_desk(self) -> str | None: ...
    @property
    def province_code(self) -> str: ...


def desk_label(application: HeldApplication) -> str:
    """The office that holds an open application, the deciding office of a closed one."""
    return office_label(holding_role(application), application.province_code)


def holding_role(application: HeldApplication) -> Role:
    """The role at whose desk an open application lies, or that decided a closed one."""
    role = DESKS.get(State(application.state), application.clock_desk and Role(application.clock_desk))
    return role or Role.NATIONAL_REVIEWER


def office_label(role: Role, province_code: str) -> str:
    """The name of the office where officers of a role work."""
    if role in PROVINCE:
        return str(_PROVINCIAL_OFFICE) % {"province": province_of(province_code).name}
    return str(_NATIONAL_OFFICE)
