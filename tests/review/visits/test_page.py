"""What is read of a page: in whatever encoding, title, text and numbers as a reader would see them."""

from __future__ import annotations

import pytest

from review.visits.looking.page import (
    encoding_of,
    filing_numbers_in,
    icp_numbers_in,
    read_page,
    words_in,
)

HTML = "text/html"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("gbk", "gbk"),
        ("gbk", "gb2312"),
        ("gb18030", "GB18030"),
        ("big5", "Big5"),
        ("utf-8", ""),
        ("gbk", ""),
    ],
)
@pytest.mark.parametrize("where", ["header", "page"])
def test_a_title_is_read_in_the_encoding_of_the_page(encoding: str, said: str, where: str) -> None:
    written = "存證" if encoding == "big5" else "存证平台"
    head = f'<meta charset="{said}">' if said and where == "page" else ""
    body = f"<html><head>{head}<title>{written}</title></head><body>{written}</body>".encode(encoding)
    content_type = f"text/html; charset={said}" if said and where == "header" else HTML
    assert read_page(body, content_type=content_type).title == written


def test_the_older_way_of_saying_an_encoding_is_understood() -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
    assert read_page(f"{head}<title>溯源</title>".encode("gbk"), content_type=HTML).title == "溯源"


def test_a_mark_at_the_beginning_goes_before_what_is_said() -> None:
    body = b"\xef\xbb\xbf" + "<title>溯源</title>".encode()
    assert read_page(body, content_type="text/html; charset=gbk").title == "溯源"


@pytest.mark.parametrize("said", ["rot13", "idna", "base64", "zlib", "unicode_escape", "utf-7", "x" * 40])
def test_an_encoding_that_no_browser_reads_is_not_believed(said: str) -> None:
    assert encoding_of("<title>溯源</title>".encode(), f"text/html; charset={said}") == "utf-8"


def test_bytes_that_are_nothing_are_no_error() -> None:
    assert read_page(bytes(range(256)) * 50, content_type=HTML).title == ""


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>A &amp; B &#38142; &#x94FE; &nbsp; C</title>", "A & B 链 链 C"),
        ("<title>\n  two\n lines </title>", "two lines"),
        ("<title>first</title><svg><title>icon</title></svg><title>second</title>", "first"),
        ("<svg><title>icon</title></svg><title>page</title>", "page"),
        ("<script>document.title='<title>no</title>'</script><title>yes</title>", "yes"),
        ("<title>left open", "left open"),
        ("no title", ""),
        ("<title>\u202eabc\x07d</title>", "abc d"),
        (f"<title>{'长' * 5_000}</title>", "长" * 200),
    ],
)
def test_a_title_is_as_a_reader_sees_it(markup: str, title: str) -> None:
    assert read_page(markup.encode(), content_type=HTML).title == title


def test_what_scripts_and_styles_hold_is_no_text() -> None:
    read = read_page(
        b"<style>a{}</style><script>var a='hidden'</script><noscript>hidden</noscript><!-- hidden --><p>shown</p>",
        content_type=HTML,
    )
    assert read.text == "shown"


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("京ICP备12345678号-1", ["京ICP备12345678号-1"]),
        ("<a>京ICP备 12345678 号</a>", ["京ICP备12345678号"]),
        ("京icp备12345678号", ["京ICP备12345678号"]),
        ("沪ICP備12345678號-2", ["沪ICP备12345678号-2"]),
        ("京ICP证123456号 粤ICP备87654321号", ["京ICP证123456号", "粤ICP备87654321号"]),
        ("京ICP备12345678号 京ICP备12345678号", ["京ICP备12345678号"]),
        ("ICP备案中", []),
        ("<img src=a alt='京ICP备12345678号'>", ["京ICP备12345678号"]),
        ("<script>'京ICP备12345678号'</script>", []),
    ],
)
def test_icp_numbers_are_found_however_they_are_typed(written: str, numbers: list[str]) -> None:
    assert icp_numbers_in(read_page(written.encode(), content_type=HTML)) == numbers


def test_filing_numbers_are_found_and_those_that_are_none_are_not() -> None:
    # The second has another check character.
    number, wrong = "粤网信备44030419239726130015号", "粤网信备44030419239726130016号"
    text = f"<p>备案编号：{number[:8]} {number[8:]}</p><p>{wrong}</p><p>网信备</p>"
    assert filing_numbers_in(read_page(text.encode(), content_type=HTML)) == [number]


def test_names_are_found_however_they_are_typed() -> None:
    read = read_page("<title>ＡＢＣ 存證</title><p>示例（北京）科技</p>".encode(), content_type=HTML)
    assert words_in(read, ["abc存证", "示例(北京)科技", "另一个", ""]) == [True, True, False, False]
