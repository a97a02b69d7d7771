"""What a corrigendum (更正公告) does to one entry of a published list: another name, or its withdrawal.

Number, province and day of ending are made by the register and follow its acts; a corrigendum does not touch them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from registry.rules.substance import says_something


class CorrectedColumn(StrEnum):
    """What of an entry is corrected; ENTRY is the whole of it, which is withdrawn."""

    APPLICANT_NAME = "applicant_name"
    SERVICE_NAME = "service_name"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One correction: the entry by its id and by its place in its list, and what it says before and after.

    A withdrawal has neither before nor after.
    """

    entry: str
    list_kind: str
    list_number: int
    position: int
    column: CorrectedColumn
    before: str
    after: str
    reason: str

    @property
    def is_withdrawal(self) -> bool:
        return self.column is CorrectedColumn.ENTRY


def faults_of(correction: Correction, *, others: Sequence[Correction], is_withdrawn: bool) -> tuple[str, ...]:
    """Why a correction cannot be published, each reason as a code; empty when it can.

    `others` are those of the same corrigendum; `is_withdrawn` says that an earlier corrigendum withdrew the entry.
    """
    beside = [each for each in others if each is not correction and each.entry == correction.entry]
    found = {
        "entry_withdrawn": is_withdrawn,
        "correction_twice": any(each.column is correction.column or each.is_withdrawal for each in beside),
        "correction_without_reason": not says_something(correction.reason),
        "correction_changes_nothing": not correction.is_withdrawal
        and correction.after in ("", correction.before),
    }
    return tuple(code for code, is_so in found.items() if is_so)
