"""The addresses that requests come from, and the networks by which they are counted.

Somebody with IPv6 owns a whole network of addresses: 2^64 of them at a desk, and up to 65,536 such networks at a site.
Counted is therefore the network of the desk, and where a message or a try is at stake the site as well.
"""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

_DESK_BITS, _SITE_BITS = 64, 48


def client_address(request: HttpRequest) -> str:
    """The visitor's address, behind as many proxies as the settings trust; "unknown" where there is none.

    An IPv4 address that a socket for both kinds writes as IPv6 (`::ffff:192.0.2.1`) is given as what it is.
    """
    text = get_client_ip(request) or "unknown"
    address = _ipv6(text)
    return text if address is None or address.ipv4_mapped is None else str(address.ipv4_mapped)


def counted_address(request: HttpRequest) -> str:
    """The address under which requests are counted: of IPv6 the /64, which one visitor owns."""
    return _network(client_address(request), _DESK_BITS)


def counted_site(request: HttpRequest) -> str | None:
    """The site that the visitor's address belongs to: of IPv6 its /48; None for IPv4, which says nothing of sites."""
    text = client_address(request)
    return None if _ipv6(text) is None else _network(text, _SITE_BITS)


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
