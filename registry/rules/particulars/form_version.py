"""The version of the form that materials were filled in on, and how older materials come to a newer one.

What was filed keeps its version, so that it stays complete and its checklist stays as it was. Materials state their
version under "form"; those from before the versions have none, and are of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from registry.rules.particulars.conditions import Condition, Not, answered
from registry.rules.particulars.materials import Materials, empty_materials, is_given, value_of
from registry.rules.particulars.service_categories import CATEGORIES

FORM = "form"
FIRST_VERSION = 1
CURRENT_VERSION = 3

_KEY = f"{FORM}.version"
_FORMS_OF_SERVICE = "service.service_forms"
# What a change may touch that a later version asks more about. Since version 3: who runs the chain or platform.
_ASKED_MORE = (
    _FORMS_OF_SERVICE,
    "service.apps",
    "service.technical_supporter",
    "service.chain_kind",
    *(category.main_chains_key for category in CATEGORIES),
)
# Since version 2 the particulars of a form of the service are asked only where the form is ticked.
_FORM_BY_GROUP: Mapping[str, str] = MappingProxyType(
    {
        "service.websites": "website",
        "service.apps": "app",
        "service.official_accounts": "official_account",
    }
)


def version_of(materials: Materials) -> int:
    version = value_of(materials, _KEY)
    return version if type(version) is int else FIRST_VERSION


def is_stated_version(answers: object) -> bool:
    """Whether this is all that materials state under "form", and nothing else."""
    return isinstance(answers, Mapping) and set(answers) == {"version"} and type(answers["version"]) is int


def since(version: int) -> Condition:
    """The form is of this version or a later one."""
    return answered(_KEY, *range(version, CURRENT_VERSION + 1))


def before(version: int) -> Condition:
    return Not(since(version))


def new_materials() -> dict[str, Any]:
    """Empty materials on the form as it is now."""
    return with_version(empty_materials(), CURRENT_VERSION)


def with_version(materials: Materials, version: int) -> dict[str, Any]:
    """The materials as those of this version, their answers unaltered."""
    others = {name: answers for name, answers in materials.items() if name != FORM}
    return others if version == FIRST_VERSION else {**others, FORM: {"version": version}}


def asks_more_of(before_change: Materials, after: Materials) -> bool:
    """Whether a change touches what the form as it is now asks more about."""
    return any(value_of(before_change, key) != value_of(after, key) for key in _ASKED_MORE)


def carried_over(materials: Materials, *, to: int = CURRENT_VERSION) -> dict[str, Any]:
    """The materials on another version of the form, without loss: a form of the service that has rows is ticked."""
    carried = with_version(materials, to)
    if version_of(materials) < 2 <= to:
        ticked = value_of(materials, _FORMS_OF_SERVICE)
        ticked = list(ticked) if isinstance(ticked, list) else []
        given = [form for key, form in _FORM_BY_GROUP.items() if is_given(value_of(materials, key))]
        if missing := [form for form in given if form not in ticked]:
            carried["service"] = {**carried["service"], "service_forms": [*ticked, *missing]}
    return carried
