"""The pages of quality sampling: rounds and draws of heads, second looks, and results for whom they concern.

Who may read a drawn case is the rule of `registry.quality.rounds.cases_readable`.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.book.act_request import Actor
from registry.errors import NotFound, TransitionNotAllowed
from registry.labels.date_format import moment
from registry.labels.quality_words import CASE_STATES, CASE_TONES, ROUND_ACTS
from registry.labels.states import refusal_message
from registry.models import QualityCase, QualityRound
from registry.notices.subject import Subject, subjects_of
from registry.presentation.csv_lines import csv_answer, csv_lines
from registry.presentation.kept_forms import forget_form, kept_form, sent_or_kept, without_errors
from registry.presentation.posted import posted_id
from registry.quality import rounds
from registry.rules.quality.draw import MOST_DRAWN
from registry.rules.quality.lifecycle import CaseState, RoundAct
from review.access import is_head, officer_of
from review.desk import unsent
from review.desk.leave import away_on
from review.desk.stream_acts import recorded_words
from review.quality.evidence import decided_words, evidence_of
from review.quality.forms import AsideForm, DrawForm, LookForm, TakerForm, first_asked

_MOST_SHOWN = 100
_Act = RoundAct


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """What waits for the officer's second look, what was found of the officer's own cases, and for heads the rounds."""
    officer = officer_of(request)
    actor = Actor.of(officer)
    context = {
        "waiting": _lines(rounds.to_look_at(actor)[:MOST_DRAWN]),
        "results": _lines(rounds.results_of(actor)[:_MOST_SHOWN]),
        "is_head": is_head(officer),
        "rounds": list(rounds.rounds_of(actor)[:_MOST_SHOWN]) if is_head(officer) else [],
    }
    return render(request, "review/quality/quality.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def quality_draw(request: HttpRequest) -> HttpResponse:
    """Draws the next round of the head's office; before that, by GET, what a draw would take."""
    officer, at = officer_of(request), clock.now()
    actor, refusal, status = Actor.of(officer), "", HTTPStatus.OK
    if not is_head(officer):
        raise NotFound("not_found")
    kept = None if request.method == "POST" else kept_form(request)
    typed = request.POST if request.method == "POST" else kept or (request.GET if request.GET else None)
    form = DrawForm(typed, initial=first_asked(clock.china_date(at)))
    if typed is not None and not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
    elif request.method == "POST":
        away = away_on(clock.china_date(at))
        try:
            found = rounds.draw_round(
                form.asked, actor=actor, away=set(away), key=posted_id(request.POST.get("key", "")), at=at
            )
        except TransitionNotAllowed as error:
            refusal, status = refusal_message(error), HTTPStatus.CONFLICT
        else:
            forget_form(request)
            messages.success(request, recorded_words(ROUND_ACTS[_Act.DRAW]))
            return redirect("review:quality_round", round_id=found.pk)
    preview = rounds.preview(form.asked, actor=actor) if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "refusal": refusal,
        "preview": preview,
        "most": MOST_DRAWN,
        "may_draw": preview is not None and not preview.drawn_before and 0 < preview.drawn <= MOST_DRAWN,
        "key": posted_id(request.POST.get("key", "")) or uuid.uuid4(),
        "crumbs": _crumbs({"url": "", "label": _("Draw a sample")}),
    }
    return render(request, "review/quality/draw.html", context, status=status)


@require_safe
def quality_round(request: HttpRequest, round_id: uuid.UUID) -> HttpResponse:
    """One round for heads of its office: from what it was drawn, by which seed, and what came of it."""
    found = _round(request, round_id)
    state = _state_asked(request)
    cases = _cases_of(request, found)
    counts = Counter(each.state for each in cases)
    address = reverse("review:quality_round", args=[found.pk])
    tabs = [{"label": _("All"), "count": len(cases), "url": address, "is_current": state is None}]
    tabs += [
        {
            "label": CASE_STATES[each],
            "count": counts[each.value],
            "url": f"{address}?state={each.value}",
            "is_current": state is each,
        }
        for each in CaseState
    ]
    context = {
        "round": found,
        "in_order": counts[CaseState.IN_ORDER.value],
        "tabs": tabs,
        "rows": _lines(_narrowed(cases, state)),
        "csv_url": reverse("review:quality_round_csv", args=[found.pk])
        + (f"?state={state.value}" if state else ""),
        "crumbs": _crumbs({"url": "", "label": _("Round %(number)s") % {"number": found.number}}),
    }
    return render(request, "review/quality/round.html", context)


@require_safe
def quality_round_csv(request: HttpRequest, round_id: uuid.UUID) -> StreamingHttpResponse:
    """The cases of the round's page as CSV, in its order and with its filter."""
    found = _round(request, round_id)
    head = [
        _("No."),
        _("Receipt number"),
        pgettext("on a drawn case", "Decision"),
        _("Who looks again"),
        _("State"),
        _("Recorded"),
        pgettext("second look", "What was found"),
    ]
    rows = [
        [
            each.position,
            each.application.receipt_number,
            str(decided_words(each) or ""),
            each.officer.name if each.officer is not None else "",
            str(CASE_STATES[CaseState(each.state)]),
            moment(each.done_at),
            each.text,
        ]
        for each in _narrowed(_cases_of(request, found), _state_asked(request))
    ]
    return csv_answer(csv_lines(head, rows), name=f"quality-round-{found.number}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
def quality_case(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """One drawn case with its evidence: the form for whoever looks again, what was found for whom it concerns."""
    officer, at = officer_of(request), clock.now()
    actor = Actor.of(officer)
    case = rounds.find_case(case_id, actor=actor)
    offered = rounds.acts_open(case, actor)
    refusal, status, is_restored = "", HTTPStatus.OK, False
    if request.method == "POST":
        form, status = LookForm(request.POST), HTTPStatus.BAD_REQUEST
        if form.is_valid():
            data = form.cleaned_data
            try:
                rounds.look(case.pk, CaseState(data["finding"]), data["text"], actor=actor, at=at)
            except TransitionNotAllowed as error:
                refusal, status = refusal_message(error), HTTPStatus.CONFLICT
            else:
                forget_form(request)
                unsent.forget(case.application, unsent.SECOND_LOOK, officer=officer)
                messages.success(request, recorded_words(ROUND_ACTS[_Act.LOOK]))
                return redirect("review:quality")
    else:
        typed = unsent.kept_or_begun(request, case.application, officer, unsent.SECOND_LOOK, at=at)
        is_restored = typed is not None and _Act.LOOK in offered
        form = without_errors(LookForm(typed)) if is_restored else LookForm()
    context = {
        **_head(case),
        "evidence": evidence_of(case, officer, at=at),
        "form": form,
        "refusal": refusal,
        # What was typed into a form that is no longer offered.
        "kept": [form["text"].value()]
        if refusal and _Act.LOOK not in offered and form["text"].value()
        else [],
        "is_restored": is_restored,
        "may_look": _Act.LOOK in offered,
        "may_assign": _Act.ASSIGN in offered,
        "may_set_aside": _Act.SET_ASIDE in offered,
        "typed_url": unsent.address_of(case.application, unsent.SECOND_LOOK),
        "owner": officer.pk,
        "crumbs": _case_crumbs(case, actor, is_last=True),
    }
    return render(request, "review/quality/case.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def quality_assign(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Gives the second look at a drawn case to another officer of the office, who had no part in it."""
    return _head_act(request, case_id, _Act.ASSIGN)


@require_http_methods(["GET", "HEAD", "POST"])
def quality_set_aside(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Sets a drawn case aside without a second look, for a reason."""
    return _head_act(request, case_id, _Act.SET_ASIDE)


def _head_act(request: HttpRequest, case_id: uuid.UUID, act: RoundAct) -> HttpResponse:
    """One act of a head about a drawn case; a refused form stays as it was typed."""
    officer, at = officer_of(request), clock.now()
    actor, refusal, status = Actor.of(officer), "", HTTPStatus.OK
    if not is_head(officer):
        raise NotFound("not_found")
    case = rounds.find_case(case_id, actor=actor)
    offered = rounds.acts_open(case, actor)
    able = list(rounds.able_to_look(case)) if act is _Act.ASSIGN else []
    form, is_restored = sent_or_kept(
        request,
        lambda typed: (
            TakerForm(typed, able=[each for each in able if each.pk != case.officer_id])
            if act is _Act.ASSIGN
            else AsideForm(typed)
        ),
    )
    if request.method == "POST" and not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
    elif request.method == "POST":
        try:
            if isinstance(form, TakerForm):
                rounds.assign(case.pk, form.taker, actor=actor, at=at)
            else:
                rounds.leave_out(case.pk, form.cleaned_data["reason"], actor=actor, at=at)
        except TransitionNotAllowed as error:
            refusal, status = refusal_message(error), HTTPStatus.CONFLICT
        else:
            forget_form(request)
            messages.success(request, recorded_words(ROUND_ACTS[act]))
            return redirect("review:quality_case", case_id=case.pk)
    elif act not in offered:
        refusal, status = _("This drawn case is done, or belongs to another office."), HTTPStatus.CONFLICT
    context = {
        **_head(case),
        "form": form,
        "act": act.value,
        "refusal": refusal,
        "is_restored": is_restored,
        "is_offered": act in offered,
        "has_takers": act is not _Act.ASSIGN or any(each.pk != case.officer_id for each in able),
        "crumbs": [*_case_crumbs(case, actor), {"url": "", "label": _act_title(act)}],
    }
    return render(request, "review/quality/act.html", context, status=status)


def _act_title(act: RoundAct) -> str:
    return _("Give it to another officer") if act is _Act.ASSIGN else _("Set the case aside")


def _head(case: QualityCase) -> dict[str, Any]:
    state = CaseState(case.state)
    return {
        "drawn": case,
        "round": case.round,
        "application": case.application,
        "label": CASE_STATES[state],
        "tone": CASE_TONES[state],
        "is_waiting": state is CaseState.WAITING,
    }


def _round(request: HttpRequest, round_id: uuid.UUID) -> QualityRound:
    return rounds.find_round(round_id, actor=Actor.of(officer_of(request)))


def _cases_of(request: HttpRequest, found: QualityRound) -> list[QualityCase]:
    """All cases of a round, in the order of the draw; never more than are drawn at once."""
    readable = rounds.cases_readable(Actor.of(officer_of(request)))
    return list(readable.filter(round=found).order_by("position"))


def _state_asked(request: HttpRequest) -> CaseState | None:
    """The state that the page is narrowed to; anything else narrows nothing."""
    asked = request.GET.get("state", "")
    return CaseState(asked) if asked in list(CaseState) else None


def _narrowed(cases: Sequence[QualityCase], state: CaseState | None) -> list[QualityCase]:
    return [each for each in cases if state is None or each.state == state]


def _lines(cases: Any) -> list[dict[str, Any]]:
    """Drawn cases as lines of a table, with what each is about."""
    found = list(cases)
    subjects: dict[uuid.UUID, Subject] = subjects_of([each.application for each in found])
    return [
        {
            "drawn": each,
            "subject": subjects[each.application_id],
            "decided": decided_words(each),
            "label": CASE_STATES[CaseState(each.state)],
            "tone": CASE_TONES[CaseState(each.state)],
            "is_orphan": each.state == CaseState.WAITING
            and (each.officer is None or not each.officer.is_active),
            "url": reverse("review:quality_case", args=[each.pk]),
        }
        for each in found
    ]


def _crumbs(*here: dict[str, str]) -> list[dict[str, str]]:
    return [{"url": reverse("review:quality"), "label": _("Quality sampling")}, *here]


def _case_crumbs(case: QualityCase, actor: Actor, *, is_last: bool = False) -> list[dict[str, str]]:
    """The way back: by the round for its heads."""
    round_crumb = []
    if rounds.is_head_of(case.round, actor):
        url = reverse("review:quality_round", args=[case.round_id])
        round_crumb = [{"url": url, "label": _("Round %(number)s") % {"number": case.round.number}}]
    here = "" if is_last else reverse("review:quality_case", args=[case.pk])
    return _crumbs(*round_crumb, {"url": here, "label": case.application.receipt_number})
