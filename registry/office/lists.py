"""Changes of the administrator's lists. Materials refer to an entry's code, so it is never changed or deleted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from registry import clock
from registry.errors import FilingError, NotFound
from registry.lists import note_names
from registry.models import Account, ListEntry
from registry.rules.office.events import OfficeAct, OfficeSubject
from registry.rules.substance import says_something
from registry.streams import office_acts

# What the trail says of an entry.
_TRACED = (
    "name_zh",
    "name_en",
    "kind",
    "article",
    "places",
    "remedy_zh",
    "remedy_en",
    "position",
    "is_active",
)


class CodeTaken(FilingError):
    """The list has an entry of this code, perhaps a retired one."""


class ReasonMissing(FilingError):
    """A list is changed for a reason, which stays with the act."""


@transaction.atomic
def add_entry(
    list_name: str,
    *,
    code: str,
    words: Mapping[str, Any],
    reason: str,
    by: Account,
    is_typed_name: bool = False,
) -> ListEntry:
    """Adds an entry at the end of a list; `words` are its other columns. Raises CodeTaken, ReasonMissing.

    `is_typed_name` says that the reason is the name that an applicant typed, which the entry is made from.
    """
    if not is_typed_name:
        _refuse_without(reason)
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
    _record(OfficeAct.ENTRY_ADDED, entry, {}, by=by, reason=reason)
    return entry


@transaction.atomic
def reword_entry(entry_id: uuid.UUID, *, words: Mapping[str, Any], reason: str, by: Account) -> ListEntry:
    """Sets the columns in `words` of an entry; its code stays. Raises NotFound, ReasonMissing.

    Words that are as they were change nothing and leave no act.
    """
    _refuse_without(reason)
    entry = _locked(entry_id)
    before = _traced(entry)
    for name in words:
        setattr(entry, name, words[name])
    entry.save(update_fields=list(words))
    if _traced(entry) != before:
        _record(OfficeAct.ENTRY_REWORDED, entry, before, by=by, reason=reason)
    return entry


@transaction.atomic
def move_entry(entry_id: uuid.UUID, *, down: bool, by: Account) -> ListEntry:
    """Moves an entry one place up or down; the first or last stays where it is. Raises NotFound.

    Where it stands says nothing of it: no reason is asked.
    """
    entry = _locked(entry_id)
    entries = list(ListEntry.objects.select_for_update().filter(list_name=entry.list_name))
    place = next(index for index, each in enumerate(entries) if each.pk == entry.pk)
    other = place + (1 if down else -1)
    if 0 <= other < len(entries):
        entries[place], entries[other] = entries[other], entries[place]
        for position, each in enumerate(entries):
            each.position = position
        ListEntry.objects.bulk_update(entries, ["position"])
        _record(OfficeAct.ENTRY_MOVED, entries[other], {"position": place}, by=by, names=("position",))
    return entry


@transaction.atomic
def set_offered(entry_id: uuid.UUID, *, is_offered: bool, reason: str, by: Account) -> ListEntry:
    """Retires an entry, or offers it again; materials that chose it keep it. Raises NotFound, ReasonMissing."""
    _refuse_without(reason)
    entry = _locked(entry_id)
    if entry.is_active == is_offered:
        return entry
    entry.is_active = is_offered
    entry.save(update_fields=["is_active"])
    act = OfficeAct.ENTRY_RESTORED if is_offered else OfficeAct.ENTRY_RETIRED
    _record(act, entry, {"is_active": not is_offered}, by=by, reason=reason, names=("is_active",))
    return entry


def _locked(entry_id: uuid.UUID) -> ListEntry:
    entry = ListEntry.objects.select_for_update().filter(pk=entry_id).first()
    if entry is None:
        raise NotFound("list_entry_not_found")
    return entry


def _refuse_without(reason: str) -> None:
    if not says_something(reason):
        raise ReasonMissing("reason_missing")


def _traced(entry: ListEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _TRACED}


def _record(
    act: OfficeAct,
    entry: ListEntry,
    before: Mapping[str, Any],
    *,
    by: Account,
    reason: str = "",
    names: tuple[str, ...] = _TRACED,
) -> None:
    """Keeps the digest of the names, and the act in the entry's stream."""
    note_names()
    office_acts.record(
        act,
        OfficeSubject.LIST_ENTRY,
        f"{entry.list_name}/{entry.code}",
        by=by,
        at=clock.now(),
        before=before,
        after={name: value for name, value in _traced(entry).items() if name in names},
        reason=reason,
    )
