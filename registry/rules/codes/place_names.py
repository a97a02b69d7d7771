"""English names of prefectures and counties, by their codes and Chinese names (`registry/data/place_names.csv`)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).resolve().parents[2] / "data" / "place_names.csv"


def english_name(code: str, name: str) -> str:
    """The English name of a division; the Chinese one where there is none, as of divisions that ended long ago."""
    return _names().get((code, name), name)


@cache
def _names() -> Mapping[tuple[str, str], str]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["code"], row["name"]): row["english"] for row in csv.DictReader(file)}
