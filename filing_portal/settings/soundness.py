"""What production's variables must be, before anything is started with them: one sentence for each that is not.

Nothing is repeated of a value that may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from filing_portal.settings.environment import sms_gateway
from filing_portal.settings.keys import decode_key, decode_keys
from filing_portal.settings.site import SAMPLE_IDENTITY, read_identity

LEAST_SECRET_KEY = 50
MOST_PROXIES = 5
_LEAST_DIFFERENT = 10
_FEWEST_LETTERS_OF_A_GATEWAY_SECRET = 8
_LARGEST_PORT = 65_535
_MOST_OF_A_WEB_SERVER = 256
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\Z|\[[0-9a-f:.]+\]\Z", re.IGNORECASE)
_WHOLE = re.compile(r"[0-9]{1,9}\Z")
_OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A variable that production cannot start with, and what to do about it."""

    variable: str
    text: str

    def __str__(self) -> str:
        return f"{self.variable} {self.text}"


Check = Callable[[str], Iterator[str]]


# ---------------------------------------------------------------- one value


def _secret_key(value: str) -> Iterator[str]:
    if len(value) < LEAST_SECRET_KEY or len(set(value)) < _LEAST_DIFFERENT:
        yield f"is too easy to guess: give {LEAST_SECRET_KEY} random characters or more (manage.py keys makes them)."


def _data_keys(value: str) -> Iterator[str]:
    yield from _weaknesses(*decode_keys(value, variable="").values())


def _index_key(value: str) -> Iterator[str]:
    yield from _weaknesses(decode_key(value, variable=""))


def _weaknesses(*keys: bytes) -> Iterator[str]:
    if any(len(set(key)) < _LEAST_DIFFERENT for key in keys):
        yield "holds a key that is not random: manage.py keys makes one."
    if len(set(keys)) < len(keys):
        yield "holds one key under two names: give each name its own."


def _hosts(value: str) -> Iterator[str]:
    for host in (each.strip() for each in value.split(",")):
        if host == "*":
            yield "lets everybody's host name in by *: name the portal's own."
        elif not _HOST.match(host.removeprefix(".")):
            yield f"names {host!r}, which is no host name: write names without https:// and port."


def _base_url(value: str) -> Iterator[str]:
    parts = _split(value)
    if parts is None or parts.scheme != "https" or not parts.hostname:
        yield "is not an address with https://, by which everybody reaches the portal."
    elif parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        yield "is more than https://, a host and perhaps a port: leave the rest out."


def _proxies(value: str) -> Iterator[str]:
    if not _WHOLE.match(value) or not 1 <= int(value) <= MOST_PROXIES:
        yield (
            f"is not a number from 1 to {MOST_PROXIES}: TLS ends at one proxy at least, and a number that is too large"
            " lets visitors choose the address by which they are counted."
        )


def _database(value: str) -> Iterator[str]:
    parts = _split(value)
    if parts is None or parts.query or parts.fragment or "@" in parts.path or "/" in parts.path.strip("/"):
        yield (
            "cannot be read. If its password has one of / ? # @ in it, take the password out and give it as"
            " FILING_PORTAL_DATABASE_PASSWORD."
        )
    elif parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        yield "is not written as postgresql://user@host:port/name."


def _redis(value: str) -> Iterator[str]:
    parts = _split(value)
    if parts is None or parts.fragment or "@" in parts.path:
        yield (
            "cannot be read. If its password has one of / ? # @ in it, take the password out and give it as"
            " FILING_PORTAL_REDIS_PASSWORD."
        )
    elif (
        parts.scheme not in {"redis", "rediss"}
        or not re.fullmatch(r"/?[0-9]*", parts.path)
        or not parts.hostname
    ):
        yield "is not written as redis://host:port/number."


def _gateway(value: str) -> Iterator[str]:
    given = sms_gateway(value, "")
    if not given:
        yield "does not say the gateway's url."
        return
    # Places to be filled in may hold characters of any kind.
    parts = _split(re.sub(r"\{[^{}]*\}", "x", str(given["url"])))
    if parts is None or parts.scheme != "https" or not parts.hostname:
        yield "sends mobiles and codes to an address without https://."


def _gateway_secret(value: str) -> Iterator[str]:
    if len(value) < _FEWEST_LETTERS_OF_A_GATEWAY_SECRET:
        yield "is too short for a secret."


def _identity(value: str) -> Iterator[str]:
    samples = sorted(name for name, text in read_identity(value).items() if SAMPLE_IDENTITY[name] == text)
    left = [name for name in samples if name != "site_name"]
    if left:
        yield f"leaves sample values in the footer of every page: set {', '.join(left)}."


def _yes_or_no(value: str) -> Iterator[str]:
    if value not in {"true", "false"}:
        yield "is neither true nor false."


def _number(value: str) -> Iterator[str]:
    if not _WHOLE.match(value) or int(value) < 1:
        yield "is not a number above 0."


def _few(value: str) -> Iterator[str]:
    if not _WHOLE.match(value) or not 1 <= int(value) <= _MOST_OF_A_WEB_SERVER:
        yield f"is not a number from 1 to {_MOST_OF_A_WEB_SERVER}."


def _port(value: str) -> Iterator[str]:
    if not _WHOLE.match(value) or not 1 <= int(value) <= _LARGEST_PORT:
        yield f"is not a port, a number from 1 to {_LARGEST_PORT}."


def _host(value: str) -> Iterator[str]:
    if not _HOST.match(value):
        yield "is not a host name: the port stands in a variable of its own."


def _sender(value: str) -> Iterator[str]:
    if not re.fullmatch(r"(?:[^<>\r\n]*<)?[^@\s<>]+@[^@\s<>]+>?", value):
        yield "is not a mailbox."


def _absolute(value: str) -> Iterator[str]:
    if not value.startswith("/"):
        yield "is not a path from the root: what it names would depend on where a process is started."


def _ports(value: str) -> Iterator[str]:
    for port in value.split(","):
        if list(_port(port.strip())):
            yield f"names {port.strip()!r}, which is no port, a number from 1 to {_LARGEST_PORT}."


def _networks(value: str) -> Iterator[str]:
    for network in (each.strip() for each in value.split(",")):
        try:
            ip_network(network)
        except ValueError:
            yield f"names {network!r}, which is no network: write 10.0.0.0/8 or 2001:db8::/32, separated by commas."


def _any(_value: str) -> Iterator[str]:
    yield from ()


# Every variable of production, with what its value must be. Those without which nothing starts stand first.
REQUIRED: Mapping[str, Check] = {
    "FILING_PORTAL_SECRET_KEY": _secret_key,
    "FILING_PORTAL_DATA_KEYS": _data_keys,
    "FILING_PORTAL_INDEX_KEY": _index_key,
    "FILING_PORTAL_ALLOWED_HOSTS": _hosts,
    "FILING_PORTAL_BASE_URL": _base_url,
    "FILING_PORTAL_SITE_IDENTITY": _identity,
    "FILING_PORTAL_SMS_GATEWAY": _gateway,
    "FILING_PORTAL_SMS_GATEWAY_SECRET": _gateway_secret,
    "FILING_PORTAL_EMAIL_HOST": _host,
    "FILING_PORTAL_TRUSTED_PROXIES": _proxies,
    "DATABASE_URL": _database,
    "REDIS_URL": _redis,
}
# What gunicorn reads for itself, before any settings and not only in production.
OF_THE_WEB_SERVER: Mapping[str, Check] = {
    "FILING_PORTAL_WEB_THREADS": _few,
    "FILING_PORTAL_WEB_WORKERS": _few,
    "PORT": _port,
}
# What the visitor reads for itself: it has no settings.
OF_THE_VISITOR: Mapping[str, Check] = {
    "FILING_PORTAL_VISITOR_PORTS": _ports,
    "FILING_PORTAL_VISITOR_REFUSED": _networks,
    "FILING_PORTAL_VISITOR_SOCKET": _absolute,
}
OPTIONAL: Mapping[str, Check] = {
    "FILING_PORTAL_DATABASE_PASSWORD": _any,
    "FILING_PORTAL_REDIS_PASSWORD": _any,
    "FILING_PORTAL_DECISION_TIMES_PUBLIC": _yes_or_no,
    "FILING_PORTAL_EMAIL_FROM": _sender,
    "FILING_PORTAL_EMAIL_PASSWORD": _any,
    "FILING_PORTAL_EMAIL_PORT": _port,
    "FILING_PORTAL_EMAIL_TLS": _yes_or_no,
    "FILING_PORTAL_EMAIL_USER": _any,
    "FILING_PORTAL_PROCESS": _any,
    "FILING_PORTAL_SITE_VISITS": _yes_or_no,
    "FILING_PORTAL_SMS_BACKEND": _any,
    "FILING_PORTAL_SMS_PER_DAY": _number,
    "FILING_PORTAL_SMS_SIGNATURE": _any,
    "FILING_PORTAL_SNAPSHOT_ROOT": _absolute,
    "FILING_PORTAL_STATIC_ROOT": _absolute,
    "FILING_PORTAL_VAR_DIR": _absolute,
    **OF_THE_VISITOR,
    **OF_THE_WEB_SERVER,
}
# The decoder is told no more than it needs.
REQUIRED_BY_DECODER = ("FILING_PORTAL_DATA_KEYS", "FILING_PORTAL_BASE_URL", "DATABASE_URL")
FOR_TRYING_OUT = ("FILING_PORTAL_CLOCK_OFFSET_SECONDS", "FILING_PORTAL_SAMPLE_DATA")
_PREFIX = "FILING_PORTAL_"


def problems_of(environ: Mapping[str, str], *, required: Iterable[str] = tuple(REQUIRED)) -> list[Problem]:
    """Everything in these variables that production does not start with; empty where all is well.

    `required` are those that the process cannot do without.
    """
    given = _given(environ)
    found = [Problem(name, "is not set.") for name in required if name not in given]
    for name, check in {**REQUIRED, **OPTIONAL}.items():
        if name in given:
            found += [Problem(name, text) for text in _texts(name, check, given[name])]
    known = {*REQUIRED, *OPTIONAL, *FOR_TRYING_OUT}
    for name in sorted(given):
        if name in FOR_TRYING_OUT:
            found.append(Problem(name, "is for trying the portal out; production refuses it."))
        elif name.startswith(_PREFIX) and name not in known:
            found.append(Problem(name, "is no variable of the portal: look for a slip of the pen."))
    refused = {each.variable for each in found}
    return [*found, *_between({name: value for name, value in given.items() if name not in refused})]


def problems_of_web_server(environ: Mapping[str, str]) -> list[Problem]:
    """What the web server's own variables are not, in any settings; an empty one counts as not set."""
    return _problems_in(environ, OF_THE_WEB_SERVER)


def problems_of_visitor(environ: Mapping[str, str]) -> list[Problem]:
    """What the visitor's own variables are not; an empty one counts as not set."""
    return _problems_in(environ, OF_THE_VISITOR)


def _problems_in(environ: Mapping[str, str], checks: Mapping[str, Check]) -> list[Problem]:
    given = _given(environ)
    return [
        Problem(name, text) for name, check in checks.items() if name in given for text in check(given[name])
    ]


def refuse_unsound(environ: Mapping[str, str], *, required: Iterable[str] = tuple(REQUIRED)) -> None:
    """Raises ImproperlyConfigured with everything that production does not start with, one a line."""
    if problems := problems_of(environ, required=required):
        raise ImproperlyConfigured(
            "\n".join(["The portal does not start in production:", *map(str, problems)])
        )


def _given(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in environ.items() if value.strip()}


def _texts(name: str, check: Check, value: str) -> Iterator[str]:
    try:
        yield from check(value)
    except ImproperlyConfigured as error:
        # It begins with the variable, or with the empty name that the check gave.
        yield str(error).removeprefix(name).strip()


def _between(given: Mapping[str, str]) -> Iterator[Problem]:
    """What only shows in two values beside each other."""
    keys = given.get("FILING_PORTAL_DATA_KEYS", "")
    index_key = given.get("FILING_PORTAL_INDEX_KEY", "")
    if index_key and index_key in {each.rpartition(":")[2].strip() for each in keys.split(",")}:
        yield Problem("FILING_PORTAL_INDEX_KEY", "is also a data key: each must be its own.")
    if given.get("FILING_PORTAL_SECRET_KEY", "no key") in {index_key, keys}:
        yield Problem("FILING_PORTAL_SECRET_KEY", "is also another key: each must be its own.")
    host = _host_of(given.get("FILING_PORTAL_BASE_URL", ""))
    hosts = [each.strip().lower() for each in given.get("FILING_PORTAL_ALLOWED_HOSTS", host).split(",")]
    if host and not any(host == each or (each[:1] == "." and f".{host}".endswith(each)) for each in hosts):
        yield Problem("FILING_PORTAL_BASE_URL", "has a host that FILING_PORTAL_ALLOWED_HOSTS does not name.")
    yield from _passwords(given)
    if (
        given.get("FILING_PORTAL_EMAIL_TLS") == "false"
        and given.get("FILING_PORTAL_EMAIL_HOST") not in _OWN_MACHINE
    ):
        yield Problem("FILING_PORTAL_EMAIL_TLS", "is false, and mails would cross the network in plain text.")


def _passwords(given: Mapping[str, str]) -> Iterator[Problem]:
    for variable, apart in (
        ("DATABASE_URL", "FILING_PORTAL_DATABASE_PASSWORD"),
        ("REDIS_URL", "FILING_PORTAL_REDIS_PASSWORD"),
    ):
        parts = _split(given.get(variable, ""))
        if parts is None or not parts.hostname:
            continue
        if parts.password and apart in given:
            yield Problem(apart, f"is set, and {variable} has a password as well: leave one of them out.")
        elif not parts.password and apart not in given and parts.hostname not in _OWN_MACHINE:
            yield Problem(variable, f"reaches another machine without a password: give it as {apart}.")


def _split(value: str) -> SplitResult | None:
    """The parts of an address; None where it has none, as after a password with a character of addresses in it."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _host_of(value: str) -> str:
    parts = _split(value)
    return (parts.hostname or "").lower() if parts else ""
