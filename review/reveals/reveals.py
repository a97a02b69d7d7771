"""Reveals masked personal values: with a reason, recorded, and for a limited time."""

from __future__ import annotations

from datetime import datetime, timedelta

from registry.book.held_facts import materials_as_of
from registry.errors import FilingError
from registry.models import Account, Application
from registry.presentation.materials import sections_about
from registry.rules.substance import says_something
from registry.rules.visible_text import clean
from registry.rules.workflow.states import Kind
from review.desk.claims import note_activity
from review.models import PersonalDataReveal

SHOWN_FOR = timedelta(minutes=30)
REASON_LENGTH = 500


class RevealRefused(FilingError):
    """The value is not revealed: no reason was given, or it is not masked."""


def masked_keys(application: Application) -> frozenset[str]:
    """The keys of the particulars shown masked on the case page."""
    shown = sections_about(Kind(application.kind), materials_as_of(application))
    return frozenset(row.key for section in shown for row in section.rows if row.is_masked)


def reveal(
    application: Application, key: str, *, reason: str, officer: Account, at: datetime
) -> PersonalDataReveal:
    """Records a reveal, which shows the officer the value for `SHOWN_FOR`. Raises RevealRefused."""
    reason = clean(reason, line_breaks=True)[:REASON_LENGTH]
    if not says_something(reason):
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
    """The keys of this revision that the officer has revealed within `SHOWN_FOR`."""
    return frozenset(
        PersonalDataReveal.objects.filter(
            application=application,
            officer=officer,
            revision_number=application.revision_number,
            at__gt=at - SHOWN_FOR,
        ).values_list("key", flat=True)
    )
