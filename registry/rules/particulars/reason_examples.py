"""Examples of the reasons for not filing: what was handed in, and what does instead. All of them are invented."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).resolve().parents[2] / "data" / "reason_examples.json"


@dataclass(frozen=True, slots=True)
class Example:
    """One case of a fault of the catalogue, in both languages."""

    code: str
    seen_zh: str
    better_zh: str
    seen_en: str
    better_en: str


def _read() -> Mapping[str, Example]:
    rows: list[dict[str, str]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return MappingProxyType({row["code"]: Example(**row) for row in rows})


EXAMPLES = _read()
