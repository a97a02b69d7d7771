"""No page says in the other language what it says itself: every address of the table, in Chinese and in English."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from django.urls import reverse

from tests.access.scene import Scene
from tests.access.table import TABLE, Row
from tests.access.visible_text import pieces_of
from tests.access.visitors import Visitor
from tests.access.walking import undone

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

ROWS = [
    pytest.param(name, row, id=f"{name}-{number}" if number else name)
    for name, rows in TABLE.items()
    for number, row in enumerate(rows)
    if HTTPStatus.OK in row.gets
]
# Chinese with its punctuation, and what stands within: the digits of a number, the letters of a name.
_END = r"[\u3400-\u9fff\uff00-\uffef]"
_CHINESE = re.compile(rf"[\u3400-\u9fff](?:[\u3400-\u9fff\u3001-\u303f\uff00-\uffef·0-9A-Za-z.\-“”]*{_END})?")
# Numbers of filings, licences and the site itself are Chinese in every language.
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,3}(?:网信备[0-9]{19}[0-9X]号|ICP备[0-9]+号|公网安备[0-9]+号)")
# The law by its own name, as decisions quote it.
_QUOTED = re.compile("《[^》]+》(?:（[^）]+）)?(?:第[一二三四五六七八九十]+条、?)*")
# Every invented name says that it is a sample. These answers are typed by applicants and officers as they stand.
_IS_SAMPLE = re.compile("样例|示例")
_TYPED = frozenset({"北京市海淀区", "贵州省贵安新区", "中国", "元旦", "溯源"})
_SENTENCE = re.compile(r"\b[A-Za-z]{2,}(?: [a-z]{1,15}){3,}\b")


def _said(scene: Scene, name: str, row: Row, language: str) -> list[tuple[str, str, str]]:
    """Visitor, language and text of every piece that the first and the last of those who may come are shown."""
    visitors = sorted(row.opens, key=list(Visitor).index)
    found: list[tuple[str, str, str]] = []
    for visitor in {visitors[0], visitors[-1]}:
        with undone():
            url = reverse(name, kwargs=row.arguments(scene))
            answer = scene.browser(visitor).get(url, headers={"Accept-Language": language})
        if answer.status_code == HTTPStatus.OK and answer.headers["Content-Type"].startswith("text/html"):
            found += [(visitor, given, text) for given, text in pieces_of(answer.content.decode())]
    return found


def _untranslated_chinese(text: str, *, marked: str = "") -> list[str]:
    """The Chinese in a text that is no name, number, answer or quotation, nor `marked` as Chinese on the page."""
    return [
        run
        for run in _CHINESE.findall(_QUOTED.sub(" ", text))
        if not (
            _IS_SAMPLE.search(run) or _NUMBER.fullmatch(run) or run in _TYPED or (marked and run in marked)
        )
    ]


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_an_english_page_has_no_chinese_but_names_and_quotations(scene: Scene, name: str, row: Row) -> None:
    said = _said(scene, name, row, "en")
    # A title has no markup: what it quotes is marked where it stands on the page.
    marked = " ".join(text for _visitor, language, text in said if language.startswith("zh"))
    assert {
        (visitor, text): found
        for visitor, language, text in said
        if not language.startswith("zh") and (found := _untranslated_chinese(text, marked=marked))
    } == {}


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_a_chinese_page_has_no_english_sentence(scene: Scene, name: str, row: Row) -> None:
    said = _said(scene, name, row, "zh-hans")
    assert {
        (visitor, text) for visitor, language, text in said if language != "en" and _SENTENCE.search(text)
    } == set()


def test_what_is_untranslated_would_be_found() -> None:
    page = (
        '<html lang="en"><p>样例科技有限公司 · 北京市网信办</p><p lang="zh-Hans">承诺书</p>'
        '<a title="退出登录">x</a></html>'
    )
    found = [_untranslated_chinese(text) for language, text in pieces_of(page) if language == "en"]
    assert found == [["北京市网信办"], ["退出登录"], []]
    assert _SENTENCE.search("请注意：Nothing has been saved yet。")
    assert not _SENTENCE.search("BaaS（区块链即服务）、Hyperledger Fabric、Bundle ID")
