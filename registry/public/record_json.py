"""The public record as the bytes that the API answers: made here for whoever asks now and for who will ask later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from rest_framework.renderers import JSONRenderer

from registry.lists import digest_of_names
from registry.public.serializers import FilingDetailSerializer, FilingSerializer
from registry.publication import record
from registry.publication.edition import edition
from registry.publication.ready import ready_records
from registry.publication.record import Found, ListedName, NumbersPage
from registry.rules.provisions import DISCLAIMER

# Who takes any of these gets the bytes as they are; anything else is for the framework to answer.
_TAKEN = {"*/*", "application/*", "application/json"}
# What a page of records leaves out of them begins with this key, which nothing before it has.
_BEYOND_A_PAGE = b',"history":'


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """A record as bytes, with the digest of the names that they were made from."""

    body: bytes
    sha256: str
    names: str


def shown_record(found: Found, names: Mapping[str, Mapping[str, ListedName]]) -> Any:
    """The record as the API shows it; `names` are those of `listed_names`."""
    return FilingDetailSerializer(found.filing, context={"names": names, "history": found.history}).data


def write_record(number: str) -> WrittenRecord | None:
    """The record of a filing as the API would answer now; None when the number is not public."""
    found = record.look_up(number)
    if not isinstance(found, Found):
        return None
    names = record.listed_names()
    body = _written(shown_record(found, names))
    digest = digest_of_names(
        (name, code, each.name_zh, each.name_en)
        for name, entries in names.items()
        for code, each in entries.items()
    )
    return WrittenRecord(body, hashlib.sha256(body).hexdigest(), digest)


def written_page(page: NumbersPage, *, next_url: str | None, previous_url: str | None) -> bytes:
    """A page of a search: the filings out of their records where these are ready, the others written now."""
    rows = {
        number: body.partition(_BEYOND_A_PAGE)[0] + b"}"
        for number, body in ready_records(page.numbers, edition=edition()).items()
    }
    if missing := [number for number in page.numbers if number not in rows]:
        context = {"names": record.listed_names()}
        filings: Any = record.filings_of(missing)
        for shown in FilingSerializer(filings, many=True, context=context).data:
            rows[shown["number"]] = _written(shown)
    for number in page.former_names.keys() & rows.keys():
        meant = _written(page.former_names[number])
        rows[number] = b'%s,"former_names":%s}' % (rows[number].removesuffix(b"}"), meant)
    return b'{"results":[%s],"next":%s,"previous":%s,"disclaimer":%s}' % (
        b",".join(rows[number] for number in page.numbers if number in rows),
        _written(next_url),
        _written(previous_url),
        _written(DISCLAIMER),
    )


def _written(value: Any) -> bytes:
    # The framework writes nothing at all for None.
    written: bytes = b"null" if value is None else JSONRenderer().render(value)
    return written


def takes_bytes(request: HttpRequest) -> bool:
    """Whether the bytes as they are answer the request: it reads, and asks for JSON in no form of its own."""
    if request.method not in ("GET", "HEAD") or "format" in request.META.get("QUERY_STRING", ""):
        return False
    accepted = request.META.get("HTTP_ACCEPT", "*/*")
    kinds = {each.partition(";")[0].strip() for each in accepted.split(",")}
    return not kinds.isdisjoint(_TAKEN) and "indent" not in accepted


def entity_tag(sha256: str) -> str:
    """The ETag of bytes with this digest."""
    return f'"{sha256}"'
