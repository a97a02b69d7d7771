"""The applicant that an account with several applicants has chosen to work for, kept in the session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpRequest

from applicants import access
from registry.models import Account, Applicant

_SESSION_KEY = "on_behalf_of"


@dataclass(frozen=True, slots=True)
class ApplicantChoice:
    """The applicants an account may act for, and the chosen one; None means all of them."""

    applicants: list[Applicant]
    chosen: Applicant | None

    @property
    def is_choice(self) -> bool:
        """Whether the account has several applicants to choose from: then lists say whose each entry is."""
        return len(self.applicants) > 1


def choice_of(request: HttpRequest, account: Account) -> ApplicantChoice:
    """The account's present choice; a chosen applicant it may no longer act for is ignored."""
    applicants = list(access.applicants_of(account).order_by("name", "pk"))
    wanted = str(request.session.get(_SESSION_KEY, ""))
    chosen = next((each for each in applicants if str(each.pk) == wanted), None)
    return ApplicantChoice(applicants, chosen)


def set_choice(request: HttpRequest, applicant: Applicant | None) -> None:
    """Stores the chosen applicant in the session; None chooses all."""
    if applicant is None:
        request.session.pop(_SESSION_KEY, None)
    else:
        request.session[_SESSION_KEY] = str(applicant.pk)


def parse_id(text: str) -> uuid.UUID | None:
    """The UUID that a form sent; None for any other text."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
