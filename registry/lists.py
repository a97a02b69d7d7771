"""The lists an administrator keeps, as the rules and the forms read them, and the digest of their public names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.db import transaction

from registry.models import ListEntry, NamesVersion
from registry.rules.particulars.public import published_columns
from registry.rules.particulars.reasons import Catalogue, Fault, Place

_THE_ONE = 1


def current_lists() -> Mapping[str, frozenset[str]]:
    """The codes that may be chosen now, by list name; retired entries are left out."""
    lists: dict[str, set[str]] = {name: set() for name in ListEntry.ListName.values}
    for name, code in ListEntry.objects.filter(is_active=True).values_list("list_name", "code"):
        lists[name].add(code)
    return {name: frozenset(codes) for name, codes in lists.items()}


def entry_names(list_name: str) -> dict[str, str]:
    """Every code of a list, retired ones included, with its name in the language now active; in order."""
    return {entry.code: str(entry) for entry in ListEntry.objects.filter(list_name=list_name)}


def names_by_list() -> dict[str, dict[str, str]]:
    """The names of every list, each as `entry_names` gives them; one query for all."""
    found: dict[str, dict[str, str]] = {name: {} for name in ListEntry.ListName.values}
    for entry in ListEntry.objects.only("list_name", "code", "name_zh", "name_en"):
        found[entry.list_name][entry.code] = str(entry)
    return found


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


def digest_of_names(names: Iterable[tuple[str, str, str, str]]) -> str:
    """The digest of entries as list, code, Chinese and English name, in any order."""
    return hashlib.sha256(json.dumps(sorted(names)).encode()).hexdigest()


@transaction.atomic
def note_names() -> str:
    """Keeps the digest of the names that public codes have now, and gives it; nothing is written where it is kept.

    Call it in the transaction of a change of a list: the change and its digest are seen together. Two changes at the
    same time follow each other on the row's lock, so that the later digest has the names of both.
    """
    kept, _created = NamesVersion.objects.select_for_update().get_or_create(pk=_THE_ONE)
    lists = {column.named_in for column in published_columns() if column.named_in is not None}
    found = ListEntry.objects.filter(list_name__in=lists)
    digest = digest_of_names(found.values_list("list_name", "code", "name_zh", "name_en"))
    if kept.digest != digest:
        NamesVersion.objects.filter(pk=kept.pk).update(digest=digest)
    return digest
