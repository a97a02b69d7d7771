"""The payloads of filings' events: the only code that reads and writes their keys.

A payload is stored as JSON under its event's hash and never rewritten, so whatever is read here stays as it was
written. Days are ISO dates in China, moments ISO 8601 in UTC, ids text. Version 1 holds, beside the details of the
request that `DETAILS` names and the `request_digest` of an act that came with an idempotency key:

| act | holds |
|---|---|
| submit, supplement, resubmit | `revision` (`number`, `content_hash`), `columns`, `applicant_id`, `province_code`, `event_on` or null, `late_by_working_days`, `details` (all of the request's) |
| submit | `kind`, `receipt_number`, `received_on`, `base` (`application_id`, `revision_number`) or null; `together_id` of a joint submission |
| resubmit | `received_on` |
| ask | `points` (made like reasons), `answer_by` |
| confirm | `outcome` |
| forward, propose_approval, propose_rejection, approve, reject, confirm | `examined` (`by_officers`, `software` (keys), `unchanged`, `not_given`): who examined what at the office that acts |
| approve, confirm of a first filing, or of the first change of an imported one | `applicant` (`columns`, `province_code`): the facts in force, since they have a home of their own |
| escalate | `desk`, `due_on`, `calendar_version` |
| record_lateness | `desk`, `due_on`, `provisional`, `calendar_version` |
| issue_number | `number`, `division_code` |
| take_effect | `cancelled_on` |
| enter_in_list | `list_kind`, `list_number`, `position`, `listed_on`: the entry of a published list |
| import | the same four, and `number`, `division_code`, `columns`, `applicant_id`, `province_code`, `known_since` |
| strike_off | `struck_off_on`, `ground`, `reason`, `basis`, `successor_number` or null, `proceeding` |
| note_predecessor | `number`: the filing struck off whose service went on under this one |
| applicant_changed | `columns`, `province_code`, `application_id` |
| whatever closes the decision clock | `clock` (`due_on`, `provisional`, `calendar_version`, `late_by_working_days` or null, `desk`) |
"""  # noqa: E501 (a table)

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from registry.rules.end_grounds import EndGround
from registry.rules.errors import FilingError
from registry.rules.workflow.examined import Examined
from registry.rules.workflow.sealed import EvidenceFile
from registry.rules.workflow.states import DECISIONS, Act, Kind, Outcome, Role

Payload = Mapping[str, Any]

# The form in which the first events of every kind of stream were written, and the one that filings' have now.
FIRST_VERSION = 1
VERSION = FIRST_VERSION
# The kind of list that names filings in force; the others announce endings, or correct a list.
_LIST_OF_FILINGS = "filings"

# Where queries find what they ask of a payload.
OUTCOME = "payload__outcome"
DESK = "payload__desk"
SUBMITTED_KIND = "payload__kind"
LATE_BY = "payload__late_by_working_days"
BASE_APPLICATION = "payload__base__application_id"
CLOCK_LATE_BY = "payload__clock__late_by_working_days"
CLOCK_DUE_ON = "payload__clock__due_on"
# Which list an ENTER_IN_LIST notes, and which place in it.
LISTED_KIND = "payload__list_kind"
LISTED_NUMBER = "payload__list_number"
LISTED_PLACE = "payload__position"
# The applicant's facts: first in APPLICANT_CHANGED, then in the approval of a first filing.
FACTS_COLUMNS = ("payload__columns", "payload__applicant__columns")
FACTS_PROVINCE = ("payload__province_code", "payload__applicant__province_code")

# The details of each act's request that are stored with its event as they were given.
DETAILS: Mapping[Act, tuple[str, ...]] = MappingProxyType(
    {
        Act.FORWARD: ("recommends", "text", "passed_over"),
        Act.SUPPLEMENT: ("explanation", "answers"),
        Act.ASK: ("points", "answer_by"),
        Act.RETURN_TO_PROVINCE: ("question",),
        Act.PROPOSE_REJECTION: ("reasons", "text"),
        Act.PROPOSE_APPROVAL: ("text", "passed_over"),
        Act.REJECT: ("reasons", "text"),
        Act.APPROVE: ("text", "passed_over"),
        Act.SEND_BACK: ("explanation",),
        Act.WITHDRAW: ("explanation",),
        Act.RESUBMIT: ("answers",),
        Act.WITHDRAW_CANCELLATION: ("explanation",),
        Act.NOTICE_DELIVERED: ("delivered_at", "how", "noted_by"),
    }
)


def known_form(payload: Payload, *, version: int) -> Payload:
    """The payload, if it is in a form that this module reads. Raises FilingError for one of a later version."""
    if not FIRST_VERSION <= version <= VERSION:
        raise FilingError("payload_of_unknown_version", version=version)
    return payload


# ---------------------------------------------------------------- what is stored together


@dataclass(frozen=True, slots=True)
class Base:
    """The revision in force that a change or cancellation started from."""

    application_id: str
    revision_number: int

    @classmethod
    def of(cls, payload: Payload) -> Base | None:
        """The base that a submission holds; None for a first filing."""
        base = payload.get("base")
        return None if base is None else cls(base["application_id"], base["revision_number"])

    def as_payload(self) -> dict[str, Any]:
        """The base as a submission holds it."""
        return {"application_id": self.application_id, "revision_number": self.revision_number}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """What every act that hands in materials holds; `details` are all details of its request."""

    revision_number: int
    revision_hash: str
    columns: Mapping[str, Any]
    applicant_id: str
    province_code: str
    event_on: date | None
    late_by_working_days: int
    details: Mapping[str, Any]

    @classmethod
    def of(cls, payload: Payload) -> HandedIn:
        """What an act handed in."""
        event_on = payload["event_on"]
        return cls(
            revision_number=payload["revision"]["number"],
            revision_hash=payload["revision"]["content_hash"],
            columns=payload["columns"],
            applicant_id=payload["applicant_id"],
            province_code=payload["province_code"],
            event_on=None if event_on is None else date.fromisoformat(event_on),
            late_by_working_days=payload["late_by_working_days"],
            details=details_of(payload),
        )

    def as_payload(self) -> dict[str, Any]:
        """The part of the act's payload that holds it."""
        return {
            "revision": {"number": self.revision_number, "content_hash": self.revision_hash},
            "columns": self.columns,
            "applicant_id": self.applicant_id,
            "province_code": self.province_code,
            "event_on": None if self.event_on is None else self.event_on.isoformat(),
            "late_by_working_days": self.late_by_working_days,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    """What an event says of the applicant: its public columns, and the province it is registered in."""

    columns: Mapping[str, Any]
    province_code: str

    @classmethod
    def of(cls, payload: Payload) -> ApplicantFacts | None:
        """The facts that the approval of a first filing, or of an imported one's first change, holds; else None."""
        facts = payload.get("applicant")
        return None if facts is None else cls(facts["columns"], facts["province_code"])

    @classmethod
    def of_change(cls, payload: Payload) -> ApplicantFacts:
        """The facts that APPLICANT_CHANGED holds."""
        return cls(payload["columns"], payload["province_code"])

    def as_payload(self) -> dict[str, Any]:
        """The facts as events hold them."""
        return {"columns": self.columns, "province_code": self.province_code}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedClock:
    """The decision clock of a round as the event that closed it found it (Art. 12).

    `late_by_working_days` is None when nothing was decided: the application was withdrawn.
    """

    due_on: date
    provisional: bool
    calendar_version: str
    late_by_working_days: int | None
    desk: Role

    @classmethod
    def of(cls, payload: Payload) -> ClosedClock | None:
        """The clock that an event closed; None when it closed none."""
        clock = payload.get("clock")
        if clock is None:
            return None
        return cls(
            due_on=date.fromisoformat(clock["due_on"]),
            provisional=clock["provisional"],
            calendar_version=clock["calendar_version"],
            late_by_working_days=clock["late_by_working_days"],
            desk=Role(clock["desk"]),
        )

    def as_payload(self) -> dict[str, Any]:
        """The part of the closing event's payload that holds the clock."""
        return {
            "clock": {
                "due_on": self.due_on.isoformat(),
                "provisional": self.provisional,
                "calendar_version": self.calendar_version,
                "late_by_working_days": self.late_by_working_days,
                "desk": self.desk.value,
            }
        }


# ---------------------------------------------------------------- writing


def stored_details(act: Act, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a request that are stored with an event of the act as they were given."""
    return {name: details[name] for name in DETAILS.get(act, ()) if name in details}


def rested_on(examined: Examined | None) -> dict[str, Any]:
    """What an act holds of who examined what; nothing for an act that does not rest on it."""
    if examined is None:
        return {}
    return {"examined": {**asdict(examined), "software": list(examined.software)}}


def submitted(
    handed_in: HandedIn,
    *,
    kind: Kind,
    receipt_number: str,
    received_on: date,
    base: Base | None,
    together_id: str | None,
) -> dict[str, Any]:
    """The payload of SUBMIT."""
    payload = handed_in.as_payload() | {
        "kind": kind.value,
        "receipt_number": receipt_number,
        "received_on": received_on.isoformat(),
        "base": None if base is None else base.as_payload(),
    }
    return payload if together_id is None else payload | {"together_id": together_id}


def resubmitted(handed_in: HandedIn, *, received_on: date) -> dict[str, Any]:
    """What RESUBMIT holds beside its details."""
    return handed_in.as_payload() | {"received_on": received_on.isoformat()}


def confirmed(outcome: Outcome) -> dict[str, Any]:
    """What CONFIRM holds of the decision."""
    return {"outcome": outcome.value}


def approved_with(facts: ApplicantFacts) -> dict[str, Any]:
    """What the approval of a first filing, or of an imported one's first change, holds of the applicant."""
    return {"applicant": facts.as_payload()}


def applicant_changed(facts: ApplicantFacts, *, application_id: str) -> dict[str, Any]:
    """The payload of APPLICANT_CHANGED; `application_id` is where the facts were approved."""
    return facts.as_payload() | {"application_id": application_id}


def approved_in(payload: Payload) -> uuid.UUID:
    """The application whose approval APPLICANT_CHANGED brings to a filing."""
    return uuid.UUID(payload["application_id"])


def number_issued(*, number: str, division_code: str) -> dict[str, Any]:
    """The payload of ISSUE_NUMBER, before the clock it closes."""
    return {"number": number, "division_code": division_code}


def effect_taken(*, cancelled_on: date) -> dict[str, Any]:
    """The payload of TAKE_EFFECT."""
    return {"cancelled_on": cancelled_on.isoformat()}


def entered_in_list(*, list_kind: str, list_number: int, position: int, listed_on: date) -> dict[str, Any]:
    """The payload of ENTER_IN_LIST: the entry of a batch list, and the day the list was published."""
    return {
        "list_kind": list_kind,
        "list_number": list_number,
        "position": position,
        "listed_on": listed_on.isoformat(),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What IMPORT holds: a filing as a list published before the register began names it.

    `known_since` is the moment at which that list's day began, ISO 8601 in UTC: when the number was issued is not
    known.
    """

    number: str
    division_code: str
    columns: Mapping[str, Any]
    applicant_id: str
    province_code: str
    list_kind: str
    list_number: int
    position: int
    listed_on: date
    known_since: str

    @classmethod
    def of(cls, payload: Payload) -> Imported:
        """What an import brought."""
        return cls(
            number=payload["number"],
            division_code=payload["division_code"],
            columns=payload["columns"],
            applicant_id=payload["applicant_id"],
            province_code=payload["province_code"],
            list_kind=payload["list_kind"],
            list_number=payload["list_number"],
            position=payload["position"],
            listed_on=date.fromisoformat(payload["listed_on"]),
            known_since=payload["known_since"],
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of IMPORT."""
        return {**asdict(self), "listed_on": self.listed_on.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class StruckOff:
    """What STRIKE_OFF holds: the day, the ground, the reason and legal basis as decided, and where the service goes on.

    `proceeding` is the id of the stream of the proceeding that was confirmed.
    """

    struck_off_on: date
    ground: EndGround
    reason: str
    basis: str
    successor_number: str | None
    proceeding: str

    @classmethod
    def of(cls, payload: Payload) -> StruckOff:
        """What was decided."""
        return cls(
            struck_off_on=date.fromisoformat(payload["struck_off_on"]),
            ground=EndGround(payload["ground"]),
            reason=payload["reason"],
            basis=payload["basis"],
            successor_number=payload["successor_number"],
            proceeding=payload["proceeding"],
        )

    def as_payload(self) -> dict[str, Any]:
        """The payload of STRIKE_OFF."""
        return {
            **asdict(self),
            "struck_off_on": self.struck_off_on.isoformat(),
            "ground": self.ground.value,
        }


def predecessor_noted(*, number: str) -> dict[str, Any]:
    """The payload of NOTE_PREDECESSOR."""
    return {"number": number}


def notice_delivered(*, delivered_at: str, how: str, noted_by: str | None) -> dict[str, Any]:
    """What NOTICE_DELIVERED holds of the arrival, as its request brings it; the moment is ISO 8601 in UTC."""
    return {"delivered_at": delivered_at, "how": how, "noted_by": noted_by}


def day_15_missed(*, desk: Role, due_on: date, calendar_version: str) -> dict[str, Any]:
    """What ESCALATE holds of the desk that did not pass the case on."""
    return {"desk": desk.value, "due_on": due_on.isoformat(), "calendar_version": calendar_version}


def day_20_missed(*, desk: Role, due_on: date, provisional: bool, calendar_version: str) -> dict[str, Any]:
    """What RECORD_LATENESS holds of the desk that held the case when the last day ended."""
    missed = day_15_missed(desk=desk, due_on=due_on, calendar_version=calendar_version)
    return missed | {"provisional": provisional}


def with_digest(payload: Payload, digest: str) -> dict[str, Any]:
    """The payload of an act whose request came with an idempotency key."""
    return {**payload, "request_digest": digest}


# ---------------------------------------------------------------- reading


def outcome_of(act: Act, payload: Payload) -> Outcome | None:
    """What an act decided: a confirmation what had been proposed; None when it decided nothing."""
    return Outcome(payload["outcome"]) if act is Act.CONFIRM else DECISIONS.get(act)


def recommendation_of(payload: Payload) -> Outcome:
    """What FORWARD recommends."""
    return Outcome(payload["recommends"])


def kind_of(payload: Payload) -> Kind:
    """The kind of application that SUBMIT opened."""
    return Kind(payload["kind"])


def receipt_number_of(payload: Payload) -> str:
    """The receipt number that SUBMIT drew."""
    return str(payload["receipt_number"])


def together_id_of(payload: Payload) -> str | None:
    """The id that the applications of a joint submission share; None for one alone."""
    return payload.get("together_id")


def received_on_of(payload: Payload) -> date:
    """The day of receipt that SUBMIT or RESUBMIT began a round with."""
    return date.fromisoformat(payload["received_on"])


def details_of(payload: Payload) -> Mapping[str, Any]:
    """All details of a submission's request, beside the materials."""
    return payload.get("details") or {}


def opened_of(payload: Payload) -> tuple[str, ...]:
    """The sections that the applicant opened beside those that were to be mended."""
    return tuple(details_of(payload).get("opened", ()))


def reasons_of(payload: Payload) -> list[dict[str, Any]]:
    """The reasons of a rejection or its proposal, as `registry.rules.particulars.reasons` made them."""
    return list(payload.get("reasons", ()))


def points_of(payload: Payload) -> list[dict[str, Any]]:
    """What ASK asks to have corrected, each point as `registry.rules.particulars.reasons` makes a reason."""
    return list(payload.get("points", ()))


def answer_by_of(payload: Payload) -> date:
    """The last day that ASK gives to answer, that day included."""
    return date.fromisoformat(payload["answer_by"])


def answers_of(payload: Payload) -> Mapping[str, Any]:
    """The answers of a resubmission or supplement, by the id of the reason or point."""
    return payload.get("answers") or {}


def text_of(payload: Payload) -> str:
    """What an officer wrote with an opinion, proposal or decision; empty when nothing."""
    return str(payload.get("text") or "")


def explanation_of(payload: Payload) -> str:
    """Why a supplement, withdrawal or sending back; empty when nothing is said."""
    return str(payload.get("explanation") or "")


def question_of(payload: Payload) -> str:
    """What the province is asked; empty when the act asks nothing."""
    return str(payload.get("question") or "")


def passed_over_of(payload: Payload) -> list[str]:
    """The particulars marked deficient that the opinion passes over."""
    return list(payload.get("passed_over") or ())


def examined_of(payload: Payload) -> Examined | None:
    """Who examined what before an act; None where it does not rest on that, or an earlier version wrote it."""
    examined = payload.get("examined")
    return None if examined is None else Examined(**{**examined, "software": tuple(examined["software"])})


def number_of(payload: Payload) -> str:
    """The filing number that ISSUE_NUMBER issued, or that NOTE_PREDECESSOR names."""
    return str(payload["number"])


def division_code_of(payload: Payload) -> str:
    """The division that the filing number names."""
    return str(payload["division_code"])


def cancelled_on_of(payload: Payload) -> date:
    """The day of TAKE_EFFECT."""
    return date.fromisoformat(payload["cancelled_on"])


def list_kind_of(payload: Payload) -> str:
    """The kind of the list of ENTER_IN_LIST or IMPORT."""
    return str(payload["list_kind"])


def list_number_of(payload: Payload) -> int:
    """The number of the batch list of ENTER_IN_LIST or IMPORT."""
    return int(payload["list_number"])


def filings_list_number_of(payload: Payload) -> int | None:
    """The number of the list of filings that ENTER_IN_LIST notes; None for a list of endings or a corrigendum."""
    return list_number_of(payload) if list_kind_of(payload) == _LIST_OF_FILINGS else None


def list_position_of(payload: Payload) -> int:
    """The place of ENTER_IN_LIST's or IMPORT's entry in its list, from 1."""
    return int(payload["position"])


def listed_on_of(payload: Payload) -> date:
    """The day on which the list of ENTER_IN_LIST or IMPORT was published."""
    return date.fromisoformat(payload["listed_on"])


def desk_of(payload: Payload) -> Role:
    """The desk that ESCALATE or RECORD_LATENESS found late."""
    return Role(payload["desk"])


def delivered_at_of(payload: Payload) -> datetime:
    """When the notice of NOTICE_DELIVERED reached the applicant."""
    return datetime.fromisoformat(payload["delivered_at"])


def how_delivered(payload: Payload) -> str:
    """How the notice of NOTICE_DELIVERED reached the applicant, as `registry.notices.notice.Arrival` says."""
    return str(payload["how"])


def digest_of(payload: Payload) -> str | None:
    """The digest of the request that came with an idempotency key; None when none came."""
    return payload.get("request_digest")


def file_replaced(replaces: str, file: EvidenceFile) -> dict[str, Any]:
    """The payload of an act that puts a file of evidence in the place of one, by its id, that could not be read."""
    return {"replaces": replaces, "file": asdict(file)}


def file_in_place_of(payload: Mapping[str, Any]) -> EvidenceFile:
    """The file that such an act recorded."""
    return EvidenceFile(**payload["file"])


def on_evidence(payload: Mapping[str, Any], seen: Iterable[EvidenceFile]) -> dict[str, Any]:
    """The payload of an act that rests on evidence, with the files that could be opened then, each as it was shown."""
    return {**payload, "seen": [asdict(each) for each in seen]}


def evidence_seen(payload: Mapping[str, Any]) -> tuple[EvidenceFile, ...]:
    """The files that could be opened at such an act; none for other acts, and where an earlier version wrote it."""
    return tuple(EvidenceFile(**each) for each in payload.get("seen", ()))
