"""What a rule of consistency is, and what it finds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from registry.rules.particulars.materials import Materials, digest_of, value_of


class Severity(StrEnum):
    """Whether a contradiction is certain and must be mended, or may be answered."""

    ERROR = "error"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register has under a filing number: the names as they are now, and whether the filing has ended.

    `ends_on` is the day on which it ends by an approved cancellation, None without one.
    """

    applicant_name: str
    service_name: str
    has_ended: bool
    ends_on: date | None = None


# Looks numbers up in the register; those that it does not have are left out.
Register = Callable[[Collection[str]], Mapping[str, Registered]]


@dataclass(frozen=True, slots=True)
class Stated:
    """What an application states on a day: its materials, and the days as typed on which its changes happened.

    `versions` are what was stated before, in the order in which it was handed in: what a change would replace, and the
    earlier rounds of an application. They are of the same applicant, unless the application is about the applicant.
    Without a `register` nothing is found that only the register can tell.
    """

    materials: Materials
    today: date
    changed_on: Mapping[str, str] = field(default_factory=dict)
    versions: Sequence[Materials] = ()
    register: Register | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One place at which a rule is broken: the key of the particular to look at, its row, and what its words need."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True)
class ConsistencyRule:
    """One rule under its name, by which `registry.labels.consistency_words` has its text.

    `compares` are the particulars and slots it sets beside each other: the rule is asked of an application that is
    about all of them, and an answer holds while none of them changes. A question is found once.
    """

    name: str
    severity: Severity
    compares: tuple[str, ...]
    find: Callable[[Stated], Iterator[Found]]
    basis: str = "11(1)"

    def compared(self, materials: Materials) -> str:
        """A digest of what the rule compares: it changes with any of it."""
        content = [content_of(value_of(materials, key)) for key in self.compares]
        written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule that is broken, and where."""

    rule: ConsistencyRule
    found: Found


def error(*compares: str, basis: str = "11(1)") -> Callable[..., ConsistencyRule]:
    """Makes a function the rule of its name: what it finds is certain."""
    return _rule(Severity.ERROR, compares, basis)


def question(*compares: str, basis: str = "11(1)") -> Callable[..., ConsistencyRule]:
    """Makes a function the rule of its name: what it finds may be so, and is asked."""
    return _rule(Severity.QUESTION, compares, basis)


def _rule(severity: Severity, compares: tuple[str, ...], basis: str) -> Callable[..., ConsistencyRule]:
    def made(find: Callable[[Stated], Iterator[Found]]) -> ConsistencyRule:
        return ConsistencyRule(find.__name__, severity, compares, find, basis)

    return made


def content_of(value: Any) -> Any:
    """An answer, or the content of the files in a slot; an answer that is absent is as one that is empty."""
    if isinstance(value, list):
        return [(digest_of(each) or each) if isinstance(each, Mapping) else each for each in value]
    return value or None
