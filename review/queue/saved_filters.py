"""Queue filters that an officer saves under a name, visible only to that officer."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from registry.errors import FilingError, NotFound
from registry.models import Account
from registry.rules.visible_text import clean, is_visible
from review.models import SavedFilters
from review.queue.queue import Filters

NAME_LENGTH = 40
MOST_KEPT = 20


class FiltersRefused(FilingError):
    """The filters were not saved; the code says why."""


@transaction.atomic
def save_filters(officer: Account, name: str, filters: Filters, *, at: datetime) -> SavedFilters:
    """Saves the filters under a name, replacing earlier ones of that name. Raises FiltersRefused."""
    name = clean(name, line_breaks=False)[:NAME_LENGTH]
    if not is_visible(name):
        raise FiltersRefused("filters_without_name")
    if not filters.is_narrowing:
        raise FiltersRefused("filters_narrow_nothing")
    kept = officer.saved_filters.exclude(name=name).count()
    if kept >= MOST_KEPT:
        raise FiltersRefused("filters_too_many", most=MOST_KEPT)
    saved, _created = SavedFilters.objects.update_or_create(
        officer=officer, name=name, defaults={"query": filters.query(), "saved_at": at}
    )
    return saved


def forget_filters(officer: Account, saved_id: uuid.UUID) -> None:
    """Deletes saved filters of the officer. Raises NotFound, also for those of another officer."""
    deleted, _by_model = SavedFilters.objects.filter(officer=officer, pk=saved_id).delete()
    if not deleted:
        raise NotFound("saved_filters_unknown")
