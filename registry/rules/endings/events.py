"""The payloads of the events of a striking off: the only code that reads and writes their keys.

Payloads are JSON of version 1, under their events' hashes and never rewritten. Days are ISO dates in China, ids text.
The reason and the legal basis are published, so they stand here; the applicant's statement and the answer to it stand
apart, encrypted and erasable (`Sealed`).

| act | holds |
|---|---|
| strike_off_proposed | `filing`, `applicant`, `number`, `ground`, `reason`, `basis`, `successor_number` or null, `objection` or null, `files` (each `file`, `sha256`) |
| strike_off_notice_sent | nothing |
| strike_off_notice_served | `served_on`, `how`, `statement_by`, `provisional`, `calendar_version` |
| strike_off_announced | the same but `how`, and `announced_on` |
| strike_off_stated | `text` (sealed), `late_by_working_days`, `files` |
| strike_off_waived | nothing |
| strike_off_answered | `text` (sealed) |
| strike_off_confirmed | `struck_off_on` |
| strike_off_dropped | `explanation` |
| strike_off_file_replaced | `replaces` (the id of a file that could not be read), `file` (`file`, `sha256`) |
| strike_off_answered, strike_off_confirmed | `seen` (`file`, `sha256` of each file that could be opened, as it was shown; nothing from earlier versions) |
"""  # noqa: E501 (a table)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from registry.rules.end_grounds import EndGround
from registry.rules.workflow.sealed import EvidenceFile, Sealed

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed: the filing, the ground, the facts and the legal basis, and where the service goes on.

    `objection` is the objection that was upheld and led to it; `files` are the office's evidence.
    """

    filing: str
    applicant: str
    number: str
    ground: EndGround
    reason: str
    basis: str
    successor_number: str | None = None
    objection: str | None = None
    files: Sequence[EvidenceFile] = ()

    @classmethod
    def of(cls, payload: Payload) -> Proposal:
        """What PROPOSE holds."""
        return cls(
            filing=payload["filing"],
            applicant=payload["applicant"],
            number=payload["number"],
            ground=EndGround(payload["ground"]),
            reason=payload["reason"],
            basis=payload["basis"],
            successor_number=payload["successor_number"],
            objection=payload["objection"],
            files=files_of(payload),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of PROPOSE."""
        return {
            "filing": self.filing,
            "applicant": self.applicant,
            "number": self.number,
            "ground": self.ground.value,
            "reason": self.reason,
            "basis": self.basis,
            "successor_number": self.successor_number,
            "objection": self.objection,
            "files": [asdict(each) for each in self.files],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """That the notice is served, and the last day of the time for a statement, by the calendar of its version.

    One that is announced is served on a later day than it is announced.
    """

    served_on: date
    statement_by: date
    provisional: bool
    calendar_version: str
    how: str = ""
    announced_on: date | None = None

    @classmethod
    def of(cls, payload: Payload) -> Service:
        """What RECORD_SERVICE and ANNOUNCE hold."""
        announced_on = payload.get("announced_on")
        return cls(
            served_on=date.fromisoformat(payload["served_on"]),
            statement_by=date.fromisoformat(payload["statement_by"]),
            provisional=payload["provisional"],
            calendar_version=payload["calendar_version"],
            how=payload.get("how", ""),
            announced_on=None if announced_on is None else date.fromisoformat(announced_on),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of RECORD_SERVICE, or of ANNOUNCE."""
        payload = {
            "served_on": self.served_on.isoformat(),
            "statement_by": self.statement_by.isoformat(),
            "provisional": self.provisional,
            "calendar_version": self.calendar_version,
        }
        if self.announced_on is None:
            return payload | {"how": self.how}
        return payload | {"announced_on": self.announced_on.isoformat()}


def stated(text: Sealed, *, late_by_working_days: int, files: Sequence[EvidenceFile] = ()) -> dict[str, Any]:
    """The payload of STATE."""
    return {
        "text": asdict(text),
        "late_by_working_days": late_by_working_days,
        "files": [asdict(each) for each in files],
    }


def late_by_of(payload: Payload) -> int:
    """The working days by which the statement of STATE came after its last day."""
    return int(payload["late_by_working_days"])


def answered(text: Sealed) -> dict[str, Any]:
    """The payload of ANSWER."""
    return {"text": asdict(text)}


def text_of(payload: Payload) -> Sealed:
    """The text that STATE or ANSWER recorded."""
    return Sealed(**payload["text"])


def files_of(payload: Payload) -> tuple[EvidenceFile, ...]:
    """The files that came with PROPOSE or STATE."""
    return tuple(EvidenceFile(**each) for each in payload["files"])


def confirmed(*, struck_off_on: date) -> dict[str, Any]:
    """The payload of CONFIRM."""
    return {"struck_off_on": struck_off_on.isoformat()}


def dropped(explanation: str) -> dict[str, Any]:
    """The payload of DROP."""
    return {"explanation": explanation}


def explanation_of(payload: Payload) -> str:
    """Why nothing came of a proceeding."""
    return str(payload["explanation"])
