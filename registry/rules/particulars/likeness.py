"""Signs that two services are alike: names that differ only in spelling or generic words, or one domain."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

# Words that say what sort of thing it is, not which one; they are removed from the end of a name.
_GENERIC_WORDS = tuple(
    sorted(
        (
            "股份有限公司",
            "有限责任公司",
            "有限公司",
            "公司",
            "集团",
            "区块链",
            "信息服务",
            "服务",
            "平台",
            "系统",
            "软件",
            "网站",
            "小程序",
            "客户端",
            "app",
            "platform",
            "service",
            "system",
        ),
        key=len,
        reverse=True,
    )
)
_SHORTEST_CORE = 2
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_ADDRESS = re.compile(r"[0-9.]+|\[?[0-9a-f:]+\]?")
# Public suffixes below a two-letter country code: example.com.cn is registered to somebody, com.cn is not.
_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "mil", "net", "org"})
# The provinces' public suffixes, such as gd.cn, two letters each.
_PROVINCES_OF_CN = "ahbjcqfjgdgsgxgzhahbhehihkhlhnjljsjxlnmonmnxqhscsdshsnsxtjtwxjxzynzj"
_SECOND_LEVEL_OF_CN = frozenset(
    _PROVINCES_OF_CN[place : place + 2] for place in range(0, len(_PROVINCES_OF_CN), 2)
)
# Hosts under which everybody can get a name of their own; the domains reserved for examples count as such.
_SHARED_HOSTS = frozenset(
    {
        "example.com",
        "example.net",
        "example.org",
        "gitee.io",
        "github.io",
        "gitlab.io",
        "netlify.app",
        "pages.dev",
        "vercel.app",
    }
)


def spelling_of(name: str) -> str:
    """A name in one spelling: without differences of width, case, spaces and punctuation."""
    return _NOT_IN_NAMES.sub("", unicodedata.normalize("NFKC", name).casefold())


def core_of(name: str) -> str:
    """The part of a name that tells services apart; the name itself when nothing else would be left."""
    core = spelling_of(name)
    while True:
        shorter = next((core.removesuffix(word) for word in _GENERIC_WORDS if core.endswith(word)), core)
        if shorter == core or len(shorter) < _SHORTEST_CORE:
            return core or name.strip()
        core = shorter


def registrable_domain(url: str) -> str:
    """The registrable domain of a web address, or its IP address; empty when there is none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    host = unicodedata.normalize("NFKC", host).casefold().rstrip(".")
    if _ADDRESS.fullmatch(host):
        return host
    labels = host.split(".")
    if len(labels) < 2:
        return ""
    suffix = labels[-2]
    is_shared = len(labels[-1]) == 2 and (
        suffix in _SECOND_LEVEL or (labels[-1] == "cn" and suffix in _SECOND_LEVEL_OF_CN)
    )
    wanted = 3 if is_shared or ".".join(labels[-2:]) in _SHARED_HOSTS else 2
    return ".".join(labels[-wanted:]) if len(labels) >= wanted else ""
