"""What may remain in a cleaned PDF: for each kind of object the keys that drawing a page needs, and no other.

An allow-list, since a list of what is dangerous is never complete: a key is kept where this table names it and
removed everywhere else, whatever it is called. Source of the kinds and their keys: ISO 32000-2, 7 to 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pikepdf
from pikepdf import Array, Dictionary, Stream

# Numbers, names, texts and arrays of them; a dictionary or stream is none.
_PLAIN = "plain"
# The key for every name that a document chooses itself, such as the names of its fonts.
_ANY = "*"


def _keys(plain: str, **kinds: str) -> Mapping[str, str]:
    """The keys of a kind: those that hold plain values, and those that hold objects of a kind."""
    named = {f"/{key}": _PLAIN for key in plain.split()} | {f"/{key}": kind for key, kind in kinds.items()}
    return MappingProxyType(named)


def _each(kind: str) -> Mapping[str, str]:
    return MappingProxyType({_ANY: kind})


# How a stream is packed. /F and its fellows are missing on purpose: they name another file.
_PACKED = _keys("Length Filter", DecodeParms="parameters")
_FUNCTION = _keys(
    "FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds", Functions="function"
)
_IMAGE = _keys(
    "Type Subtype Name Width Height BitsPerComponent Intent ImageMask Decode Interpolate SMaskInData Matte",
    ColorSpace="colour",
    Mask="image",
    SMask="image",
    OC="layer",
)
_FORM = _keys("Type Subtype Name FormType BBox Matrix", Resources="resources", Group="group", OC="layer")

KINDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        _PLAIN: _keys(""),
        "page": _keys(
            "Type MediaBox CropBox Rotate UserUnit", Resources="resources", Contents="orders", Group="group"
        ),
        "orders": _keys(""),
        "parameters": _keys(
            "Predictor Colors BitsPerComponent Columns EarlyChange K EndOfLine EncodedByteAlign Rows EndOfBlock "
            "BlackIs1 DamagedRowsBeforeError ColorTransform",
            JBIG2Globals="orders",
        ),
        "resources": _keys(
            "ProcSet",
            Font="fonts",
            XObject="drawings",
            ColorSpace="colours",
            ExtGState="states",
            Pattern="patterns",
            Shading="shadings",
            Properties="layers",
        ),
        "fonts": _each("font"),
        "drawings": _each("drawing"),
        "colours": _each("colour"),
        "states": _each("state"),
        "patterns": _each("pattern"),
        "shadings": _each("shading"),
        "layers": _each("layer"),
        "glyphs": _each("orders"),
        "drawing": {**_IMAGE, **_FORM},
        "image": _IMAGE,
        "form": _FORM,
        "group": _keys("Type S I K", CS="colour"),
        "colour": {
            **_FUNCTION,
            **_keys(
                "N Range WhitePoint BlackPoint Gamma Matrix Subtype",
                Alternate="colour",
                Colorants="colours",
                Process="process",
            ),
        },
        "process": _keys("Components", ColorSpace="colour"),
        "function": _FUNCTION,
        "state": _keys(
            "Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK",
            Font="font",
            SMask="soft_mask",
            TR="function",
            TR2="function",
            BG="function",
            BG2="function",
            UCR="function",
            UCR2="function",
        ),
        "soft_mask": _keys("Type S BC", G="form", TR="function"),
        "pattern": _keys(
            "Type PatternType PaintType TilingType BBox XStep YStep Matrix",
            Resources="resources",
            Shading="shading",
            ExtGState="state",
        ),
        "shading": _keys(
            "ShadingType Background BBox AntiAlias Coords Domain Extend Matrix BitsPerCoordinate "
            "BitsPerComponent BitsPerFlag Decode VerticesPerRow",
            ColorSpace="colour",
            Function="function",
        ),
        "font": _keys(
            "Type Subtype BaseFont Name FirstChar LastChar Widths DW W DW2 W2 FontBBox FontMatrix",
            FontDescriptor="font_descriptor",
            Encoding="encoding",
            ToUnicode="encoding",
            DescendantFonts="font",
            CIDSystemInfo="character_set",
            CIDToGIDMap="orders",
            CharProcs="glyphs",
            Resources="resources",
        ),
        "font_descriptor": _keys(
            "Type FontName FontFamily FontStretch FontWeight Flags FontBBox ItalicAngle Ascent Descent Leading "
            "CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth CharSet Lang",
            FontFile="font_file",
            FontFile2="font_file",
            FontFile3="font_file",
            CIDSet="orders",
            Style="style",
        ),
        "font_file": _keys("Subtype Length1 Length2 Length3"),
        "style": _keys("Panose"),
        "encoding": _keys(
            "Type BaseEncoding Differences CMapName WMode", CIDSystemInfo="character_set", UseCMap="encoding"
        ),
        "character_set": _keys("Registry Ordering Supplement"),
        # A layer, or a condition over layers: shown or hidden.
        "layer": _keys("Type Name Intent P VE", OCGs="layer", Usage="usage"),
        "usage": _keys("", View="usage_state", Print="usage_state", Export="usage_state", Zoom="usage_state"),
        "usage_state": _keys("ViewState PrintState ExportState min max"),
        "layer_settings": _keys("", OCGs="layer", D="layer_configuration"),
        "layer_configuration": _keys(
            "Name BaseState Intent", ON="layer", OFF="layer", AS="layer_event", RBGroups="layer"
        ),
        "layer_event": _keys("Event Category", OCGs="layer"),
    }
)
# A condition over layers is an array of names and layers.
_LAYERS_WITHIN = frozenset({"/VE"})
_LAYER_TYPES = frozenset({"/OCG", "/OCMD"})


def keep_allowed(entry: pikepdf.Object, kind: str) -> None:
    """Removes from an object of a kind, and from all that it leads to, whatever the table does not name."""
    waiting = [(entry, kind)]
    seen: set[tuple[tuple[int, int], str]] = set()
    while waiting:
        found, kind = waiting.pop()
        if found.is_indirect:
            if (found.objgen, kind) in seen:
                continue
            seen.add((found.objgen, kind))
        if isinstance(found, Array):
            for place in range(len(found)):
                if _stays(found[place], kind):
                    _wait(waiting, found[place], kind)
                else:
                    found[place] = None
        elif isinstance(found, (Dictionary, Stream)):
            for key in list(found.keys()):
                value = found[key]
                inner = _kind_of(key, kind, is_stream=isinstance(found, Stream))
                if inner is None or not _stays(value, inner):
                    del found[key]
                else:
                    _wait(waiting, value, inner)


def _kind_of(key: str, kind: str, *, is_stream: bool) -> str | None:
    table = KINDS[kind]
    if is_stream and key in _PACKED:
        return _PACKED[key]
    if kind == "layer" and key in _LAYERS_WITHIN:
        return "layer"
    return table.get(key) or table.get(_ANY)


def _stays(value: object, kind: str) -> bool:
    if kind == _PLAIN:
        return not isinstance(value, (Dictionary, Stream))
    if kind == "layer" and isinstance(value, (Dictionary, Stream)):
        # Under the same names a document keeps notes of other programs, and files.
        return value.get("/Type") in _LAYER_TYPES
    return True


def _wait(waiting: list[tuple[pikepdf.Object, str]], value: object, kind: str) -> None:
    if isinstance(value, (Array, Dictionary, Stream)):
        waiting.append((value, kind))
