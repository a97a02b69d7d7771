"""What is typed to be compared with something known, a code or a log-in: in full-width characters it is the same."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def typed_code(text: str) -> str:
    """A code without blanks and invisible characters, its full-width digits and letters as ordinary ones."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(character for character in plain if unicodedata.category(character) not in _UNSEEN)


def is_meant_as_email(login: str) -> bool:
    """Whether a log-in is an e-mail address rather than a mobile: it has an at sign, full-width or small too."""
    return "@" in typed_code(login)
