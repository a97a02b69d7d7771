"""When an applicant is reminded of a deadline of its own: how many working days before its last day."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Duty(StrEnum):
    """What an applicant has a deadline for."""

    FILE = "file"
    CHANGE = "change"
    RESUBMIT = "resubmit"
    CANCEL = "cancel"


# Filing and change are told of when their period begins, with all of its days left, and once more before it ends.
STAGES: Mapping[Duty, tuple[int, ...]] = MappingProxyType(
    {Duty.FILE: (10, 3), Duty.CHANGE: (5, 2), Duty.RESUBMIT: (10, 5), Duty.CANCEL: (5, 0)}
)


def stage_of(duty: Duty, days_left: int) -> int | None:
    """The reminder that is due with so many working days left: the last one reached.

    None before the first and after the last day. Whoever asks late is given only the newest: an earlier stage
    never comes back, since the days left only become fewer.
    """
    if days_left < 0:
        return None
    return min((stage for stage in STAGES[duty] if days_left <= stage), default=None)
