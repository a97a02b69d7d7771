"""The pages of striking off at the national office: what is open, one proceeding with its acts, a proposal."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.batches import objections
from registry.book.act_request import Actor
from registry.calendar.current import current_calendar
from registry.endings import striking_off
from registry.endings.striking_off import Grounds
from registry.errors import (
    AttachmentRefused,
    FilingError,
    NotFound,
    StorageFull,
    TransitionNotAllowed,
)
from registry.files.views import evidence_answer
from registry.gateways.addresses import counted_address
from registry.labels.date_format import day, due_day
from registry.labels.ending_words import (
    BADGES,
    GROUNDS,
    STRIKING_OFF_ACTS,
    STRIKING_OFF_STATES,
    STRUCK_OFF_STANDINGS,
    standing_words,
)
from registry.labels.states import refusal_message
from registry.models import Account, Event, Filing, Objection, StrikingOff, StrikingOffFile, StrikingOffPart
from registry.presentation.evidence_block import Addresses, EvidenceBlock, evidence_block
from registry.presentation.evidence_field import ReplacementForm, read_again
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.materials import deadline_context
from registry.presentation.posted import posted_id
from registry.publication.upstream import named_building_on
from registry.rules.days.working_days import Calendar
from registry.rules.end_grounds import EndGround
from registry.rules.endings.events import Service, explanation_of, late_by_of
from registry.rules.endings.lifecycle import OPEN_STATES, StrikingOffAct, StrikingOffState
from registry.rules.objections.lifecycle import ObjectionState
from registry.rules.workflow.states import PUBLIC_STANDINGS, Role, Standing
from registry.storage import evidence
from registry.storage.evidence import STRIKING_OFF_FILES
from review.access import national_officer
from review.desk.stream_acts import OfficerActs, WordsForm, history_entry, recorded_words
from review.endings.forms import WORDS, NumberForm, ProposalForm

_CLOSED_SHOWN = 50
_OPEN = sorted(state.value for state in OPEN_STATES)
_PUBLIC = [standing.value for standing in PUBLIC_STANDINGS]
_Side, _Part = StrikingOffFile.Side, StrikingOffPart.Kind
# The acts of officers, in the order of their forms.
_BUTTONS: dict[StrikingOffAct, Promise] = {
    StrikingOffAct.CONFIRM: pgettext_lazy("act of a striking off", "Strike the filing off"),
    StrikingOffAct.ANSWER: pgettext_lazy("act of a striking off", "Answer the statement"),
    StrikingOffAct.SEND_NOTICE: pgettext_lazy("act of a striking off", "Send the notice"),
    StrikingOffAct.ANNOUNCE: pgettext_lazy("act of a striking off", "Announce the notice in public"),
    StrikingOffAct.DROP: pgettext_lazy("act of a striking off", "Drop it"),
}
_FOLLOWS: dict[StrikingOffAct, Promise] = {
    StrikingOffAct.CONFIRM: gettext_lazy(
        "The filing ends today, and the public record says so. Open applications about it are closed, the applicant is "
        "told with the legal remedies, and the decision is made as a paper for the seal."
    ),
    StrikingOffAct.ANSWER: gettext_lazy("The applicant reads it. Only then can a head decide."),
    StrikingOffAct.SEND_NOTICE: gettext_lazy(
        "The applicant gets it in the inbox, by e-mail and by text message. It is served when it arrives, and the "
        "5 working days for a statement run from that day."
    ),
    StrikingOffAct.ANNOUNCE: gettext_lazy(
        "Only where nobody can be reached. The proposal, its reasons and its basis are published on this site, and "
        "count as served after the days of the announcement."
    ),
    StrikingOffAct.DROP: gettext_lazy("The filing stays in force, and the proceeding is closed for good."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def all_strikings_off(request: HttpRequest) -> HttpResponse:
    """The open proceedings, oldest first, the latest that are closed, and the number that a new one begins with."""
    national_officer(request)
    form, status = NumberForm(request.POST if request.method == "POST" else None), HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid():
            return redirect("review:strike_off", filing_id=form.cleaned_data["filing"].pk)
        status = HTTPStatus.BAD_REQUEST
    found, calendar = StrikingOff.objects.select_related("filing"), current_calendar()
    context = {
        "form": form,
        "open": [
            _row(each, calendar) for each in found.filter(state__in=_OPEN).order_by("proposed_at", "pk")
        ],
        "closed": [
            _row(each, calendar)
            for each in found.exclude(state__in=_OPEN).order_by("-closed_at", "-pk")[:_CLOSED_SHOWN]
        ],
    }
    return render(request, "review/endings/strikings_off.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def strike_off(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """Proposes to strike a filing off; what is typed stays on the page until it is recorded."""
    officer = national_officer(request)
    filing = Filing.objects.filter(pk=filing_id, standing__in=_PUBLIC).first()
    if filing is None:
        raise NotFound("filing_unknown")
    objection = _upheld(filing, request.POST.get("objection") or request.GET.get("objection", ""))
    refusal, status = "", HTTPStatus.OK
    if request.method == "POST":
        form = ProposalForm(request.POST, request.FILES)
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                proceeding = _propose(form, filing, officer, objection, request=request)
            except (AttachmentRefused, StorageFull) as error:
                form.add_error("evidence", str(refusal_message(error)))
            except TransitionNotAllowed as error:
                refusal, status = str(refusal_message(error)), HTTPStatus.CONFLICT
            else:
                forget_form(request)
                messages.success(request, recorded_words(STRIKING_OFF_ACTS[StrikingOffAct.PROPOSE]))
                return redirect("review:striking_off", proceeding_id=proceeding.pk)
    else:
        kept = kept_form(request)
        form = ProposalForm(initial=kept.dict() if kept is not None else _prefilled(objection))
    context = {
        "form": form,
        "refusal": refusal,
        "filing": filing,
        "standing_label": standing_words(Standing(filing.standing), filing.end_ground),
        "record_url": reverse("public:filing", args=[filing.number]),
        "open": striking_off.open_about(filing),
        "is_in_force": filing.standing == Standing.IN_FORCE,
        "objection": objection,
        "users": named_building_on(filing.number),
        "key": posted_id(request.POST.get("key", "")) or uuid.uuid4(),
        "crumbs": [*_crumbs(), {"url": "", "label": _("A proposal")}],
    }
    return render(request, "review/endings/proposal.html", context, status=status)


@require_safe
def one_striking_off(request: HttpRequest, proceeding_id: uuid.UUID) -> HttpResponse:
    """One proceeding: what is proposed and why, its days, the acts open to the officer, and its history."""
    officer = national_officer(request)
    return _page(request, _find(proceeding_id), officer)


@require_http_methods(["GET", "HEAD", "POST"])
def striking_off_act(request: HttpRequest, proceeding_id: uuid.UUID, act_name: str) -> HttpResponse:
    """Does one act of a proceeding; a refused one shows the page as it is now, with what was typed."""
    return _ACTS.answer(request, proceeding_id, act_name)


@require_safe
def striking_off_file(request: HttpRequest, proceeding_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file of a proceeding, as a download."""
    national_officer(request)
    return evidence_answer(STRIKING_OFF_FILES, pk=file_id, proceeding=proceeding_id)


@require_POST
def replace_file(request: HttpRequest, proceeding_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Puts another file in the place of one of the office's that could not be read."""
    officer, proceeding = national_officer(request), _find(proceeding_id)
    striking_off.file_of(proceeding, file_id)
    form, sender = ReplacementForm(request.POST, request.FILES, file_id=file_id), counted_address(request)
    actor = Actor.of(officer)
    if form.put(
        lambda file: striking_off.replace_file(proceeding.pk, file_id, file, actor=actor, sender=sender),
        TransitionNotAllowed,
    ):
        return redirect("review:striking_off", proceeding_id=proceeding.pk)
    replacing = {file_id: form}
    return _page(request, proceeding, officer, refusal=form.refusal, replacing=replacing, status=form.status)


@require_POST
def read_file_again(request: HttpRequest, proceeding_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """Has a file of the office's read once more whose reading broke off."""
    officer, proceeding = national_officer(request), _find(proceeding_id)
    actor, sender = Actor.of(officer), counted_address(request)
    read_again(
        request,
        lambda: striking_off.read_file_again(proceeding.pk, file_id, actor=actor, sender=sender),
        TransitionNotAllowed,
    )
    return redirect("review:striking_off", proceeding_id=proceeding.pk)


# ---------------------------------------------------------------- parts of the pages


def _propose(
    form: ProposalForm, filing: Filing, officer: Account, objection: Objection | None, *, request: HttpRequest
) -> StrikingOff:
    data = form.cleaned_data
    files = evidence.take(data["evidence"])
    grounds = Grounds(
        ground=EndGround(data["ground"]),
        reason=data["reason"],
        basis=data["basis"],
        successor_number=data["successor"],
        objection_id=None if objection is None else objection.pk,
    )
    return striking_off.propose(
        filing.pk,
        grounds,
        actor=Actor.of(officer),
        files=files,
        key=posted_id(request.POST.get("key", "")),
        sender=counted_address(request),
    )


def _perform(proceeding: StrikingOff, act: StrikingOffAct, officer: Account, *, text: str, seen: int) -> None:
    actor = Actor.of(officer)
    if act is StrikingOffAct.SEND_NOTICE:
        striking_off.send_notice(proceeding.pk, actor=actor, seen_sequence=seen)
    elif act is StrikingOffAct.ANNOUNCE:
        striking_off.announce(proceeding.pk, actor=actor, seen_sequence=seen)
    elif act is StrikingOffAct.ANSWER:
        striking_off.answer(proceeding.pk, actor=actor, text=text, seen_sequence=seen)
    elif act is StrikingOffAct.CONFIRM:
        striking_off.confirm(proceeding.pk, actor=actor, seen_sequence=seen)
    else:
        striking_off.drop(proceeding.pk, actor=actor, explanation=text, seen_sequence=seen)


def _page(
    request: HttpRequest,
    proceeding: StrikingOff,
    officer: Account,
    *,
    forms: dict[StrikingOffAct, WordsForm] | None = None,
    refusal: FilingError | None = None,
    replacing: Mapping[uuid.UUID, ReplacementForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page of one proceeding; `forms` are those that were sent, with what was typed.

    `replacing` are forms for files that were refused, by the file in whose place they stand.
    """
    offered = striking_off.acts_open(proceeding, Actor.of(officer), today=clock.today())
    context = _row(proceeding, current_calendar()) | {
        "deadline": _deadline(proceeding),
        "is_own_proposal": proceeding.proposer_id == officer.pk and officer.acts_as is Role.NATIONAL_HEAD,
        "is_open": proceeding.state in _OPEN,
        "users": named_building_on(proceeding.filing.number),
        "office_files": _evidence(proceeding, _Side.OFFICE, offered=offered, sent=replacing),
        "applicant_files": _evidence(proceeding, _Side.APPLICANT),
        "statement": striking_off.text_of(proceeding, _Part.STATEMENT),
        "answer": striking_off.text_of(proceeding, _Part.ANSWER),
        "history": [
            history_entry(event, STRIKING_OFF_ACTS[StrikingOffAct(event.act)], _text(event))
            for event in striking_off.history_of(proceeding)
        ],
        "crumbs": [*_crumbs(), {"url": "", "label": proceeding.number}],
    }
    context |= _ACTS.context(proceeding, offered, sent=forms or {}, refusal=refusal, begins={})
    return render(request, "review/endings/striking_off.html", context, status=status)


def _evidence(
    proceeding: StrikingOff,
    side: StrikingOffFile.Side,
    *,
    offered: Collection[StrikingOffAct] = (),
    sent: Mapping[uuid.UUID, ReplacementForm] | None = None,
) -> EvidenceBlock:
    """The files of a side; the office replaces its own where that is `offered`, or has them read once more."""

    def at(name: str) -> Callable[[uuid.UUID], str]:
        return lambda file_id: reverse(f"review:{name}", args=[proceeding.pk, file_id])

    addresses = Addresses(reverse("review:striking_off", args=[proceeding.pk]), opens=at("striking_off_file"))
    if StrikingOffAct.REPLACE_FILE in offered:
        addresses = replace(addresses, replaces=at("replace_striking_off_file"))
    if side is _Side.OFFICE and proceeding.state in _OPEN:
        addresses = replace(addresses, reads_again=at("read_striking_off_file_again"))
    return evidence_block(striking_off.files_of(proceeding, side), addresses, sent=sent)


def _deadline(proceeding: StrikingOff) -> dict[str, Any] | None:
    """The time for a statement and why it ends on its day, while it is waited for."""
    due = striking_off.statement_deadline(proceeding)
    if due is None or proceeding.state not in (StrikingOffState.SERVED, StrikingOffState.ANNOUNCED):
        return None
    return deadline_context(
        due, current_calendar(), today=clock.today(), title=_("Statement of the applicant")
    )


def _row(proceeding: StrikingOff, calendar: Calendar) -> dict[str, Any]:
    ground = EndGround(proceeding.ground)
    due = striking_off.statement_deadline(proceeding, calendar=calendar)
    return {
        "proceeding": proceeding,
        "filing": proceeding.filing,
        "record_url": reverse("public:filing", args=[proceeding.filing.number]),
        "ground": GROUNDS[ground],
        "shown_as": STRUCK_OFF_STANDINGS[ground],
        "state_label": STRIKING_OFF_STATES[StrikingOffState(proceeding.state)],
        "badge": BADGES.get(StrikingOffState(proceeding.state), proceeding.state),
        "last_day": striking_off.last_day_of_statement(proceeding, calendar=calendar),
        "is_provisional": due is not None and due.provisional,
    }


def _text(event: Event) -> str:
    act = StrikingOffAct(event.act)
    if act is StrikingOffAct.DROP:
        return explanation_of(event.payload)
    if act in (StrikingOffAct.RECORD_SERVICE, StrikingOffAct.ANNOUNCE):
        service = Service.of(event.payload)
        return _("Served on %(served)s; last day for a statement: %(last)s") % {
            "served": day(service.served_on),
            "last": due_day(service.statement_by, provisional=service.provisional),
        }
    if act is StrikingOffAct.STATE and (late := late_by_of(event.payload)):
        return _("%(days)s working days after the last day") % {"days": late}
    return ""


def _prefilled(objection: Objection | None) -> dict[str, str]:
    """A proposal that follows from an upheld objection begins with the reasons of its decision."""
    if objection is None:
        return {}
    return {"ground": EndGround.FALSE_MATERIALS.value, "reason": objections.reasons_of(objection)}


def _upheld(filing: Filing, text: str) -> Objection | None:
    """The upheld objection to an entry of this filing that a proposal follows from."""
    objection_id = posted_id(text)
    if objection_id is None:
        return None
    upheld = Objection.objects.filter(filing=filing, state=ObjectionState.UPHELD.value)
    return upheld.filter(pk=objection_id).first()


def _find(proceeding_id: uuid.UUID) -> StrikingOff:
    found = StrikingOff.objects.select_related("filing", "objection").filter(pk=proceeding_id).first()
    if found is None:
        raise NotFound("striking_off_unknown")
    return found


def _crumbs() -> list[dict[str, str]]:
    return [{"url": reverse("review:strikings_off"), "label": _("Striking off")}]


_ACTS = OfficerActs[StrikingOff, StrikingOffAct](
    buttons=_BUTTONS,
    follows=_FOLLOWS,
    recorded=STRIKING_OFF_ACTS,
    words=WORDS,
    seals=(StrikingOffAct.CONFIRM,),
    find=_find,
    perform=_perform,
    show=_page,
    page_name="review:striking_off",
    act_name="review:striking_off_act",
)
