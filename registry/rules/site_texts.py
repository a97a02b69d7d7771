"""Long texts of the portal, in Chinese and English: what an account agrees to, version by version, and statements.

The texts lie in `registry/data/texts/`, one file for each language, in the grammar of articles. A published version
is never altered: a changed text is a further version, and the earlier ones stay readable.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

from registry.rules.errors import RuleError

_TEXTS = Path(__file__).resolve().parent.parent / "data" / "texts"


class TextUnknown(RuleError):
    """There is no such text, or no such version of it."""


class AgreedText(StrEnum):
    """The texts that an account is asked to agree to; their files are numbered by version, from 1."""

    PRIVACY_NOTICE = "privacy_notice"
    IDENTITY_DOCUMENTS = "identity_documents"


@cache
def versions_of(text: AgreedText) -> tuple[int, ...]:
    """The versions of a text, the first one first."""
    return tuple(sorted(int(path.name.split(".")[0]) for path in (_TEXTS / text).glob("*.zh.txt")))


def current_version(text: AgreedText) -> int:
    """The version that holds now."""
    return versions_of(text)[-1]


@cache
def read_text(name: str, *, english: bool) -> str:
    """A text with its places in braces, by its path without language and ending. Raises TextUnknown."""
    path = _TEXTS / f"{name}.{'en' if english else 'zh'}.txt"
    if not path.is_file():
        raise TextUnknown("text_unknown", name=name[:80])
    return path.read_text(encoding="utf-8").strip()


def read_version(text: AgreedText, version: int, *, english: bool) -> str:
    """One version of a text. Raises TextUnknown."""
    return read_text(f"{text}/{version}", english=english)
