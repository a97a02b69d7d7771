"""What the statement says stands once, in Chinese and beside it in English: the two say the same, clause by clause."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest

from registry.documents.statement_words import Language, SignedFor, words_of
from tests.builders.materials import complete_individual, complete_organisation

NUMERALS = {"十一": "11", "十二": "12", "十九": "19", "二十二": "22"}
PARAGRAPHS = {"": "", "第一款": "(1)", "第二款": "(2)", "第三款": "(3)"}


def by_agent(materials: dict[str, Any]) -> dict[str, Any]:
    changed = deepcopy(materials)
    changed["applicant"].update(filed_by_agent=True, agent_name="样例代理有限公司")
    return changed


def articles_in_chinese(text: str) -> list[str]:
    found = re.findall(r"第([一二三四五六七八九十]+)条(第[一二三]款)?", text)
    return [f"{NUMERALS[number]}{PARAGRAPHS[paragraph]}" for number, paragraph in found]


def articles_in_english(text: str) -> list[str]:
    return re.findall(r"Art\. ([0-9]+(?:\([0-9]\))?)", text)


@pytest.mark.parametrize("signed_for", SignedFor)
@pytest.mark.parametrize(
    "materials",
    [complete_organisation(), complete_individual(), by_agent(complete_organisation())],
    ids=["organisation", "individual", "by agent"],
)
def test_each_clause_has_its_english_beside_it_with_the_same_articles(
    signed_for: SignedFor, materials: dict[str, Any]
) -> None:
    chinese = words_of(signed_for, materials, language=Language.CHINESE)
    english = words_of(signed_for, materials, language=Language.ENGLISH)
    assert (
        len(chinese.clauses) == len(english.clauses) == (6 if "agent_name" in materials["applicant"] else 5)
    )
    for one, other in zip(chinese.clauses, english.clauses, strict=True):
        assert articles_in_chinese(one) == articles_in_english(other)
    assert len(chinese.signatures) == len(english.signatures)
    assert not re.search(r"[a-z{}]", "".join((chinese.opening, *chinese.clauses, *chinese.signatures)))
    assert not re.search(
        r"[\u4e00-\u9fff{}]", "".join((english.opening, *english.clauses, *english.signatures))
    )


@pytest.mark.parametrize(
    ("signed_for", "opening", "first"),
    [
        (
            SignedFor.FIRST_FILING,
            "申请办理上列区块链信息服务的备案",
            "没有隐瞒《规定》第十一条第一款要求填报的事项",
        ),
        (SignedFor.CHANGE, "申请变更上列区块链信息服务已登记的备案信息", "没有隐瞒应当办理变更的其他事项"),
        (SignedFor.APPLICANT_CHANGE, "变更适用于上列全部备案", "没有隐瞒应当办理变更的其他事项"),
        (SignedFor.SUPPLY, "申请补充填报上列已备案", "没有隐瞒《规定》第十一条第一款要求填报的事项"),
    ],
)
def test_the_words_fit_what_is_applied_for(signed_for: SignedFor, opening: str, first: str) -> None:
    words = words_of(signed_for, complete_organisation(), language=Language.CHINESE)
    assert opening in words.opening
    assert first in words.clauses[0]


def test_several_services_are_counted() -> None:
    words = words_of(
        SignedFor.FIRST_FILING, complete_organisation(), language=Language.CHINESE, service_count=3
    )
    assert "上列 3 项区块链信息服务" in words.opening


def test_who_signs_follows_who_applies() -> None:
    signed = [
        words_of(SignedFor.FIRST_FILING, each, language=Language.ENGLISH).signatures
        for each in (complete_organisation(), complete_individual(), by_agent(complete_organisation()))
    ]
    seal, principal = "Applicant (seal)", "Legal representative or principal (signature)"
    assert signed == [
        (seal, principal),
        ("Applicant (signature)",),
        (seal, principal, "Agent (signature or seal)"),
    ]
