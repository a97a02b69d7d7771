"""Keeps refused forms, so that no input is lost, for example when a sign-in has ended.

A form is kept for the signed-in account, or for the account whose session has expired. An anonymous visitor has
neither and cannot fill the session table.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

from registry import clock
from registry.accounts.sessions import stored_key
from registry.models import AccountSession
from registry.presentation.kept_forms import keep_form

# Their views restore a kept form on a GET of the same URL, and forget it once it is accepted.
KEPT_FORMS = frozenset(
    {
        "applicants:section",
        "applicants:part",
        "applicants:amendment",
        "applicants:start",
        "applicants:answer_questions",
        "applicants:claim_number",
        "applicants:objection",
        "applicants:striking_off",
        "review:act",
        "review:own_texts",
        "review:own_text",
        "review:note_contact",
        "review:note_site_visit",
        "review:consult",
        "review:answer_consultation",
        "review:withdraw_consultation",
        "review:calendar_import",
        "review:calendar_proposal",
        "review:reassign",
        "review:hand_over",
        "review:leave",
        "review:assign",
        "review:mark",
        "review:note",
        "review:papers",
        "review:papers_decide",
        "review:quality_draw",
        "review:quality_case",
        "review:quality_assign",
        "review:quality_set_aside",
        "review:reveal",
        "review:signed_form",
        "applicants:changes",
        "applicants:cancel",
        "applicants:cancellation",
        "applicants:withdraw",
        "applicants:withdraw_cancellation",
        "applicants:invite",
        "applicants:claim",
        "applicants:takeover",
        "review:membership_claim",
        "review:told",
        "review:compose",
        "review:announcement_text",
        "review:batch_act",
        "review:objection_letter",
        "review:objection_act",
        "review:objector_told",
        "review:strike_off",
        "review:striking_off_act",
        "office:list_entry_add",
        "office:list_entry",
        "office:list_entry_retire",
        "office:account_add",
        "office:account",
        "office:account_disable",
        "office:notice_text",
        "office:notice_text_decide",
        "office:notice_text_shipped",
        "office:article_add",
        "office:article_edit",
        "office:article_withdraw",
    }
)

_HOLDER = "filing_portal.session_holder"

Handler = Callable[[HttpRequest], HttpResponse]


class SessionHolderMiddleware:
    """Records whose session a form was sent with, before the session limits may end it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            request.META[_HOLDER] = request.session.get(SESSION_KEY)
        return self.get_response(request)


def keep_what_was_typed(request: HttpRequest) -> bool:
    """Keeps the form of a refused request; returns whether it was kept."""
    match = request.resolver_match
    if match is None or match.view_name not in KEPT_FORMS:
        return False
    if holder := request.META.get(_HOLDER):
        return keep_form(request, account_id=str(holder))
    ended = _ended_session(request)
    if ended is None or not keep_form(request, account_id=str(ended.account_id)):
        return False
    # An expired session keeps one form only: its cookie must not store more.
    ended.delete()
    return True


def came_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser reports that the form was on a page of this portal."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(origin)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _ended_session(request: HttpRequest) -> AccountSession | None:
    """The expired session of this browser; None if it was not signed in."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key:
        return None
    return AccountSession.objects.filter(
        session_key=stored_key(key), account__isnull=False, expire_date__lte=clock.now()
    ).first()
