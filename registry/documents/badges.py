"""The badge by which a service shows its filing number (Art. 13): number, standing and the record's QR code.

The picture is fetched from the portal, so that a filing which is no longer in force says so wherever it is shown.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape

import segno
from PIL import Image, ImageDraw, ImageFont

from registry.publication.addresses import record_url
from registry.rules.end_grounds import EndGround
from registry.rules.printable import BOLD, FONTS, REGULAR
from registry.rules.workflow.states import Standing

# Printed in Chinese alone, as the number itself is.
_TITLE = "区块链信息服务备案编号"
_STANDINGS = {Standing.IN_FORCE: "已备案", Standing.CANCELLED: "已注销", Standing.STRUCK_OFF: "已撤销"}
# Of one that the office ended without any fault of its applicant.
_ENDED_BY_OFFICE = "依职权注销"
_BLUE, _GREY, _INK, _PAPER = "#0f2f5c", "#5b6470", "#1b2430", "#ffffff"
_WIDTH, _HEIGHT, _QR_SIDE, _MARGIN = 380, 96, 80, 8
# PNG pixels for each unit of the drawing.
_SCALE = 2


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text: where its baseline begins, how large and how heavy it is."""

    text: str
    top: int
    size: int
    colour: str
    is_bold: bool = False


def badge_svg(number: str, standing: Standing, ground: str = "") -> bytes:
    """The badge as SVG, without script, style or anything from elsewhere."""
    modules = _modules(number)
    unit = _QR_SIDE / len(modules)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, is_dark in enumerate(row) if is_dark
    )
    texts = "".join(
        f'<text x="{_text_left()}" y="{line.top}" font-size="{line.size}" fill="{line.colour}"'
        f' font-weight="{700 if line.is_bold else 400}">{escape(line.text)}</text>'
        for line in _lines(number, standing, ground)
    )
    colour = _colour(standing)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"'
        f' viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="sans-serif">'
        f"<title>{escape(_said(number, standing, ground))}</title>"
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="4" fill="{_PAPER}" stroke="{colour}"/>'
        f'<path transform="translate({_MARGIN} {_MARGIN}) scale({unit:.4f})" fill="{_INK}" d="{path}"/>{texts}</svg>'
    ).encode()


def badge_png(number: str, standing: Standing, ground: str = "") -> bytes:
    """The badge as PNG, twice as fine, for pages that take no SVG."""
    picture = Image.new("RGB", (_WIDTH * _SCALE, _HEIGHT * _SCALE), _PAPER)
    drawing = ImageDraw.Draw(picture)
    edge = (0, 0, _WIDTH * _SCALE - 1, _HEIGHT * _SCALE - 1)
    drawing.rounded_rectangle(edge, radius=4 * _SCALE, outline=_colour(standing), width=_SCALE)
    modules = _modules(number)
    # Whole pixels for each module, so that every scanner reads it.
    unit = _QR_SIDE * _SCALE // len(modules)
    first = _MARGIN * _SCALE + (_QR_SIDE * _SCALE - unit * len(modules)) // 2
    for y, row in enumerate(modules):
        for x, is_dark in enumerate(row):
            if is_dark:
                left, top = first + x * unit, first + y * unit
                drawing.rectangle((left, top, left + unit - 1, top + unit - 1), fill=_INK)
    for line in _lines(number, standing, ground):
        font = ImageFont.truetype(str(FONTS[BOLD if line.is_bold else REGULAR]), line.size * _SCALE)
        place = (_text_left() * _SCALE, line.top * _SCALE)
        drawing.text(place, line.text, font=font, fill=line.colour, anchor="ls")
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def snippet(number: str, picture_url: str) -> str:
    """The HTML by which a service's page shows its badge, linked to the record."""
    return (
        f'<a href="{escape(record_url(number))}"><img src="{escape(picture_url)}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" alt="{escape(_TITLE)} {escape(number)}"/></a>'
    )


def _lines(number: str, standing: Standing, ground: str) -> tuple[_Line, ...]:
    return (
        _Line(_TITLE, 28, 14, _colour(standing)),
        _Line(number, 54, 16, _INK, is_bold=True),
        _Line(f"{_standing(standing, ground)} · 扫码核验", 80, 13, _colour(standing)),
    )


def _said(number: str, standing: Standing, ground: str) -> str:
    return f"{_TITLE} {number} {_standing(standing, ground)}"


def _standing(standing: Standing, ground: str) -> str:
    return _ENDED_BY_OFFICE if ground == EndGround.APPLICANT_GONE else _STANDINGS[standing]


def _colour(standing: Standing) -> str:
    return _BLUE if standing is Standing.IN_FORCE else _GREY


def _text_left() -> int:
    return _MARGIN * 2 + _QR_SIDE


def _modules(number: str) -> list[list[bool]]:
    """The QR code of the record's address, with its quiet zone; True is dark."""
    code = segno.make(record_url(number), error="m", micro=False)
    return [[bool(module) for module in row] for row in code.matrix_iter(border=2)]
