"""Under which chain of the list a name is counted that an applicant typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from registry.models import ChainNameDecision
from registry.rules.search_form import form_of


def newest_decisions(*, before: datetime | None = None) -> dict[str, ChainNameDecision]:
    """The decision that holds for each name, by the name's form; of those made `before` a moment if one is given."""
    found = ChainNameDecision.objects.select_related("decided_by").order_by("form", "version")
    if before is not None:
        found = found.filter(decided_at__lt=before)
    return {each.form: each for each in found}


def codes_of_names(*, before: datetime | None = None) -> dict[str, str]:
    """The code that each name is counted under which the office adopted or joined, by the name's form."""
    return {form: each.code for form, each in newest_decisions(before=before).items() if each.code}


def counted_under(stated: str, codes: Mapping[str, str]) -> str:
    """The code that a stated chain is counted under: its own, that of its name, or the name as it was typed."""
    return codes.get(form_of(stated), stated)
