"""Pictures of invented documents for the sample data: clearly marked as samples, in the layout of real ones.

They show the values of the particulars they prove, so that the reviewer's viewer has something to compare.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from registry.rules.particulars import find_slot, required_slots
from registry.rules.particulars.materials import value_of

_FONT = Path(__file__).resolve().parent.parent / "data" / "fonts" / "NotoSansSC-Regular.ttf"
# Pictures are drawn in grey, which is fast and small; one otherwise unused shade stands for the red of seals.
_WHITE, _INK, _PALE, _RED = 255, 45, 231, 1
_PALETTE = [level for shade in range(256) for level in ((179, 38, 30) if shade == _RED else (shade,) * 3)]
_LANDSCAPE, _CARD, _PAGE = (800, 566), (728, 459), (620, 877)

_TEXT_PIXELS = 22
_NOTICE = "本图为虚构样例，不具有任何效力。"
_ANY_TITLE = "附件（样例）"
_TITLES = {
    "business_licence": "营业执照（样例）",
    "organisation_certificate": "法人登记证书（样例）",
    "identity_document_front": "居民身份证（样例）",
    "identity_document_back": "居民身份证背面（样例）",
    "person_in_charge_document": "负责人身份证（样例）",
    "person_in_charge_document_back": "负责人身份证背面（样例）",
    "authenticity_statement": "材料真实性承诺书（样例）",
    "product_introduction": "产品介绍（样例）",
    "icp_proof": "网站备案证明（样例）",
    "management_system_documents": "信息服务管理制度（样例）",
    "technology_documents": "技术文档（样例）",
    "letter_of_authority": "授权委托书（样例）",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The content of one picture: size in pixels, heading, lines, and whether it bears a seal."""

    size: tuple[int, int]
    title: str
    lines: tuple[str, ...]
    is_sealed: bool = False


NAMING_SLOTS = frozenset(
    {
        "business_licence",
        "organisation_certificate",
        "identity_document_front",
        "identity_document_back",
        "person_in_charge_document",
        "authenticity_statement",
    }
)


def sheets_for(materials: Mapping[str, Any], *, naming: frozenset[str] = NAMING_SLOTS) -> dict[str, Sheet]:
    """The sheet for every slot that these materials must fill, by the slot's name.

    The documents in `naming` name their owner; the others are blanks that all cases share. When `naming` is empty, one
    untitled page stands for all general documents.
    """
    names = [find_slot(key).name for key in required_slots(materials)]
    return {name: _sheet(name, materials, is_named=name in naming, is_titled=bool(naming)) for name in names}


def introduction(materials: Mapping[str, Any], sheet: Sheet) -> list[Sheet]:
    """The pages of the product's introduction: this sheet once for each form in which the service is used."""
    count = max(1, len(value_of(materials, "service.service_forms") or ()))
    return [replace(sheet, lines=(*sheet.lines, f"第 {number} 页")) for number in range(1, count + 1)]


@lru_cache(maxsize=256)
def draw(sheet: Sheet) -> bytes:
    """The picture of a sheet as a small PNG."""
    width, height = sheet.size
    picture = _paper(sheet.size).copy()
    pen = ImageDraw.Draw(picture)
    pen.rectangle((14, 14, width - 15, height - 15), outline=_RED if sheet.is_sealed else _INK, width=2)
    pen.text((width / 2, 64), sheet.title, font=_font(30), fill=_INK, anchor="mm")
    top = 118
    for line in sheet.lines:
        for part in _wrapped(line, width - 96):
            pen.text((48, top), part, font=_font(_TEXT_PIXELS), fill=_INK)
            top += 34
        top += 10
    if sheet.is_sealed:
        x, y = width - 120, height - 118
        pen.ellipse((x - 68, y - 68, x + 68, y + 68), outline=_RED, width=4)
        pen.text((x, y), "样例章", font=_font(26), fill=_RED, anchor="mm")
    written = io.BytesIO()
    picture.putpalette(_PALETTE)
    picture.save(written, "PNG", compress_level=4)
    return written.getvalue()


def _sheet(slot: str, materials: Mapping[str, Any], *, is_named: bool, is_titled: bool) -> Sheet:
    def stated(key: str) -> str:
        return str(value_of(materials, key)) if is_named else "（样例）"

    match slot:
        case "business_licence" | "organisation_certificate":
            return Sheet(
                _LANDSCAPE,
                _TITLES[slot],
                (
                    f"统一社会信用代码：{stated('applicant.document_number')}",
                    f"名　　称：{stated('applicant.name')}",
                    f"法定代表人：{stated('person_in_charge.name')}",
                    f"住　　所：{stated('applicant.document_address')}",
                    "登记机关：样例市市场监督管理局",
                    _NOTICE,
                ),
                is_sealed=True,
            )
        case "identity_document_front" | "person_in_charge_document":
            section = "applicant" if slot == "identity_document_front" else "person_in_charge"
            return Sheet(
                _CARD,
                _TITLES[slot],
                (
                    f"姓　　名：{stated(f'{section}.name')}",
                    "住　　址：样例市样例区样例路",
                    f"公民身份号码：{stated(f'{section}.document_number')}",
                    _NOTICE,
                ),
            )
        case "identity_document_back" | "person_in_charge_document_back":
            return Sheet(_CARD, _TITLES[slot], ("签发机关：样例市公安局", "有效期限：样例", _NOTICE))
        case "authenticity_statement":
            return Sheet(
                _PAGE,
                _TITLES[slot],
                (
                    f"备案人：{stated('applicant.name')}",
                    f"服务名称：{stated('service.service_name')}",
                    "承诺：所提交的备案材料真实、准确、完整，如有不实，愿承担相应责任。",
                    "签字：样　例",
                    _NOTICE,
                ),
                is_sealed=True,
            )
    title = _TITLES.get(slot, _ANY_TITLE) if is_titled else _ANY_TITLE
    return Sheet(_PAGE, title, ("此页代替真实文件，仅供演示与试用。", _NOTICE))


@lru_cache(maxsize=8)
def _paper(size: tuple[int, int]) -> Image.Image:
    """A blank sheet with SAMPLE printed all over, so that no part of it can be taken for a real document."""
    picture = Image.new("L", size, _WHITE)
    pen = ImageDraw.Draw(picture)
    for row, top in enumerate(range(30, picture.height, 120)):
        for left in range(-120 + 90 * (row % 2), picture.width, 240):
            pen.text((left, top), "样例 SAMPLE", font=_font(32), fill=_PALE)
    return picture


def _wrapped(line: str, width: int) -> list[str]:
    parts = [""]
    for character in line:
        if _font(_TEXT_PIXELS).getlength(parts[-1] + character) > width:
            parts.append("")
        parts[-1] += character
    return parts


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONT), size)
