"""Template tags that show, and let an account choose, the applicant it works for."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context

from applicants.applicant_choice import choice_of
from registry import clock
from registry.labels.refusal_words import REFUSAL_MESSAGES
from registry.members.authority import hand_in_refusal, membership_of
from registry.members.words import role_text
from registry.models import Account, Applicant
from registry.notices.subject import subject_of

register = template.Library()
register.filter(subject_of)


@register.inclusion_tag("applicants/includes/behalf.html", takes_context=True)
def behalf_switcher(context: Context) -> dict[str, Any]:
    """The switch between an account's applicants; nothing for an account with fewer than two."""
    request = context.get("request")
    account = getattr(request, "user", None)
    if not isinstance(request, HttpRequest) or not isinstance(account, Account):
        return {"is_choice": False}
    choice = choice_of(request, account)
    return {
        "is_choice": choice.is_choice,
        "applicants": choice.applicants,
        "chosen": choice.chosen,
        "csrf_token": get_token(request) if choice.is_choice else "",
        "next_path": request.path if request.method == "GET" else "",
    }


@register.inclusion_tag("applicants/includes/acting_for.html", takes_context=True)
def acting_for(context: Context, applicant: Applicant | None, stated_name: str = "") -> dict[str, Any]:
    """The line that names a page's applicant, the account's role, and why it may not submit, if so.

    A draft whose applicant is not registered yet shows `stated_name`, the name typed in it.
    """
    account = getattr(context.get("request"), "user", None)
    if applicant is None or not isinstance(account, Account):
        return {"name": stated_name, "account_name": account.name if isinstance(account, Account) else ""}
    membership = membership_of(account.pk, applicant.pk)
    refusal = hand_in_refusal(membership, today=clock.today())
    return {
        "name": applicant.name,
        "as_agent": role_text(membership) if membership is not None and membership.is_agent else "",
        "account_name": account.name,
        "refusal": REFUSAL_MESSAGES[refusal] if refusal is not None else "",
    }
