"""Known public chains: how they are called, whether the name means the public network alone, and their addresses.

Chains that are not here are taken as their applicants describe them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from registry.rules.search_form import form_of

_PARTS = re.compile(r"[\s,;，；、。|()（）“”\"'<>]+")
_LABEL = re.compile(r"\A[^\x00-\x7f]*[:：]")
_EVM = re.compile(r"0[xX](?!0{40}\Z)[0-9a-fA-F]{40}\Z")
_EOS_NAME = re.compile(r"[a-z1-5.]{0,11}[a-z1-5]\Z")
_CONFLUX = re.compile(r"cfx:(?:type\.[a-z]+:)?[0-9abcdefghjkmnprstuvwxyz]{42}\Z", re.IGNORECASE)
_BECH32 = re.compile(r"bc1[02-9ac-hj-np-z]{11,87}\Z", re.IGNORECASE)
_TRANSACTION = re.compile(r"(?:0x)?[0-9a-f]{64}(?:i[0-9]+)?\Z", re.IGNORECASE)
_TRON_HEX = re.compile(r"41[0-9a-f]{40}\Z", re.IGNORECASE)
_MOVE = re.compile(r"0x[0-9a-f]{1,64}(?:::\w+)*\Z", re.IGNORECASE)
_HEX = re.compile(r"0x[0-9a-z]*\Z", re.IGNORECASE)
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# Longer texts are no address in base 58, and are not computed.
_LONGEST_BASE58 = 50
_USUAL_HEX_DIGITS = (40, 64)

AddressCheck = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class PublicChain:
    """A public chain under its names; `is_one_network` where nobody can run a chain of that name apart.

    Software such as Ethereum's also runs consortium chains, which people call by it. `is_address` is None where the
    form of its addresses is not known.
    """

    code: str
    name_zh: str
    name_en: str
    other_names: tuple[str, ...] = ()
    is_one_network: bool = True
    is_address: AddressCheck | None = None


def _is_evm(text: str) -> bool:
    return _EVM.match(text) is not None


def _is_eos(text: str) -> bool:
    """An account of 1 to 12 characters, or an address of the chain's virtual machine."""
    return (len(text) <= 12 and _EOS_NAME.match(text) is not None) or _is_evm(text)


def _is_conflux(text: str) -> bool:
    return _CONFLUX.match(text) is not None or _is_evm(text)


def _is_bitcoin(text: str) -> bool:
    """An address, or the transaction that holds what is meant: Bitcoin knows no other contracts."""
    is_written = _BECH32.match(text) or _TRANSACTION.match(text)
    return is_written is not None or _checked_base58(text)[:1] in (b"\x00", b"\x05")


def _is_tron(text: str) -> bool:
    return _TRON_HEX.match(text) is not None or _checked_base58(text)[:1] == b"\x41"


def _is_solana(text: str) -> bool:
    return len(_base58(text)) == 32


def _is_move(text: str) -> bool:
    return _MOVE.match(text) is not None


PUBLIC_CHAINS = (
    PublicChain("bitcoin", "比特币", "Bitcoin", ("BTC",), is_address=_is_bitcoin),
    PublicChain("ethereum", "以太坊", "Ethereum", ("ETH",), is_one_network=False, is_address=_is_evm),
    PublicChain("eos", "EOS", "EOS", ("柚子", "Vaulta"), is_one_network=False, is_address=_is_eos),
    PublicChain("conflux", "树图", "Conflux", ("CFX",), is_one_network=False, is_address=_is_conflux),
    PublicChain("bsc", "币安智能链", "BNB Smart Chain", ("BSC", "BNB Chain", "币安"), is_address=_is_evm),
    PublicChain("polygon", "Polygon", "Polygon", ("Matic",), is_address=_is_evm),
    PublicChain("arbitrum", "Arbitrum", "Arbitrum", ("Arbitrum One",), is_address=_is_evm),
    PublicChain("ethereum_classic", "以太坊经典", "Ethereum Classic", ("ETC",), is_address=_is_evm),
    PublicChain("tron", "波场", "TRON", ("TRX",), is_address=_is_tron),
    PublicChain("solana", "索拉纳", "Solana", ("SOL",), is_address=_is_solana),
    PublicChain("aptos", "Aptos", "Aptos", is_address=_is_move),
    PublicChain("sui", "Sui", "Sui", is_address=_is_move),
    PublicChain("litecoin", "莱特币", "Litecoin", ("LTC",)),
    PublicChain("dogecoin", "狗狗币", "Dogecoin", ("DOGE",)),
    PublicChain("bitcoin_cash", "比特币现金", "Bitcoin Cash", ("BCH",)),
    PublicChain("monero", "门罗币", "Monero", ("XMR",)),
    PublicChain("zcash", "大零币", "Zcash", ("ZEC",)),
    PublicChain("cardano", "艾达币", "Cardano", ("ADA",)),
    PublicChain("filecoin", "文件币", "Filecoin", ("FIL",)),
    PublicChain("ton", "TON", "TON", ("The Open Network",)),
)
_GENERIC_ENDINGS = ("mainnet", "network", "blockchain", "主网", "公链", "链", "网络")
_BY_NAME = {
    form_of(name): chain
    for chain in PUBLIC_CHAINS
    for name in (chain.code, chain.name_zh, chain.name_en, *chain.other_names)
}


def find_public_chain(name: str) -> PublicChain | None:
    """The known public chain of this code or name, written in any way; None for any other chain."""
    spelt = form_of(name)
    while spelt not in _BY_NAME:
        ending = next((each for each in _GENERIC_ENDINGS if spelt.endswith(each) and spelt != each), None)
        if ending is None:
            return None
        spelt = spelt.removesuffix(ending)
    return _BY_NAME[spelt]


def malformed_address(text: str, chain: PublicChain) -> str:
    """The first part of the text that cannot be an address on this chain; empty where all can, or nobody can tell.

    A text may list several addresses and say what they are; one that holds no address is malformed as a whole.
    """
    if chain.is_address is None:
        return ""
    parts = _parts(text)
    for part in parts:
        if _HEX.match(part) and not chain.is_address(part):
            return part
    return "" if any(chain.is_address(part) for part in parts) else text.strip()


def unusual_hexadecimal(text: str) -> str:
    """The first part that is written in hexadecimal and has neither 40 nor 64 digits, as addresses mostly have."""
    parts = (part for part in _parts(text) if _HEX.match(part))
    return next((part for part in parts if len(part) - 2 not in _USUAL_HEX_DIGITS), "")


def _parts(text: str) -> list[str]:
    return [_LABEL.sub("", part) for part in _PARTS.split(text.strip()) if part]


def _base58(text: str) -> bytes:
    """The bytes that a text in base 58 stands for; none for any other text."""
    if not 0 < len(text) <= _LONGEST_BASE58 or any(character not in _BASE58 for character in text):
        return b""
    number = 0
    for character in text:
        number = number * 58 + _BASE58.index(character)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _checked_base58(text: str) -> bytes:
    """The 21 bytes of an address whose checksum is right; none for any other text."""
    content = _base58(text)
    if len(content) != 25:
        return b""
    digest = hashlib.sha256(hashlib.sha256(content[:21]).digest()).digest()
    return content[:21] if digest[:4] == content[21:] else b""
