"""A look goes to addresses of the public network alone, whatever name, form or redirect leads there."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

import pytest

from review.visits.looking.fetching import Asked, look
from review.visits.looking.guard import Rules, is_public
from tests.builders.web_sites import says, sends_on, site

LOCAL = (ipaddress.ip_network("127.0.0.1/32"),)


def looked(
    url: str, *, ports: Sequence[int] = (80, 443), let_through: bool = False, resolve: object = None
) -> list[Asked]:
    rules = Rules(frozenset(ports), let_through=LOCAL if let_through else ())
    further = {"resolve": resolve} if resolve is not None else {}
    return list(look(url, rules=rules, agent="test", **further))  # type: ignore[arg-type]


def problem_at(url: str, **how: object) -> str:
    return looked(url, **how)[-1][0].problem  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.8", "198.18.0.1", "192.0.2.1"),
        *("198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "192.88.99.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1", "2001:db8::1", "3fff::1"),
        # An IPv4 address within: mapped, compatible, NAT64, local NAT64, 6to4, Teredo, of public ones too.
        *("::ffff:127.0.0.1", "::ffff:93.184.216.34", "::10.0.0.1", "::93.184.216.34", "64:ff9b::7f00:1"),
        *(
            "64:ff9b::5db8:d822",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::1",
            "2002:5db8:d822::1",
            "2001:0:5ef5:79fb::1",
        ),
        *("100::1", "2001:2::1", "2001:10::1", "2001:20::1", "5f00::1", "4000::1"),
    ],
)
def test_what_is_not_of_the_public_network_is_refused(address: str) -> None:
    parsed = ipaddress.ip_address(address)
    assert not is_public(parsed)
    written = f"[{address}]" if parsed.version == 6 else address
    assert problem_at(f"http://{written}/") == "address_refused"
    assert problem_at("http://site.cn/", resolve=lambda _host, _port: [address]) == "address_refused"


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "1.1.1.1", "223.5.5.5", "2400:3200::1", "2606:4700::1111"]
)
def test_what_is_of_the_public_network_is_not_refused(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://127.1/",
            "http://0177.0.0.1/",
        ),
        *("http://localhost/", "http://localhost./", "http://127.0.0.1%2f@site.cn/", "http://[::1%25eth0]/"),
        *(
            "http://site.cn\\@127.0.0.1/",
            "http://site.cn\t/",
            "http:///path",
            "http://[::1/",
            "http://-a.cn/",
        ),
    ],
)
def test_other_ways_of_writing_an_address_are_not_asked(url: str) -> None:
    steps = looked(url, resolve=lambda _host, _port: pytest.fail("A name was looked up."))
    assert steps[-1][0].problem in {"address_unreadable", "holds_credentials", "name_unknown"}


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("file:///etc/passwd", "scheme_other"),
        ("ftp://site.cn/", "scheme_other"),
        ("gopher://site.cn:70/", "scheme_other"),
        ("javascript:alert(1)", "scheme_other"),
        ("http://user:secret@site.cn/", "holds_credentials"),
        ("http://site.cn:22/", "port_other"),
        ("http://site.cn:6379/", "port_other"),
        ("https://site.cn:99999/", "address_unreadable"),
    ],
)
def test_only_web_addresses_on_the_ports_of_the_web_are_asked(url: str, problem: str) -> None:
    assert problem_at(url, resolve=lambda _host, _port: pytest.fail("A name was looked up.")) == problem


@pytest.mark.parametrize(
    "name",
    [
        "a.example",
        "a.test",
        "a.invalid",
        "printer.local",
        "db.internal",
        "x.onion",
        "www.example.com",
        "example.org",
    ],
)
def test_the_address_of_a_reserved_name_is_asked_of_nobody(name: str) -> None:
    steps = looked(f"http://{name}/", resolve=lambda _host, _port: pytest.fail("A name was looked up."))
    assert steps[-1][0].problem == "name_unknown"


@pytest.mark.parametrize(
    "to",
    [
        *("http://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "//10.0.0.1/", "http://[::1]/"),
        *("http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://0/", "file:///etc/passwd"),
    ],
)
@pytest.mark.parametrize("by", ["redirect", "page"])
def test_every_redirect_is_checked_anew(to: str, by: str) -> None:
    refresh = f'<meta http-equiv="refresh" content="0; url={to}">'.encode()
    with site(sends_on(to) if by == "redirect" else says(refresh)) as first:
        steps = looked(first.url(), ports=(80, first.port), let_through=True)
    assert [step.by for step, _answer in steps] == [by, ""]
    assert steps[-1][0].problem in {"address_refused", "address_unreadable", "scheme_other"}


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """Between two look-ups the name changes its address: it is looked up once, and nobody asks a second time."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    with site(says(b"<title>outside</title>x")) as outside:
        steps = looked(outside.url(host="site.cn"), ports=(outside.port,), let_through=True, resolve=resolve)
    assert [(step.status, step.address) for step, _answer in steps] == [(200, "127.0.0.1")]
    assert asked == ["site.cn"]


def test_a_name_that_changes_its_address_before_a_redirect_is_refused() -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    with site(says(b"inside"), host="127.0.0.2") as inside, site(sends_on("/again")) as outside:
        # Both listen on one port, so that only the address keeps them apart.
        ports = (outside.port, inside.port)
        steps = looked(
            outside.url(host="site.cn"),
            ports=ports,
            let_through=True,
            resolve=lambda _host, _port: next(answers),
        )
    assert [step.problem for step, _answer in steps] == ["", "address_refused"]
    assert inside.paths == []


def test_of_several_addresses_the_private_ones_are_left_out() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        return ["10.0.0.1", "127.0.0.1", "fe80::1%eth0"]

    with site(says(b"x")) as outside:
        steps = looked(outside.url(host="site.cn"), ports=(outside.port,), let_through=True, resolve=resolve)
    assert steps[-1][0].address == "127.0.0.1"


def test_networks_of_the_operator_are_refused_as_well() -> None:
    rules = Rules(refused=(ipaddress.ip_network("93.184.0.0/16"),))
    assert not rules.may_connect(ipaddress.ip_address("93.184.216.34"))
    assert rules.may_connect(ipaddress.ip_address("93.185.216.34"))


def test_a_server_on_ipv6_is_asked_where_it_is_let_through() -> None:
    if not socket.has_ipv6:
        pytest.fail("This machine has no IPv6: the forms of its addresses cannot be tried.")
    with site(says(b"<title>six</title>x"), host="::1") as six:
        rules = Rules(frozenset({six.port}), let_through=(ipaddress.ip_network("::1/128"),))
        steps = list(look(six.url(), rules=rules, agent="test"))
    assert [(step.status, step.address) for step, _answer in steps] == [(200, "::1")]
