"""A quality sample is drawn by chance, exactly as large as its share, and the same again from the same seed."""

from __future__ import annotations

import hashlib
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.quality.draw import deal, digest_of_cases, draw, sample_size

CASES = [f"2026-03-{number:06}" for number in range(1, 41)]
some_cases = st.lists(st.text("0123456789-", min_size=1, max_size=14), max_size=40)
shares = st.integers(1, 100)
seeds = st.text("0123456789abcdef", min_size=1, max_size=32)


@pytest.mark.parametrize(
    ("count", "percent", "size"),
    [
        (0, 100, 0),
        (1, 1, 1),
        (7, 5, 1),
        (20, 5, 1),
        (21, 5, 2),
        (40, 5, 2),
        (41, 5, 3),
        (99, 1, 1),
        (100, 1, 1),
        (101, 1, 2),
        (3, 33, 1),
        (3, 34, 2),
        (3, 67, 3),
        (40, 100, 40),
    ],
)
def test_the_share_is_rounded_up_to_whole_cases(count: int, percent: int, size: int) -> None:
    assert sample_size(count, percent) == size


@pytest.mark.parametrize("seed", ["a", "b0", "5f"])
def test_the_draw_is_what_sha256sum_gives_without_this_software(seed: str) -> None:
    by_hand = sorted(CASES, key=lambda case: hashlib.sha256(f"{seed}:{case}".encode()).hexdigest())
    assert list(draw(CASES, percent=10, seed=seed)) == by_hand[:4]


def test_the_lowest_ranks_are_drawn_as_the_command_line_gives_them() -> None:
    # printf '%s' 'seed:A' | sha256sum begins with 7afc, that of B with 17d3, that of C with 7798.
    assert draw("ABC", percent=66, seed="seed") == ("B", "C")
    assert draw("ABC", percent=100, seed="seed") == ("B", "C", "A")


@given(some_cases, shares, seeds)
def test_it_draws_exactly_the_share_each_once_and_nothing_else(
    cases: list[str], percent: int, seed: str
) -> None:
    drawn = draw(cases, percent=percent, seed=seed)
    assert len(drawn) == sample_size(len(set(cases)), percent)
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(cases)


@given(some_cases, shares, seeds, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_changes_the_draw(
    cases: list[str], percent: int, seed: str, chance: random.Random
) -> None:
    turned = [*cases, *cases[:3]]
    chance.shuffle(turned)
    assert draw(turned, percent=percent, seed=seed) == draw(cases, percent=percent, seed=seed)
    assert digest_of_cases(turned) == digest_of_cases(cases)


@given(some_cases, shares, shares, seeds)
def test_a_larger_share_of_the_same_seed_holds_the_smaller_one(
    cases: list[str], one: int, other: int, seed: str
) -> None:
    few, many = (draw(cases, percent=percent, seed=seed) for percent in sorted((one, other)))
    assert many[: len(few)] == few


def test_over_many_seeds_every_case_is_drawn_about_as_often() -> None:
    drawn: Counter[str] = Counter()
    for number in range(2000):
        drawn.update(draw(CASES, percent=10, seed=f"seed {number}"))
    expected = 2000 * 4 / len(CASES)
    chi_square = sum((drawn[case] - expected) ** 2 / expected for case in CASES)
    # 39 degrees of freedom: 72.1 is passed once in a thousand draws that are fair.
    assert chi_square < 72.1
    assert sum(drawn.values()) == 8000


def test_another_seed_draws_others() -> None:
    assert len({draw(CASES, percent=10, seed=f"{number}") for number in range(50)}) == 50


def test_a_case_more_or_less_is_another_digest() -> None:
    assert digest_of_cases(CASES) != digest_of_cases(CASES[1:])
    assert digest_of_cases(["12", "3"]) != digest_of_cases(["1", "23"])
    assert digest_of_cases([]) == hashlib.sha256(b"").hexdigest()


# ---------------------------------------------------------------- who looks again


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=4), st.lists(st.sampled_from("ABCD"), unique=True), max_size=20
    ),
    seeds,
)
def test_nobody_is_dealt_a_case_that_is_not_theirs_and_only_those_stay_that_nobody_may_look_at(
    able: dict[str, list[str]], seed: str
) -> None:
    dealt = deal(able, seed=seed)
    assert list(dealt) == list(able)
    assert all(officer in able[case] if able[case] else officer == "" for case, officer in dealt.items())
    turned = {case: list(reversed(found)) for case, found in able.items()}
    assert deal(turned, seed=seed) == dealt


@given(st.integers(0, 30), st.integers(1, 5), seeds)
def test_cases_that_all_may_look_at_are_dealt_evenly(count: int, officers: int, seed: str) -> None:
    able = {f"case {number}": [f"officer {each}" for each in range(officers)] for number in range(count)}
    has = Counter(deal(able, seed=seed).values())
    assert max(has.values(), default=0) - min(has[f"officer {each}"] for each in range(officers)) <= 1
