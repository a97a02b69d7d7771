"""The decision notice (决定书): the outcome, with the number or the reasons, and the legal remedies.

Before it, the request to correct the materials (补正告知书) by the desk that holds the application.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from django.utils.translation import override

from registry import clock
from registry.book.application_details import details_of
from registry.book.in_force import materials_before_change
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.documents.issuers import issuer_of
from registry.documents.paper_settings import office_code_of, remedies_of, settings_of
from registry.documents.printing import LANGUAGE, render
from registry.errors import RegisterIncomplete
from registry.labels.act_words import outcome_words
from registry.labels.list_words import chinese_number
from registry.labels.reasons import citation
from registry.labels.states import label_of
from registry.models import Event
from registry.notices.filing_notices import reasons_and_note, received_on
from registry.presentation.comparison import Change, changes_between
from registry.presentation.rounds import AnsweredReason, reason_shown
from registry.presentation.timeline import applicant_name_at
from registry.publication.addresses import record_url
from registry.rules.days.deadlines import resubmission_due
from registry.rules.office.papers import PaperSeries
from registry.rules.particulars.materials import value_of
from registry.rules.workflow.events import answer_by_of, outcome_of, points_of
from registry.rules.workflow.states import NATION, PROVINCE, Act, Kind, Outcome, Role


def decision_notice(event: Event) -> bytes:
    """The notice of a decision as PDF, from its event; a first filing's approval is the event with the number."""
    with override(LANGUAGE):
        context = decision_context(event)
        issuer = issuer_of(event, PaperSeries.DECISION, office_code=context["office_code"])
        return render("documents/decision.html", context | {"issuer": issuer})


def correction_request(event: Event) -> bytes:
    """The request to correct the materials as PDF, from the event that asks for it."""
    with override(LANGUAGE):
        context = request_context(event)
        issuer = issuer_of(event, PaperSeries.REQUEST, office_code=context["office_code"])
        return render("documents/request.html", context | {"issuer": issuer})


def request_context(event: Event) -> dict[str, Any]:
    """The context of the request's template, in the active language."""
    return _subject(event)[0] | {
        "points": _numbered(points_of(event.payload)),
        "asked_on": clock.china_date(event.at),
        "answer_by": answer_by_of(event.payload),
    }


def decision_context(event: Event) -> dict[str, Any]:
    """The context of the notice's template, in the active language."""
    context, materials = _subject(event)
    application = context["application"]
    outcome = outcome_of(Act(event.act), event.payload) or Outcome.APPROVAL
    is_rejection = outcome is Outcome.REJECTION
    decided_on = clock.china_date(event.at)
    number = event.filing.number if event.filing is not None else None
    context |= {
        "is_rejection": is_rejection,
        "words": outcome_words(Kind(application.kind), outcome),
        "decided_on": decided_on,
        "number": number,
        "record_address": unquote(record_url(number)) if number else "",
        "asked": details_of(application, materials),
        "remedies": remedies_of(settings_of(context["office_code"])),
    }
    if is_rejection:
        given, note = reasons_and_note(event)
        context |= {
            "reasons": _numbered(given),
            "note": note.strip(),
            "answer_by": resubmission_due(decided_on, current_calendar()),
        }
    elif application.kind in (Kind.CHANGE, Kind.APPLICANT_CHANGE):
        context["changes"] = _changes(event, materials)
    return context


def _subject(event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """What every paper about an application says of it, and the materials that it is about."""
    application = event.application
    if application is None or event.revision_number is None:
        raise RegisterIncomplete("event_without_subject", event=str(event.pk))
    materials = materials_of(get_revision(application.pk, event.revision_number))
    context = {
        "application": application,
        "kind": Kind(application.kind).value,
        "kind_label": label_of(Kind(application.kind)),
        "applicant_name": applicant_name_at(event),
        "is_individual": value_of(materials, "applicant.nature") == "individual",
        "service_name": value_of(materials, "service.service_name") or application.service_name,
        "received_on": received_on(event),
        "office_code": office_code_of(_office(event), event.province_code),
    }
    return context, materials


def _numbered(reasons: Sequence[Mapping[str, Any]]) -> list[tuple[str, AnsweredReason, str]]:
    """Reasons as a paper lists them: the Chinese numeral, the reason in words, and its article."""
    shown = [reason_shown(reason) for reason in reasons]
    return [(chinese_number(place), reason, _article(reason)) for place, reason in enumerate(shown, start=1)]


def _office(event: Event) -> Role:
    """The role whose office decided; a number issued by the system counts as the national office's."""
    role = Role(event.actor_role)
    return role if role in PROVINCE | NATION else Role.NATIONAL_REVIEWER


def _article(reason: AnsweredReason) -> str:
    return citation(reason.article) if reason.article else ""


def _changes(event: Event, materials: dict[str, Any]) -> list[Change]:
    """The changes of registered values that were approved, personal values masked."""
    application = event.application
    if application is None:
        return []
    before = materials_before_change(application)
    return changes_between(before, materials) if before is not None else []
