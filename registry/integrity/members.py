"""Compares every applicant's memberships with the history of its members; part of verifying the register."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import groupby

from registry.errors import FilingError
from registry.integrity.violations import Violation
from registry.models import Applicant, Event, Membership
from registry.rules.members.events import MembershipAct, MembershipFacts
from registry.rules.members.fold import MemberTerms, fold_members
from registry.rules.workflow.events import known_form
from registry.rules.workflow.states import StreamKind

_BATCH = 500


def find_member_violations() -> Iterator[Violation]:
    """Yields every applicant whose memberships differ from its history; the subject is the applicant's id.

    Accounts appear by their ids only: violations are printed and logged.
    """
    applicants = Applicant.objects.values_list("pk", flat=True)
    rows: dict[uuid.UUID, dict[str, MemberTerms]] = {key: {} for key in applicants.iterator(_BATCH)}
    for row in Membership.objects.filter(revoked_at__isnull=True).iterator(_BATCH):
        rows[row.applicant_id][str(row.account_id)] = _terms_of(row)
    events = Event.objects.filter(stream_kind=StreamKind.MEMBERSHIP.value)
    ordered = events.order_by("stream_id", "sequence").iterator(_BATCH)
    for applicant_id, history in groupby(ordered, key=lambda event: event.stream_id):
        found = rows.pop(applicant_id, {})
        try:
            expected = fold_members(
                (
                    MembershipAct(event.act),
                    MembershipFacts.of(known_form(event.payload, version=event.version)),
                )
                for event in history
            )
        except (FilingError, KeyError, ValueError, TypeError, AttributeError) as error:
            yield Violation("members_do_not_fold", str(applicant_id), type(error).__name__)
            continue
        for account in sorted(expected.keys() | found.keys()):
            if expected.get(account) != found.get(account):
                yield Violation("member_differs_from_history", str(applicant_id), account)
    for applicant_id in rows:
        yield Violation("applicant_without_history", str(applicant_id))


def _terms_of(row: Membership) -> MemberTerms:
    return MemberTerms(
        role=row.role,
        scope=row.scope,
        letter=str(row.letter_id) if row.letter_id else "",
        valid_until=row.letter_valid_until.isoformat() if row.letter_valid_until else "",
    )
