"""What events hold of texts and files that stand apart: a reference, and what shows an altered one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# So often a place among the files of an act takes another file, and so often its file is read once more.
MOST_REPLACEMENTS = 3
MOST_READINGS_AGAIN = 3


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


class EvidenceAct(StrEnum):
    """What is done with a file of evidence and leaves no event: the file itself stays the same."""

    READ_AGAIN = "evidence_read_again"
