"""Receipt numbers (收件编号): without gaps, by province and year; and the query code (查询码) of each."""

from __future__ import annotations

import hmac

from registry.book.counters import count_on, lock_counter
from registry.encryption import blind_index
from registry.models import ReceiptCounter
from registry.rules.codes.typed import typed_code

# Digits and letters that nobody takes for another, 32 of them: each stands for five bits.
_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GROUP = 4
_LENGTH = 2 * _GROUP


def next_receipt_number(province_code: str, year: int) -> str:
    """The next receipt number (收件编号) of a province and year."""
    last = count_on(lock_counter(ReceiptCounter, province_code=province_code, year=year))
    return f"{year}-{province_code[:2]}-{last:06d}"


def query_code(receipt_number: str) -> str:
    """The code by which the holder of a receipt asks for its status, such as "7KQ2-M9XA".

    Receipt numbers follow each other, so that a number alone proves nothing. The code is made of the number and a
    key of the portal: it is nowhere stored, and it never changes.
    """
    digest = bytes.fromhex(blind_index(receipt_number, purpose="application.query_code"))
    code = "".join(_CHARACTERS[byte % len(_CHARACTERS)] for byte in digest[:_LENGTH])
    return f"{code[:_GROUP]}-{code[_GROUP:]}"


def is_query_code(text: str, *, of: str) -> bool:
    """Whether the text, as it was typed or pasted, is the query code of this receipt number.

    Takes the same time for every number, given or not: the book is not asked.
    """
    typed = "".join(character for character in typed_code(text).upper() if character.isalnum())
    return hmac.compare_digest(typed.encode(), query_code(of).replace("-", "").encode())
