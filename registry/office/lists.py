"""Changes of the administrator's lists. Materials refer to an entry's code, so it is never changed or deleted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import structlog
from django.db import IntegrityError, transaction

from registry.errors import FilingError, NotFound
from registry.lists import note_names
from registry.models import Account, ListEntry

_log = structlog.get_logger("portal.office")


class CodeTaken(FilingError):
    """The list has an entry of this code, perhaps a retired one."""


@transaction.atomic
def add_entry(list_name: str, *, code: str, words: Mapping[str, Any], by: Account) -> ListEntry:
    """Adds an entry at the end of a list; `words` are its other columns. Raises CodeTaken."""
    last = ListEntry.objects.filter(list_name=list_name).order_by("-position").first()
    try:
        with transaction.atomic():
            entry = ListEntry.objects.create(
                list_name=list_name,
                code=code,
                position=last.position + 1 if last is not None else 0,
                **words,
            )
    except IntegrityError as error:
        raise CodeTaken("code_taken", code=code) from error
    _note("add", entry, by)
    return entry


@transaction.atomic
def reword_entry(entry_id: uuid.UUID, *, words: Mapping[str, Any], by: Account) -> ListEntry:
    """Sets the columns in `words` of an entry; its code stays. Raises NotFound."""
    entry = _locked(entry_id)
    for name in words:
        setattr(entry, name, words[name])
    entry.save(update_fields=list(words))
    _note("reword", entry, by)
    return entry


@transaction.atomic
def move_entry(entry_id: uuid.UUID, *, down: bool, by: Account) -> ListEntry:
    """Moves an entry one place up or down; the first or last stays where it is. Raises NotFound."""
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
    """Retires an entry, or offers it again; materials that chose it keep it. Raises NotFound."""
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
    note_names()
    _log.info("list_changed", act=act, list=entry.list_name, code=entry.code, by=str(by.pk))
