"""The kinds of notices and their shipped texts, read from `registry/data/notices/*.toml`.

One file per subject. A table of a file is a kind:

  [rejected]
  channels = ["email", "sms"]       beside the inbox; empty for the inbox alone
  is_formal = true                  sent even on channels that the account has switched off
  required = ["reasons", "link"]    placeholders that every wording of the body must contain
  [rejected.facts]                  each placeholder and its format, a manner of registry/notices/fact_words.py
  reasons = "reasons"
  [rejected.sample]                 values for previews
  [rejected.zh-hans]                subject, body and sms (with the channel sms only) of both languages, and must_say:
                                    words of the law that every wording of the body has
  [rejected.en]

The placeholders `recipient` (the account's name) and `link` (the full address) belong to every kind.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from registry.errors import FilingError

_DIRECTORY = Path(__file__).resolve().parent.parent / "data" / "notices"

LANGUAGES = ("zh-hans", "en")
# The placeholders of every kind: the recipient, and the address of the page to read on.
COMMON_FACTS: Mapping[str, str] = MappingProxyType({"recipient": "name", "link": "address"})


class NoticeKindMismatch(FilingError):
    """There is no notice of this kind, or the given facts are not those it declares."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The three parts of a notice, with placeholders to fill."""

    subject: str
    body: str
    sms: str = ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice: its channels, the facts it takes and its shipped wording by language."""

    code: str
    group: str
    channels: tuple[str, ...]
    is_formal: bool
    required: tuple[str, ...]
    facts: Mapping[str, str]
    sample: Mapping[str, Any]
    shipped: Mapping[str, Wording]
    must_say: Mapping[str, tuple[str, ...]]

    @property
    def has_sms(self) -> bool:
        return "sms" in self.channels

    @property
    def places(self) -> tuple[str, ...]:
        """The names of all placeholders that its texts may use, sorted."""
        return tuple(sorted({*self.facts, *COMMON_FACTS}))

    def sms_template_code(self, language: str) -> str:
        """The code under which carriers know its text message in a language: notice_rejected_zh."""
        return f"notice_{self.code}_{language[:2]}"


def kind_of(code: str) -> NoticeKind:
    """The kind of this code. Raises NoticeKindMismatch."""
    found = all_kinds().get(code)
    if found is None:
        raise NoticeKindMismatch("notice_kind_unknown", kind=code[:40])
    return found


@cache
def all_kinds() -> Mapping[str, NoticeKind]:
    """Every kind by its code, in the order of the files and of their tables."""
    return MappingProxyType(
        {
            code: _read(code, path.stem, table)
            for path in sorted(_DIRECTORY.glob("*.toml"))
            for code, table in tomllib.loads(path.read_text(encoding="utf-8")).items()
        }
    )


def _read(code: str, group: str, table: Mapping[str, Any]) -> NoticeKind:
    return NoticeKind(
        code=code,
        group=group,
        channels=tuple(table.get("channels", ("email", "sms"))),
        is_formal=bool(table.get("is_formal", False)),
        required=tuple(table.get("required", ())),
        facts=MappingProxyType(dict(table.get("facts", {}))),
        sample=MappingProxyType(dict(table.get("sample", {}))),
        shipped=MappingProxyType(
            {
                language: Wording(
                    subject=table[language]["subject"].strip(),
                    body=table[language]["body"].strip(),
                    sms=table[language].get("sms", "").strip(),
                )
                for language in LANGUAGES
            }
        ),
        must_say=MappingProxyType(
            {language: tuple(table[language].get("must_say", ())) for language in LANGUAGES}
        ),
    )
