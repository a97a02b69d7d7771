"""The decision notice (决定书): the outcome, with the number or the reasons, and the legal remedies."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.utils.translation import override

from registry import clock
from registry.book.application_details import details_of
from registry.book.in_force import materials_before_change
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.documents.printing import LANGUAGE, render
from registry.documents.texts import document_text
from registry.errors import RegisterIncomplete
from registry.labels.act_words import outcome_words
from registry.labels.offices import office_label
from registry.labels.reasons import article_label
from registry.labels.states import label_of
from registry.models import Event
from registry.notices.filing_notices import reasons_and_note, received_on
from registry.presentation.comparison import Change, changes_between
from registry.presentation.rounds import AnsweredReason, reason_shown
from registry.presentation.timeline import applicant_name_at
from registry.publication.addresses import record_url
from registry.rules.days.deadlines import resubmission_due
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.events import outcome_of
from registry.rules.workflow.states import NATION, PROVINCE, Act, Kind, Outcome, Role


def decision_notice(event: Event) -> bytes:
    """The notice of a decision as PDF, from its event; a first filing's approval is the event with the number."""
    with override(LANGUAGE):
        return render("documents/decision.html", decision_context(event))


def decision_context(event: Event) -> dict[str, Any]:
    """The context of the notice's template, in the active language."""
    application = event.application
    if application is None or event.revision_number is None:
        raise RegisterIncomplete("event_without_subject", event=str(event.pk))
    materials = materials_of(get_revision(application.pk, event.revision_number))
    outcome = outcome_of(Act(event.act), event.payload) or Outcome.APPROVAL
    is_rejection = outcome is Outcome.REJECTION
    decided_on = clock.china_date(event.at)
    number = event.filing.number if event.filing is not None else None
    context = {
        "application": application,
        "kind": Kind(application.kind).value,
        "kind_label": label_of(Kind(application.kind)),
        "is_rejection": is_rejection,
        "words": outcome_words(Kind(application.kind), outcome),
        "applicant_name": applicant_name_at(event),
        "is_individual": value_of(materials, "applicant.nature") == "individual",
        "service_name": value_of(materials, "service.service_name") or application.service_name,
        "received_on": received_on(event),
        "decided_on": decided_on,
        "office": office_label(_office(event), event.province_code),
        "number": number,
        "record_address": unquote(record_url(number)) if number else "",
        "asked": details_of(application, materials),
        "remedies": document_text("remedies"),
    }
    if is_rejection:
        given, note = reasons_and_note(event)
        reasons = [reason_shown(reason) for reason in given]
        context |= {
            "reasons": [(reason, _article(reason)) for reason in reasons],
            "note": note.strip(),
            "answer_by": resubmission_due(decided_on, current_calendar()),
        }
    elif application.kind in (Kind.CHANGE, Kind.APPLICANT_CHANGE):
        context["changes"] = _changes(event, materials)
    return context


def _office(event: Event) -> Role:
    """The role whose office decided; a number issued by the system counts as the national office's."""
    role = Role(event.actor_role)
    return role if role in PROVINCE | NATION else Role.NATIONAL_REVIEWER


def _article(reason: AnsweredReason) -> str:
    return article_label(reason.article) if reason.article else ""


def _changes(event: Event, materials: dict[str, Any]) -> list[Change]:
    """The changes of registered values that were approved, personal values masked."""
    application = event.application
    if application is None:
        return []
    before = materials_before_change(application)
    return changes_between(before, materials) if before is not None else []
