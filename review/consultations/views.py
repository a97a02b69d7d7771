"""The pages of consultations: a question, its letter and answers, and the list of what was asked either way.

A consultation is read within the jurisdiction of its case, and by the office that was asked inside the portal: that one
sees the question and what was chosen to go along, from the consultation alone, and nothing of the case.
"""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.book.act_request import Actor
from registry.calendar.current import current_calendar
from registry.consultations import consultations
from registry.consultations.consultations import Entered
from registry.consultations.letter import letter_of, number_of_letter
from registry.consultations.particulars import sections_to_choose
from registry.documents.issuing import bytes_of
from registry.documents.paper_settings import office_code_of
from registry.errors import AttachmentRefused, NotFound, OutOfDate, StorageFull, TransitionNotAllowed
from registry.files.papers import PDF
from registry.files.views import evidence_answer, inert_answer
from registry.gateways.addresses import counted_address
from registry.labels.consultation_words import CONSULTATION_ACTS
from registry.labels.offices import office_name
from registry.labels.states import refusal_message
from registry.models import Account, Application, Consultation
from registry.presentation.evidence_block import Addresses, evidence_block
from registry.presentation.kept_forms import forget_form, kept_form, without_errors
from registry.presentation.posted import posted_count, posted_id
from registry.rules.consultations.lifecycle import ConsultationAct, ConsultationState
from registry.rules.days.working_days import is_provisional_day
from registry.rules.errors import FilingError
from registry.rules.workflow.states import PROVINCE
from registry.storage import evidence
from registry.storage.evidence import CONSULTATION_FILES
from review.access import find_case, is_at_desk, officer_of
from review.consultations.forms import AnswerForm, QuestionForm, WithdrawalForm
from review.consultations.sending import send_question
from review.decisions.asking import days_to_choose, suggested_day
from review.desk import unsent
from review.desk.claims import note_activity
from review.desk.consulted import Shown, by_asked_office, shown, text_of, title_of
from review.desk.refusals import desk_refusal
from review.desk.stream_acts import history_entry, recorded_words
from review.queue.lists import way_back
from review.reveals.reveals import RevealRefused

_SHOWN = 100
_Act = ConsultationAct


@require_safe
def all_consultations(request: HttpRequest) -> HttpResponse:
    """What the officer's office was asked inside the portal, and what it asked: what is open first."""
    officer, today = officer_of(request), clock.today()
    code = _code_of(officer)
    asked = list(consultations.asked_of(code).select_related("application")[:_SHOWN])
    sent = list(consultations.sent_by(code)[:_SHOWN])
    context = {
        "asked": _open_first([shown(each, today=today) for each in asked]),
        "sent": _open_first([shown(each, today=today) for each in sent]),
    }
    return render(request, "review/consultations/consultations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def consult(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """Puts a question to another body; what is typed stays on the page until it is sent."""
    officer, at = officer_of(request), clock.now()
    application = find_case(officer, application_id)
    refusal, status, is_restored = "", HTTPStatus.OK, False
    options = _options(application, officer)
    if request.method == "POST":
        form, status = QuestionForm(request.POST, **options), HTTPStatus.BAD_REQUEST
        if form.is_valid():
            try:
                sent = send_question(
                    application,
                    form.asking,
                    officer=officer,
                    reason=form.cleaned_data.get("in_full_reason", ""),
                    key=posted_id(request.POST.get("key", "")),
                    at=at,
                )
            except TransitionNotAllowed as error:
                refusal, status = refusal_message(error), HTTPStatus.CONFLICT
            except RevealRefused as error:
                form.add_error("in_full", desk_refusal(error))
            else:
                forget_form(request)
                unsent.forget(application, unsent.CONSULTATION, officer=officer)
                messages.success(
                    request,
                    recorded_words(CONSULTATION_ACTS[_Act.SEND])
                    if sent.asked_code
                    else _("The question is entered: make the letter and send it."),
                )
                return redirect("review:consultation", consultation_id=sent.pk)
    else:
        typed = unsent.kept_or_begun(request, application, officer, unsent.CONSULTATION, at=at)
        is_restored = typed is not None
        if typed is not None:
            form = without_errors(QuestionForm(typed, **options))
        else:
            first = {"due_on": suggested_day(application, today=clock.china_date(at))}
            form = QuestionForm(initial=first, **options)
    context = {
        "application": application,
        "form": form,
        "refusal": refusal,
        "is_restored": is_restored,
        "is_offered": is_at_desk(application, officer),
        "has_days": bool(options["days"]),
        "typed_url": unsent.address_of(application, unsent.CONSULTATION),
        "owner": officer.pk,
        "key": posted_id(request.POST.get("key", "")) or uuid.uuid4(),
        "crumbs": [*_case_crumbs(request, application), {"url": "", "label": _("Consult another body")}],
    }
    if not context["is_offered"] and request.method != "POST":
        context["refusal"], status = refusal_message(FilingError("consultation_at_desk")), HTTPStatus.CONFLICT
    return render(request, "review/consultations/consult.html", context, status=status)


@require_safe
def one_consultation(request: HttpRequest, consultation_id: uuid.UUID) -> HttpResponse:
    """One consultation: the question, what went along, its answers, and the acts open to the officer."""
    officer = officer_of(request)
    consultation = _find(officer, consultation_id)
    offered = consultations.acts_open(consultation, Actor.of(officer), today=clock.today())
    is_within = consultations.is_within(consultation, Actor.of(officer))
    context = _head(request, consultation, officer) | {
        "answers": [
            {
                "entered": each,
                "late": each.answer.late_by_working_days,
                "files": evidence_block(
                    each.files,
                    Addresses(
                        reverse("review:consultation", args=[consultation.pk]),
                        opens=lambda file_id: reverse(
                            "review:consultation_file", args=[consultation.pk, file_id]
                        ),
                    ),
                ),
                "has_refused": any(file.is_refused for file in each.files),
            }
            for each in _answers(consultation, is_within=is_within)
        ],
        "may_answer": _Act.ANSWER in offered,
        "may_withdraw": _Act.WITHDRAW in offered,
        "is_answered": consultation.state == ConsultationState.ANSWERED,
        "history": _history(consultation, is_within=is_within),
    }
    return render(request, "review/consultations/consultation.html", context)


@require_safe
def letter(request: HttpRequest, consultation_id: uuid.UUID) -> HttpResponse:
    """The letter as PDF, as it was issued; made now, with its number, if it is not yet."""
    consultation = _find(officer_of(request), consultation_id)
    answer = inert_answer(bytes_of(letter_of(consultation)), PDF)
    answer.headers["Content-Disposition"] = 'inline; filename="consultation.pdf"'
    return answer


@require_safe
def consultation_file(request: HttpRequest, consultation_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
    """A file that came with an answer, as a download."""
    officer = officer_of(request)
    consultation = _find(officer, consultation_id)
    is_within = consultations.is_within(consultation, Actor.of(officer))
    shown_there = [each.answer.number for each in _answers(consultation, is_within=is_within)]
    return evidence_answer(
        CONSULTATION_FILES, pk=file_id, consultation=consultation.pk, answer__in=shown_there
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer_consultation(request: HttpRequest, consultation_id: uuid.UUID) -> HttpResponse:
    """Enters an answer, or answers as the office that was asked; a refused form stays as it was typed."""
    officer = officer_of(request)
    consultation, actor = _find(officer, consultation_id), Actor.of(officer)
    is_own = consultations.is_asked(consultation, actor)
    options: dict[str, Any] = {
        "sent_on": clock.china_date(consultation.sent_at),
        "today": clock.today(),
        "is_own": is_own,
    }
    refusal: FilingError | None = None
    if request.method == "POST":
        form = AnswerForm(request.POST, request.FILES, **options)
        if form.is_valid():
            try:
                consultations.answer(
                    consultation.pk,
                    form.given(evidence.take(form.cleaned_data["scan"])),
                    actor=actor,
                    seen_sequence=_seen(request),
                    sender=counted_address(request),
                )
            except (AttachmentRefused, StorageFull) as error:
                form.add_error("scan", refusal_message(error))
            except (OutOfDate, TransitionNotAllowed) as error:
                refusal = error
            else:
                return _recorded(request, consultation, officer, _Act.ANSWER)
    else:
        kept = kept_form(request)
        first = {} if kept is None else kept.dict()
        form = AnswerForm(initial=first or _first_answer(officer, is_own=is_own), **options)
    return _act_page(request, consultation, officer, _Act.ANSWER, form=form, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_consultation(request: HttpRequest, consultation_id: uuid.UUID) -> HttpResponse:
    """Withdraws a question that was not answered; a refused form stays as it was typed."""
    officer = officer_of(request)
    consultation = _find(officer, consultation_id)
    refusal: FilingError | None = None
    if request.method == "POST":
        form = WithdrawalForm(request.POST)
        if form.is_valid():
            try:
                consultations.withdraw(
                    consultation.pk,
                    actor=Actor.of(officer),
                    explanation=form.cleaned_data["explanation"],
                    seen_sequence=_seen(request),
                )
            except (OutOfDate, TransitionNotAllowed) as error:
                refusal = error
            else:
                return _recorded(request, consultation, officer, _Act.WITHDRAW)
    else:
        kept = kept_form(request)
        form = WithdrawalForm(initial=kept.dict() if kept is not None else None)
    return _act_page(request, consultation, officer, _Act.WITHDRAW, form=form, refusal=refusal)


# ---------------------------------------------------------------- parts of the pages


def _act_page(
    request: HttpRequest,
    consultation: Consultation,
    officer: Account,
    act: ConsultationAct,
    *,
    form: AnswerForm | WithdrawalForm,
    refusal: FilingError | None,
) -> HttpResponse:
    """The page of an act with its form, bound to the consultation as it is now; what was typed stays readable."""
    now = _find(officer, consultation.pk)
    offered = act in consultations.acts_open(now, Actor.of(officer), today=clock.today())
    is_restored = request.method != "POST" and kept_form(request) is not None
    status = HTTPStatus.OK
    if refusal is not None or not offered:
        status = HTTPStatus.CONFLICT
    elif form.errors:
        status = HTTPStatus.BAD_REQUEST
    if refusal is None and not offered:
        refusal = FilingError("not_in_this_state")
    context = _head(request, now, officer) | {
        "act": act.value,
        "form": form,
        "is_offered": offered,
        "is_restored": is_restored,
        "refusal": refusal_message(refusal) if refusal is not None else "",
        "is_correction": act is _Act.ANSWER and now.state == ConsultationState.ANSWERED,
        "kept": _typed(form) if not offered else [],
        "crumbs": [
            *_crumbs(request, now, officer),
            {"url": "", "label": _("Answer") if act is _Act.ANSWER else _("Withdraw")},
        ],
    }
    return render(request, "review/consultations/act.html", context, status=status)


def _head(request: HttpRequest, consultation: Consultation, officer: Account) -> dict[str, Any]:
    """What every page of a consultation shows; the case itself only within its jurisdiction."""
    actor = Actor.of(officer)
    is_within = consultations.is_within(consultation, actor)
    return {
        "shown": shown(consultation, today=clock.today()),
        "consultation": consultation,
        "application": consultation.application if is_within else None,
        "is_asked": consultations.is_asked(consultation, actor),
        "is_open": consultations.is_awaited(consultation),
        "is_provisional": is_provisional_day(consultation.due_on, current_calendar()),
        "asked": consultations.asked_in(consultation),
        "letter_number": number_of_letter(consultation),
        "crumbs": _crumbs(request, consultation, officer, is_last=True),
    }


def _answers(consultation: Consultation, *, is_within: bool) -> list[Entered]:
    """The answers as they are shown: to the office that was asked its own alone."""
    return [each for each in consultations.answers_in(consultation) if is_within or each.answer.by_asked]


def _history(consultation: Consultation, *, is_within: bool) -> list[dict[str, Any]]:
    """The steps; the office that was asked reads of the other office's steps neither who took them nor why."""
    entries = []
    for event in consultations.history_of(consultation):
        entry = history_entry(event, title_of(event), text_of(event))
        if not (is_within or by_asked_office(event)):
            is_question = event.act == _Act.SEND
            entry["by"] = office_name(consultation.office_code) if event.actor_id is not None else entry["by"]
            entry["text"] = entry["text"] if is_question else ""
        entries.append(entry)
    return entries


def _recorded(
    request: HttpRequest, consultation: Consultation, officer: Account, act: ConsultationAct
) -> HttpResponse:
    forget_form(request)
    if consultations.is_within(consultation, Actor.of(officer)):
        note_activity(consultation.application, officer=officer, at=clock.now())
    messages.success(request, recorded_words(CONSULTATION_ACTS[act]))
    return redirect("review:consultation", consultation_id=consultation.pk)


def _options(application: Application, officer: Account) -> dict[str, Any]:
    """What the form of a question offers to choose from."""
    working = Account.objects.filter(role__in=[role.value for role in PROVINCE], is_active=True)
    codes = set(working.exclude(province_code="").values_list("province_code", flat=True))
    return {
        "sections": sections_to_choose(application),
        "days": days_to_choose(application, today=clock.today()),
        "offices": sorted(codes - {_code_of(officer)}),
    }


def _first_answer(officer: Account, *, is_own: bool) -> dict[str, Any]:
    """What the form of an answer begins with: an office that answers for itself is named."""
    if not is_own:
        return {"answered_on": clock.today()}
    return {"who": f"{office_name(_code_of(officer))} {officer.name}"}


def _typed(form: AnswerForm | WithdrawalForm) -> list[str]:
    """The texts that were typed into a form that is no longer offered."""
    names = [name for name in ("text", "explanation") if name in form.fields]
    return [str(form[name].value()) for name in names if form.is_bound and form[name].value()]


def _find(officer: Account, consultation_id: uuid.UUID) -> Consultation:
    """The consultation within the officer's jurisdiction, or that asks the officer's office. Raises NotFound."""
    found = Consultation.objects.select_related("application").filter(pk=consultation_id).first()
    actor = Actor.of(officer)
    if found is None or not (consultations.is_within(found, actor) or consultations.is_asked(found, actor)):
        raise NotFound("consultation_unknown")
    return found


def _seen(request: HttpRequest) -> int:
    return posted_count(request.POST.get("event")) or 0


def _code_of(officer: Account) -> str:
    return office_code_of(officer.acts_as, officer.province_code)


def _open_first(found: list[Shown]) -> list[Shown]:
    """What waits for an answer by its last day, then the rest, newest first."""
    waiting = [each for each in found if consultations.is_awaited(each.consultation)]
    rest = [each for each in found if not consultations.is_awaited(each.consultation)]
    return [*sorted(waiting, key=lambda each: each.consultation.due_on), *rest]


def _crumbs(
    request: HttpRequest, consultation: Consultation, officer: Account, *, is_last: bool = False
) -> list[dict[str, object]]:
    here = "" if is_last else reverse("review:consultation", args=[consultation.pk])
    label = _("Consultation")
    if consultations.is_within(consultation, Actor.of(officer)):
        return [*_case_crumbs(request, consultation.application), {"url": here, "label": label}]
    return [
        {"url": reverse("review:consultations"), "label": _("Consultations")},
        {"url": here, "label": label},
    ]


def _case_crumbs(request: HttpRequest, application: Application) -> list[dict[str, object]]:
    case = reverse("review:case", args=[application.pk])
    return [
        way_back(request),
        {"url": case, "label": application.receipt_number},
    ]
