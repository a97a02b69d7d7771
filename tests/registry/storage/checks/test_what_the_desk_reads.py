"""What the desk reads is what the applicant sent: a PDF is kept as it looks, or refused with what to do."""

from __future__ import annotations

import io
import re
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from registry.errors import AttachmentRefused
from registry.storage.checks import portable_documents, sandbox
from registry.storage.checks.pdf import ink
from registry.storage.checks.refusals import FileRefused
from tests.builders import marked_documents as marked
from tests.builders import odd_documents as documents
from tests.builders.odd_documents import TEXT, document

PDF = "application/pdf"
UPLOADS = Path(__file__).parents[3] / "data" / "uploads"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        ((UPLOADS / "pypdf_filled.pdf").read_bytes, "name"),
        (partial(marked.filled, "京网信备", drawn=None, is_left_to_viewer=True), "name"),
        (partial(marked.filled, "京网信备", drawn="????", is_left_to_viewer=False), "name"),
        (partial(marked.filled, "new name", drawn="old name", is_left_to_viewer=False), "name"),
        (partial(marked.filled, "北京", drawn=None, is_left_to_viewer=True, kind="Ch"), "name"),
        (partial(marked.filled, "价 5", drawn="? 5", is_left_to_viewer=False, TU=String("Price")), "Price"),
        (partial(marked.ticked, value="Yes", state="Off"), "agreed"),
        (partial(marked.ticked, value="Off", state="Yes"), "agreed"),
        (partial(marked.ticked, value="Yes", state="Yes", has_states=False), "agreed"),
    ],
)
def test_a_value_that_a_form_would_show_otherwise_is_refused_with_its_field(
    make: partial[bytes], field: str
) -> None:
    refusal = _refusal(make())
    assert (refusal.code, refusal.facts) == ("form_value_not_shown", {"field": field})


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (partial(marked.filled, "typed words", drawn=None, is_left_to_viewer=True), "typed words"),
        (partial(marked.filled, "typed words", drawn=None, is_left_to_viewer=False), "typed words"),
        (partial(marked.filled, "typed words", drawn="typed words", is_left_to_viewer=True), "typed words"),
        (partial(marked.filled, "new name", drawn="old name", is_left_to_viewer=True), "new name"),
        (
            partial(
                marked.filled,
                "b",
                drawn="Second",
                is_left_to_viewer=False,
                kind="Ch",
                choices=[("a", "First"), ("b", "Second")],
            ),
            "Second",
        ),
        (
            partial(
                marked.filled,
                "1234.5",
                drawn="1,234.50",
                is_left_to_viewer=False,
                AA=Dictionary(F=Dictionary(S=Name.JavaScript, JS=String("AFNumber_Format(2, 0)"))),
            ),
            "1,234.50",
        ),
        (partial(marked.filled, "hidden", drawn=None, is_left_to_viewer=True, F=2), ""),
        (partial(marked.filled, "", drawn="", is_left_to_viewer=True), ""),
    ],
)
def test_what_was_typed_into_a_form_is_on_the_page(make: partial[bytes], shown: str) -> None:
    kept, pages = portable_documents.normalise(make())
    assert (_text(kept).split(), pages) == ([*f"{TEXT} 1".split(), *shown.split()], 1)


@pytest.mark.parametrize("state", ["Yes", None])
def test_a_ticked_box_is_drawn_ticked(state: str | None) -> None:
    kept, _pages = portable_documents.normalise(marked.ticked(value="Yes", state=state))
    assert _picture(kept).convert("L").getpixel((107, 427)) == 0


@pytest.mark.parametrize(
    "make",
    [
        (UPLOADS / "annot_noap_highlight.pdf").read_bytes,
        partial(marked.marked, "Highlight", QuadPoints=marked.lines((20, 95, 150, 112))),
        partial(
            marked.marked, "Highlight", QuadPoints=marked.lines((20, 95, 90, 112), (20, 60, 90, 77)), CA=0.4
        ),
        partial(marked.marked, "Underline", QuadPoints=marked.lines((20, 95, 150, 112))),
        partial(marked.marked, "StrikeOut", QuadPoints=marked.lines((20, 95, 150, 112)), C=Array([0.2])),
        partial(marked.marked, "Square", BS=Dictionary(W=6), IC=Array([0, 1, 0])),
        partial(marked.marked, "Circle", Border=Array([0, 0, 3])),
        partial(marked.marked, "Ink", InkList=Array([Array([30, 30, 90, 75, 200, 40])])),
        partial(marked.stamp),
        partial(marked.stamp, F=1),
        partial(marked.stamp, F=4 | 64 | 128),
    ],
)
def test_what_was_marked_stays_marked(make: partial[bytes]) -> None:
    content = make()
    kept, _pages = portable_documents.normalise(content)
    assert _ink_is_there(content)
    assert ink.difference(_picture(content), _picture(kept)) <= ink.TOLERANCE
    # A second program, which decides for itself how a mark looks, agrees that there is one.
    assert _coloured(_poppler(kept)) == pytest.approx(_coloured(_poppler(content)), rel=0.35)


@pytest.mark.parametrize("flags", [2, 32])
def test_a_mark_that_no_viewer_shows_does_not_appear(flags: int) -> None:
    kept, _pages = portable_documents.normalise(marked.stamp(F=flags))
    assert ink.difference(_picture(document()), _picture(kept)) == 0


@pytest.mark.parametrize(("state", "code"), [("ON", ""), ("OFF", "page_changed")])
def test_a_mark_on_a_hidden_layer_is_refused_since_viewers_disagree_about_it(state: str, code: str) -> None:
    with pikepdf.open(io.BytesIO(marked.stamp())) as pdf:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("draft")))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary({f"/{state}": Array([layer])}))
        pdf.pages[0].obj.Annots[0].OC = layer
        assert _code(_saved(pdf)) == code


@pytest.mark.parametrize("kind", ["FreeText", "Stamp", "Line", "Polygon", "PolyLine", "Caret", "Squiggly"])
def test_a_mark_that_every_program_draws_otherwise_is_refused_with_its_page(kind: str) -> None:
    refusal = _refusal(marked.marked(kind, Contents=String("so")))
    assert (refusal.code, refusal.facts) == ("mark_not_drawn", {"page": 1})


def test_a_note_that_opens_only_when_clicked_is_refused_with_its_page() -> None:
    refusal = _refusal(marked.marked("Text", Contents=String("The seal follows.")))
    assert (refusal.code, refusal.facts) == ("note_not_printed", {"page": 1})


@pytest.mark.parametrize("kind", ["plain", "object streams", "linearized", "incremental", "zeros", "spaces"])
@settings(max_examples=12, deadline=None)
@given(part=st.floats(0.02, 0.97))
def test_a_document_of_which_a_part_is_missing_is_refused(kind: str, part: float) -> None:
    whole = _five_pages(kind)
    keep = int(len(whole) * part)
    if kind in {"zeros", "spaces"}:
        # The middle was overwritten, as by a download that stopped and was filled up; the end is there.
        filler = b"\0" if kind == "zeros" else b" "
        gap = slice(keep // 2, keep // 2 + 600)
        if gap.start < 20 or gap.stop > whole.rindex(b"xref\n") - 10:
            return
        damaged = whole[: gap.start] + filler * (gap.stop - gap.start) + whole[gap.stop :]
    else:
        damaged = whole[:keep]
        if _is_whole_before_what_was_appended(damaged):
            return
    assert _code(damaged) in {"file_incomplete", "file_damaged"}


@pytest.mark.parametrize("kind", ["plain", "object streams", "linearized", "incremental"])
def test_a_document_that_is_whole_is_kept_however_it_was_saved(kind: str) -> None:
    kept, pages = portable_documents.normalise(_five_pages(kind))
    assert pages == 5
    assert [page.strip() for page in _text(kept).split("\f")] == [
        *(f"{TEXT} {number}" for number in range(1, 6)),
        "",
    ]


def test_a_table_of_objects_that_is_wrong_is_mended_without_a_loss() -> None:
    kept, _pages = portable_documents.normalise(documents.damaged_table())
    assert ink.difference(_picture(document()), _picture(kept)) == 0


@pytest.mark.parametrize("algorithm", [2, 3, 4, 6])
def test_a_document_locked_against_editing_only_is_read(algorithm: int) -> None:
    locked = document(encryption=_locked(algorithm))
    kept, _pages = portable_documents.normalise(locked)
    assert _text(kept).split() == f"{TEXT} 1".split()
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert not pdf.is_encrypted


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (partial(document, documents.dynamic_form), "form_dynamic"),
        (partial(documents.protected, user="secret", owner="o"), "file_encrypted"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_its_reason(make: partial[bytes], code: str) -> None:
    with pytest.raises(AttachmentRefused) as refusal:
        sandbox.normalise(make(), PDF)
    assert refusal.value.code == code


def test_a_folder_of_files_is_refused_as_such() -> None:
    def folder(pdf: Pdf) -> None:
        documents.embedded_file(pdf)
        pdf.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)

    assert _code(document(folder)) == "file_is_portfolio"


def test_a_page_that_would_look_otherwise_is_refused_with_its_number() -> None:
    before, after = document(pages=3), _with_page_rewritten(document(pages=3), 2)
    with pytest.raises(FileRefused) as refusal:
        ink.require_same(before, after, altered={1}, seconds=0)
    assert (refusal.value.code, refusal.value.facts) == ("page_changed", {"page": 2})
    with pytest.raises(FileRefused):
        ink.require_same(before, after, altered=(), seconds=5)
    with pytest.raises(FileRefused):
        ink.require_same(before, document(pages=2), altered=(), seconds=5)


@pytest.mark.parametrize(("text", "other"), [("100", "180"), ("typed words", "typed word"), ("", "l")])
def test_ink_differs_when_a_letter_differs(text: str, other: str) -> None:
    assert ink.difference(_picture(_saying(text)), _picture(_saying(other))) > ink.TOLERANCE


_NOTHING = pikepdf.Permissions(
    accessibility=False,
    extract=False,
    modify_annotation=False,
    modify_assembly=False,
    modify_form=False,
    modify_other=False,
    print_highres=False,
    print_lowres=False,
)


def _locked(algorithm: Any) -> pikepdf.Encryption:
    modern = algorithm >= 4
    return pikepdf.Encryption(
        user="", owner="owner", R=algorithm, allow=_NOTHING, aes=modern, metadata=modern
    )


def _refusal(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        portable_documents.normalise(content)
    return refusal.value


def _code(content: bytes) -> str:
    """The code of the refusal; as the child process has it, any other exception is a damaged file."""
    try:
        portable_documents.normalise(content)
    except FileRefused as refusal:
        return refusal.code
    except Exception:
        return "file_damaged"
    return ""


def _five_pages(kind: str) -> bytes:
    mode = pikepdf.ObjectStreamMode
    if kind == "object streams":
        return document(pages=5, object_stream_mode=mode.generate)
    plain = document(pages=5, object_stream_mode=mode.disable)
    if kind == "linearized":
        with pikepdf.open(io.BytesIO(plain)) as pdf:
            return _saved(pdf, linearize=True)
    if kind == "incremental":
        return _with_more_appended(plain)
    return plain


def _with_more_appended(plain: bytes) -> bytes:
    """The document as a program saves it that appends what it changed: here, its last page."""
    table = int(re.findall(rb"startxref\s+(\d+)", plain)[-1])
    found = re.search(rb"/Root \d+ 0 R", plain)
    assert found is not None
    contents = re.findall(rb"/Contents (\d+) 0 R", plain)[-1]
    drawing = f"BT /F1 14 Tf 20 100 Td ({TEXT} 5) Tj ET".encode()
    place = len(plain)
    new = b"%b 0 obj\n<< /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (contents, len(drawing), drawing)
    size = plain.count(b" 0 obj") + 1
    return (
        plain
        + new
        + b"xref\n%b 1\n%010d 00000 n \n" % (contents, place)
        + b"trailer <</Size %d/Prev %d%b>>\n" % (size, table, found.group())
        + b"startxref\n%d\n%%%%EOF\n" % (place + len(new))
    )


def _is_whole_before_what_was_appended(content: bytes) -> bool:
    _before, end, after = content.partition(b"%%EOF\n")
    return bool(end) and b"obj" not in after


def _with_page_rewritten(content: bytes, number: int) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.pages[number - 1].obj.Contents = Stream(pdf, b"BT /F1 14 Tf 20 100 Td (Other text) Tj ET")
        return _saved(pdf)


def _saying(text: str) -> bytes:
    def say(pdf: Pdf) -> None:
        pdf.pages[0].obj.MediaBox = Array([0, 0, 595, 842])
        pdf.pages[0].obj.Contents = Stream(pdf, f"BT /F1 9 Tf 20 100 Td ({text}) Tj ET".encode())

    return document(say)


def _saved(pdf: Pdf, **options: Any) -> bytes:
    written = io.BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


def _picture(content: bytes) -> Image.Image:
    pdf = pypdfium2.PdfDocument(content)
    pdf.init_forms()
    return ink.page_picture(pdf, 0)


def _ink_is_there(content: bytes) -> bool:
    pdf = pypdfium2.PdfDocument(content)
    scale = ink.WIDTH / pdf[0].get_width()
    return (
        ink.difference(_picture(content), pdf[0].render(scale=scale, draw_annots=False).to_pil())
        > ink.TOLERANCE
    )


def _poppler(content: bytes) -> Image.Image:
    drawn = subprocess.run(
        ["pdftoppm", "-r", "72", "-"], input=content, capture_output=True, check=True
    ).stdout
    return Image.open(io.BytesIO(drawn))


def _coloured(picture: Image.Image) -> int:
    """How many points are not white."""
    return sum(picture.convert("L").histogram()[:250])


def _text(content: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
