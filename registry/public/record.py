"""A public filing as its record page shows it, in sections and rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from registry.labels.date_format import day
from registry.presentation.materials import PresentedRow, Section, public_sections
from registry.publication.record import PublicFiling
from registry.rules.codes.jurisdictions import province_of
from registry.rules.workflow.states import Standing


def record_sections(filing: PublicFiling) -> list[Section]:
    """The section of the registration, then those of the applicant's statements, in the active language."""
    stated: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(filing).items()
    }
    return [Section("registration", _("Registration"), _registration_rows(filing)), *public_sections(stated)]


def _registration_rows(filing: PublicFiling) -> list[PresentedRow]:
    rows = [
        PresentedRow(
            key="province", label=_("Province"), kind="text", value=province_of(filing.province_code).name
        ),
        PresentedRow(key="numbered_on", label=_("Filed on"), kind="date", value=day(filing.numbered_on)),
        PresentedRow(key="changed_on", label=_("Last changed on"), kind="date", value=day(filing.changed_on)),
        PresentedRow(key="ends_on", label=_("Service ends on"), kind="date", value=day(filing.ends_on)),
        PresentedRow(
            key="cancelled_on", label=_("Cancelled on"), kind="date", value=day(filing.cancelled_on)
        ),
    ]
    if filing.standing is Standing.IN_FORCE and filing.batch is None:
        rows.append(
            PresentedRow(key="batch", label=_("Batch list"), kind="text", value=_("Not yet in a batch list"))
        )
    return [row for row in rows if not row.empty]
