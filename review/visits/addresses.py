"""The web addresses that an application files, each once, and what is looked for on their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.rules.codes.icp_numbers import canonical_icp_number
from registry.rules.errors import InvalidIdentifier
from registry.rules.particulars import particulars
from registry.rules.particulars.definitions import AnswerKind
from registry.rules.particulars.materials import Materials, rows_of, value_of
from registry.rules.workflow.examined import is_about
from registry.rules.workflow.states import Kind

MOST_ADDRESSES = 30


@dataclass(frozen=True, slots=True)
class FiledAddress:
    """A web address as it is filed: at which particular, and the ICP number that stands beside it, if any."""

    key: str
    url: str
    icp_number: str = ""


def filed_addresses(kind: Kind, materials: Materials) -> tuple[FiledAddress, ...]:
    """The addresses that an application of this kind is about, in the order of the forms; thirty at most."""
    found: dict[str, FiledAddress] = {}
    for each in _addresses(materials):
        if is_about(kind, each.key):
            found.setdefault(each.url, each)
    return tuple(found.values())[:MOST_ADDRESSES]


def words_of(materials: Materials) -> tuple[str, str]:
    """The names that are looked for on a page: of the service and of the applicant; empty where there is none."""
    return _text(value_of(materials, "service.service_name")), _text(value_of(materials, "applicant.name"))


def _addresses(materials: Materials) -> Iterator[FiledAddress]:
    for particular in particulars():
        if particular.kind is AnswerKind.URL and particular.applies(materials):
            if url := _text(value_of(materials, particular.key)):
                yield FiledAddress(particular.key, url)
        elif particular.kind is AnswerKind.GROUP and particular.applies(materials):
            fields = [each for each in particular.fields if each.kind is AnswerKind.URL]
            for row in rows_of(materials, particular.key):
                for each in fields:
                    if url := _text(row.get(each.key.rpartition(".")[2])):
                        yield FiledAddress(each.key, url, _icp_number(row.get("icp_number")))


def _icp_number(value: Any) -> str:
    try:
        return canonical_icp_number(_text(value))
    except InvalidIdentifier:
        return _text(value)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
