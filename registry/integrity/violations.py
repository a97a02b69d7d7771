"""What a check of the register reports: counts of what was checked, and every violation found."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from registry.errors import FilingError

# What reading a row may raise after somebody altered it by hand.
MALFORMED = (FilingError, KeyError, ValueError, TypeError, AttributeError, ValidationError)


@dataclass(frozen=True, slots=True)
class Violation:
    """One inconsistency: its code, the id of the row it was found in, and the detail."""

    code: str
    subject: str
    detail: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, self.subject, self.detail) if part)


@dataclass(slots=True)
class Report:
    """The result of a check: how many rows of each kind it read, and the violations in the order found."""

    counts: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)

    def count(self, what: str) -> None:
        """Adds one to the count of a kind of row."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def add(self, code: str, subject: object, detail: str = "") -> None:
        """Adds a violation."""
        self.violations.append(Violation(code, str(subject), detail))

    def take_in(self, other: Report) -> None:
        """Adds what another report counted and found."""
        for what, number in other.counts.items():
            self.counts[what] = self.counts.get(what, 0) + number
        self.violations += other.violations
