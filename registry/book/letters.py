"""The letter of authority that the register has of an agent, as the applications state it that the agent files."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.book.held_facts import with_answers
from registry.book.revisions import materials_of
from registry.members.letters import LETTER_SLOT, letter_in_use
from registry.models import Attachment, Membership, Revision
from registry.models.applicant import AuthorityScope
from registry.rules.members.permissions import Scope, is_letter_in_force
from registry.rules.particulars import find_slot
from registry.rules.particulars.applicant import ABOUT_THE_AGENT
from registry.rules.particulars.materials import value_of
from registry.storage import attachments

SLOT = find_slot(f"attachments.{LETTER_SLOT}").key
# What the letter itself answers.
FROM_THE_LETTER = frozenset({"applicant.filed_by_agent", "applicant.authority_expires_on"})
# An account and the applicant that it acts for.
Holder = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class LetterOnFile:
    """An agent's letter that covers handing in: its scans as materials list them, and its last day, which counts."""

    membership_id: uuid.UUID
    account_name: str
    files: tuple[dict[str, Any], ...]
    valid_until: date

    def is_in_force(self, *, today: date) -> bool:
        return is_letter_in_force(self.valid_until, today=today)


def letters_on_file(holders: Iterable[Holder]) -> dict[Holder, LetterOnFile]:
    """The letters of those holders who are agents, by two queries. One that covers preparing only is left out.

    Where an agent's new letter could not be read yet it is the one before, at the cost of two more.
    """
    wanted = set(holders)
    if not wanted:
        return {}
    agents = [
        each
        for each in Membership.objects.filter(
            account__in={account for account, _applicant in wanted},
            applicant__in={applicant for _account, applicant in wanted},
            is_agent=True,
            scope=AuthorityScope.ALL_ACTS.value,
            revoked_at__isnull=True,
        ).select_related("letter", "account")
        if (each.account_id, each.applicant_id) in wanted
    ]
    used = {each: letter for each in agents if (letter := letter_in_use(each)) is not None}
    scans = _scans_with({letter.letter.draft_id for letter in used.values()})
    return {
        (each.account_id, each.applicant_id): LetterOnFile(
            each.pk, each.account.name, _files_of(letter.letter, scans), letter.valid_until
        )
        for each, letter in used.items()
        if letter.scope is Scope.ALL_ACTS
    }


def with_letter(materials: Mapping[str, Any], letter: LetterOnFile) -> dict[str, Any]:
    """The materials as filed by the agent under its letter on file; who it is and what it may do stays as typed."""
    stated = {
        "applicant.filed_by_agent": True,
        "applicant.authority_expires_on": letter.valid_until.isoformat(),
    }
    answered = with_answers(materials, stated)
    answered["attachments"] = answered["attachments"] | {LETTER_SLOT: [dict(each) for each in letter.files]}
    return answered


def with_agent_named(materials: Mapping[str, Any], letter: LetterOnFile) -> dict[str, Any]:
    """The materials with the agent's name and the letter's words, as they were handed in with the letter the last time.

    A letter that has not been handed in yet is the account's, for all acts.
    """
    ids = [uuid.UUID(each["id"]) for each in letter.files]
    last = (
        Revision.objects.filter(files__attachment__in=ids, files__slot=LETTER_SLOT)
        .order_by("-created_at")
        .first()
    )
    stated = materials_of(last) if last is not None else {}
    named = {key: value_of(stated, key) for key in ("applicant.agent_name", "applicant.authority_scope")}
    return with_answers(
        materials,
        {
            "applicant.agent_name": named["applicant.agent_name"] or letter.account_name,
            "applicant.authority_scope": named["applicant.authority_scope"]
            or str(AuthorityScope.ALL_ACTS.label),
        },
    )


def without_agent(materials: Mapping[str, Any]) -> dict[str, Any]:
    """The materials as filed by no agent."""
    answers: dict[str, Any] = dict.fromkeys(ABOUT_THE_AGENT)
    answered = with_answers(materials, answers | {"applicant.filed_by_agent": False})
    answered["attachments"] = {
        name: files for name, files in answered["attachments"].items() if name != LETTER_SLOT
    }
    return answered


def with_agent_of(materials: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """The materials with what `stated` says of the agent: who acts this time is no fact of the applicant."""
    return with_answers(materials, {key: value_of(stated, key) for key in ABOUT_THE_AGENT})


def _scans_with(draft_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Attachment]]:
    """The scans of letters by the draft that they were uploaded for: a letter may have several pages."""
    found: dict[uuid.UUID, list[Attachment]] = {}
    scans = Attachment.objects.filter(
        draft_id__in=draft_ids, slot=LETTER_SLOT, state=Attachment.State.CLEAN.value
    )
    for scan in scans.order_by("uploaded_at", "pk"):
        found.setdefault(scan.draft_id, []).append(scan)
    return found


def _files_of(letter: Attachment, scans: Mapping[uuid.UUID, list[Attachment]]) -> tuple[dict[str, Any], ...]:
    pages = [each for each in scans.get(letter.draft_id, []) if each.pk != letter.pk]
    return tuple(attachments.entry_of(each) for each in (letter, *pages))
