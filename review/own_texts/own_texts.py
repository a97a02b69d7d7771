"""An officer's own texts: kept under names, in an order of the officer's, each for the forms it fits.

Nobody else reads them. They are no working papers: what counts is what stands in the form that is sent. They stay with
the account, until the officer removes them or the account is closed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registry.book.locks import lock_row
from registry.errors import FilingError, NotFound
from registry.models import Account
from registry.rules.visible_text import clean, is_visible
from review.models import OwnText

NAME_LENGTH = 40
TEXT_LENGTH = 2000
MOST_KEPT = 60
# Of a text that is kept from a form, the beginning is its name.
_BEGINNING = 20


class OwnTextRefused(FilingError):
    """The text was not kept; the code says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that stands among the officer's own, and whether it is new there."""

    text: OwnText
    is_new: bool


def texts_of(officer: Account) -> list[OwnText]:
    """All texts of an officer, by the forms they fit and in the officer's order."""
    found = list(OwnText.objects.filter(officer=officer).order_by("position", "pk"))
    places = list(OwnText.Place)
    return sorted(found, key=lambda each: places.index(OwnText.Place(each.place)))


def texts_for(officer: Account, place: OwnText.Place) -> list[OwnText]:
    """The officer's texts for one kind of forms, in the officer's order."""
    return list(OwnText.objects.filter(officer=officer, place=place.value).order_by("position", "pk"))


def own_text(officer: Account, text_id: uuid.UUID) -> OwnText:
    """A text of the officer. Raises NotFound, also for those of somebody else."""
    found = OwnText.objects.filter(officer=officer, pk=text_id).first()
    if found is None:
        raise NotFound("own_text_unknown")
    return found


@transaction.atomic
def add(officer: Account, place: OwnText.Place, *, name: str, text: str, at: datetime) -> OwnText:
    """Keeps a text as the last of its kind. Raises OwnTextRefused."""
    name, text = _checked(name, text)
    # One after the other, so that two windows keep no more than MOST_KEPT.
    lock_row(Account, officer.pk)
    kept = OwnText.objects.filter(officer=officer)
    if kept.count() >= MOST_KEPT:
        raise OwnTextRefused("own_texts_too_many", most=MOST_KEPT)
    last = kept.filter(place=place.value).order_by("position").last()
    new = OwnText(
        officer=officer,
        place=place.value,
        position=1 if last is None else last.position + 1,
        changed_at=at,
    )
    new.name, new.text = name, text
    new.save(force_insert=True)
    return new


@transaction.atomic
def keep(officer: Account, place: OwnText.Place, text: str, *, at: datetime) -> Kept:
    """Keeps a text from a form, named by its beginning; one that stands there already is not kept twice.

    Raises OwnTextRefused.
    """
    cleaned = clean(text, line_breaks=True)
    for each in texts_for(officer, place):
        if each.text == cleaned:
            return Kept(each, is_new=False)
    line = cleaned.strip().partition("\n")[0].strip()
    name = line if len(line) <= _BEGINNING else f"{line[:_BEGINNING]}…"
    return Kept(add(officer, place, name=name, text=cleaned, at=at), is_new=True)


@transaction.atomic
def change(
    officer: Account, text_id: uuid.UUID, place: OwnText.Place, *, name: str, text: str, at: datetime
) -> None:
    """Puts another name and text in the place of these; one that moves to other forms comes last there.

    Raises NotFound, OwnTextRefused.
    """
    name, text = _checked(name, text)
    lock_row(Account, officer.pk)
    found = own_text(officer, text_id)
    if found.place != place.value:
        there = texts_for(officer, place)
        found.place, found.position = place.value, there[-1].position + 1 if there else 1
    found.name, found.text, found.changed_at = name, text, at
    found.save()


@transaction.atomic
def move(officer: Account, text_id: uuid.UUID, *, is_up: bool) -> None:
    """Lets a text change places with the one before it, or the one after it; the first and the last stay.

    Raises NotFound.
    """
    lock_row(Account, officer.pk)
    found = own_text(officer, text_id)
    row = texts_for(officer, OwnText.Place(found.place))
    index = [each.pk for each in row].index(found.pk)
    other = index - 1 if is_up else index + 1
    if 0 <= other < len(row):
        row[index], row[other] = row[other], row[index]
    _renumber(row)


def remove(officer: Account, text_id: uuid.UUID) -> None:
    """Removes a text. Raises NotFound, also for those of somebody else."""
    deleted, _by_model = OwnText.objects.filter(officer=officer, pk=text_id).delete()
    if not deleted:
        raise NotFound("own_text_unknown")


def remove_all_of(officer: Account, *, until: datetime) -> int:
    """Removes what an officer kept until then: the account was closed. Gives how many there were."""
    deleted, _by_model = OwnText.objects.filter(officer=officer, changed_at__lte=until).delete()
    return deleted


def _renumber(row: Sequence[OwnText]) -> None:
    for position, each in enumerate(row, start=1):
        if each.position != position:
            OwnText.objects.filter(pk=each.pk).update(position=position)


def _checked(name: str, text: str) -> tuple[str, str]:
    name, text = clean(name, line_breaks=False), clean(text, line_breaks=True)
    if not is_visible(text):
        raise OwnTextRefused("own_text_without_text")
    if not is_visible(name):
        raise OwnTextRefused("own_text_without_name")
    if len(text) > TEXT_LENGTH or len(name) > NAME_LENGTH:
        raise OwnTextRefused("own_text_too_long", most=TEXT_LENGTH)
    return name, text
