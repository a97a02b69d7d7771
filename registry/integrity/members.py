"""Compares every applicant's memberships with the history of its members; part of verifying the register."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from registry.integrity.reading import FETCHED, SILENT, Progress, side_by_side
from registry.integrity.violations import MALFORMED, Violation
from registry.models import Applicant, Event, Membership
from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.members.fold import MemberTerms, fold_members
from registry.rules.workflow.events import known_form
from registry.rules.workflow.states import StreamKind


def find_member_violations(
    *, of: uuid.UUID | None = None, progress: Progress = SILENT
) -> Iterator[Violation]:
    """Yields every applicant, or the one of this id, whose memberships differ from its history; the subject is the id.

    Accounts appear by their ids only: violations are printed and logged.
    """
    # Nobody acts for an imported applicant until one is claimed.
    applicants = Applicant.objects.exclude(is_imported=True, memberships__isnull=True)
    memberships = Membership.objects.filter(revoked_at__isnull=True)
    events = Event.objects.filter(stream_kind=StreamKind.MEMBERSHIP.value)
    if of is not None:
        applicants, memberships = applicants.filter(pk=of), memberships.filter(applicant=of)
        events = events.filter(stream_id=of)
    terms = memberships.order_by("applicant_id").values_list(
        "applicant_id", "account_id", "role", "scope", "letter_id", "letter_valid_until"
    )
    acts = events.order_by("stream_id", "sequence").values_list("stream_id", "act", "payload", "version")
    for applicant_id, (known, members, history) in side_by_side(
        progress.through(applicants.order_by("pk").values_list("pk").iterator(FETCHED), "members"),
        terms.iterator(FETCHED),
        acts.iterator(FETCHED),
    ):
        if history:
            yield from _differences(applicant_id, members, history)
        elif known:
            yield Violation("applicant_without_history", str(applicant_id))


def _differences(
    applicant_id: uuid.UUID, members: Iterable[tuple[Any, ...]], history: Iterable[tuple[Any, ...]]
) -> Iterator[Violation]:
    """The members of one applicant that differ from its history."""
    found = {str(account_id): _terms_of(*terms) for _applicant_id, account_id, *terms in members}
    try:
        expected = fold_members(
            (MembershipAct(act), MembershipFacts.of(known_form(payload, version=version)))
            for _stream_id, act, payload, version in history
        )
    except MALFORMED as error:
        yield Violation("members_do_not_fold", str(applicant_id), type(error).__name__)
        return
    for account in sorted(expected.keys() | found.keys()):
        if expected.get(account) != found.get(account):
            yield Violation("member_differs_from_history", str(applicant_id), account)


def _terms_of(role: str, scope: str, letter_id: Any, valid_until: Any) -> MemberTerms:
    return MemberTerms(
        role=role,
        scope=scope,
        letter=str(letter_id) if letter_id else "",
        valid_until=valid_until.isoformat() if valid_until else "",
    )
