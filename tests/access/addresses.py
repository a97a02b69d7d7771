"""Every address of the portal, read from Django's resolver."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def url_names() -> list[str]:
    """The name of every address with its namespaces; an address without a name is told by its pattern."""
    return sorted(set(_names(get_resolver(), ())))


def _names(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _names(entry, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join([*namespaces, entry.name or f"unnamed {entry.pattern}"])
