"""The payloads of the events of a round of quality sampling: the only code that reads and writes their keys.

Payloads are JSON of version 1, under their events' hashes and never rewritten. Days are ISO dates in China, ids text.

| act | holds |
|---|---|
| quality_round_drawn | `number` (of the office's rounds, from 1), `office` (its code), `first_on` and `last_on` (days of decision, both inclusive), `percent`, `seed`, `population` (how many cases) and `population_sha256` (of their receipt numbers), `cases` (each `case`, `receipt`, `province`, `decision` (the deciding event), `revision`, `parts` (the officers who had a part), `officer` (who looks again, or empty)) |
| quality_case_assigned | `case`, `officer` |
| quality_case_looked_at | `case`, `finding` (`in_order` or `found`), `text` |
| quality_case_set_aside | `case`, `text` (why) |
"""  # noqa: E501 (a table)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from registry.rules.quality.lifecycle import CaseState

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCase:
    """A case as it was drawn: by which event and on which revision it was decided, and who had a part in that."""

    case: str
    receipt: str
    province: str
    decision: str
    revision: int
    parts: Sequence[str]
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What DRAW holds: from which days of which office, how much by which seed, and what was drawn."""

    number: int
    office: str
    first_on: date
    last_on: date
    percent: int
    seed: str
    population: int
    population_sha256: str
    cases: Sequence[DrawnCase]

    @classmethod
    def of(cls, payload: Payload) -> Draw:
        """What a payload holds."""
        return cls(
            number=payload["number"],
            office=payload["office"],
            first_on=date.fromisoformat(payload["first_on"]),
            last_on=date.fromisoformat(payload["last_on"]),
            percent=payload["percent"],
            seed=payload["seed"],
            population=payload["population"],
            population_sha256=payload["population_sha256"],
            cases=tuple(DrawnCase(**{**each, "parts": tuple(each["parts"])}) for each in payload["cases"]),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of DRAW."""
        return {
            "number": self.number,
            "office": self.office,
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "percent": self.percent,
            "seed": self.seed,
            "population": self.population,
            "population_sha256": self.population_sha256,
            "cases": [{**asdict(each), "parts": list(each.parts)} for each in self.cases],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a second look found of a case: in order, or something, which the text says."""

    case: str
    finding: CaseState
    text: str = ""

    @classmethod
    def of(cls, payload: Payload) -> Finding:
        """What LOOK holds."""
        return cls(case=payload["case"], finding=CaseState(payload["finding"]), text=payload["text"])

    def as_payload(self) -> dict[str, Any]:
        """The payload of LOOK."""
        return {"case": self.case, "finding": self.finding.value, "text": self.text}


def assigned(case: str, officer: str) -> dict[str, Any]:
    """The payload of ASSIGN."""
    return {"case": case, "officer": officer}


def set_aside(case: str, text: str) -> dict[str, Any]:
    """The payload of SET_ASIDE."""
    return {"case": case, "text": text}


def case_of(payload: Payload) -> str:
    """Which case an act after the draw is about."""
    return str(payload["case"])


def officer_of(payload: Payload) -> str:
    """Whom ASSIGN gives a case."""
    return str(payload["officer"])


def text_of(payload: Payload) -> str:
    """Why SET_ASIDE sets a case aside."""
    return str(payload["text"])
