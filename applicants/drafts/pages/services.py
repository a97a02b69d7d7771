"""Views that add, copy and move the services of a joint submission."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applicants.drafts import joint, steps
from applicants.drafts.pages.frame import account_of, draft_or_404
from registry import clock

_BEGIN = {"add": joint.add_service, "copy": joint.copy_service}
_MOVE = "move"
_PLACES = frozenset(str(place) for place in range(1, joint.MOST_SERVICES + 1))


@require_http_methods(["GET", "HEAD", "POST"])
def services(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Adds a service, copies this one or moves it; a repeated request has no further effect."""
    found = draft_or_404(request, draft_id)
    if request.method != "POST":
        # A GET changes nothing; it arrives here after a sign-in that interrupted the POST.
        return redirect("applicants:draft", found.pk)
    act = request.POST.get("act", "")
    if act == _MOVE:
        place = request.POST.get("place", "")
        joint.move_service(found.pk, to=int(place) if place in _PLACES else joint.MOST_SERVICES)
        return redirect(steps.step_url(found.pk, "service"))
    if act not in _BEGIN:
        raise Http404
    try:
        new_id = uuid.UUID(request.POST.get("new_id", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        draft = _BEGIN[act](found.pk, new_id=new_id, account=account_of(request), at=clock.now())
    except joint.TooManyServices:
        messages.warning(
            request,
            _("At most %(maximum)s services can be filed together. Submit these first.")
            % {"maximum": joint.MOST_SERVICES},
        )
        return redirect("applicants:draft", found.pk)
    if act == "copy":
        messages.info(request, _("Copied with all answers and files. Give the new service its name."))
    return redirect(steps.step_url(draft.pk, "service"))
