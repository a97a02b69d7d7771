"""Keeps a posted form that could not be processed until its account opens the form's page again.

Without scripts the typed text would be lost. The form lies in the visitor's session, whose store is encrypted. It is
shown only on the page it was sent from and only to the account that sent it, and is deleted when the form is accepted
or after an hour.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from registry import clock

_SESSION_KEY = "kept_form"
# Enough for the portal's longest forms, too little to fill the table of sessions.
_MOST_BYTES = 200_000
_MOST_FIELDS = 1_000
_LONGEST = timedelta(hours=1)
_NEVER_KEPT = "csrfmiddlewaretoken"

AnyForm = TypeVar("AnyForm", bound=forms.BaseForm)


def keep_form(request: HttpRequest, *, account_id: str) -> bool:
    """Keeps the form that this request posts, for one account; gives whether it did.

    A form sent by a script or too large is not kept: scripts keep their own copy. Of a form with files what was typed
    is kept; the files have to be chosen again.
    """
    if request.method != "POST" or request.headers.get("X-Requested-With"):
        return False
    fields = request.POST.copy()
    fields.pop(_NEVER_KEPT, None)
    body = fields.urlencode().replace("%00", "")
    if len(body) > _MOST_BYTES or sum(len(values) for _name, values in fields.lists()) > _MOST_FIELDS:
        return False
    request.session[_SESSION_KEY] = {
        "path": request.path,
        "account": account_id,
        "body": body,
        "at": clock.now().isoformat(),
    }
    return True


def kept_form(request: HttpRequest) -> QueryDict | None:
    """The form kept for this page and the signed-in account, or None."""
    kept = request.session.get(_SESSION_KEY)
    if not kept or (kept["path"], kept["account"]) != (request.path, str(request.user.pk)):
        return None
    if clock.now() - datetime.fromisoformat(kept["at"]) > _LONGEST:
        forget_form(request)
        return None
    return QueryDict(kept["body"])


def forget_form(request: HttpRequest) -> None:
    """Deletes the form kept for this page."""
    kept = request.session.get(_SESSION_KEY)
    if kept and kept["path"] == request.path:
        del request.session[_SESSION_KEY]


def sent_or_kept(request: HttpRequest, make: Callable[[QueryDict | None], AnyForm]) -> tuple[AnyForm, bool]:
    """The form of this page as it was sent, else as it was kept, else a new one; and whether it is the kept one.

    `make` gives the form for what was typed, None for a new one. A kept form has no complaints: it was not sent again.
    """
    if request.method == "POST":
        return make(request.POST), False
    kept = kept_form(request)
    form = make(kept)
    return (form, False) if kept is None else (without_errors(form), True)


def without_errors(form: AnyForm) -> AnyForm:
    """The form with its input, without validation errors."""
    form._errors = {}  # type: ignore[attr-defined]
    return form
