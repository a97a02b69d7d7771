"""A list has one name: numerals in Chinese as the announcements write it, digits in English, wherever it is named."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from registry.labels.list_words import chinese_number, list_title, number_in_text, short_title
from registry.notices.kinds import LANGUAGES, NoticeKind, all_kinds
from registry.notices.wording import render
from registry.rules.batches.lifecycle import ListKind

KINDS = [kind for kind in all_kinds().values() if "list_number" in kind.facts]
DIGITS_OF_A_LIST = re.compile(r"第\s*\d+\s*[批号]")


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (10, "十"),
        (19, "十九"),
        (20, "二十"),
        (99, "九十九"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (212, "二百一十二"),
        (1000, "一千"),
        (1005, "一千零五"),
        (1050, "一千零五十"),
        (2008, "二千零八"),
        (0, "0"),
        (10000, "10000"),
    ],
)
def test_a_number_is_written_as_titles_write_it(number: int, written: str) -> None:
    assert chinese_number(number) == written


def test_a_list_is_named_in_numerals_in_chinese_and_in_digits_in_english() -> None:
    with translation.override("zh-hans"):
        assert [short_title(6), list_title(ListKind.CORRIGENDA, 12), number_in_text(11)] == [
            "第六批",
            "境内区块链信息服务备案清单更正公告（第十二号）",
            "十一",
        ]
    with translation.override("en"):
        assert [short_title(6), number_in_text(11)] == ["Batch list 6", "11"]


def test_every_number_of_a_list_in_a_notice_is_of_that_manner() -> None:
    assert {kind.facts["list_number"] for kind in KINDS} == {"list_number"}
    assert len(KINDS) > 10


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_notice_names_a_list_as_its_title_does(kind: NoticeKind) -> None:
    for language in LANGUAGES:
        facts = dict(kind.sample) | {"list_number": "21"}
        said = render(kind, facts, language, recipient="样例", wording=kind.shipped[language])
        texts = (said.subject, said.body, said.sms)
        assert not any(DIGITS_OF_A_LIST.search(text) for text in texts)
        assert ("二十一" if language == "zh-hans" else "21") in said.body
