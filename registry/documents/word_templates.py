"""Templates of documents as DOCX, made from their texts, so that both languages and the page say the same."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from registry.rules.articles import Block, Line
from registry.rules.document_templates import (
    PLACE_CLOSES,
    PLACE_OPENS,
    DocumentTemplate,
    TemplateText,
    template_text,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# What every Chinese word processor has.
_BODY_FONT, _HEADING_FONT, _LATIN_FONT = "宋体", "黑体", "Times New Roman"
_BLACK = RGBColor(0, 0, 0)
_HEADINGS = {"heading": "Heading 1", "subheading": "Heading 2"}
_PIECES = re.compile(f"({PLACE_OPENS}[^{PLACE_CLOSES}]*{PLACE_CLOSES})")
_LOOKED_FOR = {
    False: "附：审核时会看什么（提交前请删除本页）",
    True: "Annex: what a reviewer looks for (delete this page before you submit)",
}


@cache
def template_file(template: DocumentTemplate, *, english: bool) -> bytes:
    """The template as a DOCX file."""
    text = template_text(template, english=english)
    document = _new_document(text, english=english)
    heading = document.add_paragraph(text.title, style="Title")
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for block in text.blocks:
        _add(document, block)
    document.add_page_break()
    document.add_paragraph(_LOOKED_FOR[english], style="Heading 1")
    for line in text.looked_for:
        document.add_paragraph(line, style="List Bullet")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _new_document(text: TemplateText, *, english: bool) -> WordDocument:
    document = Document()
    document.core_properties.title = text.title
    document.core_properties.author = document.core_properties.comments = ""
    document.core_properties.language = "en" if english else "zh-CN"
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.5)
    for name, font, size in (
        ("Normal", _BODY_FONT, 12),
        ("Title", _HEADING_FONT, 18),
        ("Heading 1", _HEADING_FONT, 14),
        ("Heading 2", _HEADING_FONT, 12),
    ):
        _set_font(document, name, font, size)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    return document


def _set_font(document: WordDocument, style_name: str, font: str, size: int) -> None:
    style = document.styles[style_name]
    style.font.name, style.font.size, style.font.color.rgb = _LATIN_FONT, Pt(size), _BLACK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)


def _add(document: WordDocument, block: Block) -> None:
    if block.kind == "table":
        _add_table(document, block)
        return
    for number, line in enumerate(block.lines, start=1):
        style = "List Bullet" if block.kind == "bullets" else _HEADINGS.get(block.kind, "Normal")
        paragraph = document.add_paragraph(style=style)
        # Numbered by hand: a list of the word processor would go on counting in the next one.
        if block.kind == "numbers":
            paragraph.add_run(f"{number}. ")
        _write(paragraph, line)


def _add_table(document: WordDocument, block: Block) -> None:
    table = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
    for place, row in enumerate(block.rows):
        for cell, line in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], line, is_bold=place == 0)
    document.add_paragraph()


def _write(paragraph: Paragraph, line: Line, *, is_bold: bool = False) -> None:
    """The words of a line, with the places to fill in marked."""
    for piece in _pieces(line):
        run = paragraph.add_run(piece)
        run.bold = is_bold or None
        if piece.startswith(PLACE_OPENS):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _pieces(line: Line) -> Iterator[str]:
    words = "".join(run.text for run in line)
    return (piece for piece in _PIECES.split(words) if piece)
