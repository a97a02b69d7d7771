"""What a corrigendum may correct: entries of lists in public, as they stand after the corrigenda before it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from registry.batches.candidates import Candidate
from registry.models import BatchEntry
from registry.rules.batches.corrections import CorrectedColumn, Correction, faults_of
from registry.rules.batches.lifecycle import PUBLIC_STATES, ListKind

_PUBLIC = [state.value for state in PUBLIC_STATES]
_NAMES = (CorrectedColumn.APPLICANT_NAME, CorrectedColumn.SERVICE_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a head wants to correct: of an entry by its id one name, or the whole entry, and why."""

    entry_id: uuid.UUID
    column: CorrectedColumn
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry as it stands in public: its names after the corrigenda so far, and whether one withdrew it."""

    names: Mapping[CorrectedColumn, str]
    is_withdrawn: bool


def find_entry(kind: ListKind, number: int, position: int) -> BatchEntry | None:
    """The entry of a list in public that may be corrected; a corrigendum is corrected by correcting its list again."""
    if kind is ListKind.CORRIGENDA:
        return None
    return _correctable().filter(kind=kind.value, batch_list__number=number, position=position).first()


def entries(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, BatchEntry]:
    """Those of the entries that may be corrected, by id."""
    return {each.pk: each for each in _correctable().filter(pk__in=list(ids))}


def standings(found: Iterable[BatchEntry]) -> dict[uuid.UUID, Standing]:
    """How entries stand in public, by id."""
    found = list(found)
    published = BatchEntry.objects.filter(
        corrects__in=[each.pk for each in found], batch_list__state__in=_PUBLIC
    ).order_by("batch_list__number", "position")
    made: dict[uuid.UUID | None, list[BatchEntry]] = defaultdict(list)
    for each in published:
        made[each.corrects_id].append(each)
    return {each.pk: _standing(each, made[each.pk]) for each in found}


def candidates(wanted: Sequence[Wanted]) -> list[Candidate]:
    """What a corrigendum would name, in the order in which it was written; entries that are not in public are left."""
    found = entries(each.entry_id for each in wanted)
    standing = standings(found.values())
    return [
        _candidate(found[each.entry_id], _correction(found[each.entry_id], standing[each.entry_id], each))
        for each in wanted
        if each.entry_id in found
    ]


def as_proposed(proposed: Sequence[Correction]) -> list[Candidate]:
    """What a proposal names, with what it said when it was proposed."""
    found = entries(uuid.UUID(each.entry) for each in proposed)
    return [
        _candidate(found[uuid.UUID(each.entry)], each) for each in proposed if uuid.UUID(each.entry) in found
    ]


def still_hold(proposed: Sequence[Correction]) -> list[Candidate]:
    """Those of the proposed corrections whose entry still says what they correct."""
    found = as_proposed(proposed)
    standing = standings(entries(uuid.UUID(each.entry) for each in proposed).values())
    faulty = faults(found)
    return [
        each
        for each in found
        if each not in faulty and each.correction is not None and _is_said(each.correction, standing)
    ]


def faults(found: Sequence[Candidate]) -> dict[Candidate, tuple[str, ...]]:
    """Which of a corrigendum's candidates cannot be published, and every reason why, as codes."""
    corrections = [each.correction for each in found if each.correction is not None]
    standing = standings(entries(uuid.UUID(each.entry) for each in corrections).values())
    reasons = {
        each: faults_of(
            each.correction,
            others=corrections,
            is_withdrawn=standing[uuid.UUID(each.correction.entry)].is_withdrawn,
        )
        for each in found
        if each.correction is not None
    }
    return {each: reason for each, reason in reasons.items() if reason}


def _correctable() -> QuerySet[BatchEntry]:
    shown = BatchEntry.objects.filter(batch_list__state__in=_PUBLIC).exclude(kind=ListKind.CORRIGENDA.value)
    return shown.select_related("batch_list", "filing")


def _standing(entry: BatchEntry, made: Sequence[BatchEntry]) -> Standing:
    names = {column: str(getattr(entry, column.value)) for column in _NAMES}
    for each in made:
        if each.column != CorrectedColumn.ENTRY:
            names[CorrectedColumn(each.column)] = each.after
    return Standing(names, any(each.column == CorrectedColumn.ENTRY for each in made))


def _is_said(correction: Correction, standing: Mapping[uuid.UUID, Standing]) -> bool:
    names = standing[uuid.UUID(correction.entry)].names
    return correction.before == names.get(correction.column, "")


def _correction(entry: BatchEntry, standing: Standing, wanted: Wanted) -> Correction:
    return Correction(
        entry=str(entry.pk),
        list_kind=entry.kind,
        list_number=entry.batch_list.number or 0,
        position=entry.position,
        column=wanted.column,
        before=standing.names.get(wanted.column, ""),
        after=wanted.after if wanted.column in standing.names else "",
        reason=wanted.reason,
    )


def _candidate(entry: BatchEntry, correction: Correction) -> Candidate:
    return Candidate(
        filing_id=entry.filing_id,
        applicant_id=entry.filing.applicant_id,
        number=entry.number,
        applicant_name=entry.applicant_name,
        service_name=entry.service_name,
        province_code=entry.province_code,
        numbered_at=entry.filing.numbered_at or entry.filing.opened_at,
        correction=correction,
    )
