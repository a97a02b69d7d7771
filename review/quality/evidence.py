"""What is shown beside a drawn case as evidence: who marked what, what software proved, which documents were opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from registry.labels.act_words import outcome_words
from registry.labels.examined_words import examined_line
from registry.models import Account, QualityCase
from registry.presentation.timeline import TimelineEntry
from registry.rules.workflow.events import outcome_of
from registry.rules.workflow.states import Act, Kind
from review.access import Office
from review.case.case import Case
from review.case.marks import CheckedSection
from review.case.opened_documents import OpenedDocument


@dataclass(frozen=True, slots=True)
class ExaminedBy:
    """What one office examined: how many of the items that it has to mark, and in words who examined the others."""

    office: Office
    answered: int
    total: int
    line: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The case as it was decided. The rest is empty once the materials have moved on: nothing was decided on those."""

    decided: Promise | None
    is_as_decided: bool
    examined: list[ExaminedBy]
    documents: list[OpenedDocument]
    sections: list[CheckedSection]
    history: list[TimelineEntry]
    case_url: str


def evidence_of(drawn: QualityCase, officer: Account, *, at: datetime) -> Evidence:
    """What an officer reads beside a drawn case; nothing of it can be changed from there."""
    case = Case(drawn.application, officer, at=at)
    is_as_decided = drawn.application.revision_number == drawn.revision_number
    shown = (case.checklist, case.other_checklist) if is_as_decided else ()
    offices = (case.office, Office.NATION if case.office is Office.PROVINCE else Office.PROVINCE)
    return Evidence(
        decided=decided_words(drawn),
        is_as_decided=is_as_decided,
        examined=[
            ExaminedBy(office, checklist.answered, checklist.total, examined_line(checklist.examined))
            for office, checklist in zip(offices, shown, strict=False)
            if checklist.marks
        ],
        documents=case.documents_with_openings if is_as_decided else [],
        sections=case.sections if is_as_decided else [],
        history=case.history,
        case_url=reverse("review:case", args=[drawn.application_id]),
    )


def decided_words(drawn: QualityCase) -> Promise | None:
    """How the drawn case was decided."""
    payload: Mapping[str, object] = drawn.decision.payload
    outcome = outcome_of(Act(drawn.decision.act), payload)
    return outcome_words(Kind(drawn.application.kind), outcome).decided if outcome is not None else None
