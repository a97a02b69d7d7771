"""The list that an officer came to a case from, with its filters and its page: where the breadcrumbs lead back to."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

_KEY = "review.list"
# Longer than any address that the pages make; one beyond it is not kept.
_MAXIMUM_LENGTH = 1_500


def remember(request: HttpRequest) -> None:
    """Keeps the address of the list that is shown; the session is written only when it is another one."""
    address = request.get_full_path()
    if len(address) <= _MAXIMUM_LENGTH and request.session.get(_KEY) != address:
        request.session[_KEY] = address


def way_back(request: HttpRequest) -> dict[str, object]:
    """The breadcrumb of the list that was shown last, the whole queue before any."""
    queue, search = reverse("review:queue"), reverse("review:cases")
    address = str(request.session.get(_KEY, queue))
    is_search = address.partition("?")[0] == search
    return {"url": address, "label": _("Find cases") if is_search else _("Queue")}
