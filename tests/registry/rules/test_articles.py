"""The grammar of the office's articles: plain text in, blocks and links out."""

from __future__ import annotations

import pytest

from registry.rules.articles import Block, Run, blocks_of, opening_of, plain_text


def _words(block: Block) -> list[list[str]]:
    return [["".join(run.text for run in line) for line in row] for row in block.rows]


def _addresses(text: str) -> set[str]:
    runs = (run for block in blocks_of(text) for row in block.rows for line in row for run in line)
    return {run.address for run in runs if run.address}


def test_a_text_is_read_in_blocks() -> None:
    text = "第一段\n第二行\n\n## 标题\n- 甲\n- 乙\n\n1. 一\n2. 二\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n\n### 小标题"
    assert [(block.kind, _words(block)) for block in blocks_of(text)] == [
        ("paragraph", [["第一段", "第二行"]]),
        ("heading", [["标题"]]),
        ("bullets", [["甲", "乙"]]),
        ("numbers", [["一", "二"]]),
        ("table", [["甲", "乙"], ["1", "2"]]),
        ("subheading", [["小标题"]]),
    ]


def test_no_level_of_headings_is_left_out() -> None:
    assert [block.kind for block in blocks_of("### 甲\n\n文\n\n### 乙")] == [
        "heading",
        "paragraph",
        "heading",
    ]


@pytest.mark.parametrize("text", ["", "\n\n \n", "\r\n\r\n"])
def test_a_text_of_nothing_has_no_blocks(text: str) -> None:
    assert blocks_of(text) == ()


def test_a_table_of_its_rule_alone_has_no_cells() -> None:
    assert blocks_of("|---|") == (Block("table", ((),)),)


def test_bare_addresses_and_named_ones_are_links() -> None:
    (block,) = blocks_of("见[指南](/help/)，或 https://example.com/a?b=1&c=2。再见。")
    assert block.lines[0] == (
        Run("见"),
        Run("指南", "/help/"),
        Run("，或 "),
        Run("https://example.com/a?b=1&c=2", "https://example.com/a?b=1&c=2"),
        Run("。再见。"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "[甲](javascript:alert(1))",
        "[甲](//example.com/)",
        "[甲](data:text/html,x)",
        "[甲](ftp://example.com)",
        "<a href='x'>甲</a>",
        "[](https://)",
    ],
)
def test_nothing_else_is_a_link(text: str) -> None:
    assert _addresses(text) == set()


def test_the_full_stop_after_an_address_is_not_part_of_it() -> None:
    assert _addresses("See https://example.com/a.") == {"https://example.com/a"}


def test_plain_text_has_the_words_without_marks() -> None:
    assert plain_text("## 标题\n- [甲](/x/)乙\n\n末段") == "标题 甲乙 末段"


def test_an_opening_has_paragraphs_alone_and_of_a_text_without_any_all_words() -> None:
    text = "## 样例标题\n\n样例第一段。\n\n- 样例一\n- 样例二\n\n|列|列|\n|1|2|\n\n样例第二段。"
    assert opening_of(text) == "样例第一段。样例第二段。"
    assert opening_of("## 样例标题\n\n- 样例一") == "样例标题 样例一"
