"""Writes registry/data/fonts/NotoSansCJKsc-Rare.otf: what Noto Sans CJK SC has and the shipped Noto Sans SC has not.

Run by hand, with Debian's fonts-noto-cjk installed, when either of the two is renewed.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FAMILY, FAMILY_NAME_ID = "Noto Sans CJK SC", 1
FONTS = Path(__file__).resolve().parent.parent / "registry" / "data" / "fonts"


def main() -> None:
    shipped = TTFont(FONTS / "NotoSansSC-Regular.ttf", lazy=True).getBestCmap().keys()
    # With its own date the same source gives the same file.
    faces = TTCollection(SOURCE, recalcTimestamp=False).fonts
    face = next(face for face in faces if face["name"].getDebugName(FAMILY_NAME_ID) == FAMILY)
    # Kerning and vertical forms are of no use to single characters among others.
    options = subset.Options(layout_features=[], hinting=False, name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=face.getBestCmap().keys() - shipped)
    subsetter.subset(face)
    subset.save_font(face, FONTS / "NotoSansCJKsc-Rare.otf", options)


if __name__ == "__main__":
    main()
