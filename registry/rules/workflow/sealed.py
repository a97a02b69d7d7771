"""What events hold of texts and files that stand apart: a reference, and what shows an altered one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text that stands apart: the id of its row, and the commitment by which an altered one shows."""

    part: str
    commitment: str


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that came with an act, by id and digest."""

    file: str
    sha256: str
