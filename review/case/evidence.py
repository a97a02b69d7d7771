"""The attached documents that prove a particular, so that both can be viewed side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.rules.particulars.evidence import proving_slots
from registry.rules.particulars.materials import files_of


@dataclass(frozen=True, slots=True)
class Proof:
    """A document that proves a particular: its label, and the id of its first file."""

    label: Promise
    file_id: str


def proofs_of(key: str, materials: Mapping[str, Any]) -> list[Proof]:
    """The attached documents that prove a particular, one for each slot."""
    return [
        Proof(words.label_of(slot), str(files[0].get("id", "")))
        for slot in proving_slots(key)
        if (files := files_of(materials, slot))
    ]
