"""The part of a case that shows its web addresses, and the button that has them looked at again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry import clock
from registry.accounts.limits import LimitReached
from registry.book.held_facts import materials_as_of
from registry.labels.date_format import time_of_day
from review.access import find_case, officer_of
from review.visits.asking import VisitRefused, look_again
from review.visits.evidence import sites_of


@require_http_methods(["GET", "HEAD", "POST"])
def sites(request: HttpRequest, application_id: uuid.UUID) -> HttpResponse:
    """The web addresses of a case with what was seen there; a POST has them looked at again.

    Answers with the panel alone where htmx asks, and leads to the page of the case otherwise.
    """
    officer, at = officer_of(request), clock.now()
    application = find_case(officer, application_id)
    materials = materials_as_of(application)
    refusal = ""
    if request.method == "POST":
        try:
            look_again(application, materials, officer=officer, at=at)
        except LimitReached as reached:
            retry_at = time_of_day(reached.facts["retry_at"])
            refusal = _("These addresses were looked at a moment ago: look again from %(time)s on.") % {
                "time": retry_at
            }
        except VisitRefused as refused:
            refusal = _refusal_text(refused)
    if request.headers.get("HX-Request") != "true":
        if refusal:
            messages.warning(request, refusal)
        return redirect(f"{reverse('review:case', args=[application.pk])}#sites")
    context = {"sites": sites_of(application, materials, at=at), "refusal": refusal}
    return render(request, "review/visits/includes/sites.html", context)


def _refusal_text(refused: VisitRefused) -> str:
    if refused.code == "no_addresses":
        return _("Nothing was looked at: this application files no web address.")
    return _("Nothing was looked at: the operator has turned the visits of web sites off.")
