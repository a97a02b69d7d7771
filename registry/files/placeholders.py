"""What stands in the place of a page's picture while there is none: an image, so that viewers show it as one."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

BEING_DRAWN = ("正在生成图像，请稍候", "This page is being drawn")
NOT_DRAWABLE = ("本页无法生成图像，请打开原文件查看", "This page cannot be drawn: open the original")
_WIDTH, _HEIGHT = 1000, 1414


def placeholder(lines: Sequence[str]) -> bytes:
    """An empty page of A4 with these lines on it, as SVG without style or script."""
    texts = "".join(
        f'<text x="{_WIDTH // 2}" y="{_HEIGHT // 3 + 60 * place}" font-size="{38 - 8 * place}"'
        f' font-family="sans-serif" text-anchor="middle" fill="#44546a">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"'
        f' viewBox="0 0 {_WIDTH} {_HEIGHT}"><rect width="100%" height="100%" fill="#f4f6f9"/>{texts}</svg>'
    ).encode()
