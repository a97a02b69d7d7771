"""The lists an administrator keeps, as the rules and the forms read them."""

from __future__ import annotations

from collections.abc import Mapping

from registry.models import ListEntry
from registry.rules.particulars.reasons import Catalogue, Fault, Place


def current_lists() -> Mapping[str, frozenset[str]]:
    """The codes that may be chosen now, by list name; retired entries are left out."""
    lists: dict[str, set[str]] = {name: set() for name in ListEntry.ListName.values}
    for name, code in ListEntry.objects.filter(is_active=True).values_list("list_name", "code"):
        lists[name].add(code)
    return {name: frozenset(codes) for name, codes in lists.items()}


def entry_names(list_name: str) -> dict[str, str]:
    """Every code of a list, retired ones included, with its name in the language now active; in order."""
    return {entry.code: str(entry) for entry in ListEntry.objects.filter(list_name=list_name)}


def active_entries(list_name: str) -> list[ListEntry]:
    """The entries that a form offers, in the list's order."""
    return list(ListEntry.objects.filter(list_name=list_name, is_active=True))


def current_catalogue() -> Catalogue:
    """The reasons for not filing that may be given now, in the list's order."""
    return {
        entry.code: Fault(
            code=entry.code,
            article=entry.article,
            places=frozenset(Place(place) for place in entry.places),
            name_zh=entry.name_zh,
            name_en=entry.name_en,
            remedy_zh=entry.remedy_zh,
            remedy_en=entry.remedy_en,
        )
        for entry in active_entries(ListEntry.ListName.REASONS.value)
    }
