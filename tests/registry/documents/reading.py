"""Reading documents back: their text, their structure, the codes on them."""

from __future__ import annotations

import io
import re
import subprocess

import pikepdf
import pypdfium2
import zxingcpp

from registry.documents import issuing
from registry.models import IssuedDocument


def text_of(content: bytes) -> str:
    shown = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return shown.stdout.decode()


def squeezed(text: str) -> str:
    """The text without the spaces and line ends that the layout puts into it."""
    return re.sub(r"\s+", "", text)


def words_of(document: IssuedDocument | bytes) -> str:
    content = document if isinstance(document, bytes) else issuing.bytes_of(document)
    return squeezed(text_of(content))


def page_count(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def nature_of(content: bytes) -> tuple[str, bool, bool, set[str]]:
    """Language, whether it is tagged, whether it claims PDF/UA, and the fonts it embeds."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = {
            str(font.BaseFont).partition("+")[2]
            for page in pdf.pages
            for font in page.resources.Font.values()
        }
        with pdf.open_metadata() as metadata:
            is_accessible = metadata.get("pdfuaid:part") == "1"
        return str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked), is_accessible, fonts


def qr_of(content: bytes) -> list[str]:
    """What the QR codes on the first page say, read from its picture."""
    picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]
