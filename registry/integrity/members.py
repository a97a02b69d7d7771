"""Compares who acts for an applicant with the history of its members; part of checking the register."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from itertools import groupby

from registry.models import Applicant, Membership, MembershipEvent
from registry.rules.members.fold import MemberEvent, MemberTerms, fold_members

_BATCH = 500


def find_faults() -> Iterator[tuple[str, uuid.UUID, str]]:
    """Every applicant whose members are not those of its history: a code, the applicant, and what was found.

    Accounts are given by their ids only: what stands here is printed and logged.
    """
    applicants = Applicant.objects.values_list("pk", flat=True)
    rows: dict[uuid.UUID, dict[str, MemberTerms]] = {key: {} for key in applicants.iterator(_BATCH)}
    for row in Membership.objects.filter(revoked_at__isnull=True).iterator(_BATCH):
        rows[row.applicant_id][str(row.account_id)] = _terms_of(row)
    ordered = MembershipEvent.objects.order_by("applicant_id", "id").iterator(_BATCH)
    for applicant_id, events in groupby(ordered, key=lambda event: event.applicant_id):
        found = rows.pop(applicant_id)
        try:
            told = fold_members(
                MemberEvent(event.act, str(event.account_id or ""), event.facts) for event in events
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            yield "members_do_not_fold", applicant_id, type(error).__name__
            continue
        for account in sorted(told.keys() | found.keys()):
            if told.get(account) != found.get(account):
                yield "member_differs_from_history", applicant_id, account
    for applicant_id in rows:
        yield "applicant_without_history", applicant_id, ""


def _terms_of(row: Membership) -> MemberTerms:
    return MemberTerms(
        role=row.role,
        scope=row.scope,
        letter=str(row.letter_id) if row.letter_id else "",
        valid_until=row.letter_valid_until.isoformat() if row.letter_valid_until else "",
    )
