"""The state of the authenticity statement: whether it can be printed, and whether it must be signed anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applicants.drafts.prepared import Prepared
from applicants.models import Draft
from registry import clock
from registry.documents import statement_code
from registry.lists import current_lists
from registry.rules.particulars import (
    APPLICANT_SECTIONS,
    clear_irrelevant,
    find_particular,
    is_particular,
    printed_values,
)
from registry.rules.particulars.completeness import canonical_materials
from registry.rules.particulars.consistency.signatures import printed_codes
from registry.rules.particulars.gaps import Gap
from registry.rules.particulars.materials import files_of

SLOT = "attachments.authenticity_statement"
# Before the key of a changed particular: the day on which it changed, which the statement of a change prints.
DAY_OF = "changed_on."


@dataclass(frozen=True, slots=True)
class OtherService:
    """Another service of the joint submission, with its gaps and changes that concern the statement."""

    draft: Draft
    gaps: tuple[Gap, ...] = ()
    changed_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementState:
    """The state of the statement: the gaps that prevent printing, and the changes since it was signed.

    `added` are services that the signed statement does not list; `lists_removed` is true when it lists one that
    has been removed. `others` are the other services of the joint submission. `other_codes` are the check codes in the
    text of a PDF that was signed electronically, where none is that of these particulars.
    """

    gaps: tuple[Gap, ...]
    is_uploaded: bool
    changed_keys: tuple[str, ...]
    others: tuple[OtherService, ...] = ()
    added: tuple[Draft, ...] = ()
    lists_removed: bool = False
    other_codes: tuple[str, ...] = ()

    @property
    def can_be_printed(self) -> bool:
        return not self.gaps and not any(other.gaps for other in self.others)

    @property
    def is_outdated(self) -> bool:
        changed_there = any(other.changed_keys for other in self.others)
        is_another = bool(self.added or self.lists_removed or self.other_codes)
        return bool(self.changed_keys or is_another or changed_there)


def values_to_print(materials: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """The values that the statement prints for these materials, in canonical form."""
    today = clock.china_date(at)
    return printed_values(
        canonical_materials(clear_irrelevant(materials), today=today, lists=current_lists())
    )


def printing_gaps(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """The gaps in printed values: with any of them the statement would be untrue."""
    return tuple(
        gap
        for gap in gaps
        if is_particular(gap.particular_key) and find_particular(gap.particular_key).printed
    )


def state_of(
    draft: Draft, prepared: Prepared, *, others: Sequence[tuple[Draft, Prepared]] = ()
) -> StatementState:
    """The state of a draft's statement; `others` are the other drafts of the joint submission, which it lists too."""
    uploaded = bool(files_of(prepared.materials, SLOT))
    is_signed = uploaded and draft.printed_on_statement is not None
    listed = set(draft.statement_services) or {str(draft.pk)}
    services = {str(each.pk): each for each in (draft, *(other for other, _prepared in others))}
    return StatementState(
        gaps=printing_gaps(prepared.gaps),
        is_uploaded=uploaded,
        changed_keys=_changed_keys(draft, prepared) if is_signed and str(draft.pk) in listed else (),
        others=tuple(
            _other_service(other, found, is_signed=is_signed and str(other.pk) in listed)
            for other, found in others
        ),
        added=tuple(each for key, each in services.items() if is_signed and key not in listed),
        lists_removed=is_signed and bool(listed - services.keys()),
        other_codes=_other_codes(draft, prepared, [found for _other, found in others]),
    )


def _other_codes(draft: Draft, prepared: Prepared, others: Sequence[Prepared]) -> tuple[str, ...]:
    """The check codes of PDFs that were signed for these drafts, where the one of these particulars is not among them.

    A statement that goes on from an earlier submission may list services that are no part of this one.
    """
    printed = printed_codes(prepared.materials)
    if not printed or not draft.statement_services:
        return ()
    code = statement_code(prepared.materials, further=[each.materials for each in others])
    return () if code in printed else tuple(sorted(printed))


def _changed_keys(draft: Draft, prepared: Prepared) -> tuple[str, ...]:
    now, signed = prepared.printed, draft.printed_on_statement or {}
    return tuple(key for key in dict.fromkeys([*now, *signed]) if now.get(key) != signed.get(key))


def _other_service(other: Draft, prepared: Prepared, *, is_signed: bool) -> OtherService:
    """The state of another service, without the shared part, which is examined once."""
    changed = _changed_keys(other, prepared) if is_signed else ()
    return OtherService(
        other,
        gaps=tuple(gap for gap in printing_gaps(prepared.gaps) if not _is_shared(gap.key)),
        changed_keys=tuple(key for key in changed if not _is_shared(key)),
    )


def _is_shared(key: str) -> bool:
    return key.split(".")[0] in APPLICANT_SECTIONS
