"""What an application is about, by its kind, and what the offices answer for in it one by one (Art. 12).

An officer answers for what nobody has examined yet. A change alters some particulars, and the others stand as they were
examined before; some answers software proves; some are optional and not given. Whatever it is, an officer may mark it
deficient nevertheless, and that mark is the one that counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from registry.rules.particulars import changed_keys, find_particular, find_slot, is_of_applicant, is_slot
from registry.rules.particulars.applicant import ABOUT_THE_AGENT
from registry.rules.particulars.cancellation import stated_keys
from registry.rules.particulars.completeness import checklist_items
from registry.rules.particulars.evidence import proving_slots
from registry.rules.particulars.materials import Materials, is_given, value_of
from registry.rules.particulars.proven import doubted_keys, proofs_in
from registry.rules.workflow.states import Kind

# Signed for the application, whatever it is about.
_SIGNED = frozenset({"attachments.authenticity_statement", "attachments.letter_of_authority"})
# What makes a first filing late, and why it is (Art. 22).
_LATENESS = frozenset({"service.service_started_on", "service.late_reason"})


class Way(StrEnum):
    """How a particular or slot is examined before a decision."""

    OFFICER = "officer"
    SOFTWARE = "software"
    UNCHANGED = "unchanged"
    NOT_GIVEN = "not_given"


@dataclass(frozen=True, slots=True)
class Examined:
    """What an act of an office rests on: how many items officers marked, and which nobody had to.

    `software` are the keys of what software has proven, without those that an officer marked all the same.
    """

    by_officers: int
    software: tuple[str, ...]
    unchanged: int
    not_given: int


def is_about(kind: Kind, key: str) -> bool:
    """Whether an application of this kind is about a particular or slot of its materials.

    A change of the applicant carries along the materials of one of its services, which it does not concern.
    """
    return kind is not Kind.APPLICANT_CHANGE or is_of_applicant(key) or key in _SIGNED


def examined_keys(kind: Kind, materials: Materials, *, is_late: bool) -> tuple[str, ...]:
    """The keys that an office may mark before it decides, in the order of the forms.

    A cancellation repeats the materials in force, which were examined before: what it states itself is examined.
    """
    if kind is Kind.CANCELLATION:
        return stated_keys(is_late=is_late)
    return tuple(key for key in checklist_items(materials) if is_about(kind, key))


def ways_of_examination(
    kind: Kind,
    materials: Materials,
    *,
    is_late: bool,
    on: date,
    before: Materials | None = None,
) -> dict[str, Way]:
    """How each of `examined_keys` is examined: the office decides when an officer has marked all of Way.OFFICER.

    `before` are the materials that a change would replace; without them everything is new, as with a first filing or
    the first change of an imported one. `on` is the day of receipt, so that a case asks for the same on every day.

    - A cancellation: officers mark all that it states.
    - A change: officers mark what it alters, the documents that prove it, what contradicts it, what was signed for it,
      and who acts for the applicant this time; the rest is unchanged since it was examined last.
    - Anything else: officers mark what is given or missing, software what it has proven and nothing contradicts.
    """
    keys = examined_keys(kind, materials, is_late=is_late)
    if kind is Kind.CANCELLATION:
        return dict.fromkeys(keys, Way.OFFICER)
    doubted = doubted_keys(materials, on=on, before=before)
    if before is not None:
        new = _new_in_change(before, materials) | doubted
        return {key: Way.OFFICER if key in new else _unaltered(key, materials) for key in keys}
    proven = proofs_in(materials, on=on).keys() - doubted - (_LATENESS if is_late else frozenset())
    return {key: _first(key, materials, is_proven=key in proven, is_late=is_late) for key in keys}


def _new_in_change(before: Materials, materials: Materials) -> frozenset[str]:
    """What a change alters, the slots that prove it, and what belongs to each application anew."""
    changed = changed_keys(before, materials)
    proofs = (slot for key in changed for slot in proving_slots(key))
    by_agent = value_of(materials, "applicant.filed_by_agent") is True
    return frozenset({*changed, *proofs, *_SIGNED, *(ABOUT_THE_AGENT if by_agent else ())})


def _unaltered(key: str, materials: Materials) -> Way:
    return Way.NOT_GIVEN if _may_be_left_out(key, materials) else Way.UNCHANGED


def _first(key: str, materials: Materials, *, is_proven: bool, is_late: bool) -> Way:
    if is_proven:
        return Way.SOFTWARE
    is_optional = _may_be_left_out(key, materials) and not (is_late and key in _LATENESS)
    return Way.NOT_GIVEN if is_optional else Way.OFFICER


def _may_be_left_out(key: str, materials: Materials) -> bool:
    """Whether a particular or slot is empty and need not be anything else."""
    if is_given(value_of(materials, key)):
        return False
    asked = find_slot(key) if is_slot(key) else find_particular(key)
    return not asked.required(materials)


def counted(ways: Mapping[str, Way], marked: frozenset[str]) -> Examined:
    """What these ways and the keys that officers of the office have marked come to."""
    left = [(key, way) for key, way in ways.items() if key not in marked]
    return Examined(
        by_officers=len(marked & ways.keys()),
        software=tuple(key for key, way in left if way is Way.SOFTWARE),
        unchanged=sum(way is Way.UNCHANGED for _key, way in left),
        not_given=sum(way is Way.NOT_GIVEN for _key, way in left),
    )
