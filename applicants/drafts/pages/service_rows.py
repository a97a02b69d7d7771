"""The services of a joint submission as the pages show them: the list of services, and their sections."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.drafts import joint
from applicants.drafts.matter import service_name_in
from applicants.drafts.progress import Examination
from applicants.drafts.steps import SHARED_SECTIONS, SHARED_SLOTS, step_url
from applicants.models import Draft
from registry.presentation.materials import Section

_STEPS_OF_ONE = ("service", "content", "attachments")


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service in the list beside the steps; `place_above` is 0 for the first."""

    draft_id: uuid.UUID
    name: str
    url: str
    open_points: int
    is_current: bool
    place_above: int


def service_list_context(draft: Draft, examination: Examination, step: str) -> dict[str, Any]:
    """The context of `applicants/includes/services.html`; empty for a draft that takes no further service."""
    if not joint.may_add_services(draft):
        return {}
    examined = examinations_in_order(examination)
    is_about_all = len(examined) > 1 and step not in _STEPS_OF_ONE
    named = (
        {"draft_name": _("%(count)s services together") % {"count": len(examined)}} if is_about_all else {}
    )
    return {
        **named,
        "services": [
            ServiceRow(
                each.draft.pk,
                service_name_in(each.materials),
                step_url(each.draft.pk, step if step in _STEPS_OF_ONE else "service"),
                len(each.service_points),
                each.draft.pk == draft.pk,
                number,
            )
            for number, each in enumerate(examined)
        ],
        "new_service_id": uuid.uuid4(),
        "takes_more_services": len(examined) < joint.MOST_SERVICES,
        "services_action": reverse("applicants:services", args=[draft.pk]),
        "remove_service_url": reverse("applicants:delete_draft", args=[draft.pk]),
        "step_is_shared": step not in (*_STEPS_OF_ONE, "check"),
    }


def examinations_in_order(examination: Examination) -> list[Examination]:
    """The examinations of all services of the joint submission, in the order the applicant chose."""
    return sorted((examination, *examination.others), key=lambda each: each.draft.place)


def split_sections(sections: list[Section], *, number: int) -> tuple[list[Section], list[Section]]:
    """The sections of a service, divided into those that all services share and its own.

    Keys of its own sections and rows get the service's number: several services stand on one page, and the
    keys become ids there.
    """
    shared, own = [], []
    for section in sections:
        is_shared = section.key in SHARED_SECTIONS
        common = [row for row in section.rows if is_shared or row.key.split(".")[-1] in SHARED_SLOTS]
        rest = [row for row in section.rows if row not in common]
        if common:
            shared.append(replace(section, rows=common))
        if rest:
            own.append(replace(section, key=f"{section.key}-{number}", rows=rest))
        for row in rest:
            row.key = f"{row.key}-{number}"
    return shared, own
