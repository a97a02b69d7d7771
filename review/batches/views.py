"""The pages of lists that were proposed: all of them, one with its acts, and how far its publication is."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registry import clock
from registry.batches import candidates, lists, publishing
from registry.batches.candidates import Candidate
from registry.book.act_request import Actor
from registry.errors import FilingError, NotFound, OutOfDate, TransitionNotAllowed
from registry.labels.list_words import LIST_ACTS, LIST_KINDS, list_title, short_title, state_label
from registry.models import Account, BatchList, Event
from registry.presentation.kept_forms import forget_form, kept_form
from registry.presentation.posted import posted_count
from registry.publication.addresses import list_path
from registry.rules.batches.events import Freeze, Proposal, PublishedRow, explanation_of_drop
from registry.rules.batches.lifecycle import (
    PUBLIC_STATES,
    UNDERWAY_STATES,
    ListAct,
    ListFacts,
    ListKind,
    ListState,
    acts_open_to,
)
from registry.rules.workflow.states import Role
from review.access import national_officer
from review.batches import draft as drafts
from review.batches.compose_views import pdf_answer, urls_of
from review.batches.forms import ExplanationForm
from review.batches.paging import Page, asked_page, page_of
from review.batches.tables import table_of, what_of
from review.batches.wording import (
    ACT_LABELS,
    COMPOSE,
    DONE,
    STANDING_TEXT,
    consequences,
    failure_words,
    list_refusal,
    to_do,
)
from review.desk.stream_acts import actor_name, history_entry

_DROPS = (ListAct.SEND_BACK, ListAct.RECALL)
# The acts of officers, in the order of their buttons.
_OFFICER_ACTS = (ListAct.CONFIRM, ListAct.SEND_BACK, ListAct.RECALL)
_DROPPED_SHOWN = 20
# The kinds that are composed, in the order of the page.
KINDS = tuple(ListKind)
_PLACES = {kind.value: place for place, kind in enumerate(ListKind)}


@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """All lists: those on their way with what is to be done, the published ones, the latest that were dropped."""
    officer, at = national_officer(request), clock.now()
    found = list(BatchList.objects.select_related("proposer", "confirmer").order_by("-proposed_at"))
    states = [state.value for state in UNDERWAY_STATES]
    dropped = [each for each in found if each.state == ListState.DROPPED][:_DROPPED_SHOWN]
    ends = {
        event.stream_id: event
        for event in Event.objects.filter(
            stream_id__in=[each.pk for each in dropped], act__in=[act.value for act in _DROPS]
        ).select_related("actor")
    }
    context = {
        "is_head": officer.acts_as is Role.NATIONAL_HEAD,
        "drafts": [
            {
                "draft": drafts.current_draft(kind, at=at),
                "title": COMPOSE[kind],
                "kind_title": LIST_KINDS[kind],
                "text_title": STANDING_TEXT[kind],
                "is_first": kind is ListKind.FILINGS,
            }
            | urls_of(kind)
            for kind in KINDS
        ],
        "underway": [
            _row(each) | {"to_do": to_do(each, officer=officer, at=at), "failure": _failure(each)}
            for each in found
            if each.state in states
        ],
        "published": [
            _row(each)
            | _window(each)
            | {
                "final_from": lists.final_from(each) if lists.is_open(each) else None,
                "final_is_provisional": lists.is_open(each) and lists.may_final_day_move(each),
                "has_window": ListKind(each.kind).has_window,
                "public_url": list_path(each.number or 0, ListKind(each.kind)),
            }
            for each in sorted(found, key=lambda each: (_PLACES[each.kind], -(each.number or 0)))
            if each.state in PUBLIC_STATES
        ],
        "dropped": [
            _row(each)
            | {
                "ended_at": ends[each.pk].at,
                "ended_by": actor_name(ends[each.pk]),
                "explanation": explanation_of_drop(ends[each.pk].payload),
            }
            for each in dropped
            if each.pk in ends
        ],
    }
    return render(request, "review/batches/batches.html", context)


def _window(batch_list: BatchList) -> dict[str, Any]:
    until, is_provisional = lists.last_day_to_object(batch_list)
    return {"until": until, "until_is_provisional": is_provisional}


@require_safe
def batch(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """One list: what was proposed, what has changed since, the acts open to the officer, and its history."""
    officer, batch_list = national_officer(request), _find(list_id)
    proposal = lists.proposal_of(batch_list)
    page, rows = _rows(batch_list, proposal, asked_page(request))
    gone, added = _changes(batch_list, proposal)
    history = _history(batch_list)
    context = _head(batch_list) | {
        "officer": officer,
        "proposal": proposal,
        "what": what_of(proposal.kind, cut_off_on=proposal.cut_off_on, order=proposal.order),
        "paragraphs": lists.announcement_of(batch_list).splitlines(),
        "count": batch_list.count if batch_list.count is not None else len(proposal.entries),
        "page": page,
        "table": table_of(proposal.kind, rows),
        "held_back": _held_back(proposal),
        "gone": gone,
        "added": added[:_MOST_ADDED],
        "added_count": len(added),
        "left_out": _left_out(batch_list),
        "to_do": to_do(batch_list, officer=officer, at=clock.now()) if _is_underway(batch_list) else "",
        "acts": [
            {"act": act.value, "label": ACT_LABELS[act], "is_seal": act is ListAct.CONFIRM}
            for act in _open_acts(batch_list, officer)
        ],
        "progress": progress_of(batch_list),
        "history": history,
        "ended": history[-1] if batch_list.state == ListState.DROPPED else None,
    }
    return render(request, "review/batches/batch.html", context)


@require_safe
def batch_progress(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """How far a list's publication is, as the part of its page that renews itself."""
    national_officer(request)
    batch_list = _find(list_id)
    progress = progress_of(batch_list)
    context = {"list": batch_list, "progress": progress}
    response = render(request, "review/batches/includes/progress.html", context)
    if progress is not None and progress["is_over"]:
        # The rest of the page still says that the list is on its way.
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
def batch_pdf(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """The PDF that a proposed list would have now, marked as not published."""
    national_officer(request)
    batch_list = _find(list_id)
    if batch_list.number is not None:
        raise NotFound("not_found")
    proposal = lists.proposal_of(batch_list)
    gone = set(_changes(batch_list, proposal)[0])
    kept = [each for each in proposal.entries if each.number not in gone]
    return pdf_answer(
        proposal.kind, lists.named(proposal.kind, kept), announcement=lists.announcement_of(batch_list)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def batch_act(request: HttpRequest, list_id: uuid.UUID, act_name: str) -> HttpResponse:
    """The page of one act on a list: what it brings about, its form, and the refusal with what has happened since."""
    officer, batch_list = national_officer(request), _find(list_id)
    act = next((each for each in _OFFICER_ACTS if each.value == act_name), None)
    if act is None:
        raise NotFound("act_unknown")
    if request.method == "POST":
        return _do(request, batch_list, act, officer)
    kept = kept_form(request)
    data = kept if kept is not None else request.GET
    seen = posted_count(data.get("event"))
    if seen is None:
        return redirect("review:batch", list_id=batch_list.pk)
    form = _act_form(act, initial=kept.dict() if kept is not None else None)
    return _act_page(request, batch_list, act, officer, form=form, seen=seen, is_restored=kept is not None)


def _do(request: HttpRequest, batch_list: BatchList, act: ListAct, officer: Account) -> HttpResponse:
    form = _act_form(act, request.POST)
    seen = posted_count(request.POST.get("event")) or 0
    if form is not None and not form.is_valid():
        return _act_page(
            request, batch_list, act, officer, form=form, seen=seen, status=HTTPStatus.BAD_REQUEST
        )
    try:
        if form is None:
            lists.confirm(batch_list.pk, actor=Actor.of(officer), seen_sequence=seen)
        else:
            explanation = form.cleaned_data["explanation"]
            lists.drop(
                batch_list.pk, act=act, actor=Actor.of(officer), explanation=explanation, seen_sequence=seen
            )
    except (OutOfDate, TransitionNotAllowed) as refusal:
        now = _find(batch_list.pk)
        return _act_page(
            request,
            now,
            act,
            officer,
            form=form,
            seen=now.last_event_sequence,
            refusal=refusal,
            status=HTTPStatus.CONFLICT,
        )
    forget_form(request)
    messages.success(request, str(DONE[act]))
    return redirect("review:batch", list_id=batch_list.pk)


def _act_page(
    request: HttpRequest,
    batch_list: BatchList,
    act: ListAct,
    officer: Account,
    *,
    form: ExplanationForm | None,
    seen: int,
    refusal: FilingError | None = None,
    is_restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    proposal = lists.proposal_of(batch_list)
    is_offered = act in _open_acts(batch_list, officer)
    gone = _changes(batch_list, proposal)[0]
    if refusal is None and not is_offered:
        refusal, status = TransitionNotAllowed("not_in_this_state"), HTTPStatus.CONFLICT
    context = _head(batch_list) | {
        "act": act.value,
        "label": ACT_LABELS[act],
        "is_seal": act is ListAct.CONFIRM,
        "is_offered": is_offered,
        "form": form,
        "typed": str(form["explanation"].value() or "") if form is not None else "",
        "seen": seen,
        "is_restored": is_restored,
        "consequences": consequences(
            act,
            batch_list,
            number=lists.next_number(ListKind(batch_list.kind)),
            count=len(proposal.entries),
            gone=len(gone),
            at=clock.now(),
        ),
        "refusal": list_refusal(refusal) if refusal is not None else "",
        "history": _history(batch_list) if refusal is not None else [],
        "crumbs": [*_crumbs(batch_list, is_inner=True), {"url": "", "label": ACT_LABELS[act]}],
    }
    return render(request, "review/batches/act.html", context, status=status)


# ---------------------------------------------------------------- parts of the pages

_MOST_ADDED = 100


def progress_of(batch_list: BatchList) -> dict[str, Any] | None:
    """How far a confirmed list is, step by step; None for one that is not confirmed or was dropped."""
    state, at = ListState(batch_list.state), clock.now()
    if state in (ListState.PROPOSED, ListState.DROPPED):
        return None
    made, of = publishing.files_made(batch_list)
    count = batch_list.count or 0
    told = publishing.told_of(batch_list) if state in PUBLIC_STATES else 0
    waits = state is ListState.CONFIRMED and batch_list.publish_at is not None and batch_list.publish_at > at
    return {
        "waits_for": batch_list.publish_at if waits else None,
        "is_frozen": batch_list.number is not None,
        "made": made,
        "files": of,
        "is_shown": state in PUBLIC_STATES,
        "told": told,
        "count": count,
        "is_over": state in PUBLIC_STATES and told >= count,
        "failure": _failure(batch_list),
        "public_url": _public_url(batch_list) if state in PUBLIC_STATES else "",
    }


def _failure(batch_list: BatchList) -> dict[str, Any] | None:
    failure = publishing.failure_of(batch_list)
    if failure is None:
        return None
    reason, remedy = failure_words(failure)
    return {"failure": failure, "reason": reason, "remedy": remedy}


def _find(list_id: uuid.UUID) -> BatchList:
    """A list that was proposed here; what was imported has its public page alone. Raises NotFound."""
    own = BatchList.objects.select_related("proposer", "confirmer").filter(is_imported=False)
    found = own.filter(pk=list_id).first()
    if found is None:
        raise NotFound("list_unknown")
    return found


def _open_acts(batch_list: BatchList, officer: Account) -> list[ListAct]:
    """The acts of officers that this one may do on the list now, in the order of their buttons."""
    actor = Actor.of(officer)
    facts = ListFacts(
        state=ListState(batch_list.state),
        role=actor.role,
        actor_id=str(actor.account_id),
        proposer_id=str(batch_list.proposer_id),
    )
    offered = acts_open_to(facts)
    return [act for act in _OFFICER_ACTS if act in offered]


def _is_underway(batch_list: BatchList) -> bool:
    return ListState(batch_list.state) in UNDERWAY_STATES


def _rows(batch_list: BatchList, proposal: Proposal, number: int) -> tuple[Page[Any], Sequence[PublishedRow]]:
    """One page of a list's rows: as they were frozen, or before that as they would be today."""
    if batch_list.number is not None:
        frozen = page_of(lists.rows_of(batch_list), number)
        return frozen, frozen.rows
    proposed = page_of(proposal.entries, number)
    shown = lists.named(proposal.kind, proposed.rows)
    return proposed, candidates.as_rows(shown, first=proposed.first)


def _act_form(act: ListAct, data: Any = None, **options: Any) -> ExplanationForm | None:
    """The form of an act that takes words; None for one that takes none."""
    return ExplanationForm(data, **options) if act in _DROPS else None


def _changes(batch_list: BatchList, proposal: Proposal) -> tuple[list[str], list[Candidate]]:
    """Before the freeze: the proposed numbers no longer in force, and what a list composed now would name beside."""
    if batch_list.state not in (ListState.PROPOSED, ListState.CONFIRMED) or proposal.order is None:
        return [], []
    return candidates.changed_since(
        proposal.kind,
        {uuid.UUID(each.filing): each.number for each in proposal.entries},
        cut_off_on=proposal.cut_off_on,
        held_back=[uuid.UUID(each.filing) for each in proposal.held_back],
    )


def _left_out(batch_list: BatchList) -> list[str]:
    """The numbers that the freeze left out, since they were no longer in force."""
    for event in lists.history_of(batch_list):
        if event.act == ListAct.FREEZE:
            return list(Freeze.of(event.payload).left_out)
    return []


def _held_back(proposal: Proposal) -> list[tuple[Candidate, str]]:
    reasons = {uuid.UUID(each.filing): each.reason for each in proposal.held_back}
    return [(each, reasons[each.filing_id]) for each in candidates.as_today(proposal.kind, list(reasons))]


def _history(batch_list: BatchList) -> list[dict[str, Any]]:
    """The acts on a list as a timeline, in sequence."""
    return [
        history_entry(
            event,
            LIST_ACTS[ListAct(event.act)],
            explanation_of_drop(event.payload) if ListAct(event.act) in _DROPS else "",
        )
        for event in lists.history_of(batch_list)
    ]


def _row(batch_list: BatchList) -> dict[str, Any]:
    """What the table of lists says of each."""
    return {
        "list": batch_list,
        "title": _title(batch_list),
        "badge": _badge(batch_list),
        "state_label": state_label(ListState(batch_list.state), ListKind(batch_list.kind)),
        "url": _public_url(batch_list)
        if batch_list.is_imported
        else reverse("review:batch", args=[batch_list.pk]),
    }


def _badge(batch_list: BatchList) -> str:
    """The state whose look a list has: one that nobody objects to looks final when it is shown."""
    is_over = batch_list.state in PUBLIC_STATES and not ListKind(batch_list.kind).has_window
    return ListState.FINAL.value if is_over else batch_list.state


def _public_url(batch_list: BatchList) -> str:
    return list_path(batch_list.number or 0, ListKind(batch_list.kind))


def _head(batch_list: BatchList) -> dict[str, Any]:
    """What the pages of one list say of it."""
    number = batch_list.number or lists.next_number(ListKind(batch_list.kind))
    is_dropped = batch_list.state == ListState.DROPPED
    return {
        "list": batch_list,
        "title": _title(batch_list) if is_dropped else list_title(ListKind(batch_list.kind), number),
        "badge": _badge(batch_list),
        "state_label": state_label(ListState(batch_list.state), ListKind(batch_list.kind)),
        "crumbs": _crumbs(batch_list),
    }


def _title(batch_list: BatchList) -> str:
    if batch_list.number is not None:
        return short_title(batch_list.number, ListKind(batch_list.kind))
    if batch_list.kind == ListKind.CORRIGENDA:
        return _("Corrigendum of %(day)s") % {"day": batch_list.cut_off_on.isoformat()}
    return _("List up to %(day)s") % {"day": batch_list.cut_off_on.isoformat()}


def _crumbs(batch_list: BatchList, *, is_inner: bool = False) -> list[dict[str, str]]:
    url = reverse("review:batch", args=[batch_list.pk]) if is_inner else ""
    return [
        {"url": reverse("review:batches"), "label": _("Batch lists")},
        {"url": url, "label": _title(batch_list)},
    ]
