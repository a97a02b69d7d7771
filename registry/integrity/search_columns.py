"""What finds a filing or a case but is missing from its row: a version that did not know of it recorded a change."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from registry.book.rows import mend_case_search, mend_search_columns, search_columns_differ
from registry.models import Application, Filing
from registry.rules.workflow.states import PUBLIC_STANDINGS, Standing

_BATCH = 1_000


def mend_all_search_columns() -> int:
    """Compares what finds each public filing with its row, or its events if it was changed; how many it mended."""
    mended = sum(
        (filing.changed_at is not None or search_columns_differ(filing)) and mend_search_columns(filing.pk)
        for filing in _public().order_by("pk").iterator(_BATCH)
    )
    return mended + mend_former_names()


def mend_former_names() -> int:
    """Mends the filings of renamed applicants that a version before numbered without the names from before."""
    renamed = Filing.objects.exclude(former_applicant_names="").values("applicant")
    found = _public().filter(applicant__in=renamed, standing=Standing.IN_FORCE.value).order_by("pk")
    return sum(mend_search_columns(filing_id) for filing_id in list(found.values_list("pk", flat=True)))


def mend_unfilled_search_columns() -> int:
    """Mends the filings that the search does not find at all: a version before gave them their numbers."""
    unfilled = _public().filter(facets="").order_by("pk").values_list("pk", flat=True)
    return sum(mend_search_columns(filing_id) for filing_id in unfilled.iterator(_BATCH))


def mend_unfilled_case_search() -> int:
    """Mends the applications that the offices' search does not find by their names, or not by their number."""
    unnumbered = Q(filing_number__isnull=True, filing__number__isnull=False)
    unfilled = Application.objects.filter(Q(search_form="") | unnumbered).order_by("pk")
    return sum(mend_case_search(key) for key in list(unfilled.values_list("pk", flat=True)))


def mend_all_case_search() -> int:
    """Compares what finds each application at the offices with its events; how many it mended."""
    keys = Application.objects.order_by("pk").values_list("pk", flat=True)
    return sum(mend_case_search(key) for key in keys.iterator(_BATCH))


def _public() -> QuerySet[Filing]:
    return Filing.objects.filter(standing__in=sorted(PUBLIC_STANDINGS))
