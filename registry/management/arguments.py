"""Arguments that several commands take."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from registry.presentation.day_fields import FIRST_DAY, LAST_DAY
from registry.rules.particulars.materials import date_of


def day(text: str) -> date:
    """A day as YYYY-MM-DD within the bounds of every form. Raises ArgumentTypeError."""
    found = date_of(text)
    if found is None:
        raise ArgumentTypeError(f"{text} is not a day like 2019-03-30")
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ArgumentTypeError(f"Give a day from {FIRST_DAY} to {LAST_DAY}.")
    return found
