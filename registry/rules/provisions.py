"""The articles the portal refers to, each with a short summary, and the official names.

The wording lies in `registry/data/provisions.json`, so that a renumbered law is a change of data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from registry.rules.errors import ProvisionUnknown

_TABLE = Path(__file__).resolve().parent.parent / "data" / "provisions.json"

SYSTEM_NAME = "区块链信息服务备案管理系统"
NATIONAL_OFFICE = "国家互联网信息办公室"
NATIONAL_OFFICE_EN = "Cyberspace Administration of China"

# Every public page, certificate and list carries it: filing is registration, not endorsement.
DISCLAIMER = (
    "备案仅是对主体区块链信息服务相关情况的登记，不代表对其机构、产品和服务的认可，"
    "任何机构和个人不得用于任何商业目的。"
)


@dataclass(frozen=True, slots=True)
class Law:
    """A law or announcement by its official name."""

    key: str
    name_zh: str
    name_en: str
    issued_as_zh: str
    issued_as_en: str
    in_force_on: date


@dataclass(frozen=True, slots=True)
class Provision:
    """One article; its summaries are not quotations."""

    key: str
    law: Law
    citation_zh: str
    citation_en: str
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str


def find_provision(key: str) -> Provision:
    """The provision under a key such as "12", "11(3)" or "civil_code_201". Raises ProvisionUnknown."""
    try:
        return PROVISIONS[key]
    except KeyError:
        raise ProvisionUnknown("provision_unknown", found=key) from None


def _read() -> tuple[Mapping[str, Law], Mapping[str, Provision]]:
    table: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    laws = {
        key: Law(
            key=key,
            name_zh=law["name_zh"],
            name_en=law["name_en"],
            issued_as_zh=law["issued_as_zh"],
            issued_as_en=law["issued_as_en"],
            in_force_on=date.fromisoformat(law["in_force_on"]),
        )
        for key, law in table["laws"].items()
    }
    provisions = {
        key: Provision(
            key=key,
            law=laws[article["law"]],
            citation_zh=article["citation_zh"],
            citation_en=article["citation_en"],
            title_zh=article["title_zh"],
            title_en=article["title_en"],
            summary_zh=article["summary_zh"],
            summary_en=article["summary_en"],
        )
        for key, article in table["provisions"].items()
    }
    return MappingProxyType(laws), MappingProxyType(provisions)


LAWS, PROVISIONS = _read()
REGULATION = LAWS["regulation"]
