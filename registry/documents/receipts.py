"""The acceptance receipt (收件回执): what was received, on which day, and by when it will be decided and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from registry.book.receipt_numbers import query_code
from registry.book.revisions import get_revision, materials_of
from registry.calendar.current import current_calendar
from registry.calendar.explanations import explain_deadline
from registry.documents.issuers import issuer_of
from registry.documents.printing import LANGUAGE, render
from registry.errors import RegisterIncomplete
from registry.labels import particulars as words
from registry.labels.act_words import whole_application
from registry.labels.states import label_of
from registry.models import Application, Event
from registry.presentation.timeline import applicant_name_at
from registry.publication.addresses import portal_url
from registry.rules.days.deadlines import decision_due
from registry.rules.office.papers import PaperSeries
from registry.rules.particulars import slots
from registry.rules.particulars.materials import files_of, value_of
from registry.rules.workflow.events import received_on_of
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Act, Kind

_DIGEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file of the materials, with the first digits of its SHA-256."""

    slot: str
    name: str
    page_count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Received:
    """One application on the receipt; `files` leaves out those that all applications on it share."""

    receipt_number: str
    query_code: str
    kind: str
    service_name: str
    files: tuple[ReceivedFile, ...]


def acceptance_receipt(event: Event) -> bytes:
    """The receipt of a submission or of the whole joint submission it belongs to, as PDF."""
    with override(LANGUAGE):
        issuer = issuer_of(event, PaperSeries.RECEIPT, office_code=event.province_code)
        return render("documents/receipt.html", receipt_context(event) | {"issuer": issuer})


def receipt_context(event: Event) -> dict[str, Any]:
    """The context of the receipt's template, in the active language."""
    submissions = _submissions(event)
    received_on = received_on_of(event.payload)
    calendar = current_calendar()
    materials = [
        materials_of(get_revision(application.pk, revision_number))
        for application, revision_number in submissions
    ]
    files = [
        _files(Kind(each.kind), of_it) for (each, _number), of_it in zip(submissions, materials, strict=True)
    ]
    shared = _shared(files)
    application = submissions[0][0]
    return {
        "applicant_name": applicant_name_at(event),
        "is_individual": value_of(materials[0], "applicant.nature") == "individual",
        "is_again": event.act == Act.RESUBMIT,
        "receipt_number": application.receipt_number,
        "whole": whole_application(Kind(application.kind)).paper,
        "received": [
            Received(
                receipt_number=each.receipt_number,
                query_code=query_code(each.receipt_number),
                kind=str(label_of(Kind(each.kind))),
                service_name=_service_name(each, of_it),
                files=tuple(file for file in own if file not in shared),
            )
            for (each, _number), of_it, own in zip(submissions, materials, files, strict=True)
        ],
        "shared_files": shared,
        "file_count": len(shared) + sum(len([file for file in own if file not in shared]) for own in files),
        "status_address": portal_url(reverse("public:filing_status")),
        "received_on": received_on,
        "received_at": event.at,
        "explanation": explain_deadline(decision_due(received_on, calendar), calendar),
    }


def digest_shown(sha256: str) -> str:
    """The first twelve digits of a SHA-256 in groups of four, enough to tell files apart by eye."""
    short = sha256[:_DIGEST_SHOWN].upper()
    return " ".join(short[start : start + 4] for start in range(0, _DIGEST_SHOWN, 4))


def _submissions(event: Event) -> list[tuple[Application, int]]:
    """The applications on the receipt, each with the number of the revision it was submitted with."""
    application = event.application
    if application is None or event.revision_number is None:
        raise RegisterIncomplete("event_without_subject", event=str(event.pk))
    if event.act != Act.SUBMIT or application.together_id is None:
        return [(application, event.revision_number)]
    together = Event.objects.filter(act=Act.SUBMIT.value, application__together_id=application.together_id)
    in_order = together.select_related("application").order_by("application__receipt_number")
    return [
        (each.application, each.revision_number)
        for each in in_order
        if each.application is not None and each.revision_number is not None
    ]


def _service_name(application: Application, materials: dict[str, Any]) -> str:
    if application.kind == Kind.APPLICANT_CHANGE:
        return "该备案主体的全部备案"
    return str(value_of(materials, "service.service_name") or application.service_name)


def _files(kind: Kind, materials: dict[str, Any]) -> list[ReceivedFile]:
    return [
        ReceivedFile(
            slot=str(words.label_of(slot.key)),
            name=str(entry.get("name", "")),
            page_count=int(entry.get("page_count") or 1),
            digest=digest_shown(str(entry.get("sha256", ""))),
        )
        for slot in slots()
        if is_about(kind, slot.key)
        for entry in files_of(materials, slot.key)
    ]


def _shared(files: Sequence[Iterable[ReceivedFile]]) -> list[ReceivedFile]:
    """The files that all of several applications have; none for a single application."""
    if len(files) < 2:
        return []
    common = set.intersection(*(set(own) for own in files))
    return [file for file in files[0] if file in common]
