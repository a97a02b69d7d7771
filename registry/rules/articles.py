"""Articles of the office: their kinds, the acts that make their versions, and the grammar of their text.

A text is plain. Blank lines part its blocks: a heading ("## " or "### "), a list (lines with "- " or "1. "), a table
(lines with "|", the first is its head) or a paragraph. `[words](address)` and bare web addresses are links. There is
no markup beside these, so that a text cannot do anything but be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

LONGEST_TITLE = 120
LONGEST_SOURCE = 80
LONGEST_TEXT = 30_000

_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_MARKS = (("heading", "## "), ("subheading", "### "), ("bullets", "- "), ("table", "|"))
_HEADINGS = ("heading", "subheading")
_NUMBERED = re.compile(r"[0-9]{1,3}\. ", re.ASCII)
# An address ends before blanks, Chinese marks and brackets; it does not take the full stop after it along.
_LINK = re.compile(
    r"\[(?P<words>[^\]\n]{1,200})\]\((?P<target>https?://[^\s()]{1,1000}|/[^\s()]{0,1000})\)"
    r"|(?P<bare>https?://[^\s<>\"'（）()【】《》“”，。；：、！？]{1,1000})"
)
_AFTER_CHINESE_MARK = re.compile(r"(?<=[。；：！？，、）]) ")
_AFTER_ADDRESS = ".,;:!?"


class ArticleKind(StrEnum):
    """The column in which an article stands."""

    NEWS = "news"
    POLICY = "policy"


class ArticleAct(StrEnum):
    """What made a version of an article."""

    DRAFT = "draft"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class ArticleState(StrEnum):
    """How far an article is, as the office sees it; a redrafted one is public with an older text."""

    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    REDRAFTED = "redrafted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line; with an address it is a link, one that begins with "/" leads to a page of the portal."""

    text: str
    address: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a text: `kind` is heading, subheading, bullets, numbers, table or paragraph.

    `rows` has the rows of a table with their cells; every other block has one row, its lines.
    """

    kind: str
    rows: tuple[tuple[Line, ...], ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.rows[0]


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text in order; every text has some reading, and none is refused."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for part in _BLANK_LINES.split(plain) for block in _blocks(part)]
    headings = [place for place, block in enumerate(blocks) if block.kind in _HEADINGS]
    if headings and blocks[headings[0]].kind != "heading":
        # No level of headings is left out: a text that begins with the lower one has only that.
        blocks = [replace(block, kind="heading") if block.kind in _HEADINGS else block for block in blocks]
    return tuple(blocks)


def opening_of(text: str) -> str:
    """The words of its paragraphs on one line; of a text without any, all its words."""
    blocks = blocks_of(text)
    return _plain([block for block in blocks if block.kind == "paragraph"] or blocks)


def plain_text(text: str) -> str:
    """The words of a text on one line, without marks and addresses of links with words of their own."""
    return _plain(blocks_of(text))


def _plain(blocks: Iterable[Block]) -> str:
    words = " ".join(
        "".join(run.text for run in line) for block in blocks for row in block.rows for line in row if line
    )
    return _AFTER_CHINESE_MARK.sub("", words)


def _blocks(part: str) -> Iterator[Block]:
    lines = [line.strip() for line in part.split("\n") if line.strip()]
    for kind, group in groupby(lines, key=_kind_of):
        found = [_without_mark(line, kind) for line in group]
        if kind in _HEADINGS:
            for line in found:
                yield Block(kind, ((_line(line),),))
        elif kind == "table":
            rows = [_cells(line) for line in found]
            yield Block(kind, tuple(row for row in rows if not _is_rule(row)) or ((),))
        else:
            yield Block(kind, (tuple(_line(line) for line in found),))


def _kind_of(line: str) -> str:
    if _NUMBERED.match(line):
        return "numbers"
    return next((kind for kind, mark in _MARKS if line.startswith(mark)), "paragraph")


def _without_mark(line: str, kind: str) -> str:
    if kind == "numbers":
        return _NUMBERED.sub("", line, count=1)
    mark = dict(_MARKS).get(kind, "")
    return line if kind == "table" else line.removeprefix(mark).strip()


def _cells(line: str) -> tuple[Line, ...]:
    return tuple(_line(cell.strip()) for cell in line.strip("|").split("|"))


def _is_rule(row: tuple[Line, ...]) -> bool:
    """Whether a row is the line of hyphens that other grammars want under the head of a table."""
    written = "".join(run.text for line in row for run in line)
    return bool(written) and set(written) <= set("-: ")


def _line(text: str) -> Line:
    """The text as runs; an address within a link's words is not another link."""
    runs: list[Run] = []
    end = 0
    for found in _LINK.finditer(text):
        address = found["target"] or found["bare"].rstrip(_AFTER_ADDRESS)
        if found["target"] is not None and address.startswith("//"):
            continue
        if found.start() > end:
            runs.append(Run(text[end : found.start()]))
        runs.append(Run(found["words"] or address, address))
        end = found.end() if found["target"] else found.start() + len(address)
    if end < len(text):
        runs.append(Run(text[end:]))
    return tuple(runs)
