"""What a cancellation states itself (Art. 11); for the rest it repeats the materials in force."""

from __future__ import annotations

SECTION = "cancellation"
ENDS_ON = f"{SECTION}.ends_on"
ARRANGEMENT = f"{SECTION}.arrangement"
LATE_REASON = f"{SECTION}.late_reason"

_STATED = (ENDS_ON, ARRANGEMENT, LATE_REASON)


def is_of_cancellation(key: str) -> bool:
    return key in _STATED


def stated_keys(*, is_late: bool) -> tuple[str, ...]:
    """The keys of what a cancellation states, in the order of its form; only a late one gives a reason."""
    return _STATED if is_late else (ENDS_ON, ARRANGEMENT)
