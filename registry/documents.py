"""Documents made by the portal, as tagged PDF with selectable text and fonts of our own.

A character without a glyph would print as a box without a word: every document is checked against the fonts
before it is made. Documents are Chinese papers whatever language the page is in.
"""

from __future__ import annotations

import hashlib
import html
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override
from fontTools.ttLib import TTCollection, TTFont
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from registry.errors import GlyphMissing
from registry.presentation import REVEAL_EVERYTHING, PresentedRow, Section, sections_of
from registry.rules.errors import DivisionUnknown
from registry.rules.hash_chain import canonical_json
from registry.rules.jurisdictions import province_of
from registry.rules.materials import Materials, value_of
from registry.rules.particulars import APPLICANT_SECTIONS, find, printed_values
from registry.rules.provisions import find_provision

_FONTS = Path(__file__).resolve().parent / "data" / "fonts"
_STYLES = Path(settings.BASE_DIR) / "templates" / "documents"
_ASSETS = {
    "document.css": _STYLES / "document.css",
    "NotoSansSC-Regular.ttf": _FONTS / "NotoSansSC-Regular.ttf",
    "NotoSansSC-Bold.ttf": _FONTS / "NotoSansSC-Bold.ttf",
}
_BASE_URL = "document:///"
# Where Debian's and Fedora's packages put the family that stands second in document.css, and its face there.
_FALLBACK_FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc"),
)
_FALLBACK_FAMILY = "Noto Sans CJK SC"
_FAMILY_NAME_ID = 1

# Printed across the whole table; the others stand two in a line.
_WIDE = frozenset(
    {
        "applicant.name",
        "applicant.division_code",
        "applicant.agent_name",
        "person_in_charge.email",
        "service.service_name",
        "content.categories",
    }
)

# Fontconfig and Pango are not made for two threads at once.
_rendering = threading.Lock()


class ForbiddenAsset(FatalURLFetchingError):
    """A document asked for something that is not one of its own assets."""


class _AssetFetcher(URLFetcher):
    """Hands out the few assets of documents by name, and nothing else from anywhere."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 -- the library's
        path = _ASSETS.get(url.removeprefix(_BASE_URL))
        if path is None:
            raise ForbiddenAsset(url)
        content_type = "text/css" if path.suffix == ".css" else "font/ttf"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class _Group:
    title: str
    lines: list[list[_Cell]]


def render(template_name: str, context: dict[str, Any]) -> bytes:
    """A template of templates/documents as PDF. Raises GlyphMissing, naming the characters."""
    with override("zh-hans"):
        page = render_to_string(template_name, {**context, "sample_data": settings.SAMPLE_DATA})
    require_glyphs(html.unescape(page))
    with _rendering:
        document = HTML(string=page, base_url=_BASE_URL, url_fetcher=_AssetFetcher())
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def authenticity_statement(materials: Materials, *, today: date, further: Sequence[Materials] = ()) -> bytes:
    """The statement that the materials are true (材料真实性承诺书), filled in, to be signed and sealed.

    `further` are the materials of the other services that are filed in the same go; the applicant's part is
    that of the first. What has not been answered yet stays blank. Raises GlyphMissing.
    """
    with override("zh-hans"):
        groups = _statement_groups(sections_of(materials, reveal=REVEAL_EVERYTHING))
        if further:
            groups = _groups_of_several((materials, *further))
    return render(
        "documents/authenticity_statement.html",
        {
            "groups": groups,
            "service_count": 1 + len(further),
            "provincial_office": _provincial_office(materials),
            "signatures": _signatures(materials),
            "is_by_agent": value_of(materials, "applicant.filed_by_agent") is True,
            "today": today,
            "code": statement_code(materials, further=further),
            "law": find_provision("12").law,
            "filing": find_provision("11(1)"),
            "change": find_provision("11(2)"),
            "cancellation": find_provision("11(3)"),
            "decision": find_provision("12"),
            "liability": find_provision("22"),
        },
    )


def statement_code(materials: Materials, *, further: Sequence[Materials] = ()) -> str:
    """A code over what the statement prints: another one means that it has to be signed anew.

    With several services it covers all of them, in whatever order they stand.
    """
    printed: Any = printed_values(materials)
    if further:
        printed = sorted((printed_values(each) for each in (materials, *further)), key=canonical_json)
    digest = hashlib.sha256(canonical_json(printed)).hexdigest().upper()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}"


def require_glyphs(text: str) -> None:
    """Raises GlyphMissing with the characters, each once, that no font of the documents has."""
    missing = [
        character
        for character in dict.fromkeys(text)
        if not _is_unprinted(character)
        and ord(character) not in _own_glyphs()
        and ord(character) not in _fallback_glyphs()
    ]
    if missing:
        raise GlyphMissing("glyph_missing", characters="".join(missing))


def _statement_groups(sections: list[Section]) -> list[_Group]:
    groups = []
    for section in sections:
        rows = [row for row in section.rows if section.key != "attachments" and find(row.key).printed]
        if rows:
            groups.append(_Group(str(section.label), _lines(rows)))
    return groups


def _groups_of_several(services: Sequence[Materials]) -> list[_Group]:
    """The applicant's groups once, then one for each service."""
    shared: list[_Group] = []
    groups: list[_Group] = []
    for number, materials in enumerate(services, start=1):
        sections = sections_of(materials, reveal=REVEAL_EVERYTHING)
        if number == 1:
            shared = _statement_groups([each for each in sections if each.key in APPLICANT_SECTIONS])
        rows = [
            row
            for each in sections
            if each.key not in (*APPLICANT_SECTIONS, "attachments")
            for row in each.rows
            if find(row.key).printed
        ]
        groups.append(_Group(f"服务信息（第 {number} 项，共 {len(services)} 项）", _lines(rows)))
    return [*shared, *groups]


def _lines(rows: list[PresentedRow]) -> list[list[_Cell]]:
    lines: list[list[_Cell]] = []
    room_beside = False
    for row in rows:
        cell = _Cell(str(row.label), "、".join(row.values) or row.text)
        if room_beside and row.key not in _WIDE:
            lines[-1].append(cell)
            room_beside = False
        else:
            lines.append([cell])
            room_beside = row.key not in _WIDE
    return lines


def _provincial_office(materials: Materials) -> str:
    code = value_of(materials, "applicant.division_code")
    try:
        return f"{province_of(str(code)).name}网信办"
    except DivisionUnknown:
        return "省级网信办"


def _signatures(materials: Materials) -> list[str]:
    if value_of(materials, "applicant.nature") == "individual":
        lines = ["备案主体（签名）"]
    else:
        lines = ["备案主体（盖章）", "法定代表人或主要负责人（签名）"]
    if value_of(materials, "applicant.filed_by_agent") is True:
        lines.append("代理人（签名或盖章）")
    return lines


def _is_unprinted(character: str) -> bool:
    """White space, and the selectors that choose between forms of a character that is there."""
    return character.isspace() or unicodedata.name(character, "").startswith("VARIATION SELECTOR")


@cache
def _own_glyphs() -> frozenset[int]:
    """What the fonts in registry/data/fonts have; both weights have the same."""
    with TTFont(_ASSETS["NotoSansSC-Regular.ttf"], lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _fallback_glyphs() -> frozenset[int]:
    """What the installed fallback family has; nothing where it is not installed."""
    for path in _FALLBACK_FONTS:
        if path.is_file():
            with TTCollection(path, lazy=True) as collection:
                for font in collection.fonts:
                    if font["name"].getDebugName(_FAMILY_NAME_ID) == _FALLBACK_FAMILY:
                        return frozenset(font.getBestCmap())
    return frozenset()
