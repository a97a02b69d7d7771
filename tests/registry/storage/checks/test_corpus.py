"""Files as people's programs make them: each is kept with the same ink on every page."""

from __future__ import annotations

import io
import subprocess

import pypdfium2
import pytest
from PIL import Image, ImageOps

from registry.storage.checks import images, kinds, photographs, portable_documents, scans
from registry.storage.checks.pdf import ink
from registry.storage.checks.refusals import FileRefused
from tests.builders import producers

pytestmark = pytest.mark.proof

# A second program draws the lines around links and the edges of letters a little otherwise.
POPPLER_TOLERANCE = 24
# What these leave to the viewer poppler draws in its own manner: values of a form, and a mark without a drawing.
LEFT_TO_VIEWER = {"filled", "highlight"}
# Of a picture that is encoded with loss a second time.
PICTURE_TOLERANCE = 24

DOCUMENTS = [
    producers.by_reportlab,
    producers.by_pypdf,
    producers.by_qpdf,
    producers.by_pdfium,
    producers.by_pillow,
    producers.by_weasyprint,
    producers.by_chromium,
]
PICTURES = [
    producers.pictures_by_pillow,
    producers.pictures_by_libheif,
    producers.pictures_by_poppler,
    producers.pictures_by_pdfium,
    producers.pictures_by_chromium,
]


@pytest.mark.parametrize(
    "produce",
    DOCUMENTS,
    ids=lambda produce: produce.__name__,
)
def test_every_document_has_the_same_ink_before_and_after(produce: producers.Maker) -> None:
    wrong: dict[str, object] = {}
    for name, content in produce().items():
        try:
            kept, _pages = portable_documents.normalise(content)
        except FileRefused as refusal:
            wrong[name] = (refusal.code, refusal.facts)
            continue
        # Values that the file leaves to the viewer PDFium, too, draws in its own manner.
        is_left_to_viewer = b"/NeedAppearances true" in content
        if not is_left_to_viewer and (differs := _largest_difference(content, kept)) > ink.TOLERANCE:
            wrong[name] = differs
    assert wrong == {}


@pytest.mark.parametrize("produce", DOCUMENTS, ids=lambda produce: produce.__name__)
def test_a_second_program_sees_the_same_ink_before_and_after(produce: producers.Maker) -> None:
    wrong = {}
    for name, content in produce().items():
        if name in LEFT_TO_VIEWER:
            continue
        kept, _pages = portable_documents.normalise(content)
        if (differs := ink.difference(_by_poppler(content), _by_poppler(kept))) > POPPLER_TOLERANCE:
            wrong[name] = differs
    assert wrong == {}


@pytest.mark.parametrize(
    "produce",
    PICTURES,
    ids=lambda produce: produce.__name__,
)
def test_every_picture_has_the_same_ink_before_and_after(produce: producers.Maker) -> None:
    wrong: dict[str, object] = {}
    for name, content in produce().items():
        kept = _kept_picture(content)
        if (differs := ink.difference(_upright(content), _upright(kept))) > PICTURE_TOLERANCE:
            wrong[name] = differs
    assert wrong == {}


def test_what_a_program_leaves_to_the_viewer_to_draw_is_refused() -> None:
    codes = {}
    for name, content in {**producers.undrawn_by_pypdf(), **producers.undrawn_by_weasyprint()}.items():
        with pytest.raises(FileRefused) as refusal:
            portable_documents.normalise(content)
        codes[name] = refusal.value.code
    marks = dict.fromkeys(("FreeText", "Line", "Polygon"), "mark_not_drawn")
    assert codes == {**marks, "fillable": "form_value_not_shown"}


def test_the_corpus_is_wide_enough() -> None:
    documents = {produce.__name__: len(produce()) for produce in DOCUMENTS}
    pictures = {produce.__name__: len(produce()) for produce in PICTURES}
    print(documents, pictures)
    assert (len(documents) >= 7, sum(documents.values()) >= 60) == (True, True)
    assert (len(pictures) >= 5, sum(pictures.values()) >= 60) == (True, True)


def _largest_difference(content: bytes, kept: bytes) -> int:
    """Of all pages."""
    before, after = pypdfium2.PdfDocument(content), pypdfium2.PdfDocument(kept)
    before.init_forms()
    assert len(before) == len(after)
    return max(
        ink.difference(ink.page_picture(before, place), ink.page_picture(after, place))
        for place in range(len(after))
    )


def _by_poppler(content: bytes) -> Image.Image:
    command = ["pdftoppm", "-r", "100", "-singlefile", "-"]
    return Image.open(
        io.BytesIO(subprocess.run(command, input=content, capture_output=True, check=True).stdout)
    )


def _kept_picture(content: bytes) -> bytes:
    content_type = kinds.content_type_of(content)
    if content_type == images.TIFF:
        return scans.normalise(content)[0]
    if content_type == "image/heic":
        return photographs.normalise(content).content
    return images.normalise(content, content_type).content


def _upright(content: bytes) -> Image.Image:
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    return images.on_white(images.shades_of_sixteen_bits(picture))
