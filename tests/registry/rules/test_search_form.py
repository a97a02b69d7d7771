"""One form for all ways of typing a name, an address or a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rules.search_form import SEPARATOR, form_of, form_of_filing, host_of, plain_characters


@pytest.mark.parametrize(
    "written",
    [
        "链通（北京）科技·溯源",
        "链通(北京)科技・溯源",
        "链通【北京】科技•溯源",
        "链通〔北京〕科技．溯源",
        "链通「北京」科技.溯源",
        "链通 北京 科技 溯源",
        "链通-北京—科技－溯源",
        "鏈通（北京）科技·溯源",
        "链通\u200b北京\ufeff科技\u2060溯源",
        "链通《北京》科技、溯源",
        "链通\u3000北京\t科技\n溯源",
    ],
)
def test_what_stands_between_the_characters_of_a_name_means_nothing(written: str) -> None:
    assert form_of(written) == "链通北京科技溯源"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("ＣＨＡＩＮ Ｍａｋｅｒ２", "chainmaker2"),
        ("ChainMaker", "chainmaker"),
        ("Café Straße", "cafestrasse"),
        ("Cafe\u0301", "cafe"),
        ("ﬁnance", "finance"),
        ("①②③", "123"),
        ("⽹信备", "网信备"),
        ("網信備", "网信备"),
        ("滬網信備", "沪网信备"),
        ("雲數據鏈國臺", "云数据链国台"),
        ("峯羣囯図気発県", "峰群国图气发县"),
        ("京网信备 1101081963896882001Ｘ 号", "京网信备1101081963896882001x号"),
        ("https://www.Example-Chain.cn/", "httpswwwexamplechaincn"),
        ("𠮷链", "𠮷链"),
        ("\U00031350链", "\U00031350链"),
        ("100%_\\", "100%_\\"),
        ("（）·-…  ", ""),
        ("", ""),
    ],
)
def test_a_text_has_this_form(written: str, form: str) -> None:
    assert form_of(written) == form


@given(st.text(max_size=40))
def test_the_form_of_a_form_is_itself_and_holds_no_separator(text: str) -> None:
    form = form_of(text)
    assert form_of(form) == form
    assert SEPARATOR not in form
    form.encode()


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_part_of_a_name_stays_a_part_of_its_form(first: str, second: str) -> None:
    assert form_of(first.strip() + "链" + second).startswith(form_of(first + "链"))


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.example.cn/path?a=1", "example.cn"),
        ("http://Service.Example.cn:8080", "service.example.cn"),
        ("www.example.cn", "example.cn"),
        ("example.cn/a", "example.cn"),
        ("https://xn--fiq228c.example/", "中文.example"),
        ("https://xn--\udcff.example/", "xn--\udcff.example"),
        ("https://[bad", ""),
        ("", ""),
    ],
)
def test_of_an_address_the_host_is_kept_in_its_own_characters(address: str, host: str) -> None:
    assert host_of(address) == host


def test_a_filing_has_one_line_for_each_text_and_none_twice() -> None:
    form = form_of_filing(
        number="京网信备11010826000012340012号",
        names=("样例（北京）公司", "样例·平台", "", "样例平台"),
        addresses=("https://www.example.cn/", "http://example.cn"),
    )
    assert form.split(SEPARATOR) == [
        "京网信备11010826000012340012号",
        "样例北京公司",
        "样例平台",
        "examplecn",
    ]


def test_variant_characters_become_those_of_today() -> None:
    assert plain_characters("粵網信備號") == "粤网信备号"
    assert plain_characters("备案ABC") == "备案ABC"
