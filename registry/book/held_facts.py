"""The applicant's facts in force, put into what was begun or handed in before they were.

A draft of a registered applicant, and an application that is not decided, state the applicant as the register has it
now: its answers, and the documents that prove them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.book.applicants import Home, answers_of_facts
from registry.book.revisions import get_revision, materials_of, revisions_at
from registry.models import Applicant, Application, Event
from registry.rules.particulars import APPLICANT_SLOTS, find_slot
from registry.rules.particulars.completeness import Lists
from registry.rules.particulars.evidence import former_proofs
from registry.rules.particulars.materials import files_of
from registry.rules.workflow.events import Base
from registry.rules.workflow.states import UNDECIDED_STATES, Act, Kind, State


@dataclass(frozen=True, slots=True)
class HeldFacts:
    """The materials that held an applicant's facts from their approval on, until the next change of it."""

    materials: Mapping[str, Any]
    since: datetime | None


def held_facts(applicant: Applicant) -> tuple[HeldFacts, ...]:
    """What has held the applicant's facts, the latest first; empty before its first approval."""
    return held_facts_of([applicant])[applicant.pk]


def held_facts_of(applicants: Collection[Applicant]) -> dict[uuid.UUID, tuple[HeldFacts, ...]]:
    """As `held_facts`, by the id of each applicant: three queries for all of them."""
    entered = {
        each.pk: (each.facts_application_id, each.facts_revision_number or 0)
        for each in applicants
        if each.facts_application_id is not None
    }
    if not entered:
        return {each.pk: () for each in applicants}
    submissions = Event.objects.filter(
        applicant__in=entered, application__kind=Kind.APPLICANT_CHANGE.value, act=Act.SUBMIT.value
    )
    bases = {pk: Base.of(payload) for pk, payload in submissions.values_list("application_id", "payload")}
    homes_by_applicant = {pk: _homes(latest, bases) for pk, latest in entered.items()}
    homes = [home for found in homes_by_applicant.values() for home in found]
    revisions = revisions_at(homes)
    decided = dict(
        Application.objects.filter(pk__in=[pk for pk, _number in homes]).values_list("pk", "decided_at")
    )
    return {
        each.pk: tuple(
            HeldFacts(materials_of(revisions[home]), decided.get(home[0]))
            for home in homes_by_applicant.get(each.pk, ())
            if home in revisions
        )
        for each in applicants
    }


def _homes(latest: Home, bases: Mapping[uuid.UUID, Base | None]) -> list[Home]:
    """The revisions that have held an applicant's facts, from the one that does by now."""
    homes = [latest]
    while (base := bases.get(homes[-1][0])) is not None:
        homes.append((uuid.UUID(base.application_id), base.revision_number))
    return homes


def with_facts_held(
    materials: Mapping[str, Any], held: Sequence[HeldFacts], *, lists: Lists | None = None
) -> dict[str, Any]:
    """The materials with the first of these facts; the rest are those that were held before.

    A document that proves only what is held no longer gives way to the one the facts came with. One that the facts
    have called for is added. `lists` may be passed if they are known.
    """
    if not held:
        return dict(materials)
    facts = held[0].materials
    renewed = with_answers(materials, answers_of_facts(facts, lists=lists))
    formers = (materials, *(each.materials for each in held[1:]))
    replaced = {gap.key for former in formers for gap in former_proofs(former, renewed)}
    for slot in map(find_slot, (f"attachments.{name}" for name in APPLICANT_SLOTS)):
        is_new = slot.applies(renewed) and not slot.applies(materials) and not files_of(renewed, slot.key)
        if slot.key in replaced or is_new:
            files = [dict(file) for file in files_of(facts, slot.key)]
            kept = {name: given for name, given in renewed["attachments"].items() if name != slot.name}
            renewed["attachments"] = kept | ({slot.name: files} if files else {})
    return renewed


def with_answers(materials: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The materials with these answers by key; None takes an answer away."""
    answered = {section: dict(given) for section, given in materials.items()}
    for key, answer in answers.items():
        section, name = key.split(".")
        answered[section].pop(name, None)
        if answer is not None:
            answered[section][name] = answer
    return answered


def materials_as_of(
    application: Application,
    *,
    number: int | None = None,
    at: datetime | None = None,
    submitted: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The materials of a revision, by default the latest, with the applicant's facts as they were held `at` a moment.

    Without a moment those are the facts in force, and for what is decided or closed the facts held until then. What a
    change of the applicant asks for is never replaced. `submitted` are the revision's materials, for who has read them.
    """
    materials = submitted or materials_of(get_revision(application.pk, number or application.revision_number))
    if application.kind == Kind.APPLICANT_CHANGE:
        return materials
    if at is None and State(application.state) not in UNDECIDED_STATES:
        at = application.decided_at or application.closed_at
    return with_facts_held(materials, facts_at(held_facts(application.applicant), at))


def facts_at(held: Sequence[HeldFacts], at: datetime | None) -> tuple[HeldFacts, ...]:
    """Those of an applicant's facts that had been approved at a moment, the latest first; all without a moment."""
    return tuple(each for each in held if at is None or each.since is None or each.since <= at)
