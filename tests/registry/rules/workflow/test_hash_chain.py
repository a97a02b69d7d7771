"""The one byte form of an event, and the chain of hashes over a stream."""

from __future__ import annotations

import hashlib

import pytest

from registry.rules.workflow.hash_chain import GENESIS, canonical_json, content_digest, event_hash


def test_the_order_of_keys_makes_no_difference_and_the_order_of_a_list_does() -> None:
    assert canonical_json({"乙": [1, None], "a": {"c": True, "b": "“"}}) == (
        '{"a":{"b":"“","c":true},"乙":[1,null]}'.encode()
    )
    assert content_digest({"a": 1, "b": 2}) == content_digest({"b": 2, "a": 1})
    assert content_digest([1, 2]) != content_digest([2, 1])


def test_a_digest_is_the_sha_256_of_the_byte_form() -> None:
    # As `printf '{}' | sha256sum` gives it.
    assert content_digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("value", [1.0, {"a": 0.1}, [1, [float("nan")]], ({"a": (2.5,)},)])
def test_a_float_has_no_canonical_form(value: object) -> None:
    with pytest.raises(TypeError, match="canonical"):
        canonical_json(value)


def test_each_hash_covers_its_event_and_all_before_it() -> None:
    first = event_hash({"act": "submit"}, previous_hash=GENESIS)
    line = f'{{"act":"submit","previous_hash":"{"0" * 64}"}}'
    assert first == hashlib.sha256(line.encode()).hexdigest()
    second = event_hash({"act": "approve"}, previous_hash=first)
    assert second != event_hash({"act": "approve"}, previous_hash=GENESIS)
    assert second != event_hash({"act": "reject"}, previous_hash=first)
