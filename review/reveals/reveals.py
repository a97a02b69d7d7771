"""Showing a masked personal value: asked for with a reason, recorded, and shown for a short time."""

from __future__ import annotations

from datetime import datetime, timedelta

from registry.book.revisions import get_revision, materials_of
from registry.errors import FilingError
from registry.models import Account, Application
from registry.presentation.materials import sections_of
from review.desk.claims import note_activity
from review.models import PersonalDataReveal

SHOWN_FOR = timedelta(minutes=30)
REASON_LENGTH = 500


class RevealRefused(FilingError):
    """The value is not shown: no reason was given, or it is none that is masked."""


def masked_keys(application: Application) -> frozenset[str]:
    """The keys of the particulars that this case's current revision shows masked."""
    materials = materials_of(get_revision(application.pk, application.revision_number))
    return frozenset(row.key for section in sections_of(materials) for row in section.rows if row.is_masked)


def reveal(
    application: Application, key: str, *, reason: str, officer: Account, at: datetime
) -> PersonalDataReveal:
    """Records that the officer has the value shown from now on. Raises RevealRefused."""
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise RevealRefused("reveal_without_reason")
    if key not in masked_keys(application):
        raise RevealRefused("nothing_masked")
    recorded = PersonalDataReveal.objects.create(
        application=application,
        applicant_id=application.applicant_id,
        province_code=application.province_code,
        officer=officer,
        key=key,
        revision_number=application.revision_number,
        reason=reason,
        at=at,
    )
    note_activity(application, officer=officer, at=at)
    return recorded


def revealed_keys(application: Application, officer: Account, *, at: datetime) -> frozenset[str]:
    """What the officer has asked to see of this revision within the last half hour."""
    return frozenset(
        PersonalDataReveal.objects.filter(
            application=application,
            officer=officer,
            revision_number=application.revision_number,
            at__gt=at - SHOWN_FOR,
        ).values_list("key", flat=True)
    )
