"""The payloads of the events of a consultation: the only code that reads and writes their keys.

Payloads are JSON of version 1, under their events' hashes and never rewritten. Days are ISO dates in China, ids text.
The question with the particulars that went with it, and each answer, stand apart, encrypted and erasable (`Sealed`).

| act | holds |
|---|---|
| consultation_sent | `application`, `applicant`, `province`, `office` (the asking office's code), `body`, `body_name`, `asked` (the code of the office asked inside the portal, or empty), `due_on`, `provisional`, `calendar_version`, `revision`, `keys` and `in_full` (keys of particulars), `text` (sealed) |
| consultation_answered | `number` (from 1), `corrects` (the number of the answer before it, or 0), `answered_on`, `by_asked`, `late_by_working_days`, `text` (sealed), `files` (each `file`, `sha256`) |
| consultation_withdrawn | `explanation` |
| consultation_overdue | nothing |
"""  # noqa: E501 (a table)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from registry.rules.consultations.lifecycle import Body
from registry.rules.workflow.sealed import EvidenceFile, Sealed

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who asks whom, about which case, until when, and which particulars went along; `text` seals the words."""

    application: str
    applicant: str
    province: str
    office: str
    body: Body
    body_name: str
    asked: str
    due_on: date
    provisional: bool
    calendar_version: str
    revision: int
    keys: Sequence[str]
    in_full: Sequence[str]
    text: Sealed

    @classmethod
    def of(cls, payload: Payload) -> Question:
        """What SEND holds."""
        return cls(
            application=payload["application"],
            applicant=payload["applicant"],
            province=payload["province"],
            office=payload["office"],
            body=Body(payload["body"]),
            body_name=payload["body_name"],
            asked=payload["asked"],
            due_on=date.fromisoformat(payload["due_on"]),
            provisional=payload["provisional"],
            calendar_version=payload["calendar_version"],
            revision=payload["revision"],
            keys=tuple(payload["keys"]),
            in_full=tuple(payload["in_full"]),
            text=Sealed(**payload["text"]),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of SEND."""
        return {
            "application": self.application,
            "applicant": self.applicant,
            "province": self.province,
            "office": self.office,
            "body": self.body.value,
            "body_name": self.body_name,
            "asked": self.asked,
            "due_on": self.due_on.isoformat(),
            "provisional": self.provisional,
            "calendar_version": self.calendar_version,
            "revision": self.revision,
            "keys": list(self.keys),
            "in_full": list(self.in_full),
            "text": asdict(self.text),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer as it was entered; `corrects` is the number of the answer that it takes the place of, or 0."""

    number: int
    corrects: int
    answered_on: date
    by_asked: bool
    late_by_working_days: int
    text: Sealed
    files: Sequence[EvidenceFile] = ()

    @classmethod
    def of(cls, payload: Payload) -> Answer:
        """What ANSWER holds."""
        return cls(
            number=payload["number"],
            corrects=payload["corrects"],
            answered_on=date.fromisoformat(payload["answered_on"]),
            by_asked=payload["by_asked"],
            late_by_working_days=payload["late_by_working_days"],
            text=Sealed(**payload["text"]),
            files=tuple(EvidenceFile(**each) for each in payload["files"]),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of ANSWER."""
        return {
            "number": self.number,
            "corrects": self.corrects,
            "answered_on": self.answered_on.isoformat(),
            "by_asked": self.by_asked,
            "late_by_working_days": self.late_by_working_days,
            "text": asdict(self.text),
            "files": [asdict(each) for each in self.files],
        }


QUESTION = "question"


def kind_of_answer(number: int) -> str:
    """The kind under which the text of an answer stands apart."""
    return f"answer:{number}"


def withdrawn(explanation: str) -> dict[str, Any]:
    """The payload of WITHDRAW."""
    return {"explanation": explanation}


def explanation_of(payload: Payload) -> str:
    """Why a consultation was withdrawn."""
    return str(payload["explanation"])
