"""The names of the offices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from registry.labels.province_words import full_name
from registry.rules.office.papers import NATIONAL_OFFICE_CODE
from registry.rules.workflow.states import PROVINCE, Role

_NATIONAL_OFFICE = _("National office")
_PROVINCIAL_OFFICE = _("Provincial office of %(province)s")


def office_label(role: Role, province_code: str) -> str:
    """The name of the office where officers of a role work."""
    if role in PROVINCE:
        return str(_PROVINCIAL_OFFICE) % {"province": full_name(province_code)}
    return str(_NATIONAL_OFFICE)


def office_name(office_code: str) -> str:
    """The name of an office by the key of its papers: the code of its province, or that of the nation."""
    if office_code == NATIONAL_OFFICE_CODE:
        return str(_NATIONAL_OFFICE)
    return office_label(Role.PROVINCIAL_HEAD, office_code)
