"""Review forms as PDF: of one case, or of several for the leader's signature."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from registry import clock
from registry.calendar.current import current_calendar
from registry.files.papers import PDF, document_answer
from registry.files.views import inert_answer, saved_as
from review.access import cases_of, find_case, officer_of
from review.desk.bulk import MOST_AT_ONCE
from review.queue.bulk_views import case_ids
from review.queue.lists import way_back
from review.queue.queue import Filters, cases_within
from review.review_forms.printing import review_form, review_forms


@require_safe
def form(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The review form of a case as of now."""
    application = find_case(officer_of(request), application_id)
    document = review_form(application, calendar=current_calendar())
    return document_answer(document, application.receipt_number)


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """The forms of the selected cases, or of all that match the filters, in the order of receipt."""
    officer, at = officer_of(request), clock.now()
    filters = Filters.from_query(request.GET.dict())
    if "case" in request.GET:
        cases = cases_of(officer).filter(pk__in=case_ids(request.GET.getlist("case")))
    else:
        cases = cases_within(officer, filters, calendar=current_calendar(), at=at)
    found = list(cases.order_by("received_on", "id")[: MOST_AT_ONCE + 1])
    if not found:
        messages.info(request, _("No case fits these filters"))
        return redirect(str(way_back(request)["url"]))
    if len(found) > MOST_AT_ONCE:
        refusal = ngettext(
            "At most %(count)s review form is made at a time: tick some cases, or narrow the filters.",
            "At most %(count)s review forms are made at a time: tick some cases, or narrow the filters.",
            MOST_AT_ONCE,
        )
        messages.warning(request, refusal % {"count": MOST_AT_ONCE})
        return redirect(str(way_back(request)["url"]))
    content = review_forms(found, calendar=current_calendar())
    name = f"审批表-{clock.china_date(at).isoformat()}-{len(found)}份.pdf"
    return saved_as(inert_answer(content, PDF), name)
