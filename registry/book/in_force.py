"""The materials in force of a filing: what a change starts from and is compared with.

A change of the applicant is recorded in every filing but alters none of their revisions. Its applicant sections
replace those of the revision in force, so that a later change neither asks for them again nor reverts them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from registry.book.revisions import get_revision, materials_of
from registry.models import Applicant, Application, Filing
from registry.rules.particulars import APPLICANT_SECTIONS, APPLICANT_SLOTS
from registry.rules.workflow.states import Kind, Standing, State


def materials_in_force(filing: Filing) -> dict[str, Any]:
    """The materials in force of a filing, with the applicant's part as last approved; empty before approval."""
    if filing.in_force_application_id is None:
        return {}
    application = Application.objects.get(pk=filing.in_force_application_id)
    materials = materials_of(get_revision(application.pk, filing.in_force_revision_number or 0))
    latest = _latest_applicant_change(filing.applicant_id)
    if latest is None or latest.decided_at is None or application.decided_at is None:
        return materials
    if latest.decided_at <= application.decided_at:
        return materials
    return _with_applicant_part(materials, materials_of(get_revision(latest.pk, latest.revision_number)))


def filing_to_begin_from(applicant: Applicant) -> Filing | None:
    """The filing from which a change of the applicant starts: the one in force that was numbered last."""
    found = Filing.objects.filter(applicant=applicant, standing=Standing.IN_FORCE.value)
    return found.order_by("-numbered_at", "-pk").first()


def applicant_materials_in_force(applicant: Applicant) -> dict[str, Any]:
    """The materials from which a change of the applicant starts; empty without a filing in force."""
    filing = filing_to_begin_from(applicant)
    return materials_in_force(filing) if filing is not None else {}


def _latest_applicant_change(applicant_id: uuid.UUID) -> Application | None:
    return (
        Application.objects.filter(
            applicant=applicant_id, kind=Kind.APPLICANT_CHANGE.value, state=State.APPROVED.value
        )
        .order_by("-decided_at")
        .first()
    )


def _with_applicant_part(materials: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The materials with the applicant's sections and files replaced by the changed ones."""
    kept = {name: files for name, files in materials["attachments"].items() if name not in APPLICANT_SLOTS}
    brought = {name: files for name, files in changed["attachments"].items() if name in APPLICANT_SLOTS}
    sections = {section: dict(changed[section]) for section in APPLICANT_SECTIONS}
    return {**materials, **sections, "attachments": {**kept, **brought}}
