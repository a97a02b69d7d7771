"""What a draft takes when it is opened: the facts in force of its applicant, and the form as it is now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from applicants.models import Draft
from registry.book.held_facts import HeldFacts, held_facts, with_facts_held
from registry.book.in_force import base_of_applicant
from registry.book.revisions import get_revision, materials_of
from registry.models import Applicant
from registry.rules.codes.jurisdictions import province_code_of
from registry.rules.particulars import changed_keys, find_slot, is_slot
from registry.rules.particulars.form_version import CURRENT_VERSION, carried_over, version_of
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.events import Base
from registry.rules.workflow.states import Kind


def take_facts(drafts: Iterable[Draft]) -> None:
    """Puts the facts in force into these unsent drafts; nothing is saved before the drafts are.

    A draft of which everything is asked goes on with the form as it is now. The others keep the version of their base.
    A draft keeps what it held until then as `former_materials`. An amendment of a change of the applicant answers the
    office on what it proposed, and keeps it.
    """
    held: dict[uuid.UUID, tuple[HeldFacts, ...]] = {}
    for draft in drafts:
        if draft.application_id is not None:
            continue
        if _asks_everything(draft) and version_of(draft.materials) != CURRENT_VERSION:
            draft.materials = carried_over(draft.materials)
        if draft.applicant is None:
            continue
        if draft.applicant.pk not in held:
            held[draft.applicant.pk] = held_facts(draft.applicant)
        if not held[draft.applicant.pk]:
            continue
        if draft.kind != Kind.APPLICANT_CHANGE:
            _put(draft, with_facts_held(draft.materials, held[draft.applicant.pk]))
        elif draft.amends_application_id is None:
            _begin_anew(draft, draft.applicant, held[draft.applicant.pk])


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


def _begin_anew(draft: Draft, applicant: Applicant, held: Sequence[HeldFacts]) -> None:
    """Puts what a change of the applicant changes on the facts in force, where it began with others."""
    began, now = Base.of(draft.notes), base_of_applicant(applicant)
    if began is None or now is None or began == now:
        return
    base = materials_of(get_revision(uuid.UUID(began.application_id), began.revision_number))
    draft.notes = {**draft.notes, "base": now.as_payload()}
    _put(draft, put_on(held[0].materials, draft.materials, base=base, keeping=frozenset()))


def _put(draft: Draft, materials: dict[str, Any]) -> None:
    before = draft.materials
    if not changed_keys(before, materials):
        return
    draft.former_materials = before
    draft.materials = materials
    draft.province_code = province_code_of(value_of(materials, "applicant.division_code"))
