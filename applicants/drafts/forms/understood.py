"""What an answer is understood as where less was typed: said beside its control, before anybody else reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from applicants.drafts.forms.answers import row_count
from registry.rules.codes.web_addresses import completed_url
from registry.rules.particulars import AnswerKind, Particular, particulars_of


def understood(particular: Particular, answer: Any) -> str:
    """The address that an answer without http:// or https:// is taken for, in a sentence; "" for any other answer."""
    if particular.kind is not AnswerKind.URL or not isinstance(answer, str):
        return ""
    address = completed_url(answer)
    return _("Understood as %(address)s.") % {"address": address} if address else ""


def understood_in(section: str, data: QueryDict) -> Iterator[dict[str, Any]]:
    """For each control of an address that a form sent: its name, no value to fill in, and what it is understood as."""
    for particular in particulars_of(section):
        controls = [(particular, particular.name)]
        if particular.kind is AnswerKind.GROUP:
            rows = range(row_count(particular, data))
            controls = [
                (each, f"{particular.name}-{row}-{each.name}") for row in rows for each in particular.fields
            ]
        for each, control in controls:
            if each.kind is AnswerKind.URL and control in data:
                yield {"control": control, "value": None, "note": understood(each, data[control])}
