"""PDFs and pictures as the programs make them that people use: each function gives files by a name."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pillow_heif
import pypdf
import pypdfium2
from PIL import Image, ImageDraw
from pypdf.annotations import FreeText, Highlight, Line, Polygon, Rectangle
from pypdf.generic import ArrayObject, FloatObject
from reportlab.lib import colors, pagesizes
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table

Files = Mapping[str, bytes]
Maker = Callable[[], Files]

_PAGE = """<!DOCTYPE html><html lang="zh"><meta charset="utf-8"><title>样例</title>
<style>{style}</style><body>{body}</body></html>"""
_WORDS = "<h1>样例科技有限公司</h1><p>区块链信息服务 <b>Sample</b> text, 0123456789.</p>"
_TABLE = "<table border=1>" + "<tr><td>名称<td>样例<td>100" * 12 + "</table>"
_DRAWING = (
    '<svg width="200" height="120"><defs><linearGradient id="g"><stop offset="0" stop-color="red"/>'
    '<stop offset="1" stop-color="blue"/></linearGradient></defs><rect width="150" height="80" fill="url(#g)"/>'
    '<circle cx="120" cy="70" r="40" fill="green" opacity="0.5"/></svg>'
)
_FORM = '<form><input value="typed"> <input type="checkbox" checked> <textarea>some lines</textarea></form>'
_BODIES = {
    "words": _WORDS,
    "table": _WORDS + _TABLE,
    "drawing": _WORDS + _DRAWING,
    "links": _WORDS + '<a href="https://example.com/a">link</a> <a href="#b">within</a><p id="b">place',
    "pages": _WORDS + '<div style="break-after:page">1</div>' * 4 + "end",
    "form": _WORDS + _FORM,
}


def _html(body: str, style: str = "body { font-family: 'Noto Sans SC', sans-serif }") -> str:
    return _PAGE.format(style=style, body=body)


def photograph(size: tuple[int, int] = (320, 240), mode: str = "RGB") -> Image.Image:
    """Shades, edges and letters."""
    shades = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (shades, shades.transpose(Image.Transpose.ROTATE_180), shades))
    pen = ImageDraw.Draw(picture)
    pen.rectangle(
        (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill="white", outline="black", width=3
    )
    pen.text((size[0] // 4 + 10, size[1] // 4 + 10), "SAMPLE 0123", fill="black", font_size=20)
    pen.ellipse((size[0] * 3 // 5, size[1] // 2, size[0] * 9 // 10, size[1] * 9 // 10), fill="red")
    return picture.convert(mode)


# ---------------------------------------------------------------- PDF


def by_reportlab() -> Files:
    """Canvas and flowing documents, Chinese by a font that is not embedded, forms, links, locks."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))

    def shapes(canvas: Canvas) -> None:
        canvas.linearGradient(50, 500, 400, 700, (colors.red, colors.blue))
        canvas.setFillColorCMYK(0.2, 0.8, 0, 0.1)
        canvas.circle(200, 300, 80, fill=1)
        canvas.setFillAlpha(0.4)
        canvas.rect(180, 260, 200, 120, fill=1)

    def chinese(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 20)
        canvas.drawString(60, 700, "样例科技有限公司 营业执照")

    def picture(canvas: Canvas) -> None:
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(photograph()), 60, 400, 320, 240)

    def form(canvas: Canvas) -> None:
        canvas.acroForm.textfield(name="name", value="typed words", x=60, y=700, width=200, height=24)
        canvas.acroForm.checkbox(name="agreed", checked=True, x=60, y=650)
        canvas.acroForm.radio(name="kind", value="a", selected=True, x=60, y=600)
        canvas.acroForm.radio(name="kind", value="b", selected=False, x=100, y=600)
        canvas.acroForm.choice(name="place", value="B", options=["A", "B"], x=60, y=550, width=120, height=24)

    def links(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "see there")
        canvas.linkURL("https://example.com/", (60, 690, 140, 715), thickness=0)
        canvas.bookmarkPage("here")
        canvas.addOutlineEntry("Here", "here")

    def pages(canvas: Canvas) -> None:
        for number in range(5):
            canvas.drawString(60, 700, f"page {number}")
            canvas.showPage()

    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.drawString(60, 700, "turned")

    made = {
        f"{drawing.__name__} {'packed' if packed else 'plain'}": _drawn(drawing, packed)
        for drawing in (shapes, chinese, picture, form, links, pages, turned)
        for packed in (True, False)
    }
    written = io.BytesIO()
    SimpleDocTemplate(written, pagesize=pagesizes.A4).build(
        [
            Table(
                [["name", "sample", str(row)] for row in range(80)],
                style=[("GRID", (0, 0), (-1, -1), 1, colors.grey)],
            )
        ]
    )
    return {**made, "table": written.getvalue()}


def _drawn(draw: Callable[[Canvas], None], packed: bool) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pageCompression=int(packed))
    canvas.drawString(60, 780, f"Sample: {draw.__name__}")
    draw(canvas)
    canvas.save()
    return written.getvalue()


def by_pypdf() -> Files:
    """Documents joined, turned, stamped, filled in, locked and marked."""
    source = by_reportlab()
    made: dict[str, bytes] = {}

    def keep(name: str, change: Callable[[pypdf.PdfWriter], Any], base: str = "shapes packed") -> None:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(source[base]))
        change(writer)
        written = io.BytesIO()
        writer.write(written)
        made[name] = written.getvalue()

    corners = ArrayObject(FloatObject(number) for number in (60, 795, 200, 795, 60, 775, 200, 775))
    keep("turned", lambda writer: writer.pages[0].rotate(270))
    keep("joined", lambda writer: writer.append(io.BytesIO(source["pages packed"])))
    keep("scaled", lambda writer: writer.pages[0].scale_by(0.5))
    keep("packed anew", lambda writer: writer.compress_identical_objects())
    keep("locked", lambda writer: writer.encrypt("", "owner", algorithm="AES-256"))
    keep(
        "filled",
        lambda writer: writer.update_page_form_field_values(None, {"name": "other words"}),
        "form packed",
    )
    keep(
        "highlight",
        lambda writer: writer.add_annotation(0, Highlight(rect=(60, 775, 200, 795), quad_points=corners)),
    )
    keep(
        "rectangle",
        lambda writer: writer.add_annotation(0, Rectangle(rect=(50, 100, 200, 200), interior_color="ff0000")),
    )
    keep("attached", lambda writer: writer.add_attachment("sample.txt", b"sample"))
    keep(
        "cropped",
        lambda writer: setattr(
            writer.pages[0], "cropbox", pypdf.generic.RectangleObject((40, 240, 420, 720))
        ),
    )
    return made


def undrawn_by_pypdf() -> Files:
    """Marks that pypdf leaves to the viewer to draw."""
    made = {}
    for mark in (
        FreeText(text="sample", rect=(50, 100, 200, 200)),
        Line(p1=(50, 50), p2=(200, 200), rect=(50, 50, 200, 200)),
        Polygon(vertices=[(50, 50), (200, 60), (90, 200)]),
    ):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(by_reportlab()["shapes packed"]))
        writer.add_annotation(0, mark)
        written = io.BytesIO()
        writer.write(written)
        made[type(mark).__name__] = written.getvalue()
    return made


def by_qpdf() -> Files:
    """The ways of writing the same document: streams of objects, linear, unpacked, locked, laid over."""
    made: dict[str, bytes] = {}
    mode = pikepdf.ObjectStreamMode
    ways: dict[str, dict[str, Any]] = {
        "object streams": {"object_stream_mode": mode.generate},
        "no object streams": {"object_stream_mode": mode.disable, "compress_streams": False},
        "linear": {"linearize": True},
        "for reading": {"qdf": True},
        "old": {"force_version": "1.3", "object_stream_mode": mode.disable},
        **{
            f"locked {r}": {
                "encryption": pikepdf.Encryption(user="", owner="o", R=r, aes=r > 3, metadata=r > 3)
            }
            for r in (2, 3, 4, 6)
        },
    }
    source = by_reportlab()
    for base in ("shapes packed", "form packed"):
        for name, options in ways.items():
            with pikepdf.open(io.BytesIO(source[base])) as pdf:
                made[f"{base} {name}"] = _saved(pdf, **options)
    with (
        pikepdf.open(io.BytesIO(source["pages packed"])) as pdf,
        pikepdf.open(io.BytesIO(source["shapes plain"])) as seal,
    ):
        pdf.pages[1].add_overlay(seal.pages[0], pikepdf.Rectangle(100, 100, 300, 300))
        made["overlay"] = _saved(pdf)
    return made


def _saved(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    written = io.BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


def by_pdfium() -> Files:
    """Pages imported into a new document."""
    made = {}
    for name in ("shapes packed", "chinese packed", "picture packed"):
        written = io.BytesIO()
        document = pypdfium2.PdfDocument.new()
        document.import_pages(pypdfium2.PdfDocument(by_reportlab()[name]))
        document.save(written)
        made[name] = written.getvalue()
    return made


def by_pillow() -> Files:
    """Pictures wrapped as PDF."""
    made = {}
    for mode in ("1", "L", "RGB", "P", "CMYK"):
        for pages in (1, 3):
            written = io.BytesIO()
            picture = photograph(mode=mode)
            picture.save(written, "PDF", save_all=True, append_images=[picture] * (pages - 1), resolution=100)
            made[f"{mode} {pages}"] = written.getvalue()
    return made


def by_weasyprint() -> Files:
    """Pages of a website printed by the library that prints the portal's papers."""
    import weasyprint

    made = {name: weasyprint.HTML(string=_html(body)).write_pdf() for name, body in _BODIES.items()}
    made["archive"] = weasyprint.HTML(string=_html(_WORDS)).write_pdf(pdf_variant="pdf/a-3b")
    made["tagged"] = weasyprint.HTML(string=_html(_WORDS + _TABLE)).write_pdf(pdf_variant="pdf/ua-1")
    return made


def undrawn_by_weasyprint() -> Files:
    """A form whose values are left to the viewer to draw, in a font of which single letters cannot be written."""
    import weasyprint

    return {"fillable": weasyprint.HTML(string=_html(_FORM)).write_pdf(pdf_forms=True)}


def by_chromium() -> Files:
    """Pages of a website saved as PDF."""
    with tempfile.TemporaryDirectory() as folder:
        made = {}
        for name, body in _BODIES.items():
            page, pdf = Path(folder, "page.html"), Path(folder, f"{name}.pdf")
            page.write_text(_html(body))
            _chromium("--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri())
            made[name] = pdf.read_bytes()
        return made


def _chromium(*arguments: str) -> None:
    program = shutil.which("chromium-headless-shell") or "chromium"
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


# ---------------------------------------------------------------- pictures


def pictures_by_pillow() -> Files:
    """JPEG, PNG, WebP and TIFF in their modes, turned in every way."""
    made: dict[str, bytes] = {}

    def keep(name: str, picture: Image.Image, kind: str, **options: Any) -> None:
        written = io.BytesIO()
        picture.save(written, kind, **options)
        made[f"{kind} {name}"] = written.getvalue()

    for quality in (30, 60, 75, 95):
        for progressive in (False, True):
            keep(f"{quality} {progressive}", photograph(), "JPEG", quality=quality, progressive=progressive)
    for mode in ("L", "CMYK"):
        keep(mode, photograph(mode=mode), "JPEG")
    for subsampling in (0, 1, 2):
        keep(f"subsampling {subsampling}", photograph((333, 221)), "JPEG", subsampling=subsampling)
    keep("with restarts", photograph(), "JPEG", restart_marker_rows=1)
    for turn in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = turn
        keep(f"turned {turn}", photograph(), "JPEG", exif=exif)
        keep(f"turned {turn}", photograph(), "WEBP", exif=exif)
        keep(f"turned {turn}", photograph(), "TIFF", tiffinfo={0x0112: turn})
    for mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16"):
        base = photograph(mode="L") if mode == "I;16" else photograph(mode=mode)
        keep(
            mode,
            base.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else base,
            "PNG",
        )
    for mode in ("1", "L", "P", "RGB", "CMYK"):
        keep(mode, photograph(mode=mode), "TIFF")
    for compression in ("tiff_lzw", "tiff_deflate", "jpeg", "packbits"):
        keep(compression, photograph(), "TIFF", compression=compression)
    for compression in ("group3", "group4"):
        keep(compression, photograph(mode="1"), "TIFF", compression=compression)
    keep("lossless", photograph(), "WEBP", lossless=True)
    keep("transparent", photograph(mode="RGBA"), "WEBP")
    keep("two pictures", photograph(), "MPO", save_all=True, append_images=[photograph((40, 30))])
    return made


def pictures_by_libheif() -> Files:
    """HEIC as phones take it."""
    pillow_heif.register_heif_opener()
    made = {}
    for size in ((320, 240), (333, 221), (240, 320)):
        for quality in (50, 90):
            written = io.BytesIO()
            photograph(size).save(written, "HEIF", quality=quality)
            made[f"HEIF {size} {quality}"] = written.getvalue()
    return made


def pictures_by_poppler() -> Files:
    """Pages of a PDF turned into pictures."""
    made = {}
    for kind, options in {
        "PNG": ["-png"],
        "JPEG": ["-jpeg"],
        "TIFF": ["-tiff", "-tiffcompression", "lzw"],
    }.items():
        for shade in ([], ["-gray"]):
            command = ["pdftoppm", "-r", "50", "-singlefile", *options, *shade, "-"]
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run(
                    [*command, f"{folder}/page"], input=by_reportlab()["picture packed"], check=True
                )
                made[f"{kind} {shade}"] = next(Path(folder).iterdir()).read_bytes()
    return made


def pictures_by_chromium() -> Files:
    """Pictures of the screen."""
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("words", "drawing"):
            page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
            page.write_text(_html(_BODIES[name]))
            _chromium(f"--screenshot={shot}", "--window-size=390,600", page.as_uri())
            made[f"PNG {name}"] = shot.read_bytes()
    return made


def pictures_by_pdfium() -> Files:
    """Pages drawn by the library of the portal, saved as other programs save them."""
    page = pypdfium2.PdfDocument(by_reportlab()["shapes packed"])[0].render(scale=0.6).to_pil()
    made = {}
    for kind in ("PNG", "JPEG", "TIFF", "WEBP"):
        written = io.BytesIO()
        page.save(written, kind)
        made[f"{kind} page"] = written.getvalue()
    return made
