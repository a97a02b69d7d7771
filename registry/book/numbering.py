"""Issues filing numbers: each its applicant's next one, under row locks, in one transaction with its event.

Issuing twice gives the same number. Locks are taken in the order applicants, filings, heads, applications.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from registry import clock
from registry.book.ledger import record_numbers
from registry.book.locks import lock_rows
from registry.errors import NotFound, SequenceExhausted, TransitionNotAllowed
from registry.gateways import terminal
from registry.models import Applicant, Filing, NumberHead
from registry.rules.codes import filing_number
from registry.rules.workflow.states import Act, Standing

SERIALS = 100_000_000
SAMPLE_SERIALS = 10_000
MAXIMUM_SEQUENCE = 999
_DRAWS = 50


def issue_number(filing_id: uuid.UUID, *, at: datetime | None = None) -> str:
    """Issues the number of one filing, as `issue_numbers` does, and gives it."""
    return issue_numbers([filing_id], at=at)[filing_id]


@transaction.atomic
def issue_numbers(filing_ids: Iterable[uuid.UUID], *, at: datetime | None = None) -> dict[uuid.UUID, str]:
    """Issues the numbers of filings that await one, in this order, all or none; an existing number is kept.

    Numbers, counters, states and events commit together. Gives the number of every filing. Raises NotFound for an
    unknown filing, TransitionNotAllowed when one is not approved, SequenceExhausted after sequence 999.
    """
    at = at or clock.now()
    wanted = list(dict.fromkeys(filing_ids))
    owners = Filing.objects.filter(pk__in=wanted).values("applicant")
    applicants = lock_rows(Applicant, owners)
    filings = lock_rows(Filing, wanted)
    numbers = {key: filing.number for key, filing in filings.items() if filing.number is not None}
    awaiting = [_awaiting_number(filings, key) for key in wanted if key not in numbers]
    if awaiting:
        numbers |= _issue(awaiting, applicants, at=at)
    return numbers


def _issue(
    filings: Sequence[Filing], applicants: Mapping[uuid.UUID, Applicant], *, at: datetime
) -> dict[uuid.UUID, str]:
    heads = _heads(filings, applicants, at=at)
    issued = []
    for filing in filings:
        head = heads[filing.applicant_id]
        if head.last_sequence >= MAXIMUM_SEQUENCE:
            raise SequenceExhausted("sequence_exhausted", applicant=str(filing.applicant_id))
        head.last_sequence += 1
        number = filing_number.compose(head.division_code, head.year, head.serial, head.last_sequence)
        issued.append((filing, number))
    NumberHead.objects.bulk_create(
        heads.values(), update_conflicts=True, unique_fields=["pk"], update_fields=["last_sequence"]
    )
    record_numbers(issued, at=at)
    for _filing, number in issued:
        transaction.on_commit(partial(terminal.tell, f"The filing number {number} was issued."), robust=True)
    return {filing.pk: str(number) for filing, number in issued}


def _awaiting_number(filings: Mapping[uuid.UUID, Filing], filing_id: uuid.UUID) -> Filing:
    filing = filings.get(filing_id)
    if filing is None:
        raise NotFound("filing_unknown", filing=str(filing_id))
    if filing.standing != Standing.AWAITING_NUMBER:
        raise TransitionNotAllowed("not_in_this_state", act=Act.ISSUE_NUMBER.value, state=filing.standing)
    return filing


def _heads(
    filings: Sequence[Filing], applicants: Mapping[uuid.UUID, Applicant], *, at: datetime
) -> dict[uuid.UUID, NumberHead]:
    """By applicant, the part that all its numbers share, unsaved before the first; call with applicants locked."""
    firsts = {filing.applicant_id: filing for filing in reversed(filings)}
    known = NumberHead.objects.select_for_update().filter(applicant__in=firsts).order_by("pk")
    heads = {head.applicant_id: head for head in known}
    new = [filing for key, filing in firsts.items() if key not in heads]
    for filing, serial in zip(new, _free_serials(len(new)), strict=True):
        heads[filing.applicant_id] = NumberHead(
            applicant_id=filing.applicant_id,
            province_code=applicants[filing.applicant_id].province_code,
            division_code=filing.columns["division_code"],
            year=clock.china_date(at).year,
            serial=serial,
        )
    return heads


def _free_serials(count: int) -> list[str]:
    """Eight random digits each, from a cryptographic source, that no applicant has; samples begin with 0000.

    Raises SequenceExhausted when not enough free serials are found in `_DRAWS` draws.
    """
    free: set[str] = set()
    for _draw in range(_DRAWS):
        if len(free) == count:
            return list(free)
        drawn = {_draw_serial() for _ in range(count - len(free))} - free
        free |= drawn.difference(NumberHead.objects.filter(serial__in=drawn).values_list("serial", flat=True))
    raise SequenceExhausted("serials_exhausted", draws=_DRAWS)


def _draw_serial() -> str:
    if settings.ISSUES_SAMPLE_NUMBERS:
        serial = secrets.randbelow(SAMPLE_SERIALS)
    else:
        serial = SAMPLE_SERIALS + secrets.randbelow(SERIALS - SAMPLE_SERIALS)
    return f"{serial:08d}"
