"""Art. 12: who decides says why, in at least a sentence; what only looks like one is refused."""

from __future__ import annotations

import pytest

from registry.rules.substance import adds_to, says_something


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好",
        "1",
        "。。。",
        "。。。。。。。。。。。。",
        "同意",
        "无误。",
        "12345678901234567890",
        "好好好好好好好好好好",
        "同意同意同意同意同意",
        "已核对，已核对，已核对，已核对",
        "材料齐全材料齐全材料齐全",
        "ok",
        "OK OK OK OK OK OK",
        "fine fine fine fine",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "asdfghjklqwertyuiop",
        "-----------------------",
        "\u200b\u200b\u200b\u200b\u200b\u200b",
        "😀😀😀😀😀😀😀😀",
    ],
)
def test_art_12_what_says_nothing_is_no_reason(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "营业执照已过期",
        "材料齐全，建议予以备案。",
        "第3页公章不清晰，请重新扫描。",
        "身份证照片模糊",
        "The licence has expired.",
        "Compared with the register: all in order.",
        "ICP 备案号与网站不一致",
        "名称与执照一致\n住所与执照一致",
    ],
)
def test_art_12_a_short_sentence_is_a_reason(text: str) -> None:
    assert says_something(text)


def test_a_draft_is_not_the_officers_own_reason() -> None:
    draft = "已核对 57 项，其中 1 项不符合要求。\n上述不符合要求之处不影响备案，因为："
    assert not adds_to(draft, draft)
    assert not adds_to(f"{draft}好", draft)
    assert not adds_to(f"{draft}\r\n。。。", draft)
    assert adds_to(f"{draft}主体名称仅有繁简差异。", draft)
    assert adds_to("主体名称仅有繁简差异。", draft)
    assert adds_to("主体名称仅有繁简差异。", "")


def test_a_long_text_is_looked_at_in_no_time() -> None:
    assert not says_something("啊" * 4000)
    assert says_something("这是一个很长的理由，" + "附具说明" * 900)
