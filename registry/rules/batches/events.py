"""The payloads of batch lists' events: the only code that reads and writes their keys.

Payloads are JSON of version 1, under their events' hashes and never rewritten. Days are ISO dates in China, moments
ISO 8601 in UTC, ids text.

| act | holds |
|---|---|
| list_proposed | `kind`, `cut_off_on`, `order` (null in a corrigendum), `announcement`, `publish_at` or null, `entries` (each `filing`, `number`, in a corrigendum `correction`), `held_back` (each `filing`, `number`, `reason`) |
| list_sent_back, list_recalled | `explanation` |
| list_frozen | `number`, `dated_on`, `count`, `rows_sha256`, `announcement` (its places filled in; missing in early events, whose proposals hold it filled in), `left_out` (numbers no longer in force at the freeze) |
| list_published | `published_on`, `manifest_sha256`; of a list with days for objections `objections_until`, `provisional`, `calendar_version` |
| list_finalised | the window again, as it had come to be when it closed; `held`: the positions of entries that an admitted, undecided objection held back |
| list_imported | `kind`, `number`, `published_on`, `published_at` (the moment that day began), `count`, `rows_sha256`, `source_name`, `source_sha256` |
"""  # noqa: E501 (a table)

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from registry.rules.batches.corrections import CorrectedColumn, Correction
from registry.rules.batches.lifecycle import ListKind, ListOrder

Payload = Mapping[str, Any]


def _correction(payload: Payload) -> Correction:
    """The correction that an entry of a proposal holds."""
    return Correction(**{**payload, "column": CorrectedColumn(payload["column"])})


def _as_held(correction: Correction) -> dict[str, Any]:
    """A correction as proposals and rows hold it."""
    return asdict(correction) | {"column": correction.column.value}


@dataclass(frozen=True, slots=True)
class Named:
    """A filing that a proposal names, by id and number; a corrigendum says with it what it corrects."""

    filing: str
    number: str
    correction: Correction | None = None

    @classmethod
    def of(cls, payload: Payload) -> Named:
        """One of the `entries` that a proposal holds."""
        correction = payload.get("correction")
        return cls(payload["filing"], payload["number"], _correction(correction) if correction else None)

    def as_payload(self) -> dict[str, Any]:
        """The entry as the proposal holds it."""
        named: dict[str, Any] = {"filing": self.filing, "number": self.number}
        return named | ({"correction": _as_held(self.correction)} if self.correction else {})


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A filing that a proposal leaves for a later list, and why; its record page stays public."""

    filing: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed: the filings in their order, what is held back, and the announcement (公告正文).

    `cut_off_on` is the last day, inclusive, on which a number may have been issued, or a filing may have ended. `order`
    is None for a corrigendum, which stands as it was written. `publish_at` is None for "as soon as it is confirmed".
    """

    kind: ListKind
    cut_off_on: date
    order: ListOrder | None
    announcement: str
    entries: Sequence[Named]
    held_back: Sequence[HeldBack] = ()
    publish_at: datetime | None = None

    @classmethod
    def of(cls, payload: Payload) -> Proposal:
        """The proposal that a list's first event holds."""
        publish_at = payload["publish_at"]
        return cls(
            kind=ListKind(payload["kind"]),
            cut_off_on=date.fromisoformat(payload["cut_off_on"]),
            order=None if payload["order"] is None else ListOrder(payload["order"]),
            announcement=payload["announcement"],
            entries=tuple(Named.of(each) for each in payload["entries"]),
            held_back=tuple(HeldBack(**each) for each in payload["held_back"]),
            publish_at=None if publish_at is None else datetime.fromisoformat(publish_at),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of PROPOSE."""
        return {
            "kind": self.kind.value,
            "cut_off_on": self.cut_off_on.isoformat(),
            "order": None if self.order is None else self.order.value,
            "announcement": self.announcement,
            "publish_at": None if self.publish_at is None else self.publish_at.isoformat(),
            "entries": [each.as_payload() for each in self.entries],
            "held_back": [asdict(each) for each in self.held_back],
        }


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One row of a list, the same on the page and in every file; `position` counts from 1.

    `ended_on` and `end_ground` are of endings, `correction` of corrigenda, whose names are those of the entry that is
    corrected, as it was printed.
    """

    position: int
    applicant_name: str
    service_name: str
    number: str
    province_code: str
    ended_on: date | None = None
    end_ground: str = ""
    correction: Correction | None = None

    def as_payload(self) -> dict[str, Any]:
        """The row as its digest and the JSON file hold it: without what its kind of list does not have."""
        row: dict[str, Any] = {
            "position": self.position,
            "applicant_name": self.applicant_name,
            "service_name": self.service_name,
            "number": self.number,
            "province_code": self.province_code,
        }
        if self.ended_on is not None:
            row["ended_on"] = self.ended_on.isoformat()
        if self.end_ground:
            row["end_ground"] = self.end_ground
        if self.correction is not None:
            row["correction"] = _as_held(self.correction)
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """What the freeze fixed: the list's number, the day its files are dated, the digest of its rows, its announcement.

    `announcement` is None in lists whose announcement was filled in when they were proposed.
    """

    number: int
    dated_on: date
    count: int
    rows_sha256: str
    announcement: str | None
    left_out: Sequence[str] = ()

    @classmethod
    def of(cls, payload: Payload) -> Freeze:
        """What FREEZE holds."""
        return cls(
            number=payload["number"],
            dated_on=date.fromisoformat(payload["dated_on"]),
            count=payload["count"],
            rows_sha256=payload["rows_sha256"],
            announcement=payload.get("announcement"),
            left_out=tuple(payload["left_out"]),
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of FREEZE."""
        return {
            "number": self.number,
            "dated_on": self.dated_on.isoformat(),
            "count": self.count,
            "rows_sha256": self.rows_sha256,
            "announcement": self.announcement,
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days within which anyone may object: from publication to `objections_until`, inclusive."""

    published_on: date
    objections_until: date
    provisional: bool
    calendar_version: str

    @classmethod
    def of(cls, payload: Payload) -> Window:
        """The window that PUBLISH opened or that FINALISE closed."""
        return cls(
            published_on=date.fromisoformat(payload["published_on"]),
            objections_until=date.fromisoformat(payload["objections_until"]),
            provisional=payload["provisional"],
            calendar_version=payload["calendar_version"],
        )

    def as_payload(self) -> dict[str, Any]:
        """The window as events hold it."""
        return {
            "published_on": self.published_on.isoformat(),
            "objections_until": self.objections_until.isoformat(),
            "provisional": self.provisional,
            "calendar_version": self.calendar_version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedList:
    """A list published before the register began: its number and day, its rows by their digest, and the file read."""

    kind: ListKind
    number: int
    published_on: date
    published_at: datetime
    count: int
    rows_sha256: str
    source_name: str
    source_sha256: str

    @classmethod
    def of(cls, payload: Payload) -> ImportedList:
        """What IMPORT holds."""
        return cls(
            kind=ListKind(payload["kind"]),
            number=payload["number"],
            published_on=date.fromisoformat(payload["published_on"]),
            published_at=datetime.fromisoformat(payload["published_at"]),
            count=payload["count"],
            rows_sha256=payload["rows_sha256"],
            source_name=payload["source_name"],
            source_sha256=payload["source_sha256"],
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of IMPORT."""
        return {
            **asdict(self),
            "kind": self.kind.value,
            "published_on": self.published_on.isoformat(),
            "published_at": self.published_at.isoformat(),
        }


def published(published_on: date, *, window: Window | None, manifest_sha256: str) -> dict[str, Any]:
    """The payload of PUBLISH; `window` is None for a list that nobody objects to."""
    shown = {"published_on": published_on.isoformat(), "manifest_sha256": manifest_sha256}
    return shown | (window.as_payload() if window is not None else {})


def objections_until_of(payload: Payload) -> date | None:
    """The last day for objections as PUBLISH announced it; None for a list that nobody objects to."""
    return Window.of(payload).objections_until if "objections_until" in payload else None


def finalised(window: Window, *, held: Sequence[int]) -> dict[str, Any]:
    """The payload of FINALISE; `held` are the positions that did not become final with the rest."""
    return window.as_payload() | {"held": list(held)}


def held_of(payload: Payload) -> tuple[int, ...]:
    """The positions that FINALISE left open; none in lists that were finalised before objections were kept."""
    return tuple(payload.get("held", ()))


def explained(explanation: str) -> dict[str, Any]:
    """The payload of an act that drops a list."""
    return {"explanation": explanation}


def explanation_of_drop(payload: Payload) -> str:
    """Why a list was dropped."""
    return str(payload["explanation"])


def manifest_sha256_of(payload: Payload) -> str:
    """The digest of the manifest that PUBLISH recorded."""
    return str(payload["manifest_sha256"])


def rows_sha256(rows: Sequence[PublishedRow]) -> str:
    """The SHA-256 of a list's rows in canonical JSON: what the freeze fixes and the check compares."""
    text = json.dumps(
        [row.as_payload() for row in rows], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
