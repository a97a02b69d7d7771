"""The public columns of a filing: the few particulars that the record page, lists and exports may show."""

from __future__ import annotations

from typing import Any

from registry.rules.particulars.content import UNLISTED_CHAIN
from registry.rules.particulars.materials import Materials, rows_of, value_of
from registry.rules.particulars.service_categories import CATEGORIES


def public_columns(materials: Materials) -> dict[str, Any]:
    """What the public may see of the materials; no persons, addresses or telephone numbers.

    `service_types` are "category.type" codes, since two categories have a type "other". `main_chains` are
    codes of the administrator's list, or the name as typed where the chain was not listed; each once, in
    order.
    """
    return {
        "applicant_name": _text(materials, "applicant.name"),
        "applicant_nature": _text(materials, "applicant.nature"),
        "organisation_type": _text(materials, "applicant.organisation_type"),
        "division_code": _text(materials, "applicant.division_code"),
        "service_name": _text(materials, "service.service_name"),
        "service_forms": _codes(materials, "service.service_forms"),
        "application_fields": _codes(materials, "service.application_fields"),
        "categories": _codes(materials, "content.categories"),
        "service_types": _service_types(materials),
        "main_chains": _main_chains(materials),
        "chain_kind": _text(materials, "service.chain_kind"),
        "website_urls": _cells(materials, "service.websites", "url"),
        "app_names": _cells(materials, "service.apps", "name"),
    }


def _text(materials: Materials, key: str) -> str:
    value = value_of(materials, key)
    return value.strip() if isinstance(value, str) else ""


def _codes(materials: Materials, key: str) -> list[str]:
    value = value_of(materials, key)
    return [code for code in value if isinstance(code, str)] if isinstance(value, list) else []


def _cells(materials: Materials, key: str, name: str) -> list[str]:
    cells = [row.get(name) for row in rows_of(materials, key)]
    return _once([cell.strip() for cell in cells if isinstance(cell, str)])


def _service_types(materials: Materials) -> list[str]:
    chosen = _codes(materials, "content.categories")
    return [
        f"{category.code}.{code}"
        for category in CATEGORIES
        if category.code in chosen
        for code in _codes(materials, category.types_key)
    ]


def _main_chains(materials: Materials) -> list[str]:
    chosen = _codes(materials, "content.categories")
    names: list[str] = []
    for category in CATEGORIES:
        if category.code not in chosen:
            continue
        for row in rows_of(materials, category.main_chains_key):
            name = row.get("chain")
            if name == UNLISTED_CHAIN:
                name = row.get("other_chain_name")
            if isinstance(name, str):
                names.append(name.strip())
    return _once(names)


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
