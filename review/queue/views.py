"""The queue page, saved filters, and taking the next case."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from registry import clock
from registry.cursors import PARAMETER
from registry.labels.states import label_of
from registry.models import Account
from registry.rules.workflow.states import Kind
from review.access import is_head, office_of, officer_of
from review.desk import claims, openings
from review.desk.leave import leave_of, presence_of
from review.desk.refusals import desk_refusal
from review.heads.calendar_alert import missing_years_for
from review.queue import lists, saved_filters
from review.queue.forms import FiltersForm, SaveFiltersForm
from review.queue.queue import Claimed, Counts, Filters, Left, counts, queue_page
from review.queue.saved_filters import FiltersRefused

_LEFT_LABELS = {
    Left.ANY: gettext_lazy("Any number"),
    Left.LATE: gettext_lazy("Late"),
    Left.SOON: gettext_lazy("5 or fewer"),
    Left.TEN: gettext_lazy("10 or fewer"),
}


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The cases at the officer's desk, in the order of receipt."""
    officer, at = officer_of(request), clock.now()
    filters = Filters.from_query(request.GET.dict())
    cursor = request.GET.get(PARAMETER, "")
    page = queue_page(officer, filters, cursor=cursor, at=at)
    if cursor and not page.rows and page.total:
        # What lay there has been claimed or has moved on: the list goes on where it begins.
        return redirect(f"{reverse('review:queue')}{filters.query()}")
    found = counts(officer, filters, at=at)
    presence = presence_of(officer, at=at)
    if "ticked" not in request.GET:
        lists.remember(request)
    openings.end_openings(officer)
    return render(
        request,
        "review/queue/queue.html",
        {
            "officer": officer,
            "office": office_of(officer).value,
            "is_head": is_head(officer),
            "filters": filters,
            "form": _form(filters),
            "tabs": _tabs(filters, found),
            "urgent": _urgent(filters, found),
            "take": claims.what_to_take(officer, is_away=presence.leave is not None, at=at),
            "presence": presence,
            "page": page,
            "cursor": cursor,
            "all_ticked": request.GET.get("ticked") == "all",
            "tick_all_url": filters.query(after=cursor, ticked="all"),
            "next_url": filters.query(after=page.next_cursor) if page.next_cursor else "",
            "first_url": filters.query() if cursor and not page.is_start_instead else "",
            "all_url": reverse("review:queue"),
            "saved": officer.saved_filters.all(),
            "saved_query": filters.query(),
            "save_form": SaveFiltersForm(auto_id="save_%s"),
            "missing_years": missing_years_for(officer),
        },
    )


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Saves the present filters under a name."""
    officer, filters = officer_of(request), Filters.from_query(request.POST.dict())
    try:
        saved = saved_filters.save_filters(officer, request.POST.get("name", ""), filters, at=clock.now())
    except FiltersRefused as refusal:
        messages.warning(request, desk_refusal(refusal))
    else:
        messages.success(request, _("The filters are kept as %(name)s.") % {"name": saved.name})
    return redirect(f"{reverse('review:queue')}{filters.query()}")


@require_POST
def forget(request: HttpRequest, saved_id: uuid.UUID) -> HttpResponse:
    """Deletes saved filters."""
    saved_filters.forget_filters(officer_of(request), saved_id)
    return redirect("review:queue")


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Claims the unclaimed case that was received first and opens it."""
    officer, at = officer_of(request), clock.now()
    application = claims.claim_next(officer=officer, at=at)
    if application is None:
        messages.info(request, _why_none(officer, at=at))
        return redirect("review:queue")
    return redirect("review:case", application_id=application.pk)


def _why_none(officer: Account, *, at: datetime) -> str:
    """What is said to who asked for the next case and is given none."""
    away = leave_of(officer, at=at)
    if away is None:
        return _("No case waits for you: each is claimed, or is your own proposal for a colleague to decide.")
    return _("You are on leave: no case is given to you. %(name)s stands in for you.") % {
        "name": away.substitute.name
    }


def _form(filters: Filters) -> FiltersForm:
    form = FiltersForm(
        initial={
            "kind": filters.kind.value if filters.kind else "",
            "left": filters.left.value,
            "q": filters.text,
        },
        auto_id="filter_%s",
    )
    form.fields["kind"].choices = [  # type: ignore[attr-defined]
        ("", _("Every kind")),
        *((kind.value, label_of(kind)) for kind in Kind),
    ]
    form.fields["left"].choices = [(left.value, label) for left, label in _LEFT_LABELS.items()]  # type: ignore[attr-defined]
    return form


def _tabs(filters: Filters, found: Counts) -> list[dict[str, object]]:
    labels = {
        Claimed.ALL: (_("All"), found.all),
        Claimed.MINE: (_("Mine"), found.mine),
        Claimed.UNCLAIMED: (_("Unclaimed"), found.unclaimed),
    }
    return [
        {
            "label": label,
            "count": count,
            "url": filters.with_claimed(claimed).query(),
            "is_current": filters.claimed is claimed,
        }
        for claimed, (label, count) in labels.items()
    ]


def _urgent(filters: Filters, found: Counts) -> list[dict[str, object]]:
    """The links that filter by late and soon, with their counts; the link of an active filter removes it."""
    labels = {
        Left.LATE: (_("Late"), found.late, "late"),
        Left.SOON: (_("5 or fewer working days left"), found.late + found.soon, "soon"),
    }
    return [
        {
            "label": label,
            "count": count,
            "urgency": urgency,
            "url": filters.with_left(Left.ANY if filters.left is left else left).query(),
            "is_current": filters.left is left,
        }
        for left, (label, count, urgency) in labels.items()
    ]
