"""A form that was sent after the sign-in had ended: kept until the same browser signs in again.

Without scripts nothing else would hold what was typed. It lies in the visitor's session, whose store is
encrypted, is shown only on the page it was sent from, to whoever may open that page, and is forgotten as
soon as it is saved, or after an hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict

from registry import clock

_SESSION_KEY = "kept_form"
# A section of the forms; not a way to fill the table of sessions.
_MOST_BYTES = 200_000
_LONGEST = timedelta(hours=1)
_NEVER_KEPT = "csrfmiddlewaretoken"


def keep_form(request: HttpRequest) -> bool:
    """Keeps the form of this request in its session; gives whether it did. Scripts keep their own copy."""
    if request.method != "POST" or request.headers.get("X-Requested-With") or request.FILES:
        return False
    fields = request.POST.copy()
    fields.pop(_NEVER_KEPT, None)
    body = fields.urlencode()
    if len(body) > _MOST_BYTES:
        return False
    request.session[_SESSION_KEY] = {"path": request.path, "body": body, "at": clock.now().isoformat()}
    return True


def kept_form(request: HttpRequest) -> QueryDict | None:
    """The form that was kept for this page, if there is one."""
    kept = request.session.get(_SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return None
    if clock.now() - datetime.fromisoformat(kept["at"]) > _LONGEST:
        forget_form(request)
        return None
    return QueryDict(kept["body"])


def forget_form(request: HttpRequest) -> None:
    """Forgets what was kept for this page."""
    kept = request.session.get(_SESSION_KEY)
    if kept and kept["path"] == request.path:
        del request.session[_SESSION_KEY]
