"""How many working days before the last day of a deadline its applicant is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Duty(StrEnum):
    """What an applicant has a deadline for."""

    FILE = "file"
    CHANGE = "change"
    ANSWER = "answer"
    RESUBMIT = "resubmit"
    CANCEL = "cancel"


# Working days left. For a filing and a change the first stage is the whole period: they are reminded at once.
STAGES: Mapping[Duty, tuple[int, ...]] = MappingProxyType(
    {
        Duty.FILE: (10, 3),
        Duty.CHANGE: (5, 2),
        Duty.ANSWER: (1,),
        Duty.RESUBMIT: (10, 5),
        Duty.CANCEL: (5, 0),
    }
)


def stage_of(duty: Duty, days_left: int) -> int | None:
    """The last reminder stage reached with so many working days left.

    None before the first stage and after the last day. A late sweep finds only the newest stage; the earlier
    ones are never made up for.
    """
    if days_left < 0:
        return None
    return min((stage for stage in STAGES[duty] if days_left <= stage), default=None)
