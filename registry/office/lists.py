"""Changing the lists that forms choose from. Codes stand in materials: they never change and never go."""

from __future__ import annotations

import uuid

import structlog
from django.db import IntegrityError, transaction

from registry.errors import FilingError, NotFound
from registry.models import Account, ListEntry

_log = structlog.get_logger("portal.office")


class CodeTaken(FilingError):
    """The list has an entry of this code, perhaps a retired one."""


@transaction.atomic
def add_entry(list_name: str, *, code: str, name_zh: str, name_en: str, kind: str, by: Account) -> ListEntry:
    """A new entry at the end of the list. Raises CodeTaken."""
    last = ListEntry.objects.filter(list_name=list_name).order_by("-position").first()
    try:
        with transaction.atomic():
            entry = ListEntry.objects.create(
                list_name=list_name,
                code=code,
                name_zh=name_zh,
                name_en=name_en,
                kind=kind,
                position=last.position + 1 if last is not None else 0,
            )
    except IntegrityError as error:
        raise CodeTaken("code_taken", code=code) from error
    _note("add", entry, by)
    return entry


@transaction.atomic
def rename_entry(entry_id: uuid.UUID, *, name_zh: str, name_en: str, by: Account) -> ListEntry:
    """Mends an entry's names. Raises NotFound."""
    entry = _locked(entry_id)
    entry.name_zh, entry.name_en = name_zh, name_en
    entry.save(update_fields=["name_zh", "name_en"])
    _note("rename", entry, by)
    return entry


@transaction.atomic
def move_entry(entry_id: uuid.UUID, *, down: bool, by: Account) -> ListEntry:
    """Moves an entry one place up or down; at the end of the list it stays. Raises NotFound."""
    entry = _locked(entry_id)
    entries = list(ListEntry.objects.select_for_update().filter(list_name=entry.list_name))
    place = next(index for index, each in enumerate(entries) if each.pk == entry.pk)
    other = place + (1 if down else -1)
    if 0 <= other < len(entries):
        entries[place], entries[other] = entries[other], entries[place]
        for position, each in enumerate(entries):
            each.position = position
        ListEntry.objects.bulk_update(entries, ["position"])
        _note("move", entry, by)
    return entry


@transaction.atomic
def set_offered(entry_id: uuid.UUID, *, is_offered: bool, by: Account) -> ListEntry:
    """Takes an entry out of use, or back into it; what chose it keeps it. Raises NotFound."""
    entry = _locked(entry_id)
    entry.is_active = is_offered
    entry.save(update_fields=["is_active"])
    _note("restore" if is_offered else "retire", entry, by)
    return entry


def _locked(entry_id: uuid.UUID) -> ListEntry:
    entry = ListEntry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("list_entry_not_found")
    return entry


def _note(act: str, entry: ListEntry, by: Account) -> None:
    _log.info("list_changed", act=act, list=entry.list_name, code=entry.code, by=str(by.pk))
