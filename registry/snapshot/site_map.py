"""The site map for search engines (sitemaps.org): the pages of all public filings and of the lists."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from django.urls import reverse

from registry.models import Filing
from registry.publication import lists
from registry.publication.addresses import list_url, portal_url, record_url

# What one file may name at most.
ADDRESSES_A_PART = 50_000
_FETCHED = 2_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_PAGES = (
    "public:home",
    "public:filings",
    "public:batches",
    "public:statistics",
    "public:help",
    "public:scope",
)


def parts() -> Iterator[bytes]:
    """The files that name the addresses, each with as many as it may."""
    addresses = chain(_pages(), _lists(), _records())
    while part := list(islice(addresses, ADDRESSES_A_PART)):
        yield _document("urlset", "url", part)


def index(count: int) -> bytes:
    """The file that names so many parts."""
    return _document("sitemapindex", "sitemap", [portal_url(part_address(part + 1)) for part in range(count)])


def part_address(part: int) -> str:
    """The path of a part, from 1."""
    return f"/sitemap-{part}.xml"


def _pages() -> Iterator[str]:
    return (portal_url(reverse(name)) for name in _PAGES)


def _lists() -> Iterator[str]:
    return (list_url(each.number) for each in lists.public_lists())


def _records() -> Iterator[str]:
    numbers = Filing.objects.exclude(number=None).order_by("number").values_list("number", flat=True)
    return (record_url(number) for number in numbers.iterator(_FETCHED) if number)


def _document(root: str, name: str, addresses: list[str]) -> bytes:
    # Addresses are percent-encoded by `reverse`: no character of theirs means anything in XML.
    rows = "".join(f"<{name}><loc>{address}</loc></{name}>\n" for address in addresses)
    return f"{_HEAD}<{root} {_NAMESPACE}>\n{rows}</{root}>\n".encode()
