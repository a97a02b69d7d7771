"""Former names that are missing from rows, because a version that did not know of them recorded a change."""

from __future__ import annotations

from registry.book.rows import mend_former_names
from registry.models import Filing

_BATCH = 1_000


def mend_all_former_names() -> int:
    """Compares the former names of every changed filing with its events, and mends them; how many were mended."""
    changed = Filing.objects.filter(number__isnull=False, changed_at__isnull=False).order_by("pk")
    return sum(mend_former_names(key) for key in changed.values_list("pk", flat=True).iterator(_BATCH))
