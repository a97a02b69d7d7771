"""Names that differ only in spelling or ornament are one; domains are compared as they are registered."""

from __future__ import annotations

import pytest

from registry.rules.particulars.likeness import core_of, registrable_domain


@pytest.mark.parametrize(
    "name",
    [
        "样例溯源",
        "样例 溯源平台",
        "样例溯源区块链服务平台",
        "样例·溯源",
        "样例溯源有限公司",
        "样例溯源ＡＰＰ",
    ],
)
def test_spellings_and_ornaments_of_a_name_are_one(name: str) -> None:
    assert core_of(name) == "样例溯源"


def test_what_is_only_ornament_stays_and_other_names_stay_apart() -> None:
    assert [core_of(name) for name in ("平台", "公司系统", "★", "ChainBook")] == [
        "平台",
        "公司",
        "★",
        "chainbook",
    ]
    assert core_of("样例存证平台") != core_of("样例溯源平台")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.chain-sample.cn/filing?a=1", "chain-sample.cn"),
        ("http://a.b.chain-sample.com.cn:8080", "chain-sample.com.cn"),
        ("chain-sample.bj.cn", "chain-sample.bj.cn"),
        ("https://WWW.Chain-Sample.CN.", "chain-sample.cn"),
        ("https://service-1.example.com/", "service-1.example.com"),
        ("https://203.0.113.7/x", "203.0.113.7"),
        ("https://com.cn/", ""),
        ("https://example.com/", ""),
        ("localhost", ""),
        ("http://[", ""),
    ],
)
def test_the_domain_of_an_address(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain
