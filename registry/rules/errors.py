"""The errors that rules raise, as one tree: each holds a code and facts; the labels hold the wording."""

from __future__ import annotations

from typing import Any


class FilingError(Exception):
    """Something was refused; `code` says what, `facts` holds the values a message needs."""

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.code
        named = ", ".join(f"{name}={value!r}" for name, value in sorted(self.facts.items()))
        return f"{self.code} ({named})"


class RuleError(FilingError):
    """A value that a rule was given does not satisfy it."""


class NotAFilingNumber(RuleError):
    """A text is not a filing number; the code says which test it failed first."""


class CalendarOutOfRange(RuleError):
    """A day that a question needs lies outside the days the calendar covers."""


class CalendarInconsistent(RuleError):
    """The official days given contradict each other or leave a gap."""


class PeriodUnknown(RuleError):
    """There is no period of this name."""


class InvalidCount(RuleError):
    """A number of working days is below one."""


class InvalidIdentifier(RuleError):
    """A document number, telephone number or address is not well formed; the code says why."""


class DivisionUnknown(RuleError):
    """No province or administrative division has this code on the day asked about."""


class ProvisionUnknown(RuleError):
    """There is no article under this key."""
