"""The names of countries, in the language now active."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import cast

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from registry.rules.codes.countries import countries


def country_name(code: str) -> str:
    """The country of this code; an unknown code stays one."""
    country = countries().get(code)
    if country is None:
        return code
    return country.name_zh if _is_chinese() else country.name_en


def by_name(codes: Sequence[str]) -> Sequence[str]:
    """Codes of countries in the order in which their names are looked for."""
    return codes if _is_chinese() else sorted(codes, key=lambda code: _plain(country_name(code)))


def _plain(name: str) -> str:
    return unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode().casefold()


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


_name_of = lazy(country_name, str)
COUNTRY_NAMES: dict[str, Promise] = {code: cast(Promise, _name_of(code)) for code in countries()}
