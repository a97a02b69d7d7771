"""The services of everybody an account acts for, each with what is next, by when, and the end of the letter.

The number of queries does not depend on how many clients there are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from applicants import access
from applicants.deadlines.own_deadlines import OwnDeadline, client_of, deadlines_of, service_of
from registry.models import Account, Application, Membership
from registry.rules.days.working_days import Calendar
from registry.rules.members.permissions import LETTER_REMINDER_DAYS
from registry.rules.workflow.states import OPEN_STATES, Standing

_GO_ON = pgettext_lazy("next act", "Go on with the draft")
_WITH_THE_OFFICE = pgettext_lazy("next act", "With the office")
_IN_FORCE = pgettext_lazy("next act", "Nothing to do: in force")
_ENDED = pgettext_lazy("next act", "Nothing to do: ended")
_NOTHING_FILED = gettext_lazy("Nothing filed yet")


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One service of one client; `service` is empty for what concerns the client as a whole.

    `on` is the last day of the next act, None where there is none. `letter_until` is the last day of the letter under
    which the account acts for the client, None where it acts without one.
    """

    applicant_id: uuid.UUID | None
    client: str
    service: str
    reference: str
    act: Promise
    url: str
    on: date | None = None
    days_left: int | None = None
    provisional: bool = False
    letter_until: date | None = None
    letter_days_left: int | None = None

    @property
    def days_late(self) -> int:
        """Working days since the last day; 0 when it has not passed."""
        return max(0, -(self.days_left or 0))

    @property
    def letter_ends_soon(self) -> bool:
        """Whether the letter has ended, or ends within the days in which its end is announced."""
        return self.letter_days_left is not None and self.letter_days_left <= LETTER_REMINDER_DAYS


def client_rows(account: Account, *, today: date, calendar: Calendar) -> list[ClientRow]:
    """A row for each service of each client of the account, in no order."""
    applications = list(access.applications_of(account))
    due = deadlines_of(account, today=today, calendar=calendar)
    letters = dict(
        Membership.objects.filter(account=account, revoked_at__isnull=True).values_list(
            "applicant", "letter_valid_until"
        )
    )
    rows = [*_rows_due(due), *_rows_without_a_day(account, applications, due)]
    served = {each.applicant_id for each in rows}
    rows += [
        ClientRow(each.pk, each.name, "", "", _NOTHING_FILED, reverse("applicants:members", args=[each.pk]))
        for each in access.applicants_of(account)
        if each.pk not in served
    ]
    return [_with_letter(each, letters, today=today) for each in rows]


def _rows_due(due: Iterable[OwnDeadline]) -> Iterator[ClientRow]:
    for each in due:
        yield ClientRow(
            each.applicant_id,
            each.client,
            each.name,
            each.reference,
            each.label,
            each.path,
            on=each.on,
            days_left=each.days_left,
            provisional=each.provisional,
        )


def _rows_without_a_day(
    account: Account, applications: Iterable[Application], due: Iterable[OwnDeadline]
) -> Iterator[ClientRow]:
    """The drafts, open applications and filings that wait for no day."""
    subjects = {each.subject_id for each in due}
    dated = {each.filing_id for each in applications if each.pk in subjects}
    begun = access.drafts_of(account).filter(amends_application_id__isnull=True)
    for draft in begun.select_related("applicant"):
        if draft.pk not in subjects:
            url = reverse("applicants:draft", args=[draft.pk])
            yield ClientRow(draft.applicant_id, client_of(draft), service_of(draft), "", _GO_ON, url)
    under_way = set()
    for application in applications:
        if application.state in OPEN_STATES and application.pk not in subjects:
            under_way.add(application.filing_id)
            yield ClientRow(
                application.applicant_id,
                application.applicant_called,
                application.service_name,
                application.receipt_number,
                _WITH_THE_OFFICE,
                reverse("applicants:application", args=[application.pk]),
            )
    filings = access.filings_of(account).exclude(standing=Standing.PENDING.value)
    for filing in filings.exclude(pk__in=subjects):
        if filing.pk in dated or filing.pk in under_way:
            continue
        yield ClientRow(
            filing.applicant_id,
            filing.applicant_name,
            filing.service_name,
            filing.number or "",
            _ACTS.get(Standing(filing.standing), _ENDED),
            reverse("applicants:filing", args=[filing.pk]),
        )


_ACTS: Mapping[Standing, Promise] = {
    Standing.AWAITING_NUMBER: _WITH_THE_OFFICE,
    Standing.IN_FORCE: _IN_FORCE,
}


def _with_letter(row: ClientRow, letters: Mapping[uuid.UUID, date | None], *, today: date) -> ClientRow:
    until = letters.get(row.applicant_id) if row.applicant_id is not None else None
    if until is None:
        return row
    return replace(row, letter_until=until, letter_days_left=(until - today).days)
