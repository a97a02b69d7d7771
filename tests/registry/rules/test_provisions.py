"""The articles: every one the portal names is there, in both languages."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from registry.rules.errors import ProvisionUnknown
from registry.rules.provisions import DISCLAIMER, LAWS, PROVISIONS, REGULATION, Law, Provision, find_provision

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_article_that_needs_software_is_there() -> None:
    needed = {str(article) for article in (2, 3, *range(5, 23))} | {"11(1)", "11(2)", "11(3)"}
    assert set(PROVISIONS) == needed | {"civil_code_201", "batch_list", "striking_off"}


@pytest.mark.parametrize("provision", [*PROVISIONS.values(), *LAWS.values()])
def test_every_text_is_there_in_chinese_and_english(provision: Provision | Law) -> None:
    for field in fields(provision):
        if field.name.endswith("_zh"):
            assert CHINESE.search(getattr(provision, field.name))
        if field.name.endswith("_en"):
            assert getattr(provision, field.name)
            assert not CHINESE.search(getattr(provision, field.name))


def test_an_article_is_found_by_its_key() -> None:
    assert find_provision("12").citation_zh == "第十二条"
    assert find_provision("12").law == REGULATION
    assert REGULATION.name_zh == "区块链信息服务管理规定"
    with pytest.raises(ProvisionUnknown):
        find_provision("99")


def test_the_disclaimer_stands_as_it_was_published() -> None:
    assert DISCLAIMER == (
        "备案仅是对主体区块链信息服务相关情况的登记，不代表对其机构、产品和服务的认可，"
        "任何机构和个人不得用于任何商业目的。"
    )
