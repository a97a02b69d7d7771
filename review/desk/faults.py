"""The faults of the catalogue as choices of a form field."""

from __future__ import annotations

from typing import Any

from registry.labels.reasons import fault_name
from registry.rules.particulars.reasons import Catalogue, place_of

Choices = list[tuple[Any, Any]]


def fault_choices(catalogue: Catalogue, *, key: str = "") -> Choices:
    """The faults by code and name; with a key, only those the catalogue offers for its place."""
    return [
        (code, fault_name(fault))
        for code, fault in catalogue.items()
        if not key or place_of(key) in fault.places
    ]
