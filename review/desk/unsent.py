"""What officers typed into the forms of a case and have not sent yet, kept on the server while they type.

A form belongs to one officer, one case and one place: nobody else reads it, and the officer finds it again on any
device. It is no working paper and no event: it goes when the form is sent, when it is emptied, and after 30 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from registry.errors import FilingError
from registry.models import Account, Application
from registry.presentation.kept_forms import kept_form
from registry.rules.visible_text import is_visible
from registry.rules.workflow.states import Act
from review.desk.actions import OFFICER_ACTS
from review.models import UnsentForm

KEPT_FOR = timedelta(days=30)
# Enough for forty reasons with their supplements.
MOST_CHARACTERS = 200_000
NOTE = "note"
CONSULTATION = "consultation"
CONTACT, SITE_VISIT = "contact", "site-visit"
SECOND_LOOK = "second-look"
_PAPERS = (NOTE, CONSULTATION, CONTACT, SITE_VISIT, SECOND_LOOK)
# What belongs to the page and not to what was typed.
_OF_THE_PAGE = frozenset(
    {"csrfmiddlewaretoken", "revision", "event", "found", "key", "version", "verdict", "keep"}
)

# With the name of a field: the text that was chosen beside it and not put into it.
TO_INSERT = "insert-"


class UnsentFormRefused(FilingError):
    """The form is not kept: there is no such form, or it is longer than any."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form as it was typed, and when it was kept."""

    fields: QueryDict
    saved_at: datetime


def place_of_act(act: Act) -> str:
    """The place of an act's form."""
    return f"act-{act.value}"


def place_of_remark(key: str) -> str:
    """The place of the remark on an item."""
    return f"remark-{key}"


def is_place(place: str, items: tuple[str, ...]) -> bool:
    """Whether a case whose checklist has these items has a form of this name."""
    acts = {place_of_act(act) for act in OFFICER_ACTS}
    return place in _PAPERS or place in acts or place in {place_of_remark(key) for key in items}


def address_of(application: Application, place: str) -> str:
    """Where a form is sent while it is typed."""
    return reverse("review:typed", args=[application.pk, place])


def keep(
    application: Application, place: str, fields: QueryDict, *, officer: Account, at: datetime
) -> UnsentForm | None:
    """Keeps the form in the place of what was kept of it; an empty one is forgotten, and None is given.

    Raises UnsentFormRefused.
    """
    typed = fields.copy()
    for name in [each for each in typed if each in _OF_THE_PAGE or each.startswith(TO_INSERT)]:
        typed.pop(name)
    body = typed.urlencode().replace("%00", "")
    if len(body) > MOST_CHARACTERS:
        raise UnsentFormRefused("unsent_form_too_long")
    if not any(is_visible(value) for name, values in typed.lists() if _is_typed(name) for value in values):
        forget(application, place, officer=officer)
        return None
    UnsentForm.objects.filter(saved_at__lt=at - KEPT_FOR).delete()
    kept, _is_new = UnsentForm.objects.update_or_create(
        application=application,
        officer=officer,
        place=place,
        defaults={
            "applicant_id": application.applicant_id,
            "province_code": application.province_code,
            "body": body,
            "saved_at": at,
        },
    )
    return kept


def _is_typed(name: str) -> bool:
    """Whether a field holds what somebody typed or chose, and not what the page says of its rows and its draft."""
    return not (name.endswith("_FORMS") or name == "drafted")


def forget(application: Application, place: str, *, officer: Account) -> None:
    """Forgets what the officer typed into a form: it was sent, or emptied."""
    UnsentForm.objects.filter(application=application, officer=officer, place=place).delete()


def unsent_on(application: Application, officer: Account, *, at: datetime) -> dict[str, Unsent]:
    """What the officer typed into the forms of a case and did not send, by place."""
    found = UnsentForm.objects.filter(application=application, officer=officer, saved_at__gte=at - KEPT_FOR)
    return {each.place: Unsent(QueryDict(each.body), each.saved_at) for each in found}


def kept_or_begun(
    request: HttpRequest, application: Application, officer: Account, place: str, *, at: datetime
) -> QueryDict | None:
    """What stands in a form again: what was sent when the session or its token had ended, else what was begun."""
    kept = kept_form(request)
    if kept is not None:
        return kept
    begun = unsent_on(application, officer, at=at).get(place)
    return begun.fields if begun is not None else None
