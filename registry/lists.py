"""The lists an administrator keeps, as the rules and the forms read them."""

from __future__ import annotations

from collections.abc import Mapping

from registry.models import ListEntry


def current_lists() -> Mapping[str, frozenset[str]]:
    """The codes that may be chosen now, by list name. Entries taken out of use are absent."""
    lists: dict[str, set[str]] = {name: set() for name in ListEntry.ListName.values}
    for name, code in ListEntry.objects.filter(is_active=True).values_list("list_name", "code"):
        lists[name].add(code)
    return {name: frozenset(codes) for name, codes in lists.items()}


def list_names(list_name: str) -> dict[str, str]:
    """Every code of a list, retired ones included, with its name in the language now active; in order."""
    return {entry.code: str(entry) for entry in ListEntry.objects.filter(list_name=list_name)}


def active_entries(list_name: str) -> list[ListEntry]:
    """The entries that a form offers, in the list's order."""
    return list(ListEntry.objects.filter(list_name=list_name, is_active=True))
