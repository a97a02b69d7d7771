"""The letter of authority that an agent acts under: the newest that could be read.

A new letter is in its place at once. While it is being read, and where it was refused, the one before it stands in, and
nothing may be done that either of them does not cover, nor on a day after the last of either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from registry.models import Attachment, Event, Membership
from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.members.permissions import Scope
from registry.rules.workflow.events import known_form
from registry.rules.workflow.states import StreamKind

LETTER_SLOT = "letter_of_authority"

# The acts by which a membership began: what was on file before belongs to another one.
_JOINED = (MembershipAct.FOUNDED, MembershipAct.INVITATION_ACCEPTED, MembershipAct.CLAIM_GRANTED)


@dataclass(frozen=True, slots=True)
class LetterInUse:
    """A letter that could be read, what may be done under it, and until what day, which counts."""

    letter: Attachment
    scope: Scope
    valid_until: date


def letter_in_use(membership: Membership) -> LetterInUse | None:
    """The letter under which an agent acts now; None for other members, and while none of its letters could be read.

    Costs no query where the membership was read with its letter and that one could be read.
    """
    present = membership.letter
    if present is None or membership.letter_valid_until is None:
        return None
    if present.state == Attachment.State.CLEAN:
        return LetterInUse(present, Scope(membership.scope), membership.letter_valid_until)
    return _former(membership, until=membership.letter_valid_until)


def _former(membership: Membership, *, until: date) -> LetterInUse | None:
    """The newest letter before the present one that could be read, no wider and no longer than the present one."""
    given = list(_given_before(membership))
    letters = Attachment.objects.filter(state=Attachment.State.CLEAN).in_bulk([each.letter for each in given])
    for facts in given:
        found = next((each for pk, each in letters.items() if str(pk) == facts.letter), None)
        if found is not None:
            scopes = {membership.scope, facts.scope}
            scope = Scope.PREPARE_ONLY if Scope.PREPARE_ONLY.value in scopes else Scope.ALL_ACTS
            return LetterInUse(found, scope, min(date.fromisoformat(facts.valid_until), until))
    return None


def _given_before(membership: Membership) -> list[MembershipFacts]:
    """The terms with a letter that the member was given since it joined, newest first."""
    acts = [act.value for act in (*_JOINED, MembershipAct.LETTER_RENEWED)]
    events = Event.objects.filter(
        stream_kind=StreamKind.MEMBERSHIP.value, stream_id=membership.applicant_id, act__in=acts
    ).order_by("-sequence")
    found: list[MembershipFacts] = []
    for act, payload, version in events.values_list("act", "payload", "version"):
        facts = MembershipFacts.of(known_form(payload, version=version))
        if facts.account != str(membership.account_id):
            continue
        if facts.letter and facts.valid_until:
            found.append(facts)
        if act in _JOINED:
            break
    return found
