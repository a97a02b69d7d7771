"""The orders of the public register, and what a cursor says of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from registry.cursors import ID, MOMENT, Key, Keyset, Spelling
from registry.rules.codes import filing_number

# A cursor says the number only: the moment and the id are not public.
_NUMBER = Spelling(
    lambda number: str(number.removesuffix("号")[-filing_number.LENGTH :]),
    lambda body: str(filing_number.parse(body)),
)
_MARK = Key("number", _NUMBER)
# Never written: a cursor says the number.
_TEXT = Spelling(str, str)
_ID = Key("id", ID)


class Order(StrEnum):
    """The orders of a search; those by name are in the order of the characters' codes."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SERVICE = "service"
    APPLICANT = "applicant"


ORDERS: Mapping[Order, Keyset] = {
    Order.NEWEST: Keyset(
        "filings", (Key("numbered_at", MOMENT, falls=True), Key("id", ID, falls=True)), mark=_MARK
    ),
    Order.OLDEST: Keyset("oldest", (Key("numbered_at", MOMENT), _ID), mark=_MARK),
    Order.SERVICE: Keyset("service", (Key("service_name", _TEXT), _ID), mark=_MARK),
    Order.APPLICANT: Keyset("applicant", (Key("applicant_name", _TEXT), _ID), mark=_MARK),
}
