"""The content of a review form (审批表): particulars of a case, both offices' marks and opinions, in Chinese."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import override

from registry import clock
from registry.book.application_details import details_of
from registry.book.held_facts import materials_as_of
from registry.book.in_force import materials_replaced
from registry.consultations import consultations
from registry.documents.printing import LANGUAGE
from registry.labels import particulars as words
from registry.labels.act_words import outcome_words, review_form_title
from registry.labels.date_format import day
from registry.labels.examined_words import unmarked_parts
from registry.labels.offices import office_name
from registry.labels.reasons import reason_line
from registry.labels.states import label_of
from registry.models import Application, Event
from registry.notices.subject import subject_of
from registry.presentation.comparison import Change, changes_between
from registry.presentation.materials import PresentedRow, sections_of
from registry.rules.consultations.lifecycle import ConsultationState
from registry.rules.days.deadlines import decision_due
from registry.rules.days.working_days import Calendar
from registry.rules.particulars import APPLICANT_SECTIONS, slots
from registry.rules.particulars.materials import files_of
from registry.rules.workflow.events import reasons_of, recommendation_of, text_of
from registry.rules.workflow.hash_chain import canonical_json
from registry.rules.workflow.states import DECISIONS, NATION, PROPOSALS, PROVINCE, Act, Kind, Role
from registry.streams.applications import own_events
from review.access import Office
from review.desk.checklist import checklist_of
from review.visits.evidence import newest_looks

# A text longer than this does not fit the page; the form refers to the case file for the rest.
_TEXT_LENGTH = 450
_VALUE_LENGTH = 200
_DEFICIENT_SHOWN = 12
_CONSULTED_SHOWN = 8
_REST = "……（全文见案卷）"

# The particulars on the form, each with whether it takes the whole width.
_ROWS: tuple[tuple[str, bool], ...] = (
    ("applicant.name", True),
    ("applicant.organisation_type", False),
    ("applicant.division_code", False),
    ("applicant.document_type", False),
    ("applicant.document_number", False),
    ("person_in_charge.name", False),
    ("applicant.agent_name", False),
    ("service.service_name", True),
    ("service.service_forms", False),
    ("service.application_fields", False),
    ("service.chain_kind", False),
    ("service.service_started_on", False),
    ("content.categories", True),
)
_OUTCOMES = {**DECISIONS, **PROPOSALS}


@dataclass(frozen=True, slots=True)
class Cell:
    """A label with its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """An office's opinion, with its author and the officer who confirmed it."""

    outcome: str
    text: str
    by: str
    on: str
    confirmed_by: str = ""
    confirmed_on: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The progress of an office's checklist, and its deficient items.

    `answered` of `total` items are officers' marks; `unmarked` names those that none had to mark, by who examined them.
    """

    office: str
    answered: int
    total: int
    unmarked: str
    deficient_count: int
    deficient: str


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """The content of one form; each of `lines` has one or two cells side by side."""

    title: str
    receipt_number: str
    kind: str
    round_number: int
    number: str
    lines: tuple[tuple[Cell, ...], ...]
    asked: tuple[str, ...]
    sites: str
    consulted: tuple[str, ...]
    received_on: str
    due_on: str
    is_provisional: bool
    file_count: int
    page_count: int
    marks: tuple[Marks, ...]
    province: Opinion | None
    nation: Opinion | None

    @property
    def edition(self) -> str:
        """A digest of the content: marks change without an event, so the latest event does not identify it."""
        return hashlib.sha256(canonical_json(asdict(self))).hexdigest()


def facts_of(application: Application, *, calendar: Calendar) -> ReviewForm:
    """The content of a case's form as of now; personal values are masked as on the case page."""
    with override(LANGUAGE):
        materials = materials_as_of(application)
        events = list(own_events(application))
        due = decision_due(application.received_on, calendar)
        entries = [entry for slot in slots() for entry in files_of(materials, slot.key)]
        kind = Kind(application.kind)
        return ReviewForm(
            title=review_form_title(kind),
            receipt_number=application.receipt_number,
            kind=str(label_of(kind)),
            round_number=application.round_number,
            number=(application.filing.number or "") if application.filing is not None else "",
            lines=tuple(_lines(application, materials)),
            asked=tuple(_asked(application, materials)),
            sites=_clipped("\n".join(newest_looks(application, materials)), _TEXT_LENGTH),
            consulted=tuple(_consulted(application)),
            received_on=day(application.received_on),
            due_on=day(application.clock_due_on or due.due_on),
            is_provisional=application.clock_due_on is None and due.provisional,
            file_count=len(entries),
            page_count=sum(int(entry.get("page_count") or 1) for entry in entries),
            marks=tuple(_marks(application, office, materials) for office in Office),
            province=_opinion(events, kind, of_province=True),
            nation=_opinion(events, kind, of_province=False),
        )


def _lines(application: Application, materials: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    subject = subject_of(application)
    rows = {
        row.key: row
        for section in sections_of(materials)
        # A change of the applicant carries along one of its services, which it does not concern.
        if section.key in APPLICANT_SECTIONS or not subject.is_applicant
        for row in section.rows
    }
    beside: list[Cell] = []
    for key, is_wide in _ROWS:
        row = rows.get(key)
        if row is None or row.empty:
            continue
        cell = Cell(str(row.label), _clipped(_value(row), _VALUE_LENGTH))
        if is_wide and beside:
            yield tuple(beside)
            beside = []
        if is_wide:
            yield (cell,)
            continue
        beside.append(cell)
        if len(beside) == 2:
            yield tuple(beside)
            beside = []
    if beside:
        yield tuple(beside)
    if subject.is_applicant and subject.filing_count is not None:
        yield (Cell("涉及备案", f"该备案主体的 {subject.filing_count} 项备案"),)


def _value(row: PresentedRow) -> str:
    return "、".join(row.values) or row.text


def _asked(application: Application, materials: Mapping[str, Any]) -> Iterator[str]:
    """The application's details beside its materials: days of changes, end of the service, lateness."""
    asked = details_of(application, materials)
    before = materials_replaced(application, by=materials)
    changes = changes_between(before, materials, days=asked.days) if before is not None else []
    if changes:
        yield _clipped("变更：" + "；".join(_changed(each) for each in changes), _TEXT_LENGTH)
    if asked.ends_on is not None:
        yield _clipped(f"服务终止日 {day(asked.ends_on)}。用户安排：{asked.arrangement}", _TEXT_LENGTH)
    if asked.late_by:
        yield _clipped(f"逾期 {asked.late_by} 个工作日。说明：{asked.late_reason}", _TEXT_LENGTH)


def _consulted(application: Application) -> Iterator[str]:
    """The other bodies that were asked, each with its answer's day or with what is open at the decision."""
    for each in consultations.about(application)[:_CONSULTED_SHOWN]:
        asked = office_name(each.asked_code) if each.asked_code else each.body_name
        if each.state == ConsultationState.ANSWERED and each.answered_on is not None:
            said = f"{each.answered_on.isoformat()} 已答复"
        elif each.state == ConsultationState.WITHDRAWN:
            said = "已撤回"
        elif consultations.is_awaited(each):
            said = f"尚未答复（答复期限 {each.due_on.isoformat()}）"
        else:
            said = "未答复，案件已作出决定"
        yield f"{asked}：{said}"


def _changed(change: Change) -> str:
    """One changed item: before, after, and the day of the change."""
    before, after = (_value(row) if row is not None else "" for row in (change.before, change.after))
    on = f"（{change.changed_on.isoformat()}）" if change.changed_on is not None else ""
    return f"{change.label} {before or '（无）'} → {after or '（无）'}{on}"


def _marks(application: Application, office: Office, materials: Mapping[str, Any]) -> Marks:
    checklist = checklist_of(application, office, materials)
    deficient = [str(words.label_of(mark.key)) for mark in checklist.deficient]
    named = "、".join(deficient[:_DEFICIENT_SHOWN])
    return Marks(
        office="省级网信办" if office is Office.PROVINCE else "国家网信办",
        answered=checklist.answered,
        total=checklist.total,
        unmarked="，".join(unmarked_parts(checklist.examined)),
        deficient_count=len(deficient),
        deficient=f"{named}等" if len(deficient) > _DEFICIENT_SHOWN else named,
    )


def _opinion(events: Sequence[Event], kind: Kind, *, of_province: bool) -> Opinion | None:
    """An office's latest opinion in the present round; None if there is none."""
    opinion: Opinion | None = None
    for event in events:
        act = Act(event.act)
        is_own = Role(event.actor_role) in (PROVINCE if of_province else NATION)
        is_void = act in (Act.SUBMIT, Act.RESUBMIT) or (act is Act.SEND_BACK and is_own)
        if is_void or (act in (Act.RETURN_TO_PROVINCE, Act.ESCALATE) and of_province):
            opinion = None
        elif act is Act.CONFIRM and is_own and opinion is not None:
            opinion = replace(opinion, confirmed_by=_name(event), confirmed_on=_on(event))
        elif is_own and (act is Act.FORWARD or act in _OUTCOMES):
            recommended = recommendation_of(event.payload) if act is Act.FORWARD else _OUTCOMES[act]
            reasons = [reason_line(reason) for reason in reasons_of(event.payload)]
            said = "\n".join([*reasons, text_of(event.payload)]).strip()
            outcome = str(outcome_words(kind, recommended).decide)
            opinion = Opinion(outcome, _clipped(said, _TEXT_LENGTH), _name(event), _on(event))
    return opinion


def _name(event: Event) -> str:
    return event.actor.name if event.actor is not None else ""


def _on(event: Event) -> str:
    return clock.china_date(event.at).isoformat()


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - len(_REST)] + _REST
