"""Prefectures and counties in the language now active; provinces are named in `province_words`."""

from __future__ import annotations

from datetime import date

from registry.labels.province_words import full_name
from registry.labels.site_texts import is_english
from registry.rules.codes.jurisdictions import division_name, province_of
from registry.rules.codes.place_names import english_name


def division_label(code: str, name: str) -> str:
    """A prefecture or county as a list of places offers it."""
    return english_name(code, name) if is_english() else name


def division_path(code: str, *, on: date) -> str:
    """A place of registration from the province down, as Chinese writes it, or up to it, as English does.

    Raises DivisionUnknown.
    """
    names_down = division_name(code, on)
    if not is_english():
        return "".join(names_down)
    names = [_english(code, name) for name in reversed(names_down[1:])]
    return ", ".join((*names, full_name(province_of(code).code)))


def _english(code: str, name: str) -> str:
    """The English name of a place, or of the prefecture that it lies in."""
    found = english_name(code, name)
    return found if found != name else english_name(f"{code[:4]}00", name)
