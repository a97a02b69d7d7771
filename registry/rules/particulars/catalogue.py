"""All particulars and slots together, in the order of the forms, and how to find one."""

from __future__ import annotations

from types import MappingProxyType

from registry.rules.errors import FilingError
from registry.rules.particulars import applicant, attachments, content, person_in_charge, service
from registry.rules.particulars.definitions import Particular, Slot
from registry.rules.particulars.materials import SECTIONS, Materials

_PARTICULARS = (
    *applicant.PARTICULARS,
    *person_in_charge.PARTICULARS,
    *service.PARTICULARS,
    *content.PARTICULARS,
)
_BY_KEY = MappingProxyType(
    {entry.key: entry for top in _PARTICULARS for entry in (top, *top.fields)},
)
_SLOT_BY_KEY = MappingProxyType({slot.key: slot for slot in attachments.SLOTS})


class UnknownParticular(FilingError):
    """No particular or slot has this key; `facts["key"]` holds it."""


def sections() -> tuple[str, ...]:
    """The sections of the forms in order; the last, "attachments", holds slots."""
    return SECTIONS


def particulars() -> tuple[Particular, ...]:
    """Every particular of the forms in order; the fields of a group are in its `fields`."""
    return _PARTICULARS


def particulars_of(section: str) -> tuple[Particular, ...]:
    """The particulars of one section in order; none for "attachments", which holds slots."""
    return tuple(particular for particular in _PARTICULARS if particular.section == section)


def slots() -> tuple[Slot, ...]:
    """Every attachment slot in order."""
    return attachments.SLOTS


def find_particular(key: str) -> Particular:
    """The particular with this key, also a group's field such as "service.websites.url".

    Raises UnknownParticular.
    """
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownParticular("unknown_particular", key=key) from None


def find_slot(key: str) -> Slot:
    """The attachment slot with this key ("attachments.business_licence"). Raises UnknownParticular."""
    try:
        return _SLOT_BY_KEY[key]
    except KeyError:
        raise UnknownParticular("unknown_particular", key=key) from None


def is_particular(key: str) -> bool:
    return key in _BY_KEY


def is_slot(key: str) -> bool:
    return key in _SLOT_BY_KEY


def required_slots(materials: Materials) -> tuple[str, ...]:
    """The keys of the slots that these answers ask for and that may not stay empty, in order."""
    return tuple(
        slot.key for slot in attachments.SLOTS if slot.applies(materials) and slot.required(materials)
    )
