"""One filing in the register as its applicant has it: what is in force, and what can be asked about it."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applicants import access
from applicants.applications import status as application_view
from applicants.changes import changing
from applicants.drafts.frame import account_of, crumbs
from registry import clock
from registry.book.in_force import materials_in_force
from registry.calendar.current import current_calendar
from registry.documents.certificates import has_certificate
from registry.documents.papers import certificate_paper
from registry.labels.states import label_of
from registry.models import Application, Filing
from registry.presentation.materials import sections_of
from registry.rules.workflow.states import OPEN_STATES, PUBLIC_STANDINGS, Kind, Standing, State


@require_safe
def filing(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """Number, standing, the applications about it, and the materials in force."""
    account = account_of(request)
    filings = access.filings_of(account).exclude(standing=Standing.PENDING.value)
    found = get_object_or_404(filings.select_related("applicant"), pk=filing_id)
    calendar, today = current_calendar(), clock.today()
    applications = [
        application_view.row_of(application, calendar=calendar, today=today)
        for application in access.applications_of(account).filter(filing=found).order_by("-submitted_at")
    ]
    is_in_force = found.standing == Standing.IN_FORCE and found.ends_on is None
    draft = changing.draft_of_change(applicant_id=found.applicant_id, filing_id=found.pk)
    context = {
        "filing": found,
        "standing_label": label_of(Standing(found.standing)),
        "is_public": Standing(found.standing) in PUBLIC_STANDINGS,
        "applications": applications,
        "cancellation": _approved_cancellation(found),
        "may_change": is_in_force and not _has_open(found, Kind.CHANGE, Kind.CANCELLATION),
        "may_cancel": is_in_force and not _has_open(found, Kind.CANCELLATION),
        "has_change_draft": draft is not None,
        "copied_from": found.in_force_application_id if found.standing == Standing.IN_FORCE else None,
        "sections": sections_of(
            materials_in_force(found), reveal=application_view.keys_shown_by_default(), on=today
        ),
        "papers": [certificate_paper(found)] if has_certificate(found) else [],
        "crumbs": crumbs(found.service_name),
    }
    return render(request, "applicants/filing.html", context)


def _approved_cancellation(filing: Filing) -> Application | None:
    """The cancellation by which the filing is going to end."""
    if filing.standing != Standing.IN_FORCE or filing.ends_on is None:
        return None
    return filing.applications.filter(kind=Kind.CANCELLATION.value, state=State.APPROVED.value).last()


def _has_open(filing: Filing, *kinds: Kind) -> bool:
    states = [state.value for state in OPEN_STATES]
    return filing.applications.filter(kind__in=[kind.value for kind in kinds], state__in=states).exists()
