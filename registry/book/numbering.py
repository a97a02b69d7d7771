"""Issues filing numbers: the applicant's next one, under row locks, in one transaction with its event.

Issuing twice gives the same number. Locks are taken in the order applicant, filing, head.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from registry import clock
from registry.book.ledger import lock_row, record_number
from registry.errors import NotFound, SequenceExhausted, TransitionNotAllowed
from registry.gateways import terminal
from registry.models import Applicant, Filing, NumberHead
from registry.rules.codes import filing_number
from registry.rules.workflow.states import Act, Standing

SERIALS = 100_000_000
SAMPLE_SERIALS = 10_000
MAXIMUM_SEQUENCE = 999
_DRAWS = 50


@transaction.atomic
def issue_number(filing_id: uuid.UUID, *, at: datetime | None = None) -> str:
    """Issues the number of a filing that awaits one; gives the existing number when it has one.

    Number, counter, state and event commit together. Raises NotFound for an unknown filing, TransitionNotAllowed
    when the filing is not approved, SequenceExhausted after sequence 999.
    """
    at = at or clock.now()
    owners = Applicant.objects.filter(filings=filing_id)
    applicant = owners.select_for_update(no_key=True, of=("self",)).first()
    if applicant is None:
        raise NotFound("filing_unknown", filing=str(filing_id))
    filing = lock_row(Filing, filing_id)
    if filing.number is not None:
        return filing.number
    if filing.standing != Standing.AWAITING_NUMBER:
        raise TransitionNotAllowed("not_in_this_state", act=Act.ISSUE_NUMBER.value, state=filing.standing)
    head = _head(applicant, division_code=filing.columns["division_code"], at=at)
    if head.last_sequence >= MAXIMUM_SEQUENCE:
        raise SequenceExhausted("sequence_exhausted", applicant=str(applicant.pk))
    head.last_sequence += 1
    head.save(force_insert=head._state.adding, force_update=not head._state.adding)
    number = filing_number.compose(head.division_code, head.year, head.serial, head.last_sequence)
    record_number(filing, number=str(number), division_code=head.division_code, at=at)
    transaction.on_commit(partial(terminal.tell, f"The filing number {number} was issued."), robust=True)
    return str(number)


def _head(applicant: Applicant, *, division_code: str, at: datetime) -> NumberHead:
    """The part that all numbers of the applicant share, unsaved with the first; call with the applicant locked."""
    head = NumberHead.objects.select_for_update().filter(applicant=applicant).first()
    if head is None:
        head = NumberHead(
            applicant=applicant,
            province_code=applicant.province_code,
            division_code=division_code,
            year=clock.china_date(at).year,
            serial=_free_serial(),
        )
    return head


def _free_serial() -> str:
    """Eight random digits from a cryptographic source that no applicant has; samples begin with 0000.

    Raises SequenceExhausted when no free serial is found in `_DRAWS` draws.
    """
    for _draw in range(_DRAWS):
        if settings.ISSUES_SAMPLE_NUMBERS:
            serial = secrets.randbelow(SAMPLE_SERIALS)
        else:
            serial = SAMPLE_SERIALS + secrets.randbelow(SERIALS - SAMPLE_SERIALS)
        text = f"{serial:08d}"
        if not NumberHead.objects.filter(serial=text).exists():
            return text
    raise SequenceExhausted("serials_exhausted", draws=_DRAWS)
