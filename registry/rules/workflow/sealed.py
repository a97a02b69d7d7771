"""What events hold of texts and files that stand apart: a reference, and what shows an altered one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


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


def file_replaced(replaces: str, file: EvidenceFile) -> dict[str, Any]:
    """The payload of an act that puts a file in the place of one that could not be read, which it names by id."""
    return {"replaces": replaces, "file": asdict(file)}


def file_in_place_of(payload: Mapping[str, Any]) -> EvidenceFile:
    """The file that such an act recorded."""
    return EvidenceFile(**payload["file"])
