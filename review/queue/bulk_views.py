"""What is done with several cases of the queue at once: claim, release, print, and for a head assign."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from registry import clock
from registry.cursors import PARAMETER
from registry.errors import NotFound
from registry.presentation.kept_forms import forget_form, kept_form
from review.access import cases_of, is_head, office_of, officer_of
from review.desk import bulk, claims
from review.desk.bulk import Bulk
from review.desk.claims import ClaimRefused
from review.desk.reassignment import ReassignForm
from review.desk.refusals import desk_refusal
from review.queue.queue import Filters


class AssignForm(ReassignForm):
    """Who is to work on several cases, and why; who worked on each stands beside it."""

    held = None  # type: ignore[assignment]


_ACTS = {"claim": bulk.claim_all, "release": bulk.release_all}


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Claims or releases the ticked cases, or leads on to printing or assigning them; back to the page it came from."""
    officer, chosen = officer_of(request), case_ids(request.POST.getlist("case"))
    name = request.POST.get("act", "")
    back = _back(request.POST)
    if name == "print":
        return redirect(f"{reverse('review:review_forms')}?{_carried(request.POST)}")
    if not chosen:
        messages.warning(request, desk_refusal(ClaimRefused("nothing_chosen")))
        return redirect(back)
    if name == "assign" and is_head(officer):
        return redirect(f"{reverse('review:assign')}?{_carried(request.POST)}")
    if name not in _ACTS:
        raise NotFound("act_unknown")
    try:
        found = _ACTS[name](chosen, officer=officer, at=clock.now())
    except ClaimRefused as refusal:
        messages.warning(request, desk_refusal(refusal))
        return redirect(back)
    if name == "claim":
        say_done(
            request,
            found,
            ngettext(
                "You work on %(count)s case now: %(cases)s.",
                "You work on %(count)s cases now: %(cases)s.",
                len(found.done),
            ),
        )
    else:
        say_done(
            request,
            found,
            ngettext(
                "%(count)s case is back in the queue: %(cases)s.",
                "%(count)s cases are back in the queue: %(cases)s.",
                len(found.done),
            ),
        )
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest) -> HttpResponse:
    """The page on which a head gives the ticked cases to an officer, or back to the queue, with the reason."""
    head, at = officer_of(request), clock.now()
    if not is_head(head):
        raise NotFound("not_found")
    kept = kept_form(request) if request.method != "POST" else None
    sent = request.POST if request.method == "POST" else kept if kept is not None else request.GET
    chosen = case_ids(sent.getlist("case"))
    back = _back(sent)
    if not chosen:
        messages.warning(request, desk_refusal(ClaimRefused("nothing_chosen")))
        return redirect(back)
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        initial=kept.dict() if kept is not None else None,
        head=head,
    )
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            found = bulk.assign_all(
                chosen,
                to=form.to,
                reason=form.cleaned_data["reason"],
                head=head,
                at=at,
                seen=_seen(request.POST.getlist("seen")),
            )
        except ClaimRefused as refusal:
            field = "reason" if refusal.code == "reassigned_without_reason" else None
            form.add_error(field, desk_refusal(refusal))
            status = HTTPStatus.CONFLICT
        else:
            forget_form(request)
            say_done(request, found, _assigned(form, len(found.done)), name=form.chosen_name)
            return redirect(back)
    elif form.errors:
        status = HTTPStatus.BAD_REQUEST
    cases = list(cases_of(head).filter(pk__in=chosen).order_by("received_on", "id")[: bulk.MOST_AT_ONCE])
    held = claims.claims_on(cases, office_of(head), at=at)
    context = {
        "form": form,
        "rows": [{"application": each, "claim": held.get(each.pk)} for each in cases],
        "carried": [(name, value) for name, value in _pairs(sent) if name != "case"],
        "back": back,
        "is_restored": kept is not None,
        "crumbs": [{"url": back, "label": _("Queue")}, {"url": "", "label": _("Assign cases")}],
    }
    return render(request, "review/queue/assign.html", context, status=status)


def case_ids(texts: Iterable[str]) -> list[uuid.UUID]:
    """The ids among what a form sends, each once, in its order; what is none is left out."""
    found: dict[uuid.UUID, None] = {}
    for text in texts:
        with suppress(ValueError):
            found.setdefault(uuid.UUID(text))
    return list(found)


def _seen(texts: Iterable[str]) -> dict[uuid.UUID, uuid.UUID]:
    """Who worked on each case when the page was shown, as its form sends it: the case, a colon, the officer."""
    found = {}
    for text in texts:
        case, _colon, officer = text.partition(":")
        with suppress(ValueError):
            found[uuid.UUID(case)] = uuid.UUID(officer)
    return found


def say_done(request: HttpRequest, found: Bulk, done: str, *, name: str = "") -> None:
    """Says what was done, with `done` about its count, cases and name, and names each case that was not, with why."""
    comma = _(", ")
    if found.done:
        cases = comma.join(each.receipt_number for each in found.done)
        messages.success(request, done % {"count": len(found.done), "cases": cases, "name": name})
    lines = [
        _("%(case)s (%(why)s)") % {"case": each.receipt_number, "why": desk_refusal(why)}
        for each, why in found.left
    ]
    if found.unknown:
        lines.append(
            ngettext(
                "%(count)s that is no case of your office",
                "%(count)s that are no cases of your office",
                found.unknown,
            )
            % {"count": found.unknown}
        )
    if lines:
        messages.warning(request, _("Not done: %(cases)s.") % {"cases": comma.join(lines)})


def _assigned(form: AssignForm, count: int) -> str:
    if form.to is None:
        return ngettext(
            "%(count)s case is back in the queue: %(cases)s.",
            "%(count)s cases are back in the queue: %(cases)s.",
            count,
        )
    return ngettext(
        "%(name)s works on %(count)s case now: %(cases)s.",
        "%(name)s works on %(count)s cases now: %(cases)s.",
        count,
    )


def _filters(sent: QueryDict) -> Filters:
    return Filters.from_query({name: str(value) for name, value in sent.dict().items()})


def _pairs(sent: QueryDict) -> list[tuple[str, str]]:
    """The chosen cases, the filters and the page, as names and values."""
    named = _filters(sent).named
    page = sent.get(PARAMETER, "")
    return [
        *(("case", str(each)) for each in case_ids(sent.getlist("case"))),
        *named,
        *([(PARAMETER, page)] if page else []),
    ]


def _carried(sent: QueryDict) -> str:
    return urlencode(_pairs(sent))


def _back(sent: QueryDict) -> str:
    """The address of the page of the queue on which the cases were ticked."""
    return f"{reverse('review:queue')}{_filters(sent).query(**{PARAMETER: sent.get(PARAMETER, '')})}"
