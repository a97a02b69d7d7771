"""Earlier lists as their announcements are found: tables of Word documents and of PDFs, read by what is in them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from registry.batches import files
from registry.batches.importing.importing import import_file
from registry.batches.importing.reading import ListUnreadable, ReadRow, read_list
from registry.batches.lists import rows_of
from registry.integrity.register import verify_register
from registry.models import BatchFile, BatchList
from registry.rules.batches.events import PublishedRow
from registry.rules.batches.lifecycle import ListKind
from registry.rules.codes.filing_number import parse
from registry.rules.codes.jurisdictions import province_code_of
from registry.sample.walk import sample_scan
from tests.builders import batch as batches
from tests.builders import published
from tests.builders.published import HEAD, PUBLISHED_ON, Row
from tests.builders.register import Cast
from tests.registry.batches.test_import import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]

LINES = published.rows(60)
ENTITIES = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
# Longer than a cell is wide, with characters beyond U+FFFF, brackets, Latin words and what looks like markup.
ODD: list[Row] = [
    (
        "1",
        "样例𠮷𫍯（北京）区块链技术与信息服务股份有限公司东城分公司",
        "样例 Open Chain 存证 <服务>",
        LINES[0][3],
    ),
    ("2", "样例㐂有限公司", "样例·溯源“一物一码”平台及其配套的移动应用程序和数据接口服务", LINES[1][3]),
]


def cells(rows: Sequence[ReadRow]) -> list[Row]:
    return [(row.position, row.applicant_name, row.service_name, str(parse(row.number))) for row in rows]


# ---------------------------------------------------------------- PDF


def test_a_printed_list_is_read_over_its_pages(tmp_path: Path) -> None:
    rows = read_list(
        published.pdf_file(tmp_path, LINES, before="<p>各有关单位：</p>", after="<p>特此公告。</p>")
    )
    assert cells(rows) == LINES
    assert {row.page for row in rows} == {1, 2}
    assert str(rows[0].place) == "page 1, row 2"


STYLES = {
    "names broken over lines": "td { overflow-wrap: anywhere; width: 25% }",
    "centred": "td, th { text-align: center; vertical-align: middle }",
    "narrow": "table { width: 300pt; table-layout: fixed; font-size: 7pt } td { overflow-wrap: anywhere }",
    "lines as filled strips": "td, th { border-style: double; border-width: 1.5pt }",
    "shaded": "th { background: #cde } tr:nth-child(even) { background: #eee }",
    "landscape": "@page { size: A4 landscape }",
}


@pytest.mark.parametrize("name", STYLES)
def test_names_are_whole_however_they_are_printed(tmp_path: Path, name: str) -> None:
    assert cells(read_list(published.pdf_file(tmp_path, ODD, style=STYLES[name]))) == ODD


def test_a_name_that_stands_once_beside_several_services_is_in_each_of_them(tmp_path: Path) -> None:
    path = published.pdf_file(tmp_path, LINES[:6])
    merged = (
        "<table><tr>" + "".join(f"<th>{each}</th>" for each in HEAD) + "</tr>"
        f"<tr><td>1</td><td rowspan=2>{LINES[0][1]}</td><td>{LINES[0][2]}</td><td>{LINES[0][3]}</td></tr>"
        f"<tr><td>2</td><td>{LINES[1][2]}</td><td>{LINES[1][3]}</td></tr></table>"
    )
    path = published.pdf_file(tmp_path, [], style="table:last-of-type { display: none }", before=merged)
    assert cells(read_list(path)) == LINES[:2]


def test_the_portals_own_lists_are_read_back(tmp_path: Path) -> None:
    rows = [
        PublishedRow(int(position), applicant, service, number, province_code_of(parse(number).division_code))
        for position, applicant, service, number in LINES
    ]
    path = tmp_path / "own.pdf"
    path.write_bytes(
        files.preview(
            rows, kind=ListKind.FILINGS, number=1, announcement="样例公告。\n第二段。", dated_on=PUBLISHED_ON
        )
    )
    read = read_list(path)
    assert cells(read) == LINES
    assert {row.province for row in read} >= {"北京市", "广东省"}


def test_a_published_file_is_read_back(tmp_path: Path, cast: Cast) -> None:
    batches.filings_in_force(cast, 3)
    batch_list = batches.published(cast)
    path = tmp_path / "own.pdf"
    path.write_bytes(files.bytes_of(files.file_of(batch_list, BatchFile.Format.PDF)))
    expected = [
        (str(row.position), row.applicant_name, row.service_name, row.number) for row in rows_of(batch_list)
    ]
    assert cells(read_list(path)) == expected


def test_where_a_latin_word_is_broken_the_reader_asks(tmp_path: Path) -> None:
    lines = [("1", LINES[0][1], "SampleBlockchainServiceForEverybodyAndEverything", LINES[0][3])]
    path = published.pdf_file(
        tmp_path, lines, style="table { width: 260pt; table-layout: fixed } td { overflow-wrap: anywhere }"
    )
    printed, _said, status = run(path)
    assert status == 0
    assert printed[0].startswith("page 1, row 2: question: the service's name is broken between lines, ")
    assert "“Sample" in printed[0]


def test_faults_are_named_by_page_and_row(tmp_path: Path) -> None:
    spoiled = [*LINES[:50], ("51", LINES[50][1], LINES[50][2], LINES[0][3]), *LINES[51:]]
    printed, _said, status = run(published.pdf_file(tmp_path, spoiled))
    assert (len(printed), status) == (3, 1)
    assert printed[0].startswith("page 2, row ")
    assert printed[0].endswith(f": fault: {LINES[0][3]} stands in page 1, row 2 already")


def test_a_list_printed_as_a_pdf_is_taken_over_whole(tmp_path: Path) -> None:
    outcome = import_file(
        published.pdf_file(tmp_path, LINES), number=1, published_on=PUBLISHED_ON, writes=True
    )
    assert (outcome.faults, outcome.questions, outcome.is_written) == ((), (), True)
    taken = rows_of(BatchList.objects.get(number=1))
    assert [(str(row.position), row.applicant_name, row.service_name, row.number) for row in taken] == LINES
    assert verify_register().violations == []


def _picture(tmp_path: Path) -> Path:
    """The list of one page, and a second page that is a scan."""
    printed = published.pdf_file(tmp_path, LINES[:3])
    scan = io.BytesIO()
    Image.open(io.BytesIO(sample_scan("list"))).convert("RGB").save(scan, "PDF")
    with pikepdf.open(printed, allow_overwriting_input=True) as document:
        with pikepdf.open(io.BytesIO(scan.getvalue())) as second:
            document.pages.extend(second.pages)
        document.save(printed)
    return printed


UNREADABLE: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "no lines": (
        lambda folder: published.pdf_file(folder, LINES[:3], style="td, th { border: none }"),
        "header_missing",
        "in a PDF, lines must be drawn around the cells",
    ),
    "a scan": (_picture, "page_without_text", "page 2 is a picture: nothing can be read from it"),
    "a row outside the table": (
        lambda folder: published.pdf_file(folder, LINES[:3], after=f"<p>4 {LINES[3][1]} {LINES[3][3]}</p>"),
        "table_differs",
        "on page 1 there is a filing number outside the columns of the list",
    ),
    "another table": (
        lambda folder: published.pdf_file(
            folder,
            LINES[:3],
            after=f"<p>二</p><table><tr><td>{LINES[3][2]}</td><td>{LINES[3][3]}</td></tr></table>",
        ),
        "table_differs",
        "on page 1, row 5 there is a filing number outside the columns of the list",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_whole_is_not_read_at_all(tmp_path: Path, name: str) -> None:
    make, code, words = UNREADABLE[name]
    path = make(tmp_path)
    with pytest.raises(ListUnreadable, match=code):
        read_list(path)
    lines, said, status = run(path)
    assert (lines, status) == ([], 1)
    assert words in said


# ---------------------------------------------------------------- DOCX


def test_a_word_document_is_read_below_its_title_with_names_merged_over_several_services(
    tmp_path: Path,
) -> None:
    table = [HEAD, LINES[0], (LINES[1][0], None, *LINES[1][2:]), *LINES[2:]]
    rows = read_list(published.docx_file(tmp_path, [[("附件", "")], table]))
    assert cells(rows) == LINES
    assert str(rows[0].place) == "row 3"


def test_a_list_goes_on_in_the_next_tables_of_a_document(tmp_path: Path) -> None:
    parts = [[HEAD, *LINES[:20]], LINES[20:40], [HEAD, *LINES[40:]]]
    outcome = import_file(
        published.docx_file(tmp_path, parts), number=1, published_on=PUBLISHED_ON, writes=True
    )
    assert (outcome.count, outcome.faults, outcome.is_written) == (60, (), True)


def test_names_of_a_word_document_are_whole(tmp_path: Path) -> None:
    broken = [("1", "样例𠮷（北京）\n有限公司", "样例 Open\nChain 服务", LINES[0][3])]
    (row,) = read_list(published.docx_file(tmp_path, [[HEAD, *broken]]))
    assert (row.applicant_name, row.service_name) == ("样例𠮷（北京）有限公司", "样例 Open Chain 服务")


def test_what_was_deleted_from_a_word_document_is_not_read(tmp_path: Path) -> None:
    path = published.docx_file(tmp_path, [[HEAD, LINES[0]]])
    with zipfile.ZipFile(path) as package:
        xml = package.read("word/document.xml").decode()
    gone = (
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:moveFrom><w:r><w:t>移</w:t></w:r></w:moveFrom>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "word/document.xml", xml.replace(f"<w:r><w:t>{LINES[0][1]}", f"{gone}<w:r><w:t>{LINES[0][1]}")
        )
    assert cells(read_list(path)) == LINES[:1]


def test_faults_of_a_word_document_are_named_by_row(tmp_path: Path) -> None:
    spoiled = [HEAD, *LINES[:4], (*LINES[4][:2], "", LINES[4][3])]
    printed, _said, status = run(published.docx_file(tmp_path, [spoiled]))
    assert (printed[0], status) == ("row 6: fault: the service's name is missing", 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no package", "file_damaged"),
        ({"word/other.xml": "<a/>"}, "file_damaged"),
        ({"word/document.xml": "<w:document"}, "file_damaged"),
        ({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "file_damaged"),
        ({"word/document.xml": ENTITIES.encode("utf-16")}, "file_damaged"),
        ({"word/document.xml": f"<tbl><tr>{'<sdt>' * 5_000}{'</sdt>' * 5_000}</tr></tbl>"}, "file_damaged"),
        ({"word/document.xml": "<document><body/></document>"}, "header_missing"),
    ],
)
def test_what_is_no_word_document_is_refused(
    tmp_path: Path, content: bytes | dict[str, str | bytes], code: str
) -> None:
    path = tmp_path / "list.docx"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as package:
            for name, text in content.items():
                package.writestr(name, text)
    with pytest.raises(ListUnreadable, match=code):
        read_list(path)


def test_two_documents_of_different_kinds_hold_the_same_list(tmp_path: Path) -> None:
    published.docx_file(tmp_path, [[HEAD, *LINES]])
    import_file(tmp_path / "list.docx", number=1, published_on=PUBLISHED_ON, writes=True)
    again = import_file(
        published.pdf_file(tmp_path, LINES), number=1, published_on=date(2019, 3, 30), writes=True
    )
    assert (again.is_there, again.is_written) == (True, False)
