"""The names of the offices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from registry.labels.province_words import full_name
from registry.rules.workflow.states import PROVINCE, Role

_NATIONAL_OFFICE = _("National office")
_PROVINCIAL_OFFICE = _("Provincial office of %(province)s")


def office_label(role: Role, province_code: str) -> str:
    """The name of the office where officers of a role work."""
    if role in PROVINCE:
        return str(_PROVINCIAL_OFFICE) % {"province": full_name(province_code)}
    return str(_NATIONAL_OFFICE)
