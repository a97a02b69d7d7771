"""The problem types of the API (RFC 9457): each has a URI, a page that explains it, a status and a title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.publication.addresses import portal_url


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem type; `slug` ends its URI and never changes."""

    slug: str
    status: int
    title: Promise
    meaning: Promise

    @property
    def type_uri(self) -> str:
        return type_uri(self.slug)


_PROBLEMS = (
    Problem(
        "invalid",
        HTTPStatus.BAD_REQUEST,
        _("A parameter is not valid"),
        _(
            "The member errors names each parameter and what is wrong with it. Mend the request and send it again."
        ),
    ),
    Problem(
        "cursor-invalid",
        HTTPStatus.BAD_REQUEST,
        _("The cursor is not one that was given out"),
        _("Take the cursor from next or previous of an answer, or leave it out to begin at the start."),
    ),
    Problem(
        "not-a-filing-number",
        HTTPStatus.NOT_FOUND,
        _("This cannot be a filing number"),
        _(
            "facts.reason says which test failed first; check_character means that a character is mistyped "
            "or the number was made up."
        ),
    ),
    Problem(
        "not-in-register",
        HTTPStatus.NOT_FOUND,
        _("No filing in the register has this number"),
        _("The number is well formed, but it was not issued, or is not public."),
    ),
    Problem(
        "not-found", HTTPStatus.NOT_FOUND, _("There is nothing at this address"), _("Check the address.")
    ),
    Problem(
        "method-not-allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("The method is not allowed here"),
        _("The public interface is only read: GET and HEAD."),
    ),
    Problem(
        "not-acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        _("The answer does not come in the form asked for"),
        _("The interface answers in application/json. Ask for it, or for any type."),
    ),
    Problem(
        "throttled",
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Too many requests from this address"),
        _("Wait as many seconds as the header Retry-After says."),
    ),
)
PROBLEMS: Mapping[str, Problem] = {problem.slug: problem for problem in _PROBLEMS}


def find(slug: str) -> Problem | None:
    """The problem type with this slug, or None."""
    return PROBLEMS.get(slug)


def find_by_code(code: str) -> Problem | None:
    """The problem type for an error's code, or None."""
    return PROBLEMS.get(code.replace("_", "-"))


def type_uri(slug: str) -> str:
    """The URI of a problem type, which is also the address of its page."""
    return portal_url(f"/problems/{slug}/")
