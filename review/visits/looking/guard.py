"""Where a look may go: web addresses on the ports of the web, at addresses of the public network and nowhere else.

The check is made of the address that the connection is opened to, not of its name: between two look-ups a name may
change its address.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from registry.rules.codes.web_addresses import host_name, is_example, is_only_inside
from registry.rules.errors import InvalidIdentifier
from review.visits.looking.limits import MOST_URL
from review.visits.looking.problems import NoAnswer

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_PORTS = {"http": 80, "https": 443}
# The part of IPv6 that is given out at all; within it tunnels, relays and the protocols' own addresses.
_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_NOT_GIVEN_OUT = tuple(
    ipaddress.ip_network(each)
    # Relays of 6to4; where a provider's machines ask the provider itself; 6to4; Teredo and the protocols' own.
    for each in ("192.88.99.0/24", "168.63.129.16/32", "2002::/16", "2001::/23")
)
# Names that are nobody's in the public network. Source: RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN's "internal".
_RESERVED_NAMES = frozenset(
    {
        "example",
        "test",
        "invalid",
        "localhost",
        "local",
        "internal",
        "onion",
        "alt",
        "arpa",
        "lan",
        "intranet",
    }
)
# Source: RFC 2606, section 3.
_EXAMPLES = ("example.com", "example.net", "example.org")
_UNWRITTEN = frozenset('\\<>"^`{|} ')


@dataclass(frozen=True, slots=True)
class Rules:
    """The ports that are asked, networks that are refused beside the ones that always are, and those let through.

    `let_through` is for tests, whose servers listen on the machine itself; names within it may be reserved ones.
    """

    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    refused: tuple[Network, ...] = ()
    let_through: tuple[Network, ...] = field(default=())

    def may_connect(self, address: Address) -> bool:
        """Whether a connection to this address may be opened."""
        if _is_within(address, self.let_through):
            return True
        return is_public(address) and not _is_within(address, self.refused)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public network, in its own right and not by standing for another."""
    if is_only_inside(address) or is_example(address) or _is_within(address, _NOT_GIVEN_OUT):
        return False
    return isinstance(address, ipaddress.IPv4Address) or address in _GIVEN_OUT


def is_reserved(host: str) -> bool:
    """Whether a name is reserved, so that nobody is asked for its address."""
    name = host.rstrip(".")
    is_example_name = any(f".{name}".endswith(f".{each}") for each in _EXAMPLES)
    return is_example_name or name.rpartition(".")[2] in _RESERVED_NAMES


def _is_within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


@dataclass(frozen=True, slots=True)
class Target:
    """A web address taken apart: `host` in ASCII, `path` with its query as it is sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.host_header}{self.path}"


def target_of(url: str, *, rules: Rules) -> Target:
    """The parts of an address. Raises NoAnswer with address_unreadable, scheme_other, holds_credentials, port_other."""
    if len(url) > MOST_URL or any(ord(each) < 0x21 or each in _UNWRITTEN or each == "\x7f" for each in url):
        raise NoAnswer("address_unreadable")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NoAnswer("address_unreadable") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise NoAnswer("scheme_other")
    if "@" in parts.netloc:
        raise NoAnswer("holds_credentials")
    if not host:
        raise NoAnswer("address_unreadable")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in rules.ports:
        raise NoAnswer("port_other")
    return Target(parts.scheme, _written_host(host), port, _path_of(parts))


def joined(base: str, location: str) -> str:
    """The address that a redirect leads to; what a browser would write otherwise is written so. Raises NoAnswer."""
    cleaned = "".join(each for each in location.strip() if each not in "\t\r\n")
    try:
        target = urljoin(base, cleaned)
    except ValueError:
        raise NoAnswer("address_unreadable") from None
    return "".join(quote(each) if each in _UNWRITTEN else each for each in target).partition("#")[0]


def _written_host(host: str) -> str:
    if "%" in host:
        raise NoAnswer("address_unreadable")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return host_name(host)
    except InvalidIdentifier:
        raise NoAnswer("address_unreadable") from None


def _path_of(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    return f"{path}?{query}" if parts.query else path
