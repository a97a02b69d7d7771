"""The dashboard, and the page a new filing begins on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applicants import access
from applicants.applications.status import row_of
from applicants.changes.change import change_of
from applicants.drafts import progress
from applicants.drafts import store as drafts
from applicants.drafts.frame import account_of, clock_time, crumbs, name_of, title_of
from applicants.drafts.services import joint as together
from applicants.members import behalf as acting
from applicants.models import Draft
from registry import clock
from registry.calendar.current import current_calendar
from registry.documents.certificates import has_certificate
from registry.documents.papers import certificate_paper
from registry.labels import states as state_words
from registry.lists import current_lists
from registry.members import invitations
from registry.models import Account, Filing
from registry.presentation.timeline import submitted_together
from registry.rules.codes import jurisdictions
from registry.rules.days.deadlines import day_number
from registry.rules.workflow.states import PUBLIC_STANDINGS, Kind, Standing


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft on the dashboard: what is missing, since when the service runs, by when it is to be filed.

    `further` are the names of the other services of the same go, which count in what is missing; the day is
    the first of them.
    """

    draft: Draft
    name: str
    further: list[str]
    kind_label: Promise | str
    applicant_name: str
    url: str
    delete_url: str
    open_points: int
    is_complete: bool
    saved_on: date
    saved_at: str
    started_days_ago: int | None
    due_on: date | None
    late_by: int


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """To-do first, then filings with standing and number, then applications with stage and day."""
    account = account_of(request)
    calendar, at = current_calendar(), clock.now()
    # For an agent with several applicants: of all of them, or of the one it works for now.
    chosen = acting.behalf_of(request, account).chosen
    only = {} if chosen is None else {"applicant": chosen}
    found = list(access.applications_of(account).filter(**only).order_by("-submitted_at", "receipt_number"))
    gone_together = submitted_together(found)
    applications = [
        row_of(each, calendar=calendar, today=clock.china_date(at), together=gone_together.get(each.pk))
        for each in found
    ]
    requests = access.requests_to(account).filter(**only)
    context = {
        "drafts": _draft_rows(
            list(
                access.drafts_of(account)
                .filter(amends_application_id__isnull=True, **only)
                .select_related("applicant")
                .order_by("-saved_at")
            )
        ),
        "to_do": [row for row in applications if row.needs_applicant],
        "filings": [_filing_row(filing) for filing in _entered_filings(account).filter(**only)],
        "applications": applications,
        "invitations": invitations.open_invitations_to(account, at=at),
        "requests": list(requests),
    }
    return render(request, "applicants/dashboard.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What a filing will need, and for whom it is; a draft begins when it is sent."""
    account = account_of(request)
    applicants = list(access.applicants_of(account).order_by("name"))
    if request.method == "POST":
        chosen = request.POST.get("applicant", "")
        applicant = get_object_or_404(access.applicants_of(account), pk=_uuid(chosen)) if chosen else None
        draft = drafts.start_draft(account, applicant=applicant, at=clock.now())
        return redirect(progress.step_url(draft.pk, "applicant" if applicant is None else "service"))
    return render(
        request,
        "applicants/start.html",
        {
            "applicants": applicants,
            "chosen": acting.behalf_of(request, account).chosen or next(iter(applicants), None),
            "crumbs": crumbs(_("File a service")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete_draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Asks first, then deletes the draft with its files, or one of its services."""
    found = get_object_or_404(access.drafts_of(account_of(request)), pk=draft_id)
    if request.method == "POST" and request.POST.get("what") == "service":
        left = together.remove_service(found.pk)
        return redirect("applicants:draft", left.pk) if left else redirect("applicants:dashboard")
    if request.method == "POST":
        together.remove_all(found.pk)
        if found.amends_application_id is not None:
            return redirect("applicants:application", found.amends_application_id)
        return redirect("applicants:dashboard")
    context = {
        "draft": found,
        "draft_name": name_of(found),
        "service_count": 1 + len(together.others_of(found)),
        "crumbs": crumbs(name_of(found)),
    }
    return render(request, "applicants/delete_draft.html", context)


@require_safe
def places(_request: HttpRequest) -> JsonResponse:
    """The three linked lists of places in force today, for the script that joins them."""
    tree = [
        {
            "code": each.province.code,
            "name": each.province.name,
            "children": [
                {
                    "code": prefecture.code,
                    "name": prefecture.name,
                    "children": [{"code": one.code, "name": one.name} for one in prefecture.counties],
                }
                for prefecture in each.prefectures
            ],
        }
        for each in jurisdictions.divisions(clock.today())
    ]
    return JsonResponse(tree, safe=False)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _draft_rows(found: list[Draft]) -> list[DraftRow]:
    lists, calendar, today = current_lists(), current_calendar(), clock.today()
    states = progress.states_of_files([draft.materials for draft in found])
    goes: dict[uuid.UUID, list[Draft]] = {}
    for each in found:
        goes.setdefault(each.together_id, []).append(each)
    rows = []
    for go in goes.values():
        draft, *others = sorted(go, key=lambda each: each.place)
        examination = progress.examine(
            draft,
            at=clock.now(),
            lists=lists,
            calendar=calendar,
            file_states=states,
            change=change_of(draft),
            others=others,
        )
        examined = (examination, *examination.others)
        due = min((each.due for each in examined if each.due), key=lambda each: each.due_on, default=None)
        saved_last = max(go, key=lambda each: each.saved_at)
        rows.append(
            DraftRow(
                draft=draft,
                name=title_of(draft),
                further=[name_of(other) for other in others],
                kind_label=state_words.label_of(Kind(draft.kind)) if draft.kind != Kind.INITIAL else "",
                applicant_name=str(draft.materials["applicant"].get("name", "")),
                url=reverse("applicants:draft", args=[draft.pk]),
                delete_url=reverse("applicants:delete_draft", args=[draft.pk]),
                open_points=len(examination.points)
                + sum(len(other.service_points) for other in examination.others),
                is_complete=examination.is_complete,
                saved_on=clock.china_date(saved_last.saved_at),
                saved_at=clock_time(saved_last),
                started_days_ago=day_number(due.event_on, today, calendar) if due is not None else None,
                due_on=due.due_on if due is not None else None,
                late_by=max(each.filing.late_by_working_days for each in examined),
            )
        )
    return rows


def _entered_filings(account: Account) -> QuerySet[Filing]:
    """The filings that were approved; one still pending is an application."""
    return access.filings_of(account).exclude(standing=Standing.PENDING).order_by("-opened_at")


def _filing_row(filing: Filing) -> dict[str, Any]:
    standing = Standing(filing.standing)
    return {
        "url": reverse("applicants:filing", args=[filing.pk]),
        "ends_on": filing.ends_on if standing is Standing.IN_FORCE else None,
        "service_name": filing.service_name,
        "applicant_name": filing.applicant_name,
        "standing": filing.standing,
        "standing_label": state_words.label_of(standing),
        "number": filing.number,
        "is_public": standing in PUBLIC_STANDINGS,
        "certificate": certificate_paper(filing) if has_certificate(filing) else None,
        "numbered_at": filing.numbered_at,
        "application_id": filing.in_force_application_id,
    }
