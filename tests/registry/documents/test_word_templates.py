"""The templates are well-formed DOCX files with every word of their texts, in both languages."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

import pytest
from docx import Document

from registry.documents.word_templates import template_file
from registry.rules.document_templates import DocumentTemplate, template_text
from registry.rules.site_texts import read_text

CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

EACH = pytest.mark.parametrize(
    ("template", "english"),
    [(template, english) for template in DocumentTemplate for english in (False, True)],
)


def _parts(template: DocumentTemplate, *, english: bool) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(template_file(template, english=english)))


def _words(template: DocumentTemplate, *, english: bool) -> str:
    body = ElementTree.fromstring(_parts(template, english=english).read("word/document.xml"))
    return "".join(each.text or "" for each in body.iter(f"{WORD}t"))


@EACH
def test_the_package_is_whole_and_every_part_has_a_content_type(
    template: DocumentTemplate, english: bool
) -> None:
    package = _parts(template, english=english)
    assert package.testzip() is None
    types = ElementTree.fromstring(package.read("[Content_Types].xml"))
    by_part = {each.get("PartName") for each in types.iter(f"{CONTENT_TYPES}Override")}
    by_extension = {each.get("Extension") for each in types.iter(f"{CONTENT_TYPES}Default")}
    names = set(package.namelist()) - {"[Content_Types].xml"}
    assert [
        name for name in names if f"/{name}" not in by_part and name.rsplit(".", 1)[-1] not in by_extension
    ] == []
    main = [
        each.get("ContentType")
        for each in types.iter(f"{CONTENT_TYPES}Override")
        if each.get("PartName") == "/word/document.xml"
    ]
    assert main == ["application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"]


@EACH
def test_every_relationship_leads_to_a_part(template: DocumentTemplate, english: bool) -> None:
    package = _parts(template, english=english)
    names = set(package.namelist())
    for name in (each for each in names if each.endswith(".rels")):
        folder = name.removesuffix(name.rsplit("/", 1)[-1]).removesuffix("_rels/")
        for each in ElementTree.fromstring(package.read(name)).iter(f"{RELATIONSHIPS}Relationship"):
            assert each.get("TargetMode") != "External"
            target = str(each.get("Target"))
            found = target.removeprefix("/") if target.startswith("/") else f"{folder}{target}"
            assert re.sub(r"[^/]+/\.\./", "", found) in names


@EACH
def test_it_says_every_word_of_its_text(template: DocumentTemplate, english: bool) -> None:
    def letters(text: str) -> str:
        return re.sub(r"[\s|#-]", "", text)

    source = read_text(f"templates/{template}", english=english).split("\n====\n")
    said = letters(_words(template, english=english))
    rest = said
    for line in "\n".join(source).splitlines():
        for piece in line.strip("|").split("|"):
            found = rest.find(letters(piece))
            assert found >= 0, piece
            rest = rest[found + len(letters(piece)) :]


@EACH
def test_every_place_to_fill_in_is_marked(template: DocumentTemplate, english: bool) -> None:
    document = Document(io.BytesIO(template_file(template, english=english)))
    paragraphs = [*document.paragraphs]
    paragraphs += [
        each
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for each in cell.paragraphs
    ]
    runs = [run for paragraph in paragraphs for run in paragraph.runs]
    marked = [run.text for run in runs if run.font.highlight_color is not None]
    assert len(marked) > 20
    assert [text for text in marked if not re.fullmatch(r"【[^【】]*】|【[^】]*】", text)] == []


@pytest.mark.parametrize("template", DocumentTemplate)
def test_both_languages_have_the_same_parts(template: DocumentTemplate) -> None:
    chinese, english = (template_text(template, english=each) for each in (False, True))
    assert [block.kind for block in chinese.blocks] == [block.kind for block in english.blocks]
    assert len(chinese.looked_for) == len(english.looked_for) > 5


@pytest.mark.parametrize("template", DocumentTemplate)
def test_art_17_each_says_how_long_logs_are_kept(template: DocumentTemplate) -> None:
    assert "不少于六个月" in _words(template, english=False)
