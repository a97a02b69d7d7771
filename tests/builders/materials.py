"""Materials for tests: complete sample materials with a file in every slot that must have one."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from registry.rules.particulars import INITIAL_LISTS, find_slot, required_slots
from registry.sample.materials import individual_materials, organisation_materials

TODAY = date(2026, 11, 20)

LISTS: Mapping[str, frozenset[str]] = {
    name: frozenset(entry.code for entry in entries) for name, entries in INITIAL_LISTS.items()
}


def attached_file(slot: str, *, number: int = 1) -> dict[str, Any]:
    """A file's entry in the materials; the same slot and number give the same entry."""
    seed = f"{slot} {number}"
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, seed)),
        "name": f"样例扫描件-{slot}-{number}.pdf",
        "sha256": hashlib.sha256(seed.encode()).hexdigest(),
        "size_bytes": 20_000 + number,
        "content_type": "application/pdf",
        "page_count": 1,
    }


def with_required_files(materials: Mapping[str, Any]) -> dict[str, Any]:
    """The materials with a file in every required slot that has none."""
    filled = deepcopy(dict(materials))
    for key in required_slots(filled):
        name = find_slot(key).name
        filled["attachments"].setdefault(name, [attached_file(name)])
    return filled


def complete_organisation(*, seed: int = 1, today: date = TODAY, **choices: Any) -> dict[str, Any]:
    """Materials of a sample organisation without a single gap on `today`."""
    return with_required_files(organisation_materials(seed=seed, today=today, **choices))


def complete_individual(*, seed: int = 1, today: date = TODAY, **choices: Any) -> dict[str, Any]:
    """Materials of a sample individual without a single gap on `today`."""
    return with_required_files(individual_materials(seed=seed, today=today, **choices))


def of_first_version(materials: Mapping[str, Any]) -> dict[str, Any]:
    """Complete materials as the form asked for them before it had versions: they state none."""
    older = deepcopy(dict(materials))
    del older["form"]
    for later in ("node_countries", "upstream", "upstream_filings", "no_upstream_filing_reason"):
        older["service"].pop(later, None)
    older["service"] |= {
        "node_count": 3,
        "node_places": [{"place": "北京市", "node_count": 2}, {"place": "新加坡", "node_count": 1}],
        "has_management_system": True,
    }
    return older


def with_answer(materials: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """A copy of the materials with one answer changed; `None` takes it away."""
    changed = deepcopy(dict(materials))
    section, name = key.split(".")
    if value is None:
        changed[section].pop(name, None)
    else:
        changed[section][name] = value
    return changed
