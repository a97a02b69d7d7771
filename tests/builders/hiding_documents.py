"""PDF documents that hide what acts, or another file, where drawing a page leads."""

from __future__ import annotations

from collections.abc import Callable

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, Pdf, Stream, String

from tests.builders.odd_documents import document, embedded, script

Change = Callable[[Pdf], None]


def rich_document(change: Change | None = None) -> bytes:
    """A page that draws with everything a page can draw with, changed before it is written."""

    def enrich(pdf: Pdf) -> None:
        page = pdf.pages[0].obj
        page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
        page.Resources.ColorSpace = Dictionary(
            C1=Array([Name.Separation, Name.Spot, Name.DeviceRGB, _function()]),
            C2=Array([Name.CalRGB, Dictionary(WhitePoint=Array([0.95, 1, 1.09]))]),
        )
        page.Resources.ExtGState = Dictionary(
            G1=Dictionary(
                Type=Name.ExtGState,
                ca=0.8,
                SMask=Dictionary(S=Name.Luminosity, G=_form(pdf, "1 g 0 0 300 200 re f")),
            )
        )
        page.Resources.Shading = Dictionary(S1=_shading())
        page.Resources.Pattern = Dictionary(P1=Dictionary(PatternType=2, Shading=_shading()))
        page.Resources.XObject = Dictionary(I1=_picture(pdf), F1=_form(pdf, "0 0 1 rg 0 0 20 20 re f"))
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("layer")))
        page.Resources.Properties = Dictionary(L1=layer)
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(ON=Array([layer])))
        page.Contents = Stream(
            pdf,
            b"q /G1 gs /C1 cs 0.5 scn 10 10 50 50 re f Q q 20 0 0 20 80 10 cm /I1 Do Q /F1 Do "
            b"/Pattern cs /P1 scn 120 10 40 40 re f /C2 cs 1 0 0 scn 180 10 20 20 re f "
            b"/OC /L1 BDC 220 10 20 20 re f EMC BT /F1 14 Tf 20 100 Td (Sample) Tj ET",
        )
        if change is not None:
            change(pdf)

    return document(enrich)


def _function() -> Dictionary:
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 1, 1]), C1=Array([0, 0.5, 0]), N=1)


def _shading() -> Dictionary:
    return Dictionary(
        ShadingType=2, ColorSpace=Name.DeviceRGB, Coords=Array([120, 10, 160, 50]), Function=_function()
    )


def _form(pdf: Pdf, orders: str) -> Object:
    form = Stream(pdf, orders.encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 300, 200])
    form.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    return pdf.make_indirect(form)


def _picture(pdf: Pdf) -> Object:
    picture = Stream(pdf, b"\x40\x80\xc0" * 4)
    picture.Type, picture.Subtype, picture.ColorSpace = Name.XObject, Name.Image, Name.DeviceRGB
    picture.Width, picture.Height, picture.BitsPerComponent = 2, 2, 8
    return pdf.make_indirect(picture)


def invoice_within(pdf: Pdf) -> None:
    """As electronic invoices carry their data, named in Chinese."""
    file = AttachedFileSpec(
        pdf,
        b"<invoice/>",
        filename="发票.xml",
        description="",
        mime_type="application/xml",
        creation_date="",
        mod_date="",
    )
    pdf.attachments["发票.xml"] = file


def file_among_properties(pdf: Pdf) -> None:
    pdf.pages[0].obj.Resources.Properties = Dictionary(P0=embedded(pdf))


def script_among_resources(pdf: Pdf) -> None:
    pdf.pages[0].obj.Resources.JSX = script(pdf)


def old_catalogue_among_layers(pdf: Pdf) -> None:
    old = Dictionary(Type=Name.Catalog, OpenAction=script(pdf), Names=Dictionary(JavaScript=script(pdf)))
    pdf.Root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(), OldRoot=pdf.make_indirect(old))


def file_beside_picture(pdf: Pdf) -> None:
    picture = _picture(pdf)
    picture.AF = Array([embedded(pdf)])
    pdf.pages[0].obj.Resources.XObject = Dictionary(I1=picture)


def file_among_numbers(pdf: Pdf) -> None:
    pdf.pages[0].obj.CropBox = Array([0, 0, 300, 200, embedded(pdf)])


def picture_read_from_elsewhere(pdf: Pdf) -> None:
    picture = _picture(pdf)
    picture.F, picture.FFilter = embedded(pdf), Name.FlateDecode
    pdf.pages[0].obj.Resources.XObject = Dictionary(I1=picture)


HIDING: tuple[Change, ...] = (
    file_among_properties,
    script_among_resources,
    old_catalogue_among_layers,
    file_beside_picture,
    file_among_numbers,
    picture_read_from_elsewhere,
)
