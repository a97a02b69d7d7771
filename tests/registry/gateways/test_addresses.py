"""Requests are counted by what one visitor owns: an IPv4 address, of IPv6 a /64, and a /56 where a try is at stake."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from registry.accounts.limits import LimitReached, address_limits, consume
from registry.gateways.addresses import client_address, counted_address, counted_networks
from registry.public.limits import AddressThrottle
from tests.registry.accounts.journey import begin_sign_up

MINUTE = timedelta(minutes=1)


def asked_from(address: str) -> HttpRequest:
    return RequestFactory(REMOTE_ADDR=address).get("/")


@pytest.mark.parametrize(
    ("address", "client", "counted", "networks"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7", None),
        # A socket for both kinds of address, a translator, and the oldest form.
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7", None),
        ("::FFFF:c000:207", "192.0.2.7", "192.0.2.7", None),
        ("64:ff9b::192.0.2.7", "192.0.2.7", "192.0.2.7", None),
        ("::192.0.2.7", "192.0.2.7", "192.0.2.7", None),
        (
            "2001:db8:1:2:3:4:5:6",
            "2001:db8:1:2:3:4:5:6",
            "2001:db8:1:2::",
            ("2001:db8:1::", "2001:db8:1::"),
        ),
        (
            "2001:db8:1:ff02::",
            "2001:db8:1:ff02::",
            "2001:db8:1:ff02::",
            ("2001:db8:1:ff00::", "2001:db8:1::"),
        ),
        ("fe80::1%eth0", "fe80::1%eth0", "fe80::", ("fe80::", "fe80::")),
        ("::1", "::1", "::", ("::", "::")),
        ("nonsense", "unknown", "unknown", None),
        ("a:b", "unknown", "unknown", None),
    ],
)
def test_an_address_is_counted_by_its_network(
    address: str, client: str, counted: str, networks: tuple[str, str] | None
) -> None:
    request = asked_from(address)
    found = (client_address(request), counted_address(request), counted_networks(request))
    assert found == (client, counted, networks)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/lists/", "/filings.csv"])
def test_whoever_changes_addresses_within_a_network_meets_one_limit(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(AddressThrottle, "THROTTLE_RATES", {"public_api": "5/min", "public_pages": "5/min"})
    answers = [Client(REMOTE_ADDR=f"2001:db8::{number:x}").get(path).status_code for number in range(1, 9)]
    assert answers == [200] * 5 + [429] * 3
    assert Client(REMOTE_ADDR="2001:db8:9:9::1").get(path).status_code == HTTPStatus.OK


@pytest.mark.django_db
def test_a_subscriber_is_counted_beside_its_desks_and_locks_out_no_neighbour() -> None:
    def use(address: str) -> bool:
        try:
            consume(address_limits(asked_from(address), "tried", 2, MINUTE))
        except LimitReached:
            return False
        return True

    assert [use("2001:db8:7:1::1"), use("2001:db8:7:1::2"), use("2001:db8:7:1::3")] == [True, True, False]
    # Four desks' worth of one /56, whatever addresses it uses; another /56 of the same /48 and IPv4 are not touched.
    assert [use(f"2001:db8:7:{desk:x}::1") for desk in range(2, 12)] == [True] * 6 + [False] * 4
    assert (use("2001:db8:7:100::1"), use("2001:db8:8:1::1"), use("192.0.2.1")) == (True, True, True)


@pytest.mark.django_db
def test_a_flood_from_all_of_a_48_ends() -> None:
    def is_taken(subscriber: int) -> bool:
        try:
            consume(address_limits(asked_from(f"2001:db8:9:{subscriber << 8:x}::1"), "flood", 1, MINUTE))
        except LimitReached:
            return False
        return True

    assert [is_taken(subscriber) for subscriber in range(70)] == [True] * 64 + [False] * 6


@pytest.mark.django_db
@override_settings(CODES_PER_ADDRESS_PER_HOUR=2)
def test_codes_are_not_bought_with_addresses_of_one_subscriber() -> None:
    statuses = [
        begin_sign_up(
            Client(REMOTE_ADDR=f"2001:db8:5:{number:x}::1"),
            mobile=f"199000006{number:02d}",
            email=f"sample-site-{number}@example.com",
        ).status_code
        for number in range(10)
    ]
    assert statuses == [302] * 8 + [200] * 2
