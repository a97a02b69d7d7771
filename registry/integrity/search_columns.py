"""What finds a filing but is missing from its row, because a version that did not know of it recorded a change."""

from __future__ import annotations

from django.db.models import QuerySet

from registry.book.rows import mend_search_columns, search_columns_differ
from registry.models import Filing
from registry.rules.workflow.states import PUBLIC_STANDINGS

_BATCH = 1_000


def mend_all_search_columns() -> int:
    """Compares what finds each public filing with its row, or its events if it was changed; how many it mended."""
    return sum(
        (filing.changed_at is not None or search_columns_differ(filing)) and mend_search_columns(filing.pk)
        for filing in _public().order_by("pk").iterator(_BATCH)
    )


def mend_unfilled_search_columns() -> int:
    """Mends the filings that the search does not find at all: a version before gave them their numbers."""
    unfilled = _public().filter(facets="").order_by("pk").values_list("pk", flat=True)
    return sum(mend_search_columns(filing_id) for filing_id in unfilled.iterator(_BATCH))


def _public() -> QuerySet[Filing]:
    return Filing.objects.filter(standing__in=sorted(PUBLIC_STANDINGS))
