"""Where a service runs: addresses that nobody can reach, and places that contradict each other."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice

from registry.rules.codes.countries import countries
from registry.rules.codes.places_in_addresses import names_mainland_division
from registry.rules.codes.web_addresses import is_example, is_only_inside
from registry.rules.particulars.consistency.definitions import Found, Stated, error, question
from registry.rules.particulars.materials import Materials, rows_of, value_of
from registry.rules.search_form import form_of

_SERVERS = "service.server_addresses"
_EXPLORERS = "content.explorer_servers"
_NODES, _COUNTRIES = "service.node_places", "service.node_countries"
_KIND, _COUNT = "service.chain_kind", "service.node_count"

# Shares are estimates, and part of a public chain's nodes stand nobody knows where: so much may be missing, and so
# much may come together by rounding.
_LEAST_SHARE, _MOST_SHARE = 80, 105
# So many nodes of a network that anybody may join mostly stand in more than one country.
_MANY_NODES = 100

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
# Several places in one answer, and what is explained in brackets; words alone are parted in Chinese, where a name has
# no blanks within.
_BETWEEN_PLACES = re.compile(
    r"[，,、;；/／|()（）\[\]【】&＆+＋]|\band\b|以及|(?<=[\u4e00-\u9fff])(?:[和及与]|\s)(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
_LIST = re.compile(r"[，,、;；|]")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
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


@question(_KIND, _COUNTRIES)
def shares_make_up_the_chain(stated: Stated) -> Iterator[Found]:
    """The shares of the countries together are most of a public chain's nodes, and not more than all of them."""
    shares = [row.get("share_percent") for row in rows_of(stated.materials, _COUNTRIES)]
    numbers = [share for share in shares if type(share) is int]
    if not numbers or len(numbers) < len(shares) or not _is_public(stated.materials):
        return
    if not _LEAST_SHARE <= sum(numbers) <= _MOST_SHARE:
        yield Found(_COUNTRIES, {"percent": sum(numbers)})


@question(_KIND, _COUNT, _COUNTRIES)
def many_nodes_stand_in_several_countries(stated: Stated) -> Iterator[Found]:
    """A public chain of many nodes, which anybody may run, mostly has them in more than one country."""
    count, rows = value_of(stated.materials, _COUNT), rows_of(stated.materials, _COUNTRIES)
    if type(count) is int and count >= _MANY_NODES and len(rows) == 1 and _is_public(stated.materials):
        country = rows[0].get("country")
        # Several countries in one row are several.
        if isinstance(country, str) and len(_places_in(country)) == 1:
            yield Found(_COUNTRIES, {"stated": count, "found": country.strip()})


def has_nodes_abroad(materials: Materials) -> bool | None:
    """Whether the places or countries of the nodes lie outside the mainland; None where that cannot be read from all.

    A place is in the mainland where it begins with the name of a division, and so does each of several in one answer; a
    country where it is China. That all nodes of a public chain are in the mainland its countries alone can say.
    """
    if any(chain(_abroad(materials, _NODES, "place"), _abroad(materials, _COUNTRIES, "country"))):
        return True
    countries = [row.get("country") for row in rows_of(materials, _COUNTRIES)]
    if countries:
        return False if all(each in _CHINA for each in countries) else None
    if _is_public(materials):
        # Anybody runs a node of a public chain: the places that are named are not all.
        return None
    places = [row.get("place") for row in rows_of(materials, _NODES)]
    if places and all(isinstance(each, str) and _is_in_the_mainland(each) for each in places):
        return False
    return None


RULES = (
    server_can_be_reached,
    explorer_server_can_be_reached,
    server_address_is_no_example,
    one_server_stands_in_one_place,
    nodes_abroad_are_stated,
    servers_abroad_are_explained,
    shares_make_up_the_chain,
    many_nodes_stand_in_several_countries,
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


def _is_public(materials: Materials) -> bool:
    return bool(value_of(materials, _KIND) == "public")


def _places_in(text: str) -> list[str]:
    """The places that one answer names, and what stands in brackets beside them."""
    return [part.strip() for part in _BETWEEN_PLACES.split(text) if part and part.strip()]


def _is_in_the_mainland(text: str) -> bool:
    """Whether each place of an answer, as a list parts them, is in the mainland, whatever brackets add."""
    places = [part.strip() for part in _LIST.split(_IN_BRACKETS.sub("", text)) if part.strip()]
    return bool(places) and all(map(names_mainland_division, places))


def _is_abroad(text: str) -> bool:
    return any(map(_begins_abroad, _places_in(text)))


def _begins_abroad(place: str) -> bool:
    spelt = form_of(place)
    if spelt in _countries_abroad():
        return True
    for name in _ABROAD:
        form = form_of(name)
        if name.isascii():
            # A word of its own: Malipo is not Mali.
            if re.match(rf"{re.escape(name)}(?![a-z])", place, re.IGNORECASE):
                return True
        elif spelt.startswith(form) and not _NAMED_AFTER.match(spelt.removeprefix(form)):
            return True
    return False


@cache
def _countries_abroad() -> frozenset[str]:
    """The names of all other countries, in both languages, as the search compares them."""
    return frozenset(
        form_of(name)
        for each in countries().values()
        if each.code != "CHN"
        for name in (each.name_zh, each.name_en)
    )
