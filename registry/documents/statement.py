"""The authenticity statement (材料真实性承诺书), prefilled, to be signed and sealed on paper."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import override

from registry.documents.printing import LANGUAGE, render
from registry.presentation.materials import REVEAL_EVERYTHING, PresentedRow, Section, sections_of
from registry.rules.codes.jurisdictions import province_of
from registry.rules.errors import DivisionUnknown
from registry.rules.particulars import APPLICANT_SECTIONS, find_particular, printed_values
from registry.rules.particulars.materials import Materials, value_of
from registry.rules.provisions import find_provision
from registry.rules.workflow.hash_chain import canonical_json

# Printed across the whole width of the table; the others are printed two to a line.
_WIDE = frozenset(
    {
        "applicant.name",
        "applicant.division_code",
        "applicant.agent_name",
        "person_in_charge.email",
        "service.service_name",
        "content.categories",
    }
)


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    lines: list[list[_Cell]]


def authenticity_statement(materials: Materials, *, today: date, further: Sequence[Materials] = ()) -> bytes:
    """The authenticity statement for these materials as PDF, to be signed and sealed.

    `further` are the materials of the other services of a joint submission; the applicant's part is taken from the
    first. Unanswered particulars stay blank. Raises GlyphMissing.
    """
    with override(LANGUAGE):
        groups = _statement_groups(sections_of(materials, reveal=REVEAL_EVERYTHING))
        if further:
            groups = _groups_of_several((materials, *further))
    return render(
        "documents/authenticity_statement.html",
        {
            "groups": groups,
            "service_count": 1 + len(further),
            "provincial_office": _provincial_office(materials),
            "signatures": _signatures(materials),
            "is_by_agent": value_of(materials, "applicant.filed_by_agent") is True,
            "today": today,
            "code": statement_code(materials, further=further),
            "law": find_provision("12").law,
            "filing": find_provision("11(1)"),
            "change": find_provision("11(2)"),
            "cancellation": find_provision("11(3)"),
            "decision": find_provision("12"),
            "liability": find_provision("22"),
        },
    )


def statement_code(materials: Materials, *, further: Sequence[Materials] = ()) -> str:
    """A short code of everything the statement prints; when it changes, the statement must be signed anew.

    With several services it covers all of them, independent of their order.
    """
    printed: Any = printed_values(materials)
    if further:
        printed = sorted((printed_values(each) for each in (materials, *further)), key=canonical_json)
    digest = hashlib.sha256(canonical_json(printed)).hexdigest().upper()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}"


def _statement_groups(sections: list[Section]) -> list[_Group]:
    groups = []
    for section in sections:
        rows = [
            row for row in section.rows if section.key != "attachments" and find_particular(row.key).printed
        ]
        if rows:
            groups.append(_Group(str(section.label), _lines(rows)))
    return groups


def _groups_of_several(services: Sequence[Materials]) -> list[_Group]:
    """The applicant's groups once, then one for each service."""
    shared: list[_Group] = []
    groups: list[_Group] = []
    for number, materials in enumerate(services, start=1):
        sections = sections_of(materials, reveal=REVEAL_EVERYTHING)
        if number == 1:
            shared = _statement_groups([each for each in sections if each.key in APPLICANT_SECTIONS])
        rows = [
            row
            for each in sections
            if each.key not in (*APPLICANT_SECTIONS, "attachments")
            for row in each.rows
            if find_particular(row.key).printed
        ]
        groups.append(_Group(f"服务信息（第 {number} 项，共 {len(services)} 项）", _lines(rows)))
    return [*shared, *groups]


def _lines(rows: list[PresentedRow]) -> list[list[_Cell]]:
    lines: list[list[_Cell]] = []
    room_beside = False
    for row in rows:
        cell = _Cell(str(row.label), "、".join(row.values) or row.text)
        if room_beside and row.key not in _WIDE:
            lines[-1].append(cell)
            room_beside = False
        else:
            lines.append([cell])
            room_beside = row.key not in _WIDE
    return lines


def _provincial_office(materials: Materials) -> str:
    code = value_of(materials, "applicant.division_code")
    try:
        return f"{province_of(str(code)).name}网信办"
    except DivisionUnknown:
        return "省级网信办"


def _signatures(materials: Materials) -> list[str]:
    if value_of(materials, "applicant.nature") == "individual":
        lines = ["备案主体（签名）"]
    else:
        lines = ["备案主体（盖章）", "法定代表人或主要负责人（签名）"]
    if value_of(materials, "applicant.filed_by_agent") is True:
        lines.append("代理人（签名或盖章）")
    return lines
