"""The payloads of objections' events: the only code that reads and writes their keys.

Payloads are JSON of version 1, under their events' hashes and never rewritten. Days are ISO dates in China, ids text.
What people wrote stands apart, encrypted and erasable: events hold a reference and a commitment (`Sealed`).

| act | holds |
|---|---|
| objection_received | `entry`, `filing`, `applicant`, `receipt_number`, `way`, `received_on`, `posted_on` or null, `in_time`, `objections_until`, `provisional`, `calendar_version`, `statement` (sealed), `files` (each `file`, `sha256`) |
| objection_admitted | `released` (ids of files; nothing from earlier versions) |
| objection_not_admitted, objection_sent_back, objection_to_uphold, objection_to_dismiss | `explanation` |
| objection_sent | `text` (sealed), `answer_by`, `provisional`, `calendar_version` |
| objection_answered | `text` (sealed), `late_by_working_days` |
| objection_upheld, objection_dismissed | `due_on`, `calendar_version`, `late_by_working_days` |
| objection_extended | `explanation`, `working_days`, `due_on`, `provisional`, `calendar_version` |
| objection_withdrawn | nothing |
| objection_file_replaced | `replaces` (the id of a file that could not be read), `file` (`file`, `sha256`) |
| admission and its refusal, proposals and decisions | `seen` (`file`, `sha256` of each file that could be opened, as it was shown; nothing from earlier versions) |
"""  # noqa: E501 (a table)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from registry.rules.objections.lifecycle import ObjectionWay
from registry.rules.workflow.sealed import EvidenceFile, Sealed

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What is recorded when an objection comes.

    It is in time when it came (web), or was posted, on or before `objections_until`, by the calendar of its version.
    """

    entry: str
    filing: str
    applicant: str
    receipt_number: str
    way: ObjectionWay
    received_on: date
    posted_on: date | None
    in_time: bool
    objections_until: date
    provisional: bool
    calendar_version: str
    statement: Sealed
    files: Sequence[EvidenceFile] = ()

    @classmethod
    def of(cls, payload: Payload) -> Receipt:
        """What RECEIVE holds."""
        posted_on = payload["posted_on"]
        return cls(
            entry=payload["entry"],
            filing=payload["filing"],
            applicant=payload["applicant"],
            receipt_number=payload["receipt_number"],
            way=ObjectionWay(payload["way"]),
            received_on=date.fromisoformat(payload["received_on"]),
            posted_on=None if posted_on is None else date.fromisoformat(posted_on),
            in_time=payload["in_time"],
            objections_until=date.fromisoformat(payload["objections_until"]),
            provisional=payload["provisional"],
            calendar_version=payload["calendar_version"],
            statement=Sealed(**payload["statement"]),
            files=tuple(EvidenceFile(**each) for each in payload["files"]),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of RECEIVE."""
        return {
            "entry": self.entry,
            "filing": self.filing,
            "applicant": self.applicant,
            "receipt_number": self.receipt_number,
            "way": self.way.value,
            "received_on": self.received_on.isoformat(),
            "posted_on": None if self.posted_on is None else self.posted_on.isoformat(),
            "in_time": self.in_time,
            "objections_until": self.objections_until.isoformat(),
            "provisional": self.provisional,
            "calendar_version": self.calendar_version,
            "statement": asdict(self.statement),
            "files": [asdict(each) for each in self.files],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the applicant is asked: the text, and the last day of the time given for its statement."""

    text: Sealed
    answer_by: date
    provisional: bool
    calendar_version: str

    @classmethod
    def of(cls, payload: Payload) -> Question:
        """What SEND holds."""
        return cls(
            text=Sealed(**payload["text"]),
            answer_by=date.fromisoformat(payload["answer_by"]),
            provisional=payload["provisional"],
            calendar_version=payload["calendar_version"],
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of SEND."""
        return {
            "text": asdict(self.text),
            "answer_by": self.answer_by.isoformat(),
            "provisional": self.provisional,
            "calendar_version": self.calendar_version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a decision fixes of the office's own time: the day it was due, and how late it came."""

    due_on: date
    calendar_version: str
    late_by_working_days: int

    @classmethod
    def of(cls, payload: Payload) -> Closing:
        """What UPHOLD and DISMISS hold."""
        return cls(
            due_on=date.fromisoformat(payload["due_on"]),
            calendar_version=payload["calendar_version"],
            late_by_working_days=payload["late_by_working_days"],
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of UPHOLD and DISMISS."""
        return {
            "due_on": self.due_on.isoformat(),
            "calendar_version": self.calendar_version,
            "late_by_working_days": self.late_by_working_days,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time for the office's decision: why, how many working days, and the day it is due by then."""

    explanation: str
    working_days: int
    due_on: date
    provisional: bool
    calendar_version: str

    @classmethod
    def of(cls, payload: Payload) -> Extension:
        """What EXTEND holds."""
        return cls(
            explanation=payload["explanation"],
            working_days=payload["working_days"],
            due_on=date.fromisoformat(payload["due_on"]),
            provisional=payload["provisional"],
            calendar_version=payload["calendar_version"],
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of EXTEND."""
        return asdict(self) | {"due_on": self.due_on.isoformat()}


def admitted(released: Sequence[str]) -> dict[str, Any]:
    """The payload of ADMIT: the ids of the files that the applicant may open once it is asked."""
    return {"released": list(released)}


def released_of(payload: Payload) -> frozenset[str]:
    """The ids of the files that ADMIT released to the applicant; none where an earlier version wrote it."""
    return frozenset(payload.get("released", ()))


def answered(text: Sealed, *, late_by_working_days: int) -> dict[str, Any]:
    """The payload of ANSWER."""
    return {"text": asdict(text), "late_by_working_days": late_by_working_days}


def text_of_answer(payload: Payload) -> Sealed:
    """The statement that ANSWER recorded."""
    return Sealed(**payload["text"])


def explained(explanation: str) -> dict[str, Any]:
    """The payload of an act that says why."""
    return {"explanation": explanation}


def explanation_of(payload: Payload) -> str:
    """Why an objection was not admitted, sent back, or is proposed to be upheld or dismissed."""
    return str(payload["explanation"])
