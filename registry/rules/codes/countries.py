"""The countries that issue passports: codes of ISO 3166-1 (three letters, as passports bear them) and their names."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).resolve().parents[2] / "data"


@dataclass(frozen=True, slots=True)
class Country:
    """One country with its names."""

    code: str
    name_zh: str
    name_en: str


@cache
def countries() -> Mapping[str, Country]:
    """Every country by its code, in the order of the Chinese names by their sound."""
    with (_DATA / "countries.csv").open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["code"]: Country(**row) for row in csv.DictReader(file)})
