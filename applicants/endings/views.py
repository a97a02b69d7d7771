"""The applicant's page of a proposed striking off: what is proposed and why, until when, and its statement."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applicants import access
from applicants.drafts.pages.frame import account_of, crumbs
from applicants.statements.statement import StatementForm, statement_page
from registry import clock
from registry.book.act_request import Actor
from registry.calendar.current import current_calendar
from registry.documents.papers import papers_of_filing
from registry.documents.texts import document_text
from registry.endings import striking_off as proceedings
from registry.errors import MemberActRefused, TransitionNotAllowed
from registry.files.views import evidence_answer
from registry.gateways.addresses import counted_address
from registry.labels.ending_words import BADGES, GROUNDS, STRIKING_OFF_STATES, STRUCK_OFF_STANDINGS
from registry.labels.states import refusal_message
from registry.models import Account, StrikingOff, StrikingOffFile, StrikingOffPart
from registry.presentation.evidence_block import Addresses, EvidenceBlock, evidence_block
from registry.presentation.evidence_field import EvidenceField, ReplacementForm, read_again
from registry.presentation.materials import deadline_context
from registry.rules.end_grounds import EndGround
from registry.rules.endings.lifecycle import OPEN_STATES, StrikingOffAct, StrikingOffState
from registry.storage import evidence
from registry.storage.evidence import STRIKING_OFF_FILES

_Side, _Part = StrikingOffFile.Side, StrikingOffPart.Kind


class DefenceForm(StatementForm):
    """The applicant's statement and defence, with its evidence."""

    evidence = EvidenceField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = gettext_lazy("Your statement and defence")


@require_http_methods(["GET", "HEAD", "POST"])
def striking_off(request: HttpRequest, proceeding_id: uuid.UUID) -> HttpResponse:
    """A proposal the applicant was notified of, with the form of its statement; any other answers 404."""
    account = account_of(request)
    found = _find(account, proceeding_id)

    def send(data: dict[str, Any]) -> None:
        proceedings.state(
            found.pk,
            actor=Actor.of(account),
            text=data["text"],
            files=evidence.take(data["evidence"]),
            sender=counted_address(request),
        )

    def show(form: StatementForm, refusal: str, status: int) -> HttpResponse:
        now = _find(account, proceeding_id) if refusal else found
        return _page(request, now, form, refusal=refusal, status=status)

    return statement_page(request, DefenceForm, show=show, send=send)


@require_POST
def waive_statement(request: HttpRequest, proceeding_id: uuid.UUID) -> HttpResponse:
    """Says that the applicant makes no statement; it may still send one until the office decides."""
    account = account_of(request)
    found = _find(account, proceeding_id)
    try:
        proceedings.waive(found.pk, actor=Actor.of(account))
    except (TransitionNotAllowed, MemberActRefused) as error:
        now = _find(account, proceeding_id)
        refusal = str(refusal_message(error))
        return _page(request, now, DefenceForm(), refusal=refusal, status=HTTPStatus.CONFLICT)
    messages.success(request, _("The office knows that you make no statement."))
    return redirect("applicants:striking_off", proceeding_id=found.pk)


@require_safe
def statement_file(request: HttpRequest, proceeding_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file of the applicant's own statement, as a download."""
    found = _find(account_of(request), proceeding_id)
    return evidence_answer(STRIKING_OFF_FILES, pk=file_id, proceeding=found, side=_Side.APPLICANT.value)


@require_POST
def replace_file(request: HttpRequest, proceeding_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Puts another file in the place of one of the applicant's that could not be read."""
    account = account_of(request)
    found = _find(account, proceeding_id)
    proceedings.file_of(found, file_id, _Side.APPLICANT)
    form, sender = ReplacementForm(request.POST, request.FILES, file_id=file_id), counted_address(request)
    actor = Actor.of(account)
    if form.put(
        lambda file: proceedings.replace_file(found.pk, file_id, file, actor=actor, sender=sender),
        TransitionNotAllowed,
        MemberActRefused,
    ):
        return redirect("applicants:striking_off", proceeding_id=found.pk)
    refusal, replacing = form.refusal_text, {file_id: form}
    return _page(request, found, DefenceForm(), refusal=refusal, replacing=replacing, status=form.status)


@require_POST
def read_file_again(request: HttpRequest, proceeding_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Has a file of the applicant's read once more whose reading broke off."""
    account = account_of(request)
    found = _find(account, proceeding_id)
    actor, sender = Actor.of(account), counted_address(request)
    read_again(
        request,
        lambda: proceedings.read_file_again(found.pk, file_id, actor=actor, sender=sender),
        TransitionNotAllowed,
        MemberActRefused,
    )
    return redirect("applicants:striking_off", proceeding_id=found.pk)


def _find(account: Account, proceeding_id: uuid.UUID) -> StrikingOff:
    told = StrikingOff.objects.filter(notified_at__isnull=False, applicant__in=access.applicants_of(account))
    return get_object_or_404(told.select_related("filing"), pk=proceeding_id)


def _page(
    request: HttpRequest,
    found: StrikingOff,
    form: StatementForm,
    *,
    refusal: str = "",
    replacing: Mapping[uuid.UUID, ReplacementForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    today, ground, state = clock.today(), EndGround(found.ground), StrikingOffState(found.state)
    offered = proceedings.acts_open(found, Actor.of(account_of(request)), today=today)
    may_state = StrikingOffAct.STATE in offered
    last_day, due = proceedings.last_day_of_statement(found), proceedings.statement_deadline(found)
    is_struck_off = state is StrikingOffState.CONFIRMED
    context = {
        "proceeding": found,
        "filing": found.filing,
        "ground": GROUNDS[ground],
        "shown_as": STRUCK_OFF_STANDINGS[ground],
        "state": state.value,
        "state_label": STRIKING_OFF_STATES[state],
        "badge": BADGES.get(state, state.value),
        "last_day": last_day,
        "is_provisional": due is not None and due.provisional,
        "deadline": _deadline(found) if may_state else None,
        "is_late": may_state and last_day is not None and today > last_day,
        "form": form if may_state else None,
        "may_waive": StrikingOffAct.WAIVE in offered,
        "typed": form["text"].value() if refusal and not may_state else "",
        "refusal": refusal,
        "statement": proceedings.text_of(found, _Part.STATEMENT),
        "evidence": _evidence(found, may_replace=StrikingOffAct.REPLACE_FILE in offered, sent=replacing),
        "answer": proceedings.text_of(found, _Part.ANSWER),
        "is_struck_off": is_struck_off,
        "dropped_because": proceedings.explanation_of_drop(found),
        "papers": papers_of_filing(found.filing) if is_struck_off else [],
        "remedies": document_text("remedies") if is_struck_off else "",
        "record_url": reverse("public:filing", args=[found.filing.number]),
        "crumbs": crumbs(_("Striking off")),
    }
    return render(request, "applicants/endings/striking_off.html", context, status=status)


def _evidence(
    found: StrikingOff, *, may_replace: bool, sent: Mapping[uuid.UUID, ReplacementForm] | None
) -> EvidenceBlock:
    """The applicant's own files, which it replaces before the answer, and has read once more before the decision."""

    def at(name: str) -> Callable[[uuid.UUID], str]:
        return lambda file_id: reverse(f"applicants:{name}", args=[found.pk, file_id])

    addresses = Addresses(
        reverse("applicants:striking_off", args=[found.pk]),
        element="evidence-files",
        opens=at("statement_file"),
    )
    if may_replace:
        addresses = replace(addresses, replaces=at("replace_statement_file"))
    if StrikingOffState(found.state) in OPEN_STATES:
        addresses = replace(addresses, reads_again=at("read_statement_file_again"))
    return evidence_block(proceedings.files_of(found, _Side.APPLICANT), addresses, sent=sent)


def _deadline(found: StrikingOff) -> dict[str, Any] | None:
    due = proceedings.statement_deadline(found)
    if due is None:
        return None
    title = _("Your statement and defence")
    return deadline_context(due, current_calendar(), today=clock.today(), title=title)
