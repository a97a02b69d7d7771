"""Main chains: their kind, and the addresses of contracts on them."""

from __future__ import annotations

from collections.abc import Iterator

from registry.rules.codes.contract_addresses import (
    PublicChain,
    find_public_chain,
    malformed_address,
    unusual_hexadecimal,
)
from registry.rules.particulars.consistency.definitions import Found, Stated, error, question
from registry.rules.particulars.content import UNLISTED_CHAIN
from registry.rules.particulars.lists import MAIN_CHAINS
from registry.rules.particulars.materials import Materials, Row, rows_of
from registry.rules.particulars.service import CHAIN_KINDS
from registry.rules.particulars.service_categories import CATEGORIES

_PUBLIC, *_CLOSED = CHAIN_KINDS
_ROWS = tuple(category.main_chains_key for category in CATEGORIES)
_CLOSED_CHAINS = {entry.code: entry.kind for entry in MAIN_CHAINS if entry.kind != _PUBLIC}


@error(*_ROWS)
def public_network_is_stated_as_public(stated: Stated) -> Iterator[Found]:
    """A network that everybody may join is no consortium or private chain."""
    for key, index, row in _chains(stated.materials):
        chain = _known(row)
        if chain is not None and chain.is_one_network and row.get("kind") in _CLOSED:
            yield Found(f"{key}.kind", {"chain": chain.code, "chain_kind": row["kind"]}, index)


@question(*_ROWS)
def chain_is_of_its_usual_kind(stated: Stated) -> Iterator[Found]:
    """A chain is public or closed as chains of its name are; its software may run a chain of another kind."""
    for key, index, row in _chains(stated.materials):
        chain = _known(row)
        is_closed_public = chain is not None and not chain.is_one_network and row.get("kind") in _CLOSED
        is_public_closed = row.get("chain") in _CLOSED_CHAINS and row.get("kind") == _PUBLIC
        if is_closed_public or is_public_closed:
            yield Found(f"{key}.kind", {"chain_kind": row["kind"]}, index)
            return


@error(*_ROWS)
def contract_address_is_of_its_chain(stated: Stated) -> Iterator[Found]:
    """The address of a contract has the form that addresses have on its chain."""
    for key, index, row in _chains(stated.materials):
        chain, address = _known(row), _address(row)
        if chain is not None and address and (found := malformed_address(address, chain)):
            yield Found(f"{key}.contract_address", {"chain": chain.code, "found": found}, index)


@question(*_ROWS)
def contract_address_looks_like_one(stated: Stated) -> Iterator[Found]:
    """On a chain whose addresses are not known, what is written in hexadecimal is as long as addresses mostly are."""
    for key, index, row in _chains(stated.materials):
        chain, address = _known(row), _address(row)
        if (chain is None or chain.is_address is None) and (found := unusual_hexadecimal(address)):
            yield Found(f"{key}.contract_address", {"found": found}, index)
            return


RULES = (
    public_network_is_stated_as_public,
    chain_is_of_its_usual_kind,
    contract_address_is_of_its_chain,
    contract_address_looks_like_one,
)


def usual_kind(row: Row) -> str:
    """The kind that the chain of a row is, or that chains of its name usually are; "" for one that is not known."""
    chain = row.get("chain")
    if _known(row) is not None:
        return _PUBLIC
    return _CLOSED_CHAINS.get(chain, "") if isinstance(chain, str) else ""


def _chains(materials: Materials) -> Iterator[tuple[str, int, Row]]:
    for key in _ROWS:
        for index, row in enumerate(rows_of(materials, key)):
            yield key, index, row


def _known(row: Row) -> PublicChain | None:
    """The public chain that a row names, from the list or in words."""
    chain = row.get("chain")
    name = row.get("other_chain_name") if chain == UNLISTED_CHAIN else chain
    return find_public_chain(name) if isinstance(name, str) else None


def _address(row: Row) -> str:
    address = row.get("contract_address")
    return address.strip() if row.get("kind") == _PUBLIC and isinstance(address, str) else ""
