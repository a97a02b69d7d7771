"""What public pages of the register share: a filing as a row of a table, and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from registry.labels import particulars as words
from registry.labels.ending_words import standing_words
from registry.labels.province_words import full_name
from registry.publication.record import PublicFiling
from registry.rules.codes import filing_number
from registry.rules.errors import NotAFilingNumber


def filing_row(
    filing: PublicFiling, former_names: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, Any]:
    """One row of a table of filings; of a search with the former names by which it found the filing."""
    return {
        "former_names": former_names or {},
        "url": reverse("public:filing", args=[filing.number]),
        "filing": filing,
        "province": full_name(filing.province_code),
        "categories": [words.choice_label("content.categories", code) for code in filing.categories],
        "standing_label": standing_words(filing.standing, filing.end_ground),
    }


def address(path: str, asked: Mapping[str, str], *, names: Iterable[str], **changes: str) -> str:
    """The path with what is asked of these names, as changed, in order; empty parameters are left out."""
    parameters = QueryDict(mutable=True)
    for name in (*names, *(name for name in changes if name not in names)):
        if value := changes.get(name, asked.get(name, "")):
            parameters[name] = value
    query = parameters.urlencode()
    return f"{path}?{query}" if query else path


def number_in_address(text: str) -> str:
    """The number as it is written in URLs; a text that is no filing number is unchanged."""
    try:
        return str(filing_number.stated_in(text))
    except NotAFilingNumber:
        return text
