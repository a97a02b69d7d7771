"""Two sets of materials compared: the particulars and files that differ, before and after."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.utils.functional import Promise

from registry.labels import particulars as words
from registry.presentation.materials import PresentedRow, sections_of
from registry.rules.particulars import changed_keys
from registry.rules.particulars.materials import Materials


@dataclass(frozen=True, slots=True)
class Change:
    """One particular or slot that differs; a side is None where the materials do not ask for it.

    `changed_on` is the day of the change as its applicant states it, where that is known.
    """

    key: str
    label: Promise | str
    section_label: Promise | str
    before: PresentedRow | None
    after: PresentedRow | None
    changed_on: date | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the later materials still ask for it, so that there is a row to link to."""
        return self.after is not None


def changes_between(
    before: Materials,
    after: Materials,
    *,
    reveal: Container[str] = (),
    on: date = date.max,
    days: Mapping[str, date] = MappingProxyType({}),
) -> list[Change]:
    """The differences in the order of the forms; files are compared by their content.

    Personal values are masked on both sides unless `reveal` contains their key. Divisions have the names of the
    day `on`, by default their latest. `days` are those of the changes, by key.
    """
    changed = changed_keys(before, after)
    if not changed:
        return []
    earlier, later = _rows(before, reveal, on), _rows(after, reveal, on)
    return [
        Change(
            key=key,
            label=words.label_of(key),
            section_label=words.section_label(key.split(".", 1)[0]),
            before=earlier.get(key),
            after=later.get(key),
            changed_on=days.get(key),
        )
        for key in changed
        if key in earlier or key in later
    ]


def _rows(materials: Materials, reveal: Container[str], on: date) -> dict[str, PresentedRow]:
    presented = sections_of(materials, reveal=reveal, on=on)
    return {row.key: row for section in presented for row in section.rows}
