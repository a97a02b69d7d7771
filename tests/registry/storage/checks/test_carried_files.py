"""Files within a PDF are left out of its rebuilt copy, and named: whoever sent them must send them by themselves."""

from __future__ import annotations

import ctypes
import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from django.utils.translation import override
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from pypdfium2 import raw
from weasyprint import HTML, Attachment

from registry.errors import AttachmentRefused, FilingError
from registry.labels.files import refusal_message
from registry.models import Attachment as StoredFile
from registry.storage import evidence
from registry.storage.checks import portable_documents, sandbox
from tests.builders import hiding_documents as hiding
from tests.builders import odd_documents as documents
from tests.builders.odd_documents import document
from tests.builders.signed_documents import signed

XML = b"<invoice>1</invoice>"


def by_qpdf() -> bytes:
    return document(hiding.invoice_within)


def by_pypdf() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(document()))
    writer.add_attachment("发票.xml", XML)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def by_weasyprint() -> bytes:
    made = HTML(string="<p>样例</p>").write_pdf(
        attachments=[Attachment(string=XML.decode(), name="发票.xml")]
    )
    assert isinstance(made, bytes)
    return made


def by_pdfium() -> bytes:
    pdf = pypdfium2.PdfDocument(document())
    name = "发票.xml".encode("utf-16-le") + b"\0\0"
    wide = ctypes.cast(ctypes.create_string_buffer(name), raw.FPDF_WIDESTRING)
    attachment = raw.FPDFDoc_AddAttachment(pdf.raw, wide)
    assert raw.FPDFAttachment_SetFile(attachment, pdf.raw, XML, len(XML))
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


def by_poppler() -> bytes:
    pdfattach = shutil.which("pdfattach")
    assert pdfattach is not None, "poppler-utils is missing."
    with tempfile.TemporaryDirectory() as directory:
        source, attached, made = (Path(directory) / name for name in ("a.pdf", "发票.xml", "b.pdf"))
        source.write_bytes(document())
        attached.write_bytes(XML)
        subprocess.run([pdfattach, source, attached, made], check=True, timeout=60, capture_output=True)
        return made.read_bytes()


@pytest.mark.parametrize("make", [by_qpdf, by_pypdf, by_weasyprint, by_pdfium, by_poppler])
def test_a_file_within_is_named_whichever_program_put_it_there(make: Callable[[], bytes]) -> None:
    assert portable_documents.carried_files(make()) == {"names": ["发票.xml"], "count": 1}


@pytest.mark.parametrize(
    "place",
    [
        documents.embedded_file,
        documents.associated_file,
        documents.attachment_mark,
        documents.rich_media,
    ],
)
def test_a_file_within_is_named_wherever_it_lies(place: Callable[[Pdf], None]) -> None:
    assert portable_documents.carried_files(document(place)) == {"names": ["payload.exe"], "count": 1}


def _specification(pdf: Pdf, names: dict[str, str]) -> Dictionary:
    stream = pdf.make_indirect(Stream(pdf, XML))
    stated = {f"/{key}": String(name) for key, name in names.items()}
    return pdf.make_indirect(Dictionary({"/Type": Name.Filespec, "/EF": Dictionary(F=stream), **stated}))


def _with(*named: dict[str, str]) -> bytes:
    def put(pdf: Pdf) -> None:
        pdf.Root.AF = Array([_specification(pdf, names) for names in named])

    return document(put)


@pytest.mark.parametrize(
    ("named", "names", "count"),
    [
        ([{"F": "old.xml", "UF": "新.xml"}], ["新.xml"], 1),
        ([{}], [""], 1),
        ([{"UF": "a\u202eb\n c.xml"}], ["ab c.xml"], 1),
        ([{"UF": "x" * 500}], ["x" * 120], 1),
        ([{"F": "a.xml"}, {"F": "b.xml"}], ["a.xml", "b.xml"], 2),
        ([{"F": "a.xml"}, {"F": "a.xml"}], ["a.xml"], 2),
        ([{"F": f"{number}.xml"} for number in range(30)], [f"{number}.xml" for number in range(10)], 30),
    ],
)
def test_names_are_shown_as_one_line_each_no_more_than_ten_and_all_files_counted(
    named: list[dict[str, str]], names: list[str], count: int
) -> None:
    assert portable_documents.carried_files(_with(*named)) == {"names": names, "count": count}


def test_a_link_to_a_file_elsewhere_carries_none() -> None:
    def link(pdf: Pdf) -> None:
        pdf.Root.AF = Array([pdf.make_indirect(Dictionary(Type=Name.Filespec, F=String("elsewhere.xml")))])

    assert portable_documents.carried_files(document(link)) == {}
    assert portable_documents.carried_files(document()) == {}


def test_the_child_says_what_was_left_out_and_the_copy_holds_nothing_of_it() -> None:
    normalised = sandbox.normalise(by_qpdf(), "application/pdf")
    assert normalised.carried == {"names": ["发票.xml"], "count": 1}
    with pikepdf.open(io.BytesIO(normalised.content)) as copy:
        assert len(copy.attachments) == 0
    assert sandbox.normalise(document(), "application/pdf").carried == {}


def test_a_signed_document_says_both() -> None:
    normalised = sandbox.normalise(signed(by_qpdf()), "application/pdf")
    assert normalised.carried == {"names": ["发票.xml"], "count": 1}
    assert len(normalised.signatures["each"]) == 1


def test_a_folder_of_files_is_refused_as_before() -> None:
    def folder(pdf: Pdf) -> None:
        documents.embedded_file(pdf)
        pdf.Root.Collection = Dictionary(View=Name.D)

    with pytest.raises(FilingError) as refused:
        sandbox.normalise(document(folder), "application/pdf")
    assert refused.value.code == "file_is_portfolio"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "该 PDF 内嵌有其他文件，上传后将被剔除：“发票.xml”。"),
        ("en", "This PDF carries other files, which would be lost here: “发票.xml”."),
    ],
)
def test_evidence_that_carries_files_is_refused_with_their_names(language: str, said: str) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        evidence.refuse_carrying(StoredFile(), sandbox.normalise(by_qpdf(), "application/pdf"))
    with override(language):
        assert refusal_message(refused.value).startswith(said)
    evidence.refuse_carrying(StoredFile(), sandbox.normalise(document(), "application/pdf"))
