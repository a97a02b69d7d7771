"""Numbers of other registers that stand at the foot of a site too, and are taken for filing numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from registry.rules.codes.icp_numbers import LICENCE_LETTERS
from registry.rules.search_form import plain_characters

_MOST_CHARACTERS = 1_000
_LETTERS = "".join(sorted(LICENCE_LETTERS))


class OtherRegister(StrEnum):
    """Whose number it is."""

    ICP = "icp"
    TELECOM_LICENCE = "telecom_licence"
    POLICE = "police"
    ALGORITHM = "algorithm"


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A number of another register, as it was typed, without blanks."""

    register: OtherRegister
    number: str


# In the order in which they are asked, for text in compatibility form.
NUMBER_PATTERNS: Mapping[OtherRegister, str] = MappingProxyType(
    {
        OtherRegister.ALGORITHM: r"网信算备\s*[0-9A-Z]{10,24}号?",
        OtherRegister.POLICE: rf"(?:[{_LETTERS}]\s*)?公网安备\s*[0-9]{{8,16}}号?",
        OtherRegister.ICP: (
            rf"(?:[{_LETTERS}]\s*)?ICP\s*[备证]\s*:?\s*[0-9]{{5,12}}X?(?:-[0-9]{{1,6}})?\s*号?"
            r"(?:-[0-9]{1,6}[A-Z]?)?"
        ),
        OtherRegister.TELECOM_LICENCE: (
            rf"(?:(?:合字|[{_LETTERS}])\s*)?(?<![0-9A-Z])[AB][12](?:\.[AB][12]){{0,5}}-20[0-9]{{6}}(?:-[0-9]{{1,6}})?号?"
        ),
    }
)
_PATTERNS = {register: re.compile(pattern) for register, pattern in NUMBER_PATTERNS.items()}


def other_number_in(text: str) -> OtherNumber | None:
    """The number of another register in a text; None where there is none."""
    plain = plain_characters(unicodedata.normalize("NFKC", text[:_MOST_CHARACTERS])).upper()
    for register, pattern in _PATTERNS.items():
        if (found := pattern.search(plain)) is not None:
            return OtherNumber(register, "".join(found[0].split()))
    return None
