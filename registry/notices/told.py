"""What an event tells the applicant: the kind of the notice, its facts, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass

from registry.models import Application, Filing


@dataclass(frozen=True, slots=True)
class Told:
    """One notice before it is made; without a path it leads to the application."""

    kind: str
    facts: dict[str, object]
    filing: Filing | None
    path: str = ""
    application: Application | None = None
