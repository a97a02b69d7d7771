"""On whose behalf an account works: the choice of who acts for several applicants, kept in its session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpRequest

from applicants import access
from registry.models import Account, Applicant

_SESSION_KEY = "on_behalf_of"


@dataclass(frozen=True, slots=True)
class ApplicantChoice:
    """The applicants an account may act for, and the chosen one; None works for all of them."""

    applicants: list[Applicant]
    chosen: Applicant | None

    @property
    def is_choice(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.applicants) > 1


def choice_of(request: HttpRequest, account: Account) -> ApplicantChoice:
    """The choice in force; one whose membership has ended meanwhile counts no more."""
    applicants = list(access.applicants_of(account).order_by("name", "pk"))
    wanted = str(request.session.get(_SESSION_KEY, ""))
    chosen = next((each for each in applicants if str(each.pk) == wanted), None)
    return ApplicantChoice(applicants, chosen)


def set_choice(request: HttpRequest, applicant: Applicant | None) -> None:
    """Works on behalf of one applicant from now on, or of all."""
    if applicant is None:
        request.session.pop(_SESSION_KEY, None)
    else:
        request.session[_SESSION_KEY] = str(applicant.pk)


def parse_id(text: str) -> uuid.UUID | None:
    """The id a form sent, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
