"""Web addresses and host names as they are registered: only scheme and host have one form, the rest stays as typed.

Hosts are written in ASCII as IDNA 2008 has it, after the mapping of UTS 46. An address that only works inside a
network or a machine is none of a public service.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import NoReturn
from urllib.parse import urlsplit

import idna

from registry.rules.codes.host_endings import FILE_ENDINGS, HOST_ENDINGS
from registry.rules.errors import InvalidIdentifier

MAXIMUM_URL_LENGTH = 2000
_HOST_LENGTH = 253
_DEFAULT_PORTS = {"http": 80, "https": 443}

_HOST_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
_BEGINNING = re.compile(r"(?P<scheme>[^:：/／?？#＃]{1,20})[:：][/／]{2}(?P<host>[^/／?？#＃]*)")
# What may be an address without its scheme: what stands before a port, a path, a query or a fragment.
_BARE = re.compile(r"(?P<host>[^/／?？#＃:：]+)(?P<rest>.*)\Z", re.DOTALL)
_PORT = re.compile(r"[:：]\d{1,5}(?=[/／?？#＃]|\Z)")
_FULL_STOPS = str.maketrans("。．｡", "...")
_MAIL_ADDRESS = re.compile(r"(?:mailto[:：])?[^\s@＠/／]+[@＠][^\s@＠/／]+\Z", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:", re.IGNORECASE)
_SHOWN_OF_A_FAULT = 60
_FORBIDDEN = re.compile(r'[\x00-\x20\x7f<>"\\^`{|}]')
# A second address: after a mark that parts two texts, or directly behind the first.
_SECOND = re.compile(r"[\s,，;；、|](?:https?://|www\.)|[^=/?&#:%]https?://", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[\s,，;；、|]+")
_CLOSING = {")": "(", "）": "（", "]": "[", "】": "【", "》": "《", "”": "“", "’": "‘"}
_TRAILING = frozenset("。，、；：！？…,;:!'\".．")
_ONLY_INSIDE = frozenset({"localhost", "localdomain", "local", "internal", "lan", "intranet"})
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3"),
        *(
            "::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001:2::/48",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)
# Set aside for examples: nobody has them, and invented data does.
_EXAMPLES = tuple(
    ipaddress.ip_network(network)
    for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def canonical_url(text: str) -> str:
    """A web address with http or https, and a host that the public can reach; a bare host name gets https.

    Raises InvalidIdentifier with the first fault found; what is no address at all is named as what it looks like.
    """
    typed = _visible(text)
    if _is_bare(typed.rstrip("".join(_TRAILING))):
        typed = f"https://{typed}"
    elif _BEGINNING.match(typed) is None:
        _refuse_several(typed)
        _refuse_as_what_it_is(typed)
    _refuse_several(typed)
    _refuse_trailing(typed)
    beginning = _BEGINNING.match(typed)
    scheme = unicodedata.normalize("NFKC", beginning["scheme"]).lower() if beginning is not None else ""
    if beginning is None or scheme not in _DEFAULT_PORTS:
        if _FORBIDDEN.search(typed):
            _refuse("characters")
        _refuse("scheme", found=scheme)
    rest = typed[beginning.end() :]
    if rest:
        rest = unicodedata.normalize("NFKC", rest[0]) + rest[1:]
    if any(unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc") for character in rest):
        _refuse("characters")
    netloc = unicodedata.normalize("NFKC", beginning["host"])
    if _FORBIDDEN.search(netloc + rest):
        _refuse("characters")
    return f"{scheme}://{_location(scheme, netloc)}{rest}"


def completed_url(text: str) -> str:
    """What an address that was typed without http:// or https:// is understood as; "" for any other text."""
    try:
        typed = _visible(text)
        return canonical_url(typed) if _BEGINNING.match(typed) is None else ""
    except InvalidIdentifier:
        return ""


def host_name(text: str) -> str:
    """A host name of at least two labels, in lower case and ASCII. Raises InvalidIdentifier."""
    host = text.lower().rstrip(".")
    if len(host) > _HOST_LENGTH:
        _refuse("host", found_length=len(host))
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True, std3_rules=True).decode("ascii").rstrip(".")
        except UnicodeError:
            _refuse("host", found=host)
    labels = host.split(".")
    if len(labels) < 2:
        _refuse("host_without_dot", found=host)
    if len(host) > _HOST_LENGTH or labels[-1].isdecimal():
        _refuse("host", found=host)
    if any(len(label) > 63 or not _HOST_LABEL.match(label) for label in labels):
        _refuse("host", found=host)
    return host


def _refuse(code: str, **facts: object) -> NoReturn:
    raise InvalidIdentifier(code, **facts)


def _visible(text: str) -> str:
    """The text without outer white space and without characters that show nothing."""
    text = text.strip()
    if len(text) > MAXIMUM_URL_LENGTH:
        _refuse("too_long", maximum=MAXIMUM_URL_LENGTH, found=len(text))
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf").strip()
    if not visible:
        _refuse("empty")
    return visible


def _is_bare(typed: str) -> bool:
    """Whether the text begins with a host name that the public could know, without the scheme before it."""
    if _BEGINNING.match(typed) is not None or (parts := _BARE.match(typed)) is None:
        return False
    host, rest = _host_in(parts["host"]), parts["rest"]
    if rest[:1] in (":", "：") and _PORT.match(rest) is None:
        return False
    try:
        ending = host_name(host).rpartition(".")[2]
    except InvalidIdentifier:
        return False
    is_named_as_site = host.lower().startswith("www.")
    if ending in FILE_ENDINGS and not rest and not is_named_as_site:
        return False
    return is_named_as_site or ending in HOST_ENDINGS


def _host_in(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_FULL_STOPS)


def _refuse_as_what_it_is(typed: str) -> None:
    """Refuses a text without a scheme that is no host name, with what it looks like."""
    found = typed[:_SHOWN_OF_A_FAULT]
    if sum(map(_is_bare, _BETWEEN_ADDRESSES.split(typed))) > 1:
        _refuse("several_addresses")
    if _MAIL_ADDRESS.match(typed):
        _refuse("mail_address", found=found)
    host = _host_in(parts["host"]) if (parts := _BARE.match(typed)) is not None else ""
    if _is_ip_address(typed) or _is_ip_address(host):
        _refuse("ip_address", found=found)
    if _OTHER_SCHEME.match(typed):
        _refuse("scheme", found=typed.partition(":")[0].lower())
    name, dot, ending = host.rpartition(".")
    if dot and name and ending.lower() in FILE_ENDINGS:
        _refuse("file_name", found=found)
    _refuse("no_address", found=found)


def _is_ip_address(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        return False


def _refuse_several(typed: str) -> None:
    if _SECOND.search(typed):
        _refuse("several_addresses")
    if (beginning := _BEGINNING.match(typed)) is not None:
        hosts = [host for host in _BETWEEN_ADDRESSES.split(beginning["host"]) if "." in host]
        if len(hosts) > 1:
            _refuse("several_addresses")


def _refuse_trailing(typed: str) -> None:
    last = typed[-1]
    opening = _CLOSING.get(last)
    if last in _TRAILING or (opening is not None and typed.count(last) > typed.count(opening)):
        _refuse("trailing_punctuation", found=last)


def _location(scheme: str, netloc: str) -> str:
    """Host and port, without the port that the scheme has of itself."""
    if "@" in netloc:
        _refuse("credentials")
    try:
        parts = urlsplit(f"{scheme}://{netloc}")
    except ValueError:
        _refuse("host")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        _refuse("port")
    if not host:
        _refuse("host_missing")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        written = host_name(host)
        if written.rpartition(".")[2] in _ONLY_INSIDE:
            _refuse("private_address", found=written)
    else:
        _refuse_private(address)
        written = f"[{address}]" if address.version == 6 else str(address)
    return written if port in (None, _DEFAULT_PORTS[scheme]) else f"{written}:{port}"


def is_only_inside(address: _Address) -> bool:
    """Whether an address works only inside a machine or a network, or is nobody's."""
    return _is_in(address, _NOT_PUBLIC)


def is_example(address: _Address) -> bool:
    """Whether an address is set aside for examples. Source: RFC 5737, RFC 3849, RFC 9637."""
    return _is_in(address, _EXAMPLES)


def _is_in(address: _Address, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    meant = _embedded(address) or address
    return any(meant in network for network in networks if network.version == meant.version)


def _embedded(address: _Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, translated or tunnelled."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _refuse_private(address: _Address) -> None:
    if is_only_inside(address):
        _refuse("private_address", found=str(address))
