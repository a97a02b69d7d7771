"""The authenticity statement (材料真实性承诺书), prefilled, to be signed and sealed on paper."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from registry.documents import statement_words
from registry.documents.printing import LANGUAGE, render
from registry.documents.statement_words import Language, SignedFor
from registry.models import Application, Filing
from registry.notices.subject import in_order_of_numbers, live_filings
from registry.presentation.comparison import changes_between
from registry.presentation.materials import REVEAL_EVERYTHING, PresentedRow, Section, sections_of
from registry.rules.codes.jurisdictions import province_of
from registry.rules.errors import DivisionUnknown
from registry.rules.particulars import (
    APPLICANT_SECTIONS,
    find_particular,
    is_of_applicant,
    is_particular,
    printed_values,
)
from registry.rules.particulars.materials import Materials, date_of, value_of
from registry.rules.workflow.hash_chain import canonical_json
from registry.rules.workflow.states import Kind

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
class StatedChange:
    """A change as the statement words it: what it would replace, the day of each item, and the filings concerned.

    `changed_on` holds days as ISO texts by key; `filings` pairs of a service's name and its number. One that
    `supplies` what an earlier list did not say of a filing replaces nothing.
    """

    kind: Kind
    before: Materials
    changed_on: Mapping[str, str]
    filings: tuple[tuple[str, str | Promise], ...]
    supplies: bool = False

    @property
    def is_of_applicant(self) -> bool:
        return self.kind is Kind.APPLICANT_CHANGE


def signed_for(change: StatedChange | None) -> SignedFor:
    """What a statement with this change is signed for; without one a first filing."""
    if change is None:
        return SignedFor.FIRST_FILING
    if change.supplies:
        return SignedFor.SUPPLY
    return SignedFor.APPLICANT_CHANGE if change.is_of_applicant else SignedFor.CHANGE


def concerned_filings(
    applicant_id: uuid.UUID, filing: Filing | None
) -> tuple[tuple[str, str | Promise], ...]:
    """The service and number of the filing that a change is about, or of all that a change of the applicant reaches.

    A filing without a number is named by the receipt number of its first application.
    """
    found = [filing] if filing is not None else in_order_of_numbers(live_filings(applicant_id))
    receipts = dict(
        Application.objects.filter(applicant=applicant_id, kind=Kind.INITIAL.value).values_list(
            "filing", "receipt_number"
        )
    )
    return tuple(
        (
            each.service_name,
            each.number or format_lazy("{} {}", _("Receipt number"), receipts.get(each.pk, "")),
        )
        for each in found
    )


def supplied_change(applicant_id: uuid.UUID, filing: Filing | None) -> StatedChange:
    """What supplies the particulars of a filing that is known from an earlier list alone."""
    return StatedChange(Kind.CHANGE, {}, {}, concerned_filings(applicant_id, filing), supplies=True)


@dataclass(frozen=True, slots=True)
class _ChangedLine:
    label: str
    before: str
    after: str
    on: date | None


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    lines: list[list[_Cell]]


def authenticity_statement(
    materials: Materials,
    *,
    today: date,
    further: Sequence[Materials] = (),
    change: StatedChange | None = None,
    receipt_number: str = "",
) -> bytes:
    """The authenticity statement for these materials as PDF, to be signed and sealed.

    `further` are the materials of the other services of a joint submission; the applicant's part is taken from the
    first. `change` makes it the statement of a change; one of the applicant prints no service's particulars, for it
    concerns all of them. `receipt_number` is that of the application that the statement is signed anew for. Unanswered
    particulars stay blank.
    """
    with override(LANGUAGE):
        sections = sections_of(materials, reveal=REVEAL_EVERYTHING)
        if change is not None and change.is_of_applicant:
            sections = [each for each in sections if each.key in APPLICANT_SECTIONS]
        groups = _statement_groups(sections)
        if further:
            groups = _groups_of_several((materials, *further))
        changed_lines = (
            _changed_lines(change, materials) if change is not None and not change.supplies else []
        )
    return render(
        "documents/authenticity_statement.html",
        {
            "groups": groups,
            "change": change,
            "changed_lines": changed_lines,
            "receipt_number": receipt_number,
            "provincial_office": _provincial_office(materials),
            "words": statement_words.words_of(
                signed_for(change), materials, language=Language.CHINESE, service_count=1 + len(further)
            ),
            "today": today,
            "code": statement_code(materials, further=further),
        },
    )


def statement_code(materials: Materials, *, further: Sequence[Materials] = ()) -> str:
    """A short code of the particulars the statement prints; when it changes, the statement must be signed anew.

    With several services it covers all of them, independent of their order. It does not cover the days of a change: a
    statement goes on to later applications, which have other days or none.
    """
    printed: Any = printed_values(materials)
    if further:
        printed = sorted((printed_values(each) for each in (materials, *further)), key=canonical_json)
    digest = hashlib.sha256(canonical_json(printed)).hexdigest().upper()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}"


def _changed_lines(change: StatedChange, materials: Materials) -> list[_ChangedLine]:
    """The printed particulars that change, before and after, each with its day."""
    return [
        _ChangedLine(
            label=str(each.label),
            before=_shown(each.before),
            after=_shown(each.after),
            on=date_of(change.changed_on.get(each.key)),
        )
        for each in changes_between(change.before, materials, reveal=REVEAL_EVERYTHING)
        if is_particular(each.key)
        and find_particular(each.key).printed
        and is_of_applicant(each.key) is change.is_of_applicant
    ]


def _shown(row: PresentedRow | None) -> str:
    return "" if row is None else "、".join(row.values) or row.text


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
        cell = _Cell(str(row.label), _shown(row))
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
