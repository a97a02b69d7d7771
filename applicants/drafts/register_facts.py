"""What a draft takes when it is opened: what the decoder read, the facts in force of its applicant, the form as it is
now, and the letter of authority on file of the agent who created it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from applicants.drafts.read_files import take_read_files
from applicants.models import Draft
from registry.book.applicants import Home
from registry.book.held_facts import HeldFacts, held_facts_of, with_facts_held
from registry.book.in_force import base_of_applicant
from registry.book.letters import letters_on_file, with_agent_named, with_letter, without_agent
from registry.book.revisions import materials_of, revisions_at
from registry.lists import current_lists
from registry.models import Applicant
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars import changed_keys, find_slot, is_slot
from registry.rules.particulars.form_version import CURRENT_VERSION, carried_over, version_of
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.events import Base
from registry.rules.workflow.states import Kind


def take_facts(drafts: Iterable[Draft]) -> None:
    """Puts the facts in force and the letter on file into these unsent drafts; nothing is saved before the drafts are.

    A draft of which everything is asked goes on with the form as it is now. The others keep the version of their base.
    A draft keeps what it held until then as `former_materials`. An amendment of a change of the applicant answers the
    office on what it proposed, and keeps it.
    """
    unsent = [each for each in drafts if each.application_id is None]
    take_read_files(unsent)
    for draft in unsent:
        if _asks_everything(draft) and version_of(draft.materials) != CURRENT_VERSION:
            draft.materials = carried_over(draft.materials)
    _take_held_facts(unsent)
    _take_letters(unsent)


def _take_letters(drafts: Sequence[Draft]) -> None:
    """An agent's first filing is under its letter; any other draft where it says that an agent files."""
    holders = {
        each.pk: (each.account_id, each.applicant_id) for each in drafts if each.applicant_id is not None
    }
    letters = letters_on_file(holders.values())
    for draft in drafts:
        letter = letters.get(holders[draft.pk]) if draft.pk in holders else None
        is_first_filing = draft.kind == Kind.INITIAL and draft.amends_application_id is None
        if letter is None or not (is_first_filing or says_by_agent(draft.materials)):
            continue
        draft.letter_on_file = letter
        draft.materials = with_letter(draft.materials, letter)


def says_by_agent(materials: Mapping[str, Any]) -> bool:
    """Whether the materials say that an agent files."""
    return value_of(materials, "applicant.filed_by_agent") is True


def state_who_acts(draft: Draft) -> None:
    """Puts who begins a draft into it, where it holds who acted another time: an agent under its letter, or nobody.

    The names are those that the letter was handed in with the last time; they can be changed.
    """
    letter = None
    if draft.applicant_id is not None:
        holder = (draft.account_id, draft.applicant_id)
        letter = letters_on_file([holder]).get(holder)
    if letter is None:
        draft.materials = without_agent(draft.materials)
    else:
        draft.materials = with_agent_named(with_letter(draft.materials, letter), letter)


def _take_held_facts(drafts: Sequence[Draft]) -> None:
    applicants = {draft.applicant.pk: draft.applicant for draft in drafts if draft.applicant is not None}
    held = held_facts_of(list(applicants.values()))
    lists = current_lists() if any(held.values()) else None
    moved = []
    for draft in drafts:
        if draft.applicant is None:
            continue
        draft.facts_in_force = held[draft.applicant.pk][0].materials if held[draft.applicant.pk] else {}
        if not draft.facts_in_force:
            continue
        if draft.kind != Kind.APPLICANT_CHANGE:
            _put(draft, with_facts_held(draft.materials, held[draft.applicant.pk], lists=lists))
        elif draft.amends_application_id is None:
            moved.append((draft, draft.applicant, held[draft.applicant.pk]))
    _begin_anew(moved)


def _asks_everything(draft: Draft) -> bool:
    """Whether the draft starts from nothing that the office has: a first filing, or the first change of an import."""
    if draft.amends_application_id is not None:
        return False
    return draft.kind == Kind.INITIAL or (draft.kind == Kind.CHANGE and Base.of(draft.notes) is None)


def put_on(
    now: Mapping[str, Any], typed: Mapping[str, Any], *, base: Mapping[str, Any], keeping: frozenset[str]
) -> dict[str, Any]:
    """The materials in force with what was typed where it differs from `base`; `keeping` is left as in force."""
    result = {section: dict(given) for section, given in now.items()}
    for key in changed_keys(base, typed):
        if key in keeping:
            continue
        section, name = key.split(".") if not is_slot(key) else ("attachments", find_slot(key).name)
        result[section].pop(name, None)
        if name in typed[section]:
            result[section][name] = value_of(typed, f"{section}.{name}")
    return result


def _begin_anew(changes: Sequence[tuple[Draft, Applicant, Sequence[HeldFacts]]]) -> None:
    """Puts what each change of an applicant changes on the facts in force, where it began with others."""
    moved = []
    for draft, applicant, held in changes:
        began, now = Base.of(draft.notes), base_of_applicant(applicant)
        if began is not None and now is not None and began != now:
            moved.append((draft, began, now, held))
    began_with = revisions_at([_home_of(began) for _draft, began, _now, _held in moved]) if moved else {}
    for draft, began, now, held in moved:
        base = materials_of(began_with[_home_of(began)])
        draft.notes = {**draft.notes, "base": now.as_payload()}
        _put(draft, put_on(held[0].materials, draft.materials, base=base, keeping=frozenset()))


def _home_of(base: Base) -> Home:
    return uuid.UUID(base.application_id), base.revision_number


def _put(draft: Draft, materials: dict[str, Any]) -> None:
    before = draft.materials
    if not changed_keys(before, materials):
        return
    draft.former_materials = before
    draft.materials = materials
    draft.province_code = province_code_of(value_of(materials, "applicant.division_code"))
