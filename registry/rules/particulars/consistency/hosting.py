"""Where a service runs: addresses that nobody can reach, and places that contradict each other."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from itertools import chain, islice

from registry.rules.codes.places_in_addresses import names_mainland_division
from registry.rules.codes.web_addresses import is_example, is_only_inside
from registry.rules.particulars.consistency.definitions import Found, Stated, error, question
from registry.rules.particulars.materials import Materials, rows_of, value_of
from registry.rules.search_form import form_of

_SERVERS = "service.server_addresses"
_EXPLORERS = "content.explorer_servers"
_NODES, _COUNTRIES = "service.node_places", "service.node_countries"

# How places outside the mainland mostly begin. A street or building may be named after one.
_ABROAD = (
    *(
        "美国",
        "日本",
        "韩国",
        "新加坡",
        "英国",
        "德国",
        "法国",
        "荷兰",
        "爱尔兰",
        "瑞士",
        "瑞典",
        "芬兰",
        "俄罗斯",
    ),
    *(
        "加拿大",
        "澳大利亚",
        "新西兰",
        "印度",
        "马来西亚",
        "泰国",
        "越南",
        "印度尼西亚",
        "菲律宾",
        "柬埔寨",
        "巴西",
    ),
    *(
        "阿联酋",
        "迪拜",
        "东京",
        "首尔",
        "硅谷",
        "法兰克福",
        "伦敦",
        "阿姆斯特丹",
        "弗吉尼亚",
        "俄勒冈",
        "香港",
        "澳门",
    ),
    *("台湾", "中国香港", "中国澳门", "中国台湾", "境外", "海外", "国外"),
    *(
        "Hong Kong",
        "Macao",
        "Macau",
        "Taiwan",
        "Singapore",
        "Japan",
        "Tokyo",
        "Korea",
        "Seoul",
        "United States",
    ),
    *(
        "USA",
        "United Kingdom",
        "London",
        "Germany",
        "Frankfurt",
        "France",
        "Netherlands",
        "Ireland",
        "Canada",
    ),
    *("Australia", "India", "Malaysia", "Thailand", "Vietnam", "Indonesia", "Brazil", "Dubai", "Switzerland"),
)
_CHINA = ("中国", "中国大陆", "中华人民共和国", "China")
_NAMED_AFTER = re.compile(r"[东西南北中]?[一二三四五]?(?:路|街|道|大道|大厦|城|广场|际|园|花园|小镇)")


@error(_SERVERS)
def server_can_be_reached(stated: Stated) -> Iterator[Found]:
    """The server of a public service has an address that the public can reach."""
    yield from _only_inside(stated.materials, _SERVERS, "address")


@error(_EXPLORERS)
def explorer_server_can_be_reached(stated: Stated) -> Iterator[Found]:
    """The server of a public explorer has an address that the public can reach."""
    yield from _only_inside(stated.materials, _EXPLORERS, "ip_address")


@question(_SERVERS)
def server_address_is_no_example(stated: Stated) -> Iterator[Found]:
    """Addresses set aside for examples are nobody's: one that is filed was mostly copied."""
    for index, row in enumerate(rows_of(stated.materials, _SERVERS)):
        address = _ip_address(row.get("address"))
        if address is not None and is_example(address):
            yield Found(f"{_SERVERS}.address", {"found": str(address)}, index)
            return


@question(_SERVERS)
def one_server_stands_in_one_place(stated: Stated) -> Iterator[Found]:
    """One address is not given with two places."""
    places: dict[str, str] = {}
    for index, row in enumerate(rows_of(stated.materials, _SERVERS)):
        address, place = row.get("address"), row.get("place")
        if not isinstance(address, str) or not isinstance(place, str) or not address.strip():
            continue
        known = places.setdefault(form_of(address), form_of(place))
        if known != form_of(place):
            yield Found(f"{_SERVERS}.place", {"found": address.strip()}, index)
            return


@question(_NODES, _COUNTRIES, "service.has_nodes_abroad")
def nodes_abroad_are_stated(stated: Stated) -> Iterator[Found]:
    """Where no node is abroad, no place of nodes is."""
    if value_of(stated.materials, "service.has_nodes_abroad") is False:
        places = _abroad(stated.materials, _NODES, "place")
        yield from islice(chain(places, _abroad(stated.materials, _COUNTRIES, "country")), 1)


@question(_SERVERS, "service.has_nodes_abroad")
def servers_abroad_are_explained(stated: Stated) -> Iterator[Found]:
    """A service without nodes abroad mostly has no servers abroad."""
    if value_of(stated.materials, "service.has_nodes_abroad") is False:
        yield from _abroad(stated.materials, _SERVERS, "place")


def has_nodes_abroad(materials: Materials) -> bool | None:
    """Whether the places or countries of the nodes lie outside the mainland; None where that cannot be read from all.

    A place is in the mainland where it begins with the name of a division, a country where it is China. That all nodes
    of a public chain are in the mainland its countries alone can say.
    """
    if any(chain(_abroad(materials, _NODES, "place"), _abroad(materials, _COUNTRIES, "country"))):
        return True
    countries = [row.get("country") for row in rows_of(materials, _COUNTRIES)]
    if countries:
        return False if all(each in _CHINA for each in countries) else None
    if value_of(materials, "service.chain_kind") == "public":
        # Anybody runs a node of a public chain: the places that are named are not all.
        return None
    places = [row.get("place") for row in rows_of(materials, _NODES)]
    if places and all(isinstance(each, str) and names_mainland_division(each) for each in places):
        return False
    return None


RULES = (
    server_can_be_reached,
    explorer_server_can_be_reached,
    server_address_is_no_example,
    one_server_stands_in_one_place,
    nodes_abroad_are_stated,
    servers_abroad_are_explained,
)


def _only_inside(materials: Materials, key: str, name: str) -> Iterator[Found]:
    for index, row in enumerate(rows_of(materials, key)):
        address = _ip_address(row.get(name))
        if address is not None and is_only_inside(address):
            yield Found(f"{key}.{name}", {"found": str(address)}, index)


def _ip_address(text: object) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip()) if isinstance(text, str) else None
    except ValueError:
        return None


def _abroad(materials: Materials, key: str, name: str) -> Iterator[Found]:
    for index, row in enumerate(rows_of(materials, key)):
        place = row.get(name)
        if isinstance(place, str) and _is_abroad(place):
            yield Found(f"{key}.{name}", {}, index)
            return


def _is_abroad(place: str) -> bool:
    spelt = form_of(place)
    for name in map(form_of, _ABROAD):
        if spelt.startswith(name) and not _NAMED_AFTER.match(spelt.removeprefix(name)):
            return True
    return False
