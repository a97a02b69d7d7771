"""An office's own act as a line of the auditor's trail: what it was about, what changed, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import pgettext

from registry.labels.office_words import CHANGED, OFFICE_SUBJECTS, value_words
from registry.labels.offices import office_name
from registry.models import Account, Event
from registry.rules.office.events import OfficeFacts, OfficeSubject
from registry.rules.workflow.states import Role


@dataclass(frozen=True, slots=True)
class Stated:
    """What an act states, in words; `changes` are one line each, and the reason is as it was written."""

    about: str
    changes: tuple[str, ...]
    reason: str


def names_of_officers() -> dict[str, str]:
    """The names of all office accounts, closed ones too, by the id of the account."""
    officers = Account.objects.exclude(role=Role.APPLICANT.value)
    return {str(pk): name for pk, name in officers.values_list("pk", "name")}


def stated_by(event: Event, names: Mapping[str, str]) -> Stated | None:
    """What an act of an office states; None for every other act. Fetch the event by `trail.events_shown`."""
    payload = getattr(event, "stated", None)
    if not payload:
        return None
    facts = OfficeFacts.of(payload)
    colon = pgettext("after a label", ": ")
    changes = tuple(
        f"{CHANGED.get(name, name)}{colon}{value_words(name, facts.before.get(name), names)} → "
        f"{value_words(name, facts.after.get(name), names)}"
        for name in {**facts.before, **facts.after}
        if name != "receipt_number"
    )
    return Stated(_about(facts, names), changes, facts.reason)


def _about(facts: OfficeFacts, names: Mapping[str, str]) -> str:
    subject = str(OFFICE_SUBJECTS[facts.subject])
    if facts.subject is OfficeSubject.ACCOUNT:
        return names.get(facts.key, facts.key)
    if facts.subject is OfficeSubject.CASE:
        return str(facts.after.get("receipt_number") or facts.key)
    if facts.subject is OfficeSubject.PAPER_SETTINGS:
        return f"{subject} {office_name(facts.key)}"
    return f"{subject} {facts.key}"
