"""The addresses that requests come from, and the networks by which they are counted.

Somebody with IPv6 owns a whole network of addresses: 2^64 of them at a desk, and commonly up to 256 such networks at a
home or an office. Counted is therefore the network of the desk, and where a message or a try is at stake that of the
subscriber as well. A /48 is an enterprise's or thousands of subscribers': it brakes floods only.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

_DESK_BITS, _SITE_BITS, _PROVIDER_BITS = 64, 56, 48
# Addresses that stand for an IPv4 address, which is then who is counted: translated, mapped and compatible ones.
_STANDING_FOR_IPV4 = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"), IPv6Network("::/96"))


def client_address(request: HttpRequest) -> str:
    """The visitor's address, behind as many proxies as the settings trust; "unknown" where there is none.

    An IPv4 address that is written as IPv6, by a socket for both kinds or by a translator, is given as what it is.
    """
    text = get_client_ip(request) or "unknown"
    address = _ipv6(text)
    if address is None or int(address) <= 1 or not any(address in each for each in _STANDING_FOR_IPV4):
        return text
    return str(IPv4Address(int(address) & 0xFFFFFFFF))


def counted_address(request: HttpRequest) -> str:
    """The address under which requests are counted: of IPv6 the /64, which one visitor owns."""
    return _network(client_address(request), _DESK_BITS)


def counted_networks(request: HttpRequest) -> tuple[str, str] | None:
    """The /56 of an IPv6 address, the most that one subscriber commonly has, and its /48; None for IPv4."""
    text = client_address(request)
    return None if _ipv6(text) is None else (_network(text, _SITE_BITS), _network(text, _PROVIDER_BITS))


def _network(text: str, bits: int) -> str:
    address = _ipv6(text)
    return text if address is None else str(IPv6Network((int(address), bits), strict=False).network_address)


def _ipv6(text: str) -> IPv6Address | None:
    if ":" not in text:
        return None
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return address if isinstance(address, IPv6Address) else None
