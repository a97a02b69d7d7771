"""Nodes of a public chain, for the rules of consistency: what contradicts, and what does not."""

from __future__ import annotations

from typing import Any

Answers = dict[str, Any]


def public_nodes(count: int, **shares: int) -> Answers:
    rows = [{"country": country, "share_percent": share} for country, share in shares.items()]
    return {
        "service.chain_kind": "public",
        "service.node_count": count,
        "service.node_places": None,
        "service.node_countries": rows,
    }


CASES: dict[str, tuple[list[Answers], list[Answers]]] = {
    "shares_make_up_the_chain": (
        [public_nodes(9_000, 中国=30), public_nodes(9_000, 中国=1), public_nodes(9, 中国=80, 德国=60)],
        [
            public_nodes(9_000, 中国=60, 德国=40),
            public_nodes(9_000, 中国=34, 德国=34, 法国=33),
            public_nodes(9_000, 中国=50, 德国=31),
            public_nodes(9, 中国=30) | {"service.chain_kind": "consortium"},
            {"service.chain_kind": "public", "service.node_countries": [{"country": "中国"}]},
        ],
    ),
    "many_nodes_stand_in_several_countries": (
        [public_nodes(10_000, 中国=100), public_nodes(100, 新加坡=100)],
        [
            public_nodes(10_000, 中国=60, 德国=40),
            public_nodes(24, 中国=100),
            public_nodes(10_000, **{"中国、德国": 100}),
            public_nodes(10_000, 中国=100) | {"service.chain_kind": "private"},
        ],
    ),
}
