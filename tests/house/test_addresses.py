"""Every address has a line in the access table, and every line an address."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from filing_portal.access import ACCESS, audience_for


def _names(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The name with its namespaces, and the pattern, of everything below."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join((*namespaces, entry.name or "")), str(entry.pattern)


def test_every_address_has_a_name_and_a_line_in_the_access_table() -> None:
    addresses = list(_names(get_resolver()))
    assert ("healthz", "healthz") in addresses
    without = [
        f"{name or '(no name)'}: {pattern}" for name, pattern in addresses if audience_for(name) is None
    ]
    assert without == []


def test_every_line_of_the_access_table_has_an_address() -> None:
    names = {name for name, _pattern in _names(get_resolver())}
    assert sorted(set(ACCESS) - names) == []
