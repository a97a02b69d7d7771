"""Merging two versions of one section: the differences, and the answers chosen from each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from applicants.drafts.store import differing_names
from registry.labels import particulars as words
from registry.presentation.materials import REVEAL_EVERYTHING, PresentedRow, sections_of
from registry.rules.particulars.materials import is_given

KEEP_SAVED = "saved"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with two different answers; `prefers_saved` is set when this page left it empty."""

    name: str
    label: Any
    mine: str
    saved: str
    prefers_saved: bool


def differences(
    section: str,
    materials: Mapping[str, Any],
    *,
    mine: Mapping[str, Any],
    saved: Mapping[str, Any],
) -> list[Difference]:
    """Every field of the section that differs, in the order of the form."""
    my_rows, saved_rows = _rows(section, materials, mine), _rows(section, materials, saved)
    return [
        Difference(
            name=name,
            label=words.label_of(f"{section}.{name}"),
            mine=_text(my_rows, name, mine),
            saved=_text(saved_rows, name, saved),
            prefers_saved=not is_given(mine.get(name)),
        )
        for name in differing_names(section, mine, saved)
    ]


def answers_kept(mine: Mapping[str, Any], saved: Mapping[str, Any], data: QueryDict) -> dict[str, Any]:
    """The answers of a form, with the saved answers for the fields where the merge page chose those."""
    kept = dict(mine)
    for name in data:
        if name.startswith("keep-") and data[name] == KEEP_SAVED:
            field = name.removeprefix("keep-")
            kept.pop(field, None)
            if field in saved:
                kept[field] = saved[field]
    return kept


def _rows(section: str, materials: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, PresentedRow]:
    presented = sections_of({**materials, section: dict(answers)}, reveal=REVEAL_EVERYTHING)
    return {row.key.split(".")[1]: row for each in presented if each.key == section for row in each.rows}


def _text(rows: Mapping[str, PresentedRow], name: str, answers: Mapping[str, Any]) -> str:
    """The answer as text; as typed when its field does not apply with these answers."""
    if name in rows:
        return rows[name].text
    answer = answers.get(name)
    return str(answer) if is_given(answer) else ""
