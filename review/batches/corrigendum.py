"""The part of the composer that is a corrigendum's own: what its form sent, and its table of corrections."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.batches import corrections
from registry.batches.candidates import Candidate
from registry.batches.corrections import Wanted
from registry.labels.list_columns import CORRECTED
from registry.labels.list_words import LIST_KINDS, short_title
from registry.models import BatchEntry
from registry.presentation.posted import posted_count
from registry.rules.batches.corrections import CorrectedColumn
from registry.rules.batches.lifecycle import ListKind
from registry.rules.printable import unprintable
from registry.rules.substance import LONGEST_REASON
from registry.rules.visible_text import clean
from review.batches.paging import page_of
from review.batches.wording import unprintable_words

LONGEST_NAME = 200
# What a head may correct; a corrigendum is corrected by correcting its list again.
CORRECTABLE = (ListKind.FILINGS, ListKind.CANCELLED, ListKind.STRUCK_OFF)
FAULTS: Mapping[str, Promise] = {
    "entry_withdrawn": gettext_lazy("An earlier corrigendum withdrew this entry."),
    "correction_twice": gettext_lazy("The same stands in another row, or another row withdraws the entry."),
    "correction_without_reason": gettext_lazy("Give the reason in at least a sentence: it is published."),
    "correction_changes_nothing": gettext_lazy("Write the name as it should be, other than the one before."),
}

# The control of a row in which a fault is mended.
_MENDED_IN: Mapping[str, str] = {
    "entry_withdrawn": "column",
    "correction_twice": "column",
    "correction_without_reason": "reason",
    "correction_changes_nothing": "after",
}


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections that a form sent; `unknown` says that the entry to be added is in no list in public."""

    wanted: tuple[Wanted, ...]
    unknown: bool = False

    @classmethod
    def posted(cls, data: QueryDict) -> Corrections:
        """The rows that were sent, without those to be removed, and the entry that is named to be added.

        An entry that is named is added by every button: Enter in its fields presses the form's first one.
        """
        rows = [
            _posted(data, place, entry)
            for place, entry in enumerate(data.getlist("correction"))
            if f"remove-{place}" not in data
        ]
        found = tuple(row for row in rows if row is not None)
        is_named = bool(data.get("add_number", "").strip() or data.get("add_position", "").strip())
        if data.get("step") != "add" and not is_named:
            return cls(found)
        entry = _entry_to_add(data)
        return cls(found, unknown=True) if entry is None else cls((*found, _begun(entry)))

    @property
    def too_long(self) -> list[int]:
        """The places of the rows with a name or a reason that is too long."""
        return [
            place
            for place, each in enumerate(self.wanted)
            if len(each.after) > LONGEST_NAME or len(each.reason) > LONGEST_REASON
        ]

    @property
    def is_valid(self) -> bool:
        return not self.unknown and not self.too_long

    def with_entry(self, text: str) -> Corrections:
        """The same with an entry more, by its id, if it is in public and not among them yet."""
        try:
            entry = corrections.entries([uuid.UUID(text)]).get(uuid.UUID(text))
        except ValueError:
            return self
        if entry is None or any(each.entry_id == entry.pk for each in self.wanted):
            return self
        return Corrections((*self.wanted, _begun(entry)))


def table(typed: Corrections, *, asked: QueryDict) -> dict[str, Any]:
    """The table of corrections as the page shows it, with what cannot be published and why."""
    rows = _rows(typed)
    return {
        "table_template": "review/batches/includes/corrections.html",
        "rows": rows,
        "row_errors": _errors(typed, rows),
        "page": page_of(rows, 1),
        "total": len(rows),
        "entry_count": sum(not any(row["faults"].values()) for row in rows),
        "held_count": 0,
        "columns": [(column.value, label) for column, label in CORRECTED.items()],
        "add_kinds": [(kind.value, LIST_KINDS[kind]) for kind in CORRECTABLE],
        "add": {name: asked.get(name, "") for name in ("add_kind", "add_number", "add_position")},
    }


def _rows(typed: Corrections) -> list[dict[str, Any]]:
    found = corrections.entries(each.entry_id for each in typed.wanted)
    standing = corrections.standings(found.values())
    drawn_up = corrections.candidates(typed.wanted)
    faults = corrections.faults(drawn_up)
    kept = [each for each in typed.wanted if each.entry_id in found]
    return [
        {
            "place": place,
            "wanted": each,
            "entry": found[each.entry_id],
            "title": short_title(
                found[each.entry_id].batch_list.number or 0, ListKind(found[each.entry_id].kind)
            ),
            "applicant_name": standing[each.entry_id].names[CorrectedColumn.APPLICANT_NAME],
            "service_name": standing[each.entry_id].names[CorrectedColumn.SERVICE_NAME],
            "faults": _by_cell(candidate, faults.get(candidate, ())),
        }
        for place, (each, candidate) in enumerate(zip(kept, drawn_up, strict=True))
    ]


def faults_of(found: Sequence[Candidate]) -> list[str]:
    """What is wrong with each row of a corrigendum that cannot be published, beginning with its filing number."""
    faulty = corrections.faults(found)
    return [
        _("%(number)s: %(fault)s") % {"number": each.number, "fault": fault}
        for each in found
        for fault in chain.from_iterable(_by_cell(each, faulty.get(each, ())).values())
    ]


def _by_cell(candidate: Candidate, codes: Sequence[str]) -> dict[str, list[str]]:
    """What is wrong with a row, beside the control that mends it."""
    said = {
        cell: [str(FAULTS[code]) for code in codes if _MENDED_IN[code] == cell]
        for cell in ("column", "after", "reason")
    }
    if candidate.correction is not None:
        for cell, text in (("after", candidate.correction.after), ("reason", candidate.correction.reason)):
            if missing := unprintable(text):
                said[cell].append(unprintable_words(missing))
    return said


def _errors(typed: Corrections, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    errors = [
        {
            "target": f"id_reason-{place}",
            "label": rows[place]["entry"].number,
            "message": _("At most %(name)s characters of a name, %(reason)s of a reason.")
            % {"name": LONGEST_NAME, "reason": LONGEST_REASON},
        }
        for place in typed.too_long
        if place < len(rows)
    ]
    if typed.unknown:
        message = _("No published list has this entry.")
        errors.append({"target": "id_add_position", "label": _("Entry"), "message": message})
    return errors


def _posted(data: QueryDict, place: int, entry: str) -> Wanted | None:
    try:
        column = CorrectedColumn(data.get(f"column-{place}", ""))
        entry_id = uuid.UUID(entry)
    except ValueError:
        return None
    is_withdrawal = column is CorrectedColumn.ENTRY
    return Wanted(
        entry_id=entry_id,
        column=column,
        after="" if is_withdrawal else _plain(data.get(f"after-{place}", "")),
        reason=_plain(data.get(f"reason-{place}", "")),
    )


def _entry_to_add(data: QueryDict) -> BatchEntry | None:
    number, position = posted_count(data.get("add_number")), posted_count(data.get("add_position"))
    kind = next((kind for kind in CORRECTABLE if kind.value == data.get("add_kind")), None)
    if kind is None or number is None or position is None:
        return None
    return corrections.find_entry(kind, number, position)


def _begun(entry: BatchEntry) -> Wanted:
    return Wanted(entry_id=entry.pk, column=CorrectedColumn.SERVICE_NAME, after="", reason="")


def _plain(text: str) -> str:
    """A text on one line, without what nobody can see."""
    return clean(text, line_breaks=False)
