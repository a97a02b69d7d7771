"""Heads of numbers that earlier lists name: entered with their applicants, and compared with what was issued here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from registry.book.applicants import enter_imported
from registry.book.in_force import applicant_columns_in_force
from registry.errors import RegisterIncomplete
from registry.models import Applicant, NumberHead
from registry.rules.codes import filing_number
from registry.rules.codes.filing_number import FilingNumber
from registry.rules.workflow.events import ApplicantFacts

_HEADS_AT_ONCE = 500


def import_heads(named: Sequence[tuple[FilingNumber, str]], *, at: datetime) -> dict[str, uuid.UUID]:
    """The applicant of each number's head, by the head: found, or entered under the name of its first number.

    The sequence of an imported head ends with the highest number that a list has named, and no serial of one is
    drawn again. Call in the transaction of the import. Raises RegisterIncomplete for a head of an applicant that
    filed here.
    """
    last: dict[str, int] = {}
    names: dict[str, tuple[FilingNumber, str]] = {}
    for number, name in named:
        last[number.head] = max(number.sequence, last.get(number.head, 0))
        names.setdefault(number.head, (number, name))
    found = heads_of([number for number, _name in names.values()])
    for head in found.values():
        if not head.is_imported:
            raise RegisterIncomplete("head_issued_here", serial=head.serial)
    raised = []
    for key, head in found.items():
        if last[key] > head.last_sequence:
            head.last_sequence = last[key]
            raised.append(head)
    NumberHead.objects.bulk_update(raised, ["last_sequence"], batch_size=_HEADS_AT_ONCE)
    entered = enter_imported(dict(each for key, each in names.items() if key not in found), at=at)
    NumberHead.objects.bulk_create(
        (
            NumberHead(
                applicant=applicant,
                province_code=applicant.province_code,
                division_code=number.division_code,
                year=number.year,
                serial=number.serial,
                last_sequence=last[number.head],
                is_imported=True,
            )
            for number, applicant in entered.items()
        ),
        batch_size=_HEADS_AT_ONCE,
    )
    owners = {key: head.applicant_id for key, head in found.items()}
    return owners | {number.head: applicant.pk for number, applicant in entered.items()}


def facts_of_owners(applicant_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ApplicantFacts]:
    """The facts of those imported applicants that have supplied them, with the province they are registered in."""
    wanted = set(applicant_ids)
    supplied = Applicant.objects.filter(is_imported=True, facts_application_id__isnull=False)
    return {
        each.pk: ApplicantFacts(applicant_columns_in_force(each), each.province_code)
        for each in supplied
        if each.pk in wanted
    }


def heads_of(numbers: Sequence[FilingNumber]) -> dict[str, NumberHead]:
    """The heads of these numbers that the register has, by their text."""
    wanted = {number.head for number in numbers}
    return {key: head for head in heads_with_serials(numbers) if (key := head_text(head)) in wanted}


def heads_with_serials(numbers: Sequence[FilingNumber]) -> list[NumberHead]:
    """The heads in the register that have the serials of these numbers, whatever their division and year."""
    serials = sorted({number.serial for number in numbers})
    parts = (serials[start : start + _HEADS_AT_ONCE] for start in range(0, len(serials), _HEADS_AT_ONCE))
    return [head for part in parts for head in NumberHead.objects.filter(serial__in=part)]


def head_text(head: NumberHead) -> str:
    """What all numbers of a head share, sixteen digits."""
    return filing_number.compose(head.division_code, head.year, head.serial, 1).head
