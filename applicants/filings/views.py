"""The dashboard, and the page of one filing: the materials in force and the acts possible on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from applicants import access
from applicants.applicant_choice import choice_of
from applicants.applications import status
from applicants.applications.status import row_of
from applicants.changes.change import draft_of_change, may_change_applicant, open_change_of
from applicants.deadlines.own_deadlines import answers_due, statements_due
from applicants.drafts import progress
from applicants.drafts.pages.frame import account_of, crumbs, name_of
from applicants.drafts.register_facts import take_facts
from applicants.models import Draft
from registry import clock
from registry.book.in_force import known_materials, lacks_particulars
from registry.calendar.current import current_calendar
from registry.deadlines.application_clock import closing_days
from registry.documents.badges import snippet
from registry.documents.certificates import has_certificate
from registry.documents.papers import certificate_paper, papers_of_filing
from registry.labels import states as state_words
from registry.labels.date_format import time_of_day
from registry.labels.ending_words import BADGES, STRIKING_OFF_STATES, standing_words
from registry.lists import current_lists
from registry.members import invitations
from registry.models import Account, Application, Filing, StrikingOff
from registry.presentation.materials import Section, sections_of
from registry.presentation.timeline import joint_submissions
from registry.publication.addresses import portal_url
from registry.rules.days.deadlines import day_number
from registry.rules.endings.lifecycle import StrikingOffState
from registry.rules.workflow.states import (
    LIVE_STANDINGS,
    OPEN_STATES,
    PUBLIC_STANDINGS,
    UNDECIDED_STATES,
    Act,
    Kind,
    Standing,
    State,
)


@require_safe
def filing(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """The filing's number, standing, applications, and materials in force."""
    account = account_of(request)
    filings = access.filings_of(account).exclude(standing=Standing.PENDING.value)
    found = get_object_or_404(filings.select_related("applicant"), pk=filing_id)
    calendar, today = current_calendar(), clock.today()
    of_filing = list(_applications_about(found, account).order_by("-submitted_at"))
    closings = closing_days(of_filing)
    applications = [
        status.row_of(application, calendar=calendar, today=today, closings=closings)
        for application in of_filing
    ]
    is_in_force = found.standing == Standing.IN_FORCE and found.ends_on is None
    draft = draft_of_change(applicant_id=found.applicant_id, filing_id=found.pk)
    context = {
        "filing": found,
        "standing_label": standing_words(Standing(found.standing), found.end_ground),
        "is_public": Standing(found.standing) in PUBLIC_STANDINGS,
        "applications": applications,
        "cancellation": _approved_cancellation(found),
        "may_change": is_in_force and not _has_open(found, Kind.CHANGE, Kind.CANCELLATION),
        "may_change_applicant": may_change_applicant(found.applicant),
        "change_of_applicant": open_change_of(found.applicant),
        "may_cancel": is_in_force and not _has_open(found, Kind.CANCELLATION),
        "has_change_draft": draft is not None,
        "lacks_particulars": lacks_particulars(found),
        "copied_from": found.in_force_application_id if found.standing == Standing.IN_FORCE else None,
        "sections": _sections_in_force(found, on=today),
        "papers": papers_of_filing(found),
        "strikings_off": _strikings_off(found),
        **_number_shown(found),
        "crumbs": crumbs(found.service_name),
    }
    return render(request, "applicants/filings/filing.html", context)


def _strikings_off(filing: Filing) -> list[dict[str, Any]]:
    """The proceedings to strike it off that its applicant was notified of, the latest first."""
    told = StrikingOff.objects.filter(filing=filing, notified_at__isnull=False)
    return [
        {
            "proceeding": each,
            "url": reverse("applicants:striking_off", args=[each.pk]),
            "state_label": STRIKING_OFF_STATES[StrikingOffState(each.state)],
            "badge": BADGES.get(StrikingOffState(each.state), each.state),
        }
        for each in told.order_by("-notified_at", "pk")
    ]


def _applications_about(filing: Filing, account: Account) -> QuerySet[Application]:
    """The applications about a filing, with the changes of its applicant that reached it or may yet."""
    reached = filing.events.filter(act=Act.APPLICANT_CHANGED.value).values("at")
    changes = Q(kind=Kind.APPLICANT_CHANGE.value, applicant=filing.applicant_id)
    about = Q(filing=filing) | changes & Q(state=State.APPROVED.value, decided_at__in=reached)
    if Standing(filing.standing) in LIVE_STANDINGS:
        about |= changes & Q(state__in=[state.value for state in UNDECIDED_STATES])
    return access.applications_of(account).filter(about)


def _sections_in_force(filing: Filing, *, on: date) -> list[Section]:
    """The materials in force; of an imported filing without, only what is known: nothing else was left empty."""
    sections = sections_of(known_materials(filing), reveal=status.keys_shown_by_default(), on=on)
    if not lacks_particulars(filing):
        return sections
    known = [replace(each, rows=[row for row in each.rows if not row.empty]) for each in sections]
    return [each for each in known if each.rows]


def _number_shown(filing: Filing) -> dict[str, str]:
    """The badge by which the service shows its number (Art. 13), while the filing is in force."""
    if filing.number is None or filing.standing != Standing.IN_FORCE:
        return {}
    svg_url, png_url = (reverse("public:filing_badge", args=[filing.number, kind]) for kind in ("svg", "png"))
    return {
        "badge_svg_url": svg_url,
        "badge_png_url": png_url,
        "snippet": snippet(filing.number, portal_url(svg_url)),
    }


def _approved_cancellation(filing: Filing) -> Application | None:
    """The approved cancellation of a filing that is still in force."""
    if filing.standing != Standing.IN_FORCE or filing.ends_on is None:
        return None
    return filing.applications.filter(kind=Kind.CANCELLATION.value, state=State.APPROVED.value).last()


def _has_open(filing: Filing, *kinds: Kind) -> bool:
    states = [state.value for state in OPEN_STATES]
    return filing.applications.filter(kind__in=[kind.value for kind in kinds], state__in=states).exists()


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft on the dashboard: open points, days since the service started, and filing deadline.

    A joint submission has one row: `further` are the names of its other services, `points_left` counts the points
    of all of them, and `due_on` is the earliest deadline.
    """

    draft: Draft
    name: str
    further: list[str]
    kind_label: Promise | str
    applicant_name: str
    url: str
    delete_url: str
    points_left: str
    is_complete: bool
    saved_on: date
    saved_at: str
    started_days_ago: int | None
    due_on: date | None
    is_provisional: bool
    late_by: int


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The dashboard: tasks, then filings with standing and number, then applications with stage and day."""
    account = account_of(request)
    calendar, at = current_calendar(), clock.now()
    # An account with several applicants sees all of them, or only the chosen one.
    choice = choice_of(request, account)
    chosen = choice.chosen
    only = {} if chosen is None else {"applicant": chosen}
    found = list(access.applications_of(account).filter(**only).order_by("-submitted_at", "receipt_number"))
    gone_together = joint_submissions(found)
    closings, today = closing_days(found), clock.china_date(at)
    applications = [
        row_of(each, calendar=calendar, today=today, together=gone_together.get(each.pk), closings=closings)
        for each in found
    ]
    requests = access.requests_to(account).filter(**only)
    applicants = access.applicants_of(account)
    if chosen is not None:
        applicants = applicants.filter(pk=chosen.pk)
    statements = statements_due(applicants, today=today, calendar=calendar)
    answers = answers_due(found, today=today, calendar=calendar)
    noticed = StrikingOff.objects.filter(
        applicant__in=applicants, state=StrikingOffState.NOTICE_SENT.value
    ).select_related("filing")
    context = {
        "drafts": _draft_rows(
            list(
                access.drafts_of(account)
                .filter(amends_application_id__isnull=True, **only)
                .select_related("applicant", "account")
                .order_by("-saved_at")
            )
        ),
        "to_do": [row for row in applications if row.needs_applicant],
        "statements": sorted((each for each in statements if each.days_left >= 0), key=lambda each: each.on),
        "answers": sorted(answers, key=lambda each: each.on),
        "noticed": list(noticed.order_by("number")),
        "filings": [_filing_row(filing) for filing in _entered_filings(account).filter(**only)],
        "applications": applications,
        "invitations": invitations.open_invitations_to(account, at=at),
        "requests": list(requests),
        "names_clients": choice.is_choice,
    }
    return render(request, "applicants/filings/dashboard.html", context)


def _draft_rows(found: list[Draft]) -> list[DraftRow]:
    take_facts(found)
    lists, calendar, today = current_lists(), current_calendar(), clock.today()
    states = progress.states_of_files([draft.materials for draft in found])
    submissions: dict[uuid.UUID, list[Draft]] = {}
    for each in found:
        submissions.setdefault(each.together_id, []).append(each)
    rows = []
    for submission in submissions.values():
        draft, *others = sorted(submission, key=lambda each: each.place)
        examination = progress.examine(
            draft,
            at=clock.now(),
            lists=lists,
            calendar=calendar,
            file_states=states,
            others=others,
        )
        examined = (examination, *examination.others)
        due = min((each.due for each in examined if each.due), key=lambda each: each.due_on, default=None)
        open_points = len(examination.points) + sum(len(other.service_points) for other in examination.others)
        saved_last = max(submission, key=lambda each: each.saved_at)
        rows.append(
            DraftRow(
                draft=draft,
                name=examination.matter.title,
                further=[name_of(other) for other in others],
                kind_label=state_words.label_of(Kind(draft.kind)) if draft.kind != Kind.INITIAL else "",
                applicant_name=str(draft.materials["applicant"].get("name") or ""),
                url=reverse("applicants:draft", args=[draft.pk]),
                delete_url=reverse("applicants:delete_draft", args=[draft.pk]),
                points_left=examination.matter.texts.points_left(open_points),
                is_complete=examination.is_complete,
                saved_on=clock.china_date(saved_last.saved_at),
                saved_at=time_of_day(saved_last.saved_at),
                started_days_ago=day_number(due.event_on, today, calendar) if due is not None else None,
                due_on=due.due_on if due is not None else None,
                is_provisional=due is not None and due.provisional,
                late_by=max(each.filing.late_by_working_days for each in examined),
            )
        )
    return rows


def _entered_filings(account: Account) -> QuerySet[Filing]:
    """The approved filings; a pending one is shown as an application."""
    return access.filings_of(account).exclude(standing=Standing.PENDING).order_by("-opened_at")


def _filing_row(filing: Filing) -> dict[str, Any]:
    standing = Standing(filing.standing)
    return {
        "url": reverse("applicants:filing", args=[filing.pk]),
        "ends_on": filing.ends_on if standing is Standing.IN_FORCE else None,
        "service_name": filing.service_name,
        "applicant_name": filing.applicant_name,
        "standing": filing.standing,
        "standing_label": standing_words(standing, filing.end_ground),
        "number": filing.number,
        "is_public": standing in PUBLIC_STANDINGS,
        "certificate": certificate_paper(filing) if has_certificate(filing) else None,
        "numbered_at": filing.numbered_at,
        "application_id": filing.in_force_application_id,
    }
