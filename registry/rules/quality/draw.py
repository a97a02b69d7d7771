"""The draw of a quality sample (案件质量抽查): by chance, yet so that anybody can repeat and prove it.

Cases are named by their receipt numbers. The rank of a case is the SHA-256 of `seed:receipt number`, and the cases
with the lowest ranks are drawn: `printf '%s' 'SEED:NUMBER' | sha256sum` gives it without this software. The order in
which the cases are given, and how often each is named, change nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

LEAST_PERCENT, MOST_PERCENT = 1, 100
# More than an office looks at again by hand.
MOST_DRAWN = 200


def sample_size(count: int, percent: int) -> int:
    """How many of so many cases are drawn: the share rounded up, so that of any case at least one is."""
    return -(-count * percent // 100)


def draw(cases: Iterable[str], *, percent: int, seed: str) -> tuple[str, ...]:
    """The cases drawn, each once, in the order of their ranks; `percent` from 1 to 100, both inclusive."""
    ranked = sorted(set(cases), key=lambda case: (_rank(seed, case), case))
    return tuple(ranked[: sample_size(len(ranked), percent)])


def deal(able: Mapping[str, Collection[str]], *, seed: str) -> dict[str, str]:
    """For each case one of those who are able to look at it again, or an empty text where nobody is.

    The cases go in the order of `able`, each to whoever has the fewest so far; the seed decides between equals.
    """
    has = dict.fromkeys(sorted({officer for found in able.values() for officer in found}), 0)
    dealt: dict[str, str] = {}
    for case, officers in able.items():
        chosen = min(
            sorted(set(officers)),
            key=lambda officer: (has[officer], _rank(seed, f"{case}:{officer}")),
            default="",
        )
        if chosen:
            has[chosen] += 1
        dealt[case] = chosen
    return dealt


def digest_of_cases(cases: Iterable[str]) -> str:
    """The SHA-256 of the receipt numbers, each once, in order, a line each: by it a list is known to be the same."""
    return hashlib.sha256("".join(f"{case}\n" for case in sorted(set(cases))).encode()).hexdigest()


def _rank(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
