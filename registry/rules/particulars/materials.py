"""The applicant's materials: one plain JSON dict, and how to look into it.

Drafts, revisions, forms, review marks and the public record all use this shape: `{"applicant": {…},
"person_in_charge": {…}, "service": {…}, "content": {…}, "attachments": {slot: [file, …]}}`. Values are str,
bool, int, list of str (several choices), list of dict (a group's rows) and ISO date strings. An absent key,
"" and an empty list all mean not given; `False` and `0` are answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

Materials = Mapping[str, Any]
Row = Mapping[str, Any]
AttachedFile = Mapping[str, Any]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")

SECTIONS = ("applicant", "person_in_charge", "service", "content", "attachments")
# Beside the sections: what the applicant answered to questions, by the name of their rule.
ANSWERS = "answers_to_questions"


def empty_materials() -> dict[str, Any]:
    return {section: {} for section in SECTIONS}


def is_given(value: object) -> bool:
    """Whether a value answers the question; white space alone does not."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, (list, tuple, dict)):
        return bool(value)
    return value is not None


def value_of(materials: Materials, key: str) -> Any:
    """The value at a dotted key such as "service.service_name", None where the path ends early."""
    value: Any = materials
    for part in key.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def rows_of(materials: Materials, key: str) -> list[Row]:
    """The rows of a group; a value that is not a row is skipped."""
    value = value_of(materials, key)
    if not isinstance(value, list):
        return []
    return [row for row in value if isinstance(row, Mapping)]


def files_of(materials: Materials, key: str) -> list[AttachedFile]:
    """The files in an attachment slot, in the order they were attached."""
    return rows_of(materials, key)


def digest_of(file: AttachedFile) -> str:
    """The SHA-256 by which a file is the same or another: of a signed PDF that of the bytes as they were sent.

    Rebuilding takes signatures away: signed or not, the copies may be the same.
    """
    return str(file.get("original_sha256") or file.get("sha256") or "")


def date_of(value: object) -> date | None:
    """A calendar date written as YYYY-MM-DD, None for anything else."""
    if not isinstance(value, str) or not _DAY.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
